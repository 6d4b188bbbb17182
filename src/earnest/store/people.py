"""People, as whoever runs the site keeps them: added, suspended, given roles and passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from earnest.core.people import Role, User, UserStatus, sorted_roles
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql
from earnest.store.tables import USER_COLUMNS, user_from

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from earnest.store.db import Connection, Database

NAME_LONGEST: Final = 80
EMAIL_LONGEST: Final = 254
#: So long nobody else has an address that somebody left: longer than they can come back to it.
HELD: Final = timedelta(days=8)

NOW: Final = "clock_timestamp() + (SELECT clock_offset FROM site)"

_ADD = f"""
INSERT INTO users (
    id, name, email, status, roles, password_hash, time_zone, language, is_unverified,
    created_at, updated_at
)
SELECT $1, $2, $3, 'active', $4, $5, $6, $7, $8, now, now
FROM (SELECT clock_timestamp() + clock_offset AS now FROM site)
WHERE NOT EXISTS (
    SELECT FROM address_changes
    WHERE lower(old_email) = lower($3) AND made_at > clock_timestamp() - $9::interval
        AND ended_at IS NULL
)
ON CONFLICT DO NOTHING
RETURNING {USER_COLUMNS}
"""
#: Whoever adds somebody, and whoever leaves an address, does so one after the other.
_KEEP_OTHERS_FROM = """
SELECT pg_advisory_xact_lock(hashtextextended('email:' || email, 0))
FROM (SELECT DISTINCT lower(e) AS email FROM unnest($1::text[]) e ORDER BY 1) t
"""

#: What says their old name is written anew by whoever keeps what is searched for.
_SET_PROFILE = """
WITH renamed AS (
    INSERT INTO people_renamed SELECT id FROM users WHERE id = $1 AND name <> $2
    ON CONFLICT DO NOTHING
)
UPDATE users SET name = $2, language = $3, time_zone = $4, wants_advice = $5,
    updated_at = clock_timestamp() + (SELECT clock_offset FROM site)
WHERE id = $1
"""

_SPEAK = "UPDATE users SET language = $2 WHERE id = $1"

#: Links to another password are for who has none: with a new one they lead nowhere any more.
_NEW_HASH = f"""
WITH changed AS (
    UPDATE users SET password_hash = $2, updated_at = {NOW} WHERE id = $1 {{}}RETURNING id
), ended AS (
    UPDATE account_mails SET ended_at = clock_timestamp()
    WHERE user_id IN (SELECT id FROM changed) AND kind = 'reset' AND ended_at IS NULL
)
SELECT count(*) FROM changed
"""
_SET_HASH = _NEW_HASH.format("")
#: Only if the password is still the one that was looked at: of two who change it, one does.
_REPLACE_HASH = _NEW_HASH.format("AND password_hash = $3 ")

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
    return await enter(database, Newcomer(number, name, email, password_hash, roles))


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is to be added, under a number of ours."""

    number: int
    name: str
    email: str
    password_hash: str | None = None
    roles: Collection[Role] = ()
    time_zone: str = "UTC"
    language: str = "en"
    #: They have still to show that the address is theirs.
    is_unverified: bool = False


async def enter(database: Database, newcomer: Newcomer) -> User | None:
    """Add somebody; None if the address is somebody's already."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db:
        return await join(db, newcomer)


async def join(db: Connection, newcomer: Newcomer) -> User | None:
    """Add somebody in a transaction of others; None if the address is somebody's already."""
    async with db.transaction():
        await keep_others_from(db, newcomer.email)
        record = await db.fetchrow(
            _ADD,
            newcomer.number,
            newcomer.name,
            newcomer.email,
            sorted_roles(newcomer.roles),
            newcomer.password_hash,
            newcomer.time_zone,
            newcomer.language,
            newcomer.is_unverified,
            HELD,
        )
    return user_from(record) if record is not None else None


async def keep_others_from(db: Connection, *emails: str) -> None:
    """Until this transaction ends nobody else is given one of these addresses, or leaves it."""
    await db.execute(_KEEP_OTHERS_FROM, list(emails))


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


async def credentials(database: Database, email: str) -> tuple[User, str | None] | None:
    """Who has this address, and the hash of their password if they have one."""
    record = await database.pool.fetchrow(sql("people.credentials"), email)
    return _with_password(record) if record is not None else None


async def password_of(database: Database, number: int) -> str | None:
    """The hash of a person's password, if they have one."""
    found: str | None = await database.pool.fetchval(sql("people.password_of"), number)
    return found


async def first_who_sign_in(database: Database, most: int) -> list[tuple[str, str]]:
    """Name and address of the first who have a password: for the sign-in page of a demo."""
    records = await database.pool.fetch(sql("people.first_who_sign_in"), most)
    return [(record["name"], record["email"]) for record in records]


async def speak(database: Database, number: int, language: str) -> None:
    """Let somebody read in another language."""
    await database.pool.execute(_SPEAK, number, language)


async def set_profile(
    database: Database,
    number: int,
    name: str,
    language: str,
    time_zone: str,
    *,
    advice: bool = True,
) -> None:
    """What somebody is called, and how they want to be shown things."""
    await database.pool.execute(_SET_PROFILE, number, name, language, time_zone, advice)


async def set_keys(database: Database, number: int, *, wanted: bool) -> None:
    """Whether single keys lead somewhere for somebody."""
    await database.pool.execute(_SET.format("wants_keys"), number, wanted)


async def replace_password(database: Database, number: int, old_hash: str, new_hash: str) -> bool:
    """Put one password in the place of another; False if another stands there by now."""
    changed: int = await database.pool.fetchval(_REPLACE_HASH, number, new_hash, old_hash)
    return changed == 1


async def set_status(database: Database, number: int, status: UserStatus) -> None:
    """Suspend somebody, or let them open new things again."""
    await database.pool.execute(_SET.format("status"), number, status)


async def set_roles(database: Database, number: int, roles: Collection[Role]) -> None:
    """Give somebody exactly these roles."""
    await database.pool.execute(_SET.format("roles"), number, sorted_roles(roles))


async def set_password(database: Database, number: int, password_hash: str) -> None:
    """Let somebody sign in with another password; only its hash is ever here."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db:
        await put_password(db, number, password_hash)


async def put_password(db: Connection, number: int, password_hash: str) -> None:
    """The same in a transaction of others."""
    await db.execute(_SET_HASH, number, password_hash)


def _with_password(record: Sequence[Any]) -> tuple[User, str | None]:
    *person, password_hash = record
    return user_from(person), password_hash


async def can_anybody_sign_in(database: Database) -> bool:
    """Whether there is somebody with a password."""
    found: bool = await database.pool.fetchval(sql("people.can_anybody_sign_in"))
    return found
