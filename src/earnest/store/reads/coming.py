"""What is read to tell what the clocks will do to a person's money soon.

Of the contracts that wake first, what may wake first in each: it costs the same for one contract as
for thousands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from earnest.core.clocks import clock_of
from earnest.core.contracts import ACTIVE
from earnest.core.disputes.row import Dispute
from earnest.core.fate import outcome
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.people import SYSTEM_ID, User, system
from earnest.store.queries import sql
from earnest.store.reads.around import names
from earnest.store.reads.collections import CONTRACTS, MILESTONES
from earnest.store.reads.foreseen import parted
from earnest.store.reads.paging import Part, items
from earnest.store.reads.soonest import planned, soonest
from earnest.store.rulebooks import rulebooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from earnest.core.fate import Step
    from earnest.core.house import House
    from earnest.core.world import World
    from earnest.store.db import Connection

#: In so many contracts, those that wake first.
CONTRACTS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens until some day if nobody does anything."""

    #: Each with the world that it happens in, the first first.
    steps: Sequence[tuple[Step, World]]
    names: Mapping[int, str]
    #: Whether there may be more of it than was read.
    is_cut: bool


async def coming(
    db: Connection, person_id: int, house: House, now: datetime, until: datetime
) -> Coming:
    """Read it for one person."""
    text = sql("foreseen.contracts").format(columns=CONTRACTS.source.names)
    records = await db.fetch(text, person_id, CONTRACTS_MAX + 1)
    found = [CONTRACTS.source.read(record) for record in records]
    near = [each for each in found if each.wakes_at and each.wakes_at <= until]
    contracts = [each for each in near[:CONTRACTS_MAX] if each.status in ACTIVE]
    world = replace((await soonest(db, contracts)).world, now=now, house=house)
    await _complete(db, world)
    steps = [
        (step, part)
        for _, part in parted(contracts, world)
        for step in _steps(part)
        if now <= step.at <= until
    ]
    people = {side for each in contracts for side in (each.employer_id, each.freelancer_id)}
    steps.sort(key=lambda each: (each[0].at, each[0].subject.key))
    return Coming(steps, await names(db, {*people, person_id}), len(near) > CONTRACTS_MAX)


async def _complete(db: Connection, world: World) -> None:
    """Add what clocks decide by, and do not only follow from: milestones, plans, and who acts."""
    wanted = {
        row.milestone_id for row in world.rows.values() if isinstance(row, Release | Dispute)
    } - {row.id for row in world.rows.values() if isinstance(row, Milestone)}
    these = Part("lists.these", (sorted(wanted),))
    added: Sequence[Milestone] = await items(db, MILESTONES.source, these) if wanted else ()
    world.rows |= {(Milestone, each.id): each for each in added}
    milestones = [row for row in world.rows.values() if isinstance(row, Milestone)]
    world.rows |= {(Tranche, each.key): each for each in await planned(db, milestones)}
    hashes = {each.terms_hash for each in added if each.terms_hash is not None}
    world.rulebooks = {**world.rulebooks, **await rulebooks(db, hashes)}
    world.rows[User, SYSTEM_ID] = system(world.now)


def _steps(world: World) -> Iterator[Step]:
    """What the next clock of each row of a contract leads to."""
    for row in [*world.rows.values()]:
        is_live = isinstance(row, Milestone) and row.status in HOLDING
        if not is_live and not isinstance(row, Release | Dispute):
            continue
        clock = clock_of(row, world)
        step = None if clock is None else outcome(row, clock, world)
        if step is not None:
            yield step
