"""The bid: what somebody would do a project for, and the steps in which they would be paid."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from typing_extensions import override

from earnest.core.canonical import digest
from earnest.core.money import Money
from earnest.core.people import EMPLOYER, FREELANCER, Party, User, staff
from earnest.core.projects.row import GOING_ON, ProjectStatus
from earnest.core.records import record, replace
from earnest.core.rows import Row, wire_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.core.actions import View

PROPOSALS_MAX: Final = 10


class BidStatus(StrEnum):
    """Live until somebody decides; awarded while its offer waits; then accepted."""

    LIVE = "live"
    AWARDED = "awarded"
    ACCEPTED = "accepted"
    RETRACTED = "retracted"
    DECLINED = "declined"
    #: The project ended without it. Never written down: the project's own status says so.
    ENDED = "ended"


LIVE: Final = frozenset({BidStatus.LIVE})


@record(frozen=True, slots=True)
class Bid(Row):
    """One person's bid for one project."""

    noun: ClassVar[str] = "bid"
    prefix: ClassVar[str] = "bid"

    id: int
    project_id: int
    employer_id: int
    bidder_id: int
    amount: Money
    period_days: int
    proposal: str
    #: How many milestones it proposes: those at the first so many places.
    milestones: int
    #: What is awarded: the hash of its amount, its days and its proposed milestones.
    hash: str
    status: BidStatus
    #: Whether the employer thinks of it: seen by nobody else.
    shortlisted: bool
    created_at: datetime
    updated_at: datetime
    #: How many files are attached to it: those at the first so many places.
    files: int = 0

    def parties(self, asker: User, _world: View) -> frozenset[Party]:
        """Whoever posted the project, and whoever bids."""
        if asker.id == self.employer_id:
            return EMPLOYER
        return FREELANCER if asker.id == self.bidder_id else staff(asker)

    def changed(self, now: datetime, **changes: object) -> Self:
        """This bid with something else about it, from now on."""
        return replace(self, updated_at=now, **changes)  # type: ignore[arg-type]

    def status_with(self, project: ProjectStatus) -> BidStatus:
        """With its project a bid that nobody decided about has ended."""
        if self.status is BidStatus.LIVE and project not in GOING_ON:
            return BidStatus.ENDED
        return self.status


@record(frozen=True, slots=True)
class Proposal(Row):
    """One proposed milestone: a step of the work, and what it would cost."""

    noun: ClassVar[str] = "proposal"
    prefix: ClassVar[str] = "prp"

    id: int
    bid_id: int
    #: From 1; another at the same place takes its place.
    position: int
    description: str
    amount: Money
    #: After so many days, or at that time.
    days: int | None
    due_at: datetime | None

    @property
    @override
    def key(self) -> tuple[int, int]:
        return (self.bid_id, self.position)


@record(frozen=True, slots=True)
class Bidder(Row):
    """How many bids of one person for one project are not over: a limit over rows is a row."""

    noun: ClassVar[str] = "bidder"

    project_id: int
    bidder_id: int
    live: int

    @property
    @override
    def key(self) -> tuple[int, int]:
        return (self.project_id, self.bidder_id)


def proposals_of(bid: Bid, world: View) -> tuple[Proposal, ...]:
    """The milestones that a bid proposes, in their order."""
    found = (world.find(Proposal, (bid.id, place)) for place in range(1, bid.milestones + 1))
    return tuple(each for each in found if each is not None)


def as_json(amount: Money, proposals: Sequence[Proposal]) -> dict[str, Any]:
    """What both sides of an award agree to, beside the terms."""
    return {
        "amount": _money(amount),
        "milestones": [
            {
                "description": each.description,
                "amount": _money(each.amount),
                "days": each.days,
                "due_at": wire_time(each.due_at) if each.due_at else None,
            }
            for each in proposals
        ],
    }


def bid_hash(amount: Money, period_days: int, proposals: Sequence[Proposal]) -> str:
    """Name what is offered: an employer awards exactly what they saw."""
    return digest({**as_json(amount, proposals), "period_days": period_days})


def _money(amount: Money) -> dict[str, str]:
    return {"amount": amount.decimal, "currency": amount.currency}
