"""Silence: what becomes of every state if nobody acts, and what a person would call the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.core.contracts import ContractStatus
from earnest.core.disputes.row import ARBITRATION, RESPONSE, Dispute
from earnest.prove.keys import is_out_of_reach
from earnest.prove.world import EMPLOYER, FREELANCER, State, summed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.prove.keys import Key
    from earnest.prove.searching import Found
    from earnest.prove.world import Gains

NO_END: Final = "no end"
_DAY: Final = 86_400
_RECEIVERS: Final = {
    frozenset(): "nobody",
    frozenset({EMPLOYER}): "employer",
    frozenset({FREELANCER}): "freelancer",
    frozenset({EMPLOYER, FREELANCER}): "both",
}


class Silence(NamedTuple):
    """What time alone makes of a state."""

    ends: bool
    #: What pays somebody on the way, in its order.
    end: tuple[str, ...]
    receivers: frozenset[int]
    seconds: int
    #: Everything that the clock asks for on the way.
    steps: tuple[str, ...]
    #: How much each person gets.
    gains: Gains


class Line(NamedTuple):
    """One line of a table: what becomes of the states that a person calls by one name."""

    state: str
    end: str
    receiver: str

    def told(self, seconds: int) -> str:
        """The line as it is written, with the longest wait."""
        minutes = -(-seconds // 60)  # What began a moment before a clock is told as if at it.
        wait = "" if self.end.endswith(NO_END) else f" | {span(minutes * 60)}"
        return f"{self.state} | {self.end} | {self.receiver}{wait}"


@dataclass(frozen=True, slots=True)
class Worst:
    """The state of a line that waits longest, and what becomes of it if nobody is told."""

    key: Key
    silence: Silence


def silences(found: Found, *, untold: bool = False) -> dict[Key, Silence]:
    """What time alone makes of every state: one walk along the edges of time.

    Everybody was told of every clock in time; or nobody was, and whatever may be put off is.
    """
    next_of = {**found.silent, **found.put_off} if untold else found.silent
    known: dict[Key, Silence] = {}
    for key in found.states:
        way: list[Key] = []
        at = key
        while at not in known and at in next_of and at not in way:
            way.append(at)
            at = next_of[at].target
        if at not in known:
            known[at] = Silence(not found.states[at].is_funded, (), frozenset(), 0, (), ())
        for each in reversed(way):
            edge, then = next_of[each], known[next_of[each].target]
            is_over = not found.states[each].is_funded
            known[each] = Silence(
                then.ends,
                (*(name for name, _ in edge.pays), *then.end),
                then.receivers.union(*(who for _, who in edge.pays)),
                0 if is_over or not then.ends else edge.seconds + then.seconds,
                (*edge.done, *then.steps),
                summed(edge.gains, then.gains),
            )
    return known


def lines(found: Found) -> dict[Line, Worst]:
    """Every line of the table, from the states found: who is paid, and when at the latest."""
    table: dict[Line, Worst] = {}
    latest = silences(found, untold=True)
    for key, silence in silences(found).items():
        state, late = found.states[key], latest[key]
        if not state.is_funded:
            continue
        line = line_of(state, silence)
        if line not in table or table[line].silence.seconds < late.seconds:
            table[line] = Worst(key, late)
    return table


def line_of(state: State, silence: Silence) -> Line:
    """How a table says it."""
    end = (*silence.end, *(() if silence.ends else (NO_END,)))
    return Line(called(state), ", ".join(end), _RECEIVERS[silence.receivers])


def called(state: State) -> str:
    """What a person would call a state."""
    milestone, contract = state.milestone, state.contract
    assert milestone is not None, "only what is funded has a name"
    assert contract is not None, "it belongs to one"
    told = [] if is_out_of_reach(state) else [milestone.status.value]
    if contract.status is ContractStatus.OFFERED:
        told = ["offered", *told]
    elif milestone.due_at is not None and told:
        told.append("date agreed" if milestone.agreed_at is not None else "date not agreed")
    if milestone.plan is not None and told:
        told.append("plan agreed" if milestone.plan_agreed_at is not None else "plan not agreed")
    if state.release is not None:
        told.append("a release on its way")
    if milestone.extra_review_days and told:
        told.append("days added")
    if milestone.staff_return_at is not None:
        told.append("to be returned by staff")
    if state.dispute is not None:
        told += _stage(state.dispute, state)
    return ", ".join(told)


def _stage(dispute: Dispute, state: State) -> Iterable[str]:
    milestone = state.milestone
    assert milestone is not None, "a dispute is of one"
    yield "all disputed" if not milestone.holds else "a part disputed"
    yield dispute.status.value.replace("_", " ")
    opener = "employer" if dispute.opener_id == EMPLOYER else "freelancer"
    if dispute.status in RESPONSE:
        yield f"opened by the {opener}"
    if dispute.status in ARBITRATION:
        yield "answered" if dispute.other_figure is not None else "unanswered"
        yield "no arbiter" if dispute.arbiter_id is None else "arbiter named"


def span(seconds: int) -> str:
    """A wait in the units that people count in."""
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    told = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{count} {unit}" for count, unit in told if count) or "at once"
