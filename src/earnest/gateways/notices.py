"""What a gateway can say, and how it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal

AnyPayment: TypeAlias = Deposit | Withdrawal


@dataclass(frozen=True, slots=True)
class Paid:
    """Money has moved: how much, and what the gateway calls it."""

    amount: Money
    reference: str


@dataclass(frozen=True, slots=True)
class Failed:
    """No money will move."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """The gateway has it and knows nothing more before this moment of the site's clock."""

    ask_again_at: datetime


Notice: TypeAlias = Paid | Failed | NotYet


class GatewaySilentError(Exception):
    """No answer came. Whether money has moved is not known: asking again under our id tells."""


class Gateway(Protocol):
    """One provider."""

    async def ask(self, payment: AnyPayment) -> Sequence[Notice]:
        """Have it pay, or find out what became of it; the same payment is never paid twice."""

    async def reach(self) -> None:
        """Return if it answers at all: nothing is paid, and nothing asked about a payment."""
