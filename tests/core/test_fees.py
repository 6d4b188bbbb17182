"""A fee rounds down, and never reaches past the amount it is taken from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.fees import fee_of
from earnest.core.money import MINOR_MAX, Money


def test_as_shipped_there_is_no_fee() -> None:
    assert fee_of(Money(10_000, "USD")) == Money.zero("USD")


def test_a_fee_rounds_down_for_the_freelancer() -> None:
    assert fee_of(Money(199, "USD"), 1_000) == Money(19, "USD")
    assert fee_of(Money(9, "JPY"), 1_000) == Money(0, "JPY")
    assert fee_of(Money(9, "JPY"), 10_000) == Money(9, "JPY")


@given(st.integers(0, MINOR_MAX), st.integers(0, 10_000))
def test_a_fee_is_less_than_a_unit_below_its_share_and_within_the_amount(
    minor: int, bps: int
) -> None:
    fee = fee_of(Money(minor, "USD"), bps).minor
    assert 0 <= fee <= minor
    assert fee * 10_000 <= minor * bps < (fee + 1) * 10_000


@pytest.mark.parametrize(("minor", "bps"), [(1, -1), (1, 10_001), (-1, 100)])
def test_a_fee_outside_the_whole_is_a_bug(minor: int, bps: int) -> None:
    with pytest.raises(AssertionError):
        fee_of(Money(minor, "USD"), bps)
