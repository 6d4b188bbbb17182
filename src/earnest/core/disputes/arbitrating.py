"""Arbitration: somebody who knows neither side looks at what both have shown, and rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, TypeAlias

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, Scope, action
from earnest.core.contracts import About, Message, message
from earnest.core.disputes.ending import EndingAction, ended
from earnest.core.disputes.row import (
    ARBITRATION,
    Dispute,
    DisputeAction,
    DisputeStatus,
    may_arbitrate,
    too_much,
)
from earnest.core.disputes.stages import without_arbiter
from earnest.core.inputs import Between, Many, MayBeZero, PersonId, Words
from earnest.core.milestones.row import contract_of
from earnest.core.money import Money
from earnest.core.people import ARBITER, BOTH, SYSTEM, User
from earnest.core.records import record
from earnest.core.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View

#: Each side can refuse one arbiter, for so long after the naming.
REFUSED_WITHIN: Final = timedelta(hours=48)
#: What an arbiter asks gives both sides so long to add exhibits.
ASKED_FOR: Final = timedelta(hours=48)

#: By their numbers in the dispute.
Exhibits: TypeAlias = Annotated[tuple[Annotated[int, Between(1, 40)], ...], Many(40)]


@record(frozen=True, slots=True)
class Naming(Row):
    """That somebody was named arbiter of a dispute: nobody is twice."""

    noun: ClassVar[str] = "naming"

    dispute_id: int
    arbiter_id: int
    created_at: datetime

    @property
    @override
    def key(self) -> tuple[int, int]:
        return (self.dispute_id, self.arbiter_id)


@record(frozen=True, slots=True)
class Ruling(Row):
    """What an arbiter decided, why, and by which exhibits. Final."""

    noun: ClassVar[str] = "ruling"

    dispute_id: int
    contract_id: int
    arbiter_id: int
    to_freelancer: Money
    reasons: str
    #: By their numbers in the dispute.
    exhibits: tuple[int, ...]
    created_at: datetime

    @property
    @override
    def key(self) -> int:
        return self.dispute_id


def is_asking(dispute: Dispute, world: View) -> bool:
    """Whether both sides can add exhibits because the arbiter asked."""
    return dispute.asked_until is not None and world.now < dispute.asked_until


def _is_biased(arbiter_id: int, dispute: Dispute, world: View) -> bool:
    """Nobody rules on their own contract, or on that of somebody they ever had one with."""
    sides = (dispute.employer_id, dispute.freelancer_id)
    return arbiter_id in sides or any(world.acquainted(arbiter_id, each) for each in sides)


def _can_rule(dispute: Dispute, world: View) -> bool:
    """Whether the arbiter who is named still may: else somebody else is, as if they had refused."""
    if dispute.arbiter_id is None:
        return False
    named = world.find(User, dispute.arbiter_id)
    assert named is not None, "an arbiter is read with the dispute"
    return may_arbitrate(named)


@action
class NameArbiter(DisputeAction):
    """Name who rules on the dispute: nobody who has to do with either side, or was named before."""

    name = "dispute.name_arbiter"
    by = SYSTEM
    when = ARBITRATION
    event = "dispute.arbiter_named"
    scope = Scope.STAFF
    beside: ClassVar[tuple[type[Row], ...]] = (Naming,)

    subject_id: int
    #: Whom the worker chose: the fewest rulings in 90 days, of equal ones the smallest number.
    arbiter: PersonId

    @override
    def people(self) -> Iterable[int]:
        return (self.arbiter,)

    @override
    def pairs(self, subject: Dispute, world: View) -> Iterable[tuple[int, int]]:
        return ((self.arbiter, subject.employer_id), (self.arbiter, subject.freelancer_id))

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return Reason.ARBITER_ALREADY_NAMED if _can_rule(subject, world) else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        arbiter = world.find(User, self.arbiter)
        if arbiter is None or not may_arbitrate(arbiter):
            return Refused(Reason.NOT_AN_ARBITER, path="/arbiter")
        if world.find(Naming, (subject.id, self.arbiter)) is not None:
            return Refused(Reason.NAMED_BEFORE, path="/arbiter")
        if _is_biased(self.arbiter, subject, world):
            return Refused(Reason.CONFLICT_OF_INTEREST, path="/arbiter")
        named = without_arbiter(subject, world).changed(
            world.now, arbiter_id=self.arbiter, named_at=world.now
        )
        return Decision(rows=(named, Naming(subject.id, self.arbiter, world.now)))


@action
class RefuseArbiter(DisputeAction):
    """Refuse the named arbiter, once, within 48 hours of the naming. Somebody else is named.

    You need no reason, and the time to rule goes on.
    """

    name = "dispute.refuse_arbiter"
    by = BOTH
    when = ARBITRATION
    event = "dispute.arbiter_refused"

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        if subject.named_at is None:
            return Reason.NO_ARBITER_NAMED
        is_opener = asker.id == subject.opener_id
        if subject.refused_by_opener if is_opener else subject.refused_by_other:
            return Reason.REFUSED_BEFORE
        is_late = subject.named_at + REFUSED_WITHIN <= world.now
        return Reason.TOO_LATE_TO_REFUSE if is_late else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision:
        refused = {f"refused_by_{subject.side(world.asker_id)}": True}
        return Decision(rows=(without_arbiter(subject, world, **refused),))


class ArbiterAction(DisputeAction):
    """What the named arbiter does, once they have taken the dispute on."""

    __slots__ = ()

    by = ARBITER
    when = ARBITRATION
    scope = Scope.STAFF

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        is_taken = subject.taken_at is not None
        return cls.blocked_now(subject, world) if is_taken else Reason.NOT_TAKEN

    @classmethod
    def blocked_now(cls, dispute: Dispute, world: View) -> Reason | None:
        """What else refuses it, once it is taken on."""


@action
class Take(DisputeAction):
    """Take on the dispute that you were named for. Both sides are told."""

    name = "dispute.take"
    by = ARBITER
    when = ARBITRATION
    event = "dispute.taken"
    scope = Scope.STAFF

    subject_id: int

    @override
    def pairs(self, subject: Dispute, world: View) -> Iterable[tuple[int, int]]:
        return _pairs(subject)

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return None if subject.taken_at is None else Reason.ALREADY_TAKEN

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        if _is_biased(world.asker_id, subject, world):
            return Refused(Reason.CONFLICT_OF_INTEREST)
        return Decision(rows=(subject.changed(world.now, taken_at=world.now),))


def _pairs(dispute: Dispute) -> Iterable[tuple[int, int]]:
    """The named arbiter with either side."""
    number = dispute.arbiter_id
    sides = (dispute.employer_id, dispute.freelancer_id)
    return () if number is None else [(number, each) for each in sides]


@action
class AskSides(ArbiterAction):
    """Ask both sides something: they have 48 hours to add exhibits, and you rule after that.

    No clock moves, so you cannot ask in the last 48 hours.
    """

    name = "dispute.ask"
    event = "dispute.asked"
    makes = Message

    subject_id: int
    text: Words

    @classmethod
    @override
    def blocked_now(cls, dispute: Dispute, world: View) -> Reason | None:
        if is_asking(dispute, world):
            return Reason.EXHIBITS_OPEN
        ends_at = dispute.ends_at
        is_late = ends_at is not None and ends_at <= world.now + ASKED_FOR
        return Reason.TOO_LATE_TO_ASK if is_late else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision:
        contract = contract_of(subject, world)
        said = message(world, contract, subject.milestone_id, About.DISPUTE, self.text)
        asked = subject.changed(world.now, asked_until=world.now + ASKED_FOR)
        return Decision(rows=(asked, said))


@action
class Rule(ArbiterAction, EndingAction):
    """Rule: say how much of the frozen amount the freelancer gets, why, and by which exhibits.

    Both are paid at once, and it is final. You have to have opened every exhibit.
    """

    name = "dispute.rule"
    event = "dispute.ruled"
    makes = Ruling
    scope = Scope.STAFF

    subject_id: int
    to_freelancer: Annotated[Money, MayBeZero()]
    reasons: Words
    exhibits: Exhibits = ()

    @override
    def pairs(self, subject: Dispute, world: View) -> Iterable[tuple[int, int]]:
        return _pairs(subject)

    @classmethod
    @override
    def blocked_now(cls, dispute: Dispute, world: View) -> Reason | None:
        if is_asking(dispute, world):
            return Reason.EXHIBITS_OPEN
        return Reason.EXHIBIT_UNOPENED if dispute.opened < dispute.exhibits else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        if _is_biased(world.asker_id, subject, world):
            return Refused(Reason.CONFLICT_OF_INTEREST)
        refused = too_much(self.to_freelancer, subject.amount)
        if refused:
            return refused
        for place, number in enumerate(self.exhibits):
            if number > subject.exhibits:
                return Refused(Reason.EXHIBIT_UNKNOWN, path=f"/exhibits/{place}")
        ruling = Ruling(
            dispute_id=subject.id,
            contract_id=subject.contract_id,
            arbiter_id=world.asker_id,
            to_freelancer=self.to_freelancer,
            reasons=self.reasons,
            exhibits=self.exhibits,
            created_at=world.now,
        )
        lost_by = _further_off(subject, self.to_freelancer)
        ending = ended(subject, DisputeStatus.RULED, self.to_freelancer, world, lost_by=lost_by)
        return Decision(rows=(*ending.rows, ruling), transfers=ending.transfers)


def _further_off(dispute: Dispute, ruled: Money) -> Iterable[int]:
    """Whose last offer was not the nearer one; of equal ones nobody's."""
    opener, other = dispute.opener_figure, dispute.other_figure
    if other is None:
        return
    apart = abs(opener.minor - ruled.minor) - abs(other.minor - ruled.minor)
    if apart != 0:
        loses = dispute.opener_id if apart > 0 else dispute.other_than(dispute.opener_id)
        yield loses
