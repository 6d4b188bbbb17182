"""The sandbox gateway: every good and bad day, and that asking again never pays again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit, DepositStatus
from earnest.core.payments.row import SandboxDay
from earnest.core.payments.withdrawing import DestinationType, Withdrawal, WithdrawalStatus
from earnest.gateways.notices import (
    AnyPayment,
    Failed,
    GatewaySilentError,
    Notice,
    NotYet,
    Paid,
)
from earnest.gateways.sandbox import DELAY, SandboxGateway

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
AMOUNT = Money(4000, "USD")
DEPOSIT = Deposit(
    id=7,
    user_id=1,
    gateway="sandbox",
    amount=AMOUNT,
    status=DepositStatus.PENDING,
    sandbox=None,
    paid_as=None,
    wakes_at=NOW,
    created_at=NOW,
    updated_at=NOW,
)
WITHDRAWAL = Withdrawal(
    id=8,
    user_id=1,
    gateway="sandbox",
    amount=AMOUNT,
    status=WithdrawalStatus.SENT,
    destination_type=DestinationType.SANDBOX,
    destination_account="settle",
    destination_name="A name",
    paid_as=None,
    wakes_at=NOW,
    created_at=NOW,
    updated_at=NOW,
)


@dataclass(frozen=True)
class Remembered:
    amount: Money
    first_asked_at: datetime
    asked: int
    now: datetime


@dataclass
class Notebook:
    """A memory that is a dictionary; the real one is a table (tests/worker)."""

    now: datetime = NOW
    pages: dict[str, Remembered] = field(default_factory=dict)

    async def remember(self, payment: str, amount: Money) -> Remembered:
        known = self.pages.get(payment) or Remembered(amount, self.now, 0, self.now)
        self.pages[payment] = replace(known, asked=known.asked + 1, now=self.now)
        return self.pages[payment]

    async def is_there(self) -> bool:
        return True


def on(day: str | None) -> list[AnyPayment]:
    """A deposit and a withdrawal on this day of the gateway."""
    chosen = SandboxDay(day) if day is not None else None
    return [
        replace(DEPOSIT, sandbox=chosen),
        replace(WITHDRAWAL, destination_account=day or "settle"),
    ]


def ask(notebook: Notebook, payment: AnyPayment) -> Sequence[Notice]:
    return asyncio.run(_asked(notebook, payment))


async def _asked(notebook: Notebook, payment: AnyPayment) -> Sequence[Notice]:
    return await SandboxGateway(notebook).ask(payment)


@pytest.mark.parametrize("day", [None, "settle"])
def test_a_good_day_pays_what_was_asked_for(day: str | None) -> None:
    for payment in on(day):
        assert ask(Notebook(), payment) == (Paid(AMOUNT, f"sandbox-{payment.reference}"),)


def test_a_payment_that_fails_pays_nothing() -> None:
    for payment in on("fail"):
        assert ask(Notebook(), payment) == (Failed(),)


def test_paying_twice_has_two_references() -> None:
    for payment in on("pay_twice"):
        first, second = ask(Notebook(), payment)
        assert isinstance(first, Paid)
        assert isinstance(second, Paid)
        assert first.amount == second.amount == AMOUNT
        assert first.reference != second.reference


def test_paying_short_is_a_smaller_amount() -> None:
    for payment in on("pay_short"):
        (said,) = ask(Notebook(), payment)
        assert said == Paid(Money(3999, "USD"), f"sandbox-{payment.reference}")


def test_a_lost_answer_is_there_when_asked_again() -> None:
    for payment in on("lose_answer"):
        notebook = Notebook()
        with pytest.raises(GatewaySilentError):
            ask(notebook, payment)
        assert ask(notebook, payment) == (Paid(AMOUNT, f"sandbox-{payment.reference}"),)


def test_a_delayed_payment_takes_a_day_from_its_first_asking() -> None:
    for payment in on("delay"):
        notebook = Notebook()
        assert ask(notebook, payment) == (NotYet(NOW + DELAY),)
        notebook.now = NOW + DELAY - timedelta(seconds=1)
        assert ask(notebook, payment) == (NotYet(NOW + DELAY),)
        notebook.now = NOW + DELAY
        assert ask(notebook, payment) == (Paid(AMOUNT, f"sandbox-{payment.reference}"),)


@pytest.mark.parametrize("day", [day.value for day in SandboxDay if day != "lose_answer"])
def test_asking_again_is_the_same_answer(day: str) -> None:
    for payment in on(day):
        notebook = Notebook()
        assert ask(notebook, payment) == ask(notebook, payment)


def test_what_was_asked_for_first_is_what_is_paid() -> None:
    notebook = Notebook()
    ask(notebook, DEPOSIT)
    (said,) = ask(notebook, replace(DEPOSIT, amount=Money(1, "USD")))
    assert said == Paid(AMOUNT, f"sandbox-{DEPOSIT.reference}")


@pytest.mark.parametrize(
    ("kind", "account"),
    [(DestinationType.IBAN, "fail"), (DestinationType.CARD, "delay"), ("sandbox", "my account")],
)
def test_only_a_sandbox_account_with_the_name_of_a_day_has_one(kind: str, account: str) -> None:
    payment = replace(
        WITHDRAWAL, destination_type=DestinationType(kind), destination_account=account
    )
    assert ask(Notebook(), payment) == (Paid(AMOUNT, f"sandbox-{payment.reference}"),)
