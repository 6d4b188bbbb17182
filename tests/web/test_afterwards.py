"""Before something is confirmed its page says what then happens if nobody does anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.http.house import CLOCKED, Housing, accepting, agreed, project_of, usd
from tests.web.browser import Browser
from tests.web.deals import checked, confirmed
from tests.web.test_foretelling import on, said

pytestmark = pytest.mark.asyncio

THEN = "After that, if nobody does anything:"


def date(at: str) -> str:
    """The day alone: what is typed takes a while, and a minute may be over meanwhile."""
    return on(at).partition(",")[0]


async def test_releasing_says_when_it_is_final_and_what_becomes_of_the_rest(
    browser: Browser, house: Housing
) -> None:
    emma, _, _, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    await browser.enter(emma.number)
    path = f"/milestones/{milestone['id']}"
    part = {"amount": usd("30.00")}
    looked = (await emma.post(f"/v1{path}/release?dry_run=true", part)).json()["fate"]["items"]
    check = await checked(browser, f"{path}/release", how="part", amount="30.00")
    told = said(check)
    assert THEN in told
    assert f"USD 30.00 is final for frank on {date(looked[0]['at'])}" in told
    assert f"USD 50.00 returns to you on {date(looked[1]['at'])}" in told
    receipt = await confirmed(browser, check)
    assert THEN not in said(receipt)


async def test_funding_says_what_becomes_of_all_that_the_contract_holds(
    browser: Browser, house: Housing
) -> None:
    emma, _, contract, _ = await agreed(house, terms=CLOCKED)
    await browser.enter(emma.number)
    check = await checked(
        browser,
        f"/contracts/{contract['id']}/fund",
        milestones__0__description="A <b>logo</b>",
        milestones__0__amount="20.00",
    )
    told = said(check)
    assert f"{THEN} A <b>logo</b>: USD 20.00 returns to you on" in told
    assert "<b>logo" not in check.text


async def test_what_has_no_end_is_said_before_the_work_is_handed_in(
    browser: Browser, house: Housing
) -> None:
    _, frank, _, (milestone,) = await agreed(house, "80.00")
    await browser.enter(frank.number)
    page = said(await browser.open(f"/milestones/{milestone['id']}/submit"))
    assert "After that, if nobody does anything, nothing ever happens: no end." in page


async def test_submitting_and_asking_for_changes_say_where_the_clock_stands_then(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    path = f"/milestones/{milestone['id']}"
    await browser.enter(frank.number)
    (step,) = (await frank.post(f"/v1{path}/submit?dry_run=true")).json()["fate"]["items"]
    page = said(await browser.open(f"{path}/submit"))
    assert f"{THEN} USD 80.00 is released to you on {date(step['at'])}" in page
    await frank.done(f"/v1{path}/submit")
    await browser.enter(emma.number)
    page = said(await browser.open(f"{path}/request-changes"))
    assert f"{THEN} USD 80.00 returns to you on" in page
    assert await house.value("SELECT status FROM milestones") == "submitted"


async def test_agreeing_to_a_date_says_that_it_binds(browser: Browser, house: Housing) -> None:
    emma, frank, contract, _ = await agreed(house, terms=CLOCKED)
    due = (datetime.now(UTC) + timedelta(days=20)).isoformat()
    line = {"description": "A piece of work", "amount": usd("20.00"), "due_at": due}
    fund = f"/v1/contracts/{contract['id']}/fund"
    (made,) = (await emma.done(fund, {"milestones": [line]}))["items"]
    await browser.enter(frank.number)
    page = said(await browser.open(f"/milestones/{made['id']}/agree"))
    assert f"{THEN} USD 20.00 returns to emma on" in page
    assert "as nothing was submitted" in page


async def test_accepting_says_what_begins_with_it(browser: Browser, house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    path = f"/contracts/{(await emma.done('/v1/contracts', offer))['id']}"
    line = {"description": "A piece of work", "amount": usd("30.00")}
    await emma.done(f"/v1{path}/fund", {"milestones": [line]})
    looked = accepting(await frank.seen(f"/v1{path}"))
    fate = (await frank.post(f"/v1{path}/accept?dry_run=true", looked)).json()["fate"]
    await browser.enter(frank.number)
    page = said(await browser.open(f"{path}/accept"))
    told = f"USD 30.00 returns to emma on {date(fate['items'][0]['at'])}"
    assert f"{THEN} A piece of work: {told}" in page


async def test_a_reserve_and_a_withdrawal_say_when_they_are_over(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    await house.rich(emma, "2000.00")
    await browser.enter(emma.number)
    project = await emma.done("/v1/projects", project_of())
    check = await checked(browser, f"/projects/{project['id']}/reserve", amount="50.00")
    assert f"{THEN} USD 50.00 returns to you on" in said(check)
    where = {"destination.type": "sandbox", "destination.name": "Emma", "day": "settle"}
    asked = {"amount": "1500.00", "currency": "USD", "gateway": "sandbox", **where}
    check = await checked(browser, "/withdraw", **asked)
    assert f"{THEN} USD 1,500.00 returns to you on" in said(check)
    assert "as it was not sent" in said(check)
