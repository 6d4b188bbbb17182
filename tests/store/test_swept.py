"""The databases of these tests: what one test left is not there for the next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
from tests.postgres import database
from tests.swept import DEAD_ROWS, Swept

_ADDED = """
INSERT INTO users SELECT n, 'N', n || '@example.org', 'active', '{}', NULL, now(), now()
FROM generate_series(1, $1::int) AS n
"""
_TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
AND relkind IN ('r', 'p') ORDER BY relname
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences ORDER BY sequencename"


@pytest.fixture
def own(server_dsn: str, template: str) -> Iterator[Swept]:
    made = Swept(server_dsn, template)
    yield made
    made.close()


async def content(dsn: str) -> list[object]:
    """Every row of every table, and how far its sequences have come."""
    connection = await asyncpg.connect(dsn)
    try:
        found: list[object] = [*await connection.fetch(_SEQUENCES)]
        for (table,) in await connection.fetch(_TABLES):
            sql = f"SELECT {table}::text FROM {table} ORDER BY 1"
            found += [(table, row[0]) for row in await connection.fetch(sql)]
        return found
    finally:
        await connection.close()


async def do(dsn: str, *statements: str, added: int = 0) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(_ADDED, added)
        for sql in statements:
            await connection.execute(sql)
    finally:
        await connection.close()


def test_what_a_test_did_to_rows_is_undone(own: Swept, server_dsn: str, template: str) -> None:
    first = own.clean()
    changes = (
        "UPDATE nodes SET holder = 'somebody' WHERE node < 7",
        "DELETE FROM nodes WHERE node > 1000",
        "UPDATE site SET clock_offset = '3 days'",
        "INSERT INTO migrations (name, sha256) VALUES ('later', 'x')",
        "SELECT nextval(format('%I.%I', schemaname, sequencename)::regclass) FROM pg_sequences",
    )
    asyncio.run(do(first, *changes, added=3))
    with database(server_dsn, template) as fresh:
        expected = asyncio.run(content(fresh))
        assert asyncio.run(content(first)) != expected
        assert own.clean() == first
        assert asyncio.run(content(first)) == expected


def test_who_is_still_connected_has_to_go(own: Swept) -> None:
    async def stay(dsn: str) -> asyncpg.Connection[asyncpg.Record]:
        connection = await asyncpg.connect(dsn)
        await connection.execute("BEGIN; LOCK TABLE users")
        return connection

    async def is_gone(connection: asyncpg.Connection[asyncpg.Record]) -> bool:
        with pytest.raises((asyncpg.AdminShutdownError, asyncpg.ConnectionDoesNotExistError)):
            await connection.execute("COMMIT")
        return connection.is_closed()

    first = own.clean()
    with asyncio.Runner() as loop:
        connection = loop.run(stay(first))
        assert own.clean() == first
        assert loop.run(is_gone(connection))


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE users ADD COLUMN age int",
        "ALTER TABLE deposits ADD CONSTRAINT no_more CHECK (amount < 7)",
        "CREATE INDEX again ON users (id)",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE contracts DISABLE TRIGGER ALL",
        "TRUNCATE running_clocks",
        "VACUUM ANALYZE nodes",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET jit = on', current_database()); END $$",
    ],
)
def test_what_did_more_than_change_rows_has_been_the_last_in_it(own: Swept, sql: str) -> None:
    first = own.clean()
    asyncio.run(do(first, sql))
    second = own.clean()
    assert second != first
    assert own.clean() == second


def test_after_too_many_rows_there_is_a_new_one(own: Swept) -> None:
    first = own.clean()
    asyncio.run(do(first, added=DEAD_ROWS + 1))
    assert own.clean() != first


def test_whoever_sends_everybody_away_has_a_new_one_next(own: Swept) -> None:
    first = own.clean()
    everybody = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname ="
    asyncio.run(do(first, f"{everybody} current_database() AND pid <> pg_backend_pid()"))
    assert own.clean() != first
