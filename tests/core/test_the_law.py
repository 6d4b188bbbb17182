"""The law, tried exhaustively: every action, asked by everybody, in every status.

What is expected here is derived from `by`, `when`, `opens` and `blocked`; that these say what
they should is the business of test_lifecycle.py, which is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Any, Final

import pytest
from tests.core.copies import again
from tests.core.disputed import DISPUTE, LASTS, About
from tests.core.planned import WAITS
from tests.core.samples import sample
from tests.core.worlds import (
    ANSWERED_WITHIN,
    ARBITER,
    BIDS_TAKEN,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    OPERATOR,
    OTHER_OPERATOR,
    RICH,
    STRANGER,
    WHOLE,
    ask,
    person,
    world,
)

from earnest.core.actions import ACTIONS, Action, Reason, Refused, offered
from earnest.core.bids.row import Bid, BidStatus
from earnest.core.commands import Event
from earnest.core.contracts import Contract, ContractStatus
from earnest.core.disputes.row import OPEN, Dispute, DisputeStatus
from earnest.core.disputes.withdrawing import Withdrew
from earnest.core.ledger import Account
from earnest.core.milestones.releasing import Release, ReleaseStatus
from earnest.core.milestones.row import HOLDING, Milestone, MilestoneStatus
from earnest.core.milestones.tranches import Tranche, TrancheStatus
from earnest.core.payments.depositing import Deposit, DepositStatus
from earnest.core.payments.row import EXPIRES_AFTER
from earnest.core.payments.withdrawing import Withdrawal, WithdrawalStatus
from earnest.core.people import SYSTEM_ID, Party, Role, User, UserStatus
from earnest.core.projects.row import CHOOSING, Project, ProjectStatus
from earnest.core.records import replace
from earnest.core.rows import Row
from earnest.core.world import World

P = Party
SUSPENDED = UserStatus.SUSPENDED


@dataclass(frozen=True)
class Asker:
    """Somebody, and the parts they have: in the contract, in the payments, in the user row."""

    row: User
    in_contract: frozenset[Party]
    #: The deposit and the withdrawal are the employer's.
    in_payment: frozenset[Party]
    #: The user row is the employer's too.
    in_user: frozenset[Party]

    @property
    def in_project(self) -> frozenset[Party]:
        """It is public: who has not posted it is anyone, staff or not."""
        if self.in_contract & {P.EMPLOYER, P.SYSTEM}:
            return self.in_contract
        return frozenset({P.ANYONE}) | self.in_user & {P.OPERATOR}

    def in_dispute(self, dispute: Dispute) -> frozenset[Party]:
        """Those of its contract, and the arbiter that was named for it."""
        is_named = dispute.arbiter_id == self.row.id and self.row.status is not SUSPENDED
        return self.in_contract | {P.ARBITER} if is_named else self.in_contract


def asker(row: User, contract: set[Party], payment: set[Party], user: set[Party]) -> Asker:
    return Asker(row, frozenset(contract), frozenset(payment), frozenset(user))


OWN: Final = {P.ANYONE}, {P.ANYONE, P.EMPLOYER}
STAFF: Final = {P.OPERATOR}, {P.OPERATOR}, {P.OPERATOR}
NONE: Final[tuple[set[Party], set[Party], set[Party]]] = (set(), set(), set())
#: Suspension takes from people what the site made them: an arbiter of no dispute is a stranger.
SUSPENDED_ARBITER: Final = asker(person(ARBITER, status=SUSPENDED), *NONE)
ASKERS: Final = {
    "employer": asker(person(EMPLOYER), {P.EMPLOYER}, *OWN),
    "employer, suspended": asker(person(EMPLOYER, status=SUSPENDED), {P.EMPLOYER}, *OWN),
    "employer who is an operator": asker(person(EMPLOYER, Role.OPERATOR), {P.EMPLOYER}, *OWN),
    "freelancer": asker(person(FREELANCER), {P.FREELANCER}, set(), set()),
    "freelancer, suspended": asker(
        person(FREELANCER, status=SUSPENDED), {P.FREELANCER}, set(), set()
    ),
    "freelancer who is an operator": asker(
        person(FREELANCER, Role.OPERATOR), {P.FREELANCER}, {P.OPERATOR}, {P.OPERATOR}
    ),
    "operator": asker(person(OPERATOR), *STAFF),
    "operator, suspended": asker(person(OPERATOR, status=SUSPENDED), *NONE),
    "arbiter": asker(person(ARBITER), *NONE),
    "stranger": asker(person(STRANGER), *NONE),
    "stranger, suspended": asker(person(STRANGER, status=SUSPENDED), *NONE),
    "system": asker(person(SYSTEM_ID), {P.SYSTEM}, {P.SYSTEM}, {P.SYSTEM}),
}


def worlds_for(kind: type[Row], who: User) -> Iterator[World]:
    """Every state that could make a difference to an action on this kind of row."""
    return map(again, _worlds_for(kind, who))  # type: ignore[arg-type]  # A class has a hash.


@cache
def _worlds_for(kind: type[Row], who: User) -> Sequence[World]:
    """Made once for many tests that follow each other: what takes longest."""
    return tuple(_made_for(kind, who))


def _made_for(kind: type[Row], who: User) -> Iterator[World]:
    people = [who]
    if kind in {Contract, Milestone}:
        yield from worlds_of_contracts(kind, people)
    elif kind is Release:
        yield from worlds_of_releases(people)
    elif kind is Dispute:
        yield from worlds_of_disputes(people)
    elif kind is Tranche:
        yield from worlds_of_tranches(people)
    elif kind in {Project, Bid}:
        yield from worlds_of_projects(kind, people)
    elif kind is User:
        for standing in UserStatus:
            user = person(EMPLOYER, *who.roles, status=standing)
            yield world(people=[who, *([user] if who.id != EMPLOYER else [])])
    else:
        statuses = DepositStatus if kind is Deposit else WithdrawalStatus
        for status, old in product(statuses, (False, True)):
            made = world(**{kind.noun: status}, people=people)  # type: ignore[arg-type]
            made.now = NOW + EXPIRES_AFTER if old else NOW
            yield made


def worlds_of_contracts(kind: type[Row], people: list[User]) -> Iterator[World]:
    for c, m, asked in product(ContractStatus, MilestoneStatus, (False, True)):
        yield world(c, m, cancel_asked=asked, people=people)
        yield world(c, m, cancel_asked=asked, awarded=True, people=people)
        other = FREELANCER if asked else EMPLOYER
        yield world(c, m, agreed=asked, edit=other, terms=other, people=people)
        if c is ContractStatus.OFFERED:
            made = world(c, m, cancel_asked=asked, people=people)
            made.now += ANSWERED_WITHIN
            yield made
    if kind is Contract:
        yield from (world(c, None, people=people) for c in ContractStatus)
    else:
        yield from clocked_worlds(people)


def worlds_of_releases(people: list[User]) -> Iterator[World]:
    for m, r, days in product(HOLDING, ReleaseStatus, (0, 20, 150)):
        made = world(milestone=m, release=r, clocked=True, agreed=True, people=people)
        made.now += timedelta(days=days)
        yield made


def worlds_of_tranches(people: list[User]) -> Iterator[World]:
    for t, c, agreed, days in product(
        TrancheStatus, ContractStatus, (False, True), (timedelta(), WAITS)
    ):
        made = world(c, tranche=t, plan_agreed=agreed, people=people)
        made.now += days
        yield made
    for t, m in product(TrancheStatus, HOLDING):
        yield world(milestone=m, tranche=t, dispute=DisputeStatus.RESPONSE, people=people)
        yield twice_as_much(world(tranche=t, dispute=DisputeStatus.RESPONSE, people=people))


#: What may make a difference once an arbiter decides.
ARBITRATED: Final = (
    About(arbiter=ARBITER),
    About(arbiter=ARBITER, taken=True, refused=True, last=True),
    About(arbiter=ARBITER, taken=True, asking=True, longer=FREELANCER),
    About(arbiter=ARBITER, taken=True, exhibit=True, longer=EMPLOYER),
)


def worlds_of_disputes(people: list[User]) -> Iterator[World]:
    for status in DisputeStatus:
        yield world(dispute=status, people=people)
    given = [(DisputeStatus.NEGOTIATION, About(fee=True, longer=FREELANCER))]
    given += [(DisputeStatus.ARBITRATION, each) for each in ARBITRATED]
    for status, about in (*given, *((each, About()) for each in OPEN)):
        for age in (timedelta(), timedelta(hours=72) if about.arbiter else LASTS):
            made = world(dispute=status, about=about, people=people)
            # Who is asked for the fee has it.
            made.balances[Account("wallet", FREELANCER, "USD")] = RICH.minor
            made.now += age
            yield made


def clocked_worlds(people: list[User]) -> Iterator[World]:
    """Where every clock runs, before and after each of them."""
    looked_at = product([MilestoneStatus.SUBMITTED], (0, 14), (False,), (0, 3))
    worked_on = product([MilestoneStatus.FUNDED], (0, 131, 181), (False, True), (0,))
    for m, days, agreed, rounds in (*looked_at, *worked_on):
        made = world(milestone=m, clocked=True, agreed=agreed, people=people)
        row = made.rows[Milestone, MILESTONE]
        assert isinstance(row, Milestone)
        made.rows[Milestone, MILESTONE] = replace(row, rounds=rounds)
        made.now += timedelta(days=days)
        yield made
    for m in HOLDING:
        yield world(milestone=m, release=ReleaseStatus.RELEASING, edit=EMPLOYER, people=people)
        for days, confirmed, other in product((0, 7), (False, True), (OPERATOR, OTHER_OPERATOR)):
            made = world(milestone=m, staff=other, confirmed=confirmed, people=people)
            made.now += timedelta(days=days)
            yield made
    for days in (0, 180):
        made = world(unheard=True, people=people)
        made.now += timedelta(days=days)
        yield made
    yield from frozen_worlds(people)


def frozen_worlds(people: list[User]) -> Iterator[World]:
    """Where all of it or a part of it is disputed, or a dispute was withdrawn."""
    yield world(dispute=DisputeStatus.RESPONSE, people=people)
    yield twice_as_much(world(dispute=DisputeStatus.RESPONSE, people=people))
    made = world(people=people)
    made.rows[Withdrew, (MILESTONE, EMPLOYER)] = Withdrew(MILESTONE, EMPLOYER, DISPUTE, NOW)
    yield made


def twice_as_much(made: World) -> World:
    """The milestone holds as much again as is frozen."""
    row = made.rows[Milestone, MILESTONE]
    assert isinstance(row, Milestone)
    twice = replace(row, amount=row.amount + WHOLE)
    made.rows[Milestone, MILESTONE] = twice
    made.balances[twice.escrow] = WHOLE.minor
    return made


def worlds_of_projects(kind: type[Row], people: list[User]) -> Iterator[World]:
    if kind is Project:
        for p, b, late, waits in product(ProjectStatus, BidStatus, range(3), (False, True)):
            contract = ContractStatus.OFFERED if waits else ContractStatus.REVOKED
            made = world(contract, project=p, bid=b, awarded=waits, people=people)
            made.now += (timedelta(), BIDS_TAKEN, BIDS_TAKEN + CHOOSING)[late]
            yield made
    else:
        for b, p, chosen in product(BidStatus, ProjectStatus, (False, True)):
            yield world(bid=b, project=p, shortlisted=chosen, people=people)
        made = world(people=people)
        made.now += BIDS_TAKEN
        yield made


def expected(kind: type[Action[Any]], who: Asker, subject: Row, books: World) -> Reason | None:
    """The first reason, in the one order of judgement, or None if nothing refuses it."""
    parties = {
        User: who.in_user,
        Deposit: who.in_payment,
        Withdrawal: who.in_payment,
        Project: who.in_project,
    }
    mine = parties.get(type(subject), who.in_contract)
    if isinstance(subject, Dispute):
        mine = who.in_dispute(subject)
    if kind.opens and who.row.status is SUSPENDED:
        return Reason.SUSPENDED
    if not mine:
        return Reason.NOT_FOUND
    if not mine & kind.by:
        return Reason.NOT_YOUR_PART
    written: StrEnum = subject.status  # type: ignore[attr-defined]
    if (written if who.row.is_system else subject.standing(books.now)) not in kind.when:
        return Reason.WRONG_STATUS
    return kind.blocked(subject, who.row, books)


def verdict(outcome: Event | Refused) -> Reason | None:
    return outcome.reason if isinstance(outcome, Refused) else None


@pytest.mark.parametrize("name", sorted(ACTIONS))
@pytest.mark.parametrize("who", ASKERS)
def test_only_the_named_party_in_the_named_status_and_not_blocked(name: str, who: str) -> None:
    allowed_as_it_says(name, ASKERS[who])


@pytest.mark.parametrize("name", sorted(n for n, a in ACTIONS.items() if a.kind is Dispute))
def test_an_arbiter_who_is_suspended_is_a_stranger(name: str) -> None:
    allowed_as_it_says(name, SUSPENDED_ARBITER)


def allowed_as_it_says(name: str, somebody: Asker) -> None:
    for books in worlds_for(ACTIONS[name].kind, somebody.row):
        action = sample(name, books)
        subject = books.rows[action.kind, action.subject_id]
        due = expected(ACTIONS[name], somebody, subject, books)
        buttons = offered(subject, somebody.row, books)
        wanted = due is None and not somebody.row.is_system
        assert (name in buttons) == wanted, (subject, books.now)
        assert verdict(ask(books, somebody.row.id, action)) == due, (subject, books.now)


@pytest.mark.parametrize("name", sorted(n for n, a in ACTIONS.items() if a.kind is not User))
@pytest.mark.parametrize("who", ASKERS)
def test_what_is_not_there_is_not_found(name: str, who: str) -> None:
    somebody = ASKERS[who].row
    frozen = DisputeStatus.RESPONSE if ACTIONS[name].kind is Dispute else None
    on_its_way = None if frozen else ReleaseStatus.RELEASING
    planned = TrancheStatus.WAITING if ACTIONS[name].kind is Tranche else None
    books = world(people=[somebody], release=on_its_way, dispute=frozen, tranche=planned)
    action = sample(name, books)
    del books.rows[action.kind, action.subject_id]
    suspended = action.opens and somebody.status is SUSPENDED
    due = Reason.SUSPENDED if suspended else Reason.NOT_FOUND
    assert verdict(ask(books, somebody.id, action)) == due


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_action_can_happen(name: str) -> None:
    """Else all of the above could hold because everything is refused."""
    assert any(
        isinstance(ask(books, somebody.row.id, sample(name, books)), Event)
        for somebody in ASKERS.values()
        for books in worlds_for(ACTIONS[name].kind, somebody.row)
    )


@pytest.mark.parametrize("name", sorted(ACTIONS))
@pytest.mark.parametrize("who", ASKERS)
def test_what_only_gains_decides_nothing(name: str, who: str) -> None:
    """So a batch need not lock it: the same happens, and it is the same money that comes."""
    somebody = ASKERS[who].row
    for one in worlds_for(ACTIONS[name].kind, somebody):
        other = again(one)
        first = ask(one, somebody.id, sample(name, one))
        second = ask(other, somebody.id, sample(name, other), unseen_gains=True)
        assert verdict(first) == verdict(second)
        if isinstance(first, Event) and isinstance(second, Event):
            assert [t.amount for t in first.transfers] == [t.amount for t in second.transfers]
            assert changes(one) == changes(other)


def changes(books: World) -> dict[tuple[str, bool], int]:
    """What came to each kind of account, the employer's apart; other numbers are made anew."""
    found: dict[tuple[str, bool], int] = {}
    for account, minor in (*books.moved.items(), *books.deltas.items()):
        place = (account.kind, account.owner == EMPLOYER)
        found[place] = found.get(place, 0) + minor
    return found
