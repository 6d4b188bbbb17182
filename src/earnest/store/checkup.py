"""A look at a database that may be broken: facts for `earnest doctor`, and nothing changed."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import asyncpg

from earnest.store.db import migrations, sha256
from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Connection

#: Longer than any server needs that can be worked with.
PATIENCE_SECONDS: Final = 5


class UnreachableError(Exception):
    """There is no looking at this database: `code` and `advice` say why and what to do."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        """Say what the server, or the network, has answered."""
        super().__init__(message)
        self.code = code
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Server:
    """What there is before anything is kept."""

    version: int
    encoding: str
    #: Settings that are off and must not be.
    unsafe: tuple[str, ...]
    #: How many connections we may have at most, by whichever limit is the lowest.
    connections: int
    now: datetime
    #: Tables that we may not read and write.
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The payments that wait for one gateway."""

    gateway: str
    payments: int
    since: datetime
    #: For how long the one due longest is due; negative if none is due yet.
    late: timedelta


@dataclass(frozen=True, slots=True)
class Site:
    """What is kept, where it is up to date."""

    mode: str
    halt: str | None
    restored_from: datetime | None
    breaks: int
    #: The newest number of an event.
    newest: int | None
    has_people: bool
    #: Whether anybody can rule on disputes.
    has_arbiter: bool
    #: Since when a contract or a project should have lapsed; negative if its time is to come.
    clock_late: timedelta | None
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was seen."""

    server: Server
    #: Migrations of ours that were not made, and made ones that we do not know so.
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    #: None unless all migrations of ours were made.
    site: Site | None


async def look(dsn: str) -> Facts:
    """Connect once, look, and leave."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            connection = await asyncpg.connect(
                dsn, timeout=PATIENCE_SECONDS, server_settings={"lock_timeout": "2s"}
            )
    except Exception as error:
        raise _explained(error) from error
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await _seen(connection)
    except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _explained(error) from error
    finally:
        connection.terminate()


async def _seen(db: Connection) -> Facts:
    record = await db.fetchrow(sql("checkup.server"))
    assert record is not None, "a question without a table has one answer"
    server = Server(
        record["version"],
        record["encoding"],
        tuple(record["unsafe"]),
        min(record["connections"]),
        record["now"],
        tuple(record["closed"]),
    )
    ours = {name: sha256(text) for name, text in migrations()}
    done: dict[str, str] = {}
    if record["is_ours"] and not {"migrations", "site"} & {*server.closed}:
        done = {each["name"]: each["sha256"] for each in await db.fetch(sql("checkup.migrations"))}
    missing = tuple(name for name in ours if name not in done)
    unknown = tuple(name for name in sorted(done) if ours.get(name) != done[name])
    site = None if missing or unknown or server.closed else await _site(db)
    return Facts(server, missing, unknown, site)


async def _site(db: Connection) -> Site | None:
    record = await db.fetchrow(sql("checkup.site"))
    if record is None:
        return None
    waiting = [Waiting(*each) for each in await db.fetch(sql("checkup.waiting"))]
    return Site(**dict(record), waiting=tuple(waiting))


def _explained(error: Exception) -> UnreachableError:
    """Which of the usual reasons it is."""
    said = str(error) or type(error).__name__
    for kinds, code, message, advice in _REASONS:
        if isinstance(error, kinds):
            return UnreachableError(code, message.format(said), advice)
    return UnreachableError(
        "database_refuses", f"PostgreSQL refuses: {said}.", "Read its log, and check DATABASE_URL."
    )


_REASONS: Final = (
    (
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
        "wrong_password",
        "PostgreSQL refuses the user or the password: {}.",
        "Check both in DATABASE_URL; a new password: ALTER ROLE … PASSWORD '…'",
    ),
    (
        (asyncpg.InvalidCatalogNameError,),
        "no_such_database",
        "The server has no such database: {}.",
        "Make it (createdb), or check the name at the end of DATABASE_URL.",
    ),
    (
        (asyncpg.InsufficientResourcesError,),
        "no_connection_left",
        "The server takes no more connections: {}.",
        "Raise max_connections, lower EARNEST_CONNECTIONS, or stop who holds them.",
    ),
    (
        (asyncpg.CannotConnectNowError,),
        "database_starting",
        "The server is starting or stopping: {}.",
        "Wait a moment and look again; if it lasts, read its log.",
    ),
    (
        (asyncpg.LockNotAvailableError,),
        "table_held",
        "Somebody holds a table and lets nobody look: {}.",
        "End it: SELECT pid, query FROM pg_stat_activity; SELECT pg_terminate_backend(<pid>);",
    ),
    (
        (asyncpg.InterfaceError, ValueError),
        "bad_address",
        "DATABASE_URL cannot be read: {}.",
        "It looks like postgresql://user:password@host:5432/database",
    ),
    (
        (socket.gaierror,),
        "no_such_host",
        "The host of DATABASE_URL is not known: {}.",
        "Check its name, and this machine's DNS: getent hosts <host>",
    ),
    (
        (OSError, TimeoutError),
        "database_unreachable",
        "Nothing answers where the database should be: {}.",
        "Check that it runs, its host and port in DATABASE_URL, firewalls: pg_isready -h <host>",
    ),
)
