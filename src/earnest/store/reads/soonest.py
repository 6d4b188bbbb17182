"""Which clock of each contract comes first: for a list, read for all of its contracts at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from earnest.core.clocks import RANKS, clock_of
from earnest.core.contracts import ACTIVE, Contract
from earnest.core.disputes.row import Dispute
from earnest.core.house import House
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import SUBMITTED, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.world import World
from earnest.store.queries import sql
from earnest.store.reads.collections import DISPUTES, MILESTONES, RELEASES, TRANCHES
from earnest.store.rulebooks import rulebooks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from earnest.core.clocks import Clock
    from earnest.core.rows import Key, Row
    from earnest.store.db import Connection
    from earnest.store.reads.paging import Source

#: Where a clock runs out is the same whatever the time is.
NO_TIME: Final = datetime.min.replace(tzinfo=UTC)
#: So many milestones of each contract that have a date of their own, those that may wake first.
EACH: Final = 30
#: Of what, and of how many in each contract, the clocks are looked at.
_READ: Final[Sequence[tuple[Source[Any], int]]] = (
    (MILESTONES.source, EACH),
    (RELEASES.source, 1),
    (DISPUTES.source, 1),
)


@dataclass(frozen=True, slots=True)
class Soonest:
    """What wakes first in some contracts, and all that its clocks follow from."""

    world: World

    def of(
        self, contract: Contract
    ) -> tuple[Contract | Milestone | Release | Dispute, Clock] | None:
        """What happens first to a contract, or in it; None, too, where that is not sure.

        A row may wake later than it says, and those that were not read may come before it then.
        """
        clock = clock_of(contract, self.world)
        if clock is not None:
            return contract, clock
        rows = [
            row
            for row in self.world.rows.values()
            if isinstance(row, Milestone | Release | Dispute) and row.contract_id == contract.id
        ]
        clocks = [(row, clock) for row in rows if (clock := clock_of(row, self.world)) is not None]
        if not clocks:
            return None
        first = min(clocks, key=lambda each: (each[1].at, RANKS[each[1].action], each[0].id))
        dated = [row.wakes_at for row in rows if _has_a_date(row) and row.wakes_at is not None]
        is_sure = len(dated) < EACH or first[1].at <= max(dated)
        return first if is_sure else None


def _has_a_date(row: Row) -> bool:
    """As the query has it: whether it waits for more than that nobody does anything for long."""
    if not isinstance(row, Milestone):
        return False
    if row.status in SUBMITTED or row.pays_at is not None or row.staff_return_at is not None:
        return True
    return row.due_at is not None and row.agreed_at is not None


async def soonest(db: Connection, contracts: Iterable[Contract]) -> Soonest:
    """Read it: as many statements for one contract as for a hundred."""
    placed: dict[tuple[type[Row], Key], Row] = {(Contract, each.id): each for each in contracts}
    numbers = sorted(
        each.id for each in placed.values() if isinstance(each, Contract) and each.status in ACTIVE
    )
    hashes: set[str] = set()
    if numbers:
        for source, most in _READ:
            text = sql(f"fates.first_{source.table}").format(columns=source.names)
            for row in map(source.read, await db.fetch(text, numbers, most)):
                placed[type(row), row.id] = row
                if isinstance(row, Milestone) and row.terms_hash is not None:
                    hashes.add(row.terms_hash)
    milestones = [row for row in placed.values() if isinstance(row, Milestone)]
    placed |= {(Tranche, each.key): each for each in await paying(db, milestones)}
    return Soonest(World(NO_TIME, House(), placed, {}, await rulebooks(db, hashes)))


async def paying(db: Connection, milestones: Iterable[Milestone]) -> Sequence[Tranche]:
    """The tranches of those that are paid by one next: a list says how much that is."""
    return await planned(db, [each for each in milestones if each.pays_at is not None])


async def planned(db: Connection, milestones: Iterable[Milestone]) -> Sequence[Tranche]:
    """The tranches of these milestones; where there is no plan nobody asks."""
    numbers = [each.id for each in milestones if each.plan is not None]
    if not numbers:
        return ()
    text = sql("fates.tranches").format(columns=TRANCHES.source.names)
    return [TRANCHES.source.read(record) for record in await db.fetch(text, numbers)]
