"""How the books are: what the last verification found, and whether money moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from earnest.core.money import Money
from earnest.store.queries import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.store.db import Connection


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of the books without looking at all of them."""

    #: When they were last verified; None: never yet.
    at: datetime | None
    transfers: int
    #: By currency: how many accounts there are, and what all of them add up to.
    sums: Sequence[tuple[int, Money]]
    #: The rules that did not hold then, each with the first row that broke it.
    broken: Sequence[tuple[str, str]]
    #: Since when no money moves, and what stopped it.
    halted_at: datetime | None
    halted_by: str | None

    @property
    def is_halted(self) -> bool:
        """Whether no money moves."""
        return self.halted_at is not None

    @property
    def is_right(self) -> bool:
        """Whether all that is known is in order."""
        return self.at is not None and not self.broken and not self.is_halted


async def proof(db: Connection) -> Proof:
    """Read it: one row, however large the books are."""
    found = await db.fetchrow(sql("proof.last"))
    assert found is not None, "that there was none is an answer, too"
    sums = [
        (count, Money(int(total), currency))
        for currency, count, total in zip(
            *(found[name] or () for name in ("currencies", "accounts", "totals")), strict=True
        )
    ]
    broken = [*zip(found["broken"] or (), found["firsts"] or (), strict=True)]
    return Proof(
        found["at"], found["transfers"] or 0, sums, broken, found["halted_at"], found["halted_by"]
    )
