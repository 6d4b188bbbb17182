"""Tranches: parts of a milestone that are released on their dates, by a plan both sides agreed to.

A tranche pays its amount or what is held, whichever is less, and the last one all that is held. So
whatever else leaves the milestone uses up the last tranches by itself, and nothing of that is
written down.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, Self

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Scope, action, until
from earnest.core.contracts import ACTIVE, InContract
from earnest.core.milestones.releasing import Release, paid_out
from earnest.core.milestones.row import Milestone, contract_of, milestone_of
from earnest.core.money import Money
from earnest.core.people import SYSTEM, User
from earnest.core.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from earnest.core.actions import View
    from earnest.core.ledger import Account


class TrancheStatus(StrEnum):
    """A tranche waits for its date; one that paid nothing waits for ever."""

    WAITING = "waiting"
    PAID = "paid"


WAITING: Final = frozenset({TrancheStatus.WAITING})


@record(frozen=True, slots=True)
class Tranche(InContract):
    """What became of one tranche of a plan."""

    noun: ClassVar[str] = "tranche"
    prefix: ClassVar[str] = "trn"

    id: int
    contract_id: int
    milestone_id: int
    #: Its place in the plan, counted from 1, and how many there are.
    position: int
    of: int
    #: As planned, where they never change.
    amount: Money
    at: datetime
    retention: bool
    status: TrancheStatus
    #: What came off it by objections of the employer's.
    objected: Money
    #: What was paid by it, and when first.
    paid: Money
    paid_at: datetime | None
    created_at: datetime

    @property
    def is_last(self) -> bool:
        """Whether it pays all that is held."""
        return self.position == self.of

    @property
    def left(self) -> Money:
        """What it would still pay if there were enough for all."""
        return self.amount - self.objected - min(self.paid, self.amount - self.objected)

    def due(self, held: Money) -> Money:
        """What it would pay of so much."""
        return held if self.is_last else min(self.left, held)

    def paying(self, amount: Money, now: datetime) -> Self:
        """This tranche when so much more was paid by it."""
        paid_at = self.paid_at or now
        return replace(self, status=TrancheStatus.PAID, paid=self.paid + amount, paid_at=paid_at)


def new_tranches(milestones: Sequence[Milestone], world: View) -> Iterable[Tranche]:
    """What will become of the plans of new milestones."""
    for milestone in milestones:
        planned = milestone.plan.tranches if milestone.plan else ()
        for position, each in enumerate(planned, 1):
            nothing = Money.zero(each.amount.currency)
            yield Tranche(
                id=each.id,
                contract_id=milestone.contract_id,
                milestone_id=milestone.id,
                position=position,
                of=len(planned),
                amount=each.amount,
                at=each.at,
                retention=each.retention,
                status=TrancheStatus.WAITING,
                objected=nothing,
                paid=nothing,
                paid_at=None,
                created_at=world.now,
            )


def tranches_of(milestone: Milestone, world: View) -> list[Tranche]:
    """All of a plan, in its order: a batch reads them with each milestone that has one."""
    found: list[Tranche] = []
    for each in milestone.plan.tranches if milestone.plan else ():
        tranche = world.find(Tranche, each.id)
        assert tranche is not None, "a plan is read with its tranches"
        found.append(tranche)
    return found


def next_date(tranches: Iterable[Tranche], now: datetime) -> datetime | None:
    """When the first pays that has anything to pay; what was objected to in full is passed over."""
    ahead = (each for each in tranches if now < each.at and (each.is_last or each.left.is_positive))
    return next((each.at for each in ahead), None)


def foreseen(tranches: Iterable[Tranche], held: Money, now: datetime) -> dict[int, Money]:
    """What each tranche whose date lies ahead will pay of so much if nothing else happens."""
    pays: dict[int, Money] = {}
    for each in tranches:
        if now < each.at:
            pays[each.id] = each.due(held)
            held -= pays[each.id]
    return pays


def put_right(milestone: Milestone, changed: Tranche, world: View) -> Milestone:
    """The milestone paying next by its tranches as they now are."""
    tranches = [
        changed if each.id == changed.id else each for each in tranches_of(milestone, world)
    ]
    return replace(milestone, pays_at=next_date(tranches, world.now))


def unpayable(tranche: Tranche, world: View) -> Reason | None:
    """Why nothing of a tranche is paid, nor objected to, whenever that is."""
    milestone = milestone_of(tranche, world)
    if contract_of(milestone, world).standing(world.now) not in ACTIVE:
        return Reason.CONTRACT_NOT_ACTIVE
    if not milestone.holds:
        return Reason.NOTHING_HELD
    return Reason.PLAN_NOT_AGREED if milestone.plan_agreed_at is None else None


class TrancheAction(Action[Tranche]):
    """What can be asked of a tranche while its milestone holds something, by an agreed plan."""

    __slots__ = ()

    kind = Tranche
    when = WAITING

    @override
    def accounts(self, subject: Tranche, world: View) -> Iterable[Account]:
        return (milestone_of(subject, world).escrow,)


@action
class PayTranche(TrancheAction):
    """The date of a tranche has come: it is released, and the money is the freelancer's.

    It pays its amount or what the milestone holds, whichever is less; the last one pays all.
    """

    name = "tranche.pay"
    by = SYSTEM
    event = "milestone.tranche_paid"
    scope = Scope.STAFF
    makes = Release

    subject_id: int

    @override
    def receives(self, subject: Tranche, world: View) -> Iterable[Account]:
        return (contract_of(milestone_of(subject, world), world).freelancer_wallet,)

    @classmethod
    @override
    def blocked(cls, subject: Tranche, asker: User, world: View) -> Reason | None:
        is_next = milestone_of(subject, world).pays_at == subject.at
        waits = until(subject.at, world) if is_next else Reason.NOT_YET_DUE
        return unpayable(subject, world) or waits

    @override
    def decide(self, subject: Tranche, world: View) -> Decision:
        milestone = milestone_of(subject, world)
        amount = subject.due(world.balance(milestone.escrow))
        paid = subject.paying(amount, world.now)
        decision = paid_out(put_right(milestone, paid, world), amount, world)
        return Decision(rows=(paid, *decision.rows), transfers=decision.transfers)
