"""What is coming in thirty days: everything with a date, each once, and whether there is more."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.http.house import CLOCKED, Housing, accepting, agreed, posted, project_of, usd
from tests.web.browser import Browser
from tests.web.browser import said as spaced
from tests.web.crowds import noted
from tests.web.reading import main_of

from earnest import worker
from earnest.core.records import replace
from earnest.core.terms import CLASSIC, DAY, as_json
from earnest.http.web import coming
from earnest.store.reads import coming as reads

pytestmark = pytest.mark.asyncio

MORE = "More than these may happen:"


async def told(browser: Browser) -> list[str]:
    """What the picture of the reader's overview has, line by line."""
    (part,) = main_of(await browser.open("/finances")).every("section", id="coming")
    lines = [" ".join(each.text.split()) for each in part.every("li")]
    assert len([*part.one("svg", role="img").every("circle")]) == len(lines)
    return [re.sub(r" ([.,:])", r"\1", each.replace("\u00a0", " ")) for each in lines]


def begins(line: str, *parts: str) -> bool:
    """Whether it says these parts in their order."""
    return re.match(".*".join(map(re.escape, parts)), line) is not None


async def test_every_dispute_of_a_contract_is_in_it(browser: Browser, house: Housing) -> None:
    emma, frank, _, milestones = await agreed(house, "50.00", "60.00", "70.00")
    for each in milestones[:2]:
        claim = {"amount": usd("20.00"), "to_freelancer": usd("0.00"), "statement": "Look."}
        await emma.done(f"/v1/milestones/{each['id']}/dispute", claim)
    for who, whom in ((emma, "you"), (frank, "emma")):
        await browser.enter(who.number)
        lines = await told(browser)
        assert len(lines) == 2
        assert all(f"decided by the clock: USD 20.00 to {whom}" in each for each in lines)


async def test_every_release_on_its_way_is_in_it(browser: Browser, house: Housing) -> None:
    emma, _, _, milestones = await agreed(house, "50.00", "60.00", terms=CLOCKED)
    for each in milestones:
        await emma.done(f"/v1/milestones/{each['id']}/release", {"amount": usd("9.00")})
    await browser.enter(emma.number)
    lines = await told(browser)
    assert [begins(each, "A piece of work: USD 9.00 is final for frank") for each in lines] == [
        True,
        True,
    ]


async def test_what_operators_return_is_in_it_beside_what_has_no_date(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract, (_, second) = await agreed(house, "50.00", "60.00", terms=CLOCKED)
    olga, omar = await house.person("olga", "operator"), await house.person("omar", "operator")
    await olga.done(f"/v1/milestones/{second['id']}/staff-cancel", {"reason": "It is a fraud"})
    await omar.done(f"/v1/milestones/{second['id']}/staff-confirm")
    for who, whom in ((emma, "you"), (frank, "emma")):
        await browser.enter(who.number)
        (line,) = await told(browser)
        assert begins(line, f"A piece of work: USD 60.00 returns to {whom} on ", "two operators")
        page = spaced(await browser.open("/contracts"))
        assert "Next: USD 60.00 returned to" in page
    assert contract["status"] == "active"


async def test_an_offer_that_lapses_is_in_it_with_what_returns(
    browser: Browser, house: Housing
) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    contract = await emma.done("/v1/contracts", offer)
    line = {"description": "A piece of work", "amount": usd("30.00")}
    await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": [line, line]})
    await browser.enter(emma.number)
    (lapse,) = await told(browser)
    assert begins(lapse, "Offer to frank: the offer lapses and USD 60.00 returns to you on ")
    await browser.enter(frank.number)
    (lapse,) = await told(browser)
    assert begins(lapse, "Offer from emma: the offer lapses and USD 60.00 returns to emma on ")


async def test_money_that_comes_back_and_deposits_that_are_over_are_in_it(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    await house.rich(emma, "2000.00")
    body = {"gateway": "sandbox", "amount": usd("25.00"), "sandbox": "delay"}
    await emma.done("/v1/deposits", body)
    account = {"type": "sandbox", "account": "settle", "name": "Emma"}
    body = {"gateway": "sandbox", "amount": usd("1500.00"), "destination": account}
    await emma.done("/v1/withdrawals", body)
    await browser.enter(emma.number)
    lines = sorted(await told(browser))
    assert len(lines) == 2
    assert begins(lines[0], "Deposit of USD 25.00: it is closed as unpaid on ")
    assert begins(lines[1], "Withdrawal of USD 1,500.00: USD 1,500.00 returns to you on ")


async def test_a_reserve_that_returns_is_in_it(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    await house.rich(emma, "100.00")
    project = await emma.done("/v1/projects", project_of(title="A shop"))
    await emma.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd("50.00")})
    lapses = (await emma.seen(f"/v1/projects/{project['id']}/fate"))["items"][0]["at"]
    await browser.enter(emma.number)
    assert not [*main_of(await browser.open("/finances")).every("section", id="coming")]
    await worker.advance(house.app, timedelta(days=15))
    (line,) = await told(browser)
    assert begins(line, "A shop: USD 50.00 returns to you on ")
    assert lapses


async def test_an_award_that_lapses_is_in_it_with_the_last_of_the_reserve(
    browser: Browser, house: Housing
) -> None:
    emma, project, (frank,), (bid,) = await posted(house, "200.00")
    await emma.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd("50.00")})
    award = {"bid_hash": bid["bid_hash"], "terms": CLOCKED}
    await emma.done(f"/v1/bids/{bid['id']}/award", award)
    for who, whom in ((emma, "to"), (frank, "from")):
        await browser.enter(who.number)
        (line,) = await told(browser)
        assert begins(line, f"Offer {whom} ", ": the offer lapses on ")


