"""The search: breadth first, so that the first way to a state is a shortest one.

Time is only the order of clocks. In every state people act, or nobody does and time moves on to
the next instant at which something changes by itself. So whatever somebody does before a clock is
done in the state before it, at its instant or later in the state after it: a clock whose instant
has come is decided before anything else.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from earnest.core.contracts import RUNNING
from earnest.prove.keys import Key, key_of
from earnest.prove.moves import moves
from earnest.prove.world import SYSTEM, Happened, Place, State, clocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from earnest.core.actions import Action
    from earnest.core.terms import Terms
    from earnest.core.world import World


class Edge(NamedTuple):
    """How one state led to another: somebody asked for something, or time moved on."""

    source: Key
    target: Key
    who: int
    #: None: nobody asked for anything.
    action: Action[Any] | None
    #: The names of all that was done by it, what the clock asked for among them.
    done: tuple[str, ...]
    #: Of those, what paid somebody, and whom.
    pays: tuple[tuple[str, frozenset[int]], ...]
    seconds: int


@dataclass(slots=True)
class Found:
    """Everything that can happen under some terms."""

    terms: Terms
    place: Place
    states: dict[Key, State] = field(default_factory=dict)
    #: How each state was first come to.
    first: dict[Key, Edge] = field(default_factory=dict)
    #: What time alone leads to next.
    silent: dict[Key, Edge] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    broken: list[tuple[Edge, str]] = field(default_factory=list)


def search(
    terms: Terms,
    judge: Callable[[State, Happened], str | None],
    tell: Callable[[int, int], None] = lambda _, __: None,
) -> Found:
    """Come to every state, and ask on every edge whether it may be there."""
    place = Place(terms)
    found = Found(terms, place)
    start = place.start()
    root = key_of(start, terms)
    found.states[root] = start
    waiting = deque([root])
    while waiting:
        source = waiting.popleft()
        state = found.states[source]
        for who, action, happened in everything(state, place):
            edge = _edge(source, state, who, action, happened, terms)
            _look(found, state, edge, happened, judge)
            if edge.target not in found.states:
                found.states[edge.target] = happened.state
                found.first[edge.target] = edge
                waiting.append(edge.target)
        tell(len(found.states), len(waiting))
    return found


def everything(state: State, place: Place) -> Iterable[tuple[int, Action[Any] | None, Happened]]:
    """What time leads to, and what people can do unless something is due this very instant."""
    world = place.world(state)
    at = next_instant(state, world)
    if at is not None:
        yield SYSTEM, None, place.waited(state, at)
        if at <= state.now:
            return
    for who, action in moves(state, place, world):
        happened = place.asked(state, who, action)
        if happened is not None:
            yield who, action, happened


def next_instant(state: State, world: World) -> datetime | None:
    """When something changes by itself: a clock runs out, or both sides can add no exhibits."""
    contract, dispute = state.contract, state.dispute
    if contract is None or contract.status not in RUNNING:
        return None
    found = [clock.at for clock in clocks(state, world)]
    if dispute is not None and dispute.asked_until is not None:
        found += [dispute.asked_until] if state.now < dispute.asked_until else []
    return min(found, default=None)


def _edge(
    source: Key,
    state: State,
    who: int,
    action: Action[Any] | None,
    happened: Happened,
    terms: Terms,
) -> Edge:
    names = tuple([command.action.name for command, _ in happened.events])
    seconds = int((happened.state.now - state.now).total_seconds())
    target = key_of(happened.state, terms)
    return Edge(source, target, who, action, names, happened.pays, seconds)


def _look(
    found: Found,
    state: State,
    edge: Edge,
    happened: Happened,
    judge: Callable[[State, Happened], str | None],
) -> None:
    found.edges.append(edge)
    wrong = happened.broken or judge(state, happened)
    if edge.action is None:
        found.silent[edge.source] = edge
        if not edge.done and not edge.seconds:
            wrong = wrong or "a clock is due, and nothing happens"
    if wrong is not None:
        found.broken.append((edge, wrong))
