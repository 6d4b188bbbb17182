"""Passkeys: public keys of authenticators, and how often each says that it was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from earnest.core.references import printed
from earnest.store import account
from earnest.store.account import Change
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.store.db import Database

PREFIX: Final = "pky"
NAME_LONGEST: Final = 80
#: Nobody has more devices; and whoever is in somebody's account fills no table.
MOST: Final = 20

_ADD: Final = """
INSERT INTO passkeys (id, user_id, credential, public_key, sign_count, name, created_at)
SELECT $1, $2, $3, $4, $5, $6, clock_timestamp()
WHERE (SELECT count(*) FROM passkeys WHERE user_id = $2) < $7
ON CONFLICT DO NOTHING
"""
_RENAME: Final = "UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2"
_REMOVE: Final = "DELETE FROM passkeys WHERE id = $1 AND user_id = $2 RETURNING name"
#: Of two answers with the same count one is a copy's, also when they come at once.
_USED: Final = """
UPDATE passkeys SET sign_count = $2, used_at = clock_timestamp()
WHERE id = $1 AND stopped_at IS NULL AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))
"""
_STOP: Final = """
UPDATE passkeys SET stopped_at = clock_timestamp() WHERE id = $1 AND stopped_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey of a person."""

    id: int
    user_id: int
    credential: bytes
    public_key: bytes
    name: str
    created_at: datetime
    used_at: datetime | None
    stopped_at: datetime | None

    @property
    def reference(self) -> str:
        """Its address among the settings."""
        return printed(PREFIX, self.id)


@dataclass(frozen=True, slots=True)
class New:
    """A passkey that is to be somebody's."""

    credential: bytes
    public_key: bytes
    sign_count: int
    name: str


async def add(database: Database, change: Change, new: New, token: str) -> bool:
    """Give it to a person, whose other sessions end; False if it is somebody's, or one too many.

    It gets the number of the change that tells of it.
    """
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        kept = (new.credential, new.public_key, new.sign_count, new.name)
        done = await db.execute(_ADD, change.id, change.user_id, *kept, MOST)
        if done != "INSERT 0 1":
            return False
        await account.secured(db, change, token)
    return True


async def remove(database: Database, change: Change, number: int, token: str) -> bool:
    """Take it away from a person, whose other sessions end; False if they have no such one."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        name = await db.fetchval(_REMOVE, number, change.user_id)
        if name is None:
            return False
        named = Change(change.id, change.user_id, change.name, name)
        await account.secured(db, named, token)
    return True


async def rename(database: Database, number: int, user_id: int, name: str) -> bool:
    """Call it otherwise; False if it is not theirs."""
    return await database.pool.execute(_RENAME, number, user_id, name) == "UPDATE 1"


async def all_of(database: Database, user_id: int) -> list[Passkey]:
    """Every passkey of a person, in the order in which they were added."""
    return [
        Passkey(*record) for record in await database.pool.fetch(sql("passkeys.of_person"), user_id)
    ]


async def by_credential(database: Database, credential: bytes) -> Passkey | None:
    """The passkey that an authenticator calls so."""
    record = await database.pool.fetchrow(sql("passkeys.by_credential"), credential)
    return Passkey(*record) if record is not None else None


async def use(database: Database, passkey: Passkey, sign_count: int, number: int) -> bool:
    """Write down that it was used; False, and never again, if it counted backwards.

    Its owner is told of that by a change of this number.
    """
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        if await db.execute(_USED, passkey.id, sign_count) == "UPDATE 1":
            return True
        if await db.execute(_STOP, passkey.id) == "UPDATE 1":
            stopped = account.Changed.PASSKEY_STOPPED
            await account.tell(db, Change(number, passkey.user_id, stopped, passkey.name))
    return False


def usable(some: Sequence[Passkey]) -> list[Passkey]:
    """Those that sign somebody in."""
    return [each for each in some if each.stopped_at is None]