async def test_each_part_of_a_plan_is_in_it(browser: Browser, house: Housing) -> None:
    emma, frank, contract, _ = await agreed(house, terms=CLOCKED)
    parts = [{"after_days": days, "amount": usd("40.00")} for days in (7, 14, 60)]
    line = {"description": "Care", "amount": usd("120.00"), "plan": parts}
    fund = f"/v1/contracts/{contract['id']}/fund"
    (made,) = (await emma.done(fund, {"milestones": [line]}))["items"]
    await frank.done(f"/v1/milestones/{made['id']}/agree", {"hash": made["agreement_hash"]})
    await browser.enter(frank.number)
    lines = await told(browser)
    assert len(lines) == 2
    assert all(begins(each, "Care: USD 40.00 is released to you on ") for each in lines)


async def test_all_that_nobody_touched_for_long_is_in_it_and_nothing_that_wakes_later(
    browser: Browser, house: Housing
) -> None:
    own = as_json(replace(CLASSIC, dormant_seconds=90 * DAY))
    emma, frank, contract, _ = await agreed(house, "50.00", "60.00", terms=own)
    await worker.advance(house.app, timedelta(days=70))
    await browser.enter(emma.number)
    assert len(await told(browser)) == 2
    await frank.done(f"/v1/contracts/{contract['id']}/say", {"text": "I am still here."})
    assert not [*main_of(await browser.open("/finances")).every("section", id="coming")]


async def test_of_very_much_it_has_the_first_in_as_few_statements_and_says_so(
    browser: Browser, house: Housing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "MOST", 4)
    emma, frank, contract, (milestone,) = await agreed(house, "50.00", terms=CLOCKED)
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    await emma.done("/v1/contracts", offer)
    await frank.done(f"/v1/milestones/{milestone['id']}/submit")
    await emma.done(f"/v1/milestones/{milestone['id']}/release", {"amount": usd("1.00")})
    claim = {"amount": usd("2.00"), "to_freelancer": usd("0.00"), "statement": "Look."}
    await emma.done(f"/v1/milestones/{milestone['id']}/dispute", claim)
    await browser.enter(emma.number)
    costs = []
    for more in (0, 5):
        for _ in range(more):
            gina = await house.person("gina")
            made = await emma.done("/v1/contracts", {**offer, "freelancer": gina.id})
            at = f"/v1/contracts/{made['id']}"
            await gina.done(f"{at}/accept", accepting(await gina.seen(at)))
            line = {"description": "More", "amount": usd("5.00")}
            fund = {"milestones": [line, line]}
            for each in (await emma.done(f"{at}/fund", fund))["items"]:
                await gina.done(f"/v1/milestones/{each['id']}/submit")
        await browser.open("/finances")
        async with noted(house) as texts:
            page = await browser.open("/finances")
        costs.append(len(texts))
        assert (MORE in spaced(page)) is bool(more)
        assert len(await told(browser)) == 4
    assert costs[0] == costs[1], costs
    assert contract["status"] == "active"
    assert coming.DAYS == 30
