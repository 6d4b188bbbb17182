"""What nobody paid, and what nobody sent, is over after a week: as its fate says, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from tests.worker.purse import deposit, person, status, value, wallet, withdraw

from earnest import worker
from earnest.app import App, opened
from earnest.config import Config
from earnest.core.payments.row import EXPIRES_AFTER
from earnest.core.payments.withdrawing import ApproveWithdrawal
from earnest.core.people import Role
from earnest.http.problems import problem_of
from earnest.store import people, worklist
from earnest.store.reads.lookups import overdue_seconds

pytestmark = pytest.mark.asyncio

SECOND = timedelta(seconds=1)
LATE = "SELECT e.at - d.created_at FROM events e, {} d WHERE e.subject_id = d.id AND e.name = $1"
FORWARD = "UPDATE site SET clock_offset = clock_offset + $1"


async def test_each_expires_at_its_instant_and_not_before(app: App) -> None:
    emma = await person(app)
    await deposit(app, emma, "2000.00")
    await worker.drain(app)
    short = await deposit(app, emma, "30.00", "pay_short")
    large = await withdraw(app, emma, "1500.00")
    await worker.advance(app, EXPIRES_AFTER - 30 * SECOND)
    assert await status(app, "deposits", short) == "pending"
    assert await status(app, "withdrawals", large) == "requested"
    assert await wallet(app, emma) == "500.00"
    assert await worker.advance(app, 30 * SECOND) == 2
    assert await status(app, "deposits", short) == "expired"
    assert await status(app, "withdrawals", large) == "expired"
    assert await wallet(app, emma) == "2000.00"
    for table, name in (("deposits", "deposit.expired"), ("withdrawals", "withdrawal.expired")):
        late = await value(app, LATE.format(table), name)
        assert EXPIRES_AFTER <= late < EXPIRES_AFTER + 5 * SECOND
    assert await worker.drain(app) == 0


async def test_what_an_operator_approved_in_time_is_sent(app: App) -> None:
    emma, olga = await person(app), await person(app, "olga")
    await people.set_roles(app.database, olga, [Role.OPERATOR])
    await deposit(app, emma, "2000.00")
    await worker.drain(app)
    large = await withdraw(app, emma, "1500.00")
    await worker.advance(app, EXPIRES_AFTER - 30 * SECOND)
    await app.do(olga, ApproveWithdrawal(large), via="test")
    await worker.advance(app, EXPIRES_AFTER)
    assert await status(app, "withdrawals", large) == "paid"


async def test_of_many_workers_one_expires_each(app: App, dsn: str, tmp_path: Path) -> None:
    emma = await person(app)
    for _ in range(20):
        await deposit(app, emma, "1.00", "pay_short")
    await worker.drain(app)
    await app.database.pool.execute(FORWARD, EXPIRES_AFTER)
    assert await overdue_seconds(app.database) > 0
    async with opened(Config(tmp_path, dsn, connections=4), problem_of) as other:
        done = await asyncio.gather(*(worker.drain(each) for each in (app, other, app, other)))
    assert sum(done) == 20
    assert await value(app, "SELECT count(*) FROM events WHERE name = 'deposit.expired'") == 20
    assert await overdue_seconds(app.database) == 0


async def test_what_was_decided_meanwhile_is_no_alarm(app: App) -> None:
    emma = await person(app)
    number = await deposit(app, emma, "1.00", "pay_short")
    await worker.drain(app)
    await app.database.pool.execute(FORWARD, EXPIRES_AFTER)
    (over,) = await worklist.clocks_due(app.database, [])
    assert (over.noun, over.id) == ("deposit", number)
    assert await worklist.is_over(app.database, over)
    assert await worklist.clocks_due(app.database, [number]) == []
    await worker.drain(app)
    assert not await worklist.is_over(app.database, over)
