"""What is read to tell what the clocks will do to a person's money soon.

All that a calendar of theirs has, but only until some day, and of very much only the first: it
costs the same for one contract as for thousands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.core.fate import within
from earnest.store.reads.foreseen import Reach, foreseen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from earnest.core.fate import Step
    from earnest.core.house import House
    from earnest.core.world import World
    from earnest.store.db import Connection

#: So many things are told, and so many rows of each kind are read.
MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens until some day if nobody does anything."""

    #: Each with the world that it happens in, the first first.
    steps: Sequence[tuple[Step, World]]
    names: Mapping[int, str]
    #: Whether there may be more of it than was read.
    is_cut: bool


async def coming(
    db: Connection, person_id: int, house: House, now: datetime, until: datetime
) -> Coming:
    """Read it for one person."""
    found = await foreseen(db, person_id, house, Reach(until, MOST, now))
    steps = [
        (step, world)
        for of, world in found.worlds
        for step in within(of, world, until)
        if step.at >= now
    ]
    steps.sort(key=lambda each: (each[0].at, each[0].subject.key))
    return Coming(steps[:MOST], found.names, found.is_cut or len(steps) > MOST)
