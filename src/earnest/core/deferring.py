"""Deferring: a clock that costs somebody money waits for its notice, once, and no longer than that.

Whether somebody was told follows from what was written down before the clock ran out, so whoever
asks later finds the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Scope, action
from earnest.core.clocks import RANKS, Clock, clock_of
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
from earnest.core.reminding import actors, began, is_deferred, told_about

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.ledger import Account
    from earnest.core.people import User

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
    if clock.action not in COSTLY or is_deferred(row, clock):
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


def has_to_hear(row: Milestone | Dispute, clock: Clock) -> Iterable[int]:
    """Of its two sides, who can do something about a clock, or loses by it."""
    return actors(row, clock, Concerned(SYSTEM_ID, row.employer_id, row.freelancer_id))


def _last_notices(row: Milestone | Dispute, clock: Clock) -> Iterable[LastNotice]:
    """What everybody has to have heard whose knowledge it waits for."""
    _, number = told_about(row, clock)
    for user_id in has_to_hear(row, clock):
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
    event = "milestone.deferred"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Milestone, asker: User, world: View) -> Reason | None:
        return None if _waiting(subject, world) is not None else Reason.NOT_YET_DUE

    @override
    def accounts(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (subject.escrow,)  # No money moves, but what is held is told.

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        found = _waiting(subject, world)
        assert found is not None, "without one it is blocked"
        later = put_off(found.row, found.at, world)
        return Decision(
            rows=(later,), event="dispute.deferred" if isinstance(later, Dispute) else None
        )


def put_off(row: Milestone | Dispute, at: datetime, world: View) -> Milestone | Dispute:
    """The row when a clock of it that runs out then has to wait."""
    until = at + DEFERRED_BY
    if isinstance(row, Dispute):
        return lasting(row, until, world, deferred_until=until)
    return row.changed(world.now, deferred_until=until)


class _Waiting(NamedTuple):
    """A clock that has run out and is put off, in the order in which they are decided."""

    at: datetime
    rank: int
    row: Milestone | Dispute


def _waiting(milestone: Milestone, world: View) -> _Waiting | None:
    """The first clock of a milestone or its disputes that is to be put off now."""
    found: list[_Waiting] = []
    rows: tuple[Milestone | Dispute, ...] = (milestone, *_disputes_of(milestone, world))
    for row in rows:
        clock = clock_of(row, world)
        if clock is not None and clock.at <= world.now and must_wait(row, clock, world):
            found.append(_Waiting(clock.at, RANKS[clock.action], row))
    return min(found, key=lambda each: each[:2], default=None)


def _disputes_of(milestone: Milestone, world: View) -> Iterable[Dispute]:
    for row in world.within(milestone.contract_id):
        if isinstance(row, Dispute) and row.milestone_id == milestone.id:
            yield row


def deferring(row: Milestone | Dispute) -> Defer:
    """What SYSTEM asks for instead of what a clock of this row leads to."""
    return Defer(row.milestone_id if isinstance(row, Dispute) else row.id)
