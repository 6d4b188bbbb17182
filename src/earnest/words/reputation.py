"""Reputation in words: what each figure is called, how it is counted, and what it is.

The formulas stand here and nowhere else: the pages, the API's description and the reference print
these sentences, and the queries of the same names count what they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.core import reputation, reviews
from earnest.core.money import Money
from earnest.core.people import Party
from earnest.core.reputation import WAITING, Measure
from earnest.core.terms import HOUR
from earnest.words import amounts
from earnest.words.actions import label_of
from earnest.words.formats import percent_of, tenths_of
from earnest.words.saying import N_, Counted, _, counts, mark, ngettext
from earnest.words.terms import duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.core.reputation import Record, Tally


class Told(NamedTuple):
    """A figure as it is told: what it is, how many it was counted of, and with how many people."""

    measure: Measure
    title: str
    formula: str
    #: What it is, in each currency if it is money; without anything to count `basis` says so.
    values: tuple[str, ...]
    basis: str
    people: str
    #: What of it is not counted yet.
    also: str


TITLES: Final[Mapping[Measure, str]] = {
    Measure.CONTRACTS: "Contracts",
    Measure.COMPLETION_RATE: "Completion rate",
    Measure.ON_TIME: "On time",
    Measure.ON_BUDGET: "On budget",
    Measure.REPEAT_HIRE: "Hired again",
    Measure.EARNINGS: "Earnings",
    Measure.PAID_UP_FRONT: "Paid up front",
    Measure.HOURS_TO_DECIDE: "Time to decide",
    Measure.RELEASED_SHARE: "Released to freelancers",
    Measure.DISPUTES: "Disputes per 100 milestones",
    Measure.REVIEWS: "Reviews",
}

#: What all of them have in common.
COUNTED: Final = N_(
    "Only contracts that both sides accepted and in which money was set aside count; a milestone "
    "that the employer took back before the contract was accepted counts nowhere. Beside every "
    "figure stands with how many different people it came about. Figures are rounded against whom "
    "they speak for: percentages and stars down, times and disputes up."
)

#: How each is counted, in one sentence.
FORMULAS: Final[Mapping[Measure, str]] = {
    Measure.CONTRACTS: (
        "Contracts that have ended, and those that count in all; one that was given back before "
        "anything was submitted or released is among them, but in no rate."
    ),
    Measure.COMPLETION_RATE: (
        "Ended contracts in which everything that was set aside was released to the freelancer, "
        "out of all ended contracts in which anything was submitted or released."
    ),
    Measure.ON_TIME: (
        "Milestones first submitted by their due date, out of those with a due date that the "
        "freelancer proposed or agreed to, once they are submitted or the date has passed while "
        "they held money."
    ),
    Measure.ON_BUDGET: (
        "Completed contracts in which no more was released than the bid that they came of, out of "
        "all completed contracts that came of a bid."
    ),
    Measure.REPEAT_HIRE: (
        "Employers with more than one contract with the freelancer, out of all employers with one."
    ),
    Measure.EARNINGS: (
        "All that was ever released to the freelancer, before any platform fee, as a band in each "
        "currency."
    ),
    Measure.PAID_UP_FRONT: (
        "Milestones funded before anything was submitted in their contract, out of all that were "
        "funded."
    ),
    Measure.HOURS_TO_DECIDE: (
        "The median of the times from each submission to the next release or request for changes; "
        "of the two in the middle the longer one."
    ),
    Measure.RELEASED_SHARE: (
        "The part of a milestone that was released, on average over all milestones that have ended "
        "in contracts in which anything was submitted or released, whatever their amounts."
    ),
    Measure.DISPUTES: (
        "Disputes for every 100 milestones that were funded, whichever side opened them and "
        "however they ended."
    ),
    Measure.REVIEWS: (
        "The average of five criteria, from 1 to 5 each, over the reviews by the other side of "
        "contracts that paid and have ended; a review counts once both are in, or 14 days after "
        "the end."
    ),
}

#: What is said where there is nothing to count: never 0 %.
NONE: Final[Mapping[Measure, str]] = {
    Measure.CONTRACTS: "No contract yet.",
    Measure.COMPLETION_RATE: "No contract has ended yet in which work was submitted or paid.",
    Measure.ON_TIME: "No agreed due date has been met or missed yet.",
    Measure.ON_BUDGET: "No contract that came of a bid has been completed yet.",
    Measure.REPEAT_HIRE: "Nobody has hired them yet.",
    Measure.EARNINGS: "Nothing has been released yet.",
    Measure.PAID_UP_FRONT: "No milestone has been funded yet.",
    Measure.HOURS_TO_DECIDE: "No submitted work has been decided upon yet.",
    Measure.RELEASED_SHARE: "No milestone has ended yet where work was submitted or paid.",
    Measure.DISPUTES: "No milestone has been funded yet.",
    Measure.REVIEWS: "No review can be seen yet.",
}

mark(TITLES, FORMULAS, NONE)

#: The five criteria of a review, as its form calls them.
CRITERIA: Final[Mapping[str, str]] = {
    name: label_of(f"ratings.{name}") for name in reviews.CRITERIA
}

_CONTRACTS: Final = counts("{part} of 1 contract", "{part} of {whole} contracts")
_MILESTONES: Final = counts("{part} of 1 milestone", "{part} of {whole} milestones")
#: Of what each was counted: of one of them, and of more.
_BASES: Final[Mapping[Measure, Counted]] = {
    Measure.CONTRACTS: counts("{part} of it ended", "{part} of them ended"),
    Measure.COMPLETION_RATE: _CONTRACTS,
    Measure.ON_TIME: _MILESTONES,
    Measure.ON_BUDGET: _CONTRACTS,
    Measure.REPEAT_HIRE: counts("{part} of 1 employer", "{part} of {whole} employers"),
    Measure.EARNINGS: counts("in 1 contract", "in {whole} contracts"),
    Measure.PAID_UP_FRONT: _MILESTONES,
    Measure.HOURS_TO_DECIDE: counts(
        "1 submission decided upon", "{whole} submissions decided upon"
    ),
    Measure.RELEASED_SHARE: counts("of 1 milestone", "of {whole} milestones on average"),
    Measure.DISPUTES: _MILESTONES,
    Measure.REVIEWS: counts("1 review", "{whole} reviews"),
}
_PEOPLE: Final[Mapping[Party, Counted]] = {
    Party.FREELANCER: counts("with 1 employer", "with {count} different employers"),
    Party.EMPLOYER: counts("with 1 freelancer", "with {count} different freelancers"),
}


def told(record: Record, measure: Measure, locale: str = "en") -> Told:
    """One figure of a record, in words."""
    tally = record.of(measure)
    empty = tally.whole == 0
    return Told(
        measure,
        str(TITLES[measure]),
        str(FORMULAS[measure]),
        () if empty else _values(record, measure, locale),
        str(NONE[measure]) if empty else _basis(measure, tally),
        "" if empty else people(record.side, tally.people),
        _also(record, measure),
    )


def people(side: Party, count: int) -> str:
    """With how many different people of the other side."""
    return ngettext(*_PEOPLE[side], count).format(count=count)


def _bands(record: Record, locale: str) -> tuple[str, ...]:
    """What somebody has earned, as a band in each currency."""
    earned = record.by_key(Measure.EARNINGS).items()
    found = (reputation.band(Money(tally.part, currency)) for currency, tally in sorted(earned))
    said = (f"{amounts.said(low, locale)} – {amounts.number(high, locale)}" for low, high in found)
    return tuple(said)


def _also(record: Record, measure: Measure) -> str:
    count = record.of(measure, WAITING).part
    if not count:
        return ""
    return ngettext("1 submission waits now", "{count} submissions wait now", count).format(
        count=count
    )


def _basis(measure: Measure, tally: Tally) -> str:
    sentence = ngettext(*_BASES[measure], tally.whole)
    return sentence.format(part=tally.part, whole=tally.whole)


def _values(record: Record, measure: Measure, locale: str) -> tuple[str, ...]:
    if measure is Measure.EARNINGS:
        return _bands(record, locale)
    return (_value(record.of(measure), measure),)


def _value(tally: Tally, measure: Measure) -> str:
    if measure is Measure.CONTRACTS:
        return str(tally.whole)
    if measure is Measure.HOURS_TO_DECIDE:
        count = reputation.hours(tally)
        assert count is not None, "what was counted has its hours"
        return duration(count * HOUR)
    if measure is Measure.DISPUTES:
        return _tenths(reputation.per_hundred(tally))
    if measure is Measure.REVIEWS:
        return _("{stars} of 5").format(stars=average(tally))
    found = reputation.share if measure is Measure.RELEASED_SHARE else reputation.percent
    return percent_of(str(found(tally)))


def average(tally: Tally) -> str:
    """The average over all criteria of the reviews that were counted."""
    return _tenths(reputation.stars(tally, criteria=len(CRITERIA)))


def _tenths(figure: str | None) -> str:
    return "" if figure is None else tenths_of(figure)
