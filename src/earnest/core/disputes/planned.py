"""Disputes and plans: what a withdrawn dispute has kept from tranches is paid at once, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.disputes.ending import released
from earnest.core.ledger import Transfer
from earnest.core.milestones.tranches import next_date, tranches_of
from earnest.core.money import Money
from earnest.core.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from earnest.core.actions import View
    from earnest.core.disputes.row import Dispute
    from earnest.core.milestones.row import Milestone
    from earnest.core.milestones.tranches import Tranche
    from earnest.core.rows import Row


def let_go(
    dispute: Dispute, milestone: Milestone, world: View
) -> tuple[tuple[Row, ...], tuple[Transfer, ...]]:
    """Held again, but for what the tranches whose dates have passed would have paid of it."""
    before = tranches_of(milestone, world)
    tranches = [_without_objection(each, dispute) for each in before]
    tranches = [*_made_up(tranches, dispute.amount, world)]
    paid = [each.paid - was.paid for was, each in zip(before, tranches, strict=True)]
    owed = sum(paid, Money.zero(dispute.amount.currency))
    back = dispute.amount - owed
    after = replace(milestone, pays_at=next_date(tranches, world.now)).without(
        Money.zero(back.currency),
        world.balance(milestone.escrow) + back,
        world.now,
        frozen=milestone.frozen - dispute.amount,
        released=milestone.released + owed,
    )
    changed = [each for was, each in zip(before, tranches, strict=True) if each != was]
    rows, transfers = released(dispute, milestone, owed, world)
    if back.is_positive:
        transfers = (*transfers, Transfer(dispute.account, milestone.escrow, back))
    return (after, *rows, *changed), transfers


def _without_objection(tranche: Tranche, dispute: Dispute) -> Tranche:
    """What came off a tranche by this dispute is a part of it again."""
    if tranche.id != dispute.tranche_id:
        return tranche
    return replace(tranche, objected=tranche.objected - dispute.amount)


def _made_up(tranches: Sequence[Tranche], frozen: Money, world: View) -> Iterable[Tranche]:
    """Those whose dates have passed pay what they lack, in their order."""
    for each in tranches:
        amount = each.due(frozen) if each.at <= world.now else Money.zero(frozen.currency)
        frozen -= amount
        yield each.paying(amount, world.now) if amount.is_positive else each
