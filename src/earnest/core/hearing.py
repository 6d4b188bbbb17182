"""Hearing: who was told in time of what a clock leads to, and when anybody could have acted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from earnest.core.records import record

#: By so long before a clock runs out its last notice has to be in its reader's hands.
IN_TIME: Final = timedelta(hours=12)


class LastNotice(NamedTuple):
    """The last notice of a clock, to somebody who can do something about it."""

    #: The row that it is about, and the action that the clock leads to, by its wire name.
    subject_id: int
    leads_to: str
    #: When that clock runs out.
    at: datetime
    user_id: int


@record(frozen=True, slots=True)
class Heard:
    """What is known of the rows whose clocks may have run out. By itself: nobody heard anything."""

    #: Those that the mail server took, or that were read here, early enough.
    notices: frozenset[LastNotice] = frozenset()
    #: From when to when a process was there: nobody can act while none is.
    awake: tuple[tuple[datetime, datetime], ...] = ()

    def was_awake(self, at: datetime) -> bool:
        """Whether a process was there at that instant."""
        return any(since <= at <= until for since, until in self.awake)
