"""Deposits and withdrawals: what fits is booked once, what does not is a break, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest
from tests.core.worlds import (
    DEPOSIT,
    EMPLOYER,
    MILESTONE,
    NOW,
    OPERATOR,
    SYSTEM,
    WHOLE,
    WITHDRAWAL,
    done,
    later,
    made,
    person,
    reason,
    refused,
    spendable,
    the,
    usd,
    world,
)

from earnest.core.actions import Action, Reason
from earnest.core.house import House
from earnest.core.ledger import BALANCE_MAX, clearing, outgoing, wallet
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.money import Money
from earnest.core.payments.depositing import (
    Deposit,
    DepositStatus,
    ExpireDeposit,
    FailDeposit,
    SettleDeposit,
    StartDeposit,
)
from earnest.core.payments.row import Break, BreakKind, SandboxDay
from earnest.core.payments.withdrawing import (
    ApproveWithdrawal,
    CancelWithdrawal,
    Destination,
    DestinationType,
    ExpireWithdrawal,
    FailWithdrawal,
    PayWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    SendWithdrawal,
    Withdrawal,
    WithdrawalStatus,
)
from earnest.core.people import Role
from earnest.core.world import World

HOUSE: Final = House(approval_limits={"USD": 10_000})
SOMEWHERE: Final = Destination(DestinationType.IBAN, "DE02 1203 0000 0000 2020 51", "E")
CLEARING: Final = clearing(1, "USD")
OUTGOING: Final = outgoing(WITHDRAWAL, "USD")
SETTLED: Final = SettleDeposit(DEPOSIT, WHOLE, "bank-1")
PAID: Final = PayWithdrawal(WITHDRAWAL, WHOLE, "bank-1")


def deposit(books: World) -> Deposit:
    return the(books, Deposit, DEPOSIT)


def withdrawal(books: World) -> Withdrawal:
    return the(books, Withdrawal, WITHDRAWAL)


def withdraw(amount: str) -> RequestWithdrawal:
    return RequestWithdrawal(EMPLOYER, "sandbox", usd(amount), SOMEWHERE)


def test_a_deposit_waits_for_the_gateway_and_opens_the_wallet() -> None:
    books = world()
    asked = StartDeposit(EMPLOYER, "sandbox", usd("5.00"), SandboxDay.DELAY)
    event = done(books, EMPLOYER, asked)
    started = made(event, Deposit)
    assert event.answer == (started,)
    assert (started.status, started.wakes_at) == (DepositStatus.PENDING, NOW)
    assert (started.sandbox, started.reference[:4]) == (SandboxDay.DELAY, "dep_")
    assert event.transfers == ()
    assert books.moved == {wallet(EMPLOYER, "USD"): 0}


@pytest.mark.parametrize(
    "asked",
    [StartDeposit(EMPLOYER, "stripe", WHOLE), replace(withdraw("1.00"), gateway="stripe")],
    ids=["deposit", "withdrawal"],
)
def test_a_gateway_that_the_site_does_not_have_is_not_offered(asked: Action[Any]) -> None:
    found = refused(world(), EMPLOYER, asked)
    assert (found.reason, found.path) == (Reason.GATEWAY_NOT_OFFERED, "/gateway")


def test_the_amount_asked_for_settles_it() -> None:
    books = world()
    done(books, SYSTEM, SETTLED)
    assert (deposit(books).status, deposit(books).paid_as) == (DepositStatus.SETTLED, "bank-1")
    assert deposit(books).wakes_at is None
    assert spendable(books, EMPLOYER) == usd("1100.00")
    assert books.deltas == {CLEARING: -WHOLE.minor}


@pytest.mark.parametrize("amount", ["99.99", "100.01"])
def test_another_amount_opens_a_break_and_moves_nothing(amount: str) -> None:
    books = world()
    event = done(books, SYSTEM, replace(SETTLED, amount=usd(amount)))
    assert event.name == "deposit.break_opened"
    opened = made(event, Break)
    assert (opened.kind, opened.payment) == (BreakKind.OTHER_AMOUNT, deposit(books).reference)
    assert (opened.expected, opened.said, opened.paid_as) == (WHOLE, str(usd(amount)), "bank-1")
    assert (deposit(books).status, deposit(books).wakes_at) == (DepositStatus.PENDING, None)
    assert event.transfers == ()
    done(books, SYSTEM, SETTLED)
    assert spendable(books, EMPLOYER) == usd("1100.00"), "the right amount may still come"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (DepositStatus.SETTLED, BreakKind.PAID_AGAIN),
        (DepositStatus.FAILED, BreakKind.NOT_EXPECTED),
        (DepositStatus.EXPIRED, BreakKind.NOT_EXPECTED),
    ],
)
def test_money_that_is_not_waited_for_opens_a_break(status: DepositStatus, kind: BreakKind) -> None:
    books = world(deposit=status)
    before = deposit(books)
    event = done(books, SYSTEM, replace(SETTLED, paid_as="bank-2"))
    assert made(event, Break).kind is kind
    assert event.transfers == ()
    assert replace(deposit(books), wakes_at=before.wakes_at) == before


def test_a_deposit_that_fails_brings_nothing() -> None:
    books = world()
    event = done(books, SYSTEM, FailDeposit(DEPOSIT))
    assert (deposit(books).status, event.transfers) == (DepositStatus.FAILED, ())


@pytest.mark.parametrize("who", [OPERATOR, SYSTEM])
def test_nothing_expires_before_seven_days(who: int) -> None:
    books = world()
    later(books, days=7, microseconds=-1)
    for asked in (ExpireDeposit(DEPOSIT), ExpireWithdrawal(WITHDRAWAL)):
        assert reason(books, who, asked) is Reason.NOT_YET_DUE
    later(books, microseconds=1)
    done(books, who, ExpireDeposit(DEPOSIT))
    assert deposit(books).status is DepositStatus.EXPIRED
    done(books, who, ExpireWithdrawal(WITHDRAWAL))
    assert withdrawal(books).status is WithdrawalStatus.EXPIRED
    assert spendable(books, EMPLOYER) == usd("1100.00")
    assert books.balances[OUTGOING] == 0


def test_a_wallet_has_a_top() -> None:
    """The one reason that no story tells: it takes a hundred deposits of the most there is."""
    books = world()
    mine = wallet(EMPLOYER, "USD")
    books.balances[mine] = BALANCE_MAX - WHOLE.minor + 1
    found = refused(books, SYSTEM, SETTLED)
    assert (found.reason, found.facts) == (Reason.BALANCE_TOO_LARGE, {"kind": "wallet"})
    assert deposit(books).status is DepositStatus.PENDING
    books.balances[mine] -= 1
    done(books, SYSTEM, SETTLED)
    assert books.balances[mine] == BALANCE_MAX


def test_a_withdrawal_is_on_its_way_at_once() -> None:
    books = world(house=HOUSE)
    event = done(books, EMPLOYER, withdraw("100.00"))
    asked = made(event, Withdrawal)
    assert event.answer == (asked,)
    assert (asked.status, asked.wakes_at) == (WithdrawalStatus.APPROVED, NOW)
    assert (asked.destination_type, asked.destination_name) == (DestinationType.IBAN, "E")
    assert asked.destination_account == "DE02120300000000202051"
    assert spendable(books, EMPLOYER) == usd("900.00")
    assert books.balances[asked.outgoing] == WHOLE.minor


@pytest.mark.parametrize("account", ["DE00", "DE02120300000000202052", "settle"])
def test_money_is_not_sent_to_what_is_no_iban(account: str) -> None:
    to = Destination(DestinationType.IBAN, account, "E")
    found = refused(world(house=HOUSE), EMPLOYER, replace(withdraw("100.00"), destination=to))
    assert (found.reason, found.path) == (Reason.NOT_AN_IBAN, "/destination/account")


def test_above_the_limit_it_waits_for_an_operator() -> None:
    books = world(house=HOUSE)
    asked = made(done(books, EMPLOYER, withdraw("100.01")), Withdrawal)
    assert (asked.status, asked.wakes_at) == (WithdrawalStatus.REQUESTED, None)
    assert reason(books, SYSTEM, SendWithdrawal(asked.id)) is Reason.WRONG_STATUS
    done(books, OPERATOR, ApproveWithdrawal(asked.id))
    approved = the(books, Withdrawal, asked.id)
    assert (approved.status, approved.wakes_at) == (WithdrawalStatus.APPROVED, NOW)


def test_a_currency_without_a_limit_has_none() -> None:
    books = world(house=House(approval_limits={"JPY": 1}))
    asked = made(done(books, EMPLOYER, withdraw("1000.00")), Withdrawal)
    assert asked.status is WithdrawalStatus.APPROVED


def test_nobody_approves_their_own() -> None:
    books = world(people=[person(EMPLOYER, Role.OPERATOR)])
    assert reason(books, EMPLOYER, ApproveWithdrawal(WITHDRAWAL)) is Reason.NOT_YOUR_PART
    done(books, OPERATOR, ApproveWithdrawal(WITHDRAWAL))


def test_nobody_withdraws_what_is_not_in_their_wallet() -> None:
    books = world()
    found = refused(books, EMPLOYER, withdraw("1000.01"))
    assert (found.reason, found.facts) == (
        Reason.NOT_ENOUGH_MONEY,
        {"missing": usd("0.01")},
    )


def test_it_is_sent_before_it_is_paid() -> None:
    books = world(withdrawal=WithdrawalStatus.APPROVED)
    later(books, hours=1)
    sent = done(books, SYSTEM, SendWithdrawal(WITHDRAWAL))
    assert sent.transfers == ()
    assert withdrawal(books).wakes_at == books.now
    done(books, SYSTEM, PAID)
    assert (withdrawal(books).status, withdrawal(books).paid_as) == (
        WithdrawalStatus.PAID,
        "bank-1",
    )
    assert withdrawal(books).wakes_at is None
    assert books.balances[OUTGOING] == 0
    assert books.deltas == {CLEARING: WHOLE.minor}


@pytest.mark.parametrize(
    ("status", "amount", "kind"),
    [
        (WithdrawalStatus.SENT, usd("99.99"), BreakKind.OTHER_AMOUNT),
        (WithdrawalStatus.PAID, WHOLE, BreakKind.PAID_AGAIN),
        (WithdrawalStatus.APPROVED, WHOLE, BreakKind.NOT_EXPECTED),
        (WithdrawalStatus.CANCELLED, WHOLE, BreakKind.NOT_EXPECTED),
    ],
)
def test_a_payment_that_was_not_asked_for_opens_a_break(
    status: WithdrawalStatus, amount: Money, kind: BreakKind
) -> None:
    books = world(withdrawal=status)
    event = done(books, SYSTEM, replace(PAID, amount=amount))
    assert event.name == "withdrawal.break_opened"
    assert made(event, Break).kind is kind
    assert withdrawal(books).status is status
    assert (event.transfers, books.deltas) == ((), {})


def test_what_could_not_be_paid_is_back_in_the_wallet() -> None:
    books = world(withdrawal=WithdrawalStatus.SENT)
    done(books, SYSTEM, FailWithdrawal(WITHDRAWAL))
    assert withdrawal(books).status is WithdrawalStatus.FAILED
    assert spendable(books, EMPLOYER) == usd("1100.00")


def test_what_came_back_from_outside_is_in_the_wallet_if_it_is_all_of_it() -> None:
    books = world(withdrawal=WithdrawalStatus.PAID)
    short = done(books, SYSTEM, ReturnWithdrawal(WITHDRAWAL, usd("99.00"), "bank-2"))
    assert made(short, Break).kind is BreakKind.OTHER_AMOUNT
    assert withdrawal(books).status is WithdrawalStatus.PAID
    done(books, SYSTEM, ReturnWithdrawal(WITHDRAWAL, WHOLE, "bank-2"))
    assert withdrawal(books).status is WithdrawalStatus.RETURNED
    assert spendable(books, EMPLOYER) == usd("1100.00")
    assert books.deltas == {CLEARING: -WHOLE.minor}


@pytest.mark.parametrize("status", WithdrawalStatus)
def test_the_asker_cancels_until_it_is_sent(status: WithdrawalStatus) -> None:
    books = world(withdrawal=status)
    if status in {WithdrawalStatus.REQUESTED, WithdrawalStatus.APPROVED}:
        done(books, EMPLOYER, CancelWithdrawal(WITHDRAWAL))
        assert spendable(books, EMPLOYER) == usd("1100.00")
    else:
        assert reason(books, EMPLOYER, CancelWithdrawal(WITHDRAWAL)) is Reason.WRONG_STATUS


def test_another_currency_is_refused_of_people_and_a_break_of_a_gateway() -> None:
    """What a gateway says is compared, not refused; a user's row has no currency."""
    books = world()
    for said in (Money(10_000, "EUR"), Money(0, "USD")):
        told = done(books, SYSTEM, replace(SETTLED, amount=said))
        assert told.name == "deposit.break_opened"
        assert told.transfers == ()
    assert reason(books, EMPLOYER, ReleaseMilestone(MILESTONE, Money(1, "EUR"))) is (
        Reason.WRONG_CURRENCY
    )
    done(books, EMPLOYER, StartDeposit(EMPLOYER, "sandbox", Money(1, "EUR")))
