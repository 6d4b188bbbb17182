"""The timeline: many lines of a story, each told from its first day to its last, become one year.

A line is a generator: it yields the day on which it goes on. Where it yields another line, that
one begins then. Every line has its own time of day, so that not everything happens at nine.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from earnest.demo.telling import StoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from earnest.demo.telling import Telling

#: The days of a line of the story, and lines that begin on them.
Days: TypeAlias = "AsyncIterator[int | Days]"

#: How many days it takes; the last of them is the present.
DAYS: Final = 365
#: It is told in so many parts, each as long as the longest month.
PARTS: Final = 12
PART: Final = timedelta(days=31)
#: One more step on the same day.
LATER: Final = timedelta(hours=1, minutes=25)


@dataclass(order=True, slots=True)
class _Turn:
    """A line that waits for its moment; of two that wait for the same, the first goes first."""

    at: datetime
    number: int
    line: Days = field(compare=False)

    def put_off(self, day: int, began: datetime, present: datetime) -> None:
        """Go on on this day at the line's own time of day, or later on the same."""
        own = timedelta(hours=8 + self.number * 3 % 10, minutes=self.number * 7 % 60)
        at = began + timedelta(days=day) + own
        if at.date() < self.at.date():
            raise StoryError(f"{self.line} goes back to day {day}")
        self.at = min(max(at, self.at + LATER), present)


async def play(story: Telling, lines: Iterable[Days], say: Callable[[str], None]) -> None:
    """Tell all of it in the order of the days, to the present."""
    present = await story.app.database.now() + timedelta(days=DAYS)
    numbers = itertools.count()
    turns = [_Turn(story.began, next(numbers), line) for line in lines]
    told = 0
    while turns:
        turn = heapq.heappop(turns)
        while story.began + told * PART <= turn.at:
            month = story.began + told * PART
            told += 1
            say(f"Telling the story, {told} of {PARTS}: {month:%B %Y}.")
        await story.go_on_to(turn.at)
        said = await anext(turn.line, None)
        if isinstance(said, int):
            turn.put_off(said, story.began, present)
        elif said is not None:
            heapq.heappush(turns, _Turn(turn.at, next(numbers), said))
        if said is not None:
            heapq.heappush(turns, turn)
