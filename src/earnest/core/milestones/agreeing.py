"""Accepting, declining, revoking and ending a contract: what these do to its milestones' money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Protocol

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, Scope, action
from earnest.core.bids import going
from earnest.core.contracts import (
    ACTIVE,
    MILESTONES_WHILE_OFFERED_MAX,
    OFFERED,
    Contract,
    ContractStatus,
)
from earnest.core.inputs import Hash, MayBeZero
from earnest.core.ledger import Account, Transfer
from earnest.core.milestones.row import HOLDING, Milestone, MilestoneStatus, milestones_hash
from earnest.core.money import Money
from earnest.core.people import BOTH, EMPLOYER, FREELANCER, SYSTEM, OfferCounter, User
from earnest.core.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from earnest.core.actions import View
    from earnest.core.rows import Row


class Balances(Protocol):
    """Who knows what an account holds: a world, or what was read for a page."""

    def balance(self, account: Account) -> Money:
        """What a guarded account holds."""


def funded(milestones: Iterable[Milestone], world: Balances, currency: str) -> Money:
    """What a contract's milestones hold together."""
    held = (world.balance(m.escrow) for m in milestones if m.status in HOLDING)
    return sum(held, Money.zero(currency))


class OfferAction(Action[Contract]):
    """What answers an offer: the freelancer's yes or no, or the employer's second thought."""

    __slots__ = ()

    kind = Contract
    when = OFFERED
    children: ClassVar[tuple[type[Row], ...]] = (Milestone,)
    with_project = True

    @override
    def items(self) -> int:
        return MILESTONES_WHILE_OFFERED_MAX

    @override
    def accounts(self, subject: Contract, world: View) -> Iterable[Account]:
        escrows = (m.escrow for m in world.children(Milestone, subject.id) if m.status in HOLDING)
        return (*escrows, *going.reserve_of(subject, world))

    @override
    def receives(self, subject: Contract, world: View) -> Iterable[Account]:
        return (subject.employer_wallet,)


@action
class Accept(OfferAction):
    """Accept a contract: its terms, and the money and milestones that you saw.

    If any of them has changed since, nothing happens and you are told so.
    """

    name = "contract.accept"
    by = FREELANCER
    event = "contract.accepted"

    subject_id: int
    terms_hash: Hash
    funded: Annotated[Money, MayBeZero()]
    milestones_hash: Hash

    @override
    def decide(self, subject: Contract, world: View) -> Decision | Refused:
        milestones = world.children(Milestone, subject.id)
        held = funded(milestones, world, subject.currency)
        if self.terms_hash != subject.terms_hash:
            return Refused(Reason.CHANGED, {"now": subject.terms_hash}, "/terms_hash")
        if self.funded != held:
            return Refused(Reason.CHANGED, {"now": held}, "/funded")
        seen = milestones_hash(milestones)
        if self.milestones_hash != seen:
            return Refused(Reason.CHANGED, {"now": seen}, "/milestones_hash")
        active = subject.changed(world.now, status=ContractStatus.ACTIVE)
        active = replace(active, wakes_at=_first_clock(milestones))
        dates = _dates_agreed(milestones, world)
        if subject.bid_id is not None:
            return Decision(rows=(active, *dates, *going.accepted(subject, world)))
        return Decision(rows=(active, *dates, _answered(subject, world)))


def _dates_agreed(milestones: Sequence[Milestone], world: View) -> Iterable[Milestone]:
    """Who accepts the milestones accepts their due dates and plans, which from here on bind.

    A date that passed before never does, whoever had proposed it.
    """
    for before in milestones:
        after = before.without_late_date(world.now)
        if after.to_agree and all(world.now < each for each in after.to_agree):
            after = after.agreed(world.now)
        if after is not before:
            yield after


def _first_clock(milestones: Iterable[Milestone]) -> datetime | None:
    """From here on the clocks of what is funded run: none of them runs out before this."""
    return min((m.wakes_at for m in milestones if m.wakes_at is not None), default=None)


