"""Reputation as JSON: every figure with what it was counted of, and null where nothing was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core import reputation
from earnest.core.money import Money
from earnest.core.people import Party, User
from earnest.core.references import printed
from earnest.core.reputation import WAITING, Measure
from earnest.core.rows import wire_time
from earnest.wire.surroundings import money
from earnest.words.reputation import CRITERIA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from earnest.core.reputation import Record, Tally

Json: TypeAlias = dict[str, Any]
#: How many milestones were paid in each month, on each side.
History: TypeAlias = "Mapping[Party, Sequence[tuple[datetime, int]]]"


def of_person(number: int, name: str, records: Iterable[Record], history: History) -> Json:
    """What was counted of somebody, on both sides."""
    sides = {
        f"as_{each.side.value}": {**_SIDES[each.side](each), "months": _months(history[each.side])}
        for each in records
    }
    return {"user": {"id": printed(User.prefix, number), "name": name}, **sides}


def _as_freelancer(record: Record) -> Json:
    """What was counted of somebody who works."""
    return {
        "contracts": _contracts(record),
        **{
            measure.value: _rate(record.of(measure))
            for measure in (
                Measure.COMPLETION_RATE,
                Measure.ON_TIME,
                Measure.ON_BUDGET,
                Measure.REPEAT_HIRE,
            )
        },
        "earnings": _earnings(record),
        "reviews": _reviews(record),
    }


def _as_employer(record: Record) -> Json:
    """What was counted of somebody who pays."""
    decided = record.of(Measure.HOURS_TO_DECIDE)
    released = record.of(Measure.RELEASED_SHARE)
    disputes = record.of(Measure.DISPUTES)
    return {
        "contracts": _contracts(record),
        "paid_up_front": _rate(record.of(Measure.PAID_UP_FRONT)),
        "hours_to_decide": {
            "median": reputation.hours(decided),
            "of": decided.whole,
            "waiting": record.of(Measure.HOURS_TO_DECIDE, WAITING).part,
            "counterparties": decided.people,
        },
        "released_share": {
            "percent": reputation.share(released),
            "of": released.whole,
            "counterparties": released.people,
        },
        "disputes_per_100": {
            "rate": reputation.per_hundred(disputes),
            "count": disputes.part,
            "of": disputes.whole,
            "counterparties": disputes.people,
        },
        "reviews": _reviews(record),
    }


def _contracts(record: Record) -> Json:
    tally = record.of(Measure.CONTRACTS)
    return {"ended": tally.part, "of": tally.whole, "counterparties": tally.people}


def _rate(tally: Tally) -> Json:
    return {
        "percent": reputation.percent(tally),
        "count": tally.part,
        "of": tally.whole,
        "counterparties": tally.people,
    }


def _earnings(record: Record) -> Json:
    tally = record.of(Measure.EARNINGS)
    earned = sorted(record.by_key(Measure.EARNINGS).items())
    bands = [reputation.band(Money(each.part, currency)) for currency, each in earned]
    return {
        "bands": [{"at_least": money(low), "below": money(high)} for low, high in bands],
        "of": tally.whole,
        "counterparties": tally.people,
    }


def _reviews(record: Record) -> Json:
    tally = record.of(Measure.REVIEWS)
    return {
        "stars": reputation.stars(tally, criteria=len(CRITERIA)),
        **{name: reputation.stars(record.of(Measure.REVIEWS, name)) for name in CRITERIA},
        "of": tally.whole,
        "counterparties": tally.people,
    }


def _months(history: Sequence[tuple[datetime, int]]) -> list[Json]:
    return [{"month": wire_time(month)[:7], "milestones": paid} for month, paid in history]


_SIDES: Final = {Party.FREELANCER: _as_freelancer, Party.EMPLOYER: _as_employer}
