"""Calendars: `cal_` and 256 random bits, of which only the SHA-256 is kept.

A person has one address or none. It lives, as tokens do, by the database's own clock, until they
end it or have another.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.store.queries import sql
from earnest.store.tokens import hashed

if TYPE_CHECKING:
    from datetime import datetime

    from earnest.store.db import Database

PREFIX: Final = "cal"
TOKEN: Final = re.compile(r"cal_[A-Za-z0-9_-]{43}")

_RENEW: Final = """
INSERT INTO calendars (user_id, hash, created_at) VALUES ($1, $2, clock_timestamp())
ON CONFLICT (user_id) DO UPDATE
SET hash = excluded.hash, created_at = excluded.created_at, ended_at = NULL
"""
_END: Final = """
UPDATE calendars SET ended_at = clock_timestamp() WHERE user_id = $1 AND ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is, and how they read."""

    id: int
    language: str

    @property
    def locale(self) -> str:
        """The language as formats have it: pt_BR."""
        return self.language.replace("-", "_")


async def renew(database: Database, user_id: int) -> str:
    """Give a person an address; one that they had before ends. It is returned once."""
    token = f"{PREFIX}_{secrets.token_urlsafe(32)}"
    await database.pool.execute(_RENEW, user_id, hashed(token))
    return token


async def end(database: Database, user_id: int) -> bool:
    """Let the address lead nowhere any more; False if there was none."""
    return await database.pool.execute(_END, user_id) == "UPDATE 1"


async def since(database: Database, user_id: int) -> datetime | None:
    """Since when a person has their address; None if they have none."""
    found: datetime | None = await database.pool.fetchval(sql("calendars.since"), user_id)
    return found


async def owner_of(database: Database, token: str) -> Owner | None:
    """Whose calendar this is; nobody's if it is not known, or ended. Suspended people keep it."""
    if not TOKEN.fullmatch(token):
        return None
    record = await database.pool.fetchrow(sql("calendars.owner"), hashed(token))
    return None if record is None else Owner(*record)
