"""Reserving: real money set aside for a project before anybody is chosen, for everybody to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, Scope, action
from earnest.core.ledger import Account, Transfer
from earnest.core.money import Money
from earnest.core.projects.posting import Ending, ProjectAction, unused
from earnest.core.projects.row import GOING_ON, OPEN, Project, ProjectStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View


@action
class Reserve(ProjectAction):
    """Set money aside for a project before you choose anybody: everybody sees that it is there.

    It is promised to nobody yet, and you can take it back while no offer waits for its answer.
    """

    name = "project.reserve"
    when = OPEN
    event = "project.reserved"
    scope = Scope.MONEY
    opens = True

    subject_id: int
    amount: Money

    @override
    def accounts(self, subject: Project, world: View) -> Iterable[Account]:
        return (subject.employer_wallet, subject.reserve)

    @override
    def decide(self, subject: Project, world: View) -> Decision:
        since = subject.reserved_since or world.now
        return Decision(
            rows=(subject.changed(world.now, reserved_since=since),),
            transfers=(Transfer(subject.employer_wallet, subject.reserve, self.amount),),
        )


@action
class TakeReserveBack(Ending):
    """Take back what you reserved, all of it or a part, while no offer waits for its answer."""

    name = "project.take_back"
    when = GOING_ON
    event = "project.taken_back"

    subject_id: int
    #: Left out, everything that is reserved.
    amount: Money | None = None

    @classmethod
    @override
    def blocked_now(cls, project: Project, world: View) -> Reason | None:
        return None if project.reserved_since is not None else Reason.NOTHING_RESERVED

    @override
    def decide(self, subject: Project, world: View) -> Decision | Refused:
        held = world.balance(subject.reserve)
        amount = held if self.amount is None else self.amount
        if held < amount:
            return Refused(Reason.MORE_THAN_HELD, {"held": held}, "/amount")
        return Decision(
            rows=(used(subject, held - amount, world),),
            transfers=(Transfer(subject.reserve, subject.employer_wallet, amount),),
        )


def used(project: Project, left: Money, world: View) -> Project:
    """The project when so much is left of its reserve."""
    since = project.reserved_since if left.is_positive else None
    after = project.changed(world.now, reserved_since=since)
    if after.status is ProjectStatus.IN_PROGRESS:
        return after.changed(world.now, wakes_at=unused(after, world.now))
    return after
