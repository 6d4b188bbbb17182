"""What a deposit and a withdrawal share: an owner, a gateway, and what does not fit the books.

No network here: the worker asks the gateway with our id as its key, and what the gateway says
comes back as another action, by SYSTEM. What it says counts only if it is what was asked for;
anything else opens a break for a person to look at, and moves nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

from earnest.core.actions import Decision, Reason
from earnest.core.ledger import Account, clearing, wallet
from earnest.core.money import Money
from earnest.core.people import ANYONE, Party, User, staff
from earnest.core.records import record, replace
from earnest.core.rows import Row

if TYPE_CHECKING:
    from earnest.core.actions import View

#: The clearing account of each gateway has its number as owner.
SANDBOX: Final = "sandbox"
GATEWAYS: Final = {SANDBOX: 1}
#: What nobody paid, or nobody sent, expires after this long.
EXPIRES_AFTER: Final = timedelta(days=7)


class SandboxDay(StrEnum):
    """The good and bad days of the sandbox gateway."""

    SETTLE = "settle"
    DELAY = "delay"
    FAIL = "fail"
    PAY_TWICE = "pay_twice"
    PAY_SHORT = "pay_short"
    LOSE_ANSWER = "lose_answer"


class Payment(Row):
    """What a deposit and a withdrawal share: whose it is, and who may see it."""

    __slots__ = ()

    #: The statuses in which there is more to come without anybody's doing.
    going: ClassVar[frozenset[StrEnum]]

    user_id: int
    gateway: str
    amount: Money
    status: StrEnum
    wakes_at: datetime | None
    created_at: datetime
    updated_at: datetime

    def parties(self, asker: User, _world: View) -> frozenset[Party]:
        """Its owner is anyone to it; an operator who is not its owner may settle its fate."""
        return ANYONE if asker.id == self.user_id else staff(asker)

    @property
    def goes_on(self) -> bool:
        """Whether there is more to come without anybody's doing."""
        return self.status in self.going

    @property
    def is_broken(self) -> bool:
        """Whether it waits for an operator: what its gateway said did not fit, so none is asked."""
        return self.goes_on and self.wakes_at is None

    @property
    def expires_at(self) -> datetime:
        """When its time is over, if nothing has come of it by then."""
        return self.created_at + EXPIRES_AFTER

    @property
    def wallet(self) -> Account:
        """The owner's spendable money."""
        return wallet(self.user_id, self.amount.currency)

    @property
    def clearing(self) -> Account:
        """The gateway's side."""
        return clearing(GATEWAYS[self.gateway], self.amount.currency)


class BreakKind(StrEnum):
    """How what a gateway said differs from what was asked for."""

    OTHER_AMOUNT = "other_amount"
    PAID_AGAIN = "paid_again"
    NOT_EXPECTED = "not_expected"


@record(frozen=True, slots=True)
class Break(Row):
    """Something a gateway said that does not fit the books. A person looks; nothing is plugged."""

    noun: ClassVar[str] = "break"
    prefix: ClassVar[str] = "brk"

    id: int
    payment: str
    gateway: str
    kind: BreakKind
    expected: Money
    #: As it was said: in whatever currency, or nothing at all.
    said: str
    paid_as: str
    created_at: datetime


P = TypeVar("P", bound=Payment)


def broken(payment: Payment, kind: BreakKind, said: Money, paid_as: str, world: View) -> Decision:
    """Write down what the gateway said, move nothing, and ask it no more."""
    opened = Break(
        id=world.new_id(),
        payment=payment.reference,
        gateway=payment.gateway,
        kind=kind,
        expected=payment.amount,
        said=str(said),
        paid_as=paid_as,
        created_at=world.now,
    )
    return Decision(
        rows=(asked_no_more(payment, world), opened), event=f"{payment.noun}.break_opened"
    )


def asked_no_more(payment: P, world: View) -> P:
    """The same payment, of which the gateway has told all that it will be asked for."""
    return replace(payment, wakes_at=None, updated_at=world.now)  # type: ignore[type-var]


def too_early(payment: Payment, world: View) -> Reason | None:
    """Nothing expires before its time, whoever asks."""
    return Reason.NOT_YET_DUE if world.now < payment.expires_at else None
