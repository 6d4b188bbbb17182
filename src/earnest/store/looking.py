"""Operators' looks at people: each is written down before what was seen is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from earnest.store.db import Database

_LOOKED: Final = """
INSERT INTO looked_at (id, operator_id, what, person_id, words, at)
SELECT $1, $2, $3, $4, $5, clock_timestamp() + clock_offset FROM site
"""


async def looked_at(
    database: Database, number: int, operator_id: int, person_id: int, what: str = "person"
) -> None:
    """An operator looks at somebody, or at a payment of theirs."""
    await database.pool.execute(_LOOKED, number, operator_id, what, person_id, None)


async def looked_for(database: Database, number: int, operator_id: int, words: str) -> None:
    """An operator looks for people by these words."""
    await database.pool.execute(_LOOKED, number, operator_id, "search", None, words)
