"""Mails about somebody's account, and the links in them: 256 random bits, kept as a hash.

A secret is made when its mail is written, so that nobody finds it here; a mail that is tried anew
has another, and each does what the mail says, once. They live by the database's own clock.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from earnest.store import account, people, sessions
from earnest.store.account import Change, Changed
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql
from earnest.store.tokens import hashed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from earnest.store.db import Connection, Database


class Kind(StrEnum):
    """What a mail is for."""

    #: Is this their address?
    VERIFY = "verify"
    #: Another password, for who forgot theirs.
    RESET = "reset"
    #: Their password was changed that way.
    PASSWORD = "password"  # noqa: S105  # No secret.
    #: To the address that somebody would like to have; and to the one that they had, then and when
    #: it has become another.
    CHANGE = "change"
    CHANGING = "changing"
    CHANGED = "changed"


#: What the secrets of each begin with, and how long they are good for.
LINKS: Final[Mapping[Kind, tuple[str, timedelta]]] = {
    Kind.VERIFY: ("vrf", timedelta(hours=24)),
    Kind.RESET: ("rst", timedelta(hours=1)),
    Kind.CHANGE: ("adr", timedelta(hours=24)),
    Kind.CHANGING: ("stp", timedelta(days=7)),
    Kind.CHANGED: ("stp", timedelta(days=7)),
}
#: Those whose link says that it was not them.
STOPPING: Final = (Kind.CHANGING, Kind.CHANGED)
TOKEN: Final = re.compile(r"(?:vrf|rst|adr|stp)_[A-Za-z0-9_-]{43}")

_POST: Final = """
WITH mail AS (
    INSERT INTO account_mails (id, user_id, kind, email, change_id, created_at, expires_at)
    SELECT $1::bigint, u.id, $3, coalesce($4, u.email), $5::bigint, now, now + $6::interval
    FROM users u, clock_timestamp() AS now
    WHERE {}
    RETURNING id, user_id
)
INSERT INTO deliveries (id, user_id, is_digest, is_open, status, due_at, created_at)
SELECT m.id, m.user_id, FALSE, FALSE, 'waiting', now, now
FROM mail m, (SELECT clock_timestamp() + clock_offset AS now FROM site) t
"""
_TO_ONE: Final = _POST.format("u.id = $2::bigint")
_TO_UNVERIFIED: Final = _POST.format("u.id = $2::bigint AND u.is_unverified")
_TO_ADDRESS: Final = _POST.format("lower(u.email) = lower($2::text)")
_SECRET: Final = "INSERT INTO account_links (hash, mail_id) VALUES ($1, $2)"  # noqa: S105
_LOCKED: Final = "SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE"
_USED: Final = "UPDATE account_mails SET ended_at = clock_timestamp() WHERE id = $1"
_VERIFIED: Final = "UPDATE users SET is_unverified = FALSE WHERE id = $1"
#: A change of address that a person has asked for is over.
NO_CHANGE_WAITS: Final = """
UPDATE address_changes SET ended_at = clock_timestamp()
WHERE user_id = $1 AND made_at IS NULL AND ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class AccountMail:
    """What a mail says, as far as it is not the same in all of its kind."""

    kind: Kind
    #: To which address it goes.
    email: str
    expires_at: datetime | None
    #: Its link would do nothing any more.
    is_over: bool
    old_email: str | None
    new_email: str | None
    #: The new address is somebody else's, which only whoever reads it is told.
    is_taken: bool
    #: What its link ends in; kept nowhere.
    token: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """The mail that a link came in, and whose it is."""

    id: int
    user_id: int
    name: str
    kind: Kind
    email: str
    change_id: int | None
    old_email: str | None
    new_email: str | None


async def to_write(db: Connection, numbers: Sequence[int]) -> Mapping[int, AccountMail]:
    """What those of these deliveries say that are about an account, each with a fresh secret."""
    found = {}
    for number, kind, *rest in await db.fetch(
        sql("account_mails.to_write"), list(numbers), people.HELD
    ):
        mail = AccountMail(Kind(kind), *rest)
        if mail.kind in LINKS and not mail.is_over and not mail.is_taken:
            token = f"{LINKS[mail.kind][0]}_{secrets.token_urlsafe(32)}"
            await db.execute(_SECRET, hashed(token), number)
            mail = replace(mail, token=token)
        found[number] = mail
    return found


async def behind(database: Database, token: str, *kinds: Kind) -> Linked | None:
    """The mail behind a link; none if it does nothing any more."""
    if not TOKEN.fullmatch(token):
        return None
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db:
        return await look(db, token, *kinds)


async def look(db: Connection, token: str, *kinds: Kind) -> Linked | None:
    """The same within a transaction."""
    record = await db.fetchrow(sql("account_mails.by_hash"), hashed(token), list(kinds))
    if record is None:
        return None
    number, user_id, name, kind, *rest = record
    return Linked(number, user_id, name, Kind(kind), *rest)


async def use(db: Connection, token: str, *kinds: Kind) -> Linked | None:
    """Let a link do what it does: of any number who try at once, one."""
    if not TOKEN.fullmatch(token):
        return None
    found = await look(db, token, *kinds)
    if found is None:
        return None
    # Whoever changes a password locks the person first, then the mails; so nobody waits in a ring.
    await db.execute(_LOCKED, found.user_id)
    found = await look(db, token, *kinds)
    if found is not None:
        await db.execute(_USED, found.id)
    return found


async def post(
    db: Connection,
    number: int,
    user_id: int,
    kind: Kind,
    email: str | None = None,
    change_id: int | None = None,
) -> None:
    """Send a person a mail, to their address or to another."""
    await db.execute(_TO_ONE, number, user_id, kind, email, change_id, _lives(kind))


async def ask_whether_theirs(database: Database, number: int, user_id: int) -> bool:
    """Send a mail by which somebody shows that an address is theirs; False if it was shown."""
    kind = Kind.VERIFY
    done: str = await database.pool.execute(
        _TO_UNVERIFIED, number, user_id, kind, None, None, _lives(kind)
    )
    return done == "INSERT 0 1"


async def verify(database: Database, token: str) -> Linked | None:
    """It is theirs: they read what was sent there."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        found = await use(db, token, Kind.VERIFY)
        if found is not None:
            await db.execute(_VERIFIED, found.user_id)
        return found


async def offer_reset(database: Database, number: int, email: str) -> None:
    """Send whoever has this address a link to another password; it takes as long if nobody has."""
    kind = Kind.RESET
    await database.pool.execute(_TO_ADDRESS, number, email, kind, None, None, _lives(kind))


async def reset(
    database: Database, token: str, password_hash: str, new: Callable[[], int]
) -> Linked | None:
    """Put another password in the place of the forgotten one, and tell its owner.

    Whoever knew the old one is signed out, and what they had begun with the address is over.
    """
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        found = await use(db, token, Kind.RESET)
        if found is None:
            return None
        await people.put_password(db, found.user_id, password_hash)
        await db.execute(_VERIFIED, found.user_id)
        await db.execute(NO_CHANGE_WAITS, found.user_id)
        await sessions.end_each(db, found.user_id)
        await post(db, new(), found.user_id, Kind.PASSWORD)
        await account.keep(db, Change(new(), found.user_id, Changed.RESET))
        return found


def _lives(kind: Kind) -> timedelta | None:
    return LINKS[kind][1] if kind in LINKS else None
