"""Payments: deposits and withdrawals, the only ways in which money enters and leaves."""

from earnest.core.payments import depositing, withdrawing

__all__ = ["depositing", "withdrawing"]
