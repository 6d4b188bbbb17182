"""Fate as every interface has it: what happens by time alone, to how much, on which date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.people import User
from earnest.core.references import printed
from earnest.wire.surroundings import money, time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.core.fate import Fate, Step
    from earnest.core.rows import Row
    from earnest.wire.surroundings import Json


def fate(found: Fate, new: Mapping[int, str] | None = None) -> Json:
    """All of it. Rows that a dry run would make are called as its effect calls them."""
    return {"items": [_step(each, new or {}) for each in found.steps], "ends": found.ends}


def _step(step: Step, new: Mapping[int, str]) -> Json:
    return {
        "at": time(step.at),
        "at_latest": time(step.at_latest),
        "subject": _name(step.subject, new),
        "action": step.action,
        "pays": [
            {"to": printed(User.prefix, each.user_id), "amount": money(each.amount)}
            for each in step.pays
        ],
    }


def _name(row: Row, new: Mapping[int, str]) -> str:
    number = getattr(row, "id", None)
    return new.get(number, row.reference) if number is not None else row.reference
