"""Silence: what becomes of a milestone when nobody does anything, as its terms say.

Each clock is an instant that follows from the milestone, its contract and its terms alone, so
whoever asks finds the same one: the batch that decides what is due, and the page that says when.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Scope, action, until
from earnest.core.contracts import ContractStatus
from earnest.core.ledger import Account
from earnest.core.milestones.releasing import Release, paid_out
from earnest.core.milestones.returning import returned
from earnest.core.milestones.row import (
    FUNDED,
    HOLDING,
    SUBMITTED,
    Milestone,
    MilestoneAction,
    contract_of,
    terms_of,
)
from earnest.core.milestones.staff import OBJECTED_WITHIN
from earnest.core.milestones.tranches import PayTranche
from earnest.core.milestones.working import review_ends
from earnest.core.people import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.people import User


#: So much later happens what somebody who loses by it could not be told of in time.
DEFERRED_BY: Final = timedelta(hours=72)


class SilentAction(MilestoneAction):
    """What happens to all that a milestone holds once a clock has run out."""

    __slots__ = ()

    by = SYSTEM
    scope = Scope.STAFF

    @classmethod
    def runs_out(cls, milestone: Milestone, world: View) -> datetime | None:
        """When its clock runs out if nobody does anything before."""
        raise NotImplementedError

    @classmethod
    def since(cls, milestone: Milestone, at: datetime, world: View) -> datetime:
        """When the clock began that runs out then."""
        raise NotImplementedError

    @classmethod
    def due(cls, milestone: Milestone, world: View) -> datetime | None:
        """When it happens if nobody does anything before."""
        at = cls.runs_out(milestone, world)
        return None if at is None else cls.happens(milestone, at, world)

    @classmethod
    def happens(cls, milestone: Milestone, at: datetime, world: View) -> datetime:
        """When what runs out then happens: if a clock was put off, not before that is over.

        Whatever ran then and would run out meanwhile waits with it, so they keep their order.
        """
        until = milestone.deferred_until
        if until is None:
            return at
        deferred_at = until - DEFERRED_BY
        waits = deferred_at <= at < until and cls.since(milestone, at, world) < deferred_at
        return until if waits else at

    @classmethod
    @override
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        return until(cls.due(milestone, world), world)


@action
class AutoRelease(SilentAction):
    """The work was handed in and nobody looked at it in time: all that is held is released."""

    name = "milestone.auto_release"
    when = SUBMITTED
    event = "milestone.auto_released"
    makes = Release

    subject_id: int

    @classmethod
    @override
    def runs_out(cls, milestone: Milestone, world: View) -> datetime | None:
        return review_ends(milestone, terms_of(milestone, world))

    @classmethod
    @override
    def since(cls, milestone: Milestone, at: datetime, world: View) -> datetime:
        assert milestone.submitted_at is not None, "what is looked at was handed in"
        return milestone.submitted_at

    @override
    def receives(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (contract_of(subject, world).freelancer_wallet,)

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        return paid_out(subject, world.balance(subject.escrow), world)


class ReturnAction(SilentAction):
    """What gives all that is held back to the employer."""

    __slots__ = ()

    when = FUNDED

    @override
    def receives(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (contract_of(subject, world).employer_wallet,)

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        held = world.balance(subject.escrow)
        return returned(subject, held, held, world)


@action
class StaffReturn(ReturnAction):
    """Two operators agreed to it and the freelancer did not object: all that is held returns."""

    name = "milestone.staff_return"
    when = HOLDING
    event = "milestone.staff_returned"

    subject_id: int

    @classmethod
    @override
    def runs_out(cls, milestone: Milestone, world: View) -> datetime | None:
        return milestone.staff_return_at

    @classmethod
    @override
    def since(cls, milestone: Milestone, at: datetime, world: View) -> datetime:
        return at - OBJECTED_WITHIN


@action
class ReturnOverdue(ReturnAction):
    """An agreed due date is long past and nothing was handed in: all that is held returns."""

    name = "milestone.return_overdue"
    event = "milestone.returned_overdue"

    subject_id: int

    @classmethod
    @override
    def runs_out(cls, milestone: Milestone, world: View) -> datetime | None:
        after = terms_of(milestone, world).overdue_seconds
        if milestone.due_at is None or milestone.agreed_at is None or after is None:
            return None
        since = max(milestone.due_at, milestone.changes_asked_at or milestone.due_at)
        return since + timedelta(seconds=after)

    @classmethod
    @override
    def since(cls, milestone: Milestone, at: datetime, world: View) -> datetime:
        after = terms_of(milestone, world).overdue_seconds
        assert after is not None, "without a limit no clock runs"
        return at - timedelta(seconds=after)


@action
class ReturnDormant(ReturnAction):
    """Neither side has done anything in the contract for very long: all that is held returns."""

    name = "milestone.return_dormant"
    event = "milestone.returned_dormant"

    subject_id: int

    @classmethod
    @override
    def runs_out(cls, milestone: Milestone, world: View) -> datetime | None:
        after = timedelta(seconds=terms_of(milestone, world).dormant_seconds)
        return contract_of(milestone, world).last_act_at + after

    @classmethod
    @override
    def since(cls, milestone: Milestone, at: datetime, world: View) -> datetime:
        return contract_of(milestone, world).last_act_at


#: In the order in which they are decided where two are due at one instant.
SILENT: Final[tuple[type[SilentAction], ...]] = (
    AutoRelease,
    StaffReturn,
    ReturnOverdue,
    ReturnDormant,
)


def soonest(milestone: Milestone, world: View) -> tuple[datetime, type[Action[Any]]] | None:
    """The first of those clocks."""
    return min(clocks_of(milestone, world), key=lambda each: each[0], default=None)


def clocks_of(milestone: Milestone, world: View) -> Iterable[tuple[datetime, type[Action[Any]]]]:
    """Every clock that would run for it while its contract is active and it holds something.

    An agreed plan is what silence leads to: but for what operators decided, no other clock runs.
    """
    if milestone.status not in HOLDING:
        return
    if milestone.pays_at is not None:
        yield milestone.pays_at, PayTranche
    found: list[tuple[datetime, type[SilentAction]]] = []
    for each in SILENT if milestone.plan_agreed_at is None else (StaffReturn,):
        at = each.runs_out(milestone, world) if milestone.status in each.when else None
        if at is not None:
            found.append((at, each))
    # What was put off with another one still comes after it.
    for at, each in sorted(found, key=lambda one: one[0]):
        yield each.happens(milestone, at, world), each


def clock_of(milestone: Milestone, world: View) -> tuple[datetime, type[Action[Any]]] | None:
    """What happens to it next if nobody does anything, and when; None: nothing ever does."""
    if milestone.status not in HOLDING or not milestone.holds:
        return None
    if contract_of(milestone, world).status is not ContractStatus.ACTIVE:
        return None
    return soonest(milestone, world)
