"""What may have been proposed in a small world: a change of its milestone, other terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from earnest.core.contracts import Contract
from earnest.core.milestones.revising import OPEN_FOR, Edit, edit_hash
from earnest.core.milestones.row import Milestone
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
    )
    if edit is not None:
        yield edit_of(row, edit)


def edit_of(milestone: Milestone, who: int) -> Edit:
    """Somebody would like it to be worth twice as much."""
    proposed = (milestone.description, milestone.amount + milestone.amount, milestone.due_at)
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
        hash=edit_hash(milestone, *proposed),
        is_open=True,
        expires_at=milestone.created_at + OPEN_FOR,
    )
