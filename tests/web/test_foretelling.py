"""What happens if nobody does anything, as pages say it; and releases that are on their way."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import httpx
import pytest
from tests.http.house import CLOCKED, Housing, agreed, usd
from tests.web.browser import Browser
from tests.web.browser import said as spaced
from tests.web.deals import checked, confirmed
from tests.web.disputing import quarrel
from tests.web.reading import form_in, main_of

from earnest import worker
from earnest.core.records import replace
from earnest.core.terms import BALANCED, CLASSIC, DAY, as_json
from earnest.http.web.foretelling import FEW, TOLD
from earnest.words.moments import moment

pytestmark = pytest.mark.asyncio


def said(page: httpx.Response) -> str:
    """What there is to read; a name and an amount are elements, which keep no sign from a word."""
    return re.sub(r" ([.,:])", r"\1", spaced(page))


def on(at: str) -> str:
    """A moment of the API as a page says it to somebody in UTC."""
    return moment(datetime.fromisoformat(at), "en", "UTC")


async def test_every_page_of_submitted_work_says_when_it_is_released(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    path = f"/milestones/{milestone['id']}"
    await frank.done(f"/v1{path}/submit")
    at = on((await emma.seen(f"/v1{path}"))["next"]["at"])
    for who, whom in ((emma, "frank"), (frank, "you")):
        await browser.enter(who.number)
        page = said(await browser.open(path))
        assert f"If nobody does anything: USD 80.00 is released to {whom} on {at}." in page
        assert "13 days left of 14 days" in page or "14 days left of 14 days" in page
        assert "no end" not in page
        page = said(await browser.open(f"/contracts/{contract['id']}"))
        assert f"A piece of work: USD 80.00 is released to {whom} on {at}." in page
        direction = "outgoing" if who is emma else "incoming"
        page = said(await browser.open(f"/finances/milestones?dir={direction}"))
        assert f"Next: USD 80.00 released to {whom} on {at.partition(',')[0]}" in page


async def test_lists_say_to_whom_money_that_nobody_touches_returns(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    at = on((await emma.seen(f"/v1/milestones/{milestone['id']}"))["next"]["at"])
    for who, whom, direction in ((emma, "you", "outgoing"), (frank, "emma", "incoming")):
        await browser.enter(who.number)
        for path in (f"/finances/milestones?dir={direction}", "/contracts"):
            line = f"Next: USD 80.00 returned to {whom} on {at.partition(',')[0]}"
            assert line in said(await browser.open(path))


async def test_pages_say_until_when_it_waits_for_who_is_to_be_told(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract, (first, second) = await agreed(house, "80.00", "20.00", terms=CLOCKED)
    path = f"/milestones/{first['id']}"
    await frank.done(f"/v1{path}/submit")
    steps = {}
    for each in (first, second):
        (steps[each["id"]],) = (await emma.seen(f"/v1/milestones/{each['id']}/fate"))["items"]
    reviewed, dormant = (on(step["at_latest"]) for step in steps.values())
    for who, employer, freelancer in ((emma, "you", "frank"), (frank, "emma", "you")):
        await browser.enter(who.number)
        page = said(await browser.open(path))
        assert f"If {employer} cannot be told in time, 72 hours later: {reviewed}." in page
        page = said(await browser.open(f"/milestones/{second['id']}"))
        assert f"If {freelancer} cannot be told in time, 72 hours later: {dormant}." in page
        page = said(await browser.open(f"/contracts/{contract['id']}"))
        assert page.count("in time") == 1
        assert f"if they cannot be told in time: until {dormant} at the latest." in page


async def test_what_was_put_off_says_until_when_and_why(browser: Browser, house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    path = f"/milestones/{milestone['id']}"
    await frank.done(f"/v1{path}/submit")
    await nobody_was_there(house, timedelta(days=14))
    row = await emma.seen(f"/v1{path}")
    until = on(row["deferred_until"])
    assert row["next"] == {"at": row["deferred_until"], "action": "milestone.auto_release"}
    await browser.enter(emma.number)
    opened = await browser.open(path)
    page = said(opened)
    assert f"USD 80.00 is released to frank on {until}." in page
    assert f"could be told in time, so it was put off, once, until {until}." in page
    assert "72 hours later" not in page
    history = main_of(opened).one("section", id="history").text
    assert "Not everybody could be told in time: put off by 72 hours" in history
    claim = {"amount": usd("80.00"), "to_freelancer": usd("0.00"), "statement": "Not this."}
    await emma.done(f"/v1{path}/dispute", claim)
    assert "it was put off" not in said(await browser.open(path))


async def test_a_dispute_that_was_put_off_says_so_in_its_room(
    browser: Browser, house: Housing
) -> None:
    found = await quarrel(house, terms=CLOCKED)
    (step,) = (await found.frank.seen(f"/v1{found.room}/fate"))["items"]
    await browser.enter(found.frank.number)
    page = said(await browser.open(found.room))
    assert f"If you cannot be told in time, 72 hours later: {on(step['at_latest'])}." in page
    due = datetime.fromisoformat(step["at"])
    await nobody_was_there(house, due - await house.app.database.now())
    (waits,) = (await found.frank.seen(f"/v1{found.room}/fate"))["items"]
    assert (waits["at"], waits["at_latest"]) == (step["at_latest"], step["at_latest"])
    for path in (found.room, found.work):
        opened = await browser.open(path)
        assert f"it was put off, once, until {on(waits['at'])}." in said(opened)
        history = main_of(opened).one("section", id="history").text
        assert "Not everybody could be told in time: put off by 72 hours" in history


async def test_a_ruling_that_does_not_come_waits_for_both_sides(
    browser: Browser, house: Housing
) -> None:
    await house.person("ada", "arbiter")
    found = await quarrel(house, terms=as_json(replace(CLASSIC, ruling_seconds=14 * DAY)))
    await found.answered()
    await found.paid()
    (step,) = (await found.emma.seen(f"/v1{found.room}/fate"))["items"]
    assert step["action"] == "dispute.default_ruling"
    await browser.enter(found.emma.number)
    page = said(await browser.open(found.room))
    at = on(step["at_latest"])
    assert f"If not both sides can be told in time, 72 hours later: {at}." in page


async def test_each_arbiter_who_says_nothing_is_told_apart(
    browser: Browser, house: Housing
) -> None:
    await house.person("ada", "arbiter")
    found = await quarrel(house, terms=as_json(BALANCED))
    await found.answered()
    await browser.enter(found.emma.number)
    page = said(await browser.open(found.room))
    assert page.count("the dispute goes on to an arbiter on") == 1
    assert page.count("without a ruling it goes on to the next arbiter on") == 2


async def nobody_was_there(house: Housing, span: timedelta) -> None:
    """Time passes while no process is there; then one looks what has run out."""
    await house.value("UPDATE site SET clock_offset = clock_offset + $1", span)
    await worker.advance(house.app, timedelta(seconds=1))


async def test_where_there_is_no_end_it_says_so(browser: Browser, house: Housing) -> None:
    emma, frank, contract, (first, _) = await agreed(house, "80.00", "20.00")
    await browser.enter(frank.number)
    form = said(await browser.open(f"/milestones/{first['id']}/submit"))
    assert "After that, if nobody does anything, nothing ever happens: no end." in form
    await frank.done(f"/v1/milestones/{first['id']}/submit")
    await browser.enter(emma.number)
    page = said(await browser.open(f"/milestones/{first['id']}"))
    assert "If nobody does anything, nothing ever happens: no end." in page
    page = said(await browser.open(f"/contracts/{contract['id']}"))
    assert "Some of it waits without a date: no end." in page
    assert "USD 20.00 returns to you on" in page


async def test_a_release_on_its_way_is_never_called_released(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    path = f"/milestones/{milestone['id']}"
    await browser.enter(emma.number)
    check = await checked(browser, f"{path}/release", how="full")
    assert "For 10 minutes you can recall it." in said(check)
    assert "On its way to frank USD 80.00" in said(check)
    receipt = await confirmed(browser, check)
    (release,) = (await emma.seen("/v1/releases"))["items"]
    until = on(release["final_at"])
    assert main_of(receipt).one("h1").text == "Release on its way"
    assert f"USD 80.00 is on its way to frank: final on {until}." in said(receipt)
    at = f"/releases/{release['id']}"
    page = main_of(await browser.open(path))
    assert f"{at}/recall" in page.hrefs
    assert f"USD 80.00 final on {until}" in page.text
    assert "Only emma can release it" not in page.text
    contracts = said(await browser.open(f"/contracts/{contract['id']}"))
    assert "On its way USD 80.00" in contracts
    assert "Releases on their way, outgoing" in said(await browser.open("/finances"))
    assert "asks you to release" not in said(await browser.open("/finances"))
    await browser.enter(frank.number)
    page = main_of(await browser.open(path))
    assert f"USD 80.00 yours on {until}" in page.text
    assert f"{at}/recall" not in page.hrefs
    assert f"yours on {until}" in said(await browser.open(at))
    assert f"on its way to you: yours on {until}" in said(await browser.open(receipt.url.path))
    assert (await browser.open(f"{at}/recall")).status_code == 403


async def test_a_recall_names_amount_and_person_and_its_receipts_tell_what_became(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    await browser.enter(emma.number)
    path = f"/milestones/{milestone['id']}"
    begun = await confirmed(
        browser, await checked(browser, f"{path}/release", how="part", amount="30.00")
    )
    (release,) = (await emma.seen("/v1/releases"))["items"]
    form = said(await browser.open(f"/releases/{release['id']}/recall"))
    assert "Amount USD 30.00 Can be taken back until" in form
    check = await checked(browser, f"/releases/{release['id']}/recall")
    assert form_in(check).button == "Take USD 30.00 back from frank"
    assert "Back in escrow USD 30.00" in said(check)
    assert "In escrow afterwards USD 80.00" in said(check)
    receipt = await confirmed(browser, check)
    assert main_of(receipt).one("h1").text == "Release recalled"
    assert "was recalled since" in said(await browser.open(begun.url.path))
    history = main_of(await browser.open(path)).one("section", id="history").text
    assert "Release recalled USD 30.00" in history
    assert "Release on its way USD 30.00" in history
    begun = await confirmed(browser, await checked(browser, f"{path}/release", how="full"))
    await worker.advance(house.app, timedelta(minutes=10))
    assert "USD 80.00 was on its way to frank, and is final since." in said(
        await browser.open(begun.url.path)
    )
    history = main_of(await browser.open(path)).one("section", id="history").text
    assert "Released USD 80.00 Earnest" in history
    await browser.enter(frank.number)
    moved = said(await browser.open("/finances/transactions"))
    assert "A piece of work · emma" in moved


async def test_changes_show_what_the_terms_leave(browser: Browser, house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    path = f"/milestones/{milestone['id']}"
    await frank.done(f"/v1{path}/submit")
    await browser.enter(emma.number)
    page = said(await browser.open(f"{path}/request-changes"))
    assert "Changes requested 0 of 3 times" in page
    assert "left of 14 days" in page
    for _ in range(3):
        await emma.done(f"/v1{path}/request-changes", {"reason": "More."})
        await frank.done(f"/v1{path}/submit")
    page = said(await browser.open(path))
    assert "Request changes: Changes were asked for as often as agreed. You can" in page


async def test_an_offer_and_a_reserve_have_their_dates(browser: Browser, house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    contract = await emma.done("/v1/contracts", offer)
    path = f"/contracts/{contract['id']}"
    line = {"description": "A piece of work", "amount": usd("30.00")}
    (made,) = (await emma.done(f"/v1{path}/fund", {"milestones": [line]}))["items"]
    await browser.enter(frank.number)
    until = on(contract["accept_by"])
    told = f"the offer lapses and USD 30.00 returns to emma on {until}."
    for page in (path, f"/milestones/{made['id']}"):
        assert told in said(await browser.open(page))
    page = said(await browser.open(f"{path}/accept"))
    assert "What happens if somebody says nothing" in page
    assert "After 14 days what is held is released to the freelancer." in page
    assert f"Next: lapses on {until}" in said(await browser.open("/contracts"))


async def test_the_walk_is_that_of_the_terms_that_are_chosen_at_first(
    browser: Browser, house: Housing
) -> None:
    house.app.house = replace(house.app.house, preset="balanced")
    emma, _ = await house.person("emma"), await house.person("grace", "arbiter")
    await browser.enter(emma.number)
    page = await browser.open("/contracts/new")
    assert form_in(page).values["terms"] == "balanced"
    assert "After 14 days what is held is released to the freelancer." in said(page)
    assert "No end Nothing ever happens" not in said(page)


async def test_who_offers_walks_through_every_silence_first(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    await browser.enter(emma.number)
    form = form_in(await browser.open("/contracts/new"))
    page = said(await browser.open("/contracts/new"))
    assert "No end Nothing ever happens: it waits until the employer releases it" in page
    own = {**form.values, "terms": "own", "walk": "1", "terms.review_seconds": "10"}
    page = said(await browser.post("/contracts/new", own))
    assert "Mend the numbers first" in page
    assert "72 hours more, once" not in page
    right = {**own, "terms.review_floor_seconds": "3", "terms.undo_seconds": "30"}
    answer = await browser.post("/contracts/new", right)
    assert "After 10 days what is held is released to the freelancer." in said(answer)
    assert "After 30 minutes it is final" in said(answer)
    assert said(answer).count("waits 72 hours more, once, if they could not be told") == 1
    assert form_in(answer).values["terms.review_seconds"] == "10"
    assert (await emma.seen("/v1/contracts"))["items"] == []


async def test_payments_say_when_they_are_over(browser: Browser, house: Housing) -> None:
    emma, olga = await house.person("emma"), await house.person("olga", "operator")
    await house.rich(emma, "2000.00")
    deposit = await emma.done("/v1/deposits", {"gateway": "sandbox", "amount": usd("5.00")})
    where = {"type": "sandbox", "account": "settle", "name": "E"}
    asked = {"gateway": "sandbox", "amount": usd("1500.00"), "destination": where}
    large = await emma.done("/v1/withdrawals", asked)
    (step,) = (await emma.seen(f"/v1/withdrawals/{large['id']}/fate"))["items"]
    for who, whom in ((emma, "you"), (olga, "emma")):
        await browser.enter(who.number)
        page = said(await browser.open(f"/withdrawals/{large['id']}"))
        told = f"USD 1,500.00 returns to {whom} on {on(step['at'])}, as it was not sent."
        assert f"If nobody does anything: {told}" in page
        page = said(await browser.open(f"/deposits/{deposit['id']}"))
        assert "If nobody does anything: it is closed as unpaid on" in page
        assert "no end" not in page
    await house.settle(deposit)
    assert "If nobody" not in said(await browser.open(f"/deposits/{deposit['id']}"))


async def test_the_list_of_contracts_says_what_comes_first(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract, (first, _) = await agreed(house, "80.00", "20.00", terms=CLOCKED)
    await frank.done(f"/v1/milestones/{first['id']}/submit")
    at = on((await emma.seen(f"/v1/contracts/{contract['id']}"))["next"]["at"]).partition(",")[0]
    for who, whom in ((emma, "frank"), (frank, "you")):
        await browser.enter(who.number)
        page = said(await browser.open("/contracts"))
        assert f"Next: USD 80.00 released to {whom} on {at}" in page
    await emma.done(f"/v1/milestones/{first['id']}/release", {"amount": usd("30.00")})
    assert "Next: USD 30.00 final for you on" in said(await browser.open("/contracts"))


async def test_of_very_many_milestones_a_contract_tells_the_first_and_that_there_are_more(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract, _ = await agreed(house, terms=CLOCKED)
    fund, path = f"/v1/contracts/{contract['id']}/fund", f"/contracts/{contract['id']}"
    lines = [{"description": "A piece of work", "amount": usd("2.00")}] * TOLD
    *_, last = (await emma.done(fund, {"milestones": lines}))["items"]
    await browser.enter(emma.number)
    page = said(await browser.open(path))
    assert f"{TOLD - FEW} more" in page
    assert "More happens after that." not in page
    one = {"description": "A piece of work", "amount": usd("2.00")}
    await emma.done(fund, {"milestones": [one]})
    await frank.done(f"/v1/milestones/{last['id']}/submit")
    await emma.done(f"/v1/milestones/{last['id']}/release", {"amount": usd("0.50")})
    page = said(await browser.open(path))
    assert f"{TOLD - FEW} more" in page
    assert "More happens after that." in page
    assert "On its way USD 0.50" in page
