"""The rule book of one contract: every clock, budget and default that both sides agreed to.

Terms are data. A milestone keeps those it was funded under, whatever later versions ship.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from earnest.core.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOUR: Final = 3_600
DAY: Final = 24 * HOUR

Unanswered: TypeAlias = Literal["claim", "arbitration"]
ViolationCode: TypeAlias = Literal[
    "missing",
    "unknown_field",
    "wrong_type",
    "limit_required",
    "out_of_bounds",
    "without_its_clock",
    "above_review",
]


@dataclass(frozen=True, slots=True)
class Terms:
    """What happens when, and what happens if nobody does anything; None is no limit."""

    #: The version of the rules that read all the others.
    rules: int
    accept_seconds: int
    review_seconds: int | None
    #: Never released sooner than this after a submission, however little budget is left.
    review_floor_seconds: int | None
    change_rounds: int | None
    overdue_seconds: int | None
    dormant_seconds: int
    #: None and 0 both mean that a release is final at once.
    undo_seconds: int | None
    answer_freelancer_seconds: int
    answer_employer_seconds: int
    #: What an unanswered dispute leads to: the opener's claim stands, or an arbiter rules.
    unanswered: Unanswered
    negotiation_seconds: int | None
    arbitration_bps: int
    #: How long the other side may take to match an arbitration fee; None where none is asked.
    match_seconds: int | None
    ruling_seconds: int | None
    #: How many more arbiters are named, one after the other, when one stays silent.
    next_arbiters: int
    fee_bps: int


@dataclass(frozen=True, slots=True)
class Violation:
    """One field that nobody may agree to, and why."""

    field: str
    code: ViolationCode
    detail: str


class TermsError(ValueError):
    """Terms that cannot be agreed to, with everything that is wrong with them."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        """Keep all of them: whoever writes terms mends them in one go."""
        super().__init__("; ".join(f"{v.field}: {v.detail}" for v in violations))
        self.violations: Final = tuple(violations)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where to where one number may go, and whether it may be left open."""

    low: int
    high: int
    limitless: bool = False


BOUNDS: Final[Mapping[str, Bounds]] = {
    "rules": Bounds(1, 1),
    "accept_seconds": Bounds(12 * HOUR, 30 * DAY),
    "review_seconds": Bounds(3 * DAY, 60 * DAY, limitless=True),
    "review_floor_seconds": Bounds(DAY, 30 * DAY, limitless=True),
    "change_rounds": Bounds(0, 10, limitless=True),
    "overdue_seconds": Bounds(14 * DAY, 180 * DAY, limitless=True),
    "dormant_seconds": Bounds(90 * DAY, 730 * DAY),
    "undo_seconds": Bounds(0, DAY, limitless=True),
    "answer_freelancer_seconds": Bounds(3 * DAY, 30 * DAY),
    "answer_employer_seconds": Bounds(3 * DAY, 30 * DAY),
    "negotiation_seconds": Bounds(3 * DAY, 60 * DAY, limitless=True),
    "arbitration_bps": Bounds(0, 1_000),
    "match_seconds": Bounds(3 * DAY, 30 * DAY, limitless=True),
    "ruling_seconds": Bounds(3 * DAY, 60 * DAY, limitless=True),
    "next_arbiters": Bounds(0, 5),
    "fee_bps": Bounds(0, 10_000),
}
"""Every number of the terms. Between the fields themselves, ``_violations_between`` judges."""

UNANSWERED: Final[tuple[Unanswered, ...]] = ("claim", "arbitration")

CLASSIC: Final = Terms(
    rules=1,
    accept_seconds=36 * HOUR,
    review_seconds=None,
    review_floor_seconds=None,
    change_rounds=None,
    overdue_seconds=None,
    dormant_seconds=180 * DAY,
    undo_seconds=None,
    answer_freelancer_seconds=4 * DAY,
    answer_employer_seconds=14 * DAY,
    unanswered="claim",
    negotiation_seconds=None,
    arbitration_bps=500,
    match_seconds=4 * DAY,
    ruling_seconds=None,
    next_arbiters=0,
    fee_bps=0,
)
"""The original rules: submitted work waits for a person."""

BALANCED: Final = Terms(
    rules=1,
    accept_seconds=36 * HOUR,
    review_seconds=14 * DAY,
    review_floor_seconds=72 * HOUR,
    change_rounds=3,
    overdue_seconds=30 * DAY,
    dormant_seconds=180 * DAY,
    undo_seconds=600,
    answer_freelancer_seconds=7 * DAY,
    answer_employer_seconds=7 * DAY,
    unanswered="arbitration",
    negotiation_seconds=14 * DAY,
    arbitration_bps=0,
    match_seconds=None,
    ruling_seconds=14 * DAY,
    next_arbiters=2,
    fee_bps=0,
)
"""The rules as shipped: every funded state has a known end."""

UNDISPUTED: Final = frozenset({
    "accept_seconds",
    "review_seconds",
    "review_floor_seconds",
    "change_rounds",
    "overdue_seconds",
    "dormant_seconds",
    "undo_seconds",
})  # fmt: skip
"""The clocks of milestones and contracts."""

