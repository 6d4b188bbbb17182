"""The lifecycle, as lifecycle.txt tells it by hand: every line happens, nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from tests.core.disputed import LASTS, About
from tests.core.planned import WAITS
from tests.core.proposed import DUE
from tests.core.samples import SUBJECTS, sample
from tests.core.worlds import (
    ANSWERED_WITHIN,
    ARBITER,
    BIDS_TAKEN,
    EMPLOYER,
    FREELANCER,
    NOW,
    OPERATOR,
    STRANGER,
    WHOLE,
    ask,
    person,
    world,
)

from earnest.core.actions import ACTIONS
from earnest.core.bids.row import Bid, BidStatus
from earnest.core.commands import Event
from earnest.core.contracts import Contract, ContractStatus
from earnest.core.disputes.row import Dispute, DisputeStatus
from earnest.core.ledger import Account, Transfer
from earnest.core.milestones.releasing import Release, ReleaseStatus
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.milestones.tranches import Tranche, TrancheStatus
from earnest.core.payments.depositing import Deposit, DepositStatus
from earnest.core.payments.withdrawing import Withdrawal, WithdrawalStatus
from earnest.core.people import SYSTEM_ID, User, UserStatus
from earnest.core.projects.row import CHOOSING, Project, ProjectStatus
from earnest.core.rows import Row
from earnest.core.world import World

WHO: Final = {
    "employer": EMPLOYER,
    "owner": EMPLOYER,
    "freelancer": FREELANCER,
    "operator": OPERATOR,
    "arbiter": ARBITER,
    "stranger": STRANGER,
    "system": SYSTEM_ID,
}
STATUSES: Final[dict[type[Row], type[StrEnum]]] = {
    User: UserStatus,
    Contract: ContractStatus,
    Milestone: MilestoneStatus,
    Deposit: DepositStatus,
    Withdrawal: WithdrawalStatus,
    Project: ProjectStatus,
    Bid: BidStatus,
    Release: ReleaseStatus,
    Dispute: DisputeStatus,
    Tranche: TrancheStatus,
}


def _after(age: timedelta) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"age": age}, {"age": age - timedelta(microseconds=1)}


def _disputed(met: About, unmet: About) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"about": met}, {"about": unmet}


NAMED: Final = About(arbiter=ARBITER)
TAKEN: Final = About(arbiter=ARBITER, taken=True)


def _clocked(age: timedelta, **also: object) -> tuple[dict[str, Any], dict[str, Any]]:
    met, unmet = _after(age)
    return {"clocked": True, **also, **met}, {"clocked": True, **also, **unmet}


#: Each need: the world in which it is met, and the one in which it only just is not.
NEEDS: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "nothing held": ({"milestone": MilestoneStatus.REQUESTED}, {}),
    "no cancel asked": ({}, {"cancel_asked": True}),
    "a cancel asked": ({"cancel_asked": True}, {}),
    "a proposal of the other's": ({"edit": STRANGER}, {}),
    "a limit to add to": ({"clocked": True}, {}),
    "terms of the other's": ({"terms": STRANGER}, {}),
    "a date to agree to": ({}, {"agreed": True}),
    "not shortlisted": ({}, {"shortlisted": True}),
    "shortlisted": ({"shortlisted": True}, {}),
    "no bid yet": ({"bid": BidStatus.RETRACTED}, {}),
    "no offer waiting": ({}, {"awarded": True, "contract": ContractStatus.OFFERED}),
    "36 hours": _after(ANSWERED_WITHIN),
    "44 days": _after(BIDS_TAKEN + CHOOSING),
    "seven days": _after(timedelta(days=7)),
    "10 minutes": _after(timedelta(minutes=10)),
    "14 days to look": _clocked(timedelta(days=14)),
    "30 days too late": _clocked(DUE - NOW + timedelta(days=30), agreed=True),
    "180 days": _after(timedelta(days=180)),
    "180 days, and nobody told": tuple(  # type: ignore[dict-item]
        {"unheard": True, **each} for each in _after(timedelta(days=180))
    ),
    "a return asked for": ({"staff": STRANGER}, {}),
    "no return asked for": ({}, {"staff": STRANGER}),
    "a return confirmed": ({"staff": STRANGER, "confirmed": True}, {"staff": STRANGER}),
    "7 days to object": tuple(  # type: ignore[dict-item]
        {"staff": STRANGER, "confirmed": True, **each} for each in _after(timedelta(days=7))
    ),
    "a fee asked": _disputed(About(fee=True), About()),
    "a later end of the other's": _disputed(About(longer=STRANGER), About()),
    "an arbiter named": _disputed(NAMED, About()),
    "no arbiter named": _disputed(About(), NAMED),
    "an arbiter named who has not taken it": _disputed(NAMED, TAKEN),
    "taken on": _disputed(TAKEN, NAMED),
    "taken on, with an exhibit": _disputed(replace(TAKEN, exhibit=True), NAMED),
    "72 hours": _after(timedelta(hours=72)),
    "the end of the stage": _after(LASTS),
    "its date": _after(WAITS),
    "a date ahead": ({}, {"age": WAITS}),
    "the end of the last": tuple(  # type: ignore[dict-item]
        {"about": About(last=True), **each} for each in _after(LASTS)
    ),
}


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    action: str
    who: frozenset[int]
    contract: frozenset[str]
    #: Empty for `any other`, which is what the other lines leave.
    status: frozenset[str]
    to: str
    event: str
    money: str
    needs: str

    @property
    def noun(self) -> str:
        return self.action.split(".")[0]


def read(text: str) -> Iterator[Line]:
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        action, who, contract, status, to, event, money, needs = re.split(r"\s{2,}", line)
        statuses = {"any": frozenset(STATUSES[ACTIONS[action].kind]), "any other": frozenset[str]()}
        yield Line(
            action,
            frozenset(WHO[each] for each in who.split()),
            frozenset(contract.split()),
            statuses.get(status, frozenset(status.split())),
            to,
            event,
            money,
            needs,
        )


LINES: Final = tuple(read(Path(__file__).with_name("lifecycle.txt").read_text(encoding="utf-8")))
BY_ACTION: Final = {each.action: [x for x in LINES if x.action == each.action] for each in LINES}


def test_every_action_has_a_line_and_every_line_an_action() -> None:
    assert set(BY_ACTION) == set(ACTIONS)


def test_every_status_is_one_that_the_code_knows() -> None:
    for line in LINES:
        assert line.status <= set(STATUSES[ACTIONS[line.action].kind])
        assert line.contract <= {*ContractStatus, "-"}
        assert line.to in {"same", "-", *(status for kind in STATUSES.values() for status in kind)}


@dataclass(frozen=True)
class State:
    """Somebody before something: who, its status, its contract's, and whether the need is met."""

    who: int
    status: str
    contract: ContractStatus
    met: bool


