"""The database: connections, migrations, the site's mode, and a node for this process's numbers."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from earnest.ids import Ids

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

#: A connection, from a pool or not.
Connection: TypeAlias = "asyncpg.Connection[Any] | PoolConnectionProxy[Any]"

#: The oldest server that speaks all of our SQL.
OLDEST_SERVER: Final = 16
LEASE_SECONDS: Final = 3600
#: How long a read waits for one of the connections.
CONNECTION_SECONDS: Final = 5
#: How long a command waits for a server that is being started again.
REVIVE_SECONDS: Final = 3

log = structlog.get_logger()

#: Of every session.
SETTINGS: Final = {
    "application_name": "earnest",
    "timezone": "UTC",
    "jit": "off",
    "synchronous_commit": "on",
    "plan_cache_mode": "force_generic_plan",
    # A process that froze while it held a row must not freeze all others with it.
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "30s",
}

#: So many statements a connection keeps prepared, and for as long as it lives: all pages together
#: ask some 150, and planning those of one of them anew takes longer than answering it.
_PREPARED_MOST: Final = 300

#: Two transactions waited for each other, and this one had to give way.
IN_A_CIRCLE: Final = asyncpg.DeadlockDetectedError
#: Trouble that passes: the same command may be asked again.
PASSING: Final = (
    IN_A_CIRCLE,
    asyncpg.SerializationError,
)
#: Somebody holds what a command is about, for longer than anybody should.
HELD: Final = asyncpg.LockNotAvailableError
#: The server is not there, or was not while we spoke to it.
GONE: Final = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
    asyncpg.QueryCanceledError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)


class DatabaseError(Exception):
    """The database cannot be used as it is, and what to do about it."""

    def __init__(self, message: str, advice: str) -> None:
        """Say what is wrong, and the next step."""
        super().__init__(message)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Site:
    """What this installation is, since its creation."""

    mode: str
    clock_offset: timedelta


_ADVANCE: Final = """
WITH moved AS (
    UPDATE site SET clock_offset = clock_offset + $1
    RETURNING clock_timestamp() + clock_offset AS now
), lived AS (
    INSERT INTO heartbeats (since, until)
    SELECT now - $1, now FROM moved WHERE $1 > interval '0'
)
SELECT now FROM moved
"""


class Database:
    """A pool of connections to one Earnest database."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        """Wrap a pool; `connect` makes one."""
        self.pool = pool

    @classmethod
    async def connect(
        cls, dsn: str, *, most: int = 10, revive: Callable[[], None] | None
    ) -> Database:
        """Connect, and check that the server is one we can use."""
        try:
            pool = await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=most,
                server_settings=SETTINGS,
                command_timeout=30,
                statement_cache_size=_PREPARED_MOST,
                max_cached_statement_lifetime=0,
                reset=_nothing_to_reset,
                init=_ask_for_types,
            )
        except asyncpg.InvalidPasswordError as error:
            raise DatabaseError(
                "PostgreSQL refused the password.", "Check the password in DATABASE_URL."
            ) from error
        except (OSError, asyncpg.PostgresError) as error:
            raise DatabaseError(
                f"PostgreSQL does not answer: {error}", "Check DATABASE_URL and the server's log."
            ) from error
        database = cls(pool)
        database._revive = revive
        version = await pool.fetchval("SHOW server_version_num")
        if int(version) // 10_000 < OLDEST_SERVER:
            await pool.close()
            raise DatabaseError(
                f"PostgreSQL {int(version) // 10_000} is too old.",
                f"Use PostgreSQL {OLDEST_SERVER} or newer.",
            )
        return database

    _revive: Callable[[], None] | None = None
    _reviving: asyncio.Task[None] | None = None

    async def revive(self) -> None:
        """A private server that died is started again, once, by whoever notices first.

        Waits a moment for it; if that is not enough the starting goes on behind.
        """
        if self._revive is None:
            return
        if self._reviving is None or self._reviving.done():
            self._reviving = asyncio.create_task(asyncio.to_thread(self._revive))
            self._reviving.add_done_callback(_say_if_it_failed)
        await asyncio.wait([self._reviving], timeout=REVIVE_SECONDS)

    async def close(self) -> None:
        """Give the connections back."""
        await self.pool.close()

    async def now(self) -> datetime:
        """The clock that decides: the database's, with the test clock in front of it."""
        now: datetime = await self.pool.fetchval(
            "SELECT clock_timestamp() + (SELECT clock_offset FROM site)"
        )
        return now

    async def site(self) -> Site:
        """What this installation is."""
        try:
            record = await self.pool.fetchrow("SELECT mode, clock_offset FROM site")
        except asyncpg.UndefinedTableError:
            record = None
        if record is None:
            raise DatabaseError("This database holds no Earnest.", "Run `earnest migrate`.")
        return Site(*record)

    async def advance(self, by: timedelta) -> datetime:
        """Move the test clock forward, or back to where a story begins.

        Whoever sets it forward is there all that time, which takes none.
        """
        now: datetime = await self.pool.fetchval(_ADVANCE, by)
        return now


