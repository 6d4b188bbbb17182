"""From the form to the receipt: what is shown first is what happens, once, or nothing does."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from tests.http.house import Housing, accepting, agreed
from tests.store.engine import connected, until
from tests.web.browser import Browser, browsing, csrf_of, errors_of, said
from tests.web.deals import (
    books_of,
    checked,
    confirm,
    confirmed,
    deal,
    release_of,
    ticked,
    typed,
    wallet,
)
from tests.web.reading import code_in, facts_in, form_in, main_of, rows_in

from earnest.core.effects import Condition
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.references import parsed
from earnest.store import intents

pytestmark = pytest.mark.asyncio

AT_ONCE = 20
EXPIRED = "UPDATE intents SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1"

#: How many commands wait for a row that somebody else holds.
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def all_wait(house: Housing, count: int) -> bool:
    """The first for a lock; what is about the same, in its line behind it."""
    locked: int = await house.value(WAITING)
    return locked == 1 and locked + house.app.batcher.waiting == count


def compared(page: httpx.Response) -> dict[str, tuple[str, str]]:
    """Old and new, side by side, of what has changed."""
    rows = [[cell.text for cell in row] for row in rows_in(page, "Then and now")]
    changed = [row for row in rows if row[0].endswith(" Changed")]
    assert rows[: len(changed)] == changed, "what has changed comes first"
    assert all(len(row) == 2 for row in rows[len(changed) :]), "what has not is said once"
    return {term.removesuffix(" Changed"): (old, new) for term, old, new in changed}


async def anew(browser: Browser, changed: httpx.Response) -> httpx.Response:
    """From what has changed to the check page of what would happen now: another one."""
    form = form_in(changed)
    assert form.button == "Check what would happen now"
    check = await browser.follow(await browser.post(form.action, form.values))
    assert (check.status_code, check.url.path == changed.url.path) == (200, False)
    return check


async def test_a_check_page_says_everything_and_does_nothing(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    before = await books_of(house)
    check = await checked(browser, release_of(milestone), how="part", amount="40.00")
    assert form_in(check).button == "Release USD 40.00 to frank"
    assert facts_in(check) == {
        "Milestone": "A piece of work",
        "Freelancer": "frank",
        "The contract is": "Active",
        "Goes to frank": "USD 40.00",
        "Fee": "USD 0.00",
        "Stays in escrow": "USD 60.00",
    }
    assert "A release cannot be undone." in said(check)
    assert "Keep it in escrow" in said(check)
    again = await browser.open(check.url.path)
    assert facts_in(again) == facts_in(check)
    assert await books_of(house) == before
    assert (await wallet(emma), await wallet(frank)) == ("900.00", "0.00")


async def test_without_the_tick_nothing_is_done(browser: Browser, house: Housing) -> None:
    _, frank, _, (milestone,) = await deal(house, browser, "100.00")
    before = await books_of(house)
    check = await checked(browser, release_of(milestone), how="full")
    page = await browser.post(check.url.path, form_in(check).values)
    assert (page.status_code, errors_of(page)) == (422, ["Tick this once you have checked it."])
    assert main_of(page).one("input", name="ok").attributes["aria-invalid"] == "true"
    assert await books_of(house) == before
    await confirmed(browser, page)
    assert await wallet(frank) == "100.00"


async def test_confirmed_twice_it_is_paid_once_on_one_receipt(
    browser: Browser, house: Housing
) -> None:
    _, frank, _, (milestone,) = await deal(house, browser, "100.00")
    check = await checked(browser, release_of(milestone), how="part", amount="40.00")
    first = await confirm(browser, check)
    second = await confirm(browser, check)
    assert first.headers["location"] == second.headers["location"]
    back = await browser.open(check.url.path)
    assert back.headers["location"] == first.headers["location"]
    assert await wallet(frank) == "40.00"


async def test_confirmed_twenty_times_at_once_it_is_paid_once(
    browser: Browser, house: Housing
) -> None:
    _, frank, _, (milestone,) = await deal(house, browser, "100.00")
    check = await checked(browser, release_of(milestone), how="part", amount="4.00")
    values = ticked(form_in(check))
    answers = await asyncio.gather(*(browser.post(check.url.path, values) for _ in range(AT_ONCE)))
    assert [each.status_code for each in answers] == [303] * AT_ONCE
    (receipt,) = {each.headers["location"] for each in answers}
    assert receipt.startswith("/receipts/")
    assert await wallet(frank) == "4.00"
    assert await house.value("SELECT count(*) FROM releases") == 1


async def test_a_form_sent_twice_asks_for_nothing_twice(browser: Browser, house: Housing) -> None:
    """What moves no money is done at once, under the key of its form."""
    _, _, contract, _ = await deal(house, browser)
    form = form_in(await browser.open(f"/contracts/{contract['id']}/say"))
    values = {**form.values, "text": "Hello."}
    answers = await asyncio.gather(*(browser.post(form.action, values) for _ in range(AT_ONCE)))
    assert {each.headers["location"] for each in answers} == {f"/contracts/{contract['id']}"}
    assert await house.value("SELECT count(*) FROM messages") == 1


async def test_of_two_check_pages_for_everything_the_second_does_nothing(
    browser: Browser, house: Housing
) -> None:
    _, frank, _, (milestone,) = await deal(house, browser, "100.00")
    first = await checked(browser, release_of(milestone), how="full")
    second = await checked(browser, release_of(milestone), how="full")
    await confirmed(browser, first)
    before = await books_of(house)
    for page in (await browser.open(second.url.path), await confirm(browser, second)):
        assert (page.status_code, code_in(page)) == (409, "wrong_status")
        assert "Nothing was done, and no money moved." in said(page)
    assert await wallet(frank) == "100.00"
    assert (await books_of(house)).partition(" ")[0] == before.partition(" ")[0]


async def test_what_has_changed_meanwhile_is_shown_side_by_side(
    browser: Browser, house: Housing
) -> None:
    _, frank, _, (milestone,) = await deal(house, browser, "100.00")
    whole = await checked(browser, release_of(milestone), how="full")
    part = await checked(browser, release_of(milestone), how="part", amount="40.00")
    await confirmed(browser, part)
    for page in (await browser.open(whole.url.path), await confirm(browser, whole)):
        assert (page.status_code, code_in(page)) == (409, "effect_changed")
        assert compared(page) == {"Goes to frank": ("USD 100.00", "USD 60.00")}
        assert "Nothing was done, and no money moved." in said(page)
        assert await wallet(frank) == "40.00"
    check = await anew(browser, page)
    assert form_in(check).button == "Release USD 60.00 to frank"
    await confirmed(browser, check)
    assert await wallet(frank) == "100.00"


async def test_what_changes_after_the_last_look_is_not_done(
    browser: Browser, house: Housing, dsn: str
) -> None:
    """Both are looked at while nothing has moved yet; then the part is first."""
    _, frank, contract, (milestone,) = await deal(house, browser, "100.00")
    whole = await checked(browser, release_of(milestone), how="full")
    part = await checked(browser, release_of(milestone), how="part", amount="40.00")
    asked: list[asyncio.Task[httpx.Response]] = []
    async with connected(dsn) as somebody, somebody.transaction():
        held = "SELECT 1 FROM contracts WHERE id = $1 FOR UPDATE"
        await somebody.execute(held, contract["number"])
        for check in (part, whole):
            asked.append(asyncio.create_task(confirm(browser, check)))
            await until(lambda: all_wait(house, len(asked)))
    first, second = await asyncio.gather(*asked)
    assert first.headers["location"].startswith("/receipts/")
    assert (second.status_code, code_in(second)) == (409, "effect_changed")
    assert compared(second) == {"Goes to frank": ("USD 100.00", "USD 60.00")}
    assert await wallet(frank) == "40.00"


async def test_an_acceptance_in_between_is_a_change(browser: Browser, house: Housing) -> None:
    """From then on only the freelancer can give the money back."""
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    contract = await emma.done("/v1/contracts", offer)
    path = f"/contracts/{contract['id']}"
    await browser.enter(emma.number)
    line = {"milestones__0__description": "One", "milestones__0__amount": "60.00"}
    check = await checked(browser, f"{path}/fund", **line)
    await frank.done(f"/v1{path}/accept", accepting(await frank.seen(f"/v1{path}")))
    page = await confirm(browser, check)
    assert (page.status_code, code_in(page)) == (409, "effect_changed")
    assert compared(page) == {"The contract is": ("Offered", "Active")}
    await confirmed(browser, await anew(browser, page))
    assert await wallet(emma) == "40.00"


async def test_a_page_that_is_too_old_is_shown_anew(browser: Browser, house: Housing) -> None:
    _, frank, _, (milestone,) = await deal(house, browser, "100.00")
    check = await checked(browser, release_of(milestone), how="full")
    number = parsed(check.url.path.rpartition("/")[2], intents.PREFIX)
    await house.app.database.pool.execute(EXPIRED, number)
    for page in (await browser.open(check.url.path), await confirm(browser, check)):
        assert page.status_code == 409
        assert "This page is too old" in said(page)
        assert compared(page) == {}
        assert await wallet(frank) == "0.00"
    await confirmed(browser, await anew(browser, page))
    assert await wallet(frank) == "100.00"


async def test_a_confirmed_page_leads_to_its_receipt_however_old(
    browser: Browser, house: Housing
) -> None:
    _, _, _, (milestone,) = await deal(house, browser, "100.00")
    check = await checked(browser, release_of(milestone), how="full")
    receipt = (await confirmed(browser, check)).url.path
    await house.app.database.pool.execute("DELETE FROM intents")
    assert (await browser.open(check.url.path)).headers["location"] == receipt
    assert (await confirm(browser, check)).headers["location"] == receipt


async def test_money_that_went_meanwhile_is_missing_until_it_is_there(
    browser: Browser, house: Housing
) -> None:
    emma, _, contract, _ = await deal(house, browser)
    path = f"/contracts/{contract['id']}/fund"
    line = {"milestones__0__description": "One", "milestones__0__amount": "600.00"}
    first, second = await checked(browser, path, **line), await checked(browser, path, **line)
    await confirmed(browser, first)
    page = await confirm(browser, second)
    assert (page.status_code, code_in(page)) == (422, "not_enough_money")
    assert "USD 200.00 more is needed in your wallet." in said(page)
    assert "Nothing was done, and no money moved." in said(page)
    assert await house.value("SELECT count(*) FROM milestones") == 1
    await house.rich(emma, "300.00")
    await confirmed(browser, await browser.open(second.url.path))
    assert await wallet(emma) == "100.00"


async def test_what_was_refused_at_the_last_moment_goes_on_anew(
    browser: Browser, house: Housing
) -> None:
    """Its key has that answer for ever, so there has to be another page."""
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    check = await checked(browser, release_of(milestone), how="full")
    key = check.url.path.rpartition("/")[2]
    action = ReleaseMilestone(parsed(milestone["id"], "ms"))
    never = Condition({}, "0" * 64)
    await house.app.do(emma.number, action, key=key, via="web", condition=never)
    for page in (await browser.open(check.url.path), await confirm(browser, check)):
        assert (page.status_code, code_in(page)) == (409, "effect_changed")
        assert "Nothing was done, and no money moved." in said(page)
    await confirmed(browser, await anew(browser, page))
    assert await wallet(frank) == "100.00"


async def test_somebody_else_s_check_page_is_not_there(browser: Browser, house: Housing) -> None:
    """Not even for the other side of the contract."""
    _, frank, _, (milestone,) = await deal(house, browser, "100.00")
    check = await checked(browser, release_of(milestone), how="full")
    stranger = await house.person("sam")
    for other in (frank, stranger):
        await browser.enter(other.number)
        page = await browser.open(check.url.path)
        assert page.status_code == 404
        sent = await browser.post(check.url.path, {"csrf": csrf_of(page), "ok": "1"})
        assert sent.status_code == 404
    assert await wallet(frank) == "0.00"


@pytest.mark.parametrize("reference", ["int_0000000000000", "int_x", "evt_0000000000000", "1"])
async def test_an_intent_that_never_was_is_not_there(
    browser: Browser, house: Housing, reference: str
) -> None:
    await browser.enter((await house.person("emma")).number)
    for path in (f"/intents/{reference}", f"/receipts/{reference}"):
        assert (await browser.open(path)).status_code == 404


async def test_two_people_at_one_milestone_each_see_their_own_forms(house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "100.00")
    async with browsing(house) as hers, browsing(house) as his:
        await hers.enter(emma.number)
        await his.enter(frank.number)
        whole = await checked(hers, release_of(milestone), how="full")
        back = await checked(his, f"/milestones/{milestone['id']}/cancel", how="full")
        assert form_in(back).button == "Give USD 100.00 back to emma"
        answers = await asyncio.gather(confirm(hers, whole), confirm(his, back))
    assert sorted(each.status_code for each in answers) == [303, 409]
    assert sorted([await wallet(emma), await wallet(frank)]) in (
        ["100.00", "900.00"],
        ["0.00", "1000.00"],
    )


async def test_a_form_that_was_sent_says_nothing_of_its_key_to_others(
    browser: Browser, house: Housing
) -> None:
    """The same key from another person's form is another command."""
    emma, frank, contract, _ = await deal(house, browser)
    for who, text in ((emma, "From Emma."), (frank, "From Frank.")):
        await browser.enter(who.number)
        await typed(browser, f"/contracts/{contract['id']}/say", key="the same", text=text)
    assert await house.value("SELECT count(*) FROM messages") == 2
