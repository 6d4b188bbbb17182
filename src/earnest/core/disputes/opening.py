"""Opening: either side freezes an amount of a milestone and says who should get it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, Scope, action
from earnest.core.disputes.row import Dispute, DisputeStatus, Offer, too_much
from earnest.core.disputes.withdrawing import Withdrew
from earnest.core.inputs import MayBeZero, Note, Words
from earnest.core.ledger import Transfer
from earnest.core.milestones.row import (
    HOLDING,
    SUBMITTED,
    Milestone,
    MilestoneAction,
    contract_of,
    terms_of,
)
from earnest.core.money import Money
from earnest.core.people import BOTH, FREELANCER, Party
from earnest.core.records import replace

if TYPE_CHECKING:
    from earnest.core.actions import View
    from earnest.core.house import House
    from earnest.core.milestones.tranches import Tranche
    from earnest.core.people import User
    from earnest.core.rows import Row
    from earnest.core.terms import Terms


class OpeningAction(MilestoneAction):
    """What makes a dispute, of which a milestone has at most one at a time."""

    __slots__ = ()

    when = HOLDING
    event = "milestone.disputed"
    scope = Scope.MONEY
    makes = Dispute
    answers = True

    @classmethod
    @override
    def blocked_now(cls, milestone: Milestone) -> Reason | None:
        return Reason.DISPUTE_OPEN if milestone.frozen.is_positive else None


@action
class DisputeMilestone(OpeningAction):
    """Freeze an amount of the milestone and say how much of it the freelancer should get.

    Nobody can move it alone from then on. The other side answers; you negotiate; failing that an
    arbiter rules or the rules you both agreed to decide. Everything else of the contract goes on.
    """

    name = "milestone.dispute"
    by = BOTH
    beside: ClassVar[tuple[type[Row], ...]] = (Withdrew,)

    subject_id: int
    amount: Money
    to_freelancer: Annotated[Money, MayBeZero()]
    statement: Words

    @classmethod
    @override
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        withdrew = world.find(Withdrew, (milestone.id, asker.id))
        return None if withdrew is None else Reason.WITHDRAWN_BEFORE

    @override
    def decide(self, subject: Milestone, world: View) -> Decision | Refused:
        held = world.balance(subject.escrow)
        if held < self.amount:
            return Refused(Reason.MORE_THAN_HELD, {"held": held}, "/amount")
        refused = too_much(self.to_freelancer, self.amount)
        return refused or opened(subject, self.amount, self.to_freelancer, self.statement, world)


@action
class ObjectToReturn(OpeningAction):
    """Object to what two operators decided: all that is held becomes a dispute instead.

    You claim all of it. Without your objection it returns to the employer 7 days after the second
    operator confirmed it.
    """

    name = "milestone.object"
    by = FREELANCER

    subject_id: int
    statement: Note = ""

    @classmethod
    @override
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        is_confirmed = milestone.staff_return_at is not None
        return None if is_confirmed else Reason.STAFF_CANCEL_NOT_ASKED

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        held = world.balance(subject.escrow)
        return opened(subject, held, held, self.statement, world)


def opened(
    milestone: Milestone,
    amount: Money,
    claim: Money,
    statement: str,
    world: View,
    tranche: Tranche | None = None,
) -> Decision:
    """What the operators wanted is over; what is frozen waits in an account of its own."""
    number, offer_id = world.new_id(), world.new_id()
    offer = Offer(
        id=offer_id,
        contract_id=milestone.contract_id,
        dispute_id=number,
        maker_id=world.asker_id,
        to_freelancer=claim,
        statement=statement,
        created_at=world.now,
    )
    dispute = _new_dispute(milestone, amount, offer, world)
    if tranche is not None:
        dispute = replace(dispute, tranche_id=tranche.id)
    frozen = milestone.without_staff_cancel().changed(world.now, frozen=milestone.frozen + amount)
    return Decision(
        rows=(dispute, offer, frozen),
        transfers=(Transfer(milestone.escrow, dispute.account, amount),),
    )


def _new_dispute(milestone: Milestone, amount: Money, claim: Offer, world: View) -> Dispute:
    """It waits for the other side's answer as long as the milestone's terms say."""
    terms = terms_of(milestone, world)
    to_freelancer = milestone.status in SUBMITTED or milestone.plan_agreed_at is not None
    answer_by = _answer_by(milestone, terms, world)
    return Dispute(
        id=claim.dispute_id,
        contract_id=milestone.contract_id,
        milestone_id=milestone.id,
        employer_id=milestone.employer_id,
        freelancer_id=milestone.freelancer_id,
        opener_id=world.asker_id,
        amount=amount,
        status=DisputeStatus.RESPONSE,
        claim=claim.to_freelancer,
        opener_figure=claim.to_freelancer,
        opener_offer_id=claim.id,
        other_figure=None,
        other_offer_id=None,
        silence_to=Party.FREELANCER if to_freelancer else Party.EMPLOYER,
        fee=_fee(amount, terms, world.house),
        ends_at=answer_by,
        next_arbiters=terms.next_arbiters,
        wakes_at=answer_by,
        created_at=world.now,
        updated_at=world.now,
    )


def _answer_by(milestone: Milestone, terms: Terms, world: View) -> datetime:
    """Each side has its own time to answer what the other one opened."""
    opened_by_employer = world.asker_id == contract_of(milestone, world).employer_id
    waits = terms.answer_freelancer_seconds if opened_by_employer else terms.answer_employer_seconds
    return world.now + timedelta(seconds=waits)


def _fee(amount: Money, terms: Terms, house: House) -> Money | None:
    """The share that the terms say, at least the operator's minimum, never too much of it all."""
    if not terms.arbitration_bps:
        return None
    least = Money(house.arbitration_minimums.get(amount.currency, 0), amount.currency)
    most = amount.part(house.arbitration_most_bps)
    return min(max(amount.part(terms.arbitration_bps), least), most)
