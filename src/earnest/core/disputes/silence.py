"""Silence in a dispute: what happens when its answer, its negotiation or its ruling does not come.

Each clock is an instant on the dispute's own row; which of them is next, and what it leads to,
follows from there.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Scope, action, until
from earnest.core.disputes.ending import EndingAction, ended
from earnest.core.disputes.row import (
    ARBITRATION,
    NEGOTIATION,
    RESPONSE,
    Dispute,
    DisputeAction,
    DisputeStatus,
)
from earnest.core.disputes.sealing import CompareSealed
from earnest.core.disputes.stages import NEXT_WITHIN, in_arbitration, without_arbiter
from earnest.core.disputes.staking import DefaultFee
from earnest.core.milestones.row import milestone_of, terms_of
from earnest.core.money import Money
from earnest.core.people import SYSTEM, Party

if TYPE_CHECKING:
    from earnest.core.actions import View
    from earnest.core.people import User


@action
class DefaultAnswer(EndingAction):
    """Nobody answered in time: the claim stands, or an arbiter rules, as the terms say."""

    name = "dispute.default_answer"
    by = SYSTEM
    when = RESPONSE
    event = "dispute.defaulted"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return until(subject.ends_at, world)

    @override
    def decide(self, subject: Dispute, world: View) -> Decision:
        if terms_of(milestone_of(subject, world), world).unanswered == "claim":
            return ended(subject, DisputeStatus.DEFAULTED, subject.claim, world)
        return Decision(rows=(in_arbitration(subject, world),), event="dispute.escalated")


@action
class Escalate(DisputeAction):
    """The time is over: of a negotiation, so an arbiter rules; of an arbiter, so the next one."""

    name = "dispute.escalate"
    by = SYSTEM
    when = NEGOTIATION | ARBITRATION
    event = "dispute.escalated"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        leads_here = next_of(subject) is Escalate
        return until(subject.ends_at, world) if leads_here else Reason.NOT_YET_DUE

    @override
    def decide(self, subject: Dispute, world: View) -> Decision:
        if subject.status in NEGOTIATION:
            return Decision(rows=(in_arbitration(subject, world),))
        left = subject.next_arbiters - 1
        ends_at = world.now + NEXT_WITHIN
        passed_on = without_arbiter(subject, world, next_arbiters=left, ends_at=ends_at)
        return Decision(rows=(passed_on,))


@action
class DefaultRuling(EndingAction):
    """Nobody ruled in time, or nobody put up the fee that the terms ask for.

    Without an answer it goes as the milestone would have gone by silence alone; with one, the last
    open offer that is nearer to half of the amount stands; if both are as near, their midpoint.
    """

    name = "dispute.default_ruling"
    by = SYSTEM
    when = NEGOTIATION | ARBITRATION
    event = "dispute.defaulted"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        leads_here = next_of(subject) is DefaultRuling
        return until(subject.ends_at, world) if leads_here else Reason.NOT_YET_DUE

    @override
    def decide(self, subject: Dispute, world: View) -> Decision:
        return ended(subject, DisputeStatus.DEFAULTED, _by_default(subject), world)


def _by_default(dispute: Dispute) -> Money:
    """What the freelancer gets where nobody decided."""
    frozen, one, other = dispute.amount, dispute.opener_figure, dispute.other_figure
    if other is None:
        to_freelancer = dispute.silence_to is Party.FREELANCER
        return frozen if to_freelancer else Money.zero(frozen.currency)
    apart = [abs(2 * each.minor - frozen.minor) for each in (one, other)]
    if apart[0] == apart[1]:
        return one.midpoint(other)
    return one if apart[0] < apart[1] else other


def next_of(
    dispute: Dispute,
) -> type[DefaultAnswer | Escalate | DefaultFee | DefaultRuling]:
    """What the end of the stage leads to."""
    if dispute.status is DisputeStatus.RESPONSE:
        return DefaultAnswer
    if dispute.status is DisputeStatus.FINAL_OFFERS:
        return DefaultFee
    if dispute.status is DisputeStatus.NEGOTIATION:
        return Escalate if dispute.fee is None else DefaultRuling
    return Escalate if dispute.next_arbiters else DefaultRuling


#: In the order in which they are decided where two are due at one instant.
SILENT: Final = (CompareSealed, DefaultAnswer, Escalate, DefaultFee, DefaultRuling)


def clock_of(
    dispute: Dispute,
) -> (
    tuple[datetime, type[CompareSealed | DefaultAnswer | Escalate | DefaultFee | DefaultRuling]]
    | None
):
    """What happens to it next if nobody does anything, and when; None: nothing ever does.

    A round of sealed offers closes with the negotiation at the latest, and is compared first.
    """
    closes_at, ends_at = dispute.closes_at, dispute.ends_at
    if closes_at is not None and (ends_at is None or closes_at <= ends_at):
        return closes_at, CompareSealed
    return None if ends_at is None else (ends_at, next_of(dispute))
