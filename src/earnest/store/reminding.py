"""Clocks that run: each is told at its moments, once, however many workers look.

By an event a row is marked, and looked at once more: how its clocks stand follows from the row
itself, and so does when to look next. A clock that has moved away is found when its moment comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import asyncpg

from earnest.core.contracts import OFFERED, Contract
from earnest.core.disputes.row import OPEN as DISPUTED
from earnest.core.disputes.row import Dispute
from earnest.core.fate import Step, outcome
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.notices import Concerned
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import REQUESTED, UNSENT, Withdrawal
from earnest.core.people import SYSTEM_ID, User, system
from earnest.core.projects.row import GOING_ON, Project
from earnest.core.references import parsed
from earnest.core.reminding import (
    Reminder,
    Span,
    looked_at_next,
    reminders,
    spans_of,
    told_about,
)
from earnest.core.rows import Row
from earnest.core.telling import foretold
from earnest.core.world import World
from earnest.store.addressing import Addressed, operators, people_of, together, write
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.documents import Look
from earnest.store.queries import sql
from earnest.store.reads.foreseen import lapsing_in, parted
from earnest.store.reads.soonest import planned
from earnest.store.rulebooks import rulebooks
from earnest.store.tables import BY_KIND
from earnest.wire.notices import line

if TYPE_CHECKING:
    from earnest.core.house import House
    from earnest.core.rows import Key
    from earnest.store.addressing import Person, Reserve
    from earnest.store.db import Connection, Database
    from earnest.wire.notices import Tale

R = TypeVar("R", bound=Row)

#: How many rows one look takes.
TAKEN_MAX: Final = 500

#: What has clocks that are told of, and in which statuses.
_CLOCKED: Final[Mapping[type[Row], frozenset[Any]]] = {
    Contract: OFFERED,
    Milestone: HOLDING,
    Dispute: DISPUTED,
    Project: GOING_ON,
    Deposit: frozenset({"pending"}),
    Withdrawal: UNSENT,
}
_KINDS: Final = {kind.noun: kind for kind in _CLOCKED}
_PREFIXES: Final = {kind.prefix: kind for kind in _CLOCKED}
#: By this the clocks of all that a contract holds begin to run.
_ACCEPTED: Final = "contract.accepted"

#: Who comes upon an event once more writes nothing.
_MARK: Final = """
INSERT INTO running_clocks (id, kind, event_id, looks_at)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::timestamptz[])
    AS w (id, kind, event_id, looks_at)
WHERE NOT EXISTS (SELECT FROM running_clocks r WHERE r.id = w.id AND r.event_id >= w.event_id)
ON CONFLICT (id) DO UPDATE SET event_id = excluded.event_id, looks_at = excluded.looks_at
WHERE running_clocks.event_id < excluded.event_id
"""
_TAKE: Final = """
SELECT id, kind, told_until, now() + (SELECT clock_offset FROM site) FROM running_clocks
WHERE looks_at <= now() + (SELECT clock_offset FROM site)
    AND NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)
ORDER BY looks_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
"""
_LATER: Final = """
UPDATE running_clocks r
SET looks_at = w.looks_at, told_until = CASE WHEN w.is_told THEN $4 ELSE r.told_until END
FROM unnest($1::bigint[], $2::timestamptz[], $3::boolean[]) AS w (id, looks_at, is_told)
WHERE r.id = w.id
"""
_FORGET: Final = """
DELETE FROM running_clocks WHERE id IN (
    SELECT id FROM running_clocks
    WHERE looks_at IS NULL AND event_id <= (SELECT settled FROM noticing)
    FOR UPDATE SKIP LOCKED
)
"""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A row that it is time to look at."""

    id: int
    kind: str
    told_until: datetime | None


@dataclass(frozen=True, slots=True)
class _Running:
    """A row as it is, with its clocks and who is told of them now."""

    row: Row
    world: World
    spans: Sequence[Span]
    concerned: Concerned
    reminders: Sequence[Reminder]

    @property
    def number(self) -> int:
        """What has clocks has a number."""
        assert isinstance(self.row.key, int), "its table has one"
        return self.row.key


