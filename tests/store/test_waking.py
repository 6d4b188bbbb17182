"""Clocks in the books: decided before whatever meets them, once, at their own instants."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from tests.core.clocked import CLOCKED
from tests.store.books import wrong
from tests.store.engine import HOUSE, Deal, Engine, agreed, connected, running, usd

from earnest.core.clocks import winding
from earnest.core.contracts import Say
from earnest.core.milestones.recalling import Recall
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.working import Submit
from earnest.core.people import SYSTEM_ID
from earnest.store import restores
from earnest.store.batch import preview
from earnest.store.reads.around import snapshot

pytestmark = pytest.mark.asyncio

DAYS = timedelta(days=1)
EVENTS = "SELECT name, at, actor_id, via, seq FROM events WHERE contract_id = $1 ORDER BY seq"
WAKES = "SELECT wakes_at FROM contracts WHERE id = $1"
STATUS = "SELECT status FROM milestones WHERE id = $1"
WALLET = "SELECT balance FROM accounts WHERE kind = 'wallet' AND owner = $1"


async def handed_in(engine: Engine, *amounts: str) -> Deal:
    """Work under terms in which every clock runs."""
    deal = await agreed(engine, *amounts, terms=CLOCKED)
    for milestone in deal.milestones:
        await engine.one(deal.freelancer, Submit(milestone))
    return deal


async def wind(engine: Engine, contract: int) -> int:
    return (await engine.batcher.submit(winding(contract))).ran_out


async def test_a_command_that_meets_a_due_clock_is_judged_after_it(engine: Engine) -> None:
    deal = await handed_in(engine, "40.00")
    due = await engine.value(WAKES, deal.contract)
    await engine.database.advance(20 * DAYS)
    assert await engine.code(deal.freelancer, Cancel(deal.milestone)) == "wrong_status"
    *_, last = await engine.database.pool.fetch(EVENTS, deal.contract)
    assert tuple(last) == ("milestone.auto_released", due, SYSTEM_ID, "clock", 5)
    moved = "SELECT at FROM transfers WHERE contract_id = $1 ORDER BY id DESC LIMIT 1"
    assert await engine.value(moved, deal.contract) == due
    assert await engine.value(WALLET, deal.freelancer) == 4_000
    assert await engine.value(WAKES, deal.contract) is None
    assert await wrong(engine.database.pool) == {}


async def test_what_is_looked_at_is_what_would_be_after_the_clock(engine: Engine) -> None:
    deal = await handed_in(engine, "40.00")
    await engine.database.advance(20 * DAYS)
    async with snapshot(engine.database) as db:
        said = engine.command(deal.employer, Say(deal.contract, "Hello?"))
        _, world = await preview(db, said, HOUSE)
    assert [event.name for _, event in world.ran_out] == ["milestone.auto_released"]
    assert await engine.value(STATUS, deal.milestone) == "submitted"


async def test_only_what_is_due_of_a_contract_is_decided_and_it_wakes_for_the_rest(
    engine: Engine,
) -> None:
    deal = await agreed(engine, "10.00", "20.00", "30.00", terms=CLOCKED)
    await engine.one(deal.freelancer, Submit(deal.milestones[0]))
    await engine.database.advance(3 * DAYS)
    await engine.one(deal.freelancer, Submit(deal.milestones[1]))
    await engine.database.advance(12 * DAYS)
    assert await wind(engine, deal.contract) == 1
    assert [await engine.value(STATUS, each) for each in deal.milestones] == [
        "released",
        "submitted",
        "funded",
    ]
    wakes = "SELECT wakes_at FROM milestones WHERE id = $1"
    second = await engine.value(wakes, deal.milestones[1])
    assert await engine.value(WAKES, deal.contract) == second
    assert await wind(engine, deal.contract) == 0
    await engine.database.advance(3 * DAYS)
    assert await wind(engine, deal.contract) == 1
    assert await wrong(engine.database.pool) == {}


async def test_a_release_is_final_without_anybody_and_can_be_recalled_until_then(
    engine: Engine,
) -> None:
    deal = await agreed(engine, "40.00", terms=CLOCKED)
    newest = "SELECT max(id) FROM releases"
    await engine.one(deal.employer, ReleaseMilestone(deal.milestone, usd("15.00")))
    back = await engine.one(deal.employer, Recall(await engine.value(newest)))
    assert (back["status"], back["final_at"]) == ("recalled", None)
    await engine.one(deal.employer, ReleaseMilestone(deal.milestone))
    assert await wrong(engine.database.pool) == {}
    await engine.database.advance(timedelta(minutes=10))
    assert await engine.code(deal.employer, Recall(await engine.value(newest))) == "wrong_status"
    assert await engine.value(STATUS, deal.milestone) == "released"
    assert await engine.value(WALLET, deal.freelancer) == 4_000
    assert await wrong(engine.database.pool) == {}


async def test_recall_and_the_clock_in_two_processes_at_once_end_in_one_of_the_two(
    engine: Engine, dsn: str
) -> None:
    async with running(dsn) as other:
        for _ in range(6):
            deal = await agreed(engine, "40.00", terms=CLOCKED)
            await engine.one(deal.employer, ReleaseMilestone(deal.milestone))
            release = await engine.value("SELECT max(id) FROM releases")
            await engine.database.pool.execute(
                "UPDATE site SET clock_offset = clock_offset + interval '10 minutes'"
            )
            await asyncio.gather(
                engine.code(deal.employer, Recall(release)),
                wind(other, deal.contract),
                wind(engine, deal.contract),
            )
            status = await engine.value("SELECT status FROM releases WHERE id = $1", release)
            assert status == "final"
            assert await engine.value(WALLET, deal.freelancer) == 4_000
    assert await wrong(engine.database.pool) == {}


async def test_a_contract_in_which_somebody_acted_meanwhile_is_only_looked_at(
    engine: Engine,
) -> None:
    deal = await agreed(engine, "40.00")
    await engine.database.advance(100 * DAYS)
    await engine.one(deal.freelancer, Say(deal.contract, "I am at it."))
    await engine.database.advance(81 * DAYS)
    before = await engine.value("SELECT count(*) FROM events")
    assert await wind(engine, deal.contract) == 0
    assert await engine.value("SELECT count(*) FROM events") == before
    last = await engine.value("SELECT last_act_at FROM contracts WHERE id = $1", deal.contract)
    assert await engine.value(WAKES, deal.contract) == last + 180 * DAYS
    await engine.database.advance(100 * DAYS)
    assert await wind(engine, deal.contract) == 1
    assert await engine.value(STATUS, deal.milestone) == "cancelled"


async def test_no_clock_runs_while_a_restored_site_waits(engine: Engine) -> None:
    deal = await handed_in(engine, "40.00")
    await engine.database.advance(20 * DAYS)
    await engine.database.pool.execute("INSERT INTO restores (taken_at) VALUES (now())")
    await engine.one(deal.employer, Say(deal.contract, "Is it still there?"))
    assert await wind(engine, deal.contract) == 0
    assert await engine.value(STATUS, deal.milestone) == "submitted"
    assert await restores.resume(engine.database, "compared") == 1
    assert await wind(engine, deal.contract) == 1


async def test_a_clock_that_cannot_be_decided_says_so_and_is_asked_again(
    engine: Engine, dsn: str
) -> None:
    deal = await handed_in(engine, "40.00")
    await engine.database.advance(20 * DAYS)
    full = "UPDATE accounts SET balance = $2 WHERE kind = 'wallet' AND owner = $1"
    async with connected(dsn) as db:
        await db.execute(full, deal.freelancer, 10**17)
        refused = await engine.batcher.submit(winding(deal.contract))
        assert refused.problem is not None
        assert b"balance_too_large" in refused.problem
        await db.execute(full, deal.freelancer, 0)
    assert await wind(engine, deal.contract) == 1
