"""Receipts: what happened, the same for both sides, and true also later."""

from __future__ import annotations

import asyncio

import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, said
from tests.web.deals import checked, confirmed, deal, release_of, wallet
from tests.web.reading import amount_in, facts_in, form_in, rows_in

from earnest import worker
from earnest.app import gateways_of

pytestmark = pytest.mark.asyncio


async def test_both_sides_see_the_receipt_and_nobody_else_does(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    receipt = await confirmed(
        browser, await checked(browser, release_of(milestone), how="part", amount="40.00")
    )
    assert "USD 40.00 moved." in said(receipt)
    assert facts_in(receipt)["By"] == "emma · web"
    assert facts_in(receipt)["Held in escrow after it"] == "USD 60.00"
    assert rows_in(receipt, "Transfers")[0][0].text.startswith("Escrow: A piece")
    seen = {}
    for who in (emma, frank):
        await browser.enter(who.number)
        page = await browser.open(receipt.url.path)
        assert page.status_code == 200
        ((_, place, amount),) = rows_in(page, "Transfers in the ledger")
        seen[who.number] = (place.text, amount_in(amount))
    assert seen == {
        emma.number: ("Wallet of frank", "40.00"),
        frank.number: ("Your wallet", "40.00"),
    }
    for other in (await house.person("sam"), await house.person("olga", "operator")):
        await browser.enter(other.number)
        assert (await browser.open(receipt.url.path)).status_code == 404


async def test_a_receipt_tells_how_it_was_then(browser: Browser, house: Housing) -> None:
    """What is released later does not change what the first receipt says was held."""
    _, _, _, (milestone,) = await deal(house, browser, "100.00")
    path = release_of(milestone)
    first = await confirmed(browser, await checked(browser, path, how="part", amount="40.00"))
    await confirmed(browser, await checked(browser, path, how="full"))
    again = await browser.open(first.url.path)
    assert facts_in(again) == facts_in(first)


DAYS = {
    "settle": "USD 25.00 has arrived in your wallet.",
    "delay": "USD 25.00 is on its way.",
    "fail": "The deposit of USD 25.00 did not come about. No money moved.",
}


@pytest.mark.parametrize("day", DAYS)
async def test_the_receipt_of_a_deposit_says_what_the_gateway_said(
    browser: Browser, house: Housing, day: str
) -> None:
    house.app.gateways = gateways_of("sandbox", house.app.database)
    emma = await house.person("emma")
    await browser.enter(emma.number)
    check = await checked(browser, "/deposit", amount="25", currency="USD", sandbox=day)
    assert form_in(check).button == "Deposit USD 25.00"
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(house.app, stop))
    receipt = await confirmed(browser, check)
    stop.set()
    await working
    assert DAYS[day] in said(receipt)
    assert await wallet(emma) == ("25.00" if day == "settle" else "0.00")
    if day == "delay":
        await house.app.database.pool.execute("UPDATE site SET clock_offset = interval '2 days'")
        await worker.drain(house.app)
        assert DAYS["settle"] in said(await browser.open(receipt.url.path))
        assert await wallet(emma) == "25.00"


async def test_a_withdrawal_goes_out_as_it_was_checked(browser: Browser, house: Housing) -> None:
    emma, _, _, _ = await deal(house, browser)
    check = await checked(
        browser,
        "/withdraw",
        amount="1,000.00",
        currency="USD",
        destination__type="iban",
        destination__account="DE89370400440532013000",
        destination__name="Emma Example",
    )
    assert form_in(check).button == "Withdraw USD 1,000.00"
    assert facts_in(check)["Destination"] == "iban · DE89370400440532013000 · Emma Example"
    assert facts_in(check)["Your wallet afterwards"] == "USD 0.00"
    page = await browser.post(check.url.path, form_in(check).values)
    assert page.status_code == 422
    assert await wallet(emma) == "1000.00"
    receipt = await confirmed(browser, check)
    assert await wallet(emma) == "0.00"
    assert "DE89370400440532013000" not in receipt.text
