"""Sealed offers: figures that only their maker knows, compared by SYSTEM at fixed instants.

Whether a side has made one changes nothing that the other can see: no event of the contract, no
row, no fate, no dry run. So it can say what it would really take.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, Scope, action, until
from earnest.core.disputes.ending import EndingAction, ended
from earnest.core.disputes.row import (
    FINAL_OFFERS,
    NEGOTIATION,
    Dispute,
    DisputeAction,
    DisputeStatus,
    too_much,
)
from earnest.core.inputs import MayBeZero
from earnest.core.money import Money
from earnest.core.people import BOTH, SYSTEM, User
from earnest.core.records import record
from earnest.core.rows import Row

if TYPE_CHECKING:
    from earnest.core.actions import View

ROUNDS: Final = 3
ROUND_LASTS: Final = timedelta(hours=72)


def closes(began_at: datetime, number: int, ends_at: datetime | None) -> datetime:
    """When a round of a negotiation is compared: with its end at the latest."""
    at = began_at + number * ROUND_LASTS
    return at if ends_at is None else min(at, ends_at)


@record(frozen=True, slots=True)
class SealedOffer(Row):
    """What one side would take, said to nobody; it counts in its own round only."""

    noun: ClassVar[str] = "sealed_offer"

    dispute_id: int
    maker_id: int
    round: int
    to_freelancer: Money
    made_at: datetime

    @property
    @override
    def key(self) -> tuple[int, int]:
        return (self.dispute_id, self.maker_id)


@action
class MakeSealedOffer(DisputeAction):
    """Name, for nobody to see, what you would settle for; you can change it until the round closes.

    Then both figures are compared. If the freelancer's is not above the employer's, you settle at
    the midpoint; else both are only told that there is no settlement.
    """

    name = "dispute.sealed_offer"
    by = BOTH
    when = NEGOTIATION
    event = "dispute.sealed_offered"
    scope = Scope.MONEY
    makes = SealedOffer
    sealed = True
    previewable = False
    #: Another one takes the place of the first.
    beside: ClassVar[tuple[type[Row], ...]] = (SealedOffer,)

    subject_id: int
    to_freelancer: Annotated[Money, MayBeZero()]

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return Reason.NO_ROUND_OPEN if subject.closes_at is None else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        refused = too_much(self.to_freelancer, subject.amount)
        if refused:
            return refused
        sealed = SealedOffer(
            dispute_id=subject.id,
            maker_id=world.asker_id,
            round=subject.round,
            to_freelancer=self.to_freelancer,
            made_at=world.now,
        )
        return Decision(rows=(sealed,))


@action
class CompareSealed(EndingAction):
    """A round of sealed offers is over: both sides settle at the midpoint, or nothing is told."""

    name = "dispute.compare_sealed"
    by = SYSTEM
    when = NEGOTIATION | FINAL_OFFERS
    event = "dispute.sealed_compared"
    scope = Scope.STAFF
    beside: ClassVar[tuple[type[Row], ...]] = (SealedOffer,)

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return until(subject.closes_at, world)

    @override
    def decide(self, subject: Dispute, world: View) -> Decision:
        offered = _sealed_by(subject, subject.employer_id, world)
        asked = _sealed_by(subject, subject.freelancer_id, world)
        if offered is not None and asked is not None and asked <= offered:
            middle = asked.midpoint(offered)
            return ended(subject, DisputeStatus.SETTLED, middle, world, event="dispute.settled")
        return Decision(rows=(_next_round(subject, world),))


def _sealed_by(dispute: Dispute, user_id: int, world: View) -> Money | None:
    """What a side has sealed in this round."""
    sealed = world.find(SealedOffer, (dispute.id, user_id))
    return sealed.to_freelancer if sealed and sealed.round == dispute.round else None


def _next_round(dispute: Dispute, world: View) -> Dispute:
    """The next round has begun, unless there is none or the negotiation is over with this one."""
    number, closes_at = dispute.round + 1, None
    if dispute.status in NEGOTIATION and number <= ROUNDS:
        assert dispute.negotiation_at is not None, "rounds are counted from its start"
        next_at = closes(dispute.negotiation_at, number, dispute.ends_at)
        closes_at = next_at if next_at > world.now else None
    return dispute.changed(world.now, round=number, closes_at=closes_at)
