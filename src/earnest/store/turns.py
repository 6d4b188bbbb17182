"""Batches of one process overlap: while one writes, the next one locks and decides.

PostgreSQL locks rows in one global order, but for accounts that only gain: nobody has to know what
they hold, so they are added to last, when everything else is held and decided. That would let two
batches wait for each other in a circle; here is why, within a process, they never do:

- Batches lock accounts one after the other, and a batch does not lock what one before it will add
  to until that one has written.
- They write one after the other, in the order in which they locked.

So a batch only ever waits for batches that came before it. Two processes may still meet in a
circle; PostgreSQL ends that, and the batcher asks again with everything locked beforehand.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from earnest.core.ledger import Account


class Turns:
    """The batches of a process that have locked what they need and have not written yet."""

    def __init__(self) -> None:
        """Nobody is under way."""
        self.locking = asyncio.Lock()
        self.under_way: list[Turn] = []

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """One batch, until it is kept or has failed."""
        turn = Turn(self)
        try:
            yield turn
        finally:
            turn.end()


@dataclass(slots=True, eq=False)
class Turn:
    """One batch's place among those under way; it has none before it has locked."""

    turns: Turns
    #: What it will add to last.
    gaining: set[Account] = field(default_factory=set)
    #: From here on it waits for nobody: it has only to be kept, or it has failed.
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def locking(self, needs: set[Account], gaining: set[Account]) -> AsyncIterator[None]:
        """Lock these accounts now, while nobody else does; from then on it has its place."""
        async with self.turns.locking:
            for other in [*self.turns.under_way]:
                if not other.gaining.isdisjoint(needs):
                    await other.ended.wait()
            yield
            self.gaining = gaining
            self.turns.under_way.append(self)

    async def to_write(self) -> None:
        """Wait until all that came before it have written."""
        for other in [*self.turns.under_way]:
            if other is self:
                return
            await other.ended.wait()

    def end(self) -> None:
        """It waits for nobody any more."""
        self.ended.set()
        if self in self.turns.under_way:
            self.turns.under_way.remove(self)
