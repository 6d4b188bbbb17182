"""Staff: two operators together can have what is held returned, if the freelancer does not object.

Neither can alone, and neither can quickly: the freelancer has seven days, and an objection makes
a dispute of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Scope, action
from earnest.core.contracts import About, message
from earnest.core.inputs import Words
from earnest.core.milestones.row import HOLDING, Milestone, MilestoneAction, contract_of
from earnest.core.people import OPERATOR

if TYPE_CHECKING:
    from earnest.core.actions import View
    from earnest.core.people import User

#: The freelancer can object for so long.
OBJECTED_WITHIN: Final = timedelta(days=7)


class StaffAction(MilestoneAction):
    """What an operator who is no party can ask for while no dispute is open."""

    __slots__ = ()

    by = OPERATOR
    when = HOLDING
    scope = Scope.STAFF

    @classmethod
    @override
    def blocked_now(cls, milestone: Milestone) -> Reason | None:
        return Reason.DISPUTE_OPEN if milestone.frozen.is_positive else None


@action
class StaffCancel(StaffAction):
    """Ask that all that the milestone holds is returned to the employer. Both sides are told.

    Nothing moves unless a second operator confirms it, and the freelancer does not object within
    7 days.
    """

    name = "milestone.staff_cancel"
    event = "milestone.staff_cancel_asked"

    subject_id: int
    reason: Words

    @classmethod
    @override
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        is_asked = milestone.staff_cancel_by is not None
        return Reason.STAFF_CANCEL_ALREADY_ASKED if is_asked else None

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        contract = contract_of(subject, world)
        said = message(world, contract, subject.id, About.STAFF_CANCEL, self.reason)
        return Decision(rows=(subject.changed(world.now, staff_cancel_by=world.asker_id), said))


@action
class StaffConfirm(StaffAction):
    """Confirm what another operator asked for: all that is held returns to the employer in 7 days.

    The freelancer can object until then, which makes a dispute of it.
    """

    name = "milestone.staff_confirm"
    event = "milestone.staff_cancel_confirmed"

    subject_id: int

    @classmethod
    @override
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        if milestone.staff_cancel_by is None:
            return Reason.STAFF_CANCEL_NOT_ASKED
        if milestone.staff_return_at is not None:
            return Reason.STAFF_CANCEL_ALREADY_CONFIRMED
        is_first = milestone.staff_cancel_by == asker.id
        return Reason.SECOND_OPERATOR_NEEDED if is_first else None

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        return_at = world.now + OBJECTED_WITHIN
        return Decision(rows=(subject.changed(world.now, staff_return_at=return_at),))
