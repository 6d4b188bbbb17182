"""Arbiters: the worker names whose turn it is, once, and never who has to do with either side."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.core.clocked import CLOCKED
from tests.worker.purse import deposit, person, usd, value

from earnest import worker
from earnest.app import App, opened
from earnest.config import Config
from earnest.core.actions import Action
from earnest.core.contracts import OfferContract
from earnest.core.disputes.arbitrating import RefuseArbiter, Rule, Take
from earnest.core.disputes.opening import DisputeMilestone, ObjectToReturn
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.staff import StaffCancel, StaffConfirm
from earnest.http.problems import problem_of
from earnest.store import restores

pytestmark = pytest.mark.asyncio

DAYS, HOUR = timedelta(days=1), timedelta(hours=1)
ARBITER = "SELECT arbiter_id FROM disputes WHERE id = $1"
NAMED = "SELECT count(*) FROM events WHERE name = 'dispute.arbiter_named'"


async def row(app: App, who: int, action: Action[Any]) -> dict[str, Any]:
    answer = await app.do(who, action, via="test")
    assert answer.problem is None, answer.problem
    found: dict[str, Any] = json.loads(answer.rows[0])
    return found


async def arbiter(app: App, name: str) -> int:
    number = await person(app, name)
    await value(app, "UPDATE users SET roles = '{arbiter}' WHERE id = $1", number)
    return number


async def contract(app: App, employer: int, freelancer: int) -> int:
    """An active one, under terms in which everything ends."""
    offer = await row(app, employer, OfferContract(employer, freelancer, "USD", CLOCKED))
    seen = json.loads(
        await value(
            app, "SELECT body FROM events WHERE name = 'contract.offered' ORDER BY id DESC LIMIT 1"
        )
    )["rows"][0]
    accept = Accept(offer["number"], seen["terms_hash"], usd("0.00"), seen["milestones_hash"])
    await row(app, freelancer, accept)
    return int(offer["number"])


async def disputed(app: App) -> tuple[int, int, int]:
    """Emma, Frank, and a dispute that Emma has not answered for seven days."""
    emma, frank = await person(app), await person(app, "frank")
    await deposit(app, emma, "100.00")
    await worker.drain(app)
    number = await contract(app, emma, frank)
    await row(app, emma, FundContract(number, (Line("All of it", usd("50.00")),)))
    milestone = await value(app, "SELECT max(id) FROM milestones")
    asked = DisputeMilestone(milestone, usd("50.00"), usd("50.00"), "Look.")
    return emma, frank, (await row(app, frank, asked))["number"]


async def test_the_one_with_the_fewest_rulings_is_named_and_of_equal_ones_the_first(
    app: App,
) -> None:
    ada, eve = await arbiter(app, "ada"), await arbiter(app, "eve")
    assert ada < eve
    _, _, dispute = await disputed(app)
    await worker.advance(app, 7 * DAYS)
    assert await value(app, ARBITER, dispute) == ada
    await row(app, ada, Take(dispute))
    await row(app, ada, Rule(dispute, usd("10.00"), "Because."))
    _, _, dispute = await disputed(app)
    await worker.advance(app, 7 * DAYS)
    assert await value(app, ARBITER, dispute) == eve
    await worker.advance(app, 90 * DAYS)  # A ruling of long ago counts no more.
    _, _, dispute = await disputed(app)
    await worker.advance(app, 7 * DAYS)
    assert await value(app, ARBITER, dispute) == ada


async def test_nobody_rules_for_people_whom_they_had_a_contract_with(app: App) -> None:
    ada, eve = await arbiter(app, "ada"), await arbiter(app, "eve")
    emma, _, dispute = await disputed(app)
    await contract(app, ada, emma)
    await worker.advance(app, 7 * DAYS)
    assert await value(app, ARBITER, dispute) == eve


async def test_nobody_rules_on_money_that_they_wanted_to_have_returned(app: App) -> None:
    ada, eve = await arbiter(app, "ada"), await arbiter(app, "eve")
    ida = await arbiter(app, "ida")
    await value(app, "UPDATE users SET roles = '{arbiter,operator}' WHERE id = ANY($1)", [ada, eve])
    _, frank, dispute = await disputed(app)
    await row(app, frank, WithdrawDispute(dispute))
    milestone = await value(app, "SELECT max(id) FROM milestones")
    await row(app, ada, StaffCancel(milestone, "Nobody answers."))
    await row(app, eve, StaffConfirm(milestone))
    dispute = (await row(app, frank, ObjectToReturn(milestone)))["number"]
    await worker.advance(app, 7 * DAYS)
    assert await value(app, ARBITER, dispute) == ida


async def test_nobody_is_named_twice_for_one_dispute(app: App) -> None:
    ada = await arbiter(app, "ada")
    emma, _, dispute = await disputed(app)
    await worker.advance(app, 7 * DAYS)
    assert await value(app, ARBITER, dispute) == ada
    await row(app, emma, RefuseArbiter(dispute))
    with structlog.testing.capture_logs() as logs:
        assert await worker.drain(app) == 0
    assert await value(app, ARBITER, dispute) is None
    assert logs == []
    eve = await arbiter(app, "eve")
    assert await worker.drain(app) == 1
    assert await value(app, ARBITER, dispute) == eve


@pytest.mark.parametrize(
    "lost", ["UPDATE users SET status = 'suspended'", "UPDATE users SET roles = '{}'"]
)
async def test_in_the_place_of_one_who_may_not_rule_any_more_the_next_is_named(
    app: App, lost: str
) -> None:
    ada = await arbiter(app, "ada")
    _, frank, dispute = await disputed(app)
    await worker.advance(app, 7 * DAYS)
    await row(app, ada, Take(dispute))
    await value(app, f"{lost} WHERE id = $1", ada)
    with structlog.testing.capture_logs() as logs:
        assert await worker.drain(app) == 0
    assert logs == []
    eve = await arbiter(app, "eve")
    assert await worker.drain(app) == 1
    assert await value(app, ARBITER, dispute) == eve
    assert await value(app, "SELECT taken_at FROM disputes WHERE id = $1", dispute) is None
    await row(app, frank, RefuseArbiter(dispute))
    await value(app, "UPDATE users SET roles = '{arbiter}', status = 'active' WHERE id = $1", ada)
    assert await worker.drain(app) == 0  # She was named for it before.


async def test_where_nobody_can_be_named_the_time_to_rule_runs_all_the_same(app: App) -> None:
    ada = await arbiter(app, "ada")
    _, frank, dispute = await disputed(app)
    await value(app, "UPDATE users SET status = 'suspended' WHERE id = $1", ada)
    await worker.advance(app, 40 * DAYS)
    status = "SELECT status FROM disputes WHERE id = $1"
    assert await value(app, status, dispute) == "defaulted"
    assert await value(app, NAMED) == 0
    wallet = "SELECT sum(balance) FROM accounts WHERE kind = 'wallet' AND owner = $1"
    assert not await value(app, wallet, frank)  # What was not submitted goes back.


async def test_several_workers_name_one_arbiter(app: App, dsn: str, tmp_path: Path) -> None:
    for name in ("ada", "eve"):
        await arbiter(app, name)
    for _ in range(5):
        await disputed(app)
    await worker.advance(app, 7 * DAYS - HOUR)
    await app.database.advance(2 * HOUR)
    async with opened(Config(tmp_path, dsn, connections=4), problem_of) as other:
        await asyncio.gather(*(worker.drain(each) for each in (app, other, app, other)))
    assert await value(app, NAMED) == 5
    assert await value(app, "SELECT count(*) FROM namings") == 5
    assert app.batcher.counts.refused_system == other.batcher.counts.refused_system == 0


async def test_nobody_is_named_on_a_restored_site_before_somebody_says_so(app: App) -> None:
    await arbiter(app, "ada")
    _, _, dispute = await disputed(app)
    await worker.advance(app, 7 * DAYS)
    await value(app, "UPDATE disputes SET arbiter_id = NULL, named_at = NULL")
    await value(app, "DELETE FROM namings")
    await value(app, "INSERT INTO restores (taken_at) VALUES (now())")
    assert await worker.drain(app) == 0
    assert await value(app, ARBITER, dispute) is None
    await restores.resume(app.database, "compared")
