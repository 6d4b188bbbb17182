"""The worker: what is due is asked for, what is said is decided, and each thing once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import structlog
from tests.worker.purse import Answering, deposit, person, status, value, wallet, withdraw

from earnest import worker
from earnest.app import App, opened
from earnest.config import Config
from earnest.core.ledger import BALANCE_MAX
from earnest.core.payments.withdrawing import ApproveWithdrawal, CancelWithdrawal
from earnest.core.people import Role
from earnest.gateways.notices import AnyPayment, Notice, Paid
from earnest.http.problems import problem_of
from earnest.store import people, worklist
from earnest.store.queries import sql

pytestmark = pytest.mark.asyncio

DAY = timedelta(days=1)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110  # A worker's doing: no event tells.
            await asyncio.sleep(0.01)


@asynccontextmanager
async def working(app: App) -> AsyncIterator[None]:
    """Have a worker run meanwhile."""
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(app, stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def test_a_good_deposit_is_settled(app: App) -> None:
    emma = await person(app)
    number = await deposit(app, emma, "100.00")
    assert await worker.drain(app) == 1
    assert await status(app, "deposits", number) == "settled"
    assert await wallet(app, emma) == "100.00"
    assert await worker.drain(app) == 0


async def test_bad_days_end_as_they_should(app: App) -> None:
    emma = await person(app)
    failed = await deposit(app, emma, "10.00", "fail")
    twice = await deposit(app, emma, "20.00", "pay_twice")
    short = await deposit(app, emma, "30.00", "pay_short")
    assert await worker.drain(app) == 4
    assert await status(app, "deposits", failed) == "failed"
    assert await status(app, "deposits", twice) == "settled"
    assert await status(app, "deposits", short) == "pending"
    assert await wallet(app, emma) == "20.00"
    kinds = await app.database.pool.fetch("SELECT kind, said FROM breaks ORDER BY kind")
    assert [tuple(each) for each in kinds] == [
        ("other_amount", "29.99 USD"),
        ("paid_again", "20.00 USD"),
    ]


async def test_a_delayed_deposit_is_asked_about_when_its_day_is_over(app: App) -> None:
    emma = await person(app)
    number = await deposit(app, emma, "10.00", "delay")
    assert await worker.drain(app) == 0
    asked = "SELECT asked FROM sandbox_payments"
    assert await value(app, asked) == 1
    waits = await value(app, "SELECT wakes_at - created_at FROM deposits")
    assert DAY <= waits < DAY + timedelta(seconds=10)
    assert await worker.advance(app, DAY / 2) == 0
    assert await value(app, asked) == 1
    assert await worker.advance(app, DAY) == 1
    assert await status(app, "deposits", number) == "settled"
    late = await value(app, "SELECT updated_at - created_at FROM deposits")
    assert late < DAY + timedelta(seconds=10)


async def test_a_lost_answer_is_asked_for_again(app: App) -> None:
    emma = await person(app)
    number = await deposit(app, emma, "10.00", "lose_answer")
    assert await worker.drain(app) == 0
    assert await status(app, "deposits", number) == "pending"
    assert await worker.advance(app, timedelta(minutes=1)) == 1
    assert await status(app, "deposits", number) == "settled"
    assert await wallet(app, emma) == "10.00"


async def test_a_withdrawal_is_written_as_sent_before_the_gateway_is_asked(app: App) -> None:
    emma = await person(app)
    await deposit(app, emma, "100.00")
    await worker.drain(app)
    number = await withdraw(app, emma, "40.00")
    seen: list[object] = []

    class Looking(Answering):
        async def ask(self, payment: AnyPayment) -> Sequence[Notice]:
            seen.append(await status(app, "withdrawals", payment.id))
            return (Paid(payment.amount, "r1"),)

    app.gateways = {"sandbox": Looking()}
    assert await worker.drain(app) == 2
    assert seen == ["sent"]
    assert await status(app, "withdrawals", number) == "paid"
    assert await wallet(app, emma) == "60.00"


async def test_bad_days_of_a_withdrawal(app: App) -> None:
    emma = await person(app)
    await deposit(app, emma, "100.00")
    await worker.drain(app)
    failed = await withdraw(app, emma, "10.00", "fail")
    twice = await withdraw(app, emma, "20.00", "pay_twice")
    lost = await withdraw(app, emma, "30.00", "lose_answer")
    await worker.advance(app, DAY)
    assert await status(app, "withdrawals", failed) == "failed"
    assert await status(app, "withdrawals", twice) == "paid"
    assert await status(app, "withdrawals", lost) == "paid"
    assert await wallet(app, emma) == "50.00"
    assert await value(app, "SELECT count(*) FROM breaks") == 1


async def test_above_the_limit_nothing_is_sent_until_an_operator_approves(app: App) -> None:
    emma, olga = await person(app), await person(app, "olga")
    await people.set_roles(app.database, olga, [Role.OPERATOR])
    await deposit(app, emma, "2000.00")
    await worker.drain(app)
    number = await withdraw(app, emma, "1000.01")
    assert await worker.drain(app) == 0
    await app.do(olga, ApproveWithdrawal(number), via="test")
    assert await worker.drain(app) == 2
    assert await status(app, "withdrawals", number) == "paid"


async def test_many_workers_do_each_thing_once(app: App, dsn: str, tmp_path: Path) -> None:
    emma = await person(app)
    for _ in range(30):
        await deposit(app, emma, "1.00", "pay_twice")
    async with opened(Config(tmp_path, dsn, connections=4), problem_of) as other:
        done = await asyncio.gather(*(worker.drain(each) for each in (app, other, app, other)))
    assert sum(done) == 60
    assert await wallet(app, emma) == "30.00"
    assert await value(app, "SELECT count(*) FROM breaks") == 30


async def test_a_running_worker_is_woken_by_what_is_asked_here(app: App) -> None:
    emma = await person(app)
    async with working(app):
        number = await deposit(app, emma, "1.00")

        async def settled() -> bool:
            return bool(await status(app, "deposits", number) == "settled")

        await until(settled)


async def test_a_running_worker_sees_what_another_process_asked(
    app: App, dsn: str, tmp_path: Path
) -> None:
    emma = await person(app)
    async with working(app), opened(Config(tmp_path, dsn), problem_of) as other:
        number = await deposit(other, emma, "1.00")

        async def settled() -> bool:
            return bool(await status(app, "deposits", number) == "settled")

        await until(settled)


async def test_a_worker_survives_the_loss_of_its_connections(app: App) -> None:
    emma = await person(app)
    name = await value(app, "SELECT current_database()")
    async with working(app):
        await value(
            app,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = $1 AND pid <> pg_backend_pid()",
            name,
        )

        async def settled() -> bool:
            return bool(await wallet(app, emma) == "1.00")

        await deposit(app, emma, "1.00")
        await until(settled)


async def test_a_gateway_that_breaks_does_not_end_the_worker(app: App) -> None:
    emma = await person(app)
    number = await deposit(app, emma, "1.00")
    asked = 0

    class Breaking(Answering):
        async def ask(self, payment: AnyPayment) -> Sequence[Notice]:
            nonlocal asked
            asked += 1
            if asked == 1:
                raise KeyError("a bug")
            return (Paid(payment.amount, "r1"),)

    app.gateways = {"sandbox": Breaking()}
    async with working(app):

        async def settled() -> bool:
            return bool(await status(app, "deposits", number) == "settled")

        await until(settled)


async def test_a_refused_system_action_is_an_alarm_and_is_asked_again(app: App) -> None:
    emma = await person(app)
    await deposit(app, emma, "1.00")
    fill = "UPDATE accounts SET balance = $2 WHERE kind = 'wallet' AND owner = $1"
    await value(app, fill, emma, BALANCE_MAX)
    with structlog.testing.capture_logs() as logs:
        assert await worker.drain(app) == 0
    assert [(each["log_level"], each["event"]) for each in logs] == [("error", "system_refused")]
    assert json.loads(logs[0]["problem"])["code"] == "balance_too_large"
    assert app.batcher.counts.refused_system == 1
    assert await value(app, "SELECT count(*) FROM commands WHERE actor_id = 0") == 0
    await value(app, fill, emma, 0)
    assert await worker.drain(app) == 0
    assert await worker.advance(app, timedelta(minutes=2)) == 1
    assert await wallet(app, emma) == "1.00"


async def test_what_its_owner_cancelled_meanwhile_is_no_alarm(app: App) -> None:
    emma = await person(app)
    await deposit(app, emma, "1.00")
    await worker.drain(app)
    number = await withdraw(app, emma, "1.00")
    read = await worklist.due(app.database)
    await app.do(emma, CancelWithdrawal(number), via="test")
    with structlog.testing.capture_logs() as logs:
        await worker._attend(app, read[0], asyncio.Semaphore(1))
    assert logs == []
    assert app.batcher.counts.refused_system == 0


async def test_a_silent_gateway_is_asked_less_and_less_often(app: App) -> None:
    emma = await person(app)
    number = await deposit(app, emma, "1.00")

    class Silent(Answering):
        async def ask(self, payment: AnyPayment) -> Sequence[Notice]:
            return ()

    app.gateways = {"sandbox": Silent()}
    gaps = []
    for _ in range(4):
        await worker.drain(app)
        asked = await app.database.now()
        wakes = await value(app, "SELECT wakes_at FROM deposits WHERE id = $1", number)
        gaps.append((wakes - asked).total_seconds())
        await app.database.advance(wakes - asked)
    assert gaps == sorted(gaps)
    assert gaps[-1] > 2 * gaps[0]


async def test_the_list_is_found_by_its_index(app: App) -> None:
    """Whoever looks four times a second must not read the whole table."""
    for kind in ("deposits", "withdrawals"):
        async with app.database.pool.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL enable_seqscan = off")
            plan = await connection.fetch(
                f"EXPLAIN {sql(f'payments.due_{kind}').replace('$1', '10')}"
            )
        assert f"{kind}_that_wake" in str(plan)


async def test_the_database_may_be_away_for_a_while(app: App, server_dsn: str) -> None:
    emma = await person(app)
    name = await value(app, "SELECT current_database()")
    admin = await asyncpg.connect(server_dsn)
    with structlog.testing.capture_logs() as logs:
        async with working(app):
            await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
            )

            async def noticed() -> bool:
                return bool(logs)

            await until(noticed)
            await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            await deposit(app, emma, "1.00")

            async def settled() -> bool:
                return bool(await wallet(app, emma) == "1.00")

            await until(settled)
    await admin.close()
