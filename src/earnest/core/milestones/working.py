"""Working: the freelancer says that it is done, the employer looks at it.

The time to look is one budget for all rounds: asking for changes stops it, handing the work in
again lets it go on, and nothing fills it up but both sides together.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, action
from earnest.core.contracts import About, Message, message
from earnest.core.files import attached, named, unfit
from earnest.core.inputs import Files, Links, Note, Words
from earnest.core.milestones.row import (
    FUNDED,
    SUBMITTED,
    Milestone,
    MilestoneAction,
    MilestoneStatus,
    contract_of,
    terms_of,
)
from earnest.core.people import EMPLOYER, FREELANCER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.people import User
    from earnest.core.rows import Row
    from earnest.core.terms import Terms

MICRO: Final = timedelta(microseconds=1)


def review_whole(milestone: Milestone, terms: Terms) -> timedelta | None:
    """All the time there is to look, with what both added to it; None: no limit.

    What is paid by an agreed plan is paid whether or not anybody looks.
    """
    if terms.review_seconds is None or milestone.plan_agreed_at is not None:
        return None
    return timedelta(days=milestone.extra_review_days, seconds=terms.review_seconds)


def rounds_most(milestone: Milestone, terms: Terms) -> int | None:
    """How often changes may be asked for, with what both added to it; None: no limit."""
    return None if terms.change_rounds is None else terms.change_rounds + milestone.extra_rounds


def review_left(milestone: Milestone, terms: Terms) -> timedelta | None:
    """How much of the time to look there was when it was last handed in; None: no limit."""
    whole = review_whole(milestone, terms)
    return None if whole is None else whole - milestone.review_used_us * MICRO


def review_ends(milestone: Milestone, terms: Terms) -> datetime | None:
    """When work that was handed in is released by itself: never within the floor."""
    left = review_left(milestone, terms)
    if left is None or milestone.submitted_at is None:
        return None
    floor = timedelta(seconds=terms.review_floor_seconds or 0)
    return milestone.submitted_at + max(left, floor)


def budget_left(milestone: Milestone, world: View) -> timedelta | None:
    """How much of the time to look there is now; it runs only while there is work to look at."""
    left = review_left(milestone, terms_of(milestone, world))
    if left is None or milestone.status not in SUBMITTED or milestone.submitted_at is None:
        return left
    return max(left - (world.now - milestone.submitted_at), timedelta())


def is_spent(milestone: Milestone, world: View) -> bool:
    """Whether the budget is used up: then only releasing is left, or the clock."""
    left = budget_left(milestone, world)
    return left is not None and not left


@action
class Submit(MilestoneAction):
    """Say that the work is done, and ask for the release."""

    name = "milestone.submit"
    by = FREELANCER
    when = FUNDED
    event = "milestone.submitted"
    makes = Message
    is_of_work = True

    subject_id: int
    note: Note = ""
    links: Links = ()
    files: Files = ()

    @override
    def reads(self) -> Iterable[tuple[type[Row], int]]:
        return named(self.files)

    @override
    def decide(self, subject: Milestone, world: View) -> Decision | Refused:
        refused = unfit(self.files, world)
        if refused:
            return refused
        submitted = subject.changed(
            world.now, status=MilestoneStatus.SUBMITTED, submitted_at=world.now
        )
        contract = contract_of(subject, world)
        count = len(self.files)
        said = message(
            world, contract, subject.id, About.SUBMISSION, self.note, self.links, files=count
        )
        return Decision(rows=(submitted, said, *attached(said, self.files)))


@action
class RequestChanges(MilestoneAction):
    """Say what is still missing; the milestone goes back to being worked on."""

    name = "milestone.request_changes"
    by = EMPLOYER
    when = SUBMITTED
    event = "milestone.changes_requested"
    makes = Message
    is_of_work = True

    subject_id: int
    reason: Words

    @classmethod
    @override
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        rounds = rounds_most(milestone, terms_of(milestone, world))
        if rounds is not None and milestone.rounds >= rounds:
            return Reason.NO_ROUNDS_LEFT
        return Reason.BUDGET_SPENT if is_spent(milestone, world) else None

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        assert subject.submitted_at is not None, "what is looked at was handed in"
        back = subject.changed(
            world.now,
            status=MilestoneStatus.FUNDED,
            rounds=subject.rounds + 1,
            changes_asked_at=world.now,
            review_used_us=subject.review_used_us + (world.now - subject.submitted_at) // MICRO,
        )
        contract = contract_of(subject, world)
        said = message(world, contract, subject.id, About.CHANGES, self.reason)
        return Decision(rows=(back, said))
