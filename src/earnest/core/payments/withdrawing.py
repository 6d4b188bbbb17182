"""Withdrawing: money leaves through a gateway, and is on its way until the gateway says so."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Self

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, Scope, action
from earnest.core.inputs import AsSaid, Reference, Text
from earnest.core.ledger import Account, Transfer, outgoing
from earnest.core.money import Money
from earnest.core.payments.ibans import compact, is_iban
from earnest.core.payments.row import BreakKind, Payment, broken, too_early
from earnest.core.people import ANYONE, OPERATOR, SYSTEM, User, UserStatus
from earnest.core.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View


class WithdrawalStatus(StrEnum):
    """A withdrawal is the asker's to cancel until it is sent; then the gateway has the word."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


REQUESTED: Final = frozenset({WithdrawalStatus.REQUESTED})
APPROVED: Final = frozenset({WithdrawalStatus.APPROVED})
UNSENT: Final = REQUESTED | APPROVED
SENT: Final = frozenset({WithdrawalStatus.SENT})
PAID: Final = frozenset({WithdrawalStatus.PAID})


class DestinationType(StrEnum):
    """The kinds of account that money can be sent to."""

    IBAN = "iban"
    CARD = "card"
    #: In a sandbox the account's name says which day the gateway has: "delay", "fail", ...
    SANDBOX = "sandbox"


@record(frozen=True, slots=True)
class Destination:
    """Where money is sent, and whose account it is."""

    type: DestinationType
    account: Annotated[str, Text(64)]
    name: Annotated[str, Text(80)]

    @property
    def is_an_account(self) -> bool:
        """Whether there can be such an account; of a card only its bank knows."""
        return self.type is not DestinationType.IBAN or is_iban(self.number)

    @property
    def number(self) -> str:
        """The account as it is kept and sent: an IBAN without its spaces."""
        return compact(self.account) if self.type is DestinationType.IBAN else self.account


@record(frozen=True, slots=True)
class Withdrawal(Payment):
    """Money that somebody is taking out."""

    noun: ClassVar[str] = "withdrawal"
    prefix: ClassVar[str] = "wdr"
    going: ClassVar[frozenset[StrEnum]] = APPROVED | SENT

    id: int
    user_id: int
    gateway: str
    amount: Money
    status: WithdrawalStatus
    destination_type: DestinationType
    destination_account: str
    destination_name: str
    paid_as: str | None
    wakes_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def waits(self) -> bool:
        """Whether nothing has come of it yet: then it expires, sooner or later."""
        return self.status in UNSENT

    @property
    def outgoing(self) -> Account:
        """Its money, while it is on its way."""
        return outgoing(self.id, self.amount.currency)

    def changed(
        self, now: datetime, status: WithdrawalStatus, *, wakes_at: datetime | None = None
    ) -> Self:
        """This withdrawal one step further."""
        return replace(self, status=status, wakes_at=wakes_at, updated_at=now)


class WithdrawalAction(Action[Withdrawal]):
    """What happens to a withdrawal that was asked for."""

    __slots__ = ()

    kind = Withdrawal

    @override
    def accounts(self, subject: Withdrawal, world: View) -> Iterable[Account]:
        return (subject.outgoing,)

    @override
    def receives(self, subject: Withdrawal, world: View) -> Iterable[Account]:
        return (subject.wallet,)


@action
class RequestWithdrawal(Action[User]):
    """Take money out. Up to a limit it is sent at once, above it when an operator approved it."""

    name = "withdrawal.request"
    kind = User
    by = ANYONE
    when = frozenset(UserStatus)
    event = "withdrawal.requested"
    scope = Scope.MONEY
    makes = Withdrawal
    answers = True
    opens = True

    subject_id: int
    gateway: str
    amount: Money
    destination: Destination

    @override
    def accounts(self, subject: User, world: View) -> Iterable[Account]:
        return (Account("wallet", subject.id, self.amount.currency),)

    @override
    def decide(self, subject: User, world: View) -> Decision | Refused:
        if self.gateway not in world.house.gateways:
            return Refused(Reason.GATEWAY_NOT_OFFERED, path="/gateway")
        if not self.destination.is_an_account:
            return Refused(Reason.NOT_AN_IBAN, path="/destination/account")
        limit = world.house.approval_limits.get(self.amount.currency)
        waits = limit is not None and self.amount.minor > limit
        status = WithdrawalStatus.REQUESTED if waits else WithdrawalStatus.APPROVED
        withdrawal = Withdrawal(
            id=world.new_id(),
            user_id=subject.id,
            gateway=self.gateway,
            amount=self.amount,
            status=status,
            destination_type=self.destination.type,
            destination_account=self.destination.number,
            destination_name=self.destination.name,
            paid_as=None,
            wakes_at=None if waits else world.now,
            created_at=world.now,
            updated_at=world.now,
        )
        away = Transfer(withdrawal.wallet, withdrawal.outgoing, self.amount)
        return Decision(rows=(withdrawal,), transfers=(away,))


