"""The milestone: an amount promised for a piece of work, and what became of it.

What it holds is the balance of its escrow account; there is no second copy of that number.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, ClassVar, Final, Protocol, Self

from typing_extensions import override

from earnest.core.actions import Action, Reason
from earnest.core.canonical import canonical, digest
from earnest.core.contracts import ACTIVE, OFFERED, Contract, ContractStatus, InContract
from earnest.core.ledger import Account, escrow
from earnest.core.milestones.plans import Plan
from earnest.core.money import Money
from earnest.core.people import User
from earnest.core.records import record, replace
from earnest.core.rows import Waking, wire_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.terms import Terms


class MilestoneStatus(StrEnum):
    """A milestone ends when it holds nothing any more: released if anything was, else cancelled."""

    REQUESTED = "requested"
    FUNDED = "funded"
    SUBMITTED = "submitted"
    RELEASED = "released"
    CANCELLED = "cancelled"
    DECLINED = "declined"


REQUESTED: Final = frozenset({MilestoneStatus.REQUESTED})
FUNDED: Final = frozenset({MilestoneStatus.FUNDED})
SUBMITTED: Final = frozenset({MilestoneStatus.SUBMITTED})
HOLDING: Final = FUNDED | SUBMITTED
LIVE: Final = REQUESTED | HOLDING
ENDED: Final = frozenset(MilestoneStatus) - LIVE


@record(frozen=True, slots=True)
class Milestone(InContract, Waking):
    """One piece of work of a contract, with its amount."""

    noun: ClassVar[str] = "milestone"
    prefix: ClassVar[str] = "ms"

    id: int
    contract_id: int
    #: As on its contract, where they never change: a person's milestones are found by them.
    project_id: int | None
    employer_id: int
    freelancer_id: int
    description: str
    amount: Money
    #: On its way to the freelancer, and can still be recalled.
    releasing: Money
    #: What a dispute is about: it waits in that one's own account, and is there exactly while
    #: one is open.
    frozen: Money
    released: Money
    returned: Money
    status: MilestoneStatus
    due_at: datetime | None
    agreement_hash: str
    #: The rule book it was funded under.
    terms_hash: str | None
    funded_at: datetime | None
    submitted_at: datetime | None
    #: How often changes were asked for, and when last.
    rounds: int
    changes_asked_at: datetime | None
    #: How much of the time to look at work was used up before it was last handed in, in
    #: microseconds: as exact as the clock.
    review_used_us: int
    cancel_asked_at: datetime | None
    #: When the freelancer agreed to its due date; one that only the employer set binds nobody.
    agreed_at: datetime | None
    #: No clock of its runs out before this; when it comes, its clocks are looked at.
    wakes_at: datetime | None
    created_at: datetime
    updated_at: datetime
    #: The operator who would have everything returned; and when it is, once a second one agreed.
    staff_cancel_by: int | None = None
    staff_return_at: datetime | None = None
    #: By which dates it is paid in parts; when the freelancer agreed to that; and, from then on,
    #: when the next part is paid.
    plan: Plan | None = None
    plan_agreed_at: datetime | None = None
    pays_at: datetime | None = None
    #: What both sides added to the rounds of changes and the days to look that its terms give.
    extra_rounds: int = 0
    extra_review_days: int = 0
    #: How often its money has moved: a proposal is over once it has.
    moves: int = 0
    #: Until when a clock was put off of which somebody could not be told in time.
    deferred_until: datetime | None = None

    @property
    def escrow(self) -> Account:
        """Where its money is."""
        return escrow(self.id, self.amount.currency)

    @property
    def gone(self) -> Money:
        """What has left it, to either side."""
        return self.released + self.returned

    @property
    def left(self) -> Money:
        """What has not left it: what the rules must find its escrow account to hold."""
        return Money(self._left, self.amount.currency)

    @property
    def holds(self) -> bool:
        """Whether anything has not left it."""
        return self._left > 0

    @property
    def _left(self) -> int:
        away = self.releasing.minor + self.frozen.minor
        return self.amount.minor - self.released.minor - self.returned.minor - away

    @property
    def to_agree(self) -> tuple[datetime, ...]:
        """The dates that only the employer wants: its own, and the first of its plan."""
        due_at = self.due_at if self.agreed_at is None else None
        begins_at = self.plan.begins_at if self.plan and self.plan_agreed_at is None else None
        return tuple(at for at in (due_at, begins_at) if at is not None)

    def agreed(self, now: datetime) -> Self:
        """This milestone when its dates bind both sides."""
        row = self
        if row.due_at is not None and row.agreed_at is None:
            row = replace(row, agreed_at=now)
        if row.plan is not None and row.plan_agreed_at is None:
            row = replace(row, plan_agreed_at=now, pays_at=row.plan.begins_at)
        return row

    def without_late_date(self, now: datetime) -> Self:
        """This milestone from now on, when it is funded or its contract begins.

        A date that has passed by then never binds: nobody could have worked towards it.
        """
        is_late = self.agreed_at is not None and self.due_at is not None and self.due_at <= now
        return replace(self, agreed_at=None) if is_late else self

    def changed(self, now: datetime, **changes: object) -> Self:
        """This milestone with something else about it, from now on."""
        if not _MONEY.isdisjoint(changes):
            changes["moves"] = self.moves + 1
        return replace(self, updated_at=now, **changes)  # type: ignore[arg-type]

    def without(self, amount: Money, held: Money, now: datetime, **gone: Money) -> Self:
        """What is left of it when `amount` of the `held` has gone to who the keyword says."""
        after = self.changed(now, **gone)
        if amount < held or after.releasing.is_positive or after.frozen.is_positive:
            return after
        was_paid = after.released.is_positive
        status = MilestoneStatus.RELEASED if was_paid else MilestoneStatus.CANCELLED
        over = replace(after, status=status, cancel_asked_at=None)
        return over.without_staff_cancel()

    def without_staff_cancel(self) -> Self:
        """This milestone when no operator would have everything returned any more."""
        return replace(self, staff_cancel_by=None, staff_return_at=None)


#: What is different about a milestone whose money has moved.
_MONEY: Final = frozenset({"amount", "releasing", "frozen", "released", "returned"})


class OfMilestone(Protocol):
    """A part of a milestone, or a dispute about one."""

    @property
    def milestone_id(self) -> int: ...


def milestone_of(part: OfMilestone, world: View) -> Milestone:
    """Its milestone, which every batch locks with it."""
    milestone = world.find(Milestone, part.milestone_id)
    assert milestone is not None, "a part of a milestone is locked with it"
    return milestone


def contract_of(row: InContract, world: View) -> Contract:
    """Its contract, which every batch locks before it."""
    contract = world.find(Contract, row.contract_id)
    assert contract is not None, "the contract is the gate"
    return contract


def terms_of(milestone: Milestone, world: View) -> Terms:
    """The rule book that it was funded under."""
    assert milestone.terms_hash is not None, "what holds money was funded under some terms"
    return world.terms(milestone.terms_hash)


def agreement_hash(
    description: str, amount: Money, due_at: datetime | None, plan: Plan | None = None
) -> str:
    """What both sides mean by this milestone, as SHA-256 of its canonical JSON.

    Put together by hand, as every milestone has its own; a test compares it with `canonical`.
    """
    price = f'{{"amount":"{amount.decimal}","currency":"{amount.currency}"}}'
    due = f'"{wire_time(due_at)}"' if due_at else "null"
    parts = _told(plan) if plan else "null"
    told = f'{{"amount":{price},"description":{quoted(description)},"due_at":{due},"plan":{parts}}}'
    return sha256(told.encode()).hexdigest()


def _told(plan: Plan) -> str:
    return canonical([each.told for each in plan.tranches]).decode()


def milestones_hash(milestones: Iterable[Milestone]) -> str:
    """What the freelancer saw of a contract's milestones when accepting it."""
    return hash_of_seen((m.reference, m.agreement_hash) for m in milestones)


