"""Terms in one's own numbers: just those that somebody can choose, in whole units."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earnest.core.terms import BOUNDS, CLASSIC, DAY, WOUND, violations
from earnest.words.numbers import NUMBERS, classic, hint, leaning, may_be_empty, outside


def test_just_what_is_wound_can_be_written() -> None:
    assert set(NUMBERS) == WOUND - {"unanswered"}


@pytest.mark.parametrize("name", NUMBERS)
def test_bounds_and_beginning_are_whole_in_the_unit_that_is_asked_for(name: str) -> None:
    unit, limits, begun = NUMBERS[name].unit, BOUNDS[name], getattr(CLASSIC, name)
    assert [n % unit for n in (limits.low, limits.high, begun or 0)] == [0, 0, 0]
    assert classic(name) == ("" if begun is None else str(begun // unit))


@pytest.mark.parametrize("name", NUMBERS)
def test_what_may_be_left_empty_says_what_that_means(name: str) -> None:
    assert ("Left empty" in hint(name)) == may_be_empty(name) == BOUNDS[name].limitless


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"review_seconds": 14 * DAY}, "review_floor_seconds", "both or neither"),
        ({"review_floor_seconds": 3 * DAY}, "review_floor_seconds", "both or neither"),
        (
            {"review_seconds": 3 * DAY, "review_floor_seconds": 4 * DAY},
            "review_floor_seconds",
            "no more than the days to review",
        ),
    ],
)
def test_what_leans_on_another_number_is_named(
    changes: dict[str, int], field: str, said: str
) -> None:
    ((name, text),) = leaning(violations(replace(CLASSIC, **changes)))  # type: ignore[arg-type]
    assert (name, said in text) == (field, True)


def test_a_hint_says_the_bounds() -> None:
    assert hint("accept_seconds").startswith("From 12 to 720. ")
    assert outside("accept_seconds") == "This is from 12 to 720."
