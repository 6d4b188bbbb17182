"""Changes of a milestone on its pages: old and new side by side, who answers, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.http.house import Housing, Json, Person, usd
from tests.web.browser import Browser, errors_of, said
from tests.web.deals import books_of, checked, confirm, confirmed, deal, typed, wallet
from tests.web.reading import code_in, facts_in, form_in, main_of, rows_in

from earnest import worker
from earnest.core.terms import CLASSIC, DAY, as_json

pytestmark = pytest.mark.asyncio

LATER = "2199-12-31T12:00:00.000Z"


async def proposed(
    house: Housing, browser: Browser, **changes: object
) -> tuple[Person, Person, str, Json]:
    """Frank has proposed a change, and Emma is at the browser."""
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    asked = changes or {"amount": usd("150.00"), "description": "Two drafts"}
    await frank.done(f"/v1/milestones/{milestone['id']}/propose-edit", asked)
    return emma, frank, f"/milestones/{milestone['id']}", milestone


async def test_the_form_begins_with_what_the_milestone_says(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract, _ = await deal(house, browser)
    line = {"description": "By then", "amount": usd("5.00"), "due_at": LATER}
    path = f"/v1/contracts/{contract['id']}/fund"
    (made,) = (await emma.done(path, {"milestones": [line]}))["items"]
    address = f"/milestones/{made['id']}/propose-edit"
    form = form_in(await browser.open(address))
    begun = ("description", "amount", "due_at")
    assert [form.values[name] for name in begun] == ["By then", "5.00", "2199-12-31"]
    check = await checked(browser, address, amount="7.00")
    facts = facts_in(check)
    assert (facts["Amount now"], facts["Amount proposed"]) == ("USD 5.00", "USD 7.00")
    assert "Due then" not in facts
    assert form_in(check).button == "Propose USD 7.00 to frank"
    await confirm(browser, check)
    edit = (await frank.seen(f"/v1/milestones/{made['id']}"))["edit"]
    assert (edit["due_at"], edit["amount"]) == (LATER, usd("7.00"))  # Not the end of that day.


async def test_what_would_change_stands_beside_what_is(browser: Browser, house: Housing) -> None:
    _, frank, page, _ = await proposed(house, browser)
    shown = await browser.open(page)
    rows = {cells[0].text: [c.text for c in cells[1:]] for cells in rows_in(shown, "Then and now")}
    assert rows["Amount Changed"] == ["USD 100.00", "USD 150.00"]
    assert rows["What is to be done Changed"] == ["A piece of work", "Two drafts"]
    assert rows["Due"] == ["–"]
    card = main_of(shown).one("section", id="proposal")
    assert "frank proposes this. Nothing changes unless you agree by" in card.text
    await browser.enter(frank.number)
    card = main_of(await browser.open(page)).one("section", id="proposal")
    assert "You proposed this. Nothing changes unless emma agrees by" in card.text
    assert list(card.every("form")) == []


async def test_agreeing_is_one_press_and_one_check(browser: Browser, house: Housing) -> None:
    emma, _, page, _ = await proposed(house, browser)
    shown = await browser.open(page)
    form = main_of(shown).one("section", id="proposal").one("form")
    hidden = {each.attributes["name"]: each.attributes["value"] for each in form.every("input")}
    check = await browser.follow(await browser.post(form.attributes["action"], hidden))
    facts = facts_in(check)
    assert (facts["Set aside"], facts["Stays in escrow"]) == ("USD 50.00", "USD 150.00")
    assert facts["What is to be done then"] == "Two drafts"
    assert form_in(check).button == "Agree with frank to USD 150.00"
    await confirmed(browser, check)
    assert await wallet(emma) == "850.00"
    assert "Two drafts" in main_of(await browser.open(page)).one("h1").text


async def test_who_is_not_the_payer_sees_nothing_of_their_wallet(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    page = f"/milestones/{milestone['id']}"
    await emma.done(f"/v1{page}/propose-edit", {"amount": usd("400.00")})
    await browser.enter(frank.number)
    assert "Available in your wallet" not in said(await browser.open(f"{page}/agree-edit"))
    check = await checked(browser, f"{page}/agree-edit")
    facts = facts_in(check)
    assert (facts["Set aside"], facts["Amount proposed"]) == ("USD 300.00", "USD 400.00")
    assert not [term for term in facts if "wallet" in term]
    await emma.done("/v1/withdrawals", {
        "gateway": "sandbox", "amount": usd("800.00"),
        "destination": {"type": "sandbox", "account": "settle", "name": "E"},
    })  # fmt: skip
    refused = await confirm(browser, check)
    assert code_in(refused) == "not_enough_money"
    assert "100.00" not in main_of(refused).one("div", class_="note warn").text


async def test_money_that_is_short_leads_to_a_deposit(browser: Browser, house: Housing) -> None:
    _, _, page, _ = await proposed(house, browser, amount=usd("1500.00"))
    before = await books_of(house)
    answer = await typed(browser, f"{page}/agree-edit")
    assert (answer.status_code, code_in(answer)) == (422, "not_enough_money")
    assert "USD 500.00 more is needed" in errors_of(answer)[0]
    assert [href for href in main_of(answer).hrefs if href.startswith("/deposit?")]
    assert await books_of(house) == before


async def test_what_is_agreed_to_is_what_was_seen(browser: Browser, house: Housing) -> None:
    _, frank, page, _ = await proposed(house, browser)
    form = form_in(await browser.open(f"{page}/agree-edit"))
    await frank.done(f"/v1{page}/propose-edit", {"amount": usd("1.00")})
    answer = await browser.post(form.action, form.values)
    assert (answer.status_code, code_in(answer)) == (409, "changed")
    fresh = form_in(answer)
    assert fresh.values["edit_hash"] != form.values["edit_hash"]
    check = await browser.follow(await browser.post(fresh.action, fresh.values))
    assert form_in(check).button == "Agree with frank to USD 1.00"


async def test_a_check_page_that_was_overtaken_says_so(browser: Browser, house: Housing) -> None:
    _, frank, page, _ = await proposed(house, browser)
    check = await checked(browser, f"{page}/agree-edit")
    await frank.done(f"/v1{page}/propose-edit", {"amount": usd("1.00")})
    before = await books_of(house)
    answer = await confirm(browser, check)
    assert (answer.status_code, code_in(answer)) == (409, "changed")
    assert "Nothing was done, and no money moved." in said(answer)
    assert (await books_of(house)).split()[0] == before.split()[0]


async def test_a_change_that_waits_is_on_the_dashboard_of_who_answers(
    browser: Browser, house: Housing
) -> None:
    emma, frank, page, _ = await proposed(house, browser)

    async def todo(who: Person) -> str:
        await browser.enter(who.number)
        return main_of(await browser.open("/finances")).one("section", id="todo").text

    assert "frank proposes to change “ A piece of work ” to USD 150.00" in await todo(emma)
    assert "proposes" not in await todo(frank)
    await browser.enter(emma.number)
    hrefs = main_of(await browser.open("/finances")).one("section", id="todo").hrefs
    assert f"{page}#proposal" in hrefs
    await worker.advance(house.app, timedelta(days=7))
    assert "proposes" not in await todo(emma)
    assert "Proposed change" not in said(await browser.open(page))


async def test_a_date_that_the_employer_set_waits_for_the_freelancer(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract, _ = await deal(house, browser)
    line = {"description": "By then", "amount": usd("5.00"), "due_at": LATER}
    path = f"/v1/contracts/{contract['id']}/fund"
    (made,) = (await emma.done(path, {"milestones": [line]}))["items"]
    page = f"/milestones/{made['id']}"
    assert "as emma would like: not agreed yet" in said(await browser.open(page))
    await browser.enter(frank.number)
    assert f"{page}/agree" in main_of(await browser.open(page)).hrefs
    form = await browser.open(f"{page}/agree")
    assert "31 Dec 2199, 12:00 UTC" in said(form)
    answer = await typed(browser, f"{page}/agree")
    shown = await browser.follow(answer)
    assert "not agreed yet" not in said(shown)
    assert f"{page}/agree" not in main_of(shown).hrefs


async def test_the_history_tells_what_was_proposed_and_agreed(
    browser: Browser, house: Housing
) -> None:
    _, _, page, _ = await proposed(house, browser)
    await confirmed(browser, await checked(browser, f"{page}/agree-edit"))
    history = main_of(await browser.open(page)).one("section", id="history").text
    assert "Changed, as both agreed" in history
    assert "Change proposed" in history


async def test_what_is_said_of_other_terms_follows_them(browser: Browser, house: Housing) -> None:
    _, frank, contract, _ = await deal(house, browser, "100.00")
    path = f"/contracts/{contract['id']}"
    sooner = as_json(replace(CLASSIC, accept_seconds=DAY))
    await frank.done(f"/v1{path}/propose-terms", {"terms": sooner})
    shown = said(await browser.open(f"{path}/agree-terms"))
    assert shown.index("Nothing changes unless you agree.") < shown.index("They are in force")
