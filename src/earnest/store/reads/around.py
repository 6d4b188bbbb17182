"""What a shape says beside its own row: names, balances and rule books, one statement each."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from earnest.core.bids.row import Bid, Bidder, Proposal
from earnest.core.contracts import MILESTONES_WHILE_OFFERED_MAX, Contract, Message
from earnest.core.disputes.exhibiting import Exhibit
from earnest.core.files import File
from earnest.core.house import House
from earnest.core.ledger import Account
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.money import Money
from earnest.core.projects.row import Project
from earnest.core.world import World
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.queries import sql
from earnest.store.reads.collections import CONTRACTS, MILESTONES, PROJECTS, rows_of
from earnest.store.reads.soonest import NO_TIME, Soonest, paying, soonest
from earnest.store.rulebooks import rulebooks
from earnest.store.tables import BY_KIND
from earnest.wire.shapes import Acceptance
from earnest.wire.surroundings import Surroundings

if TYPE_CHECKING:
    from earnest.core.rows import Key, Row
    from earnest.store.db import Connection, Database


_PROPOSALS: Final = rows_of(Proposal)
_FILES: Final = rows_of(File)
_PEOPLE = (
    *("employer_id", "freelancer_id", "bidder_id", "sender_id", "actor_id", "owner_id"),
    *("reviewer_id", "reviewed_id", "opener_id", "arbiter_id", "maker_id", "proposer_id"),
)
_WITH_FILES: Final = (Project, Bid, Message, Exhibit)


@dataclass(slots=True)
class Seen:
    """Everything that is needed to show some rows."""

    around: Surroundings
    #: What accepting each contract among them would name.
    acceptances: Mapping[int, Acceptance]
    #: The contracts and rule books that the clocks of these rows follow from.
    known: World
    #: Of each contract among them what happens first, if that is to be told.
    soonest: Soonest
    #: Of a contract that is looked at alone, live milestones: all while it is offered, and later
    #: so many that what they forbid is forbidden.
    milestones: Sequence[Milestone] = ()
    #: Of each bid among them its project, by the project's number, and what it proposes.
    projects: Mapping[int, Project] = field(default_factory=dict)
    proposals: Mapping[int, Sequence[Proposal]] = field(default_factory=dict)
    #: Who reads them, where that is one person.
    reader: int | None = None


@contextlib.asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Connection]:
    """A connection on which every statement sees the same moment: rows and balances agree."""
    async with (
        database.pool.acquire(timeout=CONNECTION_SECONDS) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield connection


async def seen(
    db: Connection,
    rows: Sequence[Any],
    reader: int | None = None,
    *,
    alone: bool = False,
    tells_next: bool = True,
) -> Seen:
    """Read what these rows are shown with; as many statements for one row as for a hundred.

    Alone is a row of which is also said what can be done with it.
    """
    contracts = [row for row in rows if isinstance(row, Contract)]
    live = await live_milestones(db, contracts[0].id) if alone and contracts else []
    milestones = [row for row in (*rows, *live) if isinstance(row, Milestone)]
    held = {m.escrow for m in milestones if m.status in HOLDING}
    held |= {row.reserve for row in rows if isinstance(row, Project) and row.reserved_since}
    known = await _known(db, contracts, milestones)
    found = (getattr(row, each, None) for row in rows for each in _PEOPLE)
    people = {number for number in found if number is not None}
    around = Surroundings(
        names=await names(db, people),
        balances=await balances(db, held),
        rulebooks=known.rulebooks,
        files=await files_at(db, rows),
    )
    bids = [row for row in rows if isinstance(row, Bid)]
    return Seen(
        around,
        await _acceptances(db, contracts),
        known,
        await soonest(db, contracts if tells_next else ()),
        live,
        await _projects(db, bids),
        await proposals(db, [bid.id for bid in bids]),
        reader,
    )


async def _known(
    db: Connection, contracts: Iterable[Contract], milestones: Iterable[Milestone]
) -> World:
    """The contracts and tranches of what holds money, and the rule books of all of these."""
    found: dict[tuple[type[Row], Key], Row] = {(Contract, each.id): each for each in contracts}
    holding = [each for each in milestones if each.status in HOLDING]
    missing = {each.contract_id for each in holding} - {number for _, number in found}
    if missing:
        text = sql("contracts.these").format(columns=CONTRACTS.source.names)
        for record in await db.fetch(text, sorted(missing)):
            contract = CONTRACTS.source.read(record)
            found[Contract, contract.id] = contract
    hashes: set[str | None] = {each.terms_hash for each in milestones}
    hashes |= {each.terms_hash for each in contracts}
    rules = await rulebooks(db, {each for each in hashes if each is not None})
    found |= {(type(each), each.key): each for each in await paying(db, holding)}
    return World(NO_TIME, House(), found, {}, dict(rules))


async def _projects(db: Connection, bids: Sequence[Bid]) -> Mapping[int, Project]:
    """The projects that these bids are for, by their numbers."""
    if not bids:
        return {}
    text = sql("projects.these").format(columns=PROJECTS.source.names)
    found = await db.fetch(text, sorted({bid.project_id for bid in bids}))
    return {project.id: project for project in map(PROJECTS.source.read, found)}


async def proposals(db: Connection, bids: Sequence[int]) -> Mapping[int, Sequence[Proposal]]:
    """What each of these bids proposes, in order."""
    proposed: dict[int, list[Proposal]] = {number: [] for number in bids}
    if bids:
        text = sql("bids.proposals").format(columns=_PROPOSALS.names)
        for record in await db.fetch(text, sorted(proposed)):
            each: Proposal = _PROPOSALS.read(record)
            proposed[each.bid_id].append(each)
    return proposed


async def files_at(db: Connection, rows: Iterable[Any]) -> Mapping[int, Sequence[File]]:
    """What is attached to each of these rows that has anything, in order."""
    parents = {row.id for row in rows if isinstance(row, _WITH_FILES) and row.files}
    found: dict[int, list[File]] = {number: [] for number in parents}
    if parents:
        text = sql("files.attached").format(columns=_FILES.names)
        for parent_id, *record in await db.fetch(text, sorted(parents)):
            found[parent_id].append(_FILES.read(record))
    return found


async def bidder(db: Connection, project_id: int, person_id: int) -> Bidder | None:
    """How many bids of a person for a project are not over; nobody has bid yet if it is None."""
    table = BY_KIND[Bidder]
    text = sql("projects.bidder").format(columns=table.names)
    record = await db.fetchrow(text, project_id, person_id)
    found = table.read(record) if record is not None else None
    assert found is None or isinstance(found, Bidder)
    return found


async def live_milestones(db: Connection, contract_id: int) -> list[Milestone]:
    """Milestones of a contract that have not ended, oldest first; of very many some."""
    text = sql("milestones.live_of_contract").format(columns=MILESTONES.source.names)
    found = await db.fetch(text, contract_id, MILESTONES_WHILE_OFFERED_MAX)
    return sorted(map(MILESTONES.source.read, found), key=lambda each: each.id)


async def _acceptances(db: Connection, contracts: Sequence[Contract]) -> Mapping[int, Acceptance]:
    """What accepting each of these would name: in one statement, without their rows."""
    named = {each.id: Acceptance(Money.zero(each.currency), (), ()) for each in contracts}
    if named:
        text = sql("milestones.accepted_with").format(left=sql("milestones.left"))
        for number, held, releasing, ids, hashes in await db.fetch(text, sorted(named)):
            currency = named[number].funded.currency
            going = Money(releasing, currency) if releasing else None
            named[number] = Acceptance(Money(held, currency), ids, hashes, going)
    return named


async def names(db: Connection, people: Iterable[int]) -> Mapping[int, str]:
    """What these people are called."""
    wanted = sorted(people)
    if not wanted:
        return {}
    return {record[0]: record[1] for record in await db.fetch(sql("people.names"), wanted)}


async def balances(db: Connection, accounts: Iterable[Account]) -> Mapping[Account, int]:
    """What these accounts hold."""
    wanted = sorted(accounts)
    if not wanted:
        return {}
    columns = (list(column) for column in zip(*wanted, strict=True))
    found = await db.fetch(sql("accounts.balances"), *columns)
    return {Account(r[0], r[1], r[2]): r[3] for r in found}


async def now(db: Connection) -> datetime:
    """The clock that decides."""
    moment: datetime = await db.fetchval(sql("site.now"))
    return moment