DISPUTED: Final = frozenset({
    "answer_freelancer_seconds",
    "answer_employer_seconds",
    "unanswered",
    "negotiation_seconds",
    "arbitration_bps",
    "match_seconds",
    "ruling_seconds",
    "next_arbiters",
})  # fmt: skip
"""The clocks and rules of disputes."""

DISPUTES_CHOOSABLE: Final = True
"""Whether people may agree to other rules of disputes than those of ``classic``."""

WOUND: Final = UNDISPUTED | (DISPUTED if DISPUTES_CHOOSABLE else frozenset[str]())
"""What may be chosen. Of all else, only the values of ``classic`` can be agreed to."""

PRESETS: Final[Mapping[str, Terms]] = {"classic": CLASSIC, "balanced": BALANCED}

OFFERED: Final = frozenset({"classic", "balanced"})
"""The presets that can be chosen by their name: those of which `prove` shows what they promise."""

_FIELDS: Final = tuple(field.name for field in fields(Terms))


def with_fee(terms: Terms, fee_bps: int) -> Terms:
    """Give the same terms with the operator's fee of the day."""
    return replace(terms, fee_bps=fee_bps)


def not_wound(terms: Terms, wound: frozenset[str] = WOUND) -> tuple[str, ...]:
    """Name what would need a clock that this version does not wind; the fee is not a clock."""
    free = wound | {"fee_bps"}
    return tuple(n for n in _FIELDS if n not in free and getattr(terms, n) != getattr(CLASSIC, n))


def as_json(terms: Terms) -> dict[str, int | str | None]:
    """Write terms down as every interface shows them, in the order of the fields."""
    return {name: getattr(terms, name) for name in _FIELDS}


def from_json(mapping: Mapping[str, object]) -> Terms:
    """Read terms from outside, or raise a TermsError that names every field that is wrong."""
    found = _violations_of(mapping)
    if found:
        raise TermsError(found)
    return Terms(**cast("dict[str, Any]", dict(mapping)))


def violations(terms: Terms) -> tuple[Violation, ...]:
    """Find everything in terms that nobody may agree to, in the order of the fields."""
    return tuple(_violations_of(as_json(terms)))


def terms_hash(terms: Terms, bid: Mapping[str, object] | None = None) -> str:
    """Name terms, and the bid they were offered on, by a hash that both sides accept with."""
    if bid is None:
        return _hash_without_bid(terms)
    return digest({"terms": as_json(terms), "bid": dict(bid)})


@lru_cache(maxsize=256)
def _hash_without_bid(terms: Terms) -> str:
    """Remember the few terms that almost every contract has: a hash costs more than a look-up."""
    return digest({"terms": as_json(terms), "bid": None})


def _violations_of(values: Mapping[str, object]) -> list[Violation]:
    """Judge each field alone, then, if all are right, those that lean on another."""
    found: list[Violation] = []
    for name in _FIELDS:
        if name not in values:
            found.append(Violation(name, "missing", "is required"))
        elif name in BOUNDS:
            found += _violations_of_number(name, values[name], BOUNDS[name])
        elif values[name] not in UNANSWERED:
            found.append(Violation(name, "out_of_bounds", f"is one of {', '.join(UNANSWERED)}"))
    for name in values:
        if name not in _FIELDS:
            found.append(Violation(name, "unknown_field", "is not a field of the terms"))
    return found or _violations_between(values)


def _violations_of_number(name: str, value: object, bounds: Bounds) -> list[Violation]:
    if value is None:
        if bounds.limitless:
            return []
        return [Violation(name, "limit_required", "cannot be left without a limit")]
    if not isinstance(value, int) or isinstance(value, bool):
        return [Violation(name, "wrong_type", "is a whole number")]
    if not bounds.low <= value <= bounds.high:
        detail = f"is from {_spoken(name, bounds.low)} to {_spoken(name, bounds.high)}"
        return [Violation(name, "out_of_bounds", detail)]
    return []


def _violations_between(values: Mapping[str, object]) -> list[Violation]:
    """Refuse what means nothing without its clock: one meaning has one spelling and one hash."""
    found: list[Violation] = []
    review, floor = values["review_seconds"], values["review_floor_seconds"]
    if (review is None) != (floor is None):
        detail = "is there exactly if review_seconds is"
        found.append(Violation("review_floor_seconds", "without_its_clock", detail))
    elif isinstance(review, int) and isinstance(floor, int) and floor > review:
        detail = "is no longer than review_seconds"
        found.append(Violation("review_floor_seconds", "above_review", detail))
    if (values["arbitration_bps"] == 0) != (values["match_seconds"] is None):
        detail = "is there exactly if arbitration_bps is above 0"
        found.append(Violation("match_seconds", "without_its_clock", detail))
    if values["ruling_seconds"] is None and values["next_arbiters"] != 0:
        detail = "is 0 unless there is a ruling_seconds"
        found.append(Violation("next_arbiters", "without_its_clock", detail))
    return found


def _spoken(name: str, value: int) -> str:
    """Say a bound in the unit a person counts in."""
    if not name.endswith("_seconds") or value == 0:
        return str(value)
    if value % DAY == 0 and value > DAY:
        return f"{value // DAY} days ({value})"
    return f"{value // HOUR} hours ({value})"
