"""What belongs to a sandbox alone: its gateway's memory, and the end of a story's loading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from earnest.core.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.store.db import Database

_REMEMBER = """
INSERT INTO sandbox_payments (payment, currency, amount, first_asked_at)
SELECT $1, $2, $3, clock_timestamp() + clock_offset FROM site
ON CONFLICT (payment) DO UPDATE SET asked = sandbox_payments.asked + 1
RETURNING currency, amount, first_asked_at, asked,
    clock_timestamp() + (SELECT clock_offset FROM site) AS now
"""


_KEEP_MAILS = """
INSERT INTO sandbox_mails (delivery_id, user_id, raw, at)
SELECT w.*, clock_timestamp() + clock_offset
FROM site, unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS w
ON CONFLICT DO NOTHING
"""

_IS_THERE = "SELECT EXISTS (SELECT FROM sandbox_payments) IS NOT NULL"

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE application_name = 'earnest' AND datname = current_database()
"""


async def others_work_here(database: Database) -> bool:
    """Whether any other process of Earnest is connected to this database."""
    connected: int = await database.pool.fetchval(_OTHERS)
    return connected > database.pool.get_size()


@dataclass(frozen=True, slots=True)
class Remembered:
    """A payment as the sandbox gateway was first asked for it, and how often it was asked."""

    amount: Money
    first_asked_at: datetime
    asked: int
    now: datetime


class SandboxMemory:
    """The gateway's own books: they outlive our processes, as a real gateway's do."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database, in transactions of their own."""
        self._database = database

    async def remember(self, payment: str, amount: Money) -> Remembered:
        """Count one more asking; what was asked for first stays."""
        record = await self._database.pool.fetchrow(
            _REMEMBER, payment, amount.currency, amount.minor
        )
        assert record is not None, "the statement makes the row or finds it"
        currency, minor, first, asked, now = record
        return Remembered(Money(minor, currency), first, asked, now)

    async def is_there(self) -> bool:
        """Whether it can be read."""
        found: bool = await self._database.pool.fetchval(_IS_THERE)
        return found


class SandboxMails:
    """The mails of a sandbox, as they would have gone out."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def keep(self, mails: Sequence[tuple[int, int, bytes]]) -> None:
        """Keep some, each with its number and its reader's; a retry of one changes nothing."""
        columns = [list(column) for column in zip(*mails, strict=True)]
        if columns:
            await self._database.pool.execute(_KEEP_MAILS, *columns)


class Story(StrEnum):
    """What a database has of the demo's story."""

    NONE = "none"
    BEGUN = "demo: begun"
    WHOLE = "demo: whole"
    #: The same of the demo at scale.
    SCALE_BEGUN = "demo at scale: begun"
    SCALE_WHOLE = "demo at scale: whole"
    #: People, but no story.
    FOREIGN = "foreign"


#: The mark is kept where nothing else is, in the database itself: it comes and goes with the rows.
_MARK = "COMMENT ON TABLE site IS '{}'"
_MARKED = {Story.BEGUN, Story.WHOLE, Story.SCALE_BEGUN, Story.SCALE_WHOLE}
_KEPT = ("site", "nodes", "migrations")

_TABLES = """
SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
WHERE schemaname = 'public' AND tablename <> ALL ($1::text[])
"""


async def story(database: Database) -> Story:
    """Whether the demo's story is here, and all of it."""
    mark = await database.pool.fetchval("SELECT obj_description('site'::regclass)")
    if mark in _MARKED:
        return Story(mark)
    peopled = await database.pool.fetchval("SELECT EXISTS (SELECT FROM users)")
    return Story.FOREIGN if peopled else Story.NONE


async def begin_story(database: Database, ago: timedelta, mark: Story = Story.BEGUN) -> None:
    """Empty every table, and set the clock back; only where nothing but a story could be."""
    assert await story(database) is not Story.FOREIGN, "only a story is ever taken away"
    async with database.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = '10s'")
        tables = await connection.fetchval(_TABLES, _KEPT)
        await connection.execute(f"TRUNCATE {tables}")
        await connection.execute("UPDATE site SET clock_offset = -$1::interval", ago)
        await connection.execute(_MARK.format(mark))


async def end_story(database: Database, mark: Story = Story.WHOLE) -> None:
    """The clock stands at the present, and the story is whole."""
    async with database.pool.acquire() as connection, connection.transaction():
        await connection.execute("UPDATE site SET clock_offset = '0'")
        await connection.execute(_MARK.format(mark))
