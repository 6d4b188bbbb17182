"""What changed about how somebody signs in: kept with the change, and told by a mail at once.

It is no event of the books and moves no money, so it makes no notice; the mail goes out as all
others do, whatever its reader chose for those.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from earnest.store import sessions
from earnest.store.queries import sql
from earnest.store.tokens import hashed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from earnest.store.db import Connection, Database

_TELL: Final = """
WITH kept AS (
    INSERT INTO account_changes (id, user_id, name, about, at)
    SELECT $1, $2, $3, $4, clock_timestamp() + (SELECT clock_offset FROM site)
    RETURNING id, user_id, at
)
INSERT INTO deliveries (id, user_id, is_digest, is_open, status, due_at, created_at)
SELECT id, user_id, FALSE, FALSE, 'waiting', at, at FROM kept
"""
#: Told already, by a mail with a link of its own.
_KEEP: Final = """
INSERT INTO account_changes (id, user_id, name, about, at)
SELECT $1, $2, $3, $4, clock_timestamp() + (SELECT clock_offset FROM site)
"""
#: Codes are of use only beside a factor.
_CODES_WITHOUT_FACTOR: Final = """
DELETE FROM recovery_codes WHERE user_id = $1
    AND NOT EXISTS (SELECT FROM authenticators WHERE user_id = $1)
    AND NOT EXISTS (SELECT FROM passkeys WHERE user_id = $1)
"""


class Changed(StrEnum):
    """What can change."""

    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    #: It counted backwards: somebody has a copy of it.
    PASSKEY_STOPPED = "passkey_stopped"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    #: Somebody knows the password, and tries codes.
    CODES_TRIED = "codes_tried"
    PASSWORD = "password"  # noqa: S105  # The name of a change.
    #: The same with a link from a mail.
    RESET = "reset"
    ADDRESS = "address"
    #: The operator took every second factor away.
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, under a number of ours."""

    id: int
    user_id: int
    name: Changed
    about: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A change as its owner is told of it."""

    name: Changed
    about: str
    at: datetime


async def tell(db: Connection, change: Change) -> None:
    """Keep it, and let it be told; in the transaction of the change itself."""
    await db.execute(_TELL, change.id, change.user_id, change.name, change.about)


async def keep(db: Connection, change: Change) -> None:
    """Keep what a mail of another kind tells of."""
    await db.execute(_KEEP, change.id, change.user_id, change.name, change.about)


async def secured(db: Connection, change: Change, token: str) -> None:
    """Tell of a change of somebody's factors, and end all their sessions but this one."""
    await tell(db, change)
    await db.execute(_CODES_WITHOUT_FACTOR, change.user_id)
    await db.execute(sessions.END_OTHERS, change.user_id, hashed(token))


async def tell_alone(database: Database, change: Change) -> None:
    """The same of what is written nowhere else."""
    async with database.pool.acquire() as db:
        await tell(db, change)


async def lately(
    database: Database, user_id: int, most: int, within: timedelta | None = None
) -> list[Told]:
    """What changed last for a person, or within so long, the newest first."""
    records = await database.pool.fetch(sql("account.lately"), user_id, most, within)
    return [Told(Changed(name), about, at) for name, about, at in records]


async def carried(db: Connection, deliveries: Sequence[int]) -> Mapping[int, Told]:
    """Of which changes these mails tell."""
    records = await db.fetch(sql("account.carried"), list(deliveries))
    return {number: Told(Changed(name), about, at) for number, name, about, at in records}
