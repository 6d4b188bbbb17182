"""Telling: the way to a state in words: who did what, and when."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from earnest.core.milestones.funding import FundContract
from earnest.core.money import Money
from earnest.prove.silence import span
from earnest.prove.world import NAMES, START, TRANCHES

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def _milestones(action: Action[Any]) -> Iterable[str]:
    """By which dates what is funded is due or paid."""
    for line in action.milestones if isinstance(action, FundContract) else ():
        if line.due_at is not None:
            yield f"due after {span(int((line.due_at - START).total_seconds()))}"
        if line.plan is not None:
            yield f"paid after {', '.join(f'{each.after_days} d' for each in line.plan)}"


def _inputs(action: Action[Any]) -> str:
    told = [*_milestones(action)]
    for each in fields(action):  # type: ignore[arg-type]  # Every action is a record.
        value = getattr(action, each.name)
        if each.name == "subject_id" and value in TRANCHES:
            told.append(f"tranche {TRANCHES.index(value) + 1}")
        elif isinstance(value, Money):
            told.append(f"{each.name} {value.minor}")
        elif isinstance(value, datetime):
            told.append(f"{each.name} after {span(int((value - START).total_seconds()))}")
    return f" ({', '.join(told)})" if told else ""
