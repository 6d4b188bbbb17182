"""The claims: what is said of every state and every edge, and whether it is so."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from earnest.core.actions import hindered
from earnest.core.contracts import ACTIVE, ContractStatus
from earnest.core.deferring import Defer
from earnest.core.disputes.row import Dispute
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import FUNDED
from earnest.core.milestones.silence import DEFERRED_BY, ReturnOverdue, StaffReturn, clocks_of
from earnest.core.milestones.tranches import PayTranche
from earnest.core.milestones.working import Submit
from earnest.core.people import User
from earnest.core.terms import PRESETS, with_fee
from earnest.prove.moves import CLOCKS, CONCERNED
from earnest.prove.silence import NO_END, called, lines, silences, span
from earnest.prove.telling import path_to, told_edge
from earnest.prove.world import (
    DISPUTE,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NAMES,
    SYSTEM,
    Place,
    State,
    summed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from earnest.core.commands import Command, Event
    from earnest.core.terms import Terms
    from earnest.prove.keys import Key
    from earnest.prove.searching import Edge, Found
    from earnest.prove.silence import Line, Silence, Worst
    from earnest.prove.world import Gains, Happened

ENDS: Final = "every funded state ends by time alone, or is named"
CONSERVED: Final = "money is conserved on every edge"
CREDITS: Final = "nothing else ever returns accepted money to the employer"
TAKEN: Final = "every action of contracts, milestones, releases, tranches and disputes is taken"
PUT_OFF: Final = "being put off changes when people are paid, and neither whom nor how much"
TABLE: Final = "each state's end, receiver and longest wait are those of the table"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that is said, whether it is so, and if not how one comes to where it is not."""

    name: str
    met: bool
    detail: str = ""
    path: tuple[str, ...] = ()


def judge_credits(place: Place) -> Callable[[State, Happened], str | None]:
    """Of every edge: whoever takes something back from accepted work may do that."""

    def judge(state: State, happened: Happened) -> str | None:
        contract = state.contract
        if contract is None or contract.status is not ContractStatus.ACTIVE:
            return None
        for command, event in happened.events:
            if _returned(event) and not _may_return(command, event, state, place):
                return f"{command.action.name} returns money to the employer"
        return None

    return judge


_FROM_WORK: Final = frozenset({"escrow", "releasing", "dispute"})


def _returned(event: Event) -> int:
    """What of accepted work goes back to the employer."""
    return sum(
        each.amount.minor
        for each in event.transfers
        if each.debit.kind in _FROM_WORK
        and each.credit.kind == "wallet"
        and each.credit.owner == EMPLOYER
    )


def _may_return(command: Command, event: Event, state: State, place: Place) -> bool:
    """The freelancer, both, a ruling, a clock of the terms, or staff whom nobody opposed."""
    name = command.action.name
    if command.actor_id == FREELANCER:
        return True
    if command.actor_id == SYSTEM:
        return name in _BY_CLOCK
    if command.actor_id != EMPLOYER:
        return name == "dispute.rule"
    if name == "milestone.agree_edit":
        return _is_freelancers_edit(state)
    if name in {"dispute.accept_offer", "dispute.concede"}:
        return _is_freelancers_figure(state, event)
    return name == "dispute.withdraw" and _was_overdue(state, event, place)


#: A settlement by sealed offers is of both; everything else here is a clock of the terms.
_BY_CLOCK: Final = frozenset(each.name for each in CLOCKS)


def _is_freelancers_edit(state: State) -> bool:
    edit = state.find(Edit, MILESTONE)
    return edit is not None and edit.proposer_id == FREELANCER


def _is_freelancers_figure(state: State, event: Event) -> bool:
    """The freelancer named the figure, and exactly what they left of the frozen amount returns."""
    dispute = state.find(Dispute, DISPUTE)
    if dispute is None:
        return False
    figure = dispute.figure_of(FREELANCER)
    return figure is not None and dispute.amount.minor - figure.minor == _returned(event)


def _was_overdue(state: State, event: Event, place: Place) -> bool:
    """Whether the overdue clock of the terms ran out while this was frozen, and none before it.

    Withdrawing does at once what that would have done. That the freelancer could have handed in
    work all that time is asked of every state: `_helpless`.
    """
    milestone = state.milestone
    assert milestone is not None, "a dispute is of one"
    passed = [each for each in clocks_of(milestone, place.world(state)) if each[0] <= event.at]
    return min(passed, default=(None, None), key=lambda each: each[0])[1] is ReturnOverdue


