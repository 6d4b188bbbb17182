"""Asking for a milestone: the freelancer requests one, and either side may let it go."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, action
from earnest.core.contracts import (
    MILESTONES_WHILE_OFFERED_MAX,
    RUNNING,
    Contract,
    ContractStatus,
)
from earnest.core.inputs import Description
from earnest.core.milestones.row import (
    REQUESTED,
    Milestone,
    MilestoneAction,
    MilestoneStatus,
    agreement_hash,
)
from earnest.core.money import Money
from earnest.core.people import EMPLOYER, FREELANCER
from earnest.core.records import replace

if TYPE_CHECKING:
    from earnest.core.actions import View
    from earnest.core.milestones.plans import Plan


@action
class RequestMilestone(Action[Contract]):
    """Ask the employer to set money aside for a piece of work. No money moves."""

    name = "milestone.request"
    kind = Contract
    by = FREELANCER
    when = RUNNING
    event = "milestone.requested"
    makes = Milestone
    answers = True

    subject_id: int
    description: Description
    amount: Money
    due_at: datetime | None = None

    @override
    def decide(self, subject: Contract, world: View) -> Decision | Refused:
        refused = no_room(subject, 1) or past(self.due_at, world, "/due_at")
        if refused:
            return refused
        milestone = new_milestone(subject, world, self)
        return Decision(rows=(milestone, replace(subject, milestones=subject.milestones + 1)))


def no_room(contract: Contract, more: int) -> Refused | None:
    """Refuse more milestones than declining the contract could return in one command."""
    room = MILESTONES_WHILE_OFFERED_MAX - contract.milestones
    if contract.status is ContractStatus.OFFERED and more > room:
        return Refused(Reason.TOO_MANY_MILESTONES, {"limit": MILESTONES_WHILE_OFFERED_MAX})
    return None


def past(due_at: datetime | None, world: View, path: str) -> Refused | None:
    """Refuse a due date that has already been."""
    if due_at is not None and due_at <= world.now:
        return Refused(Reason.DUE_IN_PAST, path=path)
    return None


class Piece(Protocol):
    """A piece of work as somebody describes it, by itself or in a list."""

    @property
    def description(self) -> str:
        """What is to be done."""

    @property
    def amount(self) -> Money:
        """What it is worth."""

    @property
    def due_at(self) -> datetime | None:
        """By when it is to be done."""


def new_milestone(
    contract: Contract,
    world: View,
    piece: Piece,
    *,
    status: MilestoneStatus = MilestoneStatus.REQUESTED,
    terms_hash: str | None = None,
    funded_at: datetime | None = None,
    plan: Plan | None = None,
) -> Milestone:
    """A milestone as it is first asked for: without money, unless it is funded at once."""
    zero = Money.zero(piece.amount.currency)
    return Milestone(
        id=world.new_id(),
        contract_id=contract.id,
        project_id=contract.project_id,
        employer_id=contract.employer_id,
        freelancer_id=contract.freelancer_id,
        description=piece.description,
        amount=piece.amount,
        releasing=zero,
        frozen=zero,
        released=zero,
        returned=zero,
        status=status,
        due_at=piece.due_at,
        agreement_hash=agreement_hash(piece.description, piece.amount, piece.due_at, plan),
        terms_hash=terms_hash,
        funded_at=funded_at,
        submitted_at=None,
        rounds=0,
        changes_asked_at=None,
        review_used_us=0,
        cancel_asked_at=None,
        agreed_at=world.now if piece.due_at and world.asker_id == contract.freelancer_id else None,
        wakes_at=None,
        created_at=world.now,
        updated_at=world.now,
        plan=plan,
    )


@action
class Decline(MilestoneAction):
    """Decline a milestone that the freelancer asked for."""

    name = "milestone.decline"
    by = EMPLOYER
    when = REQUESTED
    during = RUNNING
    event = "milestone.declined"

    subject_id: int

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        return Decision(rows=(subject.changed(world.now, status=MilestoneStatus.DECLINED),))


@action
class Withdraw(MilestoneAction):
    """Take back your own request for a milestone, before it is funded."""

    name = "milestone.withdraw"
    by = FREELANCER
    when = REQUESTED
    during = RUNNING
    event = "milestone.withdrawn"

    subject_id: int

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        return Decision(rows=(subject.changed(world.now, status=MilestoneStatus.DECLINED),))