async def mark(db: Connection, events: Iterable[tuple[int, Tale, int | None, datetime]]) -> None:
    """Something happened to these rows: their clocks are to be looked at."""
    marked: dict[int, tuple[int, str, int, datetime]] = {}
    accepted: dict[int, tuple[int, datetime]] = {}
    for number, tale, contract_id, at in events:
        for noun, row_id in _clocked_in(tale):
            marked[row_id] = (row_id, noun, number, at)
        if tale.event == _ACCEPTED and contract_id is not None:
            accepted[contract_id] = (number, at)
    if accepted:
        found = await db.fetch(sql("reminding.within"), sorted(accepted))
        for row_id, contract_id in found:
            marked[row_id] = (row_id, Milestone.noun, *accepted[contract_id])
    if marked:
        rows = [marked[number] for number in sorted(marked)]
        await db.execute(_MARK, *(list(column) for column in zip(*rows, strict=True)))


def _clocked_in(tale: Tale) -> Iterable[tuple[str, int]]:
    """The rows that an event left with clocks that may be told of."""
    for row in tale.rows:
        reference = str(row.get("id", ""))
        kind = _PREFIXES.get(reference.partition("_")[0])
        if kind is not None and row.get("status") in _CLOCKED[kind]:
            yield kind.noun, parsed(reference, kind.prefix)


async def look(database: Database, house: House, reserve: Reserve) -> Look:
    """Tell of what it is time to tell of. One transaction, in which every row is of one moment."""
    async with (
        database.pool.acquire(timeout=CONNECTION_SECONDS) as db,
        db.transaction(isolation="repeatable_read"),
    ):
        return await _looked(db, house, reserve)


async def _looked(db: Connection, house: House, reserve: Reserve) -> Look:
    records = await db.fetch(_TAKE, TAKEN_MAX)
    if not records:
        return Look()
    taken, now = [_Taken(*record[:3]) for record in records], records[0][3]
    running = await _running(db, taken, house, now)
    written = await _tell(db, running, house, now, reserve)
    await _aim(db, taken, running, now)
    return Look(len(taken) == TAKEN_MAX, written)


async def catch_up(database: Database, house: House, reserve: Reserve) -> int:
    """Look until there is nothing to tell by now; how many notices that made."""
    written = 0
    while True:
        try:
            found = await look(database, house, reserve)
        except asyncpg.SerializationError:  # Something happened meanwhile to what it looked at.
            continue
        written += found.written
        if not found.more:
            return written


async def next_look(database: Database) -> datetime | None:
    """When there may next be something to tell; never on a restored site before it resumes."""
    found: datetime | None = await database.pool.fetchval(sql("reminding.next"))
    return found


async def rows_of(db: Connection, kind: type[R], numbers: Iterable[int]) -> list[R]:
    """The rows of a kind with these numbers; where none is wanted nobody asks."""
    wanted = sorted({*numbers})
    if not wanted:
        return []
    table = BY_KIND[kind]
    text = f"SELECT {table.names} FROM {table.name} WHERE id = ANY($1::bigint[])"
    found = [table.read(record) for record in await db.fetch(text, wanted)]
    return [row for row in found if isinstance(row, kind)]


async def _running(
    db: Connection, taken: Sequence[_Taken], house: House, now: datetime
) -> list[_Running]:
    """The rows as they are, and who is told of their clocks: as many statements as kinds."""
    wanted = {kind: [t.id for t in taken if t.kind == noun] for noun, kind in _KINDS.items()}
    disputes = await rows_of(db, Dispute, wanted[Dispute])
    beside = [each.milestone_id for each in disputes]
    milestones = await rows_of(db, Milestone, [*wanted[Milestone], *beside])
    tranches = await planned(db, milestones)
    gates = [each.contract_id for each in milestones]
    contracts = await rows_of(db, Contract, [*wanted[Contract], *gates])
    projects = await rows_of(db, Project, wanted[Project])
    payments: list[Row] = [*await rows_of(db, Deposit, wanted[Deposit])]
    payments += await rows_of(db, Withdrawal, wanted[Withdrawal])
    staff = await operators(db) if wanted[Withdrawal] else ()
    hashes = {*(m.terms_hash for m in milestones), *(c.terms_hash for c in contracts)}
    books = await rulebooks(db, {each for each in hashes if each is not None})
    placed = {
        (type(row), row.key): row
        for row in (*disputes, *milestones, *contracts, *projects, *payments)
    }
    of_plans = {(Tranche, each.id): each for each in tranches}
    found = []
    for each in taken:
        row = placed.get((_KINDS[each.kind], each.id))
        if row is not None:
            world = World(now, house, _beside(row, placed, of_plans, now), {}, books)
            spans, concerned = spans_of(row, world), _concerned(row, staff)
            told = reminders(row, spans, concerned, each.told_until, now)
            found.append(_Running(row, world, spans, concerned, told))
    return found


