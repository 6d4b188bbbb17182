"""What the platform takes: nothing as shipped, and only ever from what reaches a freelancer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.money import BPS_WHOLE

if TYPE_CHECKING:
    from earnest.core.money import Money


def fee_of(amount: Money, fee_bps: int = 0) -> Money:
    """Take the fee's share of an amount, rounded down: the odd unit is the freelancer's.

    The share is what the contract was signed with, so it was checked long ago; anything outside
    a whole is a bug, and so is a fee on a debt.
    """
    assert 0 <= fee_bps <= BPS_WHOLE, "a fee is between nothing and everything"
    assert amount.minor >= 0, "a debt reaches nobody"
    return amount.part(fee_bps)
