"""Another address for somebody: asked for here, made by who reads the new one.

Who reads the old one is told, and can say for a week that it was not them: then it is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import asyncpg

from earnest.store import account, account_mails, people, sessions
from earnest.store.account_mails import LINKS, NO_CHANGE_WAITS, STOPPING, Kind, Linked
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from earnest.store.db import Connection, Database

_ASK: Final = """
INSERT INTO address_changes (id, user_id, old_email, new_email, created_at, expires_at)
SELECT $1, u.id, u.email, $3, now, now + $4::interval
FROM users u, clock_timestamp() AS now WHERE u.id = $2
RETURNING old_email
"""
_MADE: Final = """
UPDATE address_changes SET made_at = clock_timestamp()
WHERE id = $1 AND made_at IS NULL AND ended_at IS NULL AND expires_at > clock_timestamp()
RETURNING id
"""
_MOVED: Final = f"""
UPDATE users SET email = $3, is_unverified = FALSE, updated_at = {people.NOW}
WHERE id = $1 AND email = $2 RETURNING id
"""
#: This change, and whatever came after it.
_UNDONE: Final = """
UPDATE address_changes SET ended_at = clock_timestamp()
WHERE user_id = $1 AND id >= $2 AND ended_at IS NULL RETURNING made_at
"""
_BACK: Final = f"""
UPDATE users SET email = $2, is_unverified = FALSE, updated_at = {people.NOW} WHERE id = $1
"""
#: Until they choose another, nobody signs in with the password that somebody else seems to know.
_NO_PASSWORD: Final = "UPDATE users SET password_hash = NULL WHERE id = $1"  # noqa: S105
_WAS_UNVERIFIED: Final = "SELECT is_unverified FROM users WHERE id = $1 FOR NO KEY UPDATE"


class TakenError(Exception):
    """Somebody else has the address, or had it until lately."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of address that waits for its link, or that can still be undone."""

    id: int
    old_email: str
    new_email: str
    until: datetime


async def ask(database: Database, new: Callable[[], int], user_id: int, email: str) -> None:
    """Ask who reads this address whether it is theirs, and tell who reads the present one.

    One that waited before is over. An address that nobody has shown to be theirs is not told.
    """
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        is_unverified = await db.fetchval(_WAS_UNVERIFIED, user_id)
        await db.execute(NO_CHANGE_WAITS, user_id)
        number, lives = new(), LINKS[Kind.CHANGE][1]
        old = await db.fetchval(_ASK, number, user_id, email, lives)
        await account_mails.post(db, new(), user_id, Kind.CHANGE, email, number)
        if not is_unverified:
            await account_mails.post(db, new(), user_id, Kind.CHANGING, old, number)


async def withdraw(database: Database, user_id: int) -> bool:
    """Ask for it no more; False if nothing waits."""
    done: str = await database.pool.execute(NO_CHANGE_WAITS, user_id)
    return done != "UPDATE 0"


async def waiting(database: Database, user_id: int) -> Change | None:
    """What a person has asked for, and what waits for its link."""
    record = await database.pool.fetchrow(sql("account_mails.change_waiting"), user_id)
    return Change(*record) if record is not None else None


async def made(database: Database, user_id: int) -> Change | None:
    """What a person's address was until lately, and until when that can come back."""
    lives = LINKS[Kind.CHANGED][1]
    record = await database.pool.fetchrow(sql("account_mails.change_made"), user_id, lives)
    return Change(*record) if record is not None else None


async def make(database: Database, token: str, new: Callable[[], int]) -> Linked | None:
    """Who reads the new address has the link: it is theirs from now on.

    None if the link does nothing any more; TakenError if somebody else has the address.
    """
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        found = await account_mails.use(db, token, Kind.CHANGE)
        if found is None:
            return None
        assert found.old_email is not None, "a change says from where"
        assert found.new_email is not None, "and to where"
        await people.keep_others_from(db, found.old_email, found.new_email)
        is_unverified = await db.fetchval(_WAS_UNVERIFIED, found.user_id)
        if await is_held(db, found.new_email, found.user_id):
            raise TakenError
        if await db.fetchval(_MADE, found.change_id) is None:
            return None
        if not await _moved(db, found):
            return None
        if not is_unverified:
            await account_mails.post(
                db, new(), found.user_id, Kind.CHANGED, found.old_email, found.change_id
            )
        await account.keep(db, account.Change(new(), found.user_id, account.Changed.ADDRESS))
        return found


async def stop(database: Database, token: str, number: int) -> Linked | None:
    """Who reads the old address says that it was not them: it is theirs again.

    Whoever it was knows the password, so it opens nothing any more; every session ends, and the
    old address gets a link to another password.
    """
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        found = await account_mails.use(db, token, *STOPPING)
        if found is None:
            return None
        undone = await db.fetch(_UNDONE, found.user_id, found.change_id)
        if any(each["made_at"] is not None for each in undone):
            await db.execute(_BACK, found.user_id, found.old_email)
        await db.execute(_NO_PASSWORD, found.user_id)
        await sessions.end_each(db, found.user_id)
        await account_mails.post(db, number, found.user_id, Kind.RESET)
        return found


async def is_held(db: Connection, email: str, user_id: int) -> bool:
    """Whether somebody else left this address so lately that they can still come back to it."""
    found: bool = await db.fetchval(sql("account_mails.is_held"), email, user_id, people.HELD)
    return found


async def _moved(db: Connection, found: Linked) -> bool:
    try:
        done = await db.fetchval(_MOVED, found.user_id, found.old_email, found.new_email)
    except asyncpg.UniqueViolationError:
        raise TakenError from None
    return done is not None
