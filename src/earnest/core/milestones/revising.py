"""Changing what was agreed: either side proposes, and nothing changes unless the other agrees."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Self

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, Scope, action
from earnest.core.bids.going import reserve_of
from earnest.core.canonical import digest
from earnest.core.inputs import Between, Description, Hash
from earnest.core.ledger import Account, Transfer
from earnest.core.milestones.asking import past
from earnest.core.milestones.funding import paid
from earnest.core.milestones.row import (
    FUNDED,
    HOLDING,
    Milestone,
    MilestoneAction,
    agreement_hash,
    contract_of,
    terms_of,
)
from earnest.core.milestones.working import review_whole, rounds_most
from earnest.core.money import Money
from earnest.core.people import BOTH, FREELANCER, User
from earnest.core.records import record, replace
from earnest.core.rows import Row, wire_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View

#: A proposal that nobody answers is over after this long.
OPEN_FOR: Final = timedelta(days=7)
#: No terms give more rounds of changes, nor more days to look; both together do not either.
ROUNDS_MOST: Final = 10
DAYS_MOST: Final = 60


@record(frozen=True, slots=True)
class Edit(Row):
    """What one side would like a milestone to be: at most one is open, and the last one counts."""

    noun: ClassVar[str] = "edit"

    milestone_id: int
    contract_id: int
    proposer_id: int
    #: The other side, who has to answer.
    answerer_id: int
    description: str
    amount: Money
    due_at: datetime | None
    #: What had left the milestone when it was proposed.
    gone: Money
    hash: str
    is_open: bool
    expires_at: datetime
    #: So much more of what the terms limit: rounds of changes, days to look.
    rounds: int = 0
    review_days: int = 0
    #: How often money had moved when it was proposed: once it moves again this is over.
    moves: int = 0

    @property
    @override
    def key(self) -> int:
        return self.milestone_id

    def answered(self) -> Self:
        """This proposal when nobody has to answer it any more."""
        return replace(self, is_open=False)

    def only_adds(self, milestone: Milestone) -> bool:
        """Whether all that it would change is how long there is to look, and how often."""
        then = (self.description, self.amount, self.due_at)
        return then == (milestone.description, milestone.amount, milestone.due_at)


def open_edit(milestone: Milestone, world: View) -> Edit | None:
    """What waits for somebody's answer, if anything does."""
    edit = world.find(Edit, milestone.id)
    if edit is None or not edit.is_open or milestone.status not in HOLDING:
        return None
    if milestone.releasing.is_positive or milestone.frozen.is_positive:
        return None
    if milestone.status not in FUNDED and not edit.only_adds(milestone):
        return None
    return edit if edit.moves == milestone.moves and world.now < edit.expires_at else None


def edit_hash(
    milestone: Milestone,
    description: str,
    amount: Money,
    due_at: datetime | None,
    rounds: int = 0,
    review_days: int = 0,
) -> str:
    """Name a proposal, so that what is agreed to is what was seen."""
    return digest({
        "milestone": milestone.reference,
        "from": milestone.agreement_hash,
        "description": description,
        "amount": {"amount": amount.decimal, "currency": amount.currency},
        "due_at": wire_time(due_at) if due_at else None,
        "rounds": milestone.extra_rounds + rounds,
        "review_days": milestone.extra_review_days + review_days,
    })  # fmt: skip


@action
class ProposeEdit(MilestoneAction):
    """Propose another amount, description or due date. Nothing changes unless the other agrees.

    Or more rounds of changes and more days to look, where the terms limit them: that, and nothing
    else, also while submitted work is being looked at.
    """

    name = "milestone.propose_edit"
    by = BOTH
    when = HOLDING
    event = "milestone.edit_proposed"
    scope = Scope.MONEY  # The other's yes moves what this names, with nothing more asked.
    beside: ClassVar[tuple[type[Row], ...]] = (Edit,)

    subject_id: int
    description: Description | None = None
    amount: Money | None = None
    due_at: datetime | None = None
    #: How many rounds of changes, and days to look, there would be more.
    rounds: Annotated[int, Between(1, ROUNDS_MOST)] | None = None
    review_days: Annotated[int, Between(1, DAYS_MOST)] | None = None

    @classmethod
    @override
    def blocked_now(cls, milestone: Milestone) -> Reason | None:
        if milestone.releasing.is_positive:
            return Reason.STILL_RELEASING
        return Reason.DISPUTE_OPEN if milestone.frozen.is_positive else None

    @classmethod
    @override
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        terms = terms_of(milestone, world)
        limits = (rounds_most(milestone, terms), review_whole(milestone, terms))
        is_endless = milestone.status not in FUNDED and limits == (None, None)
        return Reason.NO_LIMIT_HERE if is_endless else None

    @override
    def decide(self, subject: Milestone, world: View) -> Decision | Refused:
        description = self.description or subject.description
        amount = self.amount if self.amount is not None else subject.amount
        due_at = self.due_at or subject.due_at
        if amount < subject.gone:
            return Refused(Reason.LESS_THAN_GONE, {"gone": subject.gone}, "/amount")
        refused = past(self.due_at, world, "/due_at") or self._cannot_be_added(subject, world)
        if refused:
            return refused
        more = (self.rounds or 0, self.review_days or 0)
        edit = Edit(
            milestone_id=subject.id,
            contract_id=subject.contract_id,
            proposer_id=world.asker_id,
            answerer_id=contract_of(subject, world).other_than(world.asker_id),
            description=description,
            amount=amount,
            due_at=due_at,
            gone=subject.gone,
            hash=edit_hash(subject, description, amount, due_at, *more),
            is_open=True,
            expires_at=world.now + OPEN_FOR,
            rounds=more[0],
            review_days=more[1],
            moves=subject.moves,
        )
        if edit.only_adds(subject) and not any(more):
            return Refused(Reason.NOTHING_CHANGES)
        if subject.status not in FUNDED and not edit.only_adds(subject):
            return Refused(Reason.ONLY_ADDING, path=_first_change(subject, edit))
        return Decision(rows=(subject.changed(world.now), edit))

    def _cannot_be_added(self, subject: Milestone, world: View) -> Refused | None:
        """More of what is without limit, or more than any terms give."""
        terms = terms_of(subject, world)
        rounds, whole = rounds_most(subject, terms), review_whole(subject, terms)
        if self.rounds is not None:
            if rounds is None:
                return Refused(Reason.NO_LIMIT_HERE, path="/rounds")
            if rounds + self.rounds > ROUNDS_MOST:
                return Refused(Reason.BEYOND_BOUNDS, {"most": ROUNDS_MOST}, "/rounds")
        if self.review_days is not None:
            if whole is None:
                return Refused(Reason.NO_LIMIT_HERE, path="/review_days")
            if whole + timedelta(days=self.review_days) > timedelta(days=DAYS_MOST):
                return Refused(Reason.BEYOND_BOUNDS, {"most": DAYS_MOST}, "/review_days")
        return None


