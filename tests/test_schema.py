"""The schema is what the migrations say, the page about it, and what the rows need."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar, get_args, get_type_hints

import asyncpg
import pytest
from tests.postgres import _named
from tools.schema import TARGET, dumped

from earnest.core.money import Money
from earnest.store.arrays import WORD
from earnest.store.db import Database, DatabaseError, migrate, migrations, missing_migrations
from earnest.store.tables import TABLES, Column, Table

T = TypeVar("T")

WORDS_MIN = 3
HEADER = re.compile(r"\A(-- .+\n)+", re.ASCII)


@pytest.fixture
def empty_dsn(server_dsn: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database in which nothing was ever made."""
    name = f"empty_{abs(hash(request.node.nodeid)) % 10**9}"
    on(server_dsn, lambda db: db.execute(f"CREATE DATABASE {name}"))
    yield _named(server_dsn, name)
    on(server_dsn, lambda db: db.execute(f"DROP DATABASE {name} WITH (FORCE)"))


def on(dsn: str, story: Callable[[asyncpg.Connection[Any]], Awaitable[T]]) -> T:
    """Do something on a connection."""

    async def told() -> T:
        connection = await asyncpg.connect(dsn)
        try:
            return await story(connection)
        finally:
            await connection.close()

    return asyncio.run(told())


def migrated(dsn: str) -> int:
    return asyncio.run(migrate(dsn, mode="sandbox", say=lambda _: None))


async def missing_in(dsn: str) -> list[str]:
    database = await Database.connect(dsn, most=1, revive=None)
    try:
        return await missing_migrations(database)
    finally:
        await database.close()


# --- the text of the migrations ----------------------------------------------------------------


@pytest.mark.parametrize(("name", "sql"), migrations(), ids=[name for name, _ in migrations()])
def test_a_migration_says_what_it_does_and_which_locks_it_takes(name: str, sql: str) -> None:
    header = HEADER.match(sql)
    assert header, f"{name} begins without a word"
    first, *more = header[0].splitlines()
    assert not first.startswith("-- Locks:")
    assert any(line.startswith("-- Locks: ") for line in more)


def test_migrations_are_counted_without_a_gap() -> None:
    numbers = [int(name[:4]) for name, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_names_of_constraints_are_sentences(dsn: str) -> None:
    """They surface in logs. Keys and references keep the names that PostgreSQL gives them."""
    names = on(dsn, lambda db: db.fetch("SELECT conname FROM pg_constraint WHERE contype = 'c'"
        " AND connamespace = 'public'::regnamespace"))  # fmt: skip
    checks = {name for (name,) in names}
    assert len(checks) > WORDS_MIN
    assert {name for name in checks if len(name.split("_")) < WORDS_MIN} == set()
    written: dict[str, bool] = {}
    for gone, name in re.findall(r"(DROP )?CONSTRAINT (\w+)", "".join(t for _, t in migrations())):
        written[name] = not gone
    named = {name for name, is_there in written.items() if is_there}
    assert checks == named, "a constraint without a name of its own"


# --- the schema --------------------------------------------------------------------------------


def test_the_migrations_from_zero_add_up_to_the_schema(empty_dsn: str) -> None:
    assert asyncio.run(missing_in(empty_dsn)) == [name for name, _ in migrations()]
    assert migrated(empty_dsn) == len(migrations())
    assert dumped(empty_dsn) == TARGET.read_text(), "run python tools/schema.py"
    assert asyncio.run(missing_in(empty_dsn)) == []


def test_migrating_twice_does_nothing(dsn: str) -> None:
    before = dumped(dsn)
    assert migrated(dsn) == 0
    assert dumped(dsn) == before


def test_two_who_migrate_at_once_do_it_once(empty_dsn: str) -> None:
    async def both() -> list[int]:
        steps: list[str] = []
        return [
            *await asyncio.gather(
                *(migrate(empty_dsn, mode="sandbox", say=steps.append) for _ in range(2))
            ),
            len(steps),
        ]

    assert sorted(asyncio.run(both())) == [0, len(migrations()), len(migrations())]


def test_a_site_stays_what_it_was_made_as(dsn: str) -> None:
    asyncio.run(migrate(dsn, mode="live", say=lambda _: None))
    assert on(dsn, lambda db: db.fetchval("SELECT mode FROM site")) == "sandbox"


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO migrations (name, sha256) VALUES ('9999_of_the_future.sql', 'x')",
        "UPDATE migrations SET sha256 = 'x' WHERE name LIKE '0002%'",
    ],
    ids=["unknown", "changed"],
)
def test_a_database_of_another_version_is_refused_with_advice(dsn: str, change: str) -> None:
    on(dsn, lambda db: db.execute(change))
    before = dumped(dsn)
    with pytest.raises(DatabaseError, match=r"9999_of_the_future|0002_ledger") as refused:
        migrated(dsn)
    assert refused.value.advice
    assert dumped(dsn) == before


def test_a_database_without_migrations_is_no_site(empty_dsn: str) -> None:
    async def site() -> None:
        database = await Database.connect(empty_dsn, most=1, revive=None)
        try:
            await database.site()
        finally:
            await database.close()

    with pytest.raises(DatabaseError) as refused:
        asyncio.run(site())
    assert "migrate" in refused.value.advice


# --- what the rows need ------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_a_table_has_exactly_the_columns_of_its_row(dsn: str, table: Table) -> None:
    """Names, types, and which of them may be empty."""
    records = on(dsn, lambda db: db.fetch(
        "SELECT attname, format_type(atttypid, NULL), NOT attnotnull FROM pg_attribute"
        " WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped", table.name,
    ))  # fmt: skip
    hints = get_type_hints(table.kind)
    there = {name: (kind, nullable) for name, kind, nullable in records}
    assert set(there) == {column.name for column in table.columns}
    for column in table.columns:
        kind, nullable = there[column.name]
        assert kind in _types(column), column.name
        assert nullable == (type(None) in get_args(hints.get(column.name))), column.name


def _types(column: Column) -> set[str]:
    if column.expression.endswith("::json"):
        return {"json"}
    if column.expression.startswith("ARRAY"):
        return {"bigint[]" if "::bigint" in column.expression else "text[]"}
    return {
        "bigint": {"bigint", "integer"},
        "timestamptz": {"timestamp with time zone"},
        WORD: {"text"},
    }.get(column.type, {column.type})


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_money_is_kept_in_columns_of_64_bits(dsn: str, table: Table) -> None:
    hints = get_type_hints(table.kind)
    fields = dataclasses.fields(table.kind)  # type: ignore[arg-type]
    money = [each.name for each in fields if hints[each.name] is Money]
    kinds = on(dsn, lambda db: db.fetch(
        "SELECT format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = to_regclass($1) AND attname = ANY($2)", table.name, money,
    ))  # fmt: skip
    assert [kind for (kind,) in kinds] == ["bigint"] * len(money)
