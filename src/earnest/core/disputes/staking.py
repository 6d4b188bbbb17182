"""Staking: where the terms ask for it, both sides put up a fee before an arbiter is named."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Scope, action, until
from earnest.core.disputes.ending import EndingAction, ended
from earnest.core.disputes.row import (
    FINAL_OFFERS,
    NEGOTIATION,
    Dispute,
    DisputeAction,
    DisputeStatus,
)
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.disputes.stages import in_arbitration
from earnest.core.ledger import Account, Transfer, wallet
from earnest.core.milestones.row import contract_of, milestone_of, terms_of
from earnest.core.people import BOTH, SYSTEM
from earnest.core.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.people import User


@action
class PayFee(DisputeAction):
    """Put up the arbitration fee. Once both sides have, an arbiter is named.

    If the other side does not in time, what you ask for at this moment stands. You have the fee
    back however the dispute ends, unless the ruling is nearer to what the other side offered.
    """

    name = "dispute.pay_fee"
    by = BOTH
    when = NEGOTIATION | FINAL_OFFERS
    event = "dispute.fee_paid"
    scope = Scope.MONEY
    #: Who comes next in the same batch meets an open round that is compared at this instant.
    beside: ClassVar[tuple[type[Row], ...]] = (SealedOffer,)

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        if subject.fee is None:
            return Reason.NO_FEE_ASKED
        return Reason.FEE_ALREADY_PAID if subject.payer_id == asker.id else None

    @override
    def accounts(self, subject: Dispute, world: View) -> Iterable[Account]:
        contract = contract_of(subject, world)
        escrow = milestone_of(subject, world).escrow
        wallets = (contract.employer_wallet, contract.freelancer_wallet)
        return (*wallets, subject.account, subject.stake, escrow)

    @override
    def decide(self, subject: Dispute, world: View) -> Decision:
        assert subject.fee is not None, "without one it is blocked"
        payer = wallet(world.asker_id, subject.fee.currency)
        paid = (Transfer(payer, subject.stake, subject.fee),) if subject.fee.is_positive else ()
        if subject.payer_id is not None:
            matched = subject.changed(world.now, matched=True)
            return Decision(rows=(in_arbitration(matched, world),), transfers=paid)
        return Decision(rows=(_first_to_pay(subject, world),), transfers=paid)


def _first_to_pay(dispute: Dispute, world: View) -> Dispute:
    """The negotiation is over; a round of sealed offers that was open is compared now."""
    seconds = terms_of(milestone_of(dispute, world), world).match_seconds
    assert seconds is not None, "where a fee is asked, there is a time to match it"
    return dispute.changed(
        world.now,
        status=DisputeStatus.FINAL_OFFERS,
        payer_id=world.asker_id,
        payer_figure=dispute.figure_of(world.asker_id),
        closes_at=None if dispute.closes_at is None else world.now,
        ends_at=world.now + timedelta(seconds=seconds),
    )


@action
class DefaultFee(EndingAction):
    """One side put up the fee and the other did not in time: what the first asked for stands."""

    name = "dispute.default_fee"
    by = SYSTEM
    when = FINAL_OFFERS
    event = "dispute.defaulted"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return until(subject.ends_at, world)

    @override
    def decide(self, subject: Dispute, world: View) -> Decision:
        assert subject.payer_figure is not None, "who paid had offered something"
        return ended(subject, DisputeStatus.DEFAULTED, subject.payer_figure, world)
