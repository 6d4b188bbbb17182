"""What a batch reads of disputes: those that it names, those that are due, and who knows whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.disputes.row import Dispute
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.milestones.row import Milestone
from earnest.core.people import User
from earnest.store.arrays import parameter, sent
from earnest.store.tables import BY_KIND, USER_COLUMNS, user_from

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from earnest.core.commands import Command
    from earnest.core.rows import Row
    from earnest.core.world import World
    from earnest.store.db import Connection
    from earnest.store.wanted import Wanted

_DISPUTES = f"""
SELECT {BY_KIND[Dispute].names} FROM disputes
WHERE id = ANY({parameter(1, "bigint")}) OR contract_id = ANY($2) AND wakes_at <= $3
ORDER BY id {{}}
"""
_PEOPLE = f"SELECT {USER_COLUMNS} FROM users WHERE id = ANY($1)"
#: An offer that came to nothing makes nobody known to anybody.
_ACQUAINTED = f"""
SELECT w.one, w.other, EXISTS (
    SELECT FROM contracts c WHERE c.status IN ('active', 'ended')
        AND (c.employer_id = w.one AND c.freelancer_id = w.other
            OR c.employer_id = w.other AND c.freelancer_id = w.one)
)
FROM unnest({parameter(1, "bigint")}, {parameter(2, "bigint")}) AS w (one, other)
"""


async def locked(
    db: Connection, wanted: Wanted, known: Collection[Row], now: datetime
) -> Sequence[Row]:
    """The disputes that were named and those that are due, and their arbiters, who are only read.

    Milestones are locked before. Where none of what may be due has anything frozen, nobody asks.
    """
    ids = wanted.ids(Dispute)
    if not ids and not (wanted.due and any(map(_is_disputed, known))):
        return ()
    text = _DISPUTES.format(wanted.hold.rows)
    records = await db.fetch(text, sent(ids, "bigint"), wanted.due, now)
    found = [BY_KIND[Dispute].read(record) for record in records]
    disputes = [row for row in found if isinstance(row, Dispute)]
    compared = {row.id for row in disputes if row.closes_at is not None and row.closes_at <= now}
    if compared:
        wanted.beside.setdefault(SealedOffer, set()).update(compared)
    people = {row.id for row in known if isinstance(row, User)}
    arbiters = {row.arbiter_id for row in disputes} - people - {None}
    return [*found, *(await _people(db, arbiters) if arbiters else ())]


def _is_disputed(row: Row) -> bool:
    return isinstance(row, Milestone) and row.frozen.is_positive


async def _people(db: Connection, numbers: Iterable[int | None]) -> Sequence[Row]:
    return [user_from(record) for record in await db.fetch(_PEOPLE, list(numbers))]


async def acquaintances(
    db: Connection, commands: Iterable[Command], world: World
) -> Mapping[tuple[int, int], bool]:
    """Whether the people whom these commands ask about were ever in a contract together."""
    pairs: set[tuple[int, int]] = set()
    for command in commands:
        action = command.action
        if action.kind is Dispute:
            subject = world.find(Dispute, action.subject_id)
            for one, other in action.pairs(subject, world) if subject is not None else ():
                pairs.add((min(one, other), max(one, other)))
    if not pairs:
        return {}
    wanted = sorted(pairs)
    found = await db.fetch(
        _ACQUAINTED,
        sent([one for one, _ in wanted], "bigint"),
        sent([other for _, other in wanted], "bigint"),
    )
    return {(one, other): is_known for one, other, is_known in found}
