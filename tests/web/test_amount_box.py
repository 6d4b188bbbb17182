"""The amount box: begun with all there is, filled by quarters, and what stays beside it."""

from __future__ import annotations

import httpx
import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, errors_of, said
from tests.web.deals import books_of, checked, deal, release_of
from tests.web.reading import facts_in, form_in, main_of

pytestmark = pytest.mark.asyncio


def amount_of(page: httpx.Response) -> str:
    """What stands in the box."""
    return form_in(page).values["amount"]


async def test_it_begins_with_all_that_is_held(browser: Browser, house: Housing) -> None:
    _, frank, _, (milestone,) = await deal(house, browser, "100.00")
    page = await browser.open(release_of(milestone))
    assert amount_of(page) == "100.00"
    assert "Nothing stays in escrow." in said(page)
    check = await checked(browser, release_of(milestone))
    assert facts_in(check)["Stays in escrow"] == "USD 0.00"
    await browser.enter(frank.number)
    assert amount_of(await browser.open(f"/milestones/{milestone['id']}/cancel")) == "100.00"


@pytest.mark.parametrize(
    ("quarters", "amount", "rest"),
    [("1", "2.50", "USD 7.51 stays"), ("2", "5.00", "USD 5.01 stays"),
     ("3", "7.50", "USD 2.51 stays"), ("4", "10.01", "Nothing stays")],
)  # fmt: skip
async def test_quarters_are_filled_in_and_nothing_is_sent(
    browser: Browser, house: Housing, quarters: str, amount: str, rest: str
) -> None:
    _, _, _, (milestone,) = await deal(house, browser, "10.01")
    before = await books_of(house)
    form = form_in(await browser.open(release_of(milestone)))
    asked = {**form.values, "amount": "what I typed", "quarters": quarters}
    page = await browser.post(form.action, asked)
    assert (page.status_code, amount_of(page)) == (200, amount)
    assert f"{rest} in escrow." in said(page)
    assert errors_of(page) == []
    assert await books_of(house) == before


@pytest.mark.parametrize(
    ("typed", "rest"),
    [("40", "USD 60.00 stays in escrow."), ("100.01", "That is more than there is: USD 100.00."),
     ("4x", ""), ("", "")],
)  # fmt: skip
async def test_what_would_stay_is_said_while_somebody_types(
    browser: Browser, house: Housing, typed: str, rest: str
) -> None:
    _, _, _, (milestone,) = await deal(house, browser, "100.00")
    page = await browser.open(release_of(milestone), amount=typed)
    assert main_of(page).one("p", id="rest").text == rest
    assert amount_of(page) == typed


async def test_an_empty_box_releases_nothing(browser: Browser, house: Housing) -> None:
    _, _, _, (milestone,) = await deal(house, browser, "100.00")
    before = await books_of(house)
    form = form_in(await browser.open(release_of(milestone)))
    page = await browser.post(form.action, {**form.values, "amount": " "})
    assert (page.status_code, errors_of(page)) == (422, ["Amount: This is required."])
    assert await books_of(house) == before


async def test_enter_sends_the_form_and_fills_in_no_quarter(
    browser: Browser, house: Housing
) -> None:
    """Enter presses the first button of a form."""
    _, _, _, (milestone,) = await deal(house, browser, "100.00")
    form = main_of(await browser.open(release_of(milestone))).one("form", method="post")
    first = next(form.every("button"))
    assert (first.text, "name" in first.attributes) == ("Continue", False)


async def test_a_withdrawal_takes_quarters_of_the_wallet_that_is_chosen(
    browser: Browser, house: Housing
) -> None:
    emma, _, _, _ = await deal(house, browser)
    await house.rich(emma, "10.00", "EUR")
    page = await browser.open("/withdraw")
    assert amount_of(page) == ""
    assert "Above USD 1,000.00 an operator looks at it first." in said(page)
    assert "Above JPY" not in said(page)
    form = form_in(page)
    for currency, amount in (("USD", "500.00"), ("EUR", "5.00")):
        asked = {**form.values, "currency": currency, "quarters": "2"}
        page = await browser.post(form.action, asked)
        assert amount_of(page) == amount
        assert f"{currency} {amount} stays in your wallet." in said(page)
    page = await browser.open("/withdraw", amount="4", currency="EUR")
    assert "EUR 6.00 stays in your wallet." in said(page)