async def _ask_for_types(connection: Connection) -> None:
    """What the driver asks once about each type, it asks now: not in the middle of a batch."""
    await connection.fetch("SELECT $1::text[], $2::bytea[], $3::bigint[]", [], [], [])


async def _nothing_to_reset(_connection: Connection) -> None:
    """No state of a session is ever changed, so putting it back would be a wasted round trip."""


def _say_if_it_failed(reviving: asyncio.Task[None]) -> None:
    if not reviving.cancelled() and reviving.exception() is not None:
        log.error("database_not_revived", error=str(reviving.exception()))


def migrations() -> list[tuple[str, str]]:
    """Every migration in order: its name and its SQL."""
    folder = resources.files("earnest.store") / "migrations"
    found = [each for each in folder.iterdir() if each.name.endswith(".sql")]
    return sorted((each.name, each.read_text(encoding="utf-8")) for each in found)


_BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS migrations (
    name text PRIMARY KEY,
    sha256 text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""


async def migrate(dsn: str, *, mode: str, say: Callable[[str], None]) -> int:
    """Bring the database up to this version; say each step, and return how many there were."""
    patient = {**SETTINGS, "lock_timeout": "0"}  # Another process may be migrating.
    connection = await asyncpg.connect(dsn, server_settings=patient)
    try:
        await connection.execute("SELECT pg_advisory_lock(20200101)")
        await connection.execute(_BOOKKEEPING)
        records = await connection.fetch("SELECT name, sha256 FROM migrations")
        done = {record["name"]: record["sha256"] for record in records}
        ours = migrations()
        _must_be_ours(done, ours)
        steps = [(name, sql) for name, sql in ours if name not in done]
        for name, sql in steps:
            say(f"migrating: {name}")
            async with connection.transaction():
                await connection.execute("SET LOCAL lock_timeout = '4s'")
                await connection.execute("SET LOCAL statement_timeout = '5min'")
                await connection.execute(sql)
                await connection.execute(
                    "INSERT INTO migrations (name, sha256) VALUES ($1, $2)", name, sha256(sql)
                )
        await connection.execute("INSERT INTO site (mode) VALUES ($1) ON CONFLICT DO NOTHING", mode)
        return len(steps)
    finally:
        await connection.close()


def _must_be_ours(done: dict[str, str], ours: list[tuple[str, str]]) -> None:
    """Refuse a database that a newer or another Earnest has changed."""
    known = {name: sha256(sql) for name, sql in ours}
    for name, made in sorted(done.items()):
        if known.get(name) != made:
            raise DatabaseError(
                f"The database has the migration {name}, which this version does not know so.",
                "Start the version that made it, or a newer one.",
            )


async def missing_migrations(database: Database) -> list[str]:
    """Which migrations have not been made in this database."""
    exists = await database.pool.fetchval("SELECT to_regclass('migrations') IS NOT NULL")
    done = await database.pool.fetch("SELECT name FROM migrations") if exists else []
    have = {record["name"] for record in done}
    return [name for name, _ in migrations() if name not in have]


def sha256(text: str) -> str:
    """By what a migration is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


_LEASE = """
UPDATE nodes SET leased_until = clock_timestamp() + make_interval(secs => $1), holder = $2
WHERE node = (
    SELECT node FROM nodes WHERE leased_until < clock_timestamp()
    ORDER BY leased_until, node LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING node
"""


class Node:
    """A number for this process, so that no two processes make the same row numbers.

    The node that has been free longest is taken, so a restart never meets numbers that its
    predecessor made ahead of the clock.
    """

    def __init__(self, number: int, holder: str) -> None:
        """Hold a node; `lease` takes one."""
        self.number = number
        self.ids = Ids(number)
        self.holder = holder

    @classmethod
    async def lease(cls, database: Database) -> Node:
        """Take a node for an hour; `renew` keeps it."""
        holder = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
        number = await database.pool.fetchval(_LEASE, LEASE_SECONDS, holder)
        if number is None:
            raise DatabaseError(
                "All 1,024 nodes are taken.", "Stop some of the processes, or wait an hour."
            )
        return cls(number, holder)

    async def renew(self, database: Database) -> None:
        """Keep the node for another hour; if somebody else has it by now, take another."""
        done = await database.pool.execute(
            "UPDATE nodes SET leased_until = clock_timestamp() + make_interval(secs => $1)"
            " WHERE node = $2 AND holder = $3",
            LEASE_SECONDS,
            self.number,
            self.holder,
        )
        if done != "UPDATE 1":
            other = await self.lease(database)
            self.number, self.ids, self.holder = other.number, other.ids, other.holder

    async def release(self, database: Database) -> None:
        """Let another process have it."""
        await database.pool.execute(
            "UPDATE nodes SET leased_until = clock_timestamp() WHERE node = $1 AND holder = $2",
            self.number,
            self.holder,
        )
