"""Plans: when which part of a milestone is paid, as the employer planned it while funding it.

A plan is a part of what both sides agree to, so it stands on the milestone and never changes; what
became of each tranche is a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from earnest.core.money import Money
from earnest.core.records import record
from earnest.core.rows import wire_time

#: Two years of monthly tranches; and with one there is nothing to plan.
TRANCHES_MAX: Final = 24
TRANCHES_MIN: Final = 2
#: The last tranche is due so many days from its funding at most: five years.
DAYS_MAX: Final = 1_826


@record(frozen=True, slots=True)
class Planned:
    """One tranche, as it was planned."""

    #: The row that says what became of it.
    id: int
    at: datetime
    amount: Money
    #: Kept back until all others are paid.
    retention: bool

    @property
    def told(self) -> dict[str, object]:
        """What both sides mean by it, as its canonical JSON says it."""
        price = {"amount": self.amount.decimal, "currency": self.amount.currency}
        return {"amount": price, "at": wire_time(self.at), "retention": self.retention}


@record(frozen=True, slots=True)
class Plan:
    """The tranches of a milestone, in the order in which they are paid."""

    tranches: tuple[Planned, ...]

    @property
    def begins_at(self) -> datetime:
        """The date of the first: a plan that nobody agreed to by then never binds."""
        return self.tranches[0].at

    @property
    def dates(self) -> tuple[datetime, ...]:
        """When each is paid."""
        return tuple(each.at for each in self.tranches)

    def at(self, moment: datetime) -> Planned:
        """The tranche of that date."""
        return next(each for each in self.tranches if each.at == moment)


def as_kept(plan: Plan) -> list[dict[str, object]]:
    """The plan as it is kept; its currency is the milestone's."""
    return [
        {"id": t.id, "at": wire_time(t.at), "amount": t.amount.minor, "retention": t.retention}
        for t in plan.tranches
    ]


def from_kept(kept: Sequence[Mapping[str, Any]], currency: str) -> Plan:
    """The plan that was kept."""
    return Plan(
        tuple(
            Planned(
                each["id"],
                datetime.fromisoformat(each["at"]),
                Money(each["amount"], currency),
                each["retention"],
            )
            for each in kept
        )
    )
