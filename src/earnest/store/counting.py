"""What the milestones of each contract add up to, kept beside the rows, for the records of people.

A count says of which state of its contract it is, so one that is old is never taken for a new one:
where something has happened since, whoever reads counts anew. All that the worker decides is how
much is left to count, so it comes late, when nobody can commit what is older any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.ids import first_of
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.documents import SETTLED_MS, STEP_MS, Look, span, until_done
from earnest.store.queries import sql
from earnest.store.reads.reputation import milestones

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from earnest.store.db import Connection, Database

#: How many contracts one look counts of each sort of work, and how many events it looks at.
TAKEN_MAX: Final = 1_000
EVENTS_MAX: Final = 10_000

_COLUMNS: Final = (
    "contract_id", "seq", "counted_at", "good_until", "funded", "waiting", "begun", "gave_back",
    "released", "done", "released_bps", "up_front", "dated", "in_time", "decided",
)  # fmt: skip
_WRITE: Final = f"""
INSERT INTO contract_counts ({", ".join(_COLUMNS)})
SELECT {", ".join(_COLUMNS)} FROM ({{made}}) t
ON CONFLICT (contract_id) DO UPDATE
SET ({", ".join(_COLUMNS[1:])}) = ROW({", ".join(f"excluded.{each}" for each in _COLUMNS[1:])})
"""
_REACHED: Final = """
INSERT INTO counting (settled, unfilled) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET (settled, unfilled) = ($1, $2)
"""
_FORGET: Final = "DELETE FROM counting"
#: What many new rows change about a table is told to the planner at once.
_ANALYZE: Final = "ANALYZE contract_counts"


@dataclass(frozen=True, slots=True)
class _Progress:
    settled: int
    unfilled: int
    #: The clock of the database, in milliseconds.
    now: int


async def look(database: Database) -> Look:
    """Count contracts that have come to rest, and a part of what is old. One transaction."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        record = await db.fetchrow(sql("counts.progress"))
        if record is None:  # Somebody else is at it.
            return Look()
        before, late = await _begun(db, _Progress(*record))
        happened, settled = await _happened(db, before.settled, late)
        passed = [row[0] for row in await db.fetch(sql("counts.passed"), TAKEN_MAX)]
        old, unfilled = await _old(db, before.unfilled)
        written = await count(db, {*happened, *passed, *old}, late)
        after = (settled, unfilled)
        if after != tuple(record)[:2]:
            await db.execute(_REACHED, *after)
        if before.unfilled and not unfilled:
            await db.execute(_ANALYZE)
    more = settled < late - span(STEP_MS) or unfilled > 0 or len(passed) == TAKEN_MAX
    return Look(more, written)


async def rebuild(database: Database) -> None:
    """Let every contract be counted again."""
    await database.pool.execute(_FORGET)


async def catch_up(database: Database, say: Callable[[str], None] = lambda _: None) -> int:
    """Look until there is nothing to do any more; how many contracts that counted."""

    async def told(counted: int, _looked: int) -> None:
        say(f"Counting: {counted:,} contracts.")

    return await until_done(lambda: look(database), told)


async def _begun(db: Connection, kept: _Progress) -> tuple[_Progress, int]:
    """Where the counting is, and up to which event nobody commits any more.

    Where nobody has counted yet, all contracts that are there are, the newest first.
    """
    late = first_of(kept.now - SETTLED_MS)
    if kept.settled:
        return kept, late
    return _Progress(late, await db.fetchval(sql("counts.newest")), kept.now), late


async def _happened(db: Connection, since: int, until: int) -> tuple[list[int], int]:
    """Where something happened, a good step at a time; and up to which event that looks."""
    if until - since < span(STEP_MS):
        return [], since
    found = await db.fetch(sql("counts.happened"), since, until, EVENTS_MAX)
    return [row[0] for row in found], found[-1][1] if len(found) == EVENTS_MAX else until


async def _old(db: Connection, unfilled: int) -> tuple[list[int], int]:
    """The next of those that were there before the counting, and what is left of them."""
    if not unfilled:
        return [], 0
    found = [row[0] for row in await db.fetch(sql("counts.below"), unfilled, TAKEN_MAX)]
    return found, found[-1] - 1 if len(found) == TAKEN_MAX else 0


async def count(db: Connection, contracts: Collection[int], late: int) -> int:
    """Write down what these add up to, where nothing has happened after this event; how many."""
    if not contracts:
        return 0
    made = sql("counts.made").format(moment=sql("reputation.moment"), milestones=milestones())
    done = await db.execute(_WRITE.format(made=made), sorted(contracts), late)
    return int(done.rpartition(" ")[2])