def _beside(
    row: Row,
    placed: Mapping[tuple[type[Row], Key], Row],
    tranches: Mapping[tuple[type[Tranche], int], Tranche],
    now: datetime,
) -> dict[tuple[type[Row], Key], Row]:
    """A row with all that its clocks are decided by."""
    found: dict[tuple[type[Row], Key], Row] = {(type(row), row.key): row}
    found[User, SYSTEM_ID] = system(now)
    if isinstance(row, Dispute):
        row = placed[Milestone, row.milestone_id]
        found[Milestone, row.key] = row
    if isinstance(row, Milestone):
        found[Contract, row.contract_id] = placed[Contract, row.contract_id]
        for each in row.plan.tranches if row.plan is not None else ():
            found[Tranche, each.id] = tranches[Tranche, each.id]
    return found


def _concerned(row: Row, staff: tuple[int, ...]) -> Concerned:
    """Everybody whom the clocks of a row may concern."""
    if isinstance(row, Dispute):
        return Concerned(SYSTEM_ID, row.employer_id, row.freelancer_id, arbiter_id=row.arbiter_id)
    if isinstance(row, Contract | Milestone):
        return Concerned(SYSTEM_ID, row.employer_id, row.freelancer_id)
    if isinstance(row, Project):
        return Concerned(SYSTEM_ID, row.employer_id)
    assert isinstance(row, Deposit | Withdrawal), "nothing else has clocks that are told of"
    # Only what waits for an approval waits for operators.
    is_theirs = isinstance(row, Withdrawal) and row.status in REQUESTED
    return Concerned(SYSTEM_ID, owner_id=row.user_id, operators=staff if is_theirs else ())


async def _tell(
    db: Connection, running: Sequence[_Running], house: House, now: datetime, reserve: Reserve
) -> int:
    """Write what is to be told now."""
    telling = [each for each in running if each.reminders]
    if not telling:
        return 0
    worlds = await _decided_by(db, telling, house)
    named = {n for each in telling for n in _named(each)}
    people = await people_of(db, named)
    notices = [
        notice
        for each in telling
        for notice in _addressed(each, worlds.get(each.row.key, each.world), people, now)
    ]
    return await write(db, together(notices), people, now, reserve)


async def _decided_by(
    db: Connection, telling: Iterable[_Running], house: House
) -> Mapping[Key, World]:
    """What lets an offer or a project lapse is read as the clock itself would read it."""
    lapsing = [each.row for each in telling if isinstance(each.row, Contract | Project)]
    if not lapsing:
        return {}
    return {row.key: world for row, world in parted(lapsing, await lapsing_in(db, lapsing, house))}


def _named(each: _Running) -> Iterable[int]:
    """Who is told, and of whom."""
    for told in each.reminders:
        yield told.user_id
        other = each.concerned.other_of(told.telling.part, told.user_id)
        if other is not None:
            yield other


def _addressed(
    each: _Running, world: World, people: Mapping[int, Person], now: datetime
) -> Iterable[Addressed]:
    """What everybody is told of the clocks of one row: what each leads to is found once."""
    about, row = _about(each), each.row
    steps: dict[str, Step | None] = {}
    for told in each.reminders:
        clock, part = told.span.clock, told.telling.part
        if told.span.name not in steps:
            steps[told.span.name] = outcome(row, clock, world)
        other = people.get(each.concerned.other_of(part, told.user_id) or SYSTEM_ID)
        name = other.name if other is not None else None
        said = foretold(steps[told.span.name], told, row, name, about)
        noun, number = told_about(row, clock)
        yield Addressed(
            None,
            told.user_id,
            told.span.name,
            part,
            told.telling.topic,
            noun,
            number,
            said,
            now,
            told.moment,
            clock.at,
            told.is_last,
        )


def _about(each: _Running) -> str | None:
    """What it is about. Of an offer that was not accepted nothing that the other side wrote."""
    row = each.row
    if isinstance(row, Project):
        return line(row.title)
    milestone = next((m for m in each.world.rows.values() if isinstance(m, Milestone)), None)
    return None if milestone is None else line(milestone.description)


async def _aim(
    db: Connection, taken: Iterable[_Taken], running: Iterable[_Running], now: datetime
) -> None:
    """When to look at each again; at what has no clock that runs nobody looks again."""
    later: dict[int, tuple[int, datetime | None, bool]] = {
        each.id: (each.id, None, False) for each in taken
    }
    for each in running:
        number, at = each.number, looked_at_next(each.spans, now)
        later[number] = (number, at, bool(each.reminders))
    await db.execute(_LATER, *(list(column) for column in zip(*later.values(), strict=True)), now)
    await db.execute(_FORGET)
