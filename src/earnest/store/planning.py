"""What is read of plans: the milestones of tranches that are named, and the tranches of plans.

Whoever holds a milestone holds its tranches. Where no milestone has a plan nobody asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.store.arrays import parameter, sent
from earnest.store.tables import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from earnest.core.rows import Row
    from earnest.store.db import Connection
    from earnest.store.wanted import Wanted

_THEIR_MILESTONES = f"SELECT milestone_id FROM tranches WHERE id = ANY({parameter(1, 'bigint')})"
_TRANCHES = f"""
SELECT {BY_KIND[Tranche].names} FROM tranches
WHERE milestone_id = ANY({parameter(1, "bigint")}) OR id = ANY({parameter(2, "bigint")})
"""


async def name_milestones(db: Connection, wanted: Wanted) -> None:
    """The milestones of the tranches that are named: references never change."""
    ids = wanted.ids(Tranche)
    if ids:
        found = await db.fetch(_THEIR_MILESTONES, sent(ids, "bigint"))
        wanted.subjects.setdefault(Milestone, set()).update(record[0] for record in found)


async def tranches(db: Connection, wanted: Wanted, rows: Iterable[Row]) -> Sequence[Row]:
    """Those that are named, and those of all milestones here that have a plan and are not over."""
    ids = wanted.ids(Tranche)
    of = sorted(
        row.id
        for row in rows
        if isinstance(row, Milestone) and row.plan is not None and row.status in HOLDING
    )
    if not ids and not of:
        return ()
    found = await db.fetch(_TRANCHES, sent(of, "bigint"), sent(ids, "bigint"))
    return [BY_KIND[Tranche].read(record) for record in found]
