"""The watchman: cheap questions about what a batch would leave, asked after every one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.disputes.row import OPEN, Dispute
from earnest.core.milestones.row import HOLDING, Milestone

if TYPE_CHECKING:
    from earnest.core.world import World


def broken_invariant(world: World) -> str | None:
    """What of this batch does not add up, or None."""
    by_currency: dict[str, int] = {}
    for changes in (world.moved, world.deltas):
        for account, delta in changes.items():
            by_currency[account.currency] = by_currency.get(account.currency, 0) + delta
    for currency, total in by_currency.items():
        if total != 0:
            return f"this batch would change the sum of all {currency} balances by {total}"
    for row in world.written.values():
        if isinstance(row, Milestone):
            wrong = _milestone_off(row, world)
        elif isinstance(row, Dispute):
            wrong = _dispute_off(row, world)
        else:
            continue
        if wrong:
            return wrong
    return None


def _milestone_off(milestone: Milestone, world: World) -> str | None:
    """A milestone's amount is what it holds and what has gone; one that ended holds nothing."""
    held = world.balances.get(milestone.escrow, 0)
    if milestone.funded_at is None:
        return f"{milestone.reference} was never funded and holds {held}" if held else None
    gone = milestone.amount.minor - milestone.left.minor
    if held + gone == milestone.amount.minor and (not held or milestone.status in HOLDING):
        return None
    return f"{milestone.reference} holds {held} and {gone} is gone, of {milestone.amount.minor}"


def _dispute_off(dispute: Dispute, world: World) -> str | None:
    """While it is open it holds exactly what it froze and what was staked; after that nothing."""
    is_open = dispute.status in OPEN
    frozen, staked = dispute.amount.minor, dispute.staked.minor
    for account, due in ((dispute.account, frozen), (dispute.stake, staked)):
        found, due_now = world.balances.get(account), due if is_open else 0
        if found is not None and found != due_now:
            return f"{dispute.reference} has {found} in its {account.kind} and not {due_now}"
    return None
