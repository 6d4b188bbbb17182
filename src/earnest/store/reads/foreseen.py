"""What is read to tell all that will happen to a person's money.

As much for one contract as for thousands; of very many, those whose clocks may run out first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.commands import Command
from earnest.core.contracts import OFFERED, Contract
from earnest.core.disputes.row import Dispute
from earnest.core.fate import FOREVER
from earnest.core.milestones.agreeing import LapseContract
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM_ID, system
from earnest.core.projects.posting import LapseProject
from earnest.core.projects.row import Project
from earnest.core.terms import BOUNDS
from earnest.core.world import World
from earnest.store.lock import lock
from earnest.store.queries import sql
from earnest.store.reads.around import balances, names, now
from earnest.store.reads.collections import (
    CONTRACTS,
    DEPOSITS,
    DISPUTES,
    MILESTONES,
    PROJECTS,
    RELEASES,
    WITHDRAWALS,
)
from earnest.store.reads.paging import Part, items
from earnest.store.reads.projects import BIDS
from earnest.store.reads.soonest import planned
from earnest.store.rulebooks import rulebooks
from earnest.store.wanted import LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from earnest.core.actions import Action
    from earnest.core.house import House
    from earnest.core.rows import Key, Row
    from earnest.store.db import Connection
    from earnest.store.reads.paging import Source

#: So many contracts, projects, milestones, releases, disputes and payments each.
MOST: Final = 200

#: No terms return what nobody touches sooner.
_QUIET: Final = timedelta(seconds=BOUNDS["dormant_seconds"].low)

#: What is of one contract alone.
_IN_CONTRACTS: Final = (Contract, Milestone, Release, Dispute, Tranche)

Rows: TypeAlias = "dict[tuple[type[Row], Key], Row]"
Clocked: TypeAlias = Contract | Project | Deposit | Withdrawal


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What decides all that happens to a person's money by time alone."""

    #: Each with all that decides what becomes of it. Made one by one: they share what they can.
    worlds: Iterator[tuple[Clocked, World]]
    #: What everybody is called who has to do with it.
    names: Mapping[int, str]
    #: Whether there is more than was read.
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody looks: by when, and at how many of each kind."""

    until: datetime = FOREVER
    most: int = MOST
    #: When that is asked; nobody need look at the clock again.
    now: datetime | None = None


async def foreseen(
    db: Connection, person_id: int, house: House, reach: Reach | None = None
) -> Foreseen:
    """Read it for one person: as many statements for much as for little."""
    look = _Look(db, reach or Reach(most=MOST))
    contracts = await look.first("contracts", CONTRACTS.source, person_id, look.until)
    awards = [each for each in contracts if each.status in OFFERED and each.bid_id is not None]
    numbers = sorted({each.project_id for each in awards})
    projects = await look.projects(person_id, numbers)
    deposits = await look.first("deposits", DEPOSITS.source, person_id)
    withdrawals = await look.first("withdrawals", WITHDRAWALS.source, person_id)
    within = await look.within(contracts) if contracts else []
    bids = await items(db, BIDS.source, _these({each.bid_id for each in awards})) if awards else ()
    at = look.reach.now or await now(db)
    lapsing = [each for each in projects if each.wakes_at is not None]
    clocked: list[Clocked] = [*contracts, *deposits, *withdrawals, *lapsing]
    rows: list[Row] = [*clocked, *projects, *within, *bids, system(at)]
    hashes = {each.terms_hash for each in rows if isinstance(each, Contract | Milestone)}
    rules = await rulebooks(db, {each for each in hashes if each is not None})
    reserved = {each.reserve for each in projects if each.reserved_since is not None}
    held = dict(await balances(db, reserved))
    world = World(at, house, {(type(each), each.key): each for each in rows}, held, rules)
    people = {side for each in contracts for side in (each.employer_id, each.freelancer_id)}
    called = await names(db, {*people, person_id})
    return Foreseen(parted(clocked, world), called, is_cut=look.is_cut)


def _these(numbers: Iterable[int]) -> Part:
    return Part("lists.these", (sorted(numbers),))


@dataclass(slots=True)
class _Look:
    """Reads as far as somebody looks; and knows whether there is more."""

    db: Connection
    reach: Reach
    is_cut: bool = False

    @property
    def until(self) -> datetime:
        return self.reach.until

    async def first(
        self, name: str, source: Source[Any], of: int | Sequence[int], *values: object
    ) -> list[Any]:
        """The first so many."""
        most, text = self.reach.most, sql(f"foreseen.{name}").format(columns=source.names)
        records = await self.db.fetch(text, of, most + 1, *values)
        self.is_cut |= len(records) > most
        return [source.read(record) for record in records[:most]]

    async def projects(self, person_id: int, awarded: Sequence[int]) -> list[Project]:
        """Those of which the clock runs; and these, on which it depends what an offer leads to."""
        most, text = self.reach.most, sql("foreseen.projects").format(columns=PROJECTS.source.names)
        records = await self.db.fetch(text, person_id, most + 1, self.until, awarded)
        found = [PROJECTS.source.read(record) for record in records]
        lapsing = [each for each in found if each.wakes_at is not None]
        self.is_cut |= len(lapsing) > most
        return [*lapsing[:most], *(each for each in found if each.wakes_at is None)]

    async def within(self, contracts: Sequence[Contract]) -> list[Row]:
        """What of these contracts wakes first, and all that is offered."""
        most, until = self.reach.most, self.until
        offers = [each.id for each in contracts if each.status in OFFERED]
        active = [each for each in contracts if each.status not in OFFERED]
        numbers = [each.id for each in active]
        releases = await self.first("releases", RELEASES.source, numbers, until)
        disputes = await self.first("disputes", DISPUTES.source, numbers, until)
        of = sorted({each.milestone_id for each in (*releases, *disputes)})
        quiet = [each.id for each in active if each.last_act_at <= until - _QUIET]
        text = sql("foreseen.milestones").format(columns=MILESTONES.source.names)
        records = await self.db.fetch(text, numbers, most + 1, until, quiet, of, offers)
        found = [MILESTONES.source.read(record) for record in records]
        own = [each for each in found if each.contract_id not in offers]
        self.is_cut |= len(own) - len(of) > most
        milestones = {each.id: each for each in found}.values()
        return [*milestones, *releases, *disputes, *await planned(self.db, milestones)]


async def lapsing_in(db: Connection, lapsing: Sequence[Clocked], house: House) -> World:
    """What the clock itself would look at to let all of these lapse."""
    actions: list[Action[Any]] = [
        LapseContract(each.id) if isinstance(each, Contract) else LapseProject(each.id)
        for each in lapsing
    ]
    commands = [Command(SYSTEM_ID, "", each, 0, b"", "clock") for each in actions]
    return await lock(db, commands, house, LOOKED_AT)


def parted(each_of: Iterable[Clocked], world: World) -> Iterator[tuple[Clocked, World]]:
    """The world of each of these alone, with what is of no contract."""
    shared: Rows = {}
    own: dict[int, Rows] = {}
    for place, row in world.rows.items():
        of = row.contract_id if isinstance(row, _IN_CONTRACTS) else None
        (shared if of is None else own.setdefault(of, {}))[place] = row
    for each in each_of:
        yield each, replace(world, rows={**shared, **own.get(each.id, {})})