def hash_of_seen(milestones: Iterable[tuple[str, str]]) -> str:
    """The same of references and what was meant by each, where nothing else of them is read."""
    return digest(sorted(map(list, milestones)))


class MilestoneAction(Action[Milestone]):
    """What can be asked of a milestone. All of them need an active contract, unless they say so."""

    __slots__ = ()

    kind = Milestone
    #: The statuses of the contract in which this can be asked.
    during: ClassVar[frozenset[ContractStatus]] = ACTIVE
    #: Whether it is about the work alone: then it goes on while all of the money is frozen, so that
    #: nobody can stop the other side's clock from being answered by a dispute.
    is_of_work: ClassVar[bool] = False

    @override
    def accounts(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (subject.escrow,)

    @classmethod
    @override
    def blocked(cls, subject: Milestone, asker: User, world: View) -> Reason | None:
        if contract_of(subject, world).standing(world.now) in cls.during:
            is_there = subject.holds or (cls.is_of_work and subject.frozen.is_positive)
            if cls.when <= HOLDING and not is_there:
                return Reason.NOTHING_HELD
            return cls.blocked_now(subject) or cls.blocked_for(subject, asker, world)
        if cls.during == OFFERED:
            return Reason.CONTRACT_NOT_OFFERED
        return Reason.CONTRACT_NOT_ACTIVE

    @classmethod
    def blocked_now(cls, milestone: Milestone) -> Reason | None:
        """What else refuses it whatever the input says, while the contract is as it should be."""
        return None

    @classmethod
    def blocked_for(cls, milestone: Milestone, asker: User, world: View) -> Reason | None:
        """The same, where it depends on who asks or on what lies beside the milestone."""
        return None
