"""What somebody's reputation looks like, as JSON Schema: every figure with how it is counted."""

from __future__ import annotations

from typing import Any, Final

from earnest.core.reputation import Measure
from earnest.http.schemas import COUNT, MONEY, PERSON, Schema, or_null, ref, shape
from earnest.words.reputation import COUNTED, CRITERIA, FORMULAS

_PERCENT: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 100}
_TENTHS: Final[Schema] = {"type": "string", "pattern": r"^[0-9]+\.[0-9]$"}


def _figure(measure: Measure, /, **members: Schema) -> Schema:
    """A figure; of how many and with how many different people it was counted is always there."""
    return shape(str(FORMULAS[measure]), **members, of=COUNT, counterparties=COUNT)


def _rate(measure: Measure) -> Schema:
    return _figure(measure, percent=or_null(_PERCENT), count=COUNT)


_CONTRACTS: Final = _figure(Measure.CONTRACTS, ended=COUNT)
_REVIEWS: Final = _figure(
    Measure.REVIEWS, stars=or_null(_TENTHS), **dict.fromkeys(CRITERIA, or_null(_TENTHS))
)
_BAND: Final = shape("Between round amounts.", at_least=MONEY, below=MONEY)
_RATES: Final = (
    Measure.COMPLETION_RATE,
    Measure.ON_TIME,
    Measure.ON_BUDGET,
    Measure.REPEAT_HIRE,
)

_MONTHS: Final[Schema] = {
    "type": "array",
    "description": "Milestones that ended with a release, in each of the last twelve months.",
    "items": shape(
        "A month.", month={"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}, milestones=COUNT
    ),
}

RECORDS: Final[dict[str, Any]] = {
    "FreelancerRecord": shape(
        "What the books say of somebody who works; null is a figure without anything to count.",
        contracts=_CONTRACTS,
        **{each.value: _rate(each) for each in _RATES},
        earnings=_figure(Measure.EARNINGS, bands={"type": "array", "items": _BAND}),
        reviews=_REVIEWS,
        months=_MONTHS,
    ),
    "EmployerRecord": shape(
        "What the books say of somebody who pays; null is a figure without anything to count.",
        contracts=_CONTRACTS,
        paid_up_front=_rate(Measure.PAID_UP_FRONT),
        hours_to_decide=_figure(
            Measure.HOURS_TO_DECIDE,
            median=or_null({"type": "integer", "minimum": 1}),
            waiting={**COUNT, "description": "Submissions that wait now."},
        ),
        released_share=_figure(Measure.RELEASED_SHARE, percent=or_null(_PERCENT)),
        disputes_per_100=_figure(Measure.DISPUTES, rate=or_null(_TENTHS), count=COUNT),
        reviews=_REVIEWS,
        months=_MONTHS,
    ),
    "Reputation": shape(
        f"What the books say of somebody, on both sides. {COUNTED}",
        user=PERSON,
        as_freelancer=ref("FreelancerRecord"),
        as_employer=ref("EmployerRecord"),
    ),
}
