"""For who measures: what the server is set to, and which statements a connection runs."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from earnest.store.db import SETTINGS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from earnest.store.db import Connection, Database

#: What decides whether two measurements can be compared.
TOLD: Final = (
    "server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_compression",
    "shared_buffers", "max_wal_size",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spent:
    """One statement, and how long it took to be answered."""

    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One statement with its values."""

    text: str
    values: tuple[object, ...]
    seconds: float


#: What the driver says around the statements of a transaction.
_AROUND: Final = ("BEGIN", "COMMIT", "ROLLBACK")


async def settings(database: Database) -> dict[str, str]:
    """What is in force for every connection of ours."""
    names = list(TOLD)
    found = await database.pool.fetch(
        "SELECT name, current_setting(name) FROM unnest($1::text[]) AS name", names
    )
    return dict(found)


async def make_database(database: Database, name: str) -> None:
    """Another database on the same server; the name is one of ours."""
    await database.pool.execute(f"CREATE DATABASE {name}")


async def write_everything(database: Database) -> None:
    """Have all that is dirty written, so that no measurement pays for the one before it."""
    await database.pool.execute("CHECKPOINT", timeout=300)


def libpq(dsn: str, database: str) -> Mapping[str, str]:
    """The same address for PostgreSQL's own programs: no password on a command line."""
    parts = urlsplit(dsn)
    (host,) = parse_qs(parts.query)["host"]
    return {
        "PGHOST": host,
        "PGPORT": parse_qs(parts.query)["port"][0],
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": database,
    }


@contextlib.contextmanager
def statements_of(db: Connection) -> Iterator[list[Spent]]:
    """Note every statement of a connection, for as long as this."""
    spent: list[Spent] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        spent.append(Spent(record.query, record.elapsed))

    with db.query_logger(note):
        yield spent


@contextlib.asynccontextmanager
async def asked_of(database: Database) -> AsyncIterator[list[Asked]]:
    """Note every statement of a pool, for as long as this; but for what begins and ends them."""
    asked: list[Asked] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        if not record.query.startswith(_AROUND):
            asked.append(Asked(record.query, tuple(record.args or ()), record.elapsed))

    pool = database.pool
    connections = [await pool.acquire() for _ in range(pool.get_max_size())]
    for each in connections:
        each.add_query_logger(note)
        await pool.release(each)
    try:
        yield asked
    finally:
        for each in [await pool.acquire() for _ in range(pool.get_max_size())]:
            each.remove_query_logger(note)
            await pool.release(each)


#: Plans go to whoever ran the statement, not into the server's log, and without any value.
_EXPLAINING: Final = """
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_analyze = on;
SET auto_explain.log_triggers = on;
SET auto_explain.log_wal = on;
SET auto_explain.log_parameter_max_length = 0;
SET client_min_messages = log;
"""


@contextlib.asynccontextmanager
async def plans_of(dsn: str) -> AsyncIterator[tuple[Connection, list[str]]]:
    """A connection of its own that notes the plan of every statement, with times and WAL."""
    plans: list[str] = []
    db = await asyncpg.connect(dsn, server_settings=SETTINGS)
    try:
        await db.execute(_EXPLAINING)
        db.add_log_listener(lambda _, message: plans.append(message.message or ""))
        yield db, plans
    finally:
        db.terminate()
