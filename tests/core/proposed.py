"""What may have been said in a small world: a question, a change of its milestone, other terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from earnest.core.contracts import About, Contract, Message
from earnest.core.milestones.revising import OPEN_FOR, Edit, edit_hash
from earnest.core.milestones.row import SUBMITTED, Milestone
from earnest.core.milestones.staff import OBJECTED_WITHIN
from earnest.core.records import replace
from earnest.core.renewing import TermsOffer
from earnest.core.rows import Row
from earnest.core.terms import CLASSIC, DAY, Terms, terms_hash

#: By when the milestone is to be done.
DUE: Final = datetime(2026, 4, 11, 12, tzinfo=UTC)
#: Not those that the contract has.
OTHER_TERMS: Final[Terms] = replace(CLASSIC, accept_seconds=DAY)
OTHER_HASH: Final = terms_hash(OTHER_TERMS)


def said(
    contract: Contract,
    row: Milestone | None,
    *,
    cancel_asked: bool = False,
    agreed: bool = False,
    staff: int | None = None,
    confirmed: bool = False,
    edit: int | None = None,
    terms: int | None = None,
) -> Iterator[Row]:
    """The milestone if there is one, what this person proposes for it, and that one's terms."""
    if terms is not None:
        yield TermsOffer(contract.id, terms, OTHER_HASH, True, contract.created_at)
    if row is None:
        return
    yield replace(
        row,
        cancel_asked_at=row.created_at if cancel_asked else None,
        agreed_at=row.created_at if agreed else None,
        staff_cancel_by=staff,
        staff_return_at=row.created_at + OBJECTED_WITHIN if confirmed else None,
    )
    if edit is not None:
        yield edit_of(row, edit)


def edit_of(milestone: Milestone, who: int) -> Edit:
    """Somebody would like it to be worth twice as much; once it is handed in, to look longer."""
    is_done = milestone.status in SUBMITTED
    amount = milestone.amount if is_done else milestone.amount + milestone.amount
    proposed = (milestone.description, amount, milestone.due_at)
    more = (1, 2) if is_done else (0, 0)
    sides = (milestone.employer_id, milestone.freelancer_id)
    return Edit(
        milestone_id=milestone.id,
        contract_id=milestone.contract_id,
        proposer_id=who,
        answerer_id=next(each for each in sides if each != who),
        description=proposed[0],
        amount=proposed[1],
        due_at=proposed[2],
        gone=milestone.gone,
        hash=edit_hash(milestone, *proposed, *more),
        is_open=True,
        expires_at=milestone.created_at + OPEN_FOR,
        rounds=more[0],
        review_days=more[1],
    )


def question(number: int, project: int, who: int, at: datetime) -> Message:
    """Somebody asked something about the project."""
    return Message(
        id=number,
        contract_id=None,
        project_id=project,
        milestone_id=None,
        question_id=None,
        sender_id=who,
        about=About.QUESTION,
        text="How many pages?",
        links=(),
        created_at=at,
    )
