"""What is read to tell all that will happen to a person's money.

As much for one contract as for thousands; of very many, those whose clocks may run out first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.commands import Command
from earnest.core.contracts import OFFERED, Contract
from earnest.core.disputes.row import Dispute
from earnest.core.milestones.agreeing import LapseContract
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM_ID, system
from earnest.core.projects.posting import LapseProject
from earnest.core.projects.row import Project
from earnest.core.world import World
from earnest.store.lock import lock
from earnest.store.queries import sql
from earnest.store.reads.around import names, now
from earnest.store.reads.collections import (
    CONTRACTS,
    DEPOSITS,
    DISPUTES,
    MILESTONES,
    PROJECTS,
    RELEASES,
    WITHDRAWALS,
)
from earnest.store.reads.soonest import planned
from earnest.store.rulebooks import rulebooks
from earnest.store.wanted import LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from earnest.core.actions import Action
    from earnest.core.house import House
    from earnest.core.rows import Key, Row
    from earnest.store.db import Connection
    from earnest.store.reads.paging import Source

#: So many contracts, projects, milestones, releases, disputes and payments each.
MOST: Final = 200

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


async def foreseen(db: Connection, person_id: int, house: House) -> Foreseen:
    """Read it for one person."""
    contracts, more = await _first(db, "contracts", CONTRACTS.source, person_id)
    projects, also = await _first(db, "projects", PROJECTS.source, person_id)
    deposits, unpaid = await _first(db, "deposits", DEPOSITS.source, person_id)
    withdrawals, unsent = await _first(db, "withdrawals", WITHDRAWALS.source, person_id)
    payments = [*deposits, *withdrawals]
    offers = [each for each in contracts if each.status in OFFERED]
    active = [each for each in contracts if each.status not in OFFERED]
    within, cut = await _within(db, [each.id for each in active])
    lapsing = [*offers, *projects]
    asked = await lapsing_in(db, lapsing, house) if lapsing else None
    at = await now(db)
    rows: list[Row] = [*active, *within]
    hashes = {each.terms_hash for each in rows if isinstance(each, Contract | Milestone)}
    rules = await rulebooks(db, {each for each in hashes if each is not None})
    running = World(at, house, _placed([*rows, *payments, system(at)]), {}, rules)
    people = {side for each in contracts for side in (each.employer_id, each.freelancer_id)}
    return Foreseen(
        _worlds([*active, *payments], running, lapsing, asked),
        await names(db, {*people, person_id}),
        is_cut=more or also or cut or unpaid or unsent,
    )


async def _first(
    db: Connection, name: str, source: Source[Any], *values: object
) -> tuple[list[Any], bool]:
    """The first so many, and whether there are more."""
    text = sql(f"foreseen.{name}").format(columns=source.names)
    found = [source.read(record) for record in await db.fetch(text, *values, MOST + 1)]
    return found[:MOST], len(found) > MOST


async def _within(db: Connection, contracts: Sequence[int]) -> tuple[list[Row], bool]:
    """What of these contracts wakes first, and whether there is more."""
    if not contracts:
        return [], False
    releases, more = await _first(db, "releases", RELEASES.source, contracts)
    disputes, also = await _first(db, "disputes", DISPUTES.source, contracts)
    of = sorted({each.milestone_id for each in (*releases, *disputes)})
    text = sql("foreseen.milestones").format(columns=MILESTONES.source.names)
    records = await db.fetch(text, contracts, MOST + 1, of)
    milestones = {each.id: each for each in map(MILESTONES.source.read, records)}
    is_cut = more or also or len(records) - len(of) > MOST
    tranches = await planned(db, milestones.values())
    return [*milestones.values(), *releases, *disputes, *tranches], is_cut


async def lapsing_in(db: Connection, lapsing: Sequence[Clocked], house: House) -> World:
    """What the clock itself would look at to let all of these lapse."""
    actions: list[Action[Any]] = [
        LapseContract(each.id) if isinstance(each, Contract) else LapseProject(each.id)
        for each in lapsing
    ]
    commands = [Command(SYSTEM_ID, "", each, 0, b"", "clock") for each in actions]
    return await lock(db, commands, house, LOOKED_AT)


def _worlds(
    active: Iterable[Clocked], running: World, lapsing: Iterable[Clocked], asked: World | None
) -> Iterator[tuple[Clocked, World]]:
    """One for each: what its contract holds, and what belongs to no contract."""
    yield from parted(active, running)
    if asked is not None:
        yield from parted(lapsing, asked)


def parted(each_of: Iterable[Clocked], world: World) -> Iterator[tuple[Clocked, World]]:
    """The world of each of these alone, with what is of no contract."""
    shared: Rows = {}
    own: dict[int, Rows] = {}
    for place, row in world.rows.items():
        of = row.contract_id if isinstance(row, _IN_CONTRACTS) else None
        (shared if of is None else own.setdefault(of, {}))[place] = row
    for each in each_of:
        yield each, replace(world, rows={**shared, **own.get(each.id, {})})


def _placed(rows: Iterable[Row]) -> Rows:
    return {(type(each), each.key): each for each in rows}
