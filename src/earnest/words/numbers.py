"""Terms in one's own numbers: what a form asks for, each in the unit a person counts in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.core.terms import BOUNDS, CLASSIC, DAY, HOUR
from earnest.words.formats import counted
from earnest.words.saying import _, mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from earnest.core.terms import Violation

#: The choice beside the presets.
OWN: Final = "own"

_MINUTE: Final = 60


class Number(NamedTuple):
    """One number of the terms as a form asks for it."""

    unit: int
    label: str
    hint: str


#: Those that can be chosen. What an unanswered dispute leads to is no number: as in classic, the
#: claim stands.
NUMBERS: Final[Mapping[str, Number]] = {
    "accept_seconds": Number(
        HOUR,
        "Answered within, in hours",
        "From {low} to {high}. Not answered in time, the offer lapses and all that is held for it "
        "returns to the employer.",
    ),
    "review_seconds": Number(
        DAY,
        "Reviewed within, in days",
        "From {low} to {high} in all. When they are used up, submitted work is released to the "
        "freelancer by itself. Left empty, there is no limit: it waits, however long.",
    ),
    "review_floor_seconds": Number(
        DAY,
        "Never released sooner after a submission than, in days",
        "From {low} to {high}, and no more than the days to review. So much time there is after "
        "each submission, however few of those days are left. Left empty only where they are.",
    ),
    "change_rounds": Number(
        1,
        "Changes may be asked for, times",
        "From {low} to {high}. Asking stops the time to review until the work is submitted again. "
        "Left empty, there is no limit.",
    ),
    "overdue_seconds": Number(
        DAY,
        "Returned after the due date, in days",
        "From {low} to {high}. If nothing was submitted so long after a due date that both agreed "
        "to, what is held returns to the employer. Left empty, nothing happens by itself.",
    ),
    "dormant_seconds": Number(
        DAY,
        "Returned when nobody does anything for, in days",
        "From {low} to {high}. What is held for work that was not submitted returns to the "
        "employer when neither side has done anything in the contract for so long.",
    ),
    "undo_seconds": Number(
        _MINUTE,
        "A release can be recalled for, in minutes",
        "From {low} to {high}. So long the employer can take a release back; after that nobody "
        "can. Left empty, a release is final at once.",
    ),
    "answer_freelancer_seconds": Number(
        DAY,
        "The freelancer answers a dispute within, in days",
        "From {low} to {high}. Not answered in time, the employer's first claim stands.",
    ),
    "answer_employer_seconds": Number(
        DAY,
        "The employer answers a dispute within, in days",
        "From {low} to {high}. Not answered in time, the freelancer's first claim stands.",
    ),
    "negotiation_seconds": Number(
        DAY,
        "A dispute is negotiated for, in days",
        "From {low} to {high}. When they are over without a settlement and nobody has put up the "
        "arbitration fee, the last offer that is nearer to half of what is frozen stands; where "
        "there is no fee, an arbiter rules. Left empty, there is no limit: it waits.",
    ),
    "arbitration_bps": Number(
        1,
        "Arbitration costs each side, in hundredths of a percent",
        "From {low} to {high} of what is frozen: 500 are 5 %. Whoever the ruling is nearer to has "
        "it back.",
    ),
    "match_seconds": Number(
        DAY,
        "The other side puts up that fee too within, in days",
        "From {low} to {high}; else what the side that paid asked for stands. Left empty only "
        "where arbitration costs nothing.",
    ),
    "ruling_seconds": Number(
        DAY,
        "The arbiter rules within, in days",
        "From {low} to {high} from the beginning of arbitration; then the next arbiter is named, "
        "and at last what comes next without one. Left empty, there is no limit: it waits.",
    ),
    "next_arbiters": Number(
        1,
        "If an arbiter stays silent, the next is named, times",
        "From {low} to {high}, for seven days each.",
    ),
}

#: What is said of a number that means nothing beside another, by its name and the violation.
LEANING: Final[Mapping[tuple[str, str], str]] = {
    ("review_floor_seconds", "without_its_clock"): "Write both or neither: the days to review, "
    "and the least after each submission.",
    ("review_floor_seconds", "above_review"): "This is no more than the days to review in all.",
    ("match_seconds", "without_its_clock"): "Left empty exactly where arbitration costs nothing.",
    ("next_arbiters", "without_its_clock"): "This is 0 where a ruling has no limit.",
}
mark(NUMBERS, LEANING)


def may_be_empty(name: str) -> bool:
    """Whether nothing written means that there is no limit."""
    return BOUNDS[name].limitless


def classic(name: str) -> str:
    """What the preset ``classic`` has, as a form begins with it."""
    return written(name, getattr(CLASSIC, name))


def written(name: str, value: int | None) -> str:
    """A value of the terms as a form has it: in its own unit, and nothing for no limit."""
    return "" if value is None else str(value // NUMBERS[name].unit)


def bounds(name: str) -> range:
    """What can be written, in its own unit."""
    unit, limits = NUMBERS[name].unit, BOUNDS[name]
    return range(limits.low // unit, limits.high // unit + 1)


def hint(name: str) -> str:
    """Between which bounds a number is, and what it does."""
    low, high = bounds(name)[0], bounds(name)[-1]
    return NUMBERS[name].hint.format(low=low, high=counted(high))


def outside(name: str) -> str:
    """What is said of a number that is not within its bounds."""
    low, high = bounds(name)[0], bounds(name)[-1]
    return _("This is from {low} to {high}.").format(low=low, high=counted(high))


def leaning(violations: Iterable[Violation]) -> Iterable[tuple[str, str]]:
    """What is wrong between numbers of which each alone is right: the number, and a sentence."""
    for each in violations:
        if (each.field, each.code) in LEANING:
            yield each.field, LEANING[each.field, each.code]