def preset_named(terms: Terms) -> str | None:
    """The preset that these terms are, whatever the operator's fee is."""
    return next(
        (name for name, each in PRESETS.items() if with_fee(each, terms.fee_bps) == terms), None
    )


def claims(found: Found) -> Sequence[Claim]:
    """Everything that is claimed, in the order in which it is told."""
    preset = preset_named(found.terms)
    table = lines(found)
    made = [_ends(found, preset), _on_edges(found, CONSERVED), _credits(found), _put_off(found)]
    made.append(_taken(found))
    if preset is not None:
        made.append(_as_in_table(found, table, preset))
    return made


def _ends(found: Found, preset: str | None) -> Claim:
    """What has no end is named by its preset's table; of other terms nobody has said it."""
    never = _stuck(found)
    if not never:
        return Claim(ENDS, met=True)
    named = {line.split(" | ")[0] for line in table_of(preset) if NO_END in line} if preset else ()
    unnamed = [key for key in never if called(found.states[key]) not in named]
    if not unnamed:
        return Claim(ENDS, met=True, detail=f"{len(never)} states have no end, and are named")
    first = unnamed[0]
    detail = f"no end: {called(found.states[first])} ({len(unnamed)} states)"
    return Claim(ENDS, met=False, detail=detail, path=path_to(found, first))


def _stuck(found: Found) -> Sequence[Key]:
    """Where something is held that time alone never moves."""
    silent = silences(found)
    return [key for key, state in found.states.items() if state.is_funded and not silent[key].ends]


def no_end(found: Found) -> Sequence[str]:
    """What has no end, in words."""
    return sorted({called(found.states[key]) for key in _stuck(found)})


def _on_edges(found: Found, name: str) -> Claim:
    wrong = [
        each for each in found.broken if each[1].endswith("to the employer") is (name == CREDITS)
    ]
    if not wrong:
        return Claim(name, met=True)
    edge, why = wrong[0]
    return Claim(name, met=False, detail=why, path=(*path_to(found, edge.source), told_edge(edge)))


def _credits(found: Found) -> Claim:
    """No edge gives back what it may not, and nobody is overdue who could not have handed in."""
    claim = _on_edges(found, CREDITS)
    helpless = _helpless(found)
    if claim.met and helpless is not None:
        detail = "the overdue clock runs, and the freelancer cannot hand in work"
        return Claim(CREDITS, met=False, detail=detail, path=path_to(found, helpless))
    late = [
        each
        for each in found.edges
        if each.who == EMPLOYER and ("dispute.withdraw", frozenset({EMPLOYER})) in each.pays
    ]
    if not claim.met or not late:
        return claim
    told = f"{len(late)} withdrawals by the employer return what was overdue while it was frozen"
    return Claim(CREDITS, met=True, detail=told)


def _helpless(found: Found) -> Key | None:
    """Where the overdue clock runs against a freelancer who cannot stop it.

    While all is on its way to them it can do nothing: nobody recalls a release past its instant.
    """
    for key, state in found.states.items():
        milestone, contract = state.milestone, state.contract
        if milestone is None or contract is None or contract.status not in ACTIVE:
            continue
        if milestone.status not in FUNDED or not (milestone.holds or milestone.frozen.is_positive):
            continue
        world = found.place.world(state)
        asker = world.find(User, FREELANCER)
        assert asker is not None, "everybody is there"
        is_running = ReturnOverdue.due(milestone, world) is not None
        if is_running and hindered(Submit, milestone, asker, world) is not None:
            return key
    return None


def _put_off(found: Found) -> Claim:
    """Wherever a clock is put off the same comes of it as if it was not, but later.

    Only a plan goes on: a date of it that comes before what staff decided is paid.
    """
    told, untold = silences(found), silences(found, untold=True)
    dated = 0
    for key, edge in found.put_off.items():
        then, later = told[key], _after(edge, told[edge.target])
        first = _after(found.silent[key], untold[found.silent[key].target])
        wrong = _waits(edge, then, later, untold[key].seconds - first.seconds)
        if _is_paid_on_its_date(found, edge, then, later):
            dated += 1
        elif (later.ends, later.gains) != (then.ends, then.gains):
            wrong = f"{_said(then.gains)} if told, {_said(later.gains)} if not"
        if wrong is not None:
            path = (*path_to(found, key), told_edge(edge))
            return Claim(PUT_OFF, met=False, detail=wrong, path=path)
    detail = f"{len(found.put_off)} states in which a clock is put off"
    if dated:
        detail += f"; in {dated} of them tranches are paid first of what staff would return"
    return Claim(PUT_OFF, met=True, detail=detail)