def _first_change(milestone: Milestone, edit: Edit) -> str:
    """Which field would be another."""
    if edit.amount != milestone.amount:
        return "/amount"
    return "/due_at" if edit.due_at != milestone.due_at else "/description"


@action
class AgreeEdit(MilestoneAction):
    """Agree to what the other side proposed. A difference in the amount moves at once."""

    name = "milestone.agree_edit"
    by = BOTH
    when = HOLDING
    event = "milestone.edited"
    scope = Scope.MONEY
    beside: ClassVar[tuple[type[Row], ...]] = (Edit,)
    with_project = True

    subject_id: int
    edit_hash: Hash

    @classmethod
    @override
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        edit = open_edit(milestone, world)
        if edit is None:
            return Reason.NO_EDIT_OPEN
        return Reason.NOT_YOUR_TURN if edit.proposer_id == asker.id else None

    @override
    def accounts(self, subject: Milestone, world: View) -> Iterable[Account]:
        contract = contract_of(subject, world)
        return (subject.escrow, contract.employer_wallet, *reserve_of(contract, world))

    @override
    def decide(self, subject: Milestone, world: View) -> Decision | Refused:
        edit = open_edit(subject, world)
        assert edit is not None, "without one it is blocked"
        if self.edit_hash != edit.hash:
            return Refused(Reason.CHANGED, {"now": edit.hash}, "/edit_hash")
        refused = past(edit.due_at, world, "") if edit.due_at != subject.due_at else None
        if refused:
            return refused
        project, transfers = _difference(subject, edit, world)
        answered = edit.answered()
        return Decision(
            rows=(_edited(subject, edit, world), answered, *project), transfers=transfers
        )


def _difference(
    milestone: Milestone, edit: Edit, world: View
) -> tuple[tuple[Row, ...], tuple[Transfer, ...]]:
    """What a larger milestone needs, or what a smaller one gives back."""
    contract = contract_of(milestone, world)
    if milestone.amount < edit.amount:
        more = edit.amount - milestone.amount
        return paid(contract, [(milestone.escrow, more)], world)
    less = milestone.amount - edit.amount
    back = Transfer(milestone.escrow, contract.employer_wallet, less)
    return (), (back,) if less.is_positive else ()


def _edited(milestone: Milestone, edit: Edit, world: View) -> Milestone:
    """The milestone as both want it. A date that both changed binds; another is what it was."""
    is_new = edit.due_at != milestone.due_at
    changes: dict[str, Any] = {
        "description": edit.description,
        "amount": edit.amount,
        "due_at": edit.due_at,
        "agreed_at": world.now if is_new else milestone.agreed_at,
        "agreement_hash": agreement_hash(
            edit.description, edit.amount, edit.due_at, milestone.plan
        ),
        "extra_rounds": milestone.extra_rounds + edit.rounds,
        "extra_review_days": milestone.extra_review_days + edit.review_days,
    }
    held = edit.amount - milestone.gone
    return milestone.changed(world.now, **changes).without(
        Money.zero(held.currency), held, world.now
    )


@action
class Agree(MilestoneAction):
    """Agree to the due date and the plan that the employer set. Until you do, they bind nobody."""

    name = "milestone.agree"
    by = FREELANCER
    when = FUNDED
    event = "milestone.agreed"

    subject_id: int
    #: The milestone's `agreement_hash`.
    hash: Hash

    @classmethod
    @override
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        if not milestone.to_agree:
            return Reason.NOTHING_TO_AGREE
        return Reason.DATE_PASSED if min(milestone.to_agree) <= world.now else None

    @override
    def decide(self, subject: Milestone, world: View) -> Decision | Refused:
        if self.hash != subject.agreement_hash:
            return Refused(Reason.CHANGED, {"now": subject.agreement_hash}, "/hash")
        return Decision(rows=(subject.agreed(world.now).changed(world.now),))
