"""Releasing: the employer pays the freelancer what was set aside, all of it or a part.

Where the terms give time to undo it, a release waits in an account of its own: it is on its way,
and becomes final by the clock alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, Scope, action, until
from earnest.core.contracts import InContract
from earnest.core.fees import fee_of
from earnest.core.ledger import Account, Transfer, fees, releasing
from earnest.core.milestones.row import (
    HOLDING,
    Milestone,
    MilestoneAction,
    contract_of,
    milestone_of,
    terms_of,
)
from earnest.core.money import Money
from earnest.core.people import EMPLOYER, SYSTEM, User
from earnest.core.records import record, replace
from earnest.core.rows import Waking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View


class ReleaseStatus(StrEnum):
    """A release is on its way until nobody can take it back any more."""

    RELEASING = "releasing"
    FINAL = "final"
    RECALLED = "recalled"


ON_ITS_WAY: Final = frozenset({ReleaseStatus.RELEASING})


@record(frozen=True, slots=True)
class Release(InContract, Waking):
    """One payment out of a milestone, and the platform's fee on it."""

    noun: ClassVar[str] = "release"
    prefix: ClassVar[str] = "rel"

    id: int
    contract_id: int
    milestone_id: int
    amount: Money
    fee: Money
    status: ReleaseStatus
    #: While it is on its way: when it becomes final.
    wakes_at: datetime | None
    created_at: datetime

    @override
    def standing(self, now: datetime) -> ReleaseStatus:
        """One whose time to undo it is over is final, whether or not it was written down."""
        is_over = self.wakes_at is not None and self.wakes_at <= now
        return ReleaseStatus.FINAL if is_over else self.status

    @property
    def account(self) -> Account:
        """Where its money waits while it is on its way."""
        return releasing(self.id, self.amount.currency)

    def ended(self, status: ReleaseStatus) -> Release:
        """This release when it is not on its way any more."""
        return replace(self, status=status, wakes_at=None)


@action
class ReleaseMilestone(MilestoneAction):
    """Pay the freelancer all that the milestone holds, or a part of it. The rest stays held.

    Once it is final, the money is the freelancer's. Where the terms give time to undo it, you can
    recall it until then; else it is final at once.
    """

    name = "milestone.release"
    by = EMPLOYER
    when = HOLDING
    event = "milestone.released"
    scope = Scope.MONEY
    makes = Release

    subject_id: int
    #: Left out, everything that is still held.
    amount: Money | None = None

    @override
    def receives(self, subject: Milestone, world: View) -> Iterable[Account]:
        return (contract_of(subject, world).freelancer_wallet,)

    @override
    def decide(self, subject: Milestone, world: View) -> Decision | Refused:
        held = world.balance(subject.escrow)
        amount = held if self.amount is None else self.amount
        if held < amount:
            return Refused(Reason.MORE_THAN_HELD, {"held": held}, "/amount")
        undo = terms_of(subject, world).undo_seconds
        return _started(subject, amount, undo, world) if undo else paid_out(subject, amount, world)


def paid_out(milestone: Milestone, amount: Money, world: View) -> Decision:
    """So much of what is held reaches the freelancer now, and nothing can bring it back."""
    held = world.balance(milestone.escrow)
    release = new_release(milestone, amount, world)
    left = milestone.without(amount, held, world.now, released=milestone.released + amount)
    paid = payment(milestone.escrow, milestone, release, world)
    return Decision(rows=(left, release), transfers=tuple(paid))


def _started(milestone: Milestone, amount: Money, undo_seconds: int, world: View) -> Decision:
    """So much of what is held is on its way, until the time to undo it is over."""
    final_at = world.now + timedelta(seconds=undo_seconds)
    release = new_release(milestone, amount, world, ReleaseStatus.RELEASING, final_at)
    held = world.balance(milestone.escrow)
    left = milestone.without(amount, held, world.now, releasing=milestone.releasing + amount)
    return Decision(
        rows=(left, release),
        transfers=(Transfer(milestone.escrow, release.account, amount),),
        event="milestone.release_started",
    )


def new_release(
    milestone: Milestone,
    amount: Money,
    world: View,
    status: ReleaseStatus = ReleaseStatus.FINAL,
    final_at: datetime | None = None,
) -> Release:
    """So much is paid out of a milestone, with the fee that its terms take of it."""
    return Release(
        id=world.new_id(),
        contract_id=milestone.contract_id,
        milestone_id=milestone.id,
        amount=amount,
        fee=fee_of(amount, terms_of(milestone, world).fee_bps),
        status=status,
        wakes_at=final_at,
        created_at=world.now,
    )


def payment(
    source: Account, milestone: Milestone, release: Release, world: View
) -> Iterable[Transfer]:
    """To the freelancer what is left after the fee, and the fee if there is one."""
    freelancer = contract_of(milestone, world).freelancer_wallet
    net = release.amount - release.fee
    if net.is_positive:
        yield Transfer(source, freelancer, net)
    if release.fee.is_positive:
        yield Transfer(source, fees(release.fee.currency), release.fee)


class ReleaseAction(Action[Release]):
    """What becomes of a release that is on its way."""

    __slots__ = ()

    kind = Release
    when = ON_ITS_WAY

    @override
    def accounts(self, subject: Release, world: View) -> Iterable[Account]:
        return (subject.account, milestone_of(subject, world).escrow)


@action
class FinalizeRelease(ReleaseAction):
    """The time to undo the release is over: the money is the freelancer's."""

    name = "release.finalize"
    by = SYSTEM
    event = "milestone.released"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Release, asker: User, world: View) -> Reason | None:
        return until(subject.wakes_at, world)

    @override
    def receives(self, subject: Release, world: View) -> Iterable[Account]:
        return (contract_of(milestone_of(subject, world), world).freelancer_wallet,)

    @override
    def decide(self, subject: Release, world: View) -> Decision:
        milestone = milestone_of(subject, world)
        left = milestone.without(
            Money.zero(subject.amount.currency),
            world.balance(milestone.escrow),
            world.now,
            releasing=milestone.releasing - subject.amount,
            released=milestone.released + subject.amount,
        )
        paid = payment(subject.account, milestone, subject, world)
        return Decision(rows=(subject.ended(ReleaseStatus.FINAL), left), transfers=tuple(paid))
