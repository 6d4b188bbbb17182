"""Invitations: a link into a contract for somebody who may have no account yet.

`inv_` and 256 random bits, of which only the SHA-256 is kept. Like tokens they live by the
database's own clock: how long a secret may be out is no part of a story.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from earnest.core.references import printed
from earnest.store import people
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql
from earnest.store.tokens import hashed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.core.people import User
    from earnest.store.db import Connection, Database
    from earnest.store.people import Newcomer

PREFIX: Final = "inv"
LIVES: Final = timedelta(days=14)
TOKEN: Final = re.compile(r"inv_[A-Za-z0-9_-]{43}")
LISTED_MAX: Final = 200


class NotOpenError(Exception):
    """The invitation was used, revoked or expired meanwhile."""


_CREATE = """
INSERT INTO invitations (id, hash, employer_id, name, currency, terms, created_at, expires_at)
SELECT $1, $2, $3, $4, $5, $6, now, now + $7 FROM clock_timestamp() AS now
"""
_REVOKE = """
UPDATE invitations SET revoked_at = clock_timestamp()
WHERE id = $1 AND employer_id = $2 AND revoked_at IS NULL AND used_by IS NULL
"""
#: Whoever took it may ask again, so that nothing is lost if the offer could not be made at once.
_TAKE = """
UPDATE invitations SET used_by = $2
WHERE hash = $1 AND employer_id <> $2 AND (used_by = $2 OR (
    used_by IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()
))
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who invites whom into what, and what became of it."""

    id: int
    employer_id: int
    employer: str
    #: What the employer calls the person invited.
    name: str
    currency: str
    #: The name of a preset.
    terms: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_by: int | None
    #: What whoever took it is called.
    taker: str | None
    is_over: bool

    @property
    def reference(self) -> str:
        """The id as people see it; it opens nothing."""
        return printed(PREFIX, self.id)

    @property
    def state(self) -> str:
        """What became of it: used, revoked, expired, or it is open."""
        if self.used_by is not None:
            return "used"
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.is_over else "open"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is invited into."""

    name: str
    currency: str
    terms: str


async def create(database: Database, number: int, employer_id: int, draft: Draft) -> str:
    """Make one with this number of ours; the secret of its link is kept nowhere."""
    token = f"{PREFIX}_{secrets.token_urlsafe(32)}"
    await database.pool.execute(
        _CREATE,
        number,
        hashed(token),
        employer_id,
        draft.name,
        draft.currency,
        draft.terms,
        LIVES,
    )
    return token


async def by_token(database: Database, token: str) -> Invitation | None:
    """The invitation behind a link, whatever became of it."""
    if not TOKEN.fullmatch(token):
        return None
    record = await database.pool.fetchrow(sql("invitations.by_hash"), hashed(token))
    return _from(record) if record is not None else None


async def of_employer(database: Database, employer_id: int) -> list[Invitation]:
    """The newest that a person made."""
    found = await database.pool.fetch(sql("invitations.of_employer"), employer_id, LISTED_MAX)
    return [_from(record) for record in found]


async def revoke(database: Database, number: int, employer_id: int) -> bool:
    """Let a link lead nowhere any more; False if it is not theirs, or was used or revoked."""
    done = await database.pool.execute(_REVOKE, number, employer_id)
    return done == "UPDATE 1"


async def take(database: Database, token: str, user_id: int) -> Invitation | None:
    """Let one person have it, for ever; None if it is not open to them."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db:
        return await _take(db, token, user_id)


async def join(
    database: Database, token: str, newcomer: Newcomer
) -> tuple[User, Invitation] | None:
    """Add somebody who takes an invitation with it; None if the address is somebody's already."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        user = await people.join(db, newcomer)
        if user is None:
            return None
        taken = await _take(db, token, user.id)
        if taken is None:
            raise NotOpenError  # Nobody is added either: one link makes one account.
        return user, taken


async def _take(db: Connection, token: str, user_id: int) -> Invitation | None:
    if not TOKEN.fullmatch(token) or await db.fetchval(_TAKE, hashed(token), user_id) is None:
        return None
    record = await db.fetchrow(sql("invitations.by_hash"), hashed(token))
    assert record is not None, "it was there a moment ago"
    return _from(record)


def _from(record: Sequence[Any]) -> Invitation:
    return Invitation(*record)
