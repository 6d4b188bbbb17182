"""How often something was tried lately: counted in the database, for all processes at once.

Like sessions it goes by the database's own clock: a test clock that is moved opens no door.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Database

#: A window begins with its first attempt. What is taken back never makes a count negative: the
#: window that it was counted in may be over.
_COUNT = """
WITH ended AS (
    DELETE FROM attempts WHERE key IN (
        SELECT key FROM attempts WHERE expires_at < clock_timestamp() AND key <> $1
        LIMIT 20 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO attempts AS a (key, count, expires_at)
SELECT $1, GREATEST($2, 0), clock_timestamp() + $3
ON CONFLICT (key) DO UPDATE SET
    count = GREATEST($2 + CASE WHEN a.expires_at > clock_timestamp() THEN a.count ELSE 0 END, 0),
    expires_at = CASE WHEN a.expires_at > clock_timestamp() THEN a.expires_at
        ELSE EXCLUDED.expires_at END
RETURNING count
"""
_FORGET = "DELETE FROM attempts WHERE key = $1"
_FORGET_ALL = "DELETE FROM attempts"


async def count(database: Database, key: str, window: timedelta, by: int = 1) -> int:
    """Count some more, and tell how many there are in this window."""
    counted: int = await database.pool.fetchval(_COUNT, key, by, window)
    return counted


async def lately(database: Database, key: str) -> tuple[int, timedelta]:
    """How many there are in this window, and how long it still lasts."""
    record = await database.pool.fetchrow(sql("attempts.lately"), key)
    return (record["count"], record["left"]) if record is not None else (0, timedelta())


async def forget(database: Database, key: str) -> None:
    """Begin to count anew."""
    await database.pool.execute(_FORGET, key)


async def forget_all(database: Database) -> None:
    """Begin to count everything anew."""
    await database.pool.execute(_FORGET_ALL)
