"""Small questions: one row or one value each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.payments.row import EXPIRES_AFTER
from earnest.store.queries import sql

if TYPE_CHECKING:
    from datetime import datetime

    from earnest.store.db import Connection, Database


async def employer_of(database: Database, contract_id: int, user_id: int) -> int | None:
    """Who the employer of a contract is; nobody for who is not a side of it."""
    found: int | None = await database.pool.fetchval(
        sql("contracts.employer"), contract_id, user_id
    )
    return found


async def deposit_is_dealt_with(database: Database, deposit_id: int) -> bool:
    """Whether the worker has asked the gateway, and what it said is written down."""
    found: bool | None = await database.pool.fetchval(
        sql("payments.deposit_is_dealt_with"), deposit_id
    )
    return found is not False


async def name_of(db: Connection, user_id: int) -> str | None:
    """What everybody may know of a person: that they are there, and what they are called."""
    found: str | None = await db.fetchval(sql("people.name"), user_id)
    return found


async def card_of(db: Connection, user_id: int) -> tuple[str, datetime] | None:
    """What a person is called, and since when they are here."""
    found = await db.fetchrow(sql("people.card"), user_id)
    return None if found is None else (found["name"], found["created_at"])


async def overdue_seconds(database: Database) -> float:
    """How long what is due longest has waited for a worker."""
    found = await database.pool.fetchval(sql("clocks.overdue"), EXPIRES_AFTER)
    return max(float(found or 0), 0.0)


async def halt(database: Database) -> str | None:
    """What keeps every command waiting, if anything does."""
    found: str | None = await database.pool.fetchval(sql("site.halt"))
    return found
