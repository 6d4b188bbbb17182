"""The sandbox gateway: no money, but every good and bad day that a real one has.

A deposit names its day; of a withdrawal it is the account's name, where that is a sandbox account.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.row import SandboxDay
from earnest.core.payments.withdrawing import DestinationType
from earnest.gateways.notices import Failed, GatewaySilentError, NotYet, Paid

if TYPE_CHECKING:
    from earnest.gateways.notices import AnyPayment, Notice

#: How long a delayed payment takes.
DELAY: Final = timedelta(days=1)

_DAYS: Final = frozenset(day.value for day in SandboxDay)


class Remembered(Protocol):
    """What the gateway knows of a payment: as it was first asked for, and how often it was."""

    @property
    def amount(self) -> Money:
        """What was asked for."""

    @property
    def first_asked_at(self) -> datetime:
        """When it was, by the site's clock."""

    @property
    def asked(self) -> int:
        """How often, this time counted."""

    @property
    def now(self) -> datetime:
        """The site's clock."""


class Memory(Protocol):
    """Where the gateway remembers, by our id."""

    async def remember(self, payment: str, amount: Money) -> Remembered:
        """Count one more asking; what was asked for first stays."""

    async def is_there(self) -> bool:
        """Whether it can be read."""


class SandboxGateway:
    """Answers as the payment's day says."""

    def __init__(self, memory: Memory) -> None:
        """Remember payments there, as a real gateway does on its own side."""
        self._memory = memory

    async def ask(self, payment: AnyPayment) -> Sequence[Notice]:
        """Say what became of it; the same question has the same answer, and pays once."""
        known = await self._memory.remember(payment.reference, payment.amount)
        day = day_of(payment)
        if day is SandboxDay.LOSE_ANSWER and known.asked == 1:
            raise GatewaySilentError(payment.reference)
        if day is SandboxDay.DELAY and known.now < known.first_asked_at + DELAY:
            return (NotYet(known.first_asked_at + DELAY),)
        return _said(payment.reference, day, known.amount)

    async def reach(self) -> None:
        """It answers as long as its memory does."""
        await self._memory.is_there()


def day_of(payment: AnyPayment) -> SandboxDay:
    """Which day the gateway has for it; a good one unless somebody asked for another."""
    if isinstance(payment, Deposit):
        return payment.sandbox or SandboxDay.SETTLE
    named = payment.destination_account
    if payment.destination_type is DestinationType.SANDBOX and named in _DAYS:
        return SandboxDay(named)
    return SandboxDay.SETTLE


def _said(reference: str, day: SandboxDay, amount: Money) -> Sequence[Notice]:
    paid = Paid(amount, f"sandbox-{reference}")
    if day is SandboxDay.FAIL:
        return (Failed(),)
    if day is SandboxDay.PAY_TWICE:
        return (paid, Paid(amount, f"{paid.reference}-again"))
    if day is SandboxDay.PAY_SHORT:
        return (Paid(Money(amount.minor - 1, amount.currency), paid.reference),)
    return (paid,)
