"""Pages: one statement is put together from named fragments, so that an index fits each part.

A list has sides (what I pay, what I am paid); each is read in order to the end of the page, and
the page is the first of them together. A filter that is not asked for is not in the statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from earnest.store.queries import sql
from earnest.store.reads.asking import asking, plan_anew
from earnest.wire.sought import sought

if TYPE_CHECKING:
    from earnest.store.db import Connection

T = TypeVar("T")

#: Conditions on documents: their value is what somebody typed.
WORDED: Final = frozenset({"projects.saying"})
#: A list that takes longer is of no use to anybody.
TIMEOUT: Final = "5s"

_PARAMETER: Final = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Part:
    """A named condition and its values."""

    name: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """Where rows of one kind are read from, and how."""

    table: str
    columns: Sequence[str]
    read: Callable[[Sequence[Any]], T]

    @property
    def names(self) -> str:
        """The columns, for a SELECT."""
        return ", ".join(f"t.{name}" for name in self.columns)


@dataclass(frozen=True, slots=True)
class Branch:
    """One side of a list: the statement it is read by, whose rows, and what else is asked."""

    template: str
    side: tuple[Part, ...]
    where: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What the rows are sorted by: the number alone, or an expression and then the number."""

    by: str | None = None
    down: bool = True

    @property
    def text(self) -> str:
        """For ORDER BY."""
        way = "DESC" if self.down else "ASC"
        return f"{sql(self.by)} {way}, t.id {way}" if self.by else f"t.id {way}"


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page: the value it is sorted by, if any, and its number."""

    value: object
    id: int


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for."""

    branches: tuple[Branch, ...]
    order: Order
    after: Place | None
    limit: int


class Statement:
    """Text that grows together with its values."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.values: list[object] = []

    def value(self, value: object) -> str:
        """One more value, and how the text calls it."""
        self.values.append(value)
        return f"${len(self.values)}"

    def part(self, part: Part) -> str:
        """A fragment: its $1, $2 become the next of the statement."""
        at = len(self.values)
        self.values += part.values
        return _PARAMETER.sub(lambda found: f"${int(found[1]) + at}", sql(part.name))

    def parts(self, parts: Sequence[Part]) -> str:
        """All of them; none is no condition."""
        return " AND ".join(self.part(part) for part in parts) or "TRUE"


async def page(db: Connection, source: Source[T], asked: Page) -> tuple[list[T], bool]:
    """The rows of a page, and whether there are more."""
    if not asked.branches:
        return [], False
    asked = await _worded(db, asked)
    statement = Statement()
    branches = " UNION ALL ".join(
        f"({_branch(statement, source, each, asked)})" for each in asked.branches
    )
    text = sql("lists.together").format(
        branches=branches, order=asked.order.text, limit=statement.value(asked.limit + 1)
    )
    records = await db.fetch(text, *statement.values)
    rows = [source.read(record) for record in records[: asked.limit]]
    return rows, len(records) > asked.limit


async def _worded(db: Connection, asked: Page) -> Page:
    """The same page; what somebody typed is a condition on documents, if any of it is asked for."""
    typed = {
        str(part.values[0])
        for branch in asked.branches
        for part in branch.where
        if part.name in WORDED
    }
    if not typed:
        return asked
    await plan_anew(db, TIMEOUT)
    meant = {text: (await asking(db, sought(text)))[0] for text in sorted(typed)}
    branches = (
        replace(
            branch,
            where=tuple(
                replace(part, values=(meant[str(part.values[0])],)) if part.name in WORDED else part
                for part in branch.where
            ),
        )
        for branch in asked.branches
    )
    return replace(asked, branches=tuple(branches))


def _branch(statement: Statement, source: Source[Any], branch: Branch, asked: Page) -> str:
    where = statement.parts(branch.where)
    if asked.after is not None:
        where = f"{where} AND {_after(statement, asked.order, asked.after)}"
    return sql(branch.template).format(
        columns=source.names,
        table=source.table,
        side=statement.parts(branch.side),
        where=where,
        order=asked.order.text,
        limit=statement.value(asked.limit + 1),
    )


def _after(statement: Statement, order: Order, place: Place) -> str:
    """Where the page before it ended."""
    than = "<" if order.down else ">"
    number = statement.value(place.id)
    if order.by is None:
        return f"t.id {than} {number}"
    return f"({sql(order.by)}, t.id) {than} ({statement.value(place.value)}, {number})"


async def item(db: Connection, source: Source[T], *where: Part) -> T | None:
    """The one row for which all of this is so."""
    statement = Statement()
    text = sql("lists.item").format(
        columns=source.names, table=source.table, where=statement.parts(where)
    )
    record = await db.fetchrow(text, *statement.values)
    return source.read(record) if record is not None else None


async def items(db: Connection, source: Source[T], *where: Part) -> list[T]:
    """All rows for which this is so; for conditions that few rows can meet."""
    statement = Statement()
    text = sql("lists.item").format(
        columns=source.names, table=source.table, where=statement.parts(where)
    )
    return [source.read(record) for record in await db.fetch(text, *statement.values)]
