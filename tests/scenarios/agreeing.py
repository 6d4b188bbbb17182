"""What a story says in a word and an interface hears in full: hashes, due dates, stars."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from earnest.core.reviews import CRITERIA
from earnest.core.terms import CLASSIC, HOUR, as_json

#: What names what was seen of a milestone, by the action that asks it back.
AGREEING: Final = {
    "milestone.agree": "hash",
    "milestone.agree_edit": "edit_hash",
    "contract.agree_terms": "terms_hash",
}
#: What was never there to see.
NEVER: Final = "0" * 64


def stars(said: str) -> dict[str, int]:
    """A figure for each criterion: 5,4,5,3,5."""
    return dict(zip(CRITERIA, map(int, said.split(",")), strict=True))


#: A length of time: 10m, 36h, 7d.
SPAN: Final = re.compile(r"([0-9]+)([mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def span(found: re.Match[str]) -> timedelta:
    """How long it is."""
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def later(now: datetime, said: str) -> str:
    """The end of the day that is so much later, as a page would mean it."""
    found = SPAN.fullmatch(said)
    assert found, said
    return f"{(now + span(found)).date().isoformat()}T23:59:59Z"


def rules(said: str) -> object:
    """The name of a preset; or in how many hours an offer is answered, all else as in classic.

    Or every clock that is another than there, by its name.
    """
    if said.endswith("h") and SPAN.fullmatch(said):
        return as_json(replace(CLASSIC, accept_seconds=int(said[:-1]) * HOUR))
    if ":" not in said:
        return said
    clocks: dict[str, Any] = {}
    for name, _, value in (each.partition(":") for each in said.split(",")):
        found = SPAN.fullmatch(value)
        seconds = None if found is None else int(span(found).total_seconds())
        whole = int(value) if value.isdigit() else None
        clocks[_CLOCKS[name]] = whole if seconds is None else seconds
    return as_json(replace(CLASSIC, **clocks))


_CLOCKS: Final = {
    "accept": "accept_seconds",
    "review": "review_seconds",
    "floor": "review_floor_seconds",
    "rounds": "change_rounds",
    "overdue": "overdue_seconds",
    "dormant": "dormant_seconds",
    "undo": "undo_seconds",
    "answer": "answer_employer_seconds",
    "negotiation": "negotiation_seconds",
    "fee": "arbitration_bps",
    "match": "match_seconds",
    "ruling": "ruling_seconds",
    "next": "next_arbiters",
}


def dated(given: dict[str, Any], action: str) -> dict[str, Any]:
    """A due date that is said once is that of each milestone."""
    if action != "contract.fund" or "due_at" not in given:
        return given
    due_at = given.pop("due_at")
    lines = [{**line, "due_at": due_at} for line in given["milestones"]]
    return {**given, "milestones": lines}


#: What is more than a text in a body and is said as one here.
SHORTER: Final[Mapping[str, Callable[[str], object]]] = {
    "destination": lambda account: {
        "type": "iban" if account[:2].isupper() else "sandbox",
        "account": account,
        "name": "A name",
    },
    "links": lambda links: links.split(","),
    "skills": lambda skills: skills.split(","),
    "budget_min": lambda amount: {"amount": amount, "currency": "USD"},
    "budget_max": lambda amount: {"amount": amount, "currency": "USD"},
    "ratings": stars,
    "terms": rules,
    "days": int,
    "rounds": int,
    "review_days": int,
    "exhibit": int,
    "exhibits": lambda numbers: [int(each) for each in numbers.split(",")],
    "period_days": int,
}
