"""What is read to tell what happens if nobody does anything: as much for one row as for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from earnest.core.commands import Command
from earnest.core.contracts import ACTIVE, OFFERED, Contract
from earnest.core.disputes.row import Dispute
from earnest.core.milestones.agreeing import LapseContract
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM_ID, User, system
from earnest.core.projects.posting import LapseProject
from earnest.core.projects.row import Project
from earnest.core.world import World
from earnest.store.lock import lock
from earnest.store.queries import sql
from earnest.store.reads.around import now
from earnest.store.reads.collections import CONTRACTS, DISPUTES, MILESTONES, RELEASES
from earnest.store.reads.paging import Part, item
from earnest.store.reads.soonest import planned
from earnest.store.rulebooks import rulebooks
from earnest.store.wanted import LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.core.actions import Action
    from earnest.core.house import House
    from earnest.core.rows import Key, Row
    from earnest.store.db import Connection

#: Of a contract with more milestones than this, those whose clocks may run out first; and one
#: that has no clock, so that it is known whether all of it ends.
MOST: Final = 100


async def silence(db: Connection, row: Row, house: House, clocked: int = MOST) -> World:
    """All that decides what becomes of a row when nobody acts; where nothing does, nothing.

    Of a contract's milestones so many that have a clock are read, those that wake first.
    """
    if isinstance(row, Deposit | Withdrawal):
        return await _world(db, [row], house)
    if isinstance(row, Project):
        return await _asked(db, house, LapseProject(row.id), *await _offers(db, row))
    contract = await _contract_of(db, row)
    if contract is None:
        return World(await now(db), house, {}, {}, {})
    if contract.status in OFFERED:
        world = await _asked(db, house, LapseContract(contract.id))
        if isinstance(row, Milestone):
            _leave(world, row)
        return world
    rows: list[Row] = [contract]
    if contract.status in ACTIVE:
        rows += await _within(db, row, clocked)
    return await _world(db, rows, house)


async def _contract_of(db: Connection, row: Row) -> Contract | None:
    if isinstance(row, Contract):
        return row
    if not isinstance(row, Milestone | Release | Dispute | Tranche):
        return None
    found: Contract | None = await item(
        db, CONTRACTS.source, Part("lists.this", (row.contract_id,))
    )
    return found


async def _asked(db: Connection, house: House, *actions: Action[Any]) -> World:
    """What the clock itself would look at."""
    commands = [Command(SYSTEM_ID, "", each, 0, b"", "clock") for each in actions]
    return await lock(db, commands, house, LOOKED_AT)


async def _offers(db: Connection, project: Project) -> Sequence[LapseContract]:
    """What is done about its offers that nobody answers; where there are none nobody asks."""
    if not project.offered:
        return ()
    found = await db.fetch(sql("fates.offers"), project.id, MOST)
    return [LapseContract(each[0]) for each in found]


def _leave(world: World, row: Milestone) -> None:
    """Of an offer only this milestone, so that what is told is its own."""
    for place, each in [*world.rows.items()]:
        if isinstance(each, Milestone) and each.id != row.id:
            del world.rows[place]


async def _within(db: Connection, row: Row, clocked: int) -> Sequence[Row]:
    """What holds money, or has it on its way or frozen, of a contract or a milestone."""
    if isinstance(row, Contract):
        text = sql("fates.milestones").format(columns=MILESTONES.source.names)
        found = await db.fetch(text, row.id, clocked, MOST)
        milestones = [MILESTONES.source.read(record) for record in found]
    else:
        number = row.milestone_id if isinstance(row, Release | Dispute | Tranche) else row.key
        this = await item(db, MILESTONES.source, Part("lists.this", (number,)))
        milestones = [this] if this is not None and this.status in HOLDING else []
    if not milestones:
        return ()
    contract_id, numbers = milestones[0].contract_id, [each.id for each in milestones]
    going = await on_their_way(db, contract_id, numbers)
    disputed = await _disputed(db, milestones)
    return [*milestones, *going, *disputed, *await planned(db, milestones)]


async def on_their_way(
    db: Connection, contract_id: int, milestones: Sequence[int]
) -> Sequence[Release]:
    """The releases of these milestones that are not final yet, the first to be so first."""
    text = sql("fates.releases").format(columns=RELEASES.source.names)
    found = await db.fetch(text, contract_id, milestones, MOST)
    return [RELEASES.source.read(record) for record in found]


async def _disputed(db: Connection, milestones: Sequence[Milestone]) -> Sequence[Dispute]:
    """The disputes about these milestones; where nothing is frozen nobody asks."""
    numbers = [each.id for each in milestones if each.frozen.is_positive]
    if not numbers:
        return ()
    text = sql("fates.disputes").format(columns=DISPUTES.source.names)
    return [DISPUTES.source.read(record) for record in await db.fetch(text, numbers)]


async def _world(db: Connection, rows: Sequence[Row], house: House) -> World:
    at = await now(db)
    placed: dict[tuple[type[Row], Key], Row] = {(type(each), each.key): each for each in rows}
    placed[User, SYSTEM_ID] = system(at)
    hashes = {each.terms_hash for each in rows if isinstance(each, Contract | Milestone)}
    rules = await rulebooks(db, {each for each in hashes if each is not None})
    return World(at, house, placed, {}, rules)
