"""People, as whoever runs the site keeps them: added, suspended, given roles and passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.people import Role, User, UserStatus, sorted_roles
from earnest.store.queries import sql
from earnest.store.tables import USER_COLUMNS, user_from

if TYPE_CHECKING:
    from collections.abc import Collection

    from earnest.store.db import Database

NAME_LONGEST: Final = 80
EMAIL_LONGEST: Final = 254

_ADD = f"""
INSERT INTO users (id, name, email, status, roles, password_hash, created_at, updated_at)
SELECT $1, $2, $3, 'active', $4, $5, now, now
FROM (SELECT clock_timestamp() + clock_offset AS now FROM site)
ON CONFLICT DO NOTHING
RETURNING {USER_COLUMNS}
"""

_SET = """
UPDATE users SET {} = $2, updated_at = clock_timestamp() + (SELECT clock_offset FROM site)
WHERE id = $1
"""


async def add(
    database: Database,
    number: int,
    name: str,
    email: str,
    *,
    roles: Collection[Role] = (),
    password_hash: str | None = None,
) -> User | None:
    """Somebody new, under a number of ours; None if the address is somebody's already."""
    record = await database.pool.fetchrow(
        _ADD, number, name, email, sorted_roles(roles), password_hash
    )
    return user_from(record) if record is not None else None


async def by_email(database: Database, email: str) -> User | None:
    """Who has this address."""
    record = await database.pool.fetchrow(sql("people.by_email"), email)
    return user_from(record) if record is not None else None


async def by_id(database: Database, number: int) -> User | None:
    """Who has this number."""
    record = await database.pool.fetchrow(sql("people.by_id"), number)
    return user_from(record) if record is not None else None


async def everybody(database: Database) -> list[tuple[User, bool]]:
    """Everybody, the newest first, and whether they have a password."""
    records = await database.pool.fetch(sql("people.all"))
    return [(user_from(tuple(record)[:-1]), record["signs_in"]) for record in records]


async def set_status(database: Database, number: int, status: UserStatus) -> None:
    """Suspend somebody, or let them open new things again."""
    await database.pool.execute(_SET.format("status"), number, status)


async def set_roles(database: Database, number: int, roles: Collection[Role]) -> None:
    """Give somebody exactly these roles."""
    await database.pool.execute(_SET.format("roles"), number, sorted_roles(roles))


async def set_password(database: Database, number: int, password_hash: str) -> None:
    """Let somebody sign in with another password; only its hash is ever here."""
    await database.pool.execute(_SET.format("password_hash"), number, password_hash)