def states(kind: type[Row], needs: str) -> Iterator[State]:
    contracts = list(ContractStatus) if kind is Milestone else [ContractStatus.ACTIVE]
    people = dict.fromkeys(WHO.values())
    met = [True, False] if needs in NEEDS else [True]
    for who, status, contract, each in product(people, STATUSES[kind], contracts, met):
        yield State(who, status, contract, each)


def world_of(kind: type[Row], state: State, needs: str) -> World:
    met, unmet = NEEDS.get(needs, ({}, {}))
    wanted = {"contract": state.contract, **(met if state.met else unmet)}
    age = wanted.pop("age", timedelta())
    if kind is User:
        wanted["people"] = [person(EMPLOYER, status=UserStatus(state.status))]
    else:
        wanted[kind.noun] = STATUSES[kind](state.status)
    made = world(**wanted)
    made.now += age
    return made


def line_for(name: str, state: State) -> Line | None:
    """Find the line that says that this happens, if any."""
    lines = BY_ACTION[name]
    named = frozenset[str]().union(*(line.status for line in lines))
    for line in lines:
        status = state.status in line.status or (not line.status and state.status not in named)
        contract = line.contract == {"-"} or state.contract in line.contract
        met = state.met or line.needs == "-"
        if state.who in line.who and status and contract and met:
            return line
    return None


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_what_has_a_line_happens_as_it_says_and_nothing_else_does(name: str) -> None:
    kind, needs = ACTIONS[name].kind, BY_ACTION[name][0].needs
    for state in states(kind, needs):
        books = world_of(kind, state, needs)
        outcome = ask(books, state.who, sample(name, books))
        line = line_for(name, state)
        if line is None:
            assert not isinstance(outcome, Event), state
        else:
            assert isinstance(outcome, Event), state
            assert told(outcome, line, state.status) == (line.event, line.to, line.money), state
            is_counted = kind in {Contract, Milestone, Release, Dispute, Tranche}
            assert not is_counted or (outcome.seq is None) == ACTIONS[name].sealed, state


def told(event: Event, line: Line, before: str) -> tuple[str, str, str]:
    """What happened, in the words of the table."""
    after = getattr(event.answer[0], "status", "-")
    same = after == before and event.answer[0].id == SUBJECTS[ACTIONS[line.action].kind.noun]
    assert all(transfer.amount == WHOLE for transfer in event.transfers)
    moves = [spoken(transfer, line.noun) for transfer in event.transfers]
    noun, _, name = event.name.partition(".")
    name = name if noun == line.noun else event.name
    return name, "same" if same and line.to == "same" else after, ", ".join(moves) or "-"


def spoken(transfer: Transfer, noun: str) -> str:
    return f"{named(transfer.debit, noun)} -> {named(transfer.credit, noun)}"


def named(account: Account, noun: str) -> str:
    if account.kind != "wallet":
        return account.kind
    if noun in {"deposit", "withdrawal"}:
        return "owner" if account.owner == EMPLOYER else "somebody else"
    return {EMPLOYER: "employer", FREELANCER: "freelancer"}[account.owner]
