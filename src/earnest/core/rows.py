"""A row: one frozen dataclass is one row of one table, as it is or as it will be."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar, Self, TypeAlias

from earnest.core.records import replace
from earnest.core.references import printed

#: What a row is found by: its own number, its hash, or the pair of people that it counts for.
Key: TypeAlias = int | str | tuple[int, int]


class Row:
    """What every row has: a noun, a prefix for its printed reference, and a key."""

    __slots__ = ()

    noun: ClassVar[str]
    #: Empty for rows that are never shown to anybody.
    prefix: ClassVar[str] = ""

    id: int

    @property
    def key(self) -> Key:
        """What the row is found by."""
        return self.id

    def standing(self, now: datetime) -> StrEnum:
        """Its status at that moment: a clock has run out whether or not it was written down."""
        return self.status  # type: ignore[attr-defined,no-any-return]

    @property
    def reference(self) -> str:
        """The id as people see it: ``ms_0DXH3K8ZQ2Y7A``."""
        return printed(self.prefix, self.id)


class Waking(Row):
    """A row with clocks: none of them runs out before it wakes, and None has none that runs."""

    __slots__ = ()

    wakes_at: datetime | None

    def waking(self, at: datetime | None) -> Self:
        """The same row, to be looked at then."""
        return replace(self, wakes_at=at)  # type: ignore[type-var]  # Rows are records.


@lru_cache(maxsize=4_096)
def wire_time(moment: datetime) -> str:
    """Print a moment in UTC as every interface does: ``2026-12-07T14:05:00.123Z``.

    Two digests are taken over it, so its form is a rule and lives here.
    """
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"
