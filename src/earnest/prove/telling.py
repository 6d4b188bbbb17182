"""Telling: the way to a state in words: who did what, and when."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from earnest.core.money import Money
from earnest.prove.silence import span
from earnest.prove.world import NAMES, START

if TYPE_CHECKING:
    from earnest.core.actions import Action
    from earnest.prove.keys import Key
    from earnest.prove.searching import Edge, Found


def path_to(found: Found, key: Key) -> tuple[str, ...]:
    """A shortest way to a state, one line a step."""
    way: list[Edge] = []
    while key in found.first:
        way.append(found.first[key])
        key = found.first[key].source
    return tuple(told_edge(edge) for edge in reversed(way))


def told_edge(edge: Edge) -> str:
    """One step of it."""
    if edge.action is None:
        done = f": {', '.join(edge.done)}" if edge.done else ""
        return f"nobody acts for {span(edge.seconds)}{done}"
    before = [name for name in edge.done if name != edge.action.name]
    due = f" (after {', '.join(before)})" if before else ""
    return f"{NAMES[edge.who]}: {edge.action.name}{_inputs(edge.action)}{due}"


def _inputs(action: Action[Any]) -> str:
    told: list[str] = []
    for each in fields(action):  # type: ignore[arg-type]  # Every action is a record.
        value = getattr(action, each.name)
        if isinstance(value, Money):
            told.append(f"{each.name} {value.minor}")
        elif isinstance(value, datetime):
            told.append(f"{each.name} after {span(int((value - START).total_seconds()))}")
    return f" ({', '.join(told)})" if told else ""
