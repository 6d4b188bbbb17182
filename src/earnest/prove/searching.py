"""The search: breadth first, so that the first way to a state is a shortest one.

Time is only the order of clocks. In every state people act, or nobody does and time moves on to
the next instant at which something changes by itself. So whatever somebody does before a clock is
done in the state before it, at its instant or later in the state after it: a clock whose instant
has come is decided before anything else.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from earnest.core.contracts import RUNNING, ContractStatus
from earnest.core.deferring import COSTLY, Defer, may_be_deferred
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.sealing import CompareSealed
from earnest.core.hearing import Heard
from earnest.core.milestones.releasing import FinalizeRelease
from earnest.core.milestones.row import HOLDING, LIVE, Milestone
from earnest.core.milestones.silence import ReturnDormant, clocks_of
from earnest.core.reminding import is_deferred
from earnest.prove.keys import Key, is_out_of_reach, key_of
from earnest.prove.limits import has_dates, is_tried_put_off
from earnest.prove.moves import moves
from earnest.prove.world import MOMENT, SYSTEM, Gains, Happened, Place, State, clocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from earnest.core.actions import Action
    from earnest.core.clocks import Clock
    from earnest.core.rows import Row
    from earnest.core.terms import Terms
    from earnest.core.world import World


#: Nobody was told of anything: whatever may be put off is.
UNTOLD: Final = Heard()


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
    #: How much each of them got by it.
    gains: Gains


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
    #: What it leads to instead where somebody who loses by it was not told.
    put_off: dict[Key, Edge] = field(default_factory=dict)
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
    running = [*clocks(state, world)]
    following = next_instant(state, world, running)
    if following is not None:
        before = following.at - MOMENT
        is_let_be = _is_put_off(running) and not is_tried_put_off(state)
        is_before = following.is_compared and state.now < before and not is_let_be
        yield SYSTEM, None, place.waited(state, before if is_before else following.at)
        if following.may_wait and not is_before:
            yield SYSTEM, None, place.waited(state, following.at, UNTOLD)
        if following.at <= state.now or is_let_be:
            return
    for who, action in moves(state, place, world):
        happened = place.asked(state, who, action)
        if happened is not None:
            yield who, action, happened


def _is_put_off(running: Iterable[tuple[Row, Clock]]) -> bool:
    """Whether something waits because somebody was not told of it in time."""
    return any(clock.action in COSTLY and is_deferred(row, clock) for row, clock in running)


class Instant(NamedTuple):
    """When something changes by itself, and whether it matters what was done just before."""

    at: datetime
    is_compared: bool
    #: Whether what happens then may be put off.
    may_wait: bool = False


def next_instant(
    state: State, world: World, running: Iterable[tuple[Row, Clock]]
) -> Instant | None:
    """When something changes by itself.

    A clock runs out, or would have run out while nothing is held; or both sides can add no more
    exhibits.
    """
    contract, dispute = state.contract, state.dispute
    if contract is None or contract.status not in RUNNING:
        return None
    found = [
        Instant(
            clock.at,
            clock.action not in _OF_ITS_OWN,
            isinstance(row, Milestone | Dispute) and may_be_deferred(row, clock, world),
        )
        for row, clock in running
    ]
    found += [Instant(at, is_compared=True) for at in _passing(state, world) if state.now < at]
    if dispute is not None and dispute.asked_until is not None and state.now < dispute.asked_until:
        found.append(Instant(dispute.asked_until, is_compared=False))
    if not found:
        return None
    first = min(each.at for each in found)
    now = [each for each in found if each.at == first]
    is_compared = any(each.is_compared for each in now) and _are_beside(state)
    return Instant(first, is_compared, any(each.may_wait for each in now))


#: No rule asks what was done when before one of these, but whether it was done.
_OF_ITS_OWN: Final = frozenset({FinalizeRelease, CompareSealed})


def _are_beside(state: State) -> bool:
    """Whether two clocks can meet: not where all is in an arbitration, nor in a dated offer."""
    contract, milestone = state.contract, state.milestone
    if contract is not None and contract.status is ContractStatus.OFFERED:
        return milestone is None or milestone.status not in LIVE or not has_dates(state)
    return not is_out_of_reach(state)


def _passing(state: State, world: World) -> Iterable[datetime]:
    """When clocks of work would have run out whose money is elsewhere, but can come back."""
    milestone = state.milestone
    if milestone is None or milestone.status not in HOLDING or milestone.holds:
        return
    if is_out_of_reach(state):
        return
    if milestone.plan is not None and milestone.plan_agreed_at is not None:
        yield from milestone.plan.dates
    for at, action in clocks_of(milestone, world):
        if action is not ReturnDormant or milestone.releasing.is_positive:
            yield at


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
    return Edge(source, target, who, action, names, happened.pays, seconds, happened.gains)


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
        if Defer.name in edge.done:
            found.put_off[edge.source] = edge
        else:
            found.silent[edge.source] = edge
        if not edge.done and not edge.seconds:
            wrong = wrong or "a clock is due, and nothing happens"
    if wrong is not None:
        found.broken.append((edge, wrong))
