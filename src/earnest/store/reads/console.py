"""What operators read: queues, people, what gateways said, clocks, and whom they looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from earnest.core.money import Money
from earnest.core.payments.row import EXPIRES_AFTER
from earnest.core.people import Role, UserStatus
from earnest.store.queries import sql
from earnest.store.reads.paging import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from earnest.store.db import Connection

#: No queue is counted further: what is more is only said to be more.
COUNTED_MAX: Final = 100
#: The same of what runs by itself.
CLOCKS_COUNTED_MAX: Final = 10_000
SOON: Final = timedelta(days=1)
#: Before the first of all clocks.
FIRST: Final = (datetime(2000, 1, 1, tzinfo=UTC), 0)


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in one place: how much of it, and the moment of the most pressing."""

    name: str
    count: int
    at: datetime | None

    @property
    def has_more(self) -> bool:
        """Whether it was counted no further."""
        return self.count >= COUNTED_MAX


@dataclass(frozen=True, slots=True)
class Halt:
    """A time in which no command was taken."""

    what: str
    at: datetime
    cleared_at: datetime | None
    cleared_because: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """When the books were verified, and of each rule that did not hold the first row."""

    at: datetime
    broken: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as a list of operators shows them: their address is on their page alone."""

    id: int
    name: str
    status: UserStatus
    roles: Sequence[Role]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """What operators are shown of one person."""

    id: int
    name: str
    email: str
    status: UserStatus
    roles: Sequence[Role]
    created_at: datetime
    language: str
    time_zone: str
    signs_in: bool
    as_employer: int
    as_freelancer: int
    disputes: int
    sessions: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Return:
    """What operators would return to its employer."""

    id: int
    contract_id: int
    employer_id: int
    freelancer_id: int
    held: Money
    operator_id: int
    returns_at: datetime | None
    employer: str
    freelancer: str
    operator: str
    reason: str | None
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Misfit:
    """What a gateway said that does not fit the books."""

    id: int
    payment: str
    gateway: str
    kind: str
    expected: Money
    said: str
    paid_as: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """An operator looked at somebody, or for words."""

    id: int
    operator_id: int
    what: str
    person_id: int | None
    words: str | None
    at: datetime
    operator: str
    person: str | None


@dataclass(frozen=True, slots=True)
class Clocks:
    """How many clocks run in one kind of row, and how many of them run out within a day."""

    kind: str
    running: int
    soon: int


@dataclass(frozen=True, slots=True)
class Clock:
    """One that runs out."""

    noun: str
    id: int
    at: datetime


def _listed(record: Sequence[Any]) -> Listed:
    number, name, status, roles, created_at = record
    return Listed(number, name, UserStatus(status), [Role(each) for each in roles], created_at)


def _return(record: Sequence[Any]) -> Return:
    number, contract, employer, freelancer, currency, balance, *rest = record
    return Return(number, contract, employer, freelancer, Money(balance, currency), *rest)


def _misfit(record: Sequence[Any]) -> Misfit:
    number, payment, gateway, kind, currency, expected, *rest = record
    return Misfit(number, payment, gateway, kind, Money(expected, currency), *rest)


PEOPLE: Final = Source(
    sql("console.people"), ["id", "name", "status", "roles", "created_at"], _listed
)
RETURNS: Final = Source(
    sql("console.returns"),
    ["id", "contract_id", "employer_id", "freelancer_id", "currency", "balance", "staff_cancel_by",
     "staff_return_at", "employer", "freelancer", "operator", "reason", "asked_at"],
    _return,
)  # fmt: skip
BREAKS: Final = Source(
    sql("console.breaks"),
    ["id", "payment", "gateway", "kind", "currency", "expected", "said", "paid_as", "created_at"],
    _misfit,
)
LOOKS: Final = Source(
    sql("console.looks"),
    ["id", "operator_id", "what", "person_id", "words", "at", "operator", "person"],
    lambda record: Look(*record),
)


async def queues(db: Connection) -> Mapping[str, Queue]:
    """Everything that waits for operators, by its name."""
    found = await db.fetch(sql("console.queues"), COUNTED_MAX)
    return {record["queue"]: Queue(*record) for record in found}


async def halts(db: Connection, most: int) -> list[Halt]:
    """The last times in which no command was taken, the newest first."""
    return [Halt(*record) for record in await db.fetch(sql("console.halts"), most)]


async def verified(db: Connection) -> Verified | None:
    """What the last verification found; None: there was none yet."""
    record = await db.fetchrow(sql("console.verified"))
    if record is None:
        return None
    return Verified(record["at"], dict(zip(record["broken"], record["firsts"], strict=True)))


async def person(db: Connection, number: int) -> Person | None:
    """Somebody, and how much there is of theirs."""
    record = await db.fetchrow(sql("console.person"), number, COUNTED_MAX)
    if record is None:
        return None
    facts = dict(record)
    facts["status"] = UserStatus(facts["status"])
    facts["roles"] = [Role(each) for each in facts["roles"]]
    return Person(**facts)


async def clocks(db: Connection) -> Mapping[str, Clocks]:
    """How many run, by what they are of; and how many are put off."""
    found = await db.fetch(sql("console.clocks"), CLOCKS_COUNTED_MAX, SOON, EXPIRES_AFTER)
    return {record["kind"]: Clocks(*record) for record in found}


async def next_clocks(db: Connection, after: tuple[datetime, int], most: int) -> list[Clock]:
    """Those that run out next after a place in their line."""
    return [
        Clock(*each)
        for each in await db.fetch(sql("console.next_clocks"), *after, most, EXPIRES_AFTER)
    ]


async def hearts(db: Connection, most: int) -> list[tuple[datetime, datetime]]:
    """From when to when processes were there, the last first."""
    return [(r["since"], r["until"]) for r in await db.fetch(sql("console.hearts"), most)]
