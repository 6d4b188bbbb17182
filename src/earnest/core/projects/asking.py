"""Questions about a project: asked and answered where everybody can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, action
from earnest.core.contracts import About, Message
from earnest.core.inputs import MessageId, Words
from earnest.core.people import ANYONE, EMPLOYER
from earnest.core.projects.row import OPEN, Project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.rows import Row


@action
class Ask(Action[Project]):
    """Ask something about a project. Everybody can read the question, and the answer."""

    name = "project.ask"
    kind = Project
    by = ANYONE
    when = OPEN
    event = "project.asked"
    makes = Message
    answers = True
    opens = True

    subject_id: int
    text: Words

    @override
    def decide(self, subject: Project, world: View) -> Decision:
        return Decision(rows=(_said(subject, About.QUESTION, self.text, world),))


@action
class Answer(Action[Project]):
    """Answer a question about your project. Everybody can read it."""

    name = "project.answer"
    kind = Project
    by = EMPLOYER
    when = OPEN
    event = "project.answered"
    makes = Message
    answers = True

    subject_id: int
    question: MessageId
    text: Words

    @override
    def reads(self) -> Iterable[tuple[type[Row], int]]:
        return ((Message, self.question),)

    @override
    def decide(self, subject: Project, world: View) -> Decision | Refused:
        asked = world.find(Message, self.question)
        if asked is None or asked.project_id != subject.id or asked.about is not About.QUESTION:
            return Refused(Reason.QUESTION_UNKNOWN, path="/question")
        return Decision(rows=(_said(subject, About.ANSWER, self.text, world, asked.id),))


def _said(
    project: Project, about: About, text: str, world: View, question_id: int | None = None
) -> Message:
    return Message(
        id=world.new_id(),
        contract_id=None,
        project_id=project.id,
        milestone_id=None,
        question_id=question_id,
        sender_id=world.asker_id,
        about=about,
        text=text,
        links=(),
        created_at=world.now,
    )
