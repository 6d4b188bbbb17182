"""Notices, made from events in the background: each event tells whom it concerns, once.

A number tells when it was made, not when it was committed. So every look begins a little behind
the end of the one before, and takes the events that told nobody yet; what was committed later than
that is found by a second look, far behind the first (see documents).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from earnest.core.milestones.row import SUBMITTED, Milestone
from earnest.core.milestones.working import Submit, review_ends
from earnest.core.notices import TOLD, Concerned, Part, Telling, told
from earnest.core.payments.row import EXPIRES_AFTER
from earnest.core.payments.withdrawing import REQUESTED, RequestWithdrawal
from earnest.core.records import replace
from earnest.core.reminding import WINDS
from earnest.ids import first_of
from earnest.store import reminding
from earnest.store.addressing import Addressed, Reserve, operators, people_of, write
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.documents import OVERLAP_MS, SETTLED_MS, STEP_MS, Look, span
from earnest.store.queries import sql
from earnest.store.rulebooks import rulebooks
from earnest.wire.notices import Reader, Tale, facts, tale_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.store.addressing import Person
    from earnest.store.db import Connection, Database

#: How many events one look tells of, and how many the second look looks at.
TAKEN_MAX: Final = 1_000
EVENTS_MAX: Final = 10_000

#: What tells somebody, or winds a clock that will.
_LOOKED_AT: Final = sorted({*TOLD, *WINDS})
_REACHED: Final = """
INSERT INTO noticing (seen, settled) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET (seen, settled) = ($1, $2)
"""
_SKIP: Final = """
INSERT INTO noticing (seen, settled) SELECT newest, newest
FROM (SELECT coalesce(max(id), 0) AS newest FROM events) t
ON CONFLICT (id) DO UPDATE SET (seen, settled) = (excluded.seen, excluded.settled)
"""


@dataclass(frozen=True, slots=True)
class _Progress:
    seen: int
    settled: int
    newest: int
    #: The clock of the database, in milliseconds; and the site's.
    now: int
    site_now: datetime


@dataclass(frozen=True, slots=True)
class _Happened:
    """An event that somebody is to be told of."""

    id: int
    subject_kind: str
    subject_id: int
    contract_id: int | None
    at: datetime
    tale: Tale
    concerned: Concerned
    is_accepted: bool
    project_id: int | None
    title: str | None


@dataclass(frozen=True, slots=True)
class _Told:
    """One notice before it has a number."""

    event: _Happened
    user_id: int
    telling: Telling


async def look(database: Database, reserve: Reserve) -> Look:
    """Tell of what is new. One transaction."""
    async with database.pool.acquire(timeout=CONNECTION_SECONDS) as db, db.transaction():
        record = await db.fetchrow(sql("notices.progress"))
        if record is None:  # Somebody else is at it.
            return Look()
        before = _Progress(*record)
        events, reached = await _new(db, before)
        seen = max(before.seen, min(reached, first_of(before.now)))
        late, settled = await _late(db, before, seen)
        written = await _tell(db, {each.id: each for each in (*events, *late)}, before, reserve)
        if (seen, settled) != (before.seen, before.settled):
            await db.execute(_REACHED, seen, settled)
    return Look(reached < before.newest or len(late) == TAKEN_MAX, written)


async def skip(database: Database) -> None:
    """Tell nobody of what has happened so far."""
    await database.pool.execute(_SKIP)


async def catch_up(database: Database, reserve: Reserve) -> int:
    """Look until there is nothing to tell any more; how many notices that made."""
    written = 0
    while True:
        found = await look(database, reserve)
        written += found.written
        if not found.more:
            return written


async def _new(db: Connection, before: _Progress) -> tuple[list[_Happened], int]:
    """What is new, also a little behind what was looked at before.

    There may be any number of events that concern nobody, so it goes on until it is past those.
    """
    found, reached = await _untold(db, before.seen - span(OVERLAP_MS), before.newest)
    while before.newest > reached <= before.seen:
        some, reached = await _untold(db, reached, before.newest)
        found += some
    return found, reached


async def _untold(db: Connection, since: int, until: int) -> tuple[list[_Happened], int]:
    """Events that told nobody yet, and up to which number that looked."""
    since = max(since, 0)
    if since >= until:
        return [], until
    records = await db.fetch(sql("notices.untold"), since, until, _LOOKED_AT, TAKEN_MAX)
    found = [_happened(record) for record in records]
    return found, found[-1].id if len(found) == TAKEN_MAX else until


async def _late(db: Connection, before: _Progress, seen: int) -> tuple[list[_Happened], int]:
    """What was committed long after its number was made: now and then, a good step at a time."""
    until = min(seen, first_of(before.now - SETTLED_MS))
    if until - before.settled < span(STEP_MS):
        return [], before.settled
    bound = await db.fetchval(sql("notices.bound"), before.settled, until, EVENTS_MAX)
    found, settled = await _untold(db, before.settled, until if bound is None else bound)
    return found, max(before.settled, settled)


def _happened(record: Sequence[Any]) -> _Happened:
    number, name, kind, subject_id, contract_id, actor_id, at, body, *people = record
    employer_id, freelancer_id, owner_id, is_accepted, project_id, title = people
    tale = tale_of(name, body)
    concerned = Concerned(
        actor_id, employer_id, freelancer_id, owner_id, arbiter_id=tale.arbiter_id
    )
    return _Happened(
        number, kind, subject_id, contract_id, at, tale, concerned, is_accepted, project_id, title
    )  # fmt: skip


async def _tell(
    db: Connection, events: Mapping[int, _Happened], before: _Progress, reserve: Reserve
) -> int:
    """Make the notices of these events, and the mails that carry them."""
    in_order = [events[number] for number in sorted(events)]
    await reminding.mark(db, [(e.id, e.tale, e.contract_id, e.at) for e in in_order])
    some = await _concerned(db, [each for each in in_order if each.tale.event in TOLD])
    notices = [
        _Told(event, user_id, telling)
        for event, concerned in some
        for user_id, telling in told(event.tale.event, concerned, event.tale.status).items()
    ]
    if not notices:
        return 0
    others = {event.id: concerned for event, concerned in some}
    people = await people_of(db, _named(others.values(), notices))
    ends = await _ends(db, [each.event for each in notices])
    rows = [_addressed(each, others[each.event.id], people, ends) for each in notices]
    return await write(db, rows, people, before.site_now, reserve)


def _named(concerned: Iterable[Concerned], notices: Iterable[_Told]) -> set[int]:
    """Who is told, and whom they may be told of."""
    found = {each.user_id for each in notices}
    for each in concerned:
        sides = (each.employer_id, each.freelancer_id, each.owner_id)
        found |= {each.actor_id, *(side for side in sides if side is not None)}
    return found


async def _ends(db: Connection, events: Sequence[_Happened]) -> Mapping[int, datetime]:
    """When the clocks run out that these events wound, where their bodies do not say so.

    This is how such a clock is told at its start.
    """
    ends = {
        each.id: each.at + EXPIRES_AFTER
        for each in events
        if each.tale.event == RequestWithdrawal.event and each.tale.status in REQUESTED
    }
    submitted = {each.subject_id: each for each in events if each.tale.event == Submit.event}
    milestones = await reminding.rows_of(db, Milestone, submitted)
    books = await rulebooks(db, {each.terms_hash for each in milestones if each.terms_hash})
    for each in milestones:
        event, at = submitted[each.id], review_ends(each, books[each.terms_hash or ""])
        # What was handed in anew meanwhile is told by another event; what was decided, by none.
        if at is not None and each.status in SUBMITTED and each.submitted_at == event.at:
            ends[event.id] = at
    return ends


async def _concerned(
    db: Connection, events: Sequence[_Happened]
) -> list[tuple[_Happened, Concerned]]:
    """Everybody whom each of these may concern: what the event itself does not say is looked up."""

    def of(part: Part) -> list[_Happened]:
        return [e for e in events if any(t.part is part for t in TOLD[e.tale.event])]

    bidders: dict[int, list[int]] = {}
    projects = sorted({e.project_id for e in of(Part.BIDDER) if e.project_id is not None})
    if projects:
        for project_id, bidder_id in await db.fetch(sql("notices.bidders"), projects):
            bidders.setdefault(project_id, []).append(bidder_id)
    questions = {e.id: e.tale.question_id for e in of(Part.ASKER)}
    asked = sorted({number for number in questions.values() if number is not None})
    askers = dict(await db.fetch(sql("notices.askers"), asked)) if asked else {}
    staff = await operators(db) if of(Part.OPERATOR) else ()
    return [
        (
            e,
            replace(
                e.concerned,
                asker_id=askers.get(questions.get(e.id)),
                bidders=tuple(bidders.get(e.project_id or 0, ())),
                operators=staff,
            ),
        )
        for e in events
    ]


def _addressed(
    each: _Told,
    concerned: Concerned,
    people: Mapping[int, Person],
    ends: Mapping[int, datetime],
) -> Addressed:
    """What one person is told."""
    event, part = each.event, each.telling.part
    other = people.get(concerned.other_of(part, each.user_id) or 0)
    own = event.title if part is Part.EMPLOYER else None
    name = other.name if other else None
    reader = Reader(each.user_id, name, event.is_accepted, own, ends.get(event.id))
    kind, subject_id = event.tale.leads_to(event.subject_kind, event.subject_id, event.contract_id)
    said = facts(event.tale, each.telling, reader)
    topic = each.telling.topic
    return Addressed(
        event.id, each.user_id, event.tale.event, part, topic, kind, subject_id, said, event.at
    )
