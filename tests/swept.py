"""A database that many tests have one after another, swept in between: twenty times as cheap.

To make one copies six hundred files. So one connection remains in it, which knows what was there
at first. What a test did to anything but rows is noticed, and then the next test has a new one.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import asyncpg
import pytest
from tests.postgres import _named

#: Rows that were deleted are still walked over: of more than these one is slower than a new one.
DEAD_ROWS: Final = 5_000
#: How long whoever is still connected may take to leave.
LEAVING_MS: Final = 10_000

_LEAVE: Final = """
SELECT coalesce(bool_and(pg_terminate_backend(pid, $1)), true) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
#: Where tables, their columns, their rules and what is known of their rows are kept.
_CATALOGS: Final = {
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "adrelid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_proc": "oid",
    "pg_statistic": "starelid",
    "pg_trigger": "oid",
}
#: What is in these changes with every change of the schema; 16384 is the first number of our own.
_SHAPE: Final = " UNION ALL ".join(
    f"SELECT count(*)::text || ' ' || coalesce(max(xmin::text::bigint), 0)"
    f" FROM {catalog} WHERE {number} >= 16384"
    for catalog, number in _CATALOGS.items()
)
_SETTINGS: Final = """
SELECT format('%s %s %s', datallowconn, datconnlimit, setconfig) FROM pg_database
LEFT JOIN pg_db_role_setting ON setdatabase = pg_database.oid WHERE datname = current_database()
"""
_TABLES: Final = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname
"""
_SEQUENCES: Final = """
SELECT format('setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename),
    coalesce(last_value, start_value), last_value IS NOT NULL)
FROM pg_sequences WHERE schemaname = 'public'
"""

_numbers = itertools.count()
_Found = TypeVar("_Found")


@dataclass(slots=True)
class Swept:
    """The database that there is at the moment, if there is one."""

    server_dsn: str
    template: str
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    name: str = ""
    inside: asyncpg.Connection[Any] | None = None
    #: How it is swept, and what it is when nothing has been done to it.
    sweep: str = ""
    restore: str = ""
    shape: list[str] = field(default_factory=list)
    dead: int = 0

    def clean(self) -> str:
        """The address of a database that is up to date, with nothing in it."""
        if not self.name or not self._run(self._swept()):
            self.drop()
            self._run(self._made())
        return _named(self.server_dsn, self.name)

    def close(self) -> None:
        self.drop()
        self.runner.close()

    def drop(self) -> None:
        """Have none any more."""
        if self.inside is not None:
            self.inside.terminate()
            self.inside = None
        if self.name:
            self._run(self._outside(f"DROP DATABASE {self.name} WITH (FORCE)"))
            self.name = ""

    def _run(self, asked: Coroutine[Any, Any, _Found]) -> _Found:
        return self.runner.run(asked)

    async def _outside(self, sql: str) -> None:
        connection = await asyncpg.connect(self.server_dsn)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def _made(self) -> None:
        name = f"swept_{os.getpid()}_{next(_numbers)}"
        await self._outside(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY file_copy")
        self.name, self.dead = name, 0
        self.inside = await asyncpg.connect(_named(self.server_dsn, name))
        tables = [row[0] for row in await self.inside.fetch(_TABLES)]
        full = [each for each in tables if await self._has_rows(each)]
        for each in full:
            await self.inside.execute(f"CREATE TEMP TABLE kept_{each} AS TABLE public.{each}")
        # Neither triggers nor foreign keys have a say in what is swept.
        await self.inside.execute("SET session_replication_role = replica")
        sequences = [row[0] for row in await self.inside.fetch(_SEQUENCES)]
        self.sweep, self.restore = _sweeping(tables, full), _restoring(full, sequences)
        self.shape = await self._looked()

    async def _has_rows(self, table: str) -> bool:
        assert self.inside is not None
        return bool(await self.inside.fetchval(f"SELECT EXISTS (SELECT FROM {table})"))

    async def _looked(self) -> list[str]:
        assert self.inside is not None
        return [row[0] for row in await self.inside.fetch(f"{_SHAPE} UNION ALL {_SETTINGS}")]

    async def _swept(self) -> bool:
        """Whether everybody has left, only rows had changed, and they are as they were."""
        assert self.inside is not None
        try:
            if not await self.inside.fetchval(_LEAVE, LEAVING_MS):
                return False
            if await self._looked() != self.shape:
                return False
            self.dead += await self.inside.fetchval(self.sweep)
            await self.inside.fetchval(self.restore)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False  # The test has locked us out: of this one nobody knows what it is.
        return self.dead <= DEAD_ROWS


def _sweeping(tables: list[str], full: list[str]) -> str:
    """One statement that deletes what was not there at first, and counts it."""
    deleting = ", ".join(
        f"{each}_deleted AS (DELETE FROM {each} AS now {_unless(each, full)} RETURNING 1)"
        for each in tables
    )
    counted = " + ".join(f"(SELECT count(*) FROM {each}_deleted)" for each in tables)
    return f"WITH {deleting} SELECT {counted}"


def _unless(table: str, full: list[str]) -> str:
    if table not in full:
        return ""
    return f"WHERE NOT EXISTS (SELECT FROM kept_{table} AS kept WHERE kept = now)"


def _restoring(full: list[str], sequences: list[str]) -> str:
    """One statement that brings back what is missing, and counts from the beginning again."""
    inserting = ", ".join(
        f"{each}_again AS (INSERT INTO {each} OVERRIDING SYSTEM VALUE"
        f" SELECT kept.* FROM kept_{each} AS kept"
        f" WHERE NOT EXISTS (SELECT FROM {each} AS now WHERE kept = now))"
        for each in full
    )
    return f"WITH {inserting} SELECT {', '.join(sequences)}"


@pytest.fixture(scope="session")
def sweeping(server_dsn: str, template: str) -> Iterator[Swept]:
    made = Swept(server_dsn, template)
    yield made
    made.close()


@pytest.fixture
def swept(sweeping: Swept) -> str:
    """A test's own database: up to date, and nothing in it."""
    return sweeping.clean()
