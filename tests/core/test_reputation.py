"""Figures of a record: exact, rounded against whom they speak for, and none without a basis."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.currencies import EXPONENTS
from earnest.core.money import MINOR_MAX, Money
from earnest.core.people import Party
from earnest.core.reputation import (
    MEASURES,
    NOTHING,
    WAITING,
    Measure,
    Record,
    Tally,
    band,
    hours,
    per_hundred,
    percent,
    share,
    stars,
)

#: Every whole up to here is tried with every part of it.
SMALL = 60
MANY = 10**7

wholes = st.integers(1, MANY)


def test_without_anything_to_count_there_is_no_figure() -> None:
    figures = (percent, share, per_hundred, stars, hours)
    assert [figure(NOTHING) for figure in figures] == [None] * len(figures)


def test_a_hundred_percent_is_all_of_it_and_nothing_else() -> None:
    for whole in range(1, SMALL):
        found = [percent(Tally(part, whole, 1)) for part in range(whole + 1)]
        assert found == sorted(found, key=int)  # type: ignore[arg-type]
        assert (found[0], found[-1], found.count(100)) == (0, 100, 1)


@given(st.data(), wholes)
def test_a_percentage_is_rounded_down(data: st.DataObject, whole: int) -> None:
    part = data.draw(st.integers(0, whole))
    found = percent(Tally(part, whole, 1))
    assert found is not None
    assert found <= Fraction(part * 100, whole) < found + 1


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(199, 200, 99), (1, 300, 0), (2, 3, 66), (1, 1, 100), (0, 7, 0)]
)
def test_nobody_is_flattered_by_a_percentage(part: int, whole: int, said: int) -> None:
    assert percent(Tally(part, whole, 1)) == said


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20))
def test_a_share_is_the_average_of_shares(shares: list[int]) -> None:
    found = share(Tally(sum(shares), len(shares), 1))
    assert found is not None
    assert found <= Fraction(sum(shares), 100 * len(shares)) < found + 1
    assert (found == 100) == (min(shares) == 10_000)


@given(st.data(), wholes)
def test_disputes_are_rounded_up(data: st.DataObject, whole: int) -> None:
    part = data.draw(st.integers(0, whole))
    found = per_hundred(Tally(part, whole, 1))
    assert found is not None
    assert Fraction(found) - Fraction(1, 10) < Fraction(part * 100, whole) <= Fraction(found)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 40, "0.0"), (1, 40, "2.5"), (1, 3_000, "0.1"), (1, 3, "33.4"), (7, 7, "100.0")],
)
def test_one_dispute_is_never_none(part: int, whole: int, said: str) -> None:
    assert per_hundred(Tally(part, whole, 1)) == said


def test_stars_are_the_average_of_all_that_were_given() -> None:
    for reviews in range(1, SMALL):
        for given_ in range(reviews, 5 * reviews + 1):
            found = stars(Tally(given_, reviews, 1))
            assert found is not None
            average = Fraction(given_, reviews)
            assert Fraction(found) <= average < Fraction(found) + Fraction(1, 10)


def test_stars_on_five_criteria_are_those_of_one() -> None:
    assert stars(Tally(5 * 5 + 4, 2, 2), criteria=5) == "2.9"
    assert stars(Tally(25, 1, 1), criteria=5) == "5.0"
    assert stars(Tally(24, 1, 1), criteria=5) == "4.8"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, 1), (1, 1), (3_600, 1), (3_601, 2), (7_200, 2), (86_400, 24), (90_001, 26)],
)
def test_hours_are_rounded_up_and_never_none(seconds: int, said: int) -> None:
    assert hours(Tally(seconds, 3, 1)) == said


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [
        ("0.01", "0.01", "0.05"),
        ("0.05", "0.05", "0.10"),
        ("0.49", "0.10", "0.50"),
        ("99.99", "50.00", "100.00"),
        ("100.00", "100.00", "500.00"),
        ("3456.78", "1000.00", "5000.00"),
        ("5000.00", "5000.00", "10000.00"),
    ],
)
def test_earnings_are_told_as_a_band(amount: str, low: str, high: str) -> None:
    found = band(Money.parse(amount, "USD"))
    assert [each.decimal for each in found] == [low, high]


@given(st.integers(1, 10**6 * MINOR_MAX), st.sampled_from(sorted(EXPONENTS)))
def test_every_amount_is_in_its_band(minor: int, currency: str) -> None:
    low, high = band(Money(minor, currency))
    assert low.minor <= minor < high.minor
    assert low.currency == high.currency == currency
    assert str(low.minor).strip("0") in {"1", "5"}
    assert high.minor in {low.minor * 5, low.minor * 2}


@given(st.integers(1, MINOR_MAX))
def test_bands_do_not_overlap(minor: int) -> None:
    low, high = band(Money(minor, "USD"))
    assert band(low) == (low, high)
    assert band(high)[0] == high


def test_nothing_is_in_no_band() -> None:
    with pytest.raises(AssertionError):
        band(Money.zero("USD"))


def test_a_record_says_what_was_counted_and_nothing_of_the_rest() -> None:
    counted = {
        (Measure.EARNINGS, ""): Tally(0, 3, 2),
        (Measure.EARNINGS, "JPY"): Tally(500, 1, 1),
        (Measure.EARNINGS, "USD"): Tally(900, 2, 2),
        (Measure.HOURS_TO_DECIDE, WAITING): Tally(1, 1, 1),
    }
    found = Record(Party.FREELANCER, counted)
    assert found.of(Measure.EARNINGS) == Tally(0, 3, 2)
    assert found.of(Measure.ON_TIME) == NOTHING
    assert found.by_key(Measure.EARNINGS) == {"JPY": Tally(500, 1, 1), "USD": Tally(900, 2, 2)}
    assert found.is_empty


def test_a_record_with_a_contract_is_not_empty() -> None:
    counted = {(Measure.CONTRACTS, ""): Tally(0, 1, 1)}
    assert not Record(Party.EMPLOYER, counted).is_empty


def test_every_measure_is_of_some_side_and_reviews_are_of_both() -> None:
    freelancer, employer = MEASURES[Party.FREELANCER], MEASURES[Party.EMPLOYER]
    assert {*freelancer, *employer} == set(Measure)
    assert {*freelancer} & {*employer} == {Measure.CONTRACTS, Measure.REVIEWS}
