"""Deferring: a clock that costs somebody money waits for its notice, once, and no longer than that.

Whether somebody was told follows from what was written down before the clock ran out, so whoever
asks later finds the same.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, Scope, action
from earnest.core.clocks import Clock, clock_of
from earnest.core.disputes.extending import lasting
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.silence import DefaultAnswer, DefaultRuling
from earnest.core.disputes.staking import DefaultFee
from earnest.core.hearing import LastNotice
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.silence import (
    DEFERRED_BY,
    AutoRelease,
    ReturnDormant,
    ReturnOverdue,
    StaffReturn,
)
from earnest.core.notices import Concerned
from earnest.core.people import SYSTEM, SYSTEM_ID
from earnest.core.reminding import actors, began, told_about

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View

#: Shorter clocks are for what can be done at once, and are never put off.
LONG: Final = timedelta(hours=72)

#: What takes from somebody because they did nothing. An agreed plan is no such thing: it is paid on
#: dates that both sides know from its beginning, whatever either does.
COSTLY: Final[frozenset[type[Action[Any]]]] = frozenset(
    {
        AutoRelease,
        StaffReturn,
        ReturnOverdue,
        ReturnDormant,
        DefaultAnswer,
        DefaultFee,
        DefaultRuling,
    }
)


def may_be_deferred(row: Milestone | Dispute, clock: Clock, world: View) -> bool:
    """Whether this clock is one that waits for its notice, and has not waited before."""
    if clock.action not in COSTLY or clock.at == row.deferred_until:
        return False
    return clock.at - began(row, clock, world) >= LONG


def must_wait(row: Milestone | Dispute, clock: Clock, world: View) -> bool:
    """Whether it is put off at its instant: nobody was there, or somebody does not know of it."""
    heard = world.heard
    if heard is None or not may_be_deferred(row, clock, world):
        return False
    if not heard.was_awake(clock.at):
        return True
    return world.house.mails and not heard.notices.issuperset(_last_notices(row, clock))


def _last_notices(row: Milestone | Dispute, clock: Clock) -> Iterable[LastNotice]:
    """What everybody has to have heard who can do something about it, or loses by it."""
    concerned = Concerned(SYSTEM_ID, row.employer_id, row.freelancer_id)
    _, number = told_about(row, clock)
    for user_id in actors(row, clock, concerned):
        yield LastNotice(number, clock.action.name, clock.at, user_id)


@action
class Defer(Action[Milestone]):
    """Put off by 72 hours what somebody who loses by it could not be told of in time.

    That happens once to each clock of 72 hours or longer: to the milestone's own, or to that of
    its dispute.
    """

    name = "clock.defer"
    kind = Milestone
    by = SYSTEM
    when = HOLDING
    event = "clock.deferred"
    scope = Scope.STAFF

    subject_id: int
    #: The dispute, if it is its clock.
    dispute_id: int | None = None

    @override
    def decide(self, subject: Milestone, world: View) -> Decision | Refused:
        row = subject if self.dispute_id is None else world.find(Dispute, self.dispute_id)
        clock = None if row is None else clock_of(row, world)
        if row is None or clock is None or world.now < clock.at or not must_wait(row, clock, world):
            return Refused(Reason.NOT_YET_DUE)
        until = clock.at + DEFERRED_BY
        if isinstance(row, Dispute):
            return Decision(rows=(lasting(row, until, world, deferred_until=until),))
        return Decision(rows=(row.changed(world.now, deferred_until=until),))


def deferring(row: Milestone | Dispute) -> Defer:
    """What SYSTEM asks for instead of what a clock of this row leads to."""
    if isinstance(row, Dispute):
        return Defer(row.milestone_id, row.id)
    return Defer(row.id)
