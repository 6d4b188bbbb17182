"""What is searched for, kept up to date beside the rows: in the background, many at a time.

A number tells when it was made, not when it was committed, so what a look finds is not "all above
the last". Every look begins a little behind the end of the one before and takes what has no
document yet; what was committed later than that is found by a second look, far behind the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from earnest.core.currencies import EXPONENTS
from earnest.core.references import NUMBER_MAX
from earnest.ids import first_of, moment
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from earnest.store.db import Connection, Database

#: How many rows one look takes of each sort of work.
TAKEN_MAX: Final = 1_000
#: Batches that commit side by side are no further apart than this.
OVERLAP_MS: Final = 5_000
#: After so long nobody commits any more, and the clocks of all machines are no further apart.
SETTLED_MS: Final = 300_000
#: How far the second look comes in one step.
STEP_MS: Final = 30_000

#: After so many looks there is a word about how far it is.
_SAID_EVERY: Final = 20

#: In the order of the parameters of `documents.words`.
KINDS: Final = ("user", "project", "contract", "milestone")
_DECIMALS: Final = 2
_OTHERS: Final = {code: digits for code, digits in EXPONENTS.items() if digits != _DECIMALS}

_WRITE = """
INSERT INTO documents (kind, id, employer_id, freelancer_id, words) {words}
ON CONFLICT (id, kind) DO UPDATE SET words = excluded.words
WHERE documents.words IS DISTINCT FROM excluded.words
"""
# Where everything was emptied, it begins at nothing.
_REACHED = """
INSERT INTO indexing (seen, settled, unfilled) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET (seen, settled, unfilled) = ($1, $2, $3)
"""
_RENAMED = """
DELETE FROM people_renamed WHERE user_id IN (SELECT user_id FROM people_renamed LIMIT $1)
RETURNING user_id
"""
_WAIT = "SELECT pg_advisory_xact_lock(20200114)"
_REBUILD = """
INSERT INTO indexing (seen, settled, unfilled) VALUES ($1, 0, $1)
ON CONFLICT (id) DO UPDATE SET unfilled = $1
"""
#: What many new documents change about a table is told to the planner at once.
_ANALYZE = "ANALYZE documents"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the index is."""

    seen: int
    settled: int
    unfilled: int
    #: The clock of the database, in milliseconds.
    now: int

    @property
    def is_whole(self) -> bool:
        """Whether every row was looked at."""
        return self.unfilled == 0


@dataclass(frozen=True, slots=True)
class Look:
    """One look: whether there is more to do at once, and how many documents it wrote."""

    more: bool = False
    written: int = 0


async def look(database: Database) -> Look:
    """Index what is new and what changed, and fill in a part of what is old. One transaction."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        record = await db.fetchrow(sql("documents.progress"))
        if record is None:  # Somebody else is at it.
            return Look()
        newest: int = await db.fetchval(sql("documents.newest"))
        before = _begun(Progress(*record), newest)
        found, seen = await _new(db, before.seen - span(OVERLAP_MS), newest, ahead=True)
        seen = max(before.seen, min(seen, first_of(before.now)))
        others, settled = await _new(db, before.settled, _late(before, seen))
        old, unfilled = await _old(db, before.unfilled)
        written = await _index(db, {*found, *others, *old, *await _renamed(db)})
        after = (seen, max(before.settled, settled), unfilled)
        if after != tuple(record)[:3]:
            await db.execute(_REACHED, *after)
        if before.unfilled and not unfilled:
            await db.execute(_ANALYZE)
    return Look(written >= TAKEN_MAX or unfilled > 0, written)


def _begun(kept: Progress, newest: int) -> Progress:
    """Where nobody has looked yet, all that is there is filled in, the newest first.

    What was numbered ahead of the clock does not say that all before it was looked at.
    """
    present = first_of(kept.now)
    if kept.seen:
        return replace(kept, seen=min(kept.seen, present), settled=min(kept.settled, present))
    seen = min(newest, present)
    return Progress(seen, max(seen - 2 * span(SETTLED_MS), 0), newest, kept.now)


async def standing(database: Database) -> Progress:
    """How far the index is."""
    record = await database.pool.fetchrow(sql("documents.standing"))
    assert record is not None, "the clock at least is told"
    return Progress(*record)


async def rebuild(database: Database) -> None:
    """Let every row be looked at again; documents that are right are left as they are."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        await db.execute(_WAIT)
        await db.execute(_REBUILD, await db.fetchval(sql("documents.newest")))


async def catch_up(database: Database, say: Callable[[str], None] = lambda _: None) -> int:
    """Look until there is nothing to do any more; how many documents that wrote."""

    async def told(written: int, _looked: int) -> None:
        left = (await standing(database)).unfilled
        when = f", back to {datetime.fromtimestamp(moment(left) / 1000, UTC):%Y-%m-%d}"
        say(f"Indexing: {written:,} written{when if left else ''}.")

    return await until_done(lambda: look(database), told)


async def until_done(
    looking: Callable[[], Awaitable[Look]], told: Callable[[int, int], Awaitable[None]]
) -> int:
    """Look until there is nothing to do any more; how much that wrote.

    Now and then it is told how much that is by then, and after how many looks.
    """
    written = looked = 0
    while True:
        found = await looking()
        written += found.written
        if not found.more:
            return written
        looked += 1
        if looked % _SAID_EVERY == 0:
            await told(written, looked)


async def _new(
    db: Connection, since: int, until: int, *, ahead: bool = False
) -> tuple[list[tuple[str, int]], int]:
    """What has no document yet, or another one by now; and up to which number that was looked for.

    What was numbered ahead of all clocks is taken as well, if that is wanted.
    """
    since = max(since, 0)
    if since >= until:
        return [], until
    most = NUMBER_MAX if ahead else until
    found = _rows(await db.fetch(sql("documents.missing"), since, most, TAKEN_MAX))
    reached = found[-1][1] if len(found) >= TAKEN_MAX else until
    return [*found, *_rows(await db.fetch(sql("documents.changed"), since, reached))], reached


def _late(before: Progress, seen: int) -> int:
    """Up to where the second look goes: now and then a good step, not a little at every look."""
    late = min(seen, first_of(before.now - SETTLED_MS))
    return late if late == seen or late - before.settled > span(STEP_MS) else before.settled


def span(milliseconds: int) -> int:
    """How far numbers are apart that were made so long one after the other."""
    return first_of(milliseconds) - first_of(0)


async def _old(db: Connection, unfilled: int) -> tuple[list[tuple[str, int]], int]:
    """The next of those that were there before the index, and what is left of them."""
    if not unfilled:
        return [], 0
    found = _rows(await db.fetch(sql("documents.below"), unfilled, TAKEN_MAX))
    return found, found[-1][1] - 1 if len(found) >= TAKEN_MAX else 0


async def _renamed(db: Connection) -> list[tuple[str, int]]:
    """What says the name of somebody who is called otherwise now."""
    people = [record[0] for record in await db.fetch(_RENAMED, TAKEN_MAX)]
    return _rows(await db.fetch(sql("documents.of_people"), people)) if people else []


async def _index(db: Connection, rows: Iterable[tuple[str, int]]) -> int:
    """Write the documents of these rows, where they are not so already."""
    numbers: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for kind, number in sorted(rows):
        numbers[kind].append(number)
    if not any(numbers.values()):
        return 0
    text = _WRITE.format(words=sql("documents.words"))
    done = await db.execute(text, *numbers.values(), [*_OTHERS], [*_OTHERS.values()])
    return int(done.rpartition(" ")[2])


def _rows(records: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(record[0], record[1]) for record in records]
