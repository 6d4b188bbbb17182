"""Ten thousand milestones due in the same minute, and two workers: each is settled once."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from datetime import timedelta
from typing import Any, Final

import pytest
from tests.core.clocked import CLOCKED
from tests.store.books import wrong
from tests.store.engine import HOUSE, Deal, Engine, agreed, person, running
from tests.store.processes import ROOT, environment

from earnest.core.milestones.working import Submit
from earnest.store import notices, reminding

pytestmark = [pytest.mark.asyncio, pytest.mark.soak]

CONTRACTS: Final = 1_000
EACH: Final = 10
KILLS: Final = 20
#: How many days there are to look.
REVIEWED: Final = 14
HANDED_OVER: Final = """
UPDATE deliveries SET status = 'handed_over', due_at = NULL,
    handed_over_at = now() + (SELECT clock_offset FROM site)
"""
#: Once to each side of each: the key of a notice is its event and who is told.
ENDED: Final = "SELECT count(*) FROM notices WHERE name = 'milestone.auto_released'"
TOLD: Final = "SELECT count(*) FROM notices WHERE moment = 'half'"
SETTLED: Final = "SELECT count(*) FROM events WHERE name = 'milestone.auto_released'"


async def town(dsn: str, contracts: int, days: int = 15) -> None:
    """Work that was handed in within a minute, everywhere; so long ago."""
    async with running(dsn) as engine:
        deals = [await _deal(engine) for _ in range(contracts)]
        for milestone in range(EACH):
            asked = (
                engine.ask(deal.freelancer, Submit(deal.milestones[milestone])) for deal in deals
            )
            assert all(answer.problem is None for answer in await asyncio.gather(*asked))
        await notices.catch_up(engine.database, engine.node.ids.reserve)
        if days > REVIEWED:
            await told_in_time(engine)
            days -= REVIEWED - 1
        await engine.database.advance(timedelta(days=days))


async def told_in_time(engine: Engine) -> None:
    """A day before the time to look is over everybody has the last mail."""
    await engine.database.advance(timedelta(days=REVIEWED - 1, seconds=1))
    await reminding.catch_up(engine.database, HOUSE, engine.node.ids.reserve)
    await engine.database.pool.execute(HANDED_OVER)


async def _deal(engine: Engine) -> Deal:
    between = (await person(engine, "emma"), await person(engine, "frank"))
    return await agreed(engine, *["1.00"] * EACH, between=between, terms=CLOCKED)


async def worker(dsn: str, *, tells: bool = False) -> asyncio.subprocess.Process:
    """A worker that has been told where, and has not begun."""
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.store.draining"),
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert started.stdin is not None
    assert started.stdout is not None
    started.stdin.write(json.dumps({"dsn": dsn, "tells": tells}).encode() + b"\n")
    assert json.loads(await started.stdout.readline()) == {"ready": True}
    return started


async def drained(started: asyncio.subprocess.Process) -> dict[str, Any]:
    told, _ = await started.communicate(b"\n")
    found: dict[str, Any] = json.loads(told)
    return found


async def test_two_workers_settle_ten_thousand_milestones_each_once(dsn: str) -> None:
    await town(dsn, CONTRACTS)
    workers = [await worker(dsn) for _ in range(2)]
    told = await asyncio.gather(*map(drained, workers))
    seconds = max(each["seconds"] for each in told)
    assert sum(each["done"] for each in told) == CONTRACTS * EACH
    async with running(dsn) as engine:
        assert await engine.value(SETTLED) == CONTRACTS * EACH
        assert await engine.value(ENDED) == 2 * CONTRACTS * EACH
        assert await wrong(engine.database.pool) == {}
    what = f"{CONTRACTS * EACH} milestones due at once, settled and told by two workers"
    print(f"{what}: {seconds:.1f} s")  # noqa: T201


async def test_a_worker_killed_twenty_times_changes_nothing_of_the_result(dsn: str) -> None:
    contracts = CONTRACTS // 2  # So much that nobody is done before the last of them is killed.
    await town(dsn, contracts)
    dice = random.Random(20)  # To be the same again.
    for _ in range(KILLS):
        started = await worker(dsn)
        assert started.stdin is not None
        started.stdin.write(b"\n")
        await asyncio.sleep(dice.uniform(0.0, 0.15))  # The moment is the point of it.
        os.kill(started.pid, 9)
        await started.wait()
    last = await drained(await worker(dsn))
    assert last["done"] >= 0
    async with running(dsn) as engine:
        assert await engine.value(SETTLED) == contracts * EACH
        assert await engine.value(ENDED) == 2 * contracts * EACH
        paid = "SELECT count(*) FROM milestones WHERE status = 'released' AND released = amount"
        assert await engine.value(paid) == contracts * EACH
        assert await wrong(engine.database.pool) == {}


async def test_two_workers_tell_ten_thousand_clocks_each_once(dsn: str) -> None:
    """Half of the time to look is over: employers are told, and freelancers who wait."""
    await town(dsn, CONTRACTS, days=8)
    async with running(dsn) as engine:
        await notices.catch_up(engine.database, engine.node.ids.reserve)
    workers = [await worker(dsn, tells=True) for _ in range(2)]
    told = await asyncio.gather(*map(drained, workers))
    seconds = max(each["seconds"] for each in told)
    assert sum(each["done"] for each in told) == 2 * CONTRACTS * EACH
    async with running(dsn) as engine:
        assert await engine.value(TOLD) == 2 * CONTRACTS * EACH
        assert await engine.value(f"{TOLD} AND id = delivery_id") == 2 * CONTRACTS * EACH
    print(f"{CONTRACTS * EACH} clocks told at once: {seconds:.1f} s with two workers")  # noqa: T201
