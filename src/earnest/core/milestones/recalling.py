"""Recalling: the employer takes a release back while it is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Scope, action
from earnest.core.ledger import Transfer
from earnest.core.milestones.releasing import (
    Release,
    ReleaseAction,
    ReleaseStatus,
)
from earnest.core.milestones.row import milestone_of
from earnest.core.milestones.silence import clocks_of
from earnest.core.milestones.working import is_spent
from earnest.core.people import EMPLOYER

if TYPE_CHECKING:
    from earnest.core.actions import View
    from earnest.core.milestones.row import Milestone
    from earnest.core.people import User


def _was_paid_since(release: Release, milestone: Milestone, world: View) -> bool:
    """Whether a tranche would have been paid of what is on its way, by an agreed plan."""
    if milestone.plan is None or milestone.plan_agreed_at is None:
        return False
    return any(release.created_at < each <= world.now for each in milestone.plan.dates)


@action
class Recall(ReleaseAction):
    """Take back a release that is not final yet. The milestone holds the money again."""

    name = "release.recall"
    by = EMPLOYER
    event = "release.recalled"
    scope = Scope.MONEY

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Release, asker: User, world: View) -> Reason | None:
        milestone = milestone_of(subject, world)
        if is_spent(milestone, world):
            return Reason.BUDGET_SPENT
        passed = any(due <= world.now for due, _ in clocks_of(milestone, world))
        return Reason.DATE_PASSED if passed or _was_paid_since(subject, milestone, world) else None

    @override
    def decide(self, subject: Release, world: View) -> Decision:
        milestone = milestone_of(subject, world)
        back = milestone.changed(world.now, releasing=milestone.releasing - subject.amount)
        return Decision(
            rows=(subject.ended(ReleaseStatus.RECALLED), back),
            transfers=(Transfer(subject.account, milestone.escrow, subject.amount),),
        )
