"""Searching: documents find rows, and the rows are read as everywhere else.

Who may see a row is asked again where it is read, by the condition that every list has. So however
old a document may be, it shows nobody what is not theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.contracts import Contract
from earnest.core.milestones.row import Milestone
from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.references import NUMBER_MAX
from earnest.core.rows import Row
from earnest.store.queries import sql
from earnest.store.reads.around import names
from earnest.store.reads.asking import asking, plan_anew
from earnest.store.reads.collections import CONTRACTS, MILESTONES, PROJECTS, Collection
from earnest.store.reads.paging import Branch, Order, Page, Part, items, page
from earnest.store.reads.projects import titles

if TYPE_CHECKING:
    from earnest.store.db import Connection, Database
    from earnest.wire.sought import Sought

#: Only so many of the newest that match are put in order.
NEWEST: Final = 1_000
#: A search that takes longer is of no use to anybody.
TIMEOUT: Final = "2s"

_PUBLIC: Final[Mapping[type[Row], str]] = {
    Project: "documents_of_projects",
    User: "documents_of_people",
}
_PRIVATE: Final[Mapping[type[Row], str]] = {
    Contract: "documents_of_contracts",
    Milestone: "documents_of_milestones",
}
_READ: Final[Mapping[type[Row], Collection[Any]]] = {
    Project: PROJECTS,
    Contract: CONTRACTS,
    Milestone: MILESTONES,
}
_KINDS: Final = {kind.noun: kind for kind in (*_PUBLIC, *_PRIVATE)}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a page ended: how well its last row matched, and its number."""

    rank: int
    id: int


#: Before all others: better than anything that words find is what was asked for by its number.
FIRST: Final = Spot(2, NUMBER_MAX)


@dataclass(frozen=True, slots=True)
class Person:
    """What everybody may know of a person."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: rows in order, and what they are shown with."""

    rows: Sequence[Any]
    names: Mapping[int, str]
    #: What the projects are called that contracts and milestones came of.
    titles: Mapping[int, str]
    #: Where to go on, if there is more.
    following: Spot | None


async def search(
    db: Connection,
    wanted: Sought,
    reader: int,
    kinds: Sequence[type[Row]],
    after: Spot = FIRST,
    limit: int = 50,
) -> Found:
    """One page of what this person may see; on a connection that reads from one moment."""
    named = await _named(db, wanted, kinds) if after == FIRST else []
    hits, following = await _hits(db, wanted, reader, kinds, after, limit)
    places = dict.fromkeys([*named, *((_KINDS[kind], number) for kind, number, _ in hits)])
    rows = await _rows(db, [*places], reader)
    people = {
        number
        for row in rows
        for number in (getattr(row, "employer_id", None), getattr(row, "freelancer_id", None))
        if number is not None
    }
    came_of = {row.project_id or 0 for row in rows if isinstance(row, Contract | Milestone)} - {0}
    return Found(rows, await names(db, people), await titles(db, came_of), following)


async def _named(
    db: Connection, wanted: Sought, kinds: Sequence[type[Row]]
) -> list[tuple[type[Row], int]]:
    """The rows that this can be a number, a reference or an address of."""
    found = [(kind, number) for kind, number in wanted.rows if kind in kinds]
    if wanted.address and User in kinds:
        number = await db.fetchval(sql("people.number_of"), wanted.address)
        found += [(User, number)] if number is not None else []
    return found


async def _hits(
    db: Connection,
    wanted: Sought,
    reader: int,
    kinds: Sequence[type[Row]],
    after: Spot,
    limit: int,
) -> tuple[Sequence[Sequence[Any]], Spot | None]:
    """What the words find: kind, number and rank, and where to go on."""
    asked, called = await asking(db, wanted)
    if asked is None:
        return [], None
    await plan_anew(db, TIMEOUT)
    values = (asked, called, reader, after.rank, after.id, NEWEST, limit + 1)
    found = await db.fetch(_statement(kinds), *values)
    hits = found[:limit]
    more = len(found) > limit
    return hits, Spot(hits[-1]["rank"], hits[-1]["id"]) if more else None


def _statement(kinds: Sequence[type[Row]]) -> str:
    """The text that finds documents of these kinds: each has its newest, and its own plan."""
    every = [
        sql(f"search.of_{whose}").format(table=table)
        for tables, sides in ((_PUBLIC, ("everybody",)), (_PRIVATE, ("employer", "freelancer")))
        for kind, table in tables.items()
        if kind in kinds
        for whose in sides
    ]
    return sql("search.hits").format(branches=" UNION ALL ".join(f"({each})" for each in every))


#: Letters after which a name goes on where few rows are asked: as people are found.
SOON: Final = 2


async def own_projects(
    db: Connection, wanted: Sought, reader: int, most: int
) -> list[tuple[int, str, str]]:
    """Number, title and status of those of a person's projects that are called so, live ones."""
    asked, _ = await asking(db, wanted, SOON)
    if asked is None:
        return []
    found = await db.fetch(sql("projects_shown.own_called"), reader, asked, most)
    return [(record["id"], record["title"], record["status"]) for record in found]


async def own_contracts(
    db: Connection, wanted: Sought, reader: int, statuses: Sequence[str], most: int
) -> list[Contract]:
    """A person's contracts in these statuses, with who is called so or of a project that is."""
    asked, _ = await asking(db, wanted, SOON)
    if asked is None:
        return []
    called = Part("contracts.called", (asked,))
    with_status = Part("lists.with_status", (list(statuses),))
    sides = ("contracts.as_employer", "contracts.as_freelancer")
    branches = tuple(
        Branch("lists.own", (Part(side, (reader,)),), (with_status, called)) for side in sides
    )
    rows, _ = await page(db, CONTRACTS.source, Page(branches, Order(), None, most))
    return rows


async def _rows(db: Connection, places: Sequence[tuple[type[Row], int]], reader: int) -> list[Any]:
    """The rows themselves, in this order; what this person may not see is not there."""
    found: dict[tuple[type[Row], int], Any] = {}
    for kind, collection in _READ.items():
        numbers = [number for each, number in places if each is kind]
        if numbers:
            these = Part("lists.these", (numbers,))
            rows = await items(db, collection.source, these, *collection.seen_by(reader))
            found |= {(kind, row.id): row for row in rows}
    people = {number for kind, number in places if kind is User}
    for number, name in (await names(db, people)).items():
        found[User, number] = Person(number, name)
    return [found[place] for place in places if place in found]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to measure with: how many milestones they pay for, and a row of each kind."""

    id: int
    milestones: int
    milestone: int
    contract: int
    project: int


async def readers(database: Database) -> list[Reader]:
    """Who pays for most milestones, and somebody who pays for a usual number."""
    return [Reader(*record) for record in await database.pool.fetch(sql("search.readers"))]


async def plan_of(
    db: Connection, wanted: Sought, reader: int, kinds: Sequence[type[Row]], limit: int
) -> str:
    """How the words are looked for, as the server explains it; nothing is looked for without."""
    asked, called = await asking(db, wanted)
    if asked is None:
        return ""
    await plan_anew(db, TIMEOUT)
    values = (asked, called, reader, FIRST.rank, FIRST.id, NEWEST, limit + 1)
    lines = await db.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {_statement(kinds)}", *values)
    return "\n".join(line[0] for line in lines)
