"""First steps: what somebody came to do, and which of it is done. Nobody ticks anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Connection, Database

_CHOOSE: Final = "UPDATE users SET aim = $2, first_steps_hidden_at = NULL WHERE id = $1"
_HIDE: Final = """
UPDATE users SET first_steps_hidden_at = clock_timestamp() + (SELECT clock_offset FROM site)
WHERE id = $1
"""


class Aim(StrEnum):
    """What somebody came to do."""

    HIRE = "hire"
    WORK = "work"
    BOTH = "both"


class Step(StrEnum):
    """A first step, in the order in which they follow each other."""

    DEPOSITED = "deposited"
    OFFERED = "offered"
    FUNDED = "funded"
    RELEASED = "released"
    BID = "bid"
    ACCEPTED = "accepted"
    SUBMITTED = "submitted"
    PAID = "paid"


_HIRING: Final = (Step.DEPOSITED, Step.OFFERED, Step.FUNDED, Step.RELEASED)
_WORKING: Final = (Step.BID, Step.ACCEPTED, Step.SUBMITTED, Step.PAID)
STEPS: Final = {Aim.HIRE: _HIRING, Aim.WORK: _WORKING, Aim.BOTH: (*_HIRING, *_WORKING)}


@dataclass(frozen=True, slots=True)
class Beginning:
    """Somebody's first steps, and which of them they have done."""

    aim: Aim
    done: frozenset[Step]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Those of what they came to do."""
        return STEPS[self.aim]

    @property
    def is_over(self) -> bool:
        """Whether all of them are done."""
        return self.done >= {*self.steps}


async def beginning(db: Connection, user_id: int) -> Beginning | None:
    """The first steps of who said what they came to do, unless they have put them away."""
    record = await db.fetchrow(sql("beginnings.of_person"), user_id)
    if record is None:
        return None
    return Beginning(Aim(record["aim"]), frozenset(each for each in Step if record[each.value]))


async def choose(database: Database, user_id: int, aim: Aim) -> None:
    """They came to do this; what they had put away is there again."""
    await database.pool.execute(_CHOOSE, user_id, aim.value)


async def hide(database: Database, user_id: int) -> None:
    """They know their way."""
    await database.pool.execute(_HIDE, user_id)
