"""A wallet by month, and how a person's money stood at the end of each.

What the worker has added up is taken as far as all of it is in; after that transfers are asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from earnest.core.money import Money
from earnest.store.queries import sql
from earnest.store.reads.pages import NEWEST, wallet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asyncpg import Record

    from earnest.store.db import Connection

#: Nothing moved before, and nothing moves after.
FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LAST: Final = NEWEST[0]


@dataclass(frozen=True, slots=True)
class Month:
    """What one month did to a person's money in one currency."""

    begins: datetime
    #: What the wallet held before it, what came and went, and in how many movements.
    opening: Money
    came: Money
    went: Money
    moves: int
    #: What stood in escrow on either side, and was on its way, at its end; as far as added up.
    outgoing: Money
    incoming: Money
    on_the_way: Money
    #: What was paid for work, to them and by them; as far as added up.
    earned: Money
    spent: Money
    #: Whether it is over and all of it is added up.
    is_closed: bool

    @property
    def closing(self) -> Money:
        """What the wallet held after it."""
        return self.opening + self.came - self.went


@dataclass(frozen=True, slots=True)
class Months:
    """Every month since a wallet was first used, the oldest first, up to the present one."""

    months: Sequence[Month]
    #: Before when all that moved is added up; None while it is still being added up.
    until: datetime | None
    #: What the wallet holds now.
    held: Money

    @property
    def adds_up(self) -> bool:
        """Whether all that came less all that went is what the wallet holds."""
        return not self.months or self.months[-1].closing == self.held


def month_of(at: datetime) -> datetime:
    """The first instant of its month."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def following(month: datetime) -> datetime:
    """The first instant of the month after this one."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


async def months(
    db: Connection, user_id: int, currency: str, now: datetime, held: Money | None = None
) -> Months:
    """Read them for one wallet; what it holds now, where that is not known yet."""
    until = await closed_until(db)
    kept = {row["month"]: row for row in await db.fetch(sql("sums.of_person"), user_id, currency)}
    edge = FIRST if until is None else month_of(until)
    moved = await db.fetch(sql("sums.of_wallet"), user_id, currency, edge, LAST)
    live = {row["month"]: row for row in moved}
    known = [each for each in kept if each < edge] + [*live]
    month, present = min(known, default=LAST), month_of(now)
    before, found = _zero(month, currency), []
    while month <= present:
        is_closed = month < edge
        gross = kept.get(month) if is_closed else live.get(month)
        before = _next(before, month, gross, kept.get(month), is_closed=is_closed)
        found.append(before)
        month = following(month)
    if held is None:
        held = await wallet(db, user_id, currency)
    return Months(found, until, held)


def _zero(month: datetime, currency: str) -> Month:
    """Before anything moved."""
    nothing = Money.zero(currency)
    return Month(month, *(nothing,) * 3, 0, *(nothing,) * 5, is_closed=True)


def _next(
    before: Month,
    month: datetime,
    gross: Record | None,
    kept: Record | None,
    *,
    is_closed: bool,
) -> Month:
    """The month after one: what came and went, and the rest as far as it is added up."""

    def of(record: Record | None, name: str) -> Money:
        return Money(0 if record is None else record[name], before.opening.currency)

    return Month(
        month,
        before.closing,
        of(gross, "came"),
        of(gross, "went"),
        0 if gross is None else gross["moves"],
        before.outgoing + of(kept, "outgoing"),
        before.incoming + of(kept, "incoming"),
        before.on_the_way + of(kept, "on_the_way"),
        of(kept, "earned"),
        of(kept, "spent"),
        is_closed=is_closed,
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """A wallet between two moments: what it held at both, and what moved in between."""

    begins: datetime
    #: The first moment after it.
    ends: datetime
    opening: Money
    came: Money
    went: Money
    moves: int
    closing: Money

    @property
    def adds_up(self) -> bool:
        """Whether what it held before, and what moved, make what it held after."""
        return self.opening + self.came - self.went == self.closing


async def statement(
    db: Connection, user_id: int, currency: str, begins: datetime, ends: datetime
) -> Statement:
    """Read one; both balances are found without what moved in between, where months are closed."""
    opening = await balance_at(db, user_id, currency, begins)
    came, went, moves = await _moved(db, user_id, currency, begins, ends)
    closing = await balance_at(db, user_id, currency, ends)
    return Statement(
        begins, ends, opening, Money(came, currency), Money(went, currency), moves, closing
    )


async def balance_at(db: Connection, user_id: int, currency: str, at: datetime) -> Money:
    """What a wallet held at a moment: from what is added up, or back from what it holds now."""
    until = await closed_until(db)
    month = month_of(at)
    if until is not None and month <= month_of(until):
        kept = await db.fetch(sql("sums.of_person"), user_id, currency)
        before = sum(row["came"] - row["went"] for row in kept if row["month"] < month)
        came, went, _ = await _moved(db, user_id, currency, month, at)
        return Money(before + came - went, currency)
    held = await wallet(db, user_id, currency)
    came, went, _ = await _moved(db, user_id, currency, at, LAST)
    return Money(held.minor - came + went, currency)


async def _moved(
    db: Connection, user_id: int, currency: str, begins: datetime, ends: datetime
) -> tuple[int, int, int]:
    """What came and went from one moment on and before another, in how many movements."""
    if begins >= ends:
        return 0, 0, 0
    found = await db.fetch(sql("sums.of_wallet"), user_id, currency, begins, ends)
    came, went, moves = (sum(row[name] for row in found) for name in ("came", "went", "moves"))
    return came, went, moves


async def closed_until(db: Connection) -> datetime | None:
    """Before when all that moved is added up; None while it is still being added up."""
    until: datetime | None = await db.fetchval(sql("sums.until"))
    return until
