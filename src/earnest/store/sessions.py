"""Sessions of the web: 256 random bits in a cookie, of which only the SHA-256 is kept.

Like tokens they live by the database's own clock: a test clock that is moved signs nobody out.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql
from earnest.store.tables import user_from
from earnest.store.tokens import hashed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.core.people import User
    from earnest.store.db import Connection, Database

#: A session ends when it has not been used for so long.
LIVES: Final = timedelta(days=14)
#: How often it is written down that a session is in use.
TOUCHED_EVERY: Final = timedelta(hours=1)
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")

_CREATE = """
WITH ended AS (
    DELETE FROM sessions WHERE hash IN (
        SELECT hash FROM sessions WHERE expires_at < clock_timestamp() - interval '7 days'
        LIMIT 20 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO sessions (
    hash, user_id, created_at, seen_at, expires_at, kept, proved_at, browser, system
)
SELECT $1, $2, now, now, now + $3, $4::json, now, $5, $6 FROM clock_timestamp() AS now
"""
_TOUCH = """
UPDATE sessions SET seen_at = now, expires_at = now + $2
FROM clock_timestamp() AS now WHERE hash = $1
"""
#: An ended session is remembered for a week: a form that was open in it is given back to its
#: owner, and to nobody else.
_END = "UPDATE sessions SET expires_at = clock_timestamp(), kept = NULL WHERE hash = $1"
_END_ALL = """
WITH begun AS (DELETE FROM sign_ins_begun WHERE user_id = $1)
UPDATE sessions SET expires_at = clock_timestamp(), kept = NULL WHERE user_id = $1
"""
_END_ONE = """
UPDATE sessions SET expires_at = clock_timestamp(), kept = NULL
WHERE user_id = $1 AND encode(substr(hash, 1, 8), 'hex') = $2 AND expires_at > clock_timestamp()
"""
#: Whoever has shown a password elsewhere, and no second factor yet, begins anew as well.
END_OTHERS: Final = """
WITH begun AS (DELETE FROM sign_ins_begun WHERE user_id = $1)
UPDATE sessions SET expires_at = clock_timestamp(), kept = NULL
WHERE user_id = $1 AND hash <> $2 AND expires_at > clock_timestamp()
"""
_PROVED = "UPDATE sessions SET proved_at = clock_timestamp() WHERE hash = $1"
_KEEP = "UPDATE sessions SET kept = $2::json WHERE hash = $1"
_TAKE_KEPT = """
UPDATE sessions s SET kept = NULL FROM (SELECT hash, kept FROM sessions WHERE hash = $1) AS before
WHERE s.hash = before.hash AND before.kept IS NOT NULL AND before.kept ->> 'path' = $2
RETURNING before.kept
"""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a session signs in, and how they want to be shown things."""

    user: User
    language: str
    time_zone: str
    seen_at: datetime
    #: By the clock of the database, which sessions live by.
    now: datetime
    has_kept: bool
    #: The clock that decides: with the test clock in front of it.
    site_now: datetime
    #: The books do not balance, so no money moves.
    is_halted: bool
    #: They want to be told that a project protects both better than a direct contract.
    wants_advice: bool
    #: How many notices they have not read; no more than a hundred are counted.
    unread: int
    #: Somebody can rule on disputes.
    has_arbiter: bool
    #: They have still to show that their address is theirs.
    is_unverified: bool
    #: When they last proved who they are in this session.
    proved_at: datetime | None
    #: Single keys lead somewhere.
    wants_keys: bool

    @property
    def is_stale(self) -> bool:
        """Whether it is time to write down that the session is in use."""
        return self.now - self.seen_at > TOUCHED_EVERY


@dataclass(frozen=True, slots=True)
class Agent:
    """What a session was begun with: words of ours, or empty where nobody knows."""

    browser: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner sees it in the list."""

    #: Enough of its hash to say which one is meant; nobody is signed in with it.
    reference: str
    agent: Agent
    created_at: datetime
    seen_at: datetime
    is_this: bool


class Kept(msgspec.Struct):
    """What somebody had typed when their session ended, and where."""

    path: str
    values: dict[str, str]


NO_AGENT: Final = Agent()


async def create(
    database: Database, user_id: int, kept: Kept | None = None, agent: Agent = NO_AGENT
) -> str:
    """Begin a session under a secret that was never used before; it is kept nowhere."""
    token = secrets.token_urlsafe(32)
    begun_with = (agent.browser, agent.system)
    await database.pool.execute(_CREATE, hashed(token), user_id, LIVES, written(kept), *begun_with)
    return token


def written(kept: Kept | None) -> str | None:
    """What was typed, as it is kept."""
    return msgspec.json.encode(kept).decode() if kept is not None else None


async def visitor(database: Database, token: str) -> Visitor | None:
    """Who this signs in; nobody if it is not known or has ended. One read."""
    if not TOKEN.fullmatch(token):
        return None
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as connection:
        record = await connection.fetchrow(sql("sessions.visitor"), hashed(token))
    if record is None:
        return None
    language, zone, seen_at, now, has_kept, site_now, is_halted, *rest = record
    advice, unread, has_arbiter, is_unverified, proved_at, wants_keys, *person = rest
    user = user_from(person)
    shown = (user, language, zone, seen_at, now, has_kept)
    told = (site_now, is_halted, advice, unread, has_arbiter)
    return Visitor(*shown, *told, is_unverified, proved_at, wants_keys)


async def touch(database: Database, token: str) -> None:
    """Write down that it is in use, so that it lives on."""
    await database.pool.execute(_TOUCH, hashed(token), LIVES)


async def keep(database: Database, token: str, kept: Kept) -> None:
    """Keep what somebody typed until they come back to it; only the last of it is kept."""
    await database.pool.execute(_KEEP, hashed(token), msgspec.json.encode(kept).decode())


async def take_kept(database: Database, token: str, path: str) -> Mapping[str, str] | None:
    """What was typed at this address before the sign-in; it is given once."""
    found = await database.pool.fetchval(_TAKE_KEPT, hashed(token), path)
    return msgspec.json.decode(found, type=Kept).values if found is not None else None


async def end(database: Database, token: str) -> None:
    """End one session."""
    await database.pool.execute(_END, hashed(token))


async def end_all(database: Database, user_id: int) -> None:
    """End every session of a person."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db:
        await end_each(db, user_id)


async def end_each(db: Connection, user_id: int) -> None:
    """The same in a transaction of others."""
    await db.execute(_END_ALL, user_id)


async def end_one(database: Database, user_id: int, reference: str) -> bool:
    """End one session of a person; False if they have none of this reference."""
    return await database.pool.execute(_END_ONE, user_id, reference) == "UPDATE 1"


async def end_others(database: Database, user_id: int, token: str) -> int:
    """End every session of a person but this one; how many that were."""
    done = await database.pool.execute(END_OTHERS, user_id, hashed(token))
    return int(done.rpartition(" ")[2])


async def prove(database: Database, token: str) -> None:
    """Its owner has just proved who they are."""
    await database.pool.execute(_PROVED, hashed(token))


async def latest_of(database: Database, user_id: int, token: str, most: int) -> list[Session]:
    """Where a person is signed in, this one first and no more than so many."""
    records = await database.pool.fetch(sql("sessions.of_person"), user_id, hashed(token), most)
    return [
        Session(reference, Agent(browser, system), created_at, seen_at, is_this)
        for reference, browser, system, created_at, seen_at, is_this in records
    ]


async def owner_of(database: Database, token: str) -> int | None:
    """Whose session this is or was."""
    if not TOKEN.fullmatch(token):
        return None
    found: int | None = await database.pool.fetchval(sql("sessions.owner"), hashed(token))
    return found