@action
class ApproveWithdrawal(WithdrawalAction):
    """Approve a withdrawal above the limit. Nobody approves their own."""

    name = "withdrawal.approve"
    by = OPERATOR
    when = REQUESTED
    event = "withdrawal.approved"
    scope = Scope.STAFF

    subject_id: int

    @override
    def decide(self, subject: Withdrawal, world: View) -> Decision:
        approved = subject.changed(world.now, WithdrawalStatus.APPROVED, wakes_at=world.now)
        return Decision(rows=(approved,))


@action
class SendWithdrawal(WithdrawalAction):
    """From here on the gateway may have it: written down before the gateway is asked."""

    name = "withdrawal.send"
    by = SYSTEM
    when = APPROVED
    event = "withdrawal.sent"
    scope = Scope.STAFF

    subject_id: int

    @override
    def decide(self, subject: Withdrawal, world: View) -> Decision:
        return Decision(
            rows=(subject.changed(world.now, WithdrawalStatus.SENT, wakes_at=world.now),)
        )


@action
class PayWithdrawal(WithdrawalAction):
    """The gateway says that it paid. Only what was asked for, and only once, counts."""

    name = "withdrawal.pay"
    by = SYSTEM
    when = frozenset(WithdrawalStatus)
    event = "withdrawal.paid"
    scope = Scope.STAFF

    subject_id: int
    amount: Annotated[Money, AsSaid()]
    paid_as: Reference

    @override
    def decide(self, subject: Withdrawal, world: View) -> Decision:
        if subject.status is not WithdrawalStatus.SENT:
            paid = subject.status is WithdrawalStatus.PAID
            kind = BreakKind.PAID_AGAIN if paid else BreakKind.NOT_EXPECTED
            return broken(subject, kind, self.amount, self.paid_as, world)
        if self.amount != subject.amount:
            return broken(subject, BreakKind.OTHER_AMOUNT, self.amount, self.paid_as, world)
        paid_out = subject.changed(world.now, WithdrawalStatus.PAID)
        return Decision(
            rows=(replace(paid_out, paid_as=self.paid_as),),
            transfers=(Transfer(subject.outgoing, subject.clearing, subject.amount),),
        )


@action
class FailWithdrawal(WithdrawalAction):
    """The gateway says that it could not pay: the money is back in the wallet."""

    name = "withdrawal.fail"
    by = SYSTEM
    when = SENT
    event = "withdrawal.failed"
    scope = Scope.STAFF

    subject_id: int

    @override
    def decide(self, subject: Withdrawal, world: View) -> Decision:
        return _back(subject, WithdrawalStatus.FAILED, world)


def _back(withdrawal: Withdrawal, status: WithdrawalStatus, world: View) -> Decision:
    """What is not sent out is the owner's to spend again."""
    return Decision(
        rows=(withdrawal.changed(world.now, status),),
        transfers=(Transfer(withdrawal.outgoing, withdrawal.wallet, withdrawal.amount),),
    )


@action
class ReturnWithdrawal(WithdrawalAction):
    """The money was paid and came back from outside: it is in the wallet again."""

    name = "withdrawal.return"
    by = SYSTEM
    when = PAID
    event = "withdrawal.returned"
    scope = Scope.STAFF

    subject_id: int
    amount: Annotated[Money, AsSaid()]
    paid_as: Reference

    @override
    def decide(self, subject: Withdrawal, world: View) -> Decision:
        if self.amount != subject.amount:
            return broken(subject, BreakKind.OTHER_AMOUNT, self.amount, self.paid_as, world)
        return Decision(
            rows=(subject.changed(world.now, WithdrawalStatus.RETURNED),),
            transfers=(Transfer(subject.clearing, subject.wallet, subject.amount),),
        )


@action
class CancelWithdrawal(WithdrawalAction):
    """Cancel your withdrawal before it is sent. The money is back in your wallet."""

    name = "withdrawal.cancel"
    by = ANYONE
    when = UNSENT
    event = "withdrawal.cancelled"
    scope = Scope.MONEY

    subject_id: int

    @override
    def decide(self, subject: Withdrawal, world: View) -> Decision:
        return _back(subject, WithdrawalStatus.CANCELLED, world)


@action
class ExpireWithdrawal(WithdrawalAction):
    """Close a withdrawal that was not sent within seven days. The money is back in the wallet."""

    name = "withdrawal.expire"
    by = OPERATOR | SYSTEM
    when = UNSENT
    event = "withdrawal.expired"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Withdrawal, asker: User, world: View) -> Reason | None:
        return too_early(subject, world)

    @override
    def decide(self, subject: Withdrawal, world: View) -> Decision:
        return _back(subject, WithdrawalStatus.EXPIRED, world)
