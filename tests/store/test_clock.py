"""The clock is read under the locks: what happens later also happens at a later time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from tests.store.engine import PATIENCE_SECONDS, Engine, person, rich, running, until, usd

from earnest.core.payments.depositing import SettleDeposit, StartDeposit
from earnest.core.payments.withdrawing import (
    CancelWithdrawal,
    Destination,
    DestinationType,
    RequestWithdrawal,
)
from earnest.core.people import SYSTEM_ID
from earnest.store.verify import verify

pytestmark = pytest.mark.asyncio

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


async def test_who_waited_for_a_payment_acts_after_who_had_it(engine: Engine, dsn: str) -> None:
    emma = await person(engine, "emma")
    await rich(engine, emma, usd("10.00"))
    there = Destination(DestinationType.SANDBOX, "settle", "Emma")
    request = RequestWithdrawal(emma, "sandbox", usd("10.00"), there)
    withdrawal = (await engine.one(emma, request))["number"]
    other = await asyncpg.connect(dsn)
    try:
        async with other.transaction():
            await other.execute("SELECT 1 FROM withdrawals WHERE id = $1 FOR UPDATE", withdrawal)
            asked = asyncio.create_task(engine.one(emma, CancelWithdrawal(withdrawal)))
            await until(lambda: engine.value(_WAITING))
            had_it_until = await other.fetchval("SELECT clock_timestamp()")
    finally:
        await other.close()
    await asked
    cancelled_at = await engine.value("SELECT updated_at FROM withdrawals")
    assert cancelled_at > had_it_until


async def test_a_row_that_somebody_froze_with_stops_nobody_else(engine: Engine, dsn: str) -> None:
    emma, noah = await person(engine, "emma"), await person(engine, "noah")
    other = await asyncpg.connect(dsn)
    try:
        async with other.transaction(), running(dsn) as second:
            await other.execute("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", emma)
            stuck = [
                asyncio.create_task(second.code(emma, StartDeposit(emma, "sandbox", usd("1.00"))))
                for _ in range(2)
            ]
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await second.code(noah, StartDeposit(noah, "sandbox", usd("1.00"))) == "ok"
            told = await asyncio.gather(*stuck, return_exceptions=True)
            assert [getattr(each, "code", each) for each in told] == ["busy", "busy"]
    finally:
        await other.close()
    assert await engine.code(emma, StartDeposit(emma, "sandbox", usd("1.00"))) == "ok"


async def test_a_clock_that_was_set_back_does_not_make_the_books_look_wrong(engine: Engine) -> None:
    """A payment that began at a later time than it ended: its end is still the last of it."""
    emma = await person(engine, "emma")
    await engine.database.advance(timedelta(hours=1))
    deposit = await engine.one(emma, StartDeposit(emma, "sandbox", usd("10.00")))
    await engine.database.advance(timedelta(hours=-1))
    await engine.one(SYSTEM_ID, SettleDeposit(deposit["number"], usd("10.00"), "p"))
    assert (await verify(engine.database, lambda _: None)).broken == ()
