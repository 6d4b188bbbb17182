"""What every shape is written with: what stands around a row, amounts and moments."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from earnest.core.money import Money
from earnest.core.people import SYSTEM_ID, User
from earnest.core.references import printed
from earnest.core.rows import Row, wire_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from earnest.core.files import File
    from earnest.core.ledger import Account
    from earnest.core.terms import Terms

Json: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Surroundings:
    """What a shape says beside its own row: names, balances, and the rule books by their hash."""

    names: Mapping[int, str]
    balances: Mapping[Account, int]
    rulebooks: Mapping[str, Terms]
    #: What is attached to the rows to which something is, by their numbers.
    files: Mapping[int, Sequence[File]] = field(default_factory=dict)

    def balance(self, account: Account) -> Money:
        """What an account holds; one that was never used holds nothing."""
        return Money(self.balances.get(account, 0), account.currency)

    def person(self, user_id: int) -> msgspec.Raw:
        """A person as others see them."""
        return _SYSTEM if user_id == SYSTEM_ID else _person(user_id, self.names[user_id])


# The same few people, amounts and moments are in most of what is written down, so each of them
# is JSON already when it gets into a shape.


@lru_cache(maxsize=16_384)
def _person(user_id: int, name: str) -> msgspec.Raw:
    return raw({"id": printed(User.prefix, user_id), "name": name})


def money(amount: Money) -> msgspec.Raw:
    """An amount: always with all decimals of its currency."""
    return in_minor(amount.minor, amount.currency)


@lru_cache(maxsize=16_384)
def in_minor(minor: int, currency: str) -> msgspec.Raw:
    return raw({"amount": Money(minor, currency).decimal, "currency": currency})


@lru_cache(maxsize=4_096)
def time(moment: datetime | None) -> str | None:
    """A moment, or null."""
    return wire_time(moment) if moment is not None else None


def reference(kind: type[Row], number: int | None) -> str | None:
    """The row of this number as people see it, or null."""
    return printed(kind.prefix, number) if number is not None else None


def raw(shape: Json) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(shape))


_SYSTEM: Final = raw({"id": None, "name": "Earnest"})
