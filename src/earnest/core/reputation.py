"""Reputation: what the books say of somebody, in whole numbers, and never rounded in their favour.

One query a measure counts; here stands what the counts amount to, and nowhere else. What somebody
would like to be large is rounded down, so that 100 % means all of it; what they would like to be
small is rounded up. Without anything to count there is no figure, which is not the same as 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from earnest.core.money import BPS_WHOLE, Money
from earnest.core.people import Party
from earnest.core.records import record


class Measure(StrEnum):
    """One figure of somebody's record."""

    CONTRACTS = "contracts"
    COMPLETION_RATE = "completion_rate"
    ON_TIME = "on_time"
    ON_BUDGET = "on_budget"
    REPEAT_HIRE = "repeat_hire"
    EARNINGS = "earnings"
    PAID_UP_FRONT = "paid_up_front"
    HOURS_TO_DECIDE = "hours_to_decide"
    RELEASED_SHARE = "released_share"
    DISPUTES = "disputes_per_100"
    REVIEWS = "reviews"


#: What there is of each side, in the order in which it is shown.
MEASURES: Final[Mapping[Party, tuple[Measure, ...]]] = {
    Party.FREELANCER: (
        Measure.CONTRACTS,
        Measure.COMPLETION_RATE,
        Measure.ON_TIME,
        Measure.ON_BUDGET,
        Measure.REPEAT_HIRE,
        Measure.EARNINGS,
        Measure.REVIEWS,
    ),
    Party.EMPLOYER: (
        Measure.CONTRACTS,
        Measure.PAID_UP_FRONT,
        Measure.HOURS_TO_DECIDE,
        Measure.RELEASED_SHARE,
        Measure.DISPUTES,
        Measure.REVIEWS,
    ),
}
#: Of how long submitted work takes to be decided upon: what is counted of it that is not yet.
WAITING: Final = "waiting"

_HOUR: Final = 3_600
#: Where a band of earnings begins: at 1 or 5 with any number of noughts.
_STEPS: Final = (5, 2)


@record(frozen=True, slots=True)
class Tally:
    """What was counted for a measure: so much, of so many, with so many different people."""

    #: How many of the whole; of shares their basis points together, of stars their sum, of a
    #: median the seconds of the one in the middle, of earnings minor units.
    part: int
    whole: int
    people: int


NOTHING: Final = Tally(0, 0, 0)


@record(frozen=True, slots=True)
class Record:
    """All that was counted of somebody on one side; what was not there was not counted."""

    side: Party
    #: By measure, and by what it is divided into: criteria, currencies, or nothing.
    tallies: Mapping[tuple[Measure, str], Tally]

    def of(self, measure: Measure, key: str = "") -> Tally:
        """What was counted for a measure."""
        return self.tallies.get((measure, key), NOTHING)

    def by_key(self, measure: Measure) -> dict[str, Tally]:
        """What was counted for each thing that a measure is divided into."""
        return {key: tally for (of, key), tally in self.tallies.items() if of is measure and key}

    @property
    def is_empty(self) -> bool:
        """Whether there is no contract that counts."""
        return self.of(Measure.CONTRACTS).whole == 0


def percent(tally: Tally) -> int | None:
    """So many in a hundred, rounded down."""
    return tally.part * 100 // tally.whole if tally.whole else None


def share(tally: Tally) -> int | None:
    """The average of shares that were counted in basis points, in percent, rounded down."""
    return tally.part * 100 // (tally.whole * BPS_WHOLE) if tally.whole else None


def per_hundred(tally: Tally) -> str | None:
    """How many there are for every hundred, with one decimal, rounded up."""
    return _tenths(-(-tally.part * 1_000 // tally.whole)) if tally.whole else None


def stars(tally: Tally, *, criteria: int = 1) -> str | None:
    """The average of stars on so many criteria, with one decimal, rounded down."""
    return _tenths(tally.part * 10 // (tally.whole * criteria)) if tally.whole else None


def hours(tally: Tally) -> int | None:
    """The median in hours, rounded up; nobody decides in none."""
    return max(-(-tally.part // _HOUR), 1) if tally.whole else None


def band(amount: Money) -> tuple[Money, Money]:
    """Between which round amounts this one is: at least the first, and below the second."""
    assert amount.is_positive, "nothing is in no band"
    low, turn = 1, 0
    while (high := low * _STEPS[turn]) <= amount.minor:
        low, turn = high, 1 - turn
    return Money(low, amount.currency), Money(high, amount.currency)


def _tenths(number: int) -> str:
    return f"{number // 10}.{number % 10}"
