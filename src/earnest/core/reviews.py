"""Reviews: once a contract that paid somebody has ended, each side says how the other was."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, TypeAlias

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, action
from earnest.core.contracts import Contract, ContractStatus
from earnest.core.inputs import Between, Note
from earnest.core.people import BOTH, User
from earnest.core.records import record, replace
from earnest.core.rows import Row

if TYPE_CHECKING:
    from earnest.core.actions import View

#: A review can be given for so long after the end of the contract.
GIVEN_WITHIN: Final = timedelta(days=90)
#: Nobody sees one of them before both are in, or so long after the end.
HIDDEN_FOR: Final = timedelta(days=14)

Stars: TypeAlias = Annotated[int, Between(1, 5)]


@record(frozen=True, slots=True)
class Ratings:
    """From 1 to 5 on each of five criteria, the same for both sides."""

    #: Of the work, or of what was asked for.
    quality: Stars
    communication: Stars
    fairness: Stars
    punctuality: Stars
    #: Whether they would work together again.
    again: Stars


CRITERIA: Final = tuple(each.name for each in fields(Ratings))


@record(frozen=True, slots=True)
class Review(Row):
    """What one side of a contract says of the other."""

    noun: ClassVar[str] = "review"
    prefix: ClassVar[str] = "rev"

    id: int
    contract_id: int
    reviewer_id: int
    reviewed_id: int
    quality: int
    communication: int
    fairness: int
    punctuality: int
    again: int
    text: str
    created_at: datetime


@record(frozen=True, slots=True)
class Reviewed(Row):
    """Who has reviewed whom in a contract, each side once, and from when on others see it."""

    noun: ClassVar[str] = "reviewed"

    contract_id: int
    by_employer_at: datetime | None
    by_freelancer_at: datetime | None
    #: So long after the end, or once both are in.
    shown_at: datetime

    @property
    @override
    def key(self) -> int:
        return self.contract_id

    def by(self, contract: Contract, user_id: int) -> datetime | None:
        """When this side gave its review."""
        is_employer = user_id == contract.employer_id
        return self.by_employer_at if is_employer else self.by_freelancer_at


@action
class GiveReview(Action[Contract]):
    """Review the other side of a contract that has ended. It cannot be changed afterwards.

    Neither sees the other's review before both are in, or 14 days after the end.
    """

    name = "review.give"
    kind = Contract
    by = BOTH
    when = frozenset({ContractStatus.ENDED})
    event = "review.given"
    makes = Review
    answers = True
    sealed = True
    beside: ClassVar[tuple[type[Row], ...]] = (Reviewed,)

    subject_id: int
    ratings: Ratings
    text: Note = ""

    @classmethod
    @override
    def blocked(cls, subject: Contract, asker: User, world: View) -> Reason | None:
        if subject.paid_at is None:
            return Reason.NOTHING_PAID
        if subject.updated_at + GIVEN_WITHIN <= world.now:
            return Reason.REVIEW_TOO_LATE
        given = reviewed(subject, world).by(subject, asker.id)
        return None if given is None else Reason.ALREADY_REVIEWED

    @override
    def decide(self, subject: Contract, world: View) -> Decision:
        said = self.ratings
        review = Review(
            id=world.new_id(),
            contract_id=subject.id,
            reviewer_id=world.asker_id,
            reviewed_id=subject.other_than(world.asker_id),
            quality=said.quality,
            communication=said.communication,
            fairness=said.fairness,
            punctuality=said.punctuality,
            again=said.again,
            text=self.text,
            created_at=world.now,
        )
        return Decision(rows=(review, _given(subject, world)))


def reviewed(contract: Contract, world: View) -> Reviewed:
    """Who has reviewed whom in it so far."""
    found = world.find(Reviewed, contract.id)
    return found or Reviewed(contract.id, None, None, contract.updated_at + HIDDEN_FOR)


def _given(contract: Contract, world: View) -> Reviewed:
    """The asker's is in; with both nothing is hidden any more."""
    before = reviewed(contract, world)
    by_employer = world.asker_id == contract.employer_id
    after = replace(
        before,
        by_employer_at=world.now if by_employer else before.by_employer_at,
        by_freelancer_at=before.by_freelancer_at if by_employer else world.now,
    )
    both = after.by_employer_at is not None and after.by_freelancer_at is not None
    return replace(after, shown_at=min(after.shown_at, world.now)) if both else after
