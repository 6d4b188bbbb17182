"""Own limits: above them people are asked who they are before their money goes to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.money import Money
from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Database

_SET: Final = """
INSERT INTO own_limits (user_id, currency, minor) VALUES ($1, $2, $3)
ON CONFLICT (user_id, currency) DO UPDATE SET minor = excluded.minor
"""
_REMOVE: Final = "DELETE FROM own_limits WHERE user_id = $1 AND currency = $2"


async def of(database: Database, user_id: int) -> dict[str, Money]:
    """The limits of a person, by their currencies."""
    records = await database.pool.fetch(sql("factors.own_limits"), user_id)
    return {currency: Money(minor, currency) for currency, minor in records}


async def put(database: Database, user_id: int, limit: Money) -> None:
    """Set the limit in its currency."""
    await database.pool.execute(_SET, user_id, limit.currency, limit.minor)


async def remove(database: Database, user_id: int, currency: str) -> None:
    """Let there be none in a currency."""
    await database.pool.execute(_REMOVE, user_id, currency)
