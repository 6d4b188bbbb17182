"""The shapes of what goes through a gateway, and of what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.people import User
from earnest.core.references import printed
from earnest.wire.surroundings import money, time

if TYPE_CHECKING:
    from earnest.core.payments.depositing import Deposit
    from earnest.core.payments.row import Break
    from earnest.core.payments.withdrawing import Withdrawal
    from earnest.wire.surroundings import Json, Surroundings


def deposit(row: Deposit, _around: Surroundings) -> Json:
    """Money coming in."""
    return {
        "id": row.reference,
        "number": row.id,
        "user_id": printed(User.prefix, row.user_id),
        "gateway": row.gateway,
        "amount": money(row.amount),
        "status": row.status,
        "sandbox": row.sandbox,
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
    }


def withdrawal(row: Withdrawal, _around: Surroundings) -> Json:
    """Money going out. Of the account only the end is shown: events and logs are read by many."""
    return {
        "id": row.reference,
        "number": row.id,
        "user_id": printed(User.prefix, row.user_id),
        "gateway": row.gateway,
        "amount": money(row.amount),
        "status": row.status,
        "destination": {
            "type": row.destination_type,
            "account": masked(row.destination_account),
            "name": row.destination_name,
        },
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
    }


def masked(account: str) -> str:
    """The last four characters of an account; of a short one none."""
    return f"…{account[-4:]}" if len(account) > 8 else "…"  # noqa: PLR2004


def broken(row: Break, _around: Surroundings) -> Json:
    """What a gateway said that does not fit the books."""
    return {
        "id": row.reference,
        "number": row.id,
        "payment": row.payment,
        "gateway": row.gateway,
        "kind": row.kind,
        "expected": money(row.expected),
        "said": row.said,
        "paid_as": row.paid_as,
        "created_at": time(row.created_at),
    }
