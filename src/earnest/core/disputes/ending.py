"""Ending: whichever way a dispute ends, both sides are paid exactly, and that is final."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from earnest.core.actions import Decision, Scope
from earnest.core.disputes.row import (
    Dispute,
    DisputeAction,
    DisputeStatus,
)
from earnest.core.ledger import Account, Transfer, fees, wallet
from earnest.core.milestones.releasing import new_release, payment
from earnest.core.milestones.row import Milestone, contract_of, milestone_of
from earnest.core.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.rows import Row


class EndingAction(DisputeAction):
    """What may pay out all that a dispute holds."""

    __slots__ = ()

    scope = Scope.MONEY

    @override
    def accounts(self, subject: Dispute, world: View) -> Iterable[Account]:
        return (subject.account, subject.stake, milestone_of(subject, world).escrow)

    @override
    def receives(self, subject: Dispute, world: View) -> Iterable[Account]:
        contract = contract_of(subject, world)
        return (contract.employer_wallet, contract.freelancer_wallet)


def ended(
    found: Dispute,
    status: DisputeStatus,
    to_freelancer: Money,
    world: View,
    *,
    event: str | None = None,
    lost_by: Iterable[int] = (),
) -> Decision:
    """So much of what is frozen reaches the freelancer, and all the rest the employer."""
    rows, transfers = paid(found, to_freelancer, world)
    return Decision(
        rows=(found.over(world.now, status, to_freelancer), *rows),
        transfers=(*transfers, *fees_back(found, tuple(lost_by))),
        event=event,
    )


def paid(
    found: Dispute, to_freelancer: Money, world: View
) -> tuple[tuple[Row, ...], tuple[Transfer, ...]]:
    """The milestone with nothing frozen any more, and the money on its way to both."""
    milestone, rest = milestone_of(found, world), found.amount - to_freelancer
    after = milestone.without(
        Money.zero(rest.currency),
        world.balance(milestone.escrow),
        world.now,
        frozen=milestone.frozen - found.amount,
        released=milestone.released + to_freelancer,
        returned=milestone.returned + rest,
    )
    rows, transfers = released(found, milestone, to_freelancer, world)
    if rest.is_positive:
        employer = contract_of(found, world).employer_wallet
        transfers = (*transfers, Transfer(found.account, employer, rest))
    return (after, *rows), transfers


def released(
    found: Dispute, milestone: Milestone, amount: Money, world: View
) -> tuple[tuple[Row, ...], tuple[Transfer, ...]]:
    """A release like any other, with the platform's fee on it."""
    if not amount.is_positive:
        return (), ()
    release = new_release(milestone, amount, world)
    return (release,), tuple(payment(found.account, milestone, release, world))


def fees_back(found: Dispute, lost_by: tuple[int, ...] = ()) -> tuple[Transfer, ...]:
    """Whoever put up an arbitration fee has it back, unless they have lost it."""
    if found.fee is None or not found.fee.is_positive:
        return ()
    currency = found.fee.currency
    return tuple(
        Transfer(
            found.stake, fees(currency) if each in lost_by else wallet(each, currency), found.fee
        )
        for each in found.payers
    )
