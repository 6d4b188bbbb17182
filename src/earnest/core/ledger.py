"""The ledger: accounts, transfers, and the one place where an overdraft is refused.

A debit takes from an account, a credit gives to it; both are columns of one transfer in one
currency, so an unbalanced or mixed entry cannot be written down.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.core.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from earnest.core.money import Money


class Account(NamedTuple):
    """A computed key, never looked up: what kind of money, whose, in which currency."""

    kind: str
    owner: int
    currency: str


#: Nobody spends what is not there. ``clearing``, ``fees`` and ``losses`` have no floor: what
#: comes in from outside has to come from somewhere.
GUARDED: Final = frozenset({
    "wallet", "reserve", "escrow", "releasing", "dispute", "stake", "outgoing",
})  # fmt: skip
FREE: Final = frozenset({"clearing", "fees", "losses"})
KNOWN: Final = GUARDED | FREE

#: The prefix of whoever owns an account of each kind; what is not here is nobody's.
OWNERS: Final = {
    "wallet": "usr",
    "reserve": "prj",
    "escrow": "ms",
    "releasing": "rel",
    "dispute": "dsp",
    "stake": "dsp",
    "outgoing": "wdr",
}

#: No guarded account may pass this, so that no sum in the books leaves 64 bits.
BALANCE_MAX: Final = 10**17


# One command names the same few accounts again and again: to find one is cheaper than to make it.


@lru_cache(maxsize=16_384)
def wallet(user_id: int, currency: str) -> Account:
    """A person's spendable money."""
    return Account("wallet", user_id, currency)


def reserve(project_id: int, currency: str) -> Account:
    """What is set aside for a project before any of it is promised to somebody."""
    return Account("reserve", project_id, currency)


@lru_cache(maxsize=16_384)
def escrow(milestone_id: int, currency: str) -> Account:
    """What one milestone holds."""
    return Account("escrow", milestone_id, currency)


def releasing(release_id: int, currency: str) -> Account:
    """One release on its way: its employer can still recall it."""
    return Account("releasing", release_id, currency)


def dispute(dispute_id: int, currency: str) -> Account:
    """What one dispute is about, frozen until it ends."""
    return Account("dispute", dispute_id, currency)


def stake(dispute_id: int, currency: str) -> Account:
    """The arbitration fees that were put up in one dispute."""
    return Account("stake", dispute_id, currency)


def outgoing(withdrawal_id: int, currency: str) -> Account:
    """One withdrawal on its way."""
    return Account("outgoing", withdrawal_id, currency)


def clearing(gateway: int, currency: str) -> Account:
    """A gateway's side of the world: what came in from it is owed by it, so it goes below zero."""
    return Account("clearing", gateway, currency)


def fees(currency: str) -> Account:
    """What the platform has taken."""
    return Account("fees", 0, currency)


@record(frozen=True, slots=True)
class Transfer:
    """An amount from one account to another. Never changed, never deleted."""

    debit: Account
    credit: Account
    amount: Money


@record(frozen=True, slots=True)
class Shortfall:
    """An account that would have gone below zero, and by how much in the end."""

    account: Account
    missing: int


@record(frozen=True, slots=True)
class Overflow:
    """An account that would have passed what any account may hold."""

    account: Account


@record(frozen=True, slots=True)
class Moved:
    """What the transfers leave behind: new balances, and changes of accounts that nobody looked at.

    Those are the free ones, and guarded ones that only gain.
    """

    balances: dict[Account, int]
    deltas: dict[Account, int]


def post(
    balance_of: Callable[[Account], int | None], transfers: Sequence[Transfer]
) -> Moved | Shortfall | Overflow:
    """Move the money, all of it or none; in order, so that nothing dips below zero on the way.

    A guarded account whose balance is None was not looked at, and can only gain.
    """
    moved = Moved({}, {})
    for place, transfer in enumerate(transfers):
        _must_make_sense(transfer)
        minor = transfer.amount.minor
        for account, delta in ((transfer.debit, -minor), (transfer.credit, minor)):
            before = moved.balances.get(account)
            if before is None and account.kind not in FREE:
                before = balance_of(account)
                assert before is not None or delta > 0, f"{account} was not locked"
            if before is None:
                moved.deltas[account] = moved.deltas.get(account, 0) + delta
                continue
            after = before + delta
            if after < 0:
                return Shortfall(account, -_lowest(account, before, transfers[place:]))
            if after > BALANCE_MAX:
                return Overflow(account)
            moved.balances[account] = after
    return moved


def _lowest(account: Account, balance: int, transfers: Sequence[Transfer]) -> int:
    """How deep an account would go by all of these: what is missing for the first is not enough."""
    lowest = balance
    for transfer in transfers:
        if transfer.debit == account:
            balance -= transfer.amount.minor
        elif transfer.credit == account:
            balance += transfer.amount.minor
        lowest = min(lowest, balance)
    return lowest


def _must_make_sense(transfer: Transfer) -> None:
    """A transfer that fails this is a bug of ours, never a business refusal."""
    debit, credit, amount = transfer.debit, transfer.credit, transfer.amount
    assert amount.minor > 0, f"a transfer moves something: {transfer}"
    assert debit != credit, f"a transfer goes somewhere: {transfer}"
    same = debit.currency == credit.currency == amount.currency
    assert same, f"a transfer has one currency: {transfer}"
    known = debit.kind in KNOWN and credit.kind in KNOWN
    assert known, f"a transfer is between known accounts: {transfer}"
