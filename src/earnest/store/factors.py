"""Second factors: the app that makes codes, recovery codes, and whether somebody has any.

The app's secret comes here sealed and is opened elsewhere. Recovery codes are random enough that a
plain hash tells nothing of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from earnest.store import account
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.store.account import Change
    from earnest.store.db import Database

_ADD_APP: Final = """
INSERT INTO authenticators (user_id, sealed, last_step, created_at)
VALUES ($1, $2, $3, clock_timestamp()) ON CONFLICT DO NOTHING
"""
_REMOVE_APP: Final = "DELETE FROM authenticators WHERE user_id = $1"
_COUNT_STEP: Final = """
UPDATE authenticators SET last_step = $2 WHERE user_id = $1 AND last_step < $2
"""
_NO_CODES: Final = "DELETE FROM recovery_codes WHERE user_id = $1"
_NEW_CODES: Final = """
INSERT INTO recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])
"""
_USE_CODE: Final = """
UPDATE recovery_codes SET used_at = clock_timestamp()
WHERE user_id = $1 AND hash = $2 AND used_at IS NULL
"""
_FORGET: Final = """
WITH keys AS (DELETE FROM passkeys WHERE user_id = $1 RETURNING 1),
    app AS (DELETE FROM authenticators WHERE user_id = $1 RETURNING 1),
    codes AS (DELETE FROM recovery_codes WHERE user_id = $1 RETURNING 1),
    begun AS (DELETE FROM sign_ins_begun WHERE user_id = $1),
    signed AS (
        UPDATE sessions SET expires_at = clock_timestamp(), kept = NULL
        WHERE user_id = $1 AND expires_at > clock_timestamp()
    )
SELECT (SELECT count(*) FROM keys) + (SELECT count(*) FROM app) + (SELECT count(*) FROM codes)
"""


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody has beside their password."""

    app_since: datetime | None
    passkeys: int
    #: Of them those that were not stopped.
    usable: int
    #: Recovery codes that were not used yet, and how many were made.
    codes_left: int
    codes_made: int

    @property
    def are_any(self) -> bool:
        """Whether a password alone is not enough."""
        return self.app_since is not None or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class App:
    """The app that makes somebody's codes."""

    sealed: bytes
    last_step: int


async def of(database: Database, user_id: int) -> Factors:
    """What a person has."""
    record = await database.pool.fetchrow(sql("factors.of_person"), user_id)
    assert record is not None, "it is always one row"
    return Factors(*record)


async def app_of(database: Database, user_id: int) -> App | None:
    """The app of a person, if they have one."""
    record = await database.pool.fetchrow(sql("factors.app"), user_id)
    return App(*record) if record is not None else None


async def sealed(database: Database, most: int) -> list[tuple[int, bytes]]:
    """Whose apps there are, the newest first, and what is sealed of each."""
    records = await database.pool.fetch(sql("factors.sealed"), most)
    return [(number, raw) for number, raw in records]


async def add_app(database: Database, change: Change, sealed: bytes, step: int, token: str) -> bool:
    """Let somebody's app count, of which this was a code; False if they have one already."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        if await db.execute(_ADD_APP, change.user_id, sealed, step) != "INSERT 0 1":
            return False
        await account.secured(db, change, token)
    return True


async def remove_app(database: Database, change: Change, token: str) -> bool:
    """Let it count no more; False if there is none."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        if await db.execute(_REMOVE_APP, change.user_id) != "DELETE 1":
            return False
        await account.secured(db, change, token)
    return True


async def count_step(database: Database, user_id: int, step: int) -> bool:
    """Let the code of this moment count; False if it or a later one has counted."""
    return await database.pool.execute(_COUNT_STEP, user_id, step) == "UPDATE 1"


async def renew_codes(
    database: Database, user_id: int, hashes: Sequence[bytes], change: Change | None = None
) -> None:
    """Put these recovery codes in the place of all before."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        await db.execute(_NO_CODES, user_id)
        await db.execute(_NEW_CODES, user_id, list(hashes))
        if change is not None:
            await account.tell(db, change)


async def use_code(database: Database, change: Change, digest: bytes) -> bool:
    """Use a recovery code up; False if it is none of theirs, or was used."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        if await db.execute(_USE_CODE, change.user_id, digest) != "UPDATE 1":
            return False
        await account.tell(db, change)
    return True


async def forget(database: Database, change: Change) -> int:
    """Take everything away, and sign them out everywhere; how much there was."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        count: int = await db.fetchval(_FORGET, change.user_id)
        if count:
            await account.tell(db, change)
    return count
