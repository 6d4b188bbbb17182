"""Row numbers that sort by time: 41 bits of milliseconds since 2020, 10 of node, 12 of counter.

A process leases its node from a table when it starts, so no two of them can make the same number.
One event loop uses one ``Ids``: it is not safe for several threads, and does not need to be.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

EPOCH: Final = 1_577_836_800_000
"""2020-01-01T00:00:00Z, in milliseconds since the Unix epoch."""

NODES: Final = 1 << 10
BLOCK_MAX: Final = 1 << 12
"""The most numbers that one millisecond has, and so the most that can be reserved at once."""

_NODE_SHIFT: Final = 12
_TIME_SHIFT: Final = 22
_MILLISECONDS: Final = 1 << 41


def wall_milliseconds() -> int:
    """Read this machine's clock."""
    return time.time_ns() // 1_000_000


def moment(number: int) -> int:
    """Tell when a number was made, in milliseconds since the Unix epoch."""
    return (number >> _TIME_SHIFT) + EPOCH


def first_of(milliseconds: int) -> int:
    """Tell the least number that can be made at a moment, in milliseconds since the Unix epoch."""
    return milliseconds - EPOCH << _TIME_SHIFT


class Ids:
    """Makes the numbers of one process, each larger than the one before.

    The clock is only a hint: when it goes back, or a millisecond has no room left, the numbers go
    on from the last millisecond used, ahead of the clock until it has caught up.
    """

    def __init__(self, node: int, clock: Callable[[], int] = wall_milliseconds) -> None:
        """Begin at the clock's present; one before 2020 is broken, and is refused."""
        if not 0 <= node < NODES:
            raise ValueError(f"a node is from 0 to {NODES - 1}")
        self._node = node << _NODE_SHIFT
        self._clock = clock
        self._millisecond = clock() - EPOCH
        self._counter = 0
        if self._millisecond < 0:
            raise ValueError("this machine's clock stands before 2020")

    def new(self) -> int:
        """Make one number."""
        return self.reserve(1)

    def reserve(self, count: int) -> int:
        """Make so many consecutive numbers and return the first; they are all of one millisecond.

        What a caller leaves unused is never given to another.
        """
        if not 1 <= count <= BLOCK_MAX:
            raise ValueError(f"from 1 to {BLOCK_MAX} numbers can be reserved at once")
        now = self._clock() - EPOCH
        if now > self._millisecond:
            self._millisecond, self._counter = now, 0
        elif self._counter + count > BLOCK_MAX:
            self._millisecond, self._counter = self._millisecond + 1, 0
        if self._millisecond >= _MILLISECONDS:
            raise OverflowError("the numbers end in 2089")
        first = self._millisecond << _TIME_SHIFT | self._node | self._counter
        self._counter += count
        return first
