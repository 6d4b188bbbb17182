"""What is known of the books between two verifications: the last one, and whether money moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.store.engine import Engine, agreed, connected

from earnest.store.reads.proof import Proof, proof
from earnest.store.verify import verify, verify_if_due

pytestmark = pytest.mark.asyncio

DAY = timedelta(days=1)


async def known(engine: Engine) -> Proof:
    async with engine.database.pool.acquire() as db:
        return await proof(db)


async def test_what_a_verification_found_is_kept(engine: Engine) -> None:
    assert (await known(engine)).at is None
    assert not (await known(engine)).is_right
    await agreed(engine, "10.00")
    found = await verify(engine.database, lambda _: None)
    told = await known(engine)
    assert told.is_right
    assert told.transfers == found.transfers == await engine.value("SELECT count(*) FROM transfers")
    assert [(count, total.minor, total.currency) for count, total in told.sums] == [
        (found.accounts, 0, "USD")
    ]


async def test_what_does_not_hold_is_kept_with_the_first_row(engine: Engine) -> None:
    await agreed(engine, "10.00")
    await engine.database.pool.execute("UPDATE contracts SET seq = seq + 1")
    await verify(engine.database, lambda _: None)
    told = await known(engine)
    assert not told.is_right
    assert [first[:4] for _, first in told.broken] == ["cont"] * len(told.broken)
    assert told.broken


async def test_a_halt_is_known_at_once(engine: Engine) -> None:
    await verify(engine.database, lambda _: None)
    await engine.database.pool.execute("INSERT INTO halts (what) VALUES ('somebody looked')")
    told = await known(engine)
    assert (told.is_halted, told.is_right, told.halted_by) == (True, False, "somebody looked")


async def test_it_is_verified_again_once_a_day_by_one_at_a_time(engine: Engine, dsn: str) -> None:
    async with connected(dsn) as other, other.transaction():
        await other.execute("SELECT pg_advisory_xact_lock(20200117)")
        assert await verify_if_due(engine.database, DAY) is None
    assert await verify_if_due(engine.database, DAY) is not None
    assert await verify_if_due(engine.database, DAY) is None
    await engine.database.pool.execute("UPDATE verifications SET at = at - interval '25 hours'")
    assert await verify_if_due(engine.database, DAY) is not None
    assert await engine.value("SELECT count(*) FROM verifications") == 2
