"""What pages read of projects and bids: who sees which, in which order, and what stands beside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from earnest.core.bids.row import Bid, Proposal
from earnest.core.contracts import Contract
from earnest.core.projects.row import Project
from earnest.store.queries import sql
from earnest.store.reads.around import balances, bidder, names, proposals
from earnest.store.reads.collections import CONTRACTS, MESSAGES, Collection, Side, rows_of
from earnest.store.reads.paging import Branch, Order, Page, Part, item, items, page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from earnest.core.contracts import Message
    from earnest.core.ledger import Account
    from earnest.core.rows import Row
    from earnest.store.db import Connection


#: How projects are looked at: those that are open, one's own, and those that one bid for.
VIEWS: Final = ("open", "posted", "bid")
PROJECTS: Final[Collection[Project]] = Collection(
    rows_of(Project),
    "projects_shown.seen_by_all",
    (
        Side("open", "projects_shown.open_for_bids"),
        Side("posted", "projects.of_employer"),
        Side("bid", "projects_shown.bid_for_by"),
    ),
    filters={
        "skill": "projects.asking_for",
        "reserved": "projects_shown.having_reserved",
        "about": "projects.saying",
    },
)
BIDS: Final[Collection[Bid]] = Collection(
    rows_of(Bid),
    "bids.visible",
    (Side(None, "bids.as_employer"),),
    filters={"project": "bids_shown.for_project", "shortlisted": "bids_shown.on_shortlist"},
    orders={
        "amount": ("bids_shown.by_amount", "bids_shown.by_amount"),
        "days": ("bids_shown.by_period_days", "bids_shown.by_period_days"),
    },
)


@dataclass(slots=True)
class Beside:
    """What stands beside a row on the road from a project to a contract."""

    #: The project that it is, or is about.
    project: Project | None = None
    #: The bid that it is, or came of, and what that proposes.
    bid: Bid | None = None
    proposals: Sequence[Proposal] = ()
    #: What the rules look at.
    rows: list[Row] = field(default_factory=list)
    names: Mapping[int, str] = field(default_factory=dict)
    balances: Mapping[Account, int] = field(default_factory=dict)


async def beside(db: Connection, row: Row, user_id: int) -> Beside:
    """The project of a row, what is reserved for it, its bid, and whether this person has bid."""
    number = row.id if isinstance(row, Project) else getattr(row, "project_id", None)
    if number is None:
        return Beside()
    project = row if isinstance(row, Project) else await _project(db, number)
    found = Beside(project, rows=[project])
    people = {project.employer_id}
    if isinstance(row, Project):
        own = await bidder(db, project.id, user_id)
        found.rows += [own] if own is not None else []
    bid_id = row.id if isinstance(row, Bid) else getattr(row, "bid_id", None)
    if bid_id is not None:
        bid = row if isinstance(row, Bid) else await _bid(db, bid_id)
        found.bid, found.proposals = bid, (await proposals(db, [bid.id]))[bid.id]
        people.add(bid.bidder_id)
    found.names = await names(db, people)
    found.balances = await balances(db, {project.reserve})
    return found


async def _project(db: Connection, number: int) -> Project:
    project = await item(db, PROJECTS.source, Part("lists.this", (number,)))
    assert project is not None, "what is about a project has one"
    return project


async def _bid(db: Connection, number: int) -> Bid:
    bid = await item(db, BIDS.source, Part("lists.this", (number,)))
    assert bid is not None, "what came of a bid has one"
    return bid


async def own_bid(db: Connection, project_id: int, user_id: int) -> Bid | None:
    """A person's bid for a project, if they have one that is not over."""
    text = sql("bids_shown.newest_of_person").format(columns=BIDS.source.names)
    record = await db.fetchrow(text, project_id, user_id)
    return BIDS.source.read(record) if record is not None else None


async def questions(
    db: Connection, project_id: int, asked: Page
) -> tuple[list[Message], Mapping[int, list[Message]], bool]:
    """What was asked about a project, its answers by question, and whether there is more."""
    found, more = await page(db, MESSAGES.source, asked)
    numbers = [each.id for each in found]
    replies: dict[int, list[Message]] = {number: [] for number in numbers}
    if numbers:
        those = Part("projects_shown.answers", (project_id, numbers))
        for each in sorted(await items(db, MESSAGES.source, those), key=lambda each: each.id):
            assert each.question_id is not None, "an answer answers something"
            replies[each.question_id].append(each)
    return found, replies, more


async def contracts(db: Connection, project_id: int, user_id: int, most: int) -> list[Contract]:
    """The contracts of a project that this person is a side of, the newest first."""
    those = Part("projects_shown.contracts_of", (project_id, user_id))
    asked = Page((Branch("lists.own", (those,)),), Order(), None, most)
    found, _ = await page(db, CONTRACTS.source, asked)
    return found


async def open_of(db: Connection, employer_id: int, most: int) -> list[Project]:
    """The projects of an employer that are open, the newest first."""
    those = (
        Part("projects.of_employer", (employer_id,)),
        Part("projects_shown.open_for_bids", (employer_id,)),
    )
    asked = Page((Branch("lists.own", those),), Order(), None, most)
    found, _ = await page(db, PROJECTS.source, asked)
    return found


async def titles(db: Connection, numbers: set[int]) -> Mapping[int, str]:
    """What these projects are called."""
    if not numbers:
        return {}
    found = await db.fetch(sql("projects_shown.titles"), sorted(numbers))
    return {record[0]: record[1] for record in found}
