"""Withdrawing: who opened a dispute lets it go, and cannot open another on the same milestone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from earnest.core.actions import Decision, Reason, action
from earnest.core.disputes.ending import EndingAction, fees_back, paid
from earnest.core.disputes.planned import let_go
from earnest.core.disputes.row import UNDECIDED, Dispute, DisputeStatus
from earnest.core.ledger import Transfer
from earnest.core.milestones.row import Milestone, milestone_of
from earnest.core.milestones.silence import AutoRelease, ReturnDormant, clocks_of
from earnest.core.money import Money
from earnest.core.people import BOTH, User
from earnest.core.records import record
from earnest.core.rows import Row

if TYPE_CHECKING:
    from earnest.core.actions import View


@record(frozen=True, slots=True)
class Withdrew(Row):
    """Who has withdrawn a dispute on a milestone. Insert-only."""

    noun: ClassVar[str] = "withdrew"

    milestone_id: int
    opener_id: int
    dispute_id: int
    created_at: datetime

    @property
    @override
    def key(self) -> tuple[int, int]:
        return (self.milestone_id, self.opener_id)


@action
class WithdrawDispute(EndingAction):
    """Withdraw the dispute that you opened. You cannot open another one on this milestone.

    What was frozen is held again as before. If a clock of the milestone has run out meanwhile,
    what it leads to happens at once: work that nobody looked at in time is released, and so is what
    tranches would have paid of it whose dates have passed.
    """

    name = "dispute.withdraw"
    by = BOTH
    when = UNDECIDED
    event = "dispute.withdrawn"

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return None if asker.id == subject.opener_id else Reason.NOT_THE_OPENER

    @override
    def decide(self, subject: Dispute, world: View) -> Decision:
        over = subject.over(world.now, DisputeStatus.WITHDRAWN, None)
        withdrew = Withdrew(subject.milestone_id, subject.opener_id, subject.id, world.now)
        rows, transfers = _let_go(subject, milestone_of(subject, world), world)
        return Decision(rows=(over, *rows, withdrew), transfers=(*transfers, *fees_back(subject)))


def _let_go(
    dispute: Dispute, milestone: Milestone, world: View
) -> tuple[tuple[Row, ...], tuple[Transfer, ...]]:
    """Held again, unless one of the milestone's clocks would have moved it meanwhile.

    The one that asks whether anybody still acts does not: who withdraws just did.
    """
    if milestone.plan_agreed_at is not None:
        return let_go(dispute, milestone, world)
    passed = [
        each
        for each in clocks_of(milestone, world)
        if each[0] <= world.now and each[1] is not ReturnDormant
    ]
    if not passed:
        back = milestone.changed(world.now, frozen=milestone.frozen - dispute.amount)
        return (back,), (Transfer(dispute.account, milestone.escrow, dispute.amount),)
    _, first = min(passed, key=lambda each: each[0])
    nothing = Money.zero(dispute.amount.currency)
    return paid(dispute, dispute.amount if first is AutoRelease else nothing, world)
