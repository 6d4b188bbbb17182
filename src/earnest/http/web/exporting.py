"""Lists as files: all rows of the filter that a page has, with columns that stay.

Amounts are decimals beside their currency, moments are UTC, statuses are those of the API.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.milestones.row import Milestone
from earnest.core.money import Money
from earnest.core.references import printed
from earnest.core.rows import wire_time
from earnest.http.web import listing, tables
from earnest.http.web.paying import destination
from earnest.store.reads import pages, rooms
from earnest.store.reads.around import balances, names, seen
from earnest.wire.surroundings import time
from earnest.words.notices import TOPICS, said

if TYPE_CHECKING:
    from starlette.responses import Response

    from earnest.core.bids.row import Bid
    from earnest.core.contracts import Contract
    from earnest.core.disputes.row import Dispute
    from earnest.core.payments.depositing import Deposit
    from earnest.core.payments.withdrawing import Withdrawal
    from earnest.core.projects.row import Project
    from earnest.http.web.listing import Asked
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.store.reads.notices import Told

Lines: TypeAlias = list[Sequence[object]]


@dataclass(frozen=True, slots=True)
class File:
    """One list as a file: what it is called, its columns, and the cells of its rows."""

    name: str
    head: Sequence[str]
    cells: Callable[[Connection, Visit, Sequence[Any]], Awaitable[Lines]]

    def of(self, visit: Visit, asked: Asked) -> Response:
        """All rows that are asked for, whichever page of them somebody looks at."""
        me = visit.me.id

        async def read(db: Connection, now: Asked) -> tuple[Lines, str | None]:
            rows, following = await now.rows(db, me, listing.ROWS_OF_A_FILE)
            return (await self.cells(db, visit, rows) if rows else []), following

        lines = listing.file_of(visit, self.head, read, asked)
        return listing.download(lines, f"{self.name}.csv")


async def _milestones(db: Connection, _visit: Visit, rows: Sequence[Milestone]) -> Lines:
    around = (await seen(db, rows)).around
    return [tables.milestone_cells(row, around) for row in rows]


async def _contracts(db: Connection, visit: Visit, rows: Sequence[Contract]) -> Lines:
    people = await names(db, {n for row in rows for n in (row.employer_id, row.freelancer_id)})
    held = await pages.held_in(db, [row.id for row in rows])
    found: Lines = []
    for row in rows:
        live, minor = held.get(row.id, (0, 0))
        found.append(
            (
                *(row.reference, people[row.employer_id], people[row.freelancer_id]),
                *(row.standing(visit.as_of).value, row.currency, live),
                *(Money(minor, row.currency).decimal, wire_time(row.created_at)),
            )
        )
    return found


async def _disputes(db: Connection, _visit: Visit, rows: Sequence[Dispute]) -> Lines:
    people = await names(db, {n for row in rows for n in (row.employer_id, row.freelancer_id)})
    milestones = await rooms.milestones_of(db, rows)
    return [
        (
            *(row.reference, printed(Milestone.prefix, row.milestone_id)),
            milestones[row.milestone_id].description,
            *(people[row.employer_id], people[row.freelancer_id], row.status.value),
            *(row.amount.currency, row.amount.decimal, time(row.wakes_at)),
            wire_time(row.created_at),
        )
        for row in rows
    ]


async def _projects(db: Connection, _visit: Visit, rows: Sequence[Project]) -> Lines:
    people = await names(db, {row.employer_id for row in rows})
    reserved = await balances(db, {row.reserve for row in rows if row.reserved_since})
    return [
        (
            *(row.reference, row.title, people[row.employer_id], row.status.value, row.currency),
            *(row.budget_min.decimal, row.budget_max.decimal),
            Money(reserved.get(row.reserve, 0), row.currency).decimal,
            *(row.bids, wire_time(row.closes_at), wire_time(row.created_at)),
        )
        for row in rows
    ]


async def _bids(db: Connection, _visit: Visit, rows: Sequence[Bid]) -> Lines:
    people = await names(db, {row.bidder_id for row in rows})
    return [
        (
            *(row.reference, people[row.bidder_id], row.status.value),
            *(row.amount.currency, row.amount.decimal, row.period_days, row.milestones),
            *("yes" if row.shortlisted else "no", wire_time(row.created_at)),
        )
        for row in rows
    ]


async def _deposits(_db: Connection, _visit: Visit, rows: Sequence[Deposit]) -> Lines:
    return [
        (
            *(row.reference, row.gateway, row.status.value),
            *(row.amount.currency, row.amount.decimal, wire_time(row.created_at)),
        )
        for row in rows
    ]


async def _withdrawals(_db: Connection, _visit: Visit, rows: Sequence[Withdrawal]) -> Lines:
    return [
        (
            *(row.reference, row.gateway, destination(row), row.status.value),
            *(row.amount.currency, row.amount.decimal, wire_time(row.created_at)),
        )
        for row in rows
    ]


async def _notices(_db: Connection, visit: Visit, rows: Sequence[Told]) -> Lines:
    found: Lines = []
    for each in rows:
        words = said(each.notice, visit.locale, visit.zone)
        found.append(
            (
                *(each.notice.reference, wire_time(each.notice.at), TOPICS[each.notice.topic][0]),
                *(words.title, words.text, words.path, time(each.notice.read_at)),
            )
        )
    return found


MILESTONES: Final = File("milestones", tables.MILESTONE_COLUMNS, _milestones)
CONTRACTS: Final = File(
    "contracts",
    ("id", "employer", "freelancer", "status", "currency", "open_milestones", "held", "created_at"),
    _contracts,
)
DISPUTES: Final = File(
    "disputes",
    ("id", "milestone", "description", "employer", "freelancer", "status", "currency", "amount",
     "until", "created_at"),
    _disputes,
)  # fmt: skip
PROJECTS: Final = File(
    "projects",
    ("id", "title", "employer", "status", "currency", "budget_min", "budget_max", "reserved",
     "bids", "closes_at", "created_at"),
    _projects,
)  # fmt: skip
BIDS: Final = File(
    "bids",
    ("id", "bidder", "status", "currency", "amount", "days", "milestones", "shortlisted",
     "created_at"),
    _bids,
)  # fmt: skip
DEPOSITS: Final = File(
    "deposits", ("id", "gateway", "status", "currency", "amount", "created_at"), _deposits
)
WITHDRAWALS: Final = File(
    "withdrawals",
    ("id", "gateway", "destination", "status", "currency", "amount", "created_at"),
    _withdrawals,
)
NOTICES: Final = File(
    "notices", ("id", "at", "topic", "title", "text", "address", "read_at"), _notices
)
