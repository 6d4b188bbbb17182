"""Where an amount of a story belongs, and what is made up where something must be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Final

from tests.scenarios import disputing
from tests.scenarios.agreeing import stars
from tests.scenarios.amounts import Amount

from earnest.core.actions import ACTIONS

#: What is made up where something must be said.
_MADE_UP: Final[Mapping[str, object]] = {
    "description": "A piece of work",
    "reason": "So that it is said.",
    "text": "Hello.",
    "paid_as": "bank-1",
    "gateway": "sandbox",
    "title": "A project",
    "proposal": "What I would do.",
    "period_days": 14,
    "budget_min": {"amount": "100.00", "currency": "USD"},
    "budget_max": {"amount": "500.00", "currency": "USD"},
    "currency": "USD",
    "ratings": stars("5,4,5,3,5"),
    "name": "notes.txt",
    "content": "Some words.",
    "statement": "This is what I say.",
    "reasons": "This is what both have shown.",
    "destination": {"type": "sandbox", "account": "settle", "name": "A name"},
}


def place(amount: Amount, action: str, given: dict[str, Any]) -> None:
    """Most actions have one amount; funding a contract and bidding have a list of milestones."""
    line = {"description": _MADE_UP["description"], "amount": amount.wire}
    if disputing.place(amount, action, given):
        return
    if action == "contract.fund":
        given.setdefault("milestones", []).append(line)
    elif action in {"bid.place", "bid.edit"} and "amount" in given:
        given.setdefault("milestones", []).append({**line, "days": 5})
    elif action == "contract.accept":
        given["funded"] = amount.wire
    else:
        given["amount"] = amount.wire


def completed(action: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """All that has to be said, in the order in which the action has it."""
    kind: type[Any] = ACTIONS[action]
    if kind.takes_bytes:  # What else it has is read from them.
        return {name: given.get(name, _MADE_UP[name]) for name in ("name", "content")}
    known = [each for each in fields(kind) if each.name != "subject_id"]
    unknown = set(given) - {each.name for each in known}
    assert not unknown, f"{action} has no {unknown}"
    return {
        each.name: given[each.name] if each.name in given else _MADE_UP[each.name]
        for each in known
        if each.name in given or (each.default is MISSING and each.default_factory is MISSING)
    }
