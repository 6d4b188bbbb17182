"""What is due in the contracts of a batch: found and locked with what its commands name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from earnest.core.clocks import WITHIN, leads_to
from earnest.core.contracts import ACTIVE, Contract
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import Milestone
from earnest.store.arrays import parameter, sent
from earnest.store.tables import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from earnest.core.actions import Action
    from earnest.core.rows import Row, Waking
    from earnest.core.world import World
    from earnest.store.db import Connection
    from earnest.store.wanted import Wanted

_RELEASES = f"""
SELECT {BY_KIND[Release].names} FROM releases
WHERE id = ANY({parameter(1, "bigint")}) OR contract_id = ANY($2) AND wakes_at <= $3
ORDER BY id {{}}
"""
_LATER = """
SELECT contract_id, min(wakes_at) FROM (
    SELECT contract_id, wakes_at FROM milestones
    WHERE contract_id = ANY($1::bigint[]) AND wakes_at > $2
    UNION ALL
    SELECT contract_id, wakes_at FROM releases
    WHERE contract_id = ANY($1::bigint[]) AND wakes_at > $2
    UNION ALL
    SELECT contract_id, wakes_at FROM disputes
    WHERE contract_id = ANY($1::bigint[]) AND wakes_at > $2
) t
GROUP BY contract_id
"""


def may_be_due(rows: Iterable[Row], now: datetime) -> list[int]:
    """The active contracts among these in which something may be due."""
    return sorted(
        row.id
        for row in rows
        if isinstance(row, Contract)
        and row.status in ACTIVE
        and row.wakes_at is not None
        and row.wakes_at <= now
    )


async def locked_releases(db: Connection, wanted: Wanted, now: datetime) -> Sequence[Row]:
    """Those that were named and those that are due; their milestones are named by that too."""
    ids = wanted.ids(Release)
    if not ids and not wanted.due:
        return ()
    text = _RELEASES.format(wanted.hold.rows)
    records = await db.fetch(text, sent(ids, "bigint"), wanted.due, now)
    found = [BY_KIND[Release].read(record) for record in records]
    of = {row.milestone_id for row in found if isinstance(row, Release)}
    wanted.subjects.setdefault(Milestone, set()).update(of)
    return found


async def later(db: Connection, due: Sequence[int], now: datetime) -> Mapping[int, datetime]:
    """Of these contracts: when what is not due of them wakes."""
    return dict(await db.fetch(_LATER, due, now))


def asked(world: World) -> Iterable[tuple[Waking, Action[Any]]]:
    """Whatever the clocks that have run out may lead to."""
    for row in world.rows.values():
        if isinstance(row, WITHIN) and row.wakes_at is not None and row.wakes_at <= world.now:
            for each in leads_to(row):
                yield row, each
