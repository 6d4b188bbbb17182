"""Returning: the freelancer gives money back; the employer can only ask for it.

The one exception is a contract that the freelancer has not accepted yet: until then the money
is promised to nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, Scope, action
from earnest.core.contracts import OFFERED, About, Message, message
from earnest.core.inputs import Words
from earnest.core.ledger import Account, Transfer
from earnest.core.milestones.row import (
    FUNDED,
    HOLDING,
    Milestone,
    MilestoneAction,
    contract_of,
)
from earnest.core.money import Money
from earnest.core.people import EMPLOYER, FREELANCER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View


@action
class Cancel(MilestoneAction):
    """Give the employer back all that the milestone holds, or a part of it.

    Only the freelancer can: once it is funded, the money is promised to them.
    """

    name = "milestone.cancel"
    by = FREELANCER
    when = HOLDING
    event = "milestone.cancelled"
    scope = Scope.MONEY

    subject_id: int
    #: Left out, everything that is still held.
    amount: Money | None = None

    @override
    def accounts(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (subject.escrow,)

    @override
    def receives(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (contract_of(subject, world).employer_wallet,)

    @override
    def decide(self, subject: Milestone, world: View) -> Decision | Refused:
        held = world.balance(subject.escrow)
        amount = held if self.amount is None else self.amount
        if held < amount:
            return Refused(Reason.MORE_THAN_HELD, {"held": held}, "/amount")
        return returned(subject, amount, held, world)


@action
class TakeBack(MilestoneAction):
    """Take the money of a milestone back while the freelancer has not accepted the contract."""

    name = "milestone.take_back"
    by = EMPLOYER
    when = FUNDED
    during = OFFERED
    event = "milestone.taken_back"
    scope = Scope.MONEY

    subject_id: int

    @override
    def accounts(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (subject.escrow,)

    @override
    def receives(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (contract_of(subject, world).employer_wallet,)

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        held = world.balance(subject.escrow)
        return returned(subject, held, held, world)


def returned(milestone: Milestone, amount: Money, held: Money, world: View) -> Decision:
    """Money given back always goes to the employer's wallet."""
    employer = contract_of(milestone, world).employer_wallet
    left = milestone.without(amount, held, world.now, returned=milestone.returned + amount)
    return Decision(rows=(left,), transfers=(Transfer(milestone.escrow, employer, amount),))


@action
class AskCancel(MilestoneAction):
    """Ask the freelancer to give the money back. Nothing moves unless they do."""

    name = "milestone.ask_cancel"
    by = EMPLOYER
    when = HOLDING
    event = "milestone.cancel_asked"
    makes = Message

    subject_id: int
    reason: Words

    @classmethod
    @override
    def blocked_now(cls, milestone: Milestone) -> Reason | None:
        return Reason.CANCEL_ALREADY_ASKED if milestone.cancel_asked_at else None

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        said = message(world, contract_of(subject, world), subject.id, About.CANCEL, self.reason)
        return Decision(rows=(subject.changed(world.now, cancel_asked_at=world.now), said))


@action
class RefuseCancel(MilestoneAction):
    """Say no to the employer who asked for the money back. Everything stays as it is."""

    name = "milestone.refuse_cancel"
    by = FREELANCER
    when = HOLDING
    event = "milestone.cancel_refused"

    subject_id: int

    @classmethod
    @override
    def blocked_now(cls, milestone: Milestone) -> Reason | None:
        return None if milestone.cancel_asked_at else Reason.CANCEL_NOT_ASKED

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        return Decision(rows=(subject.changed(world.now, cancel_asked_at=None),))
