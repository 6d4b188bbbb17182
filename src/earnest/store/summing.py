"""What a person's money did in each month, added up beside the transfers.

Transfers never change and only come, so each is added once, when nobody can commit one with a lower
number any more. Whoever reads knows until when all of it is in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from earnest.ids import first_of
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.documents import SETTLED_MS, STEP_MS, Look, span, until_done
from earnest.store.queries import sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from earnest.store.db import Connection, Database

#: How many transfers one look adds.
TAKEN_MAX: Final = 5_000
#: A transfer moved no earlier than this before its number was made.
SLACK: Final = timedelta(minutes=10)

_SUMS: Final = ("came", "went", "moves", "outgoing", "incoming", "on_the_way", "earned", "spent")
_ADD: Final = f"""
INSERT INTO monthly_sums AS s (user_id, currency, month, {", ".join(_SUMS)}) {{made}}
ON CONFLICT (user_id, currency, month)
DO UPDATE SET {", ".join(f"{each} = s.{each} + excluded.{each}" for each in _SUMS)}
"""
_REACHED: Final = """
INSERT INTO summing (settled, until) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET (settled, until) = ($1, $2)
"""
_FORGET: Final = "TRUNCATE monthly_sums, summing"
#: What many new rows change about a table is told to the planner at once.
_ANALYZE: Final = "ANALYZE monthly_sums"


@dataclass(frozen=True, slots=True)
class _Progress:
    settled: int
    until: datetime | None
    #: The clock of the database, in milliseconds, and that of the site.
    now: int
    site_now: datetime


async def look(database: Database, *, settled_ms: int = SETTLED_MS) -> Look:
    """Add the next transfers, in one transaction. Where nobody writes they settle at once."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        record = await db.fetchrow(sql("sums.progress"))
        if record is None:  # Somebody else is at it.
            return Look()
        before = _Progress(*record)
        late = first_of(before.now - settled_ms)
        if before.until is not None and late - before.settled < min(
            span(STEP_MS), span(settled_ms)
        ):
            return Look()
        last, count = await _reach(db, before.settled, late)
        is_whole = count < TAKEN_MAX
        settled = max(before.settled, late) if is_whole else last
        written = await _add(db, before.settled, settled) if count else 0
        until = await _until(db, late, before) if is_whole else before.until
        await db.execute(_REACHED, settled, until)
        if is_whole and before.until is None:
            await db.execute(_ANALYZE)
    return Look(not is_whole, written)


async def _reach(db: Connection, settled: int, late: int) -> tuple[int, int]:
    """The last of the next transfers, and how many those are."""
    found = await db.fetchrow(sql("sums.reach"), settled, late, TAKEN_MAX)
    assert found is not None, "a count is a row"
    return found[0], found[1]


async def _until(db: Connection, late: int, before: _Progress) -> datetime:
    """Before which moment of the site all that moved is in."""
    first: datetime | None = await db.fetchval(sql("sums.first_after"), late)
    return min(first or before.site_now, before.site_now) - SLACK


async def _add(db: Connection, after: int, until: int) -> int:
    done = await db.execute(_ADD.format(made=sql("sums.made")), after, until)
    return int(done.rpartition(" ")[2])


async def rebuild(database: Database) -> None:
    """Let everything be added up again."""
    await database.pool.execute(_FORGET)


async def catch_up(
    database: Database,
    say: Callable[[str], None] = lambda _: None,
    *,
    settled_ms: int = SETTLED_MS,
) -> int:
    """Look until there is nothing to do any more; how many sums that changed."""

    async def told(_written: int, looked: int) -> None:
        say(f"Adding up: {looked * TAKEN_MAX:,} transfers.")

    return await until_done(lambda: look(database, settled_ms=settled_ms), told)
