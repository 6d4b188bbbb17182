"""Objecting: the employer freezes what one tranche of an agreed plan would pay, or a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, Scope, action
from earnest.core.disputes.opening import opened
from earnest.core.disputes.row import Dispute, too_much
from earnest.core.inputs import MayBeZero, Words
from earnest.core.milestones.row import milestone_of
from earnest.core.milestones.tranches import (
    Tranche,
    TrancheAction,
    foreseen,
    put_right,
    tranches_of,
    unpayable,
)
from earnest.core.money import Money
from earnest.core.people import EMPLOYER
from earnest.core.records import replace

if TYPE_CHECKING:
    from earnest.core.actions import View
    from earnest.core.people import User


@action
class ObjectToTranche(TrancheAction):
    """Object to a tranche before its date: the amount that you name is frozen, and nothing else.

    It becomes a dispute, and comes off this tranche; the rest of it is paid on time, and so are all
    other tranches. Unless you say otherwise, you ask for all of it back.
    """

    name = "tranche.object"
    by = EMPLOYER
    event = "milestone.disputed"
    scope = Scope.MONEY
    makes = Dispute
    answers = True

    subject_id: int
    amount: Money
    reason: Words
    #: How much of the amount the freelancer should get; left out, nothing.
    to_freelancer: Annotated[Money | None, MayBeZero()] = None

    @classmethod
    @override
    def blocked(cls, subject: Tranche, asker: User, world: View) -> Reason | None:
        refused = unpayable(subject, world)
        if refused is None and subject.at <= world.now:
            return Reason.DATE_PASSED
        is_open = milestone_of(subject, world).frozen.is_positive
        return refused or (Reason.DISPUTE_OPEN if is_open else None)

    @override
    def decide(self, subject: Tranche, world: View) -> Decision | Refused:
        milestone = milestone_of(subject, world)
        held = world.balance(milestone.escrow)
        pays = foreseen(tranches_of(milestone, world), held, world.now)[subject.id]
        if pays < self.amount:
            return Refused(Reason.MORE_THAN_TRANCHE, {"pays": pays}, "/amount")
        nothing = Money.zero(self.amount.currency)
        claim = nothing if self.to_freelancer is None else self.to_freelancer
        refused = too_much(claim, self.amount)
        if refused:
            return refused
        objected = replace(subject, objected=subject.objected + self.amount)
        paying = put_right(milestone, objected, world)
        made = opened(paying, self.amount, claim, self.reason, world, subject)
        return Decision(rows=(*made.rows, objected), transfers=made.transfers)
