"""Bearer tokens: `ern_` and 256 random bits, of which only the SHA-256 is kept.

They live by the database's own clock, not the test clock: how long a secret may be out is no part
of a story.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from earnest.core.actions import Scope
from earnest.core.disputes.row import may_arbitrate
from earnest.core.people import User, staff
from earnest.core.references import printed
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql
from earnest.store.tables import user_from

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from earnest.store.db import Database

PREFIX: Final = "tok"
LIVES_DAYS: Final = 365
TOKEN: Final = re.compile(r"ern_[A-Za-z0-9_-]{43}")
COLUMNS: Final = "id, user_id, name, scopes, created_at, expires_at, revoked_at, seen_at"
#: How many of a person may be in force at once.
MOST: Final = 50
#: How long a token that was replaced still works, so that its program can be given the new one.
GRACE: Final = timedelta(days=1)
#: How often it is written down that a token is in use.
SEEN_EVERY: Final = timedelta(hours=1)

_CREATE = """
INSERT INTO tokens (id, user_id, name, hash, scopes, created_at, expires_at)
SELECT $1, $2, $3, $4, $5, now, now + $6 FROM clock_timestamp() AS now
"""

_REVOKE = """
UPDATE tokens SET revoked_at = clock_timestamp()
WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL
"""

_REVOKE_ALL = """
UPDATE tokens SET revoked_at = clock_timestamp()
WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp()
"""

_REPLACE = """
WITH old AS (
    UPDATE tokens SET expires_at = least(expires_at, clock_timestamp() + $5)
    WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > clock_timestamp()
    RETURNING user_id, name, scopes, created_at
)
INSERT INTO tokens (id, user_id, name, hash, scopes, created_at, expires_at)
SELECT $3, user_id, name, $4, scopes, now, now + ($6::timestamptz - created_at)
FROM old, clock_timestamp() AS now
"""
_SEEN = """
UPDATE tokens SET seen_at = clock_timestamp()
WHERE id = ANY($1) AND (seen_at IS NULL OR seen_at < clock_timestamp() - $2::interval)
"""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; the token itself only its owner has."""

    id: int
    user_id: int
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    #: When a program last came with it, to the hour.
    seen_at: datetime | None = None

    @property
    def reference(self) -> str:
        """The id as people see it."""
        return printed(PREFIX, self.id)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who asks, and what their token is good for."""

    user: User
    token_id: int
    scopes: frozenset[Scope]
    #: They have still to show that their address is theirs.
    is_unverified: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether this may look at what operators are asked to act on."""
        return Scope.STAFF in self.scopes and bool(staff(self.user))


def scopes_of(user: User) -> frozenset[Scope]:
    """All that a token of this person can be good for."""
    return frozenset(Scope) if user.roles else frozenset(Scope) - {Scope.STAFF}


async def create(
    database: Database,
    number: int,
    user_id: int,
    scopes: Collection[Scope],
    *,
    name: str = "token",
    days: int = LIVES_DAYS,
) -> str:
    """Make a token with this number of ours; it is returned once and kept nowhere."""
    token = f"ern_{secrets.token_urlsafe(32)}"
    held = sorted(scope.value for scope in scopes)
    await database.pool.execute(
        _CREATE, number, user_id, name, hashed(token), held, timedelta(days=days)
    )
    return token


async def revoke(database: Database, number: int, user_id: int) -> bool:
    """End a token of this person; False if there is none of that number in force."""
    done = await database.pool.execute(_REVOKE, number, user_id)
    return done == "UPDATE 1"


async def revoke_all(database: Database, user_id: int) -> None:
    """End every token of this person that works."""
    await database.pool.execute(_REVOKE_ALL, user_id)


async def replace(database: Database, old: Token, number: int) -> str | None:
    """Make one as good and as long-lived as another, which works a day longer; none if it ended."""
    token = f"ern_{secrets.token_urlsafe(32)}"
    done = await database.pool.execute(
        _REPLACE, old.id, old.user_id, number, hashed(token), GRACE, old.expires_at
    )
    return token if done == "INSERT 0 1" else None


async def in_force(database: Database, user_id: int) -> int:
    """How many tokens of a person work."""
    found: int = await database.pool.fetchval(sql("tokens.in_force"), user_id)
    return found


async def all_of(database: Database, user_id: int) -> list[Token]:
    """Every token that a person ever had, the newest first."""
    return [
        token_from(record) for record in await database.pool.fetch(sql("tokens.all_of"), user_id)
    ]


async def working(database: Database, user_id: int) -> list[Token]:
    """Those tokens of a person that work, the newest first."""
    return [
        token_from(record) for record in await database.pool.fetch(sql("tokens.working"), user_id)
    ]


class Bearers:
    """Whom the tokens of requests sign in: one read for all that came while the last one ran.

    As with commands, the more come the more share a read, and who comes alone waits for nobody.
    Nothing is remembered: a token that is revoked is so for the next who brings it.
    """

    def __init__(self, database: Database) -> None:
        """Look in this database."""
        self._database = database
        self._waiting: dict[bytes, list[asyncio.Future[Bearer | None]]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def of(self, token: str) -> Bearer | None:
        """Who this signs in; nobody if it is not known, revoked or expired."""
        if not TOKEN.fullmatch(token):
            return None
        found: asyncio.Future[Bearer | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(hashed(token), []).append(found)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        return await found

    async def _read(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            bearers: Mapping[bytes, Bearer] = {}
            failed: Exception | None = None
            try:
                bearers = await _bearers(self._database, list(asked))
            except Exception as error:  # noqa: BLE001  # Each of those who wait is told of it.
                failed = error
            for key, waiting in asked.items():
                for found in waiting:
                    if found.done():
                        continue  # Who asked has gone away.
                    if failed is None:
                        found.set_result(bearers.get(key))
                    else:
                        found.set_exception(failed)


async def _bearers(database: Database, hashes: Sequence[bytes]) -> Mapping[bytes, Bearer]:
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as connection:
        records = await connection.fetch(sql("tokens.bearers"), hashes, SEEN_EVERY)
        unseen = [record[2] for record in records if record[0]]
        if unseen:
            await connection.execute(_SEEN, unseen, SEEN_EVERY)
    return {record[1]: _bearer(record[1:]) for record in records}


def _bearer(record: Sequence[Any]) -> Bearer:
    _, number, scopes, is_unverified, *person = record
    user = user_from(person)
    held = frozenset(Scope(scope) for scope in scopes)
    # A token outlives its owner's role, and is good for staff only while they have it.
    is_one = bool(staff(user)) or may_arbitrate(user)
    held = held if is_one else held - {Scope.STAFF}
    return Bearer(user, number, held, is_unverified)


def token_from(record: Sequence[object]) -> Token:
    """A token from its columns."""
    number, user_id, name, scopes, *times = record
    held = frozenset(Scope(scope) for scope in scopes)  # type: ignore[attr-defined]
    return Token(number, user_id, name, held, *times)  # type: ignore[arg-type]


def hashed(token: str) -> bytes:
    """What is kept of a secret of ours; it is random enough that a plain hash tells nothing."""
    return hashlib.sha256(token.encode()).digest()
