"""Releasing: the employer pays the freelancer what was set aside, all of it or a part."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, Scope, action
from earnest.core.contracts import Contract
from earnest.core.fees import fee_of
from earnest.core.ledger import Account, Transfer, fees
from earnest.core.milestones.row import HOLDING, Milestone, MilestoneAction, contract_of
from earnest.core.money import Money
from earnest.core.people import EMPLOYER, NOBODY, Party, User
from earnest.core.records import record
from earnest.core.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View


@record(frozen=True, slots=True)
class Release(Row):
    """One payment out of a milestone, and the platform's fee on it."""

    noun: ClassVar[str] = "release"
    prefix: ClassVar[str] = "rel"

    id: int
    contract_id: int
    milestone_id: int
    amount: Money
    fee: Money
    created_at: datetime

    def parties(self, asker: User, world: View) -> frozenset[Party]:
        """Those of its contract."""
        contract = world.find(Contract, self.contract_id)
        return contract.parties(asker, world) if contract else NOBODY


@action
class ReleaseMilestone(MilestoneAction):
    """Pay the freelancer all that the milestone holds, or a part of it. The rest stays held.

    This cannot be undone: once it is released, the money is the freelancer's.
    """

    name = "milestone.release"
    by = EMPLOYER
    when = HOLDING
    event = "milestone.released"
    scope = Scope.MONEY
    makes = Release

    subject_id: int
    #: Left out, everything that is still held.
    amount: Money | None = None

    @override
    def accounts(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (subject.escrow,)

    @override
    def receives(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (contract_of(subject, world).freelancer_wallet,)

    @override
    def decide(self, subject: Milestone, world: View) -> Decision | Refused:
        held = world.balance(subject.escrow)
        amount = held if self.amount is None else self.amount
        if held < amount:
            return Refused(Reason.MORE_THAN_HELD, {"held": held}, "/amount")
        release = self._release(subject, amount, world)
        left = subject.without(amount, held, world.now, released=subject.released + amount)
        return Decision(rows=(left, release), transfers=tuple(_payment(subject, release, world)))

    def _release(self, milestone: Milestone, amount: Money, world: View) -> Release:
        assert milestone.terms_hash is not None, "what holds money was funded under some terms"
        return Release(
            id=world.new_id(),
            contract_id=milestone.contract_id,
            milestone_id=milestone.id,
            amount=amount,
            fee=fee_of(amount, world.terms(milestone.terms_hash).fee_bps),
            created_at=world.now,
        )


def _payment(milestone: Milestone, release: Release, world: View) -> Iterable[Transfer]:
    """To the freelancer what is left after the fee, and the fee if there is one."""
    freelancer = contract_of(milestone, world).freelancer_wallet
    net = release.amount - release.fee
    if net.is_positive:
        yield Transfer(milestone.escrow, freelancer, net)
    if release.fee.is_positive:
        yield Transfer(milestone.escrow, fees(release.fee.currency), release.fee)
