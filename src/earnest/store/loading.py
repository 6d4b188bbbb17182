"""Loading: what was decided in memory is copied into a database that nobody else works in.

The same rows as a batch writes, by COPY and by the thousand. What others add to as well, wallets
and what has no floor, is added; everything else is new, or the copying fails.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import asyncpg

from earnest.core.contracts import AgreedTerms
from earnest.core.ledger import FREE, Account
from earnest.core.people import User, sorted_roles
from earnest.store.batch import encoded
from earnest.store.db import SETTINGS
from earnest.store.tables import TABLES, USER_COLUMNS
from earnest.store.writing import (
    ACCOUNT_COLUMNS,
    COMMAND_COLUMNS,
    EVENT_COLUMNS,
    TRANSFER_COLUMNS,
    FullError,
    add,
    event_row,
    transfer_rows,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from earnest.core.commands import Command, Event
    from earnest.core.rows import Row
    from earnest.core.world import World
    from earnest.store.db import Connection
    from earnest.wire.surroundings import Surroundings

#: How long copying one part may take.
SECONDS: Final = 600
#: Accounts of people: many parts of a load meet in them.
_SHARED: Final = FREE | {"wallet"}
_PERSON: Final = (*USER_COLUMNS.split(", "), "password_hash")


@dataclass(slots=True)
class Told:
    """What happened in one world, ready to be copied."""

    events: list[tuple[Any, ...]] = field(default_factory=list)
    transfers: list[tuple[Any, ...]] = field(default_factory=list)
    commands: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, command: Command, event: Event, around: Surroundings) -> None:
        """One more command that was done."""
        body, _ = encoded(event, around)
        self.events.append((*event_row(event, body), event.at))
        self.transfers += transfer_rows(event)
        self.commands.append((*command.id, command.hash, event.id, None, event.at))


@contextlib.asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Connection]:
    """A connection of its own, that waits for the other parts of a load as long as they take."""
    db = await asyncpg.connect(dsn, server_settings={**SETTINGS, "lock_timeout": "0"})
    try:
        yield db
    finally:
        await db.close()


async def copy(db: Connection, world: World, told: Told) -> None:
    """All of one world, or nothing of it."""
    async with db.transaction():
        await _copy_rows(db, world)
        await _copy(db, "transfers", TRANSFER_COLUMNS, told.transfers)
        await _copy(db, "events", EVENT_COLUMNS, told.events)
        await _copy(db, "commands", (*COMMAND_COLUMNS, "at"), told.commands)
        own, shared = _changes(world)
        await _copy(db, "accounts", ACCOUNT_COLUMNS, own)
        await _add(db, shared)


async def _copy_rows(db: Connection, world: World) -> None:
    parts: dict[type[Row], list[Row]] = {}
    for (kind, _), row in world.written.items():
        parts.setdefault(kind, []).append(row)
    for table in TABLES:
        rows = parts.get(table.kind, ())
        if table.kind is AgreedTerms:  # Others may have the same ones.
            await db.execute(table.insert(1), *table.arrays(rows), timeout=SECONDS)
        elif rows:
            names = [column.name for column in table.columns]
            await _copy(db, table.name, names, table.records(rows))


def _changes(world: World) -> tuple[list[tuple[Any, ...]], dict[Account, int]]:
    """The accounts that are this world's alone, and what it adds to the others."""
    own: list[tuple[Any, ...]] = []
    shared = dict(world.deltas)
    for account, delta in world.moved.items():
        if account.kind in _SHARED:
            shared[account] = shared.get(account, 0) + delta
        else:
            own.append((*account, delta))
    return own, shared


async def _add(db: Connection, shared: dict[Account, int]) -> None:
    """Last, because everybody else waits for it."""
    try:
        await add(db, shared)
    except FullError as full:
        raise AssertionError("nobody in a load is that rich") from full


async def people(db: Connection, everybody: Iterable[User], password_hash: str) -> None:
    """Everybody, with one password for all."""
    records = (
        (p.id, p.name, p.email, p.status, sorted_roles(p.roles), p.created_at, p.updated_at,
         password_hash)
        for p in everybody
    )  # fmt: skip
    await _copy(db, "users", _PERSON, records)


async def _copy(
    db: Connection, table: str, columns: Sequence[str], records: Iterable[tuple[Any, ...]]
) -> None:
    await db.copy_records_to_table(table, columns=list(columns), records=records, timeout=SECONDS)


async def analyze(db: Connection) -> None:
    """Let the planner know what is there now, and what every reader may see."""
    await db.execute("VACUUM ANALYZE", timeout=SECONDS)
