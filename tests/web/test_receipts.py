"""Receipts: what happened, the same for both sides, and true also later."""

from __future__ import annotations

import httpx
import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, said
from tests.web.deals import checked, confirmed, deal, release_of, wallet, with_a_worker
from tests.web.reading import amount_in, facts_in, form_in, main_of, rows_in

from earnest import worker

pytestmark = pytest.mark.asyncio


async def test_both_sides_see_the_receipt_and_nobody_else_does(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (milestone,) = await deal(house, browser, "100.00")
    receipt = await confirmed(
        browser, await checked(browser, release_of(milestone), how="part", amount="40.00")
    )
    assert "USD 40.00 released to frank" in said(receipt)
    assert "USD 60.00 stays in escrow until it is released or given back." in said(receipt)
    facts = facts_in(receipt)
    assert (facts["By"], facts["Employer"], facts["Freelancer"]) == ("emma · web", "emma", "frank")
    assert facts_in(receipt)["Held in escrow after it"] == "USD 60.00"
    assert rows_in(receipt, "Transfers")[0][0].text.startswith("Escrow: A piece")
    seen = {}
    for who in (emma, frank):
        await browser.enter(who.number)
        page = await browser.open(receipt.url.path)
        assert page.status_code == 200
        assert ("released to you" in said(page)) == (who is frank)
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


#: What each day of the gateway makes of a deposit: the heading, its tone, and a sentence.
DAYS = {
    "settle": ("Deposit arrived", "ok", "USD 25.00 has arrived in your wallet."),
    "delay": ("Deposit started", "info", "USD 25.00 is on its way."),
    "fail": ("Deposit failed", "bad", "USD 25.00 did not come about. No money moved."),
    "pay_short": ("Deposit started", "warn", "an operator looks at it. No money has moved yet."),
}


def must_head(receipt: httpx.Response, day: str) -> None:
    """The heading, its tone and the sentence below it all say the same."""
    heading, tone, sentence = DAYS[day]
    note = main_of(receipt).one("div", role="status")
    assert (note.one("h1").text, note.attributes["class"]) == (heading, f"note {tone}")
    assert sentence in note.text


@pytest.mark.parametrize("day", DAYS)
async def test_the_receipt_of_a_deposit_says_what_the_gateway_said(
    browser: Browser, house: Housing, day: str
) -> None:
    emma = await house.person("emma")
    await browser.enter(emma.number)
    check = await checked(browser, "/deposit", amount="25", currency="USD", sandbox=day)
    assert form_in(check).button == "Deposit USD 25.00"
    async with with_a_worker(house):
        receipt = await confirmed(browser, check)
    must_head(receipt, day)
    assert ("Start another deposit" in said(receipt)) == (day == "fail")
    assert await wallet(emma) == ("25.00" if day == "settle" else "0.00")
    if day == "delay":
        await house.app.database.pool.execute("UPDATE site SET clock_offset = interval '2 days'")
        await worker.drain(house.app)
        must_head(await browser.open(receipt.url.path), "settle")
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
    assert facts_in(check)["Destination"] == "IBAN DE89 3704 0044 0532 0130 00 · Emma Example"
    assert facts_in(check)["Your wallet afterwards"] == "USD 0.00"
    page = await browser.post(check.url.path, form_in(check).values)
    assert page.status_code == 422
    assert await wallet(emma) == "1000.00"
    receipt = await confirmed(browser, check)
    assert await wallet(emma) == "0.00"
    assert "DE89370400440532013000" not in receipt.text
    assert "USD 1,000.00 left your wallet and is on its way to …3000" in said(receipt)


async def test_what_a_gateway_reported_wrongly_is_explained_where_it_is_told(
    browser: Browser, house: Housing
) -> None:
    """Of a payment that waits for an operator nobody is told that there is nothing to wait for."""
    await browser.enter((await house.person("emma")).number)
    for day, detail, is_told in (
        ("pay_short", "Another amount than was asked for.", True),
        ("pay_twice", "The same payment a second time. It counts once;", False),
    ):
        check = await checked(browser, "/deposit", amount="25", currency="USD", sandbox=day)
        async with with_a_worker(house):
            receipt = await confirmed(browser, check)
            await worker.drain(house.app)
        (deposit,) = {href for href in main_of(receipt).hrefs if href.startswith("/deposits/")}
        page = said(await browser.open(deposit))
        assert f"The gateway reported something different {detail}" in page
        assert ("No money has moved yet." in page) == is_told
        assert "There is nothing to do for you" not in page
        assert "Earnest · Earnest" not in page


async def test_a_milestone_s_history_counts_only_its_own(browser: Browser, house: Housing) -> None:
    """Two that were funded at once are one event, and each page says what its own part was."""
    emma, frank, _, _ = await deal(house, browser, "64.00", "95.00")
    for who in (emma, frank):
        await browser.enter(who.number)
        for milestone in (await emma.seen("/v1/milestones"))["items"]:
            page = await browser.open(f"/milestones/{milestone['id']}")
            history = main_of(page).one("ol", class_="timeline")
            (line,) = [each for each in history.every("li") if "funded" in each.text]
            assert line.one("p").text.startswith("Milestone funded")
            assert amount_in(line) == milestone["amount"]["amount"]


async def test_what_was_done_to_one_milestone_is_told_of_one(
    browser: Browser, house: Housing
) -> None:
    _, _, contract, _ = await deal(house, browser, "64.00")
    for path, words in (
        (f"/contracts/{contract['id']}", "Milestone funded: A piece"),
        ("/finances", "Milestone funded"),
        ("/finances/transactions", "Milestone funded"),
    ):
        page = said(await browser.open(path))
        assert words in page
        assert "Milestones funded" not in page
