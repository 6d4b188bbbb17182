"""Terms in one's own numbers: just those that somebody can choose, in whole units."""

from __future__ import annotations

import pytest

from earnest.core.terms import BOUNDS, CLASSIC, WOUND
from earnest.words.numbers import NUMBERS, classic, hint, outside


def test_just_what_is_wound_can_be_written() -> None:
    assert set(NUMBERS) == WOUND


@pytest.mark.parametrize("name", NUMBERS)
def test_bounds_and_beginning_are_whole_in_the_unit_that_is_asked_for(name: str) -> None:
    unit, limits = NUMBERS[name].unit, BOUNDS[name]
    assert [n % unit for n in (limits.low, limits.high, getattr(CLASSIC, name))] == [0, 0, 0]
    assert int(classic(name)) * unit == getattr(CLASSIC, name)


def test_a_hint_says_the_bounds() -> None:
    assert hint("accept_seconds").startswith("From 12 to 720. ")
    assert outside("accept_seconds") == "This is from 12 to 720."
