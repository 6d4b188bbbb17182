"""Offering: both say openly what they would settle for, and either can take the other's word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, Scope, action
from earnest.core.disputes.ending import EndingAction, ended
from earnest.core.disputes.row import (
    OPEN,
    RESPONSE,
    UNDECIDED,
    Dispute,
    DisputeAction,
    DisputeStatus,
    Offer,
    new_offer,
    too_much,
)
from earnest.core.disputes.sealing import closes
from earnest.core.inputs import MayBeZero, OfferId, Words
from earnest.core.milestones.row import milestone_of, terms_of
from earnest.core.money import Money
from earnest.core.people import BOTH

if TYPE_CHECKING:
    from earnest.core.actions import View
    from earnest.core.people import User


class OfferingAction(DisputeAction):
    """What names a figure. The other's yes moves it, with nothing more asked."""

    __slots__ = ()

    by = BOTH
    scope = Scope.MONEY
    makes = Offer


@action
class Respond(OfferingAction):
    """Answer the dispute: say how much of it the freelancer should get, and why.

    It is your first offer, and the negotiation begins.
    """

    name = "dispute.respond"
    when = RESPONSE
    event = "dispute.responded"

    subject_id: int
    to_freelancer: Annotated[Money, MayBeZero()]
    statement: Words

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return Reason.NOT_YOUR_TURN if asker.id == subject.opener_id else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        refused = too_much(self.to_freelancer, subject.amount)
        if refused:
            return refused
        answer = new_offer(subject, self.to_freelancer, self.statement, world)
        negotiation = subject.changed(
            world.now,
            status=DisputeStatus.NEGOTIATION,
            negotiation_at=world.now,
            **_offered(subject, answer),
            **_first_round(subject, world),
        )
        return Decision(rows=(negotiation, answer))


def _first_round(dispute: Dispute, world: View) -> dict[str, Any]:
    """The negotiation lasts as long as the terms say, and so does its first round at most."""
    seconds = terms_of(milestone_of(dispute, world), world).negotiation_seconds
    ends_at: datetime | None = None
    if seconds is not None:
        ends_at = world.now + timedelta(seconds=seconds)
    return {"round": 1, "ends_at": ends_at, "closes_at": closes(world.now, 1, ends_at)}


def _offered(dispute: Dispute, offer: Offer) -> dict[str, Any]:
    side = dispute.side(offer.maker_id)
    return {f"{side}_figure": offer.to_freelancer, f"{side}_offer_id": offer.id}


@action
class MakeOffer(OfferingAction):
    """Offer to settle: name how much of the frozen amount the freelancer would get.

    It takes the place of your last offer, and the other side can accept it until the ruling.
    """

    name = "dispute.offer"
    when = UNDECIDED
    event = "dispute.offered"
    answers = True

    subject_id: int
    to_freelancer: Annotated[Money, MayBeZero()]

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return Reason.NOT_ANSWERED if subject.figure_of(asker.id) is None else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        refused = too_much(self.to_freelancer, subject.amount)
        if refused:
            return refused
        offer = new_offer(subject, self.to_freelancer, "", world)
        return Decision(rows=(subject.changed(world.now, **_offered(subject, offer)), offer))


@action
class AcceptOffer(EndingAction):
    """Accept the other side's last offer. Both are paid exactly that at once, and it is final."""

    name = "dispute.accept_offer"
    by = BOTH
    when = OPEN
    event = "dispute.settled"

    subject_id: int
    offer: OfferId

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        theirs = subject.figure_of(subject.other_than(asker.id))
        return Reason.NO_OFFER_OPEN if theirs is None else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        other = subject.other_than(world.asker_id)
        figure = subject.figure_of(other)
        assert figure is not None, "without one it is blocked"
        if self.offer != subject.offer_of(other):
            return Refused(Reason.CHANGED, {"now": figure}, "/offer")
        return ended(subject, DisputeStatus.SETTLED, figure, world)


@action
class Concede(EndingAction):
    """Give the opener what they now ask for. Both are paid at once, and it is final.

    Name the offer that you saw, and it is refused if they ask for something else by then.
    """

    name = "dispute.concede"
    by = BOTH
    when = OPEN
    event = "dispute.conceded"

    subject_id: int
    #: The opener's last offer, as it was seen; left out, whatever they ask for by then.
    offer: OfferId | None = None

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return Reason.NOT_YOUR_TURN if asker.id == subject.opener_id else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        if self.offer not in {None, subject.opener_offer_id}:
            return Refused(Reason.CHANGED, {"now": subject.opener_figure}, "/offer")
        return ended(subject, DisputeStatus.CONCEDED, subject.opener_figure, world)
