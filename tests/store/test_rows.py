"""Every kind of row comes back from its table as it was written, whatever is in it."""

from __future__ import annotations

import asyncio
import dataclasses
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Final, Union, get_args, get_origin, get_type_hints

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earnest.core.bids.row import Proposal
from earnest.core.milestones.plans import Plan, Planned
from earnest.core.money import Money
from earnest.core.people import Role, User, UserStatus
from earnest.core.rows import Row
from earnest.core.terms import CLASSIC, Terms
from earnest.store.tables import BY_KIND, TABLES, USER_COLUMNS, Table, user_from

LARGEST: Final = 2**63 - 1

#: Anything that is text to PostgreSQL: no NUL, no lone surrogate.
TEXTS: Final = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
NUMBERS: Final = st.integers(1, LARGEST)
TIMES: Final = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001  # Hypothesis puts the zone on.
    datetime(9999, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
#: As exactly as moments are shown.
SHOWN: Final = TIMES.map(lambda at: at.replace(microsecond=at.microsecond // 1_000 * 1_000))
TERMS: Final = st.builds(
    lambda changes: dataclasses.replace(CLASSIC, **changes),
    st.fixed_dictionaries({
        "fee_bps": st.integers(0, 10_000),
        "unanswered": st.sampled_from(["claim", "arbitration"]),
        "change_rounds": st.integers(0, 10),
    }),
)  # fmt: skip
_PLAIN: Final[dict[object, st.SearchStrategy[Any]]] = {
    str: TEXTS,
    int: NUMBERS,
    datetime: TIMES,
    bool: st.booleans(),
    Terms: TERMS,
}


def of(hint: Any, currency: str) -> st.SearchStrategy[Any]:
    """Anything that a field of this type may be."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        (kind,) = (each for each in inside if each is not type(None))
        return st.none() | of(kind, currency)
    if origin is Mapping:
        return st.dictionaries(TEXTS, TEXTS | st.lists(st.integers(0, 9)), max_size=3)
    if origin is tuple:
        return st.lists(of(inside[0], currency), max_size=4).map(tuple)
    if hint is Plan:
        amount = of(Money, currency)
        tranche = st.builds(Planned, NUMBERS, SHOWN, amount, st.booleans())
        return st.lists(tranche, max_size=3).map(lambda some: Plan(tuple(some)))
    if hint is Money:
        return st.integers(0, LARGEST).map(lambda minor: Money(minor, currency))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    return _PLAIN[hint]


def rows(kind: type[Row]) -> st.SearchStrategy[Row]:
    """Any row of a kind; all its money has one currency."""
    hints = {n: h for n, h in get_type_hints(kind).items() if get_origin(h) is not ClassVar}
    names = [each.name for each in dataclasses.fields(kind)]  # type: ignore[arg-type]

    def in_currency(currency: str) -> st.SearchStrategy[Row]:
        given = {name: of(hints[name], currency) for name in names}
        for name, fits in _FITS.items():
            if name in given and hints[name] is int:
                given[name] = fits
        if kind is Proposal:
            given["days"] = st.none() | st.integers(0, 2**31 - 1)
        return st.builds(kind, **given)

    return st.sampled_from(["USD", "JPY", "KWD"]).flatmap(in_currency)


#: Counters are small numbers in their columns.
_FITS: Final = {
    name: st.integers(0, 2**31 - 1)
    for name in (
        *("unanswered", "milestones", "rounds", "bids", "offered", "active", "live"),
        *("position", "period_days", "quality", "communication", "fairness", "punctuality"),
        "again",
    )
}


@pytest.fixture
def connection(dsn: str) -> Iterator[Callable[[Any], Any]]:
    """Run what needs a connection, on one without constraints: rows alone are asked about here."""
    loop = asyncio.new_event_loop()
    opened = loop.run_until_complete(asyncpg.connect(dsn))
    loop.run_until_complete(unconstrained(opened))
    try:
        yield lambda story: loop.run_until_complete(story(opened))
    finally:
        loop.run_until_complete(opened.close())
        loop.close()


async def unconstrained(connection: asyncpg.Connection[Any]) -> None:
    for table, name in await connection.fetch(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'f')"
        " AND connamespace = 'public'::regnamespace"
    ):
        await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def _read(table: Table) -> str:
    return f"SELECT {table.names} FROM {table.name}"


async def kept(connection: asyncpg.Connection[Any], table: Table, *asked: Row) -> list[Row]:
    """Write new rows as a batch does, and read them as a batch does."""
    await connection.execute(table.insert(1), *table.arrays(asked))
    return await read(connection, table)


async def read(connection: asyncpg.Connection[Any], table: Table) -> list[Row]:
    return [table.read(record) for record in await connection.fetch(_read(table))]


@pytest.mark.parametrize("kind", BY_KIND, ids=lambda kind: str(kind.noun))
def test_rows_come_back_as_they_were_written(
    kind: type[Row], connection: Callable[[Any], Any]
) -> None:
    table = BY_KIND[kind]

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(rows(kind), min_size=1, max_size=5, unique_by=lambda row: row.key))
    def there_and_back(written: list[Row]) -> None:
        async def story(db: asyncpg.Connection[Any]) -> list[Row]:
            await db.execute(f"TRUNCATE {table.name}")
            return await kept(db, table, *written)

        found = connection(story)
        assert sorted(found, key=repr) == sorted(written, key=repr)

    there_and_back()


#: Spelled out a second time: what a row was made as, which no later writing touches.
MADE_AS: Final = (
    *("contract_id", "project_id", "bid_id"),
    *("employer_id", "freelancer_id", "bidder_id", "user_id", "currency", "created_at"),
    *("gateway", "sandbox", "destination_type", "destination_account", "destination_name"),
    *("reviewer_id", "reviewed_id", "plan"),
)
_CHANGING: Final = [table for table in TABLES if not table.fixed]


@pytest.mark.parametrize("whole", [False, True], ids=["often", "whole"])
@pytest.mark.parametrize("table", _CHANGING, ids=lambda table: str(table.name))
def test_a_row_written_again_is_as_it_was_written_last(
    table: Table, whole: bool, connection: Callable[[Any], Any]
) -> None:
    """But for what a row was made as: references, currency, creation never change."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows(table.kind), rows(table.kind))
    def there_and_back(first: Row, last: Row) -> None:
        async def story(db: asyncpg.Connection[Any]) -> list[Row]:
            await db.execute(f"TRUNCATE {table.name}")
            await kept(db, table, first)
            changes = table.changes([same], whole=whole)
            await db.execute(table.update(1, whole=whole), *changes)
            return await read(db, table)

        fields = {each.name for each in dataclasses.fields(first)}  # type: ignore[arg-type]
        agreed = () if whole else table.keeps  # Written only when both have agreed to it.
        was = {name: getattr(first, name) for name in fields & {*MADE_AS, *agreed, *table.key}}
        amounts = {
            each.name: Money(getattr(last, each.name).minor, currency_of(first))
            for each in dataclasses.fields(last)  # type: ignore[arg-type]
            if isinstance(getattr(last, each.name), Money)
        }
        same = dataclasses.replace(last, **{**amounts, **was})  # type: ignore[type-var]
        assert connection(story) == [same]

    there_and_back()


def currency_of(row: Row) -> str:
    values = (getattr(row, each.name) for each in dataclasses.fields(row))  # type: ignore[arg-type]
    return next(value.currency for value in values if isinstance(value, Money))


def test_people_come_back_as_they_were_written(connection: Callable[[Any], Any]) -> None:
    """They are written by hand, with their roles as a list."""
    people = st.builds(
        User, NUMBERS, TEXTS, TEXTS, st.sampled_from(UserStatus),
        st.frozensets(st.sampled_from(Role)), TIMES, TIMES,
    )  # fmt: skip

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(people)
    def there_and_back(user: User) -> None:
        async def story(db: asyncpg.Connection[Any]) -> list[User]:
            await db.execute("TRUNCATE users CASCADE")
            await db.execute(
                f"INSERT INTO users ({USER_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                user.id,
                user.name,
                user.email,
                user.status,
                list(user.roles),
                user.created_at,
                user.updated_at,
            )
            return [user_from(r) for r in await db.fetch(f"SELECT {USER_COLUMNS} FROM users")]

        assert connection(story) == [user]

    there_and_back()
