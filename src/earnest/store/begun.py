"""Sign-ins that are begun: the password was right, and the second factor is still to come.

Each is bound to one browser by 256 random bits of its own, which sign in nobody. It lives for ten
minutes by the database's own clock, and is over with the first right answer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.store.queries import sql
from earnest.store.sessions import TOKEN, Kept, written
from earnest.store.tokens import hashed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.store.db import Database

LIVES: Final = timedelta(minutes=10)

_BEGIN: Final = """
WITH ended AS (
    DELETE FROM sign_ins_begun WHERE hash IN (
        SELECT hash FROM sign_ins_begun WHERE expires_at < clock_timestamp()
        LIMIT 20 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO sign_ins_begun (hash, user_id, onward, kept, expires_at)
SELECT $1, $2, $3, $4::json, clock_timestamp() + $5
"""
_FINISH: Final = """
DELETE FROM sign_ins_begun WHERE hash = $1 AND expires_at > clock_timestamp()
RETURNING user_id, onward, kept::text
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """Whose sign-in it is, and what comes after it."""

    user_id: int
    onward: str
    kept: Kept | None


async def begin(database: Database, user_id: int, onward: str, kept: Kept | None) -> str:
    """Remember that somebody's password was right; its secret is kept nowhere."""
    token = secrets.token_urlsafe(32)
    said = written(kept)
    await database.pool.execute(_BEGIN, hashed(token), user_id, onward, said, LIVES)
    return token


async def find(database: Database, token: str) -> Begun | None:
    """What waits under this secret, if anything does."""
    if not TOKEN.fullmatch(token):
        return None
    record = await database.pool.fetchrow(sql("factors.begun"), hashed(token))
    return _begun(record) if record is not None else None


async def finish(database: Database, token: str) -> Begun | None:
    """Take it away, once: of two right answers at once one signs in."""
    record = await database.pool.fetchrow(_FINISH, hashed(token))
    return _begun(record) if record is not None else None


def _begun(record: Sequence[Any]) -> Begun:
    user_id, onward, kept = record
    return Begun(user_id, onward, msgspec.json.decode(kept, type=Kept) if kept else None)
