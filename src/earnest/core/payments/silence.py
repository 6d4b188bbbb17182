"""Silence: what becomes of a deposit or a withdrawal when nobody does anything.

What the gateway does is no part of it: nobody here knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from earnest.core.payments.depositing import Deposit, ExpireDeposit
from earnest.core.payments.withdrawing import (
    APPROVED,
    ExpireWithdrawal,
    SendWithdrawal,
    Withdrawal,
)

if TYPE_CHECKING:
    from datetime import datetime

    from earnest.core.actions import Action

AnyPayment: TypeAlias = Deposit | Withdrawal


def clock_of(payment: AnyPayment) -> tuple[datetime, type[Action[Any]]] | None:
    """What SYSTEM does to it next, and when; None: it is over, or the gateway has the word."""
    if not payment.waits:
        return None
    wakes_at, expires_at = payment.wakes_at, payment.expires_at
    if payment.status in APPROVED and wakes_at is not None and wakes_at < expires_at:
        return wakes_at, SendWithdrawal
    return expires_at, ExpireDeposit if isinstance(payment, Deposit) else ExpireWithdrawal
