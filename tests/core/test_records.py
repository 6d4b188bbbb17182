"""Records: to the type checker frozen, to whatever runs quick; made, compared and changed alike."""

from __future__ import annotations

import dataclasses
from copy import deepcopy
from typing import Any

import pytest
from tests.core.worlds import CONTRACT, MILESTONE, world

from earnest.core.contracts import Contract
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.money import Money
from earnest.core.records import replace
from earnest.core.rows import Row


def rows() -> list[Row]:
    books = world()
    return [books.rows[Milestone, MILESTONE], books.rows[Contract, CONTRACT]]


def test_nobody_can_change_one_and_pass_the_type_checker() -> None:
    """An ignore that nothing needs is an error too: so this line is a test, run by mypy."""
    amount = Money(1, "USD")
    amount.minor = 2  # type: ignore[misc]
    assert amount == Money(2, "USD")


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.noun)
def test_another_is_made_as_the_library_makes_it(row: Any) -> None:
    changes = {"id": 7, "status": MilestoneStatus.RELEASED}
    made = replace(row, **changes)
    assert made == dataclasses.replace(row, **changes)
    assert type(made) is type(row)
    assert made != row
    assert replace(row) == row


def test_what_is_no_field_cannot_be_changed() -> None:
    with pytest.raises(KeyError):
        replace(Money(1, "USD"), major=1)  # type: ignore[call-arg]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.noun)
def test_equal_records_are_one_key(row: Any) -> None:
    twin = deepcopy(row)
    assert twin is not row
    assert {row: "found"}[twin] == "found"
    with pytest.raises(AttributeError):
        row.nothing = 1
