"""Who was told in time of clocks that have run out, and when any process was there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute
from earnest.core.hearing import IN_TIME, Heard, LastNotice
from earnest.core.milestones.row import Milestone
from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.core.world import World
    from earnest.store.db import Connection, Database

#: How often a process says that it is there; and until when after that it is taken to be.
BEAT: Final = timedelta(minutes=1)
MISSED: Final = timedelta(minutes=2)


async def heard(db: Connection, world: World) -> Heard:
    """Of the contracts that were locked: what nobody can change any more once a clock ran out."""
    rows = [row for row in world.rows.values() if isinstance(row, Milestone | Dispute | Contract)]
    wakes = [row.wakes_at for row in rows if row.wakes_at is not None]
    told = await db.fetch(sql("hearing.notices"), [row.id for row in rows], IN_TIME)
    awake = await db.fetch(sql("hearing.awake"), min(wakes, default=world.now), MISSED)
    return Heard(
        notices=frozenset(LastNotice(*record) for record in told),
        awake=tuple((record[0], record[1]) for record in awake),
    )


async def beat(database: Database, number: int | None) -> int:
    """A process is there; under which number it says so from here on."""
    found: int = await database.pool.fetchval(sql("hearing.beat"), number, MISSED)
    return found
