"""Bidding: a price, a number of days, and up to ten proposed milestones that add up to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, action
from earnest.core.bids.row import (
    LIVE,
    PROPOSALS_MAX,
    Bid,
    Bidder,
    BidStatus,
    Proposal,
    bid_hash,
)
from earnest.core.files import attached, named, unfit
from earnest.core.inputs import Between, Description, Files, Many
from earnest.core.money import Money
from earnest.core.people import ANYONE, FREELANCER, User
from earnest.core.projects.row import OPEN, Project
from earnest.core.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.rows import Row

DAYS_MAX: Final = 730


@record(frozen=True, slots=True)
class Step:
    """One proposed milestone: after so many days, or at that time."""

    description: Description
    amount: Money
    days: Annotated[int, Between(1, DAYS_MAX)] | None = None
    due_at: datetime | None = None


@record(frozen=True, slots=True)
class Said:
    """All that a bid says: given when it is placed, and again, as a whole, when it is changed."""

    subject_id: int
    amount: Money
    period_days: Annotated[int, Between(1, DAYS_MAX)]
    proposal: Description
    milestones: Annotated[tuple[Step, ...], Many(PROPOSALS_MAX, least=1)]
    files: Files = ()

    def items(self) -> int:
        """It makes a row of each step."""
        return len(self.milestones)

    def reads(self) -> Iterable[tuple[type[Row], int]]:
        """What is attached."""
        return named(self.files)

    def wrong(self, world: View) -> Refused | None:
        """The steps have one time each, still to come, and add up exactly; the files are theirs."""
        for index, step in enumerate(self.milestones):
            path = f"/milestones/{index}"
            if (step.days is None) == (step.due_at is None):
                return Refused(Reason.DAYS_OR_DUE, path=f"{path}/due_at")
            if step.due_at is not None and step.due_at <= world.now:
                return Refused(Reason.DUE_IN_PAST, path=f"{path}/due_at")
        total = sum((step.amount for step in self.milestones), Money.zero(self.amount.currency))
        if total != self.amount:
            facts = {"total": total, "amount": self.amount}
            return Refused(Reason.DOES_NOT_ADD_UP, facts, "/milestones")
        return unfit(self.files, world)

    def written(self, bid: Bid, world: View) -> tuple[Row, ...]:
        """The bid as it says now, with what it proposes and what is attached at their places."""
        proposals = tuple(
            Proposal(
                world.new_id(), bid.id, place, step.description, step.amount, step.days, step.due_at
            )
            for place, step in enumerate(self.milestones, 1)
        )
        said = bid.changed(
            world.now,
            amount=self.amount,
            period_days=self.period_days,
            proposal=self.proposal,
            milestones=len(proposals),
            hash=bid_hash(self.amount, self.period_days, proposals),
            files=len(self.files),
        )
        return (said, *proposals, *attached(said, self.files))


@action
class PlaceBid(Said, Action[Project]):
    """Bid for a project: your price, your days, and the milestones in which you would be paid.

    The proposed milestones add up to the bid exactly.
    """

    name = "bid.place"
    kind = Project
    by = ANYONE
    when = OPEN
    event = "bid.placed"
    makes = Bid
    answers = True
    opens = True

    @classmethod
    @override
    def blocked(cls, subject: Project, asker: User, world: View) -> Reason | None:
        if subject.closes_at <= world.now:
            return Reason.BIDDING_CLOSED
        bidder = world.find(Bidder, (subject.id, asker.id))
        return Reason.ALREADY_BID if bidder is not None and bidder.live else None

    @override
    def decide(self, subject: Project, world: View) -> Decision | Refused:
        refused = self.wrong(world)
        if refused:
            return refused
        bid = Bid(
            id=world.new_id(),
            project_id=subject.id,
            employer_id=subject.employer_id,
            bidder_id=world.asker_id,
            amount=self.amount,
            period_days=self.period_days,
            proposal=self.proposal,
            milestones=0,
            hash="",
            status=BidStatus.LIVE,
            shortlisted=False,
            created_at=world.now,
            updated_at=world.now,
        )
        return Decision(
            rows=(
                *self.written(bid, world),
                replace(subject, bids=subject.bids + 1),
                Bidder(subject.id, world.asker_id, 1),
            )
        )


class BidAction(Action[Bid]):
    """What can be done with a bid, while its project goes on."""

    __slots__ = ()

    kind = Bid
    when = LIVE

    @classmethod
    @override
    def blocked(cls, subject: Bid, asker: User, world: View) -> Reason | None:
        project = project_of(subject, world)
        if subject.status_with(project.standing(world.now)) is BidStatus.ENDED:
            return Reason.PROJECT_ENDED
        return cls.blocked_now(subject, project, world)

    @classmethod
    def blocked_now(cls, bid: Bid, project: Project, world: View) -> Reason | None:
        """What else refuses it whatever the input says, while the project goes on."""
        return None


def project_of(bid: Bid, world: View) -> Project:
    """Its project, which every batch locks before the bid."""
    project = world.find(Project, bid.project_id)
    assert project is not None, "the project is locked first"
    return project


@action
class EditBid(Said, BidAction):
    """Change your bid while it is live: all of it, so that its milestones add up."""

    name = "bid.edit"
    by = FREELANCER
    event = "bid.edited"

    @classmethod
    @override
    def blocked_now(cls, bid: Bid, project: Project, world: View) -> Reason | None:
        return Reason.BIDDING_CLOSED if project.closes_at <= world.now else None

    @override
    def decide(self, subject: Bid, world: View) -> Decision | Refused:
        return self.wrong(world) or Decision(rows=self.written(subject, world))


@action
class Retract(BidAction):
    """Take your bid back. You may bid again."""

    name = "bid.retract"
    by = FREELANCER
    event = "bid.retracted"

    subject_id: int

    @override
    def decide(self, subject: Bid, world: View) -> Decision:
        return over(subject, world, BidStatus.RETRACTED)


def over(bid: Bid, world: View, status: BidStatus) -> Decision:
    """A bid that is over: one fewer of its project, and its bidder may bid again."""
    project = project_of(bid, world)
    return Decision(
        rows=(
            bid.changed(world.now, status=status, shortlisted=False),
            replace(project, bids=project.bids - 1),
            Bidder(project.id, bid.bidder_id, 0),
        )
    )
