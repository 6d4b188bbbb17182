"""The worker's list: what is due to be decided, and of which payments a gateway is to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.payments.depositing import Deposit
from earnest.core.payments.row import EXPIRES_AFTER
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.projects.row import Project
from earnest.store.queries import sql
from earnest.store.tables import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from earnest.core.rows import Row
    from earnest.store.db import Database

AnyPayment: TypeAlias = Deposit | Withdrawal

#: How many of each kind are taken at once.
TAKEN_MAX: Final = 100

#: Whose rulings of so long are the fewest is named next.
OF_LATE: Final = timedelta(days=90)

# What woke meanwhile, or was decided, is somebody else's to put off.
_PUT_OFF = """
UPDATE {} SET wakes_at = $3 WHERE id = $1 AND wakes_at = $2 AND status = $4
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A payment as it was read, and the site's clock at that moment."""

    payment: AnyPayment
    now: datetime


async def due(database: Database) -> list[Due]:
    """What is to be asked by now: a bounded number, those due longest first."""
    found: list[Due] = []
    for kind, name in ((Deposit, "due_deposits"), (Withdrawal, "due_withdrawals")):
        records = await database.pool.fetch(sql(f"payments.{name}"), TAKEN_MAX)
        found += [Due(_payment(kind, record), record["now"]) for record in records]
    return found


@dataclass(frozen=True, slots=True)
class TimeOver:
    """A row whose clock has run out: since when."""

    noun: str
    id: int
    wakes_at: datetime


async def clocks_due(database: Database, but: Collection[int]) -> list[TimeOver]:
    """The rows of which the time is over: a bounded number, those due longest first."""
    records = await database.pool.fetch(sql("clocks.due"), TAKEN_MAX, list(but), EXPIRES_AFTER)
    return [TimeOver(*record) for record in records]


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A dispute for which an arbiter has to be named, and whose turn it is."""

    dispute_id: int
    arbiter_id: int


async def unnamed(database: Database, but: Collection[int]) -> list[Unnamed]:
    """The disputes for which somebody can be named: a bounded number, the oldest first."""
    text = sql("disputes.unnamed")
    records = await database.pool.fetch(text, TAKEN_MAX, OF_LATE, list(but))
    return [Unnamed(*record) for record in records]


async def is_unnamed(database: Database, dispute_id: int) -> bool:
    """Whether there is still nobody."""
    found: bool | None = await database.pool.fetchval(sql("disputes.is_unnamed"), dispute_id)
    return bool(found)


async def is_over(database: Database, over: TimeOver) -> bool:
    """Whether its clock still says so; nobody decided about the row meanwhile."""
    if over.noun in {Deposit.noun, Withdrawal.noun}:
        text = sql("clocks.waits").format(table=f"{over.noun}s")
        return bool(await database.pool.fetchval(text, over.id))
    table = "projects" if over.noun == Project.noun else "contracts"
    text = sql("clocks.is_over").format(table=table)
    return bool(await database.pool.fetchval(text, over.id, over.wakes_at))


async def next_clock(database: Database, but: Collection[int]) -> datetime | None:
    """When the time of a row is over next."""
    text = sql("clocks.next_wake")
    found: datetime | None = await database.pool.fetchval(text, list(but), EXPIRES_AFTER)
    return found


async def put_off(database: Database, payment: AnyPayment, until: datetime) -> bool:
    """Ask again then; False if the payment is no longer as it was read."""
    done = await database.pool.execute(
        _PUT_OFF.format(BY_KIND[type(payment)].name),
        payment.id,
        payment.wakes_at,
        until,
        payment.status,
    )
    return done == "UPDATE 1"


async def next_wake(database: Database) -> datetime | None:
    """When there is next something to ask."""
    found: datetime | None = await database.pool.fetchval(sql("payments.next_wake"))
    return found


async def decided_by_system(database: Database, since: datetime) -> int:
    """How many decisions SYSTEM has made since then, in all processes."""
    found: int = await database.pool.fetchval(sql("payments.decided_by_system"), since)
    return found


def _payment(kind: type[Row], record: Mapping[str, Any]) -> AnyPayment:
    table = BY_KIND[kind]
    row = table.read([record[column.name] for column in table.columns])
    assert isinstance(row, Deposit | Withdrawal)
    return row
