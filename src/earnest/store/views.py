"""Views: filters of lists that somebody saved under names of their own.

A person has twenty places for them; that no two take one place is what holds the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import asyncpg

from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Connection, Database

PREFIX: Final = "view"
MOST: Final = 20
NAME_LONGEST: Final = 80

_SAVE: Final = f"""
INSERT INTO views (id, user_id, place, list, name, query)
SELECT $1, $2, p, $3, $4, $5 FROM generate_series(1, {MOST}) AS p
WHERE NOT EXISTS (SELECT FROM views v WHERE v.user_id = $2 AND v.place = p)
ORDER BY p LIMIT 1
ON CONFLICT DO NOTHING
"""
_IS_NAMED: Final = (
    "SELECT EXISTS (SELECT FROM views WHERE user_id = $1 AND list = $2 AND name = $3)"
)
_RENAME: Final = "UPDATE views SET name = $3 WHERE user_id = $1 AND id = $2"
_REMOVE: Final = "DELETE FROM views WHERE user_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class View:
    """A filter under a name."""

    id: int
    list: str
    name: str
    query: str


async def of_person(db: Connection, user_id: int) -> list[View]:
    """All that somebody saved."""
    return [View(*record) for record in await db.fetch(sql("views.of_person"), user_id)]


async def of_list(db: Connection, user_id: int, name: str) -> list[View]:
    """What somebody saved of one list."""
    return [View(*record) for record in await db.fetch(sql("views.of_list"), user_id, name)]


async def save(database: Database, user_id: int, view: View) -> bool:
    """Keep a view; False if its name is taken in its list, or every place is."""
    values = (view.list, view.name, view.query)
    done = await database.pool.execute(_SAVE, view.id, user_id, *values)
    return done == "INSERT 0 1"


async def is_named(database: Database, user_id: int, list_name: str, name: str) -> bool:
    """Whether somebody has a view of this name in this list."""
    found: bool = await database.pool.fetchval(_IS_NAMED, user_id, list_name, name)
    return found


async def rename(database: Database, user_id: int, number: int, name: str) -> bool | None:
    """Call one otherwise; False if there is none, None if another has the name."""
    try:
        return await database.pool.execute(_RENAME, user_id, number, name) == "UPDATE 1"
    except asyncpg.UniqueViolationError:
        return None


async def remove(database: Database, user_id: int, number: int) -> bool:
    """Take one away; False if there is none."""
    return await database.pool.execute(_REMOVE, user_id, number) == "DELETE 1"