def _answered(contract: Contract, world: View) -> OfferCounter:
    """One offer to this person fewer that waits for its answer."""
    counter = world.find(OfferCounter, (contract.employer_id, contract.freelancer_id))
    assert counter is not None, "an offer was counted when it was made"
    return replace(counter, unanswered=counter.unanswered - 1)


@action
class DeclineContract(OfferAction):
    """Decline the contract. Everything that its milestones hold returns to the employer."""

    name = "contract.decline"
    by = FREELANCER
    event = "contract.declined"
    scope = Scope.MONEY

    subject_id: int

    @override
    def decide(self, subject: Contract, world: View) -> Decision:
        return _undone(subject, world, ContractStatus.DECLINED)


@action
class Revoke(OfferAction):
    """Take your offer back before it is accepted. What its milestones hold returns to you."""

    name = "contract.revoke"
    by = EMPLOYER
    event = "contract.revoked"
    scope = Scope.MONEY

    subject_id: int

    @override
    def decide(self, subject: Contract, world: View) -> Decision:
        return _undone(subject, world, ContractStatus.REVOKED)


@action
class LapseContract(OfferAction):
    """The offer was not answered in time. What its milestones hold returns to the employer."""

    name = "contract.lapse"
    by = SYSTEM
    event = "contract.lapsed"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Contract, asker: User, world: View) -> Reason | None:
        is_late = subject.standing(world.now) is ContractStatus.LAPSED
        return None if is_late else Reason.NOT_YET_DUE

    @override
    def decide(self, subject: Contract, world: View) -> Decision:
        return _undone(subject, world, ContractStatus.LAPSED)


def _undone(contract: Contract, world: View, status: ContractStatus) -> Decision:
    """Everything held returns in the same command; what was only asked for is declined."""
    milestones = world.children(Milestone, contract.id)
    rows: list[Row] = [contract.changed(world.now, status=status)]
    transfers: list[Transfer] = []
    if contract.bid_id is None:
        rows.append(_answered(contract, world))
    else:
        went_on, transfers[:] = going.not_accepted(contract, world)
        rows += went_on
    for milestone in milestones:
        if milestone.status not in HOLDING:
            continue
        held = world.balance(milestone.escrow)
        rows.append(milestone.without(held, held, world.now, returned=milestone.returned + held))
        transfers.append(Transfer(milestone.escrow, contract.employer_wallet, held))
    return Decision(
        rows=(*rows, *_requests_declined(milestones, world)), transfers=tuple(transfers)
    )


def _requests_declined(milestones: Sequence[Milestone], world: View) -> Iterable[Milestone]:
    return (
        m.changed(world.now, status=MilestoneStatus.DECLINED)
        for m in milestones
        if m.status is MilestoneStatus.REQUESTED
    )


@action
class End(Action[Contract]):
    """End a contract in which nothing is held any more. What was only asked for is declined."""

    name = "contract.end"
    kind = Contract
    by = BOTH
    when = ACTIVE
    event = "contract.ended"
    children = (Milestone,)
    with_project = True

    subject_id: int

    @override
    def accounts(self, subject: Contract, world: View) -> Iterable[Account]:
        return going.reserve_of(subject, world)

    @override
    def receives(self, subject: Contract, world: View) -> Iterable[Account]:
        return (subject.employer_wallet,)

    @classmethod
    @override
    def blocked(cls, subject: Contract, asker: User, world: View) -> Reason | None:
        holding = any(m.status in HOLDING for m in world.children(Milestone, subject.id))
        return Reason.STILL_HOLDING if holding else None

    @override
    def decide(self, subject: Contract, world: View) -> Decision:
        ended = subject.changed(world.now, status=ContractStatus.ENDED)
        requests = _requests_declined(world.children(Milestone, subject.id), world)
        project, transfers = going.ended(subject, world)
        return Decision(rows=(ended, *requests, *project), transfers=transfers)