def _after(edge: Edge, silence: Silence) -> Silence:
    """What one step and the silence after it make together."""
    return silence._replace(
        gains=summed(edge.gains, silence.gains), seconds=edge.seconds + silence.seconds
    )


def _waits(edge: Edge, then: Silence, later: Silence, longest: int) -> str | None:
    """What is wrong about how long it waits, if anything is.

    It is asked of each single step and whatever time makes of it, everybody told or nobody: so it
    holds of every way on which some are told of some clocks.
    """
    if not then.ends:
        return None
    waits = later.seconds - then.seconds
    most = edge.done.count(Defer.name) * int(DEFERRED_BY.total_seconds())
    if not 0 <= waits <= most:
        return f"it waits {span(abs(waits))} {'longer' if waits > 0 else 'less'}"
    return None if longest >= 0 else "it waits longer if somebody is told"


def _is_paid_on_its_date(found: Found, edge: Edge, then: Silence, later: Silence) -> bool:
    """Whether all that differs is that a tranche is paid that staff would have returned."""
    if StaffReturn.name not in found.silent[edge.source].done or not later.ends:
        return False
    (employer, freelancer), (less, more) = (
        [dict(each.gains).get(who, 0) for who in (EMPLOYER, FREELANCER)] for each in (then, later)
    )
    is_moved = more > freelancer and more - freelancer == employer - less
    return is_moved and PayTranche.name in later.steps


def _said(gains: Gains) -> str:
    return " and ".join(f"{minor} to {NAMES[who]}" for who, minor in gains) or "nothing to anybody"


def _taken(found: Found) -> Claim:
    taken = {name for edge in found.edges for name in edge.done}
    never = impossible(found.terms)
    missing = [each.name for each in CONCERNED if each.name not in taken | never]
    if missing:
        return Claim(TAKEN, met=False, detail=f"never taken: {', '.join(missing)}")
    told = f"not under these terms: {', '.join(sorted(never))}" if never else ""
    return Claim(TAKEN, met=True, detail=told)


def impossible(terms: Terms) -> frozenset[str]:
    """What nobody can ever ask for, because these terms have no place for it."""
    has_fee, negotiates = terms.arbitration_bps > 0, terms.negotiation_seconds is not None
    arbitrates = has_fee or negotiates or terms.unanswered == "arbitration"
    there = {
        "milestone.auto_release": terms.review_seconds is not None,
        "milestone.request_changes": terms.change_rounds != 0,
        "milestone.return_overdue": terms.overdue_seconds is not None,
        "release.finalize": bool(terms.undo_seconds),
        "release.recall": bool(terms.undo_seconds),
        "dispute.pay_fee": has_fee,
        "dispute.default_fee": has_fee,
        "dispute.escalate": (negotiates and not has_fee)
        or (arbitrates and terms.next_arbiters > 0),
        "dispute.default_ruling": (negotiates and has_fee) or terms.ruling_seconds is not None,
        **dict.fromkeys(_ARBITERS, arbitrates),
    }
    return frozenset(name for name, is_there in there.items() if not is_there)


_ARBITERS: Final = (
    "dispute.name_arbiter",
    "dispute.refuse_arbiter",
    "dispute.take",
    "dispute.ask",
    "dispute.open_exhibit",
    "dispute.rule",
)


def table_of(preset: str) -> Sequence[str]:
    """The checked-in table of a preset, line by line."""
    text = resources.files("earnest.prove").joinpath(f"tables/{preset}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def written(table: dict[Line, Worst]) -> Sequence[str]:
    """The table as it is checked in."""
    return sorted(line.told(worst.silence.seconds) for line, worst in table.items())


def _as_in_table(found: Found, table: dict[Line, Worst], preset: str) -> Claim:
    here, there = written(table), table_of(preset)
    surplus = [each for each in here if each not in there]
    lost = [each for each in there if each not in here]
    if not surplus and not lost:
        return Claim(TABLE, met=True, detail=f"{len(here)} lines")
    told = [f"found: {each}" for each in surplus] + [f"in the table: {each}" for each in lost]
    return Claim(TABLE, met=False, detail="; ".join(told), path=_to_line(found, table, surplus))


def _to_line(found: Found, table: dict[Line, Worst], surplus: Sequence[str]) -> tuple[str, ...]:
    ways: Iterable[tuple[str, ...]] = (
        path_to(found, worst.key)
        for line, worst in table.items()
        if line.told(worst.silence.seconds) in surplus
    )
    return min(ways, key=len, default=())
