"""Depositing: money comes in when the gateway says that it has what was asked for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Self

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, Scope, action
from earnest.core.inputs import AsSaid, Reference
from earnest.core.ledger import Account, Transfer, wallet
from earnest.core.money import Money
from earnest.core.payments.row import (
    SANDBOX,
    BreakKind,
    Payment,
    SandboxDay,
    broken,
    too_early,
)
from earnest.core.people import ANYONE, OPERATOR, SYSTEM, User, UserStatus
from earnest.core.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View


class DepositStatus(StrEnum):
    """A deposit waits for the money, and then has it or not."""

    PENDING = "pending"
    SETTLED = "settled"
    FAILED = "failed"
    EXPIRED = "expired"


PENDING: Final = frozenset({DepositStatus.PENDING})


@record(frozen=True, slots=True)
class Deposit(Payment):
    """Money that somebody is bringing in."""

    noun: ClassVar[str] = "deposit"
    prefix: ClassVar[str] = "dep"
    going: ClassVar[frozenset[StrEnum]] = PENDING

    id: int
    user_id: int
    gateway: str
    amount: Money
    status: DepositStatus
    sandbox: SandboxDay | None
    #: What the gateway calls the payment that settled it.
    paid_as: str | None
    #: When the worker asks the gateway (again); none when there is nothing more to hear.
    wakes_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def waits(self) -> bool:
        """Whether nothing has come of it yet: then it expires, sooner or later."""
        return self.status in PENDING

    def changed(self, now: datetime, status: DepositStatus, paid_as: str | None = None) -> Self:
        """This deposit at its end."""
        return replace(self, status=status, paid_as=paid_as, wakes_at=None, updated_at=now)


@action
class StartDeposit(Action[User]):
    """Bring money in through a gateway. It is yours to spend once the gateway has it."""

    name = "deposit.start"
    kind = User
    by = ANYONE
    when = frozenset(UserStatus)
    event = "deposit.started"
    scope = Scope.MONEY
    makes = Deposit
    answers = True
    opens = True

    subject_id: int
    gateway: str
    amount: Money
    #: In a sandbox: which good or bad day the gateway has.
    sandbox: SandboxDay = SandboxDay.SETTLE

    @override
    def receives(self, subject: User, world: View) -> Iterable[Account]:
        return (wallet(subject.id, self.amount.currency),)

    @override
    def decide(self, subject: User, world: View) -> Decision | Refused:
        if self.gateway not in world.house.gateways:
            return Refused(Reason.GATEWAY_NOT_OFFERED, path="/gateway")
        deposit = Deposit(
            id=world.new_id(),
            user_id=subject.id,
            gateway=self.gateway,
            amount=self.amount,
            status=DepositStatus.PENDING,
            sandbox=self.sandbox if self.gateway == SANDBOX else None,
            paid_as=None,
            wakes_at=world.now,
            created_at=world.now,
            updated_at=world.now,
        )
        return Decision(rows=(deposit,), opened=(deposit.wallet,))


@action
class SettleDeposit(Action[Deposit]):
    """The gateway says that it was paid. Only what was asked for, and only once, counts."""

    name = "deposit.settle"
    kind = Deposit
    by = SYSTEM
    when = frozenset(DepositStatus)
    event = "deposit.settled"
    scope = Scope.STAFF

    subject_id: int
    amount: Annotated[Money, AsSaid()]
    paid_as: Reference

    @override
    def receives(self, subject: Deposit, world: View) -> Iterable[Account]:
        return (subject.wallet,)

    @override
    def decide(self, subject: Deposit, world: View) -> Decision:
        if subject.status is not DepositStatus.PENDING:
            settled = subject.status is DepositStatus.SETTLED
            kind = BreakKind.PAID_AGAIN if settled else BreakKind.NOT_EXPECTED
            return broken(subject, kind, self.amount, self.paid_as, world)
        if self.amount != subject.amount:
            return broken(subject, BreakKind.OTHER_AMOUNT, self.amount, self.paid_as, world)
        return Decision(
            rows=(subject.changed(world.now, DepositStatus.SETTLED, self.paid_as),),
            transfers=(Transfer(subject.clearing, subject.wallet, subject.amount),),
        )


@action
class FailDeposit(Action[Deposit]):
    """The gateway says that it will not be paid."""

    name = "deposit.fail"
    kind = Deposit
    by = SYSTEM
    when = PENDING
    event = "deposit.failed"
    scope = Scope.STAFF

    subject_id: int

    @override
    def decide(self, subject: Deposit, world: View) -> Decision:
        return Decision(rows=(subject.changed(world.now, DepositStatus.FAILED),))


@action
class ExpireDeposit(Action[Deposit]):
    """Close a deposit that nobody paid within seven days. Money that comes later is a break."""

    name = "deposit.expire"
    kind = Deposit
    by = OPERATOR | SYSTEM
    when = PENDING
    event = "deposit.expired"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked(cls, subject: Deposit, asker: User, world: View) -> Reason | None:
        return too_early(subject, world)

    @override
    def decide(self, subject: Deposit, world: View) -> Decision:
        return Decision(rows=(subject.changed(world.now, DepositStatus.EXPIRED),))
