"""A restored site: marked in the transaction that restores it, it speaks with no gateway yet.

Money may have gone out after the backup of which these books know nothing. Only people can find
out, by comparing with the gateway; when they have, they say so, and payments go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import asyncpg

from earnest.store.db import DatabaseError, migrations
from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Database
    from earnest.store.verify import Findings

_RESUME: Final = """
UPDATE restores SET resumed_at = clock_timestamp(), resumed_because = $1 WHERE resumed_at IS NULL
"""
_HALT: Final = "INSERT INTO halts (what) VALUES ($1)"

#: In names that are found without a search path: pg_dump's script takes it away. Whoever was
#: signed in when the backup was taken may have signed out, or been shown out, since.
_MARK: Final = """
INSERT INTO public.restores (taken_at) VALUES ('{}');
DELETE FROM public.sessions;
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """When the backup was taken, and when the site was restored from it."""

    taken_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """What is backed up: which kind of site, how far migrated, and the database's clock."""

    mode: str
    migrations: tuple[str, ...]
    now: datetime


def mark(taken_at: datetime) -> str:
    """What is done in the transaction that restores, after everything else."""
    return _MARK.format(taken_at.isoformat())


async def origin(dsn: str) -> Origin:
    """Look at a database that is to be backed up; nothing is changed, nothing migrated."""
    connection = await asyncpg.connect(dsn)
    try:
        record = await connection.fetchrow(sql("restores.mode_and_now"))
        names = await connection.fetch("SELECT name FROM migrations ORDER BY name")
    except asyncpg.UndefinedTableError:
        record, names = None, []
    finally:
        await connection.close()
    if record is None:
        raise DatabaseError("This database holds no Earnest.", "Nothing is there to back up.")
    return Origin(record["mode"], tuple(each["name"] for each in names), record["clock_timestamp"])


async def is_empty(dsn: str) -> bool:
    """Whether a backup can be restored into this database."""
    connection = await asyncpg.connect(dsn)
    try:
        empty: bool = await connection.fetchval(sql("restores.is_empty"))
    finally:
        await connection.close()
    return empty


def unknown(names: tuple[str, ...]) -> list[str]:
    """Migrations that a newer Earnest has made."""
    ours = {name for name, _ in migrations()}
    return [name for name in names if name not in ours]


async def waiting(database: Database) -> Restored | None:
    """The restore after which payments are paused, if they are."""
    record = await database.pool.fetchrow(sql("restores.waiting"))
    return None if record is None else Restored(*record)


async def open_payments(database: Database) -> int:
    """How many payments are neither done nor over."""
    found: int = await database.pool.fetchval(sql("restores.open_payments"))
    return found


async def resume(database: Database, reason: str) -> int:
    """Speak with gateways again; how many restores had kept that waiting."""
    done = await database.pool.execute(_RESUME, reason)
    return int(done.split()[-1])


async def halt(database: Database, findings: Findings) -> None:
    """Take no command on books that were restored and do not balance."""
    told = ", ".join(each.rule for each in findings.broken)
    await database.pool.execute(_HALT, f"restored books break: {told}")
