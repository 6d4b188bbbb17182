"""Showing once more who one is: before what, and back to where one was, with what one had typed."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from tests.http.house import Housing, Person
from tests.web.browser import SESSION, Browser, browsing, csrf_of, errors_of, said, value_of
from tests.web.codes import APP, SECURITY, set_up
from tests.web.deals import books_of, checked, confirm, deal, release_of, typed, wallet
from tests.web.people import PASSWORD, Known, kept
from tests.web.reading import form_in, main_of, tree
from tests.web.test_bundles import confirmed as together
from tests.web.test_bundles import gathered

from earnest.core.actions import ACTIONS
from earnest.core.money import Money
from earnest.http.signin.proofs import NOT_A_CODE
from earnest.http.signin.typed import NOT_THIS
from earnest.http.web import proving
from earnest.store import own_limits

pytestmark = pytest.mark.asyncio

AGAIN = "/signin/again"
STALE = "UPDATE sessions SET proved_at = now() - interval '16 minutes' RETURNING 1"
WITHDRAWAL = {
    "amount": "40.00", "currency": "USD", "destination__type": "sandbox",
    "destination__account": "settle", "destination__name": "Emma",
}  # fmt: skip


async def stale(house: Housing) -> None:
    """Everybody signed in long ago, with the same password."""
    await house.value("UPDATE users SET password_hash = $1 RETURNING 1", kept())
    await house.value(STALE)


async def limited(house: Housing, who: Person, amount: str) -> None:
    await own_limits.put(house.app.database, who.number, Money.parse(amount, "USD"))


def to(path: str) -> str:
    return f"{AGAIN}?next={path.replace('/', '%2F')}"


async def prove(browser: Browser, path: str) -> httpx.Response:
    """Show who one is, and go on to there."""
    page = await browser.open(path)
    return await browser.send(AGAIN, {**form_in(page).values, "password": PASSWORD})


async def test_every_withdrawal_asks_first_and_comes_back_to_its_check_page(
    browser: Browser, house: Housing
) -> None:
    emma, *_ = await deal(house, browser)
    await house.rich(emma, "100.00")
    await stale(house)
    before = await books_of(house)
    answer = await typed(browser, "/withdraw", **WITHDRAWAL)
    check = answer.headers["location"]
    answer = await browser.open(check)
    assert answer.headers["location"] == to(check)
    page = await browser.open(answer.headers["location"])
    assert "Nothing has been done yet." in said(page)
    assert errors_of(await browser.send(AGAIN, next=check, password="wrong")) == [NOT_THIS]
    assert await books_of(house) == before
    answer = await browser.send(AGAIN, next=check, password=PASSWORD)
    assert answer.headers["location"] == check
    page = await browser.open(check)
    await house.value(STALE)
    assert (await confirm(browser, page)).headers["location"] == to(check)
    assert await books_of(house) == before
    await prove(browser, to(check))
    page = await browser.follow(await confirm(browser, await browser.open(check)))
    assert page.url.path.startswith("/receipts/")
    await house.value(STALE)
    assert (await browser.open(check)).headers["location"] == page.url.path


@pytest.mark.parametrize(("amount", "asked"), [("60.00", False), ("60.01", True)])
async def test_a_release_asks_above_one_s_own_limit(
    browser: Browser, house: Housing, amount: str, asked: bool
) -> None:
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    await limited(house, emma, "60.00")
    await stale(house)
    answer = await typed(browser, release_of(milestone), how="part", amount=amount)
    check = answer.headers["location"]
    answer = await browser.open(check)
    assert answer.is_redirect == asked
    if asked:
        assert answer.headers["location"] == to(check)
        await prove(browser, to(check))
        answer = await browser.open(check)
    await confirm(browser, answer)
    assert await wallet(frank) == amount


async def test_without_a_limit_a_release_asks_nothing(browser: Browser, house: Housing) -> None:
    _, frank, _, (milestone,) = await deal(house, browser, "100.00")
    await stale(house)
    await confirm(browser, await checked(browser, release_of(milestone), how="full"))
    assert await wallet(frank) == "100.00"


async def test_a_limit_is_one_of_its_currency_and_of_its_owner(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    await own_limits.put(house.app.database, emma.number, Money.parse("1.00", "EUR"))
    await limited(house, frank, "1.00")
    await stale(house)
    page = await checked(browser, release_of(milestone), how="full")
    assert page.status_code == 200


async def test_staff_s_cancel_asks_first_and_keeps_its_reason(
    browser: Browser, house: Housing
) -> None:
    _, _, _, (milestone,) = await deal(house, browser, "100.00")
    olga = await house.person("olga", "operator")
    await browser.enter(olga.number)
    await stale(house)
    path = f"/milestones/{milestone['id']}/staff-cancel"
    asked = "SELECT count(*) FROM events WHERE name = 'milestone.staff_cancel_asked'"
    answer = await typed(browser, path, reason="Both asked for it.", ok="1")
    assert answer.headers["location"] == to(path)
    answer = await prove(browser, to(path))
    page = await browser.open(answer.headers["location"])
    assert page.url.path == path
    assert "What you typed before is still here." in said(page)
    assert "Both asked for it." in page.text
    assert await house.value(asked) == 0
    answer = await browser.post(path, {**form_in(page).values, "ok": "1"})
    assert answer.headers["location"] == f"/milestones/{milestone['id']}"
    assert await house.value(asked) == 1


async def test_the_rule_names_what_moves_money_out_and_what_staff_decide() -> None:
    assert {*ACTIONS} >= proving.ALWAYS | proving.ABOVE_OWN_LIMIT
    assert {"withdrawal.request", "dispute.rule", "milestone.staff_cancel"} <= proving.ALWAYS


async def test_a_token_is_no_session(browser: Browser, house: Housing) -> None:
    """REST asks nothing: whoever has a token with the scope has been given it."""
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    await limited(house, emma, "1.00")
    await stale(house)
    await emma.done(f"/v1/milestones/{milestone['id']}/release")
    assert await wallet(frank) == "100.00"


async def test_factors_are_changed_by_who_has_shown_who_they_are(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    await set_up(browser)
    await house.value(STALE)
    assert (await browser.open(APP)).headers["location"] == to(APP)
    for path in (f"{APP}/off", f"{SECURITY}/codes"):
        answer = await browser.send(path, page=SECURITY)
        assert answer.headers["location"] == to(SECURITY)
    answer = await browser.send(APP, page=SECURITY)
    assert answer.headers["location"] == to(APP)
    assert await house.value("SELECT count(*) FROM account_changes") == 1


async def test_a_code_of_the_app_shows_it_too_and_counts_once(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    phone, _ = await set_up(browser)
    await house.value(STALE)
    shown = phone.code()
    page = await browser.send(AGAIN, page=AGAIN, code="123456")
    assert errors_of(page) == [NOT_A_CODE]
    answer = await browser.send(AGAIN, code=shown, next="/withdraw")
    assert answer.headers["location"] == "/withdraw"
    await house.value(STALE)
    page = await browser.send(AGAIN, page=AGAIN, code=shown)
    assert errors_of(page) == [NOT_A_CODE]


async def test_one_s_own_limit_is_lowered_at_once_and_raised_by_who_shows_who_they_are(
    browser: Browser, house: Housing, emma: Known
) -> None:
    limits = f"{SECURITY}/limits"
    await browser.enter(emma.number)
    await house.value(STALE)
    for amount in ("50.00", "40.00"):
        await browser.send(limits, page=SECURITY, currency="USD", amount=amount)
    asked = "SELECT minor FROM own_limits WHERE currency = 'USD'"
    assert await house.value(asked) == 4000
    for path, fields in (
        (f"{limits}/USD/remove", {}),
        (limits, {"currency": "USD", "amount": "40.01"}),
    ):
        answer = await browser.send(path, fields, page=SECURITY)
        assert answer.headers["location"] == to(SECURITY)
    assert await house.value(asked) == 4000
    await prove(browser, to(SECURITY))
    page = await browser.open(SECURITY)
    assert value_of(page, "amount") == "40.01"
    await browser.send(limits, currency="USD", amount="40.01")
    assert await house.value(asked) == 4001
    await browser.send(f"{limits}/USD/remove", page=SECURITY)
    assert await house.value("SELECT count(*) FROM own_limits") == 0


@pytest.mark.parametrize(
    ("currency", "amount", "told"),
    [
        ("USD", "", "Write an amount like"),
        ("USD", "1.234", "more decimals than USD has"),
        ("XXX", "1", "Choose a currency."),
    ],
)
async def test_a_limit_that_cannot_be_used_is_said_at_its_field(
    browser: Browser, house: Housing, emma: Known, currency: str, amount: str, told: str
) -> None:
    await browser.enter(emma.number)
    fields = {"currency": currency, "amount": amount}
    page = await browser.send(f"{SECURITY}/limits", fields, page=SECURITY)
    assert page.status_code == 422
    assert told in errors_of(page)[0]
    assert value_of(page, "amount") == amount


async def test_a_session_from_before_it_was_known_is_asked(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    assert (await browser.open(AGAIN)).headers["location"] == "/finances"
    await house.value("UPDATE sessions SET proved_at = NULL RETURNING 1")
    assert (await browser.open(AGAIN)).status_code == 200


async def test_whoever_guesses_in_a_stolen_session_locks_out_nobody_but_it(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    await house.value(STALE)
    async with browsing(house, address="192.0.2.7") as thief:
        thief.plant(SESSION, browser.session or "")
        await thief.open(AGAIN)
        for _ in range(10):
            assert (await thief.send(AGAIN, password="guess")).status_code == 422
        assert (await thief.send(AGAIN, password=PASSWORD, page=AGAIN)).status_code == 429
    browser.forget()
    assert (await browser.sign_in(emma.email, PASSWORD)).headers["location"] == "/finances"


async def test_nobody_is_led_away_from_the_site(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example"):
        await house.value(STALE)
        page = await browser.open(AGAIN, next=elsewhere)
        values = [each.attributes.get("value") for each in tree(page).every("input")]
        assert not any("evil" in (each or "") for each in values)
        answer = await browser.send(AGAIN, next=elsewhere, password=PASSWORD)
        assert answer.headers["location"] == "/finances"


async def test_releases_that_are_confirmed_together_count_together(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, made = await deal(house, browser, "6.00", "6.00")
    await limited(house, emma, "10.00")
    review = await gathered(browser, *made)
    await stale(house)
    asked = await browser.post(review.url.path, {"csrf": csrf_of(review), "ok": "1"})
    assert asked.headers["location"] == to(review.url.path)
    assert await wallet(frank) == "0.00"
    await prove(browser, review.url.path)
    done = await together(browser, await browser.open(review.url.path))
    assert main_of(done).one("h1").text == "2 of 2 released"
    assert await wallet(frank) == "12.00"


async def test_two_confirmations_at_once_are_asked_alike(browser: Browser, house: Housing) -> None:
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    await limited(house, emma, "1.00")
    page = await checked(browser, release_of(milestone), how="full")
    await stale(house)
    answers = await asyncio.gather(confirm(browser, page), confirm(browser, page))
    assert {each.headers["location"] for each in answers} == {to(page.url.path)}
    assert await wallet(frank) == "0.00"
