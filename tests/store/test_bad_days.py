"""One broken command, a deadlock, a lost connection: what the others notice of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

import asyncpg
import pytest
import structlog
from tests.store.books import wrong
from tests.store.engine import (
    PATIENCE_SECONDS,
    Engine,
    agreed,
    code_of,
    connected,
    running,
    until,
    usd,
)
from typing_extensions import override

from earnest.batcher import ATTEMPTS, QUEUE_MAX, BrokenCommandError, UnavailableError
from earnest.core.actions import Decision, View
from earnest.core.commands import Command
from earnest.core.contracts import Contract, Say, message
from earnest.core.ledger import Transfer, wallet
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.records import record
from earnest.store.batch import Answer
from earnest.store.wanted import ALL_LOCKED, LOCKED

pytestmark = pytest.mark.asyncio


@record(frozen=True, slots=True)
class Explode(Say):
    """An action with a bug. It is in no registry: nothing but this module can ask for it."""

    name: ClassVar[str] = "contract.explode"

    @override
    def decide(self, subject: Contract, world: View) -> Decision:
        raise ZeroDivisionError


@record(frozen=True, slots=True)
class Misplace(Say):
    """An action that moves money of an account that it did not name."""

    @override
    def decide(self, subject: Contract, world: View) -> Decision:
        return Decision((), (Transfer(subject.employer_wallet, wallet(1, "USD"), usd("1.00")),))


@record(frozen=True, slots=True)
class Gossip(Say):
    """An action that writes what a constraint of the tables refuses."""

    @override
    def decide(self, subject: Contract, world: View) -> Decision:
        gossip = message(world, subject, None, "gossip", self.text)  # type: ignore[arg-type]
        return Decision((gossip,))


@pytest.mark.parametrize(
    "poison",
    [
        lambda contract: Explode(contract, "A bug in decide."),
        lambda contract: Misplace(contract, "An account that nobody locked."),
        lambda contract: Gossip(contract, "What a constraint refuses."),
        lambda contract: Say(contract, "A NUL that the server refuses: \0"),
        lambda contract: Say(contract, "A lone surrogate has no bytes: \ud800"),
        lambda contract: Say(contract << 8, "A number that the driver refuses."),
    ],
    ids=["decide", "account", "constraint", "nul", "surrogate", "number"],
)
async def test_a_command_that_cannot_be_run_is_isolated(
    engine: Engine, poison: Callable[[int], Say]
) -> None:
    """All others of its batch are answered as if it were not there."""
    deal = await agreed(engine, "100.00")
    part = ReleaseMilestone(deal.milestone, usd("1.00"))
    commands = [engine.command(deal.employer, part) for _ in range(30)]
    first = engine.node.ids.reserve(12)
    asked = poison(deal.contract)
    commands.insert(17, Command(deal.employer, "poison", asked, first, b"x" * 32, "test"))
    with structlog.testing.capture_logs() as logs:
        answers = await asyncio.gather(
            *(engine.batcher.submit(command) for command in commands), return_exceptions=True
        )
    broken = answers.pop(17)
    assert isinstance(broken, BrokenCommandError)
    assert [(log["event"], log["action"]) for log in logs] == [("command_broken", asked.name)]
    assert engine.batcher.counts.broken == 1
    assert engine.batcher.counts.retries == 0
    assert [code_of(a) for a in answers if isinstance(a, Answer)] == ["ok"] * 30
    assert await engine.value("SELECT count(*) FROM commands WHERE key = 'poison'") == 0
    assert await wrong(engine.database.pool) == {}


async def waits_for_a_lock(connection: asyncpg.Connection[Any], of: str = "earnest") -> bool:
    found = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = $1"
        " AND datname = current_database() AND wait_event_type = 'Lock')",
        of,
    )
    return bool(found)


async def configured(dsn: str, setting: str) -> None:
    """Every connection to this database from now on has it so."""
    async with connected(dsn) as admin:
        name = await admin.fetchval("SELECT current_database()")
        await admin.execute(f"ALTER DATABASE {name} SET {setting}")


async def test_a_deadlock_is_not_the_askers_business(dsn: str) -> None:
    """Somebody locks a milestone, and then its contract; the engine goes the other way.

    It is stopped at the clock, between the two, until the other waits: so it is always the engine
    that closes the circle, on a machine of any speed. Only the circle may end its waiting.
    """
    await configured(dsn, "deadlock_timeout = '20ms'")
    async with (
        running(dsn, most=1) as engine,
        connected(dsn) as admin,
        connected(dsn) as clock,
        connected(dsn) as other,
    ):
        deal = await agreed(engine, "100.00")
        await engine.database.pool.execute("SET lock_timeout = 0")
        await other.execute("SET deadlock_timeout = '1min'; BEGIN")
        await other.execute("SELECT FROM milestones WHERE id = $1 FOR UPDATE", deal.milestone)
        await clock.execute("BEGIN; LOCK TABLE site")
        asked = asyncio.create_task(
            engine.code(deal.employer, ReleaseMilestone(deal.milestone, usd("1.00")))
        )
        await until(lambda: waits_for_a_lock(admin))
        contract = "SELECT FROM contracts WHERE id = $1 FOR UPDATE"
        waiting = asyncio.create_task(other.execute(contract, deal.contract))
        await until(lambda: waits_for_a_lock(admin, of=""))
        await clock.execute("COMMIT")
        await waiting
        await other.execute("COMMIT")
        assert await asked == "ok"
        assert engine.batcher.counts.retries == 1
        assert await engine.balance("wallet", deal.freelancer) == 100
        assert engine.batcher._hold(1) is ALL_LOCKED, "for a while it is careful"


async def test_a_serialization_failure_is_not_the_askers_business(dsn: str) -> None:
    await configured(dsn, "default_transaction_isolation = 'repeatable read'")
    async with running(dsn) as engine, connected(dsn) as admin, connected(dsn) as other:
        deal = await agreed(engine, "100.00")
        await other.execute("BEGIN")
        await other.execute("UPDATE contracts SET seq = seq WHERE id = $1", deal.contract)
        asked = asyncio.create_task(
            engine.code(deal.employer, ReleaseMilestone(deal.milestone, usd("1.00")))
        )
        await until(lambda: waits_for_a_lock(admin))
        await other.execute("COMMIT")
        assert await asked == "ok"
        assert engine.batcher.counts.retries == 1
        assert await engine.balance("wallet", deal.freelancer) == 100


async def test_retries_are_bounded_and_then_nothing_was_done(dsn: str) -> None:
    await configured(dsn, "statement_timeout = '300ms'")
    async with running(dsn) as engine, connected(dsn) as other:
        deal = await agreed(engine, "100.00")
        await other.execute("BEGIN")
        await other.execute("SELECT FROM contracts WHERE id = $1 FOR UPDATE", deal.contract)
        command = engine.command(deal.employer, ReleaseMilestone(deal.milestone))
        with pytest.raises(UnavailableError) as refused:
            await engine.batcher.submit(command)
        assert refused.value.code == "database_gone"
        assert engine.batcher.counts.retries == ATTEMPTS - 1
        assert await engine.balance("wallet", deal.freelancer) == 0
        await other.execute("ROLLBACK")
        assert code_of(await engine.batcher.submit(command)) == "ok"


async def test_a_connection_that_was_cut_is_replaced(engine: Engine, dsn: str) -> None:
    deal = await agreed(engine, "100.00")
    async with connected(dsn) as admin:
        cut = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'earnest' AND datname = current_database()"
        )
        assert await admin.fetchval(cut) > 0
    assert await engine.code(deal.employer, ReleaseMilestone(deal.milestone)) == "ok"


async def test_cut_in_the_middle_of_a_batch_it_is_done_once(engine: Engine, dsn: str) -> None:
    deal = await agreed(engine, "100.00")
    async with connected(dsn) as admin, connected(dsn) as other:
        await other.execute("BEGIN")
        await other.execute("SELECT FROM milestones WHERE id = $1 FOR UPDATE", deal.milestone)
        part = ReleaseMilestone(deal.milestone, usd("1.00"))
        asked = asyncio.create_task(engine.code(deal.employer, part))
        await until(lambda: waits_for_a_lock(admin))
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
            " application_name = 'earnest' AND datname = current_database()"
        )
        await other.execute("COMMIT")
        assert await asked == "ok"
    assert engine.batcher.counts.retries >= 1
    assert await engine.balance("wallet", deal.freelancer) == 100


async def test_what_was_committed_while_the_answer_was_lost_is_found(
    engine: Engine, dsn: str
) -> None:
    """The same command a second time, as a retry after a lost COMMIT would ask it."""
    deal = await agreed(engine, "100.00")
    command = engine.command(deal.employer, ReleaseMilestone(deal.milestone))
    first = (await engine.batcher._execute_once([command], LOCKED))[command.id]
    again = await engine.batcher.submit(command)
    assert (again.rows, again.replayed) == (first.rows, True)


async def test_a_full_queue_says_so_at_once(dsn: str) -> None:
    async with running(dsn) as engine:
        deal = await agreed(engine)
        say = Say(deal.contract, "Hello.")
        asked = [asyncio.create_task(engine.code(deal.employer, say)) for _ in range(QUEUE_MAX + 3)]
        heard = await asyncio.gather(*asked, return_exceptions=True)
        busy = [each for each in heard if isinstance(each, UnavailableError)]
        assert [each.code for each in busy] == ["busy"] * 3
        assert heard.count("ok") == QUEUE_MAX


async def test_closing_answers_what_was_asked_before(dsn: str) -> None:
    """What is under way and what still waits; a lock of somebody else's holds both up."""
    async with (
        running(dsn, commands_max=5) as engine,
        connected(dsn) as admin,
        connected(dsn) as other,
    ):
        deal = await agreed(engine)
        await other.execute("BEGIN")
        await other.execute("SELECT FROM contracts WHERE id = $1 FOR UPDATE", deal.contract)
        say = Say(deal.contract, "Goodbye.")
        asked = [asyncio.create_task(engine.code(deal.employer, say)) for _ in range(20)]
        await until(lambda: waits_for_a_lock(admin))
        assert engine.batcher.waiting > 0
        closing = asyncio.create_task(engine.batcher.close())
        await other.execute("COMMIT")
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await asyncio.gather(*asked) == ["ok"] * 20
            await closing


async def test_after_closing_nothing_is_taken(dsn: str) -> None:
    async with running(dsn) as engine:
        deal = await agreed(engine)
        await engine.batcher.close()
        with pytest.raises(UnavailableError):
            await engine.ask(deal.employer, Say(deal.contract, "Too late."))
