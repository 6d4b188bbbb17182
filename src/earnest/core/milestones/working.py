"""Working: the freelancer says that it is done, the employer looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from earnest.core.actions import Decision, Refused, action
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
)
from earnest.core.people import EMPLOYER, FREELANCER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.rows import Row


@action
class Submit(MilestoneAction):
    """Say that the work is done, and ask for the release."""

    name = "milestone.submit"
    by = FREELANCER
    when = FUNDED
    event = "milestone.submitted"
    makes = Message

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

    subject_id: int
    reason: Words

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        back = subject.changed(world.now, status=MilestoneStatus.FUNDED, rounds=subject.rounds + 1)
        contract = contract_of(subject, world)
        said = message(world, contract, subject.id, About.CHANGES, self.reason)
        return Decision(rows=(back, said))
