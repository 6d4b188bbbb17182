"""Payments of a small world: a deposit and a withdrawal in any status."""

from __future__ import annotations

from datetime import datetime

from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit, DepositStatus
from earnest.core.payments.withdrawing import (
    DestinationType,
    Withdrawal,
    WithdrawalStatus,
)


def deposit_in(
    number: int, who: int, amount: Money, status: DepositStatus, at: datetime
) -> Deposit:
    paid_as = "bank-1" if status is DepositStatus.SETTLED else None
    return Deposit(number, who, "sandbox", amount, status, None, paid_as, at, at, at)


def withdrawal_in(
    number: int, who: int, amount: Money, status: WithdrawalStatus, at: datetime
) -> Withdrawal:
    return Withdrawal(
        id=number,
        user_id=who,
        gateway="sandbox",
        amount=amount,
        status=status,
        destination_type=DestinationType.SANDBOX,
        destination_account="1",
        destination_name="E",
        paid_as=None,
        wakes_at=at,
        created_at=at,
        updated_at=at,
    )
