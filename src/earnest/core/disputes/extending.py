"""Extending: both sides together give themselves, or the arbiter, more time. Nobody else can."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, action
from earnest.core.disputes.row import OPEN, Dispute, DisputeAction, DisputeStatus
from earnest.core.disputes.sealing import closes
from earnest.core.people import BOTH, User
from earnest.core.records import record, replace
from earnest.core.rows import Row

if TYPE_CHECKING:
    from earnest.core.actions import View

#: No clock of a dispute is made longer than the longest that any terms can have.
EXTENDED_BY_MAX: Final = timedelta(days=60)


@record(frozen=True, slots=True)
class Extension(Row):
    """The later end of the present stage that one side proposes: the last that was proposed."""

    noun: ClassVar[str] = "extension"

    dispute_id: int
    contract_id: int
    proposer_id: int
    until: datetime
    #: The stage and its end when it was proposed: with another one it is over.
    status: DisputeStatus
    ends_at: datetime
    is_open: bool

    @property
    @override
    def key(self) -> int:
        return self.dispute_id


def open_extension(dispute: Dispute, world: View) -> Extension | None:
    """What waits for somebody's answer, if anything does."""
    found = world.find(Extension, dispute.id)
    if found is None or not found.is_open:
        return None
    is_the_same = (found.status, found.ends_at) == (dispute.status, dispute.ends_at)
    return found if is_the_same else None


class ExtendingAction(DisputeAction):
    """What both sides do about the time that a stage of a dispute has."""

    __slots__ = ()

    by = BOTH
    when = OPEN
    beside: ClassVar[tuple[type[Row], ...]] = (Extension,)


@action
class ProposeExtension(ExtendingAction):
    """Propose that the present stage of the dispute lasts longer. Both of you have to want it."""

    name = "dispute.propose_extension"
    event = "dispute.extension_proposed"

    subject_id: int
    until: datetime

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        return Reason.NO_CLOCK_RUNS if subject.ends_at is None else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        ends_at = subject.ends_at
        assert ends_at is not None, "without one it is blocked"
        # Who agrees names what they saw, and moments are shown to the millisecond.
        until = self.until - timedelta(microseconds=self.until.microsecond % 1_000)
        if until <= ends_at:
            return Refused(Reason.NOT_LATER, {"now": ends_at}, "/until")
        if self.until > world.now + EXTENDED_BY_MAX:
            return Refused(Reason.DEADLINE_TOO_FAR, {"days": EXTENDED_BY_MAX.days}, "/until")
        extension = Extension(
            dispute_id=subject.id,
            contract_id=subject.contract_id,
            proposer_id=world.asker_id,
            until=until,
            status=subject.status,
            ends_at=ends_at,
            is_open=True,
        )
        return Decision(rows=(subject.changed(world.now), extension))


@action
class AgreeExtension(ExtendingAction):
    """Agree to the later end that the other side proposed. You name exactly what you saw."""

    name = "dispute.agree_extension"
    event = "dispute.extended"

    subject_id: int
    until: datetime

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        extension = open_extension(subject, world)
        if extension is None:
            return Reason.NOTHING_TO_AGREE
        return Reason.NOT_YOUR_TURN if extension.proposer_id == asker.id else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        extension = open_extension(subject, world)
        assert extension is not None, "without one it is blocked"
        if self.until != extension.until:
            return Refused(Reason.CHANGED, {"now": extension.until}, "/until")
        later = lasting(subject, extension.until, world)
        return Decision(rows=(later, replace(extension, is_open=False)))


def lasting(dispute: Dispute, ends_at: datetime, world: View, **changes: object) -> Dispute:
    """The dispute when its present stage ends then."""
    closes_at = _closes(dispute, ends_at)
    return dispute.changed(world.now, ends_at=ends_at, closes_at=closes_at, **changes)


def _closes(dispute: Dispute, ends_at: datetime) -> datetime | None:
    """Rounds of sealed offers stay where they are; only one that was cut short gets its time."""
    if dispute.closes_at is None:
        return None
    assert dispute.negotiation_at is not None, "rounds are counted from its start"
    return closes(dispute.negotiation_at, dispute.round, ends_at)
