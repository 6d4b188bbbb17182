"""What each action of SYSTEM is needed for: the same world, but that one never happens.

A state whose end, receiver or wait changes by that is named. Where nothing would change, an action
would stand in the rules for nothing, or the table would not see it go.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from earnest.core.batch import run_out
from earnest.core.clocks import RANKS, WITHIN, Clock, clock_of
from earnest.core.contracts import Contract
from earnest.core.deferring import Defer, may_be_deferred, put_off
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.sealing import CompareSealed
from earnest.core.disputes.silence import next_of
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.silence import clocks_of
from earnest.prove.silence import Line, Silence, line_of, silences
from earnest.prove.world import Gains, State, left, summed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from earnest.core.actions import Action
    from earnest.core.rows import Row
    from earnest.core.world import World
    from earnest.prove.keys import Key
    from earnest.prove.searching import Found
    from earnest.prove.silence import Worst
    from earnest.prove.world import Place


def differences(
    found: Found, table: Mapping[Line, Worst], missing: type[Action[Any]]
) -> Sequence[str]:
    """The lines of its table that would not be so without one action, and what would be instead.

    What the clock asks for is left out of what happens to the states that the table was made of.
    What SYSTEM does between clocks leads to states that would not be there at all.
    """
    if missing is not Defer and missing not in RANKS:
        return _unreached(found, table, missing)
    told: list[str] = []
    for line, worst in table.items():
        if missing.name not in worst.silence.steps:
            continue
        state = found.states[worst.key]
        instead = without(state, found.place, missing)
        is_same = (instead.ends, instead.receivers, instead.seconds) == (
            worst.silence.ends,
            worst.silence.receivers,
            worst.silence.seconds,
        )
        if not is_same:
            now = line_of(state, instead)
            told.append(f"{line.told(worst.silence.seconds)} → {_said(now, instead)}")
    return told


def _unreached(
    found: Found, table: Mapping[Line, Worst], missing: type[Action[Any]]
) -> Sequence[str]:
    """A line is lost if none of the states that it tells of would be come to."""
    reached, silent = _reached(found, missing), silences(found)
    kept = {
        line_of(state, silent[key])
        for key, state in found.states.items()
        if key in reached and state.is_funded
    }
    return [
        f"{line.told(worst.silence.seconds)} → never come to"
        for line, worst in table.items()
        if line not in kept
    ]


def _said(line: Line, silence: Silence) -> str:
    return line.told(silence.seconds).removeprefix(f"{line.state} | ")


def _reached(found: Found, missing: type[Action[Any]]) -> set[Key]:
    """Everything that one comes to without an action."""
    ways: dict[Key, list[Key]] = {}
    for edge in found.edges:
        if missing.name not in edge.done:
            ways.setdefault(edge.source, []).append(edge.target)
    root = next(iter(found.states))
    reached, waiting = {root}, deque([root])
    while waiting:
        for target in ways.get(waiting.popleft(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def without(state: State, place: Place, missing: type[Action[Any]]) -> Silence:
    """What time alone makes of a state if the clock could not ask for one of its actions.

    Nobody is told of anything: whatever may be put off is, if that is not what is missing.
    """
    begun, gains = state.now, Gains()
    end, steps, who = list[str](), list[str](), frozenset[int]()
    while state.is_funded:
        world = place.world(state)
        due = _first(state, world, missing)
        if due is None:
            return Silence(False, tuple(end), who, 0, tuple(steps), gains)  # noqa: FBT003
        world.now = max(due.clock.at, state.now)
        steps.append(_happen(due, world, missing))
        happened = left(state, world, tuple(world.ran_out))
        state = happened.state
        end += [name for name, _ in happened.pays]
        who = who.union(*(gainers for _, gainers in happened.pays))
        gains = summed(gains, happened.gains)
    seconds = int((state.now - begun).total_seconds())
    return Silence(True, tuple(end), who, seconds, tuple(steps), gains)  # noqa: FBT003


def _happen(due: _Due, world: World, missing: type[Action[Any]]) -> str:
    """What the clock leads to, or that it waits; and which of them it was."""
    row, clock = due.row, due.clock
    puts_off = missing is not Defer
    if puts_off and isinstance(row, Milestone | Dispute) and may_be_deferred(row, clock, world):
        world.put(put_off(row, clock.at, world))
        return Defer.name
    run_out(row, clock, world)
    return clock.action.name


class _Due(NamedTuple):
    """The first clock of a row."""

    row: Row
    clock: Clock


def _first(state: State, world: World, missing: type[Action[Any]]) -> _Due | None:
    """What would run out first, but for what is missing."""
    found: list[_Due] = []
    for row in state.rows.values():
        clocks = [each for each in _clocks(row, world) if each.action is not missing]
        if clocks:
            found.append(_Due(row, min(clocks, key=lambda each: each.at)))
    return min(found, key=lambda each: (each.clock.at, RANKS[each.clock.action]), default=None)


def _clocks(row: Row, world: World) -> Iterable[Clock]:
    """All the clocks of a row, not the first alone."""
    if not isinstance(row, (Contract, *WITHIN)):
        return
    first = clock_of(row, world)
    if first is None:
        return
    if isinstance(row, Milestone):
        yield from (Clock(*each) for each in clocks_of(row, world))
    elif isinstance(row, Dispute):
        if row.closes_at is not None:
            yield Clock(row.closes_at, CompareSealed)
        if row.ends_at is not None:
            yield Clock(row.ends_at, next_of(row))
    else:
        yield first
