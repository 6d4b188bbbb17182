"""What pages read beside lists and rows: movements of a wallet, what waits for somebody, people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from earnest.core.money import Money
from earnest.core.references import NUMBER_MAX
from earnest.core.reviews import GIVEN_WITHIN
from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Connection

#: Before the newest of all.
NEWEST: Final = (datetime(9999, 1, 1, tzinfo=UTC), NUMBER_MAX)
#: Bytes of a word that is searched for: a single Latin letter would find everybody.
SEARCH_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Movement:
    """One transfer into or out of a wallet."""

    id: int
    event_id: int
    at: datetime
    change: Money
    event: str
    other_kind: str
    other_owner: int
    milestone: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody."""

    what: str
    id: int
    description: str
    amount: Money
    person: str
    due_at: datetime | None


async def movements(
    db: Connection,
    user_id: int,
    currencies: Sequence[str],
    before: tuple[datetime, int],
    limit: int,
) -> list[Movement]:
    """What moved in a person's wallets of these currencies, the newest first."""
    at, number = before
    found = await db.fetch(sql("movements.of_wallet"), user_id, list(currencies), at, number, limit)
    return [
        Movement(
            r["id"], r["event_id"], r["at"], Money(r["change"], r["currency"]), r["name"],
            r["other_kind"], r["other_owner"], r["description"], r["person"],
        )
        for r in found
    ]  # fmt: skip


async def wallet(db: Connection, user_id: int, currency: str) -> Money:
    """What a person can spend in a currency."""
    return Money(await db.fetchval(sql("movements.wallet"), user_id, currency) or 0, currency)


async def wallets(db: Connection, user_id: int) -> list[Money]:
    """What a person can spend, by currency; what was never used is not there."""
    found = await db.fetch(sql("movements.wallets"), user_id)
    return [Money(record["balance"], record["currency"]) for record in found]


async def held_in(db: Connection, contract_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many live milestones each of these contracts has, and the minor units they hold."""
    text = sql("milestones.held_in").format(left=sql("milestones.left"))
    found = await db.fetch(text, list(contract_ids))
    return {record["contract_id"]: (record["live"], record["held"]) for record in found}


async def waiting(db: Connection, user_id: int, limit: int) -> list[Waiting]:
    """What waits for a person, the most pressing first."""
    text = sql("todo.of_person").format(left=sql("milestones.left"))
    return [
        Waiting(
            r["what"], r["id"], r["description"], Money(r["minor"], r["currency"]), r["person"],
            r["due_at"],
        )
        for r in await db.fetch(text, user_id, limit, GIVEN_WITHIN)
    ]  # fmt: skip


async def people(db: Connection, words: str, but: int, limit: int) -> list[tuple[int, str]]:
    """People by the beginnings of the words of their name, or by exactly their address."""
    records = await db.fetch(sql("people.found"), words.strip(), but, SEARCH_LEAST, limit)
    return [(record["id"], record["name"]) for record in records]
