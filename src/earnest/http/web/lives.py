"""A milestone's life as a line: what happened to it, now, and what will if nobody does anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.http.web.pictures import along

if TYPE_CHECKING:
    from datetime import datetime

    from markupsafe import Markup

    from earnest.core.milestones.row import Milestone
    from earnest.core.money import Money
    from earnest.http.web.foretelling import Foretold
    from earnest.http.web.telling import Told

#: The past has so much of the line where something is still to come, in tenths of a per cent.
PAST: Final = 620
WHOLE: Final = 1_000
#: So much of it stands below the line; all of it in the table.
PAST_TOLD: Final = 3
AHEAD_TOLD: Final = 2


@dataclass(frozen=True, slots=True)
class Point:
    """One thing on the line."""

    at: datetime
    #: How far along it stands.
    place: str
    text: str | Markup
    amount: Money | None
    person: str
    href: str | None
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Life:
    """The whole line."""

    points: Sequence[Point]
    now: str
    #: Whether something of it is held for which nothing ever happens.
    is_endless: bool
    #: Whether older events are left out.
    is_cut: bool

    @property
    def told(self) -> Sequence[Point]:
        """What is said below the line: the last that happened, and the first that will."""
        past = [each for each in self.points if not each.is_ahead]
        return [*past[-PAST_TOLD:], *self.ahead[:AHEAD_TOLD]]

    @property
    def ahead(self) -> Sequence[Point]:
        """What is still to come."""
        return [each for each in self.points if each.is_ahead]


def life(row: Milestone, timeline: Mapping[str, Any], fate: Foretold, now: datetime) -> Life | None:
    """Draw it; None where nothing was ever set aside, or an older part of the history is shown."""
    events: Sequence[Told] = [*reversed(timeline["events"])]
    if row.funded_at is None or timeline["newest"] is not None or not events:
        return None
    goes_on = bool(fate.ahead) or fate.is_endless
    middle = PAST if goes_on else WHOLE
    begins = events[0].at
    ends = fate.ahead[-1][0] if fate.ahead else now
    past = [
        Point(
            each.at, along(each.at, begins, now, 0, middle), each.title, each.amount, each.actor,
            each.href, is_ahead=False,
        )
        for each in events
    ]  # fmt: skip
    ahead = [
        Point(at, along(at, now, ends, middle, WHOLE), line, amount, "", None, is_ahead=True)
        for at, line, amount in fate.ahead
    ]
    here = along(now, begins, now, 0, middle)
    return Life([*past, *ahead], here, fate.is_endless, timeline["older"] is not None)
