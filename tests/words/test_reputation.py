"""Every figure has its words: a title, a formula of one sentence, and what is said without it."""

from __future__ import annotations

import re

import pytest

from earnest.core import reviews
from earnest.core.people import Party
from earnest.core.reputation import MEASURES, WAITING, Measure, Record, Tally
from earnest.words.reputation import CRITERIA, FORMULAS, NONE, TITLES, told
from earnest.words.saying import saying

ONE_SENTENCE = re.compile(r"[A-Z].*[a-z]\.")


def record(side: Party, **tallies: Tally) -> Record:
    """A record with these figures."""
    return Record(side, {(Measure(name), ""): tally for name, tally in tallies.items()})


@pytest.mark.parametrize("words", [TITLES, FORMULAS, NONE])
def test_every_measure_has_words(words: dict[Measure, str]) -> None:
    assert set(words) == set(Measure)
    assert len(set(words.values())) >= len(Measure) - 1  # Both sides fund milestones.


@pytest.mark.parametrize("measure", Measure)
def test_a_formula_is_a_sentence_or_two(measure: Measure) -> None:
    assert ONE_SENTENCE.fullmatch(FORMULAS[measure])
    assert ONE_SENTENCE.fullmatch(NONE[measure])


def test_the_criteria_are_those_of_a_review() -> None:
    assert tuple(CRITERIA) == reviews.CRITERIA
    assert (CRITERIA["quality"], CRITERIA["again"]) == ("Quality", "Would work together again")


@pytest.mark.parametrize("side", MEASURES)
def test_without_anything_to_count_no_figure_is_told(side: Party) -> None:
    for measure in MEASURES[side]:
        found = told(Record(side, {}), measure)
        assert (found.values, found.people, found.basis) == ((), "", NONE[measure])


@pytest.mark.parametrize(
    ("name", "tally", "value", "basis"),
    [
        ("contracts", Tally(3, 4, 2), "4", "3 of them ended"),
        ("completion_rate", Tally(2, 3, 2), "66\u00a0%", "2 of 3 contracts"),
        ("completion_rate", Tally(1, 1, 1), "100\u00a0%", "1 of 1 contract"),
        ("on_time", Tally(0, 1, 1), "0\u00a0%", "0 of 1 milestone"),
        ("on_budget", Tally(1, 2, 2), "50\u00a0%", "1 of 2 contracts"),
        ("repeat_hire", Tally(1, 2, 2), "50\u00a0%", "1 of 2 employers"),
        ("paid_up_front", Tally(5, 6, 2), "83\u00a0%", "5 of 6 milestones"),
        ("hours_to_decide", Tally(3_600, 1, 1), "1 hour", "1 submission decided upon"),
        ("hours_to_decide", Tally(7_201, 5, 2), "3 hours", "5 submissions decided upon"),
        ("released_share", Tally(19_000, 2, 1), "95\u00a0%", "of 2 milestones on average"),
        ("disputes_per_100", Tally(0, 25, 4), "0.0", "0 of 25 milestones"),
        ("reviews", Tally(49, 2, 2), "4.9 of 5", "2 reviews"),
        ("reviews", Tally(25, 1, 1), "5.0 of 5", "1 review"),
    ],
)
def test_a_figure_is_told_with_what_it_was_counted_of(
    name: str, tally: Tally, value: str, basis: str
) -> None:
    found = told(record(Party.EMPLOYER, **{name: tally}), Measure(name))
    assert (found.values, found.basis) == ((value,), basis)
    many = f"with {tally.people} different freelancers"
    assert found.people == ("with 1 freelancer" if tally.people == 1 else many)


def test_decimals_stand_as_the_language_has_them() -> None:
    shown = record(Party.EMPLOYER, reviews=Tally(49, 2, 2), disputes_per_100=Tally(3, 25, 4))
    with saying("pt-BR"):
        assert told(shown, Measure.REVIEWS).values == ("4,9 de 5",)
        assert told(shown, Measure.DISPUTES).values == ("12,0",)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ("JPY\u00a010,000 – 50,000", "USD\u00a01,000.00 – 5,000.00")),
        ("pt_BR", ("JPY\u00a010.000 – 50.000", "USD\u00a01.000,00 – 5.000,00")),
    ],
)
def test_earnings_are_told_in_each_currency_as_its_reader_writes_it(
    locale: str, said: tuple[str, ...]
) -> None:
    tallies = {"": Tally(0, 3, 2), "USD": Tally(345_678, 2, 1), "JPY": Tally(12_345, 1, 1)}
    found = told(
        Record(Party.FREELANCER, {(Measure.EARNINGS, key): each for key, each in tallies.items()}),
        Measure.EARNINGS,
        locale,
    )
    assert (found.values, found.basis) == (said, "in 3 contracts")
    assert found.people == "with 2 different employers"


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 submission waits now"), (3, "3 submissions wait now")]
)
def test_what_waits_is_told_beside_what_was_decided(count: int, said: str) -> None:
    waits = {(Measure.HOURS_TO_DECIDE, WAITING): Tally(count, count, 1)}
    assert told(Record(Party.EMPLOYER, waits), Measure.HOURS_TO_DECIDE).also == said
