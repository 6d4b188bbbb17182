"""What bodies of projects and bids have that no others do: numbers with bounds, and skills."""

from __future__ import annotations

from typing import Any

import pytest

from earnest.core.skills import Skill
from earnest.wire.parse import Invalid, parse_action

USD40 = {"amount": "40.00", "currency": "USD"}
WHOLE = "not_a_whole_number"


def errors_of(name: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        parse_action(name, 1, body)
    return [(error.path, error.code) for error in caught.value.errors]


def line(**changed: object) -> dict[str, object]:
    return {"description": "Logo", "amount": USD40, **changed}


def test_a_whole_number_has_its_bounds() -> None:
    bid = {"amount": USD40, "proposal": "I would.", "milestones": [line(days=5)]}
    placed: Any = parse_action("bid.place", 1, {**bid, "period_days": 730})
    assert (placed.period_days, placed.milestones[0].days) == (730, 5)
    for wrong in (0, -1, 731, 2**53):
        found = errors_of("bid.place", {**bid, "period_days": wrong})
        assert found == [("/period_days", "out_of_bounds" if wrong < 2**53 else WHOLE)]
    for odd in ("7", 7.5, True, None):
        assert errors_of("bid.place", {**bid, "period_days": odd}) == [("/period_days", WHOLE)]
    steps = [line(days=0), line(days=None), line(days=731)]
    assert errors_of("bid.place", {**bid, "period_days": 1, "milestones": steps}) == [
        ("/milestones/0/days", "out_of_bounds"),
        ("/milestones/2/days", "out_of_bounds"),
    ]


def test_skills_are_those_that_there_are() -> None:
    post: dict[str, Any] = {"title": "A site", "description": "All", "currency": "USD"}
    post |= {"budget_min": USD40, "budget_max": USD40}
    posted: Any = parse_action("project.post", 1, {**post, "skills": ["python", "sql"]})
    assert posted.skills == (Skill("python"), Skill("sql"))
    wrong = {**post, "skills": ["python", "juggling"]}
    assert errors_of("project.post", wrong) == [("/skills/1", "not_one_of")]
    many = {**post, "skills": ["python"] * 11}
    assert errors_of("project.post", many) == [("/skills", "too_many")]
