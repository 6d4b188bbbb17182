"""Notices, made from events in the background: each event tells whom it concerns, once.

A number tells when it was made, not when it was committed. So every look begins a little behind
the end of the one before, and takes the events that told nobody yet; what was committed later than
that is found by a second look, far behind the first (see documents).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from earnest.core.notices import TOLD, USUAL, Concerned, Mail, Part, Telling, told
from earnest.core.records import replace
from earnest.ids import BLOCK_MAX, first_of
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.documents import OVERLAP_MS, SETTLED_MS, STEP_MS, Look, span
from earnest.store.queries import sql
from earnest.wire.notices import Reader, Tale, facts, kept, tale_of
from earnest.words.moments import next_hour

if TYPE_CHECKING:
    from collections.abc import Collection

    from earnest.store.db import Connection, Database

#: Makes so many consecutive numbers, and tells the first.
Reserve = Callable[[int], int]

#: How many events one look tells of, and how many the second look looks at.
TAKEN_MAX: Final = 1_000
EVENTS_MAX: Final = 10_000
#: When a day's digest goes out, by its reader's clock.
DIGEST_HOUR: Final = 8

_TOLD_BY: Final = sorted(TOLD)
_REACHED: Final = """
INSERT INTO noticing (seen, settled) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET (seen, settled) = ($1, $2)
"""
_SKIP: Final = """
INSERT INTO noticing (seen, settled) SELECT newest, newest
FROM (SELECT coalesce(max(id), 0) AS newest FROM events) t
ON CONFLICT (id) DO UPDATE SET (seen, settled) = (excluded.seen, excluded.settled)
"""
#: One that gathers already gathers on, until somebody begins to send it.
_GATHER: Final = """
INSERT INTO deliveries (id, user_id, is_digest, is_open, status, due_at, created_at)
SELECT w.id, w.user_id, TRUE, TRUE, 'waiting', w.due_at, $4
FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS w (id, user_id, due_at)
ON CONFLICT (user_id) WHERE is_open DO UPDATE SET is_open = TRUE
RETURNING user_id, id
"""
#: What is told at once has a mail of its own, with the number of the notice.
_WRITE: Final = """
WITH made AS (
    INSERT INTO notices (event_id, user_id, id, name, part, subject_kind, subject_id, facts, at,
        delivery_id)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[],
        $6::text[], $7::bigint[], $8::json[], $9::timestamptz[], $10::bigint[])
    ON CONFLICT DO NOTHING
    RETURNING id, user_id, delivery_id
), mailed AS (
    INSERT INTO deliveries (id, user_id, is_digest, is_open, status, due_at, created_at)
    SELECT id, user_id, FALSE, FALSE, 'waiting', $11, $11 FROM made WHERE delivery_id = id
)
SELECT count(*) FROM made
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


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    zone: str
    mail: Mapping[str, Mail]


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
    records = await db.fetch(sql("notices.untold"), since, until, _TOLD_BY, TAKEN_MAX)
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
    some = await _concerned(db, [events[number] for number in sorted(events)])
    notices = [
        _Told(event, user_id, telling)
        for event, concerned in some
        for user_id, telling in told(event.tale.event, concerned, event.tale.status).items()
    ]
    if not notices:
        return 0
    people = await _people(db, some, notices)
    others = {event.id: concerned for event, concerned in some}
    numbers = _numbers(reserve, len(notices))
    gathering = await _gather(db, notices, people, before.site_now, reserve)
    rows = [
        _row(each, number, others[each.event.id], people, gathering)
        for each, number in zip(notices, numbers, strict=True)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    written: int = await db.fetchval(_WRITE, *columns, before.site_now)
    return written


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
    staff = await db.fetch(sql("notices.operators")) if of(Part.OPERATOR) else []
    operators = tuple(record[0] for record in staff)
    return [
        (
            e,
            replace(
                e.concerned,
                asker_id=askers.get(questions.get(e.id)),
                bidders=tuple(bidders.get(e.project_id or 0, ())),
                operators=operators,
            ),
        )
        for e in events
    ]


async def _people(
    db: Connection,
    events: Sequence[tuple[_Happened, Concerned]],
    notices: Sequence[_Told],
) -> Mapping[int, _Person]:
    """Who is told, and whom they are told of."""
    wanted = {each.user_id for each in notices}
    for _, concerned in events:
        wanted |= {
            concerned.actor_id,
            concerned.employer_id or 0,
            concerned.freelancer_id or 0,
            concerned.owner_id or 0,
        }
    numbers = sorted(wanted)
    chosen: dict[int, dict[str, Mail]] = {}
    for user_id, topic, mail in await db.fetch(sql("notices.choices"), numbers):
        chosen.setdefault(user_id, {})[topic] = Mail(mail)
    records = await db.fetch(sql("notices.people"), numbers)
    return {r[0]: _Person(r[1], r[2], chosen.get(r[0], {})) for r in records}


def _wanted(each: _Told, people: Mapping[int, _Person]) -> Mail:
    return people[each.user_id].mail.get(each.telling.topic, USUAL)


async def _gather(
    db: Connection,
    notices: Collection[_Told],
    people: Mapping[int, _Person],
    now: datetime,
    reserve: Reserve,
) -> Mapping[int, int]:
    """The digest of each who wants some of these in one, by their number."""
    who = sorted({each.user_id for each in notices if _wanted(each, people) is Mail.DAILY})
    if not who:
        return {}
    due = [next_hour(now, DIGEST_HOUR, people[user_id].zone) for user_id in who]
    found = await db.fetch(_GATHER, _numbers(reserve, len(who)), who, due, now)
    return {user_id: number for user_id, number in found}  # noqa: C416  # Records, not tuples.


def _numbers(reserve: Reserve, count: int) -> list[int]:
    """So many numbers; no more than a millisecond has are taken at once."""
    found: list[int] = []
    while len(found) < count:
        some = min(count - len(found), BLOCK_MAX)
        first = reserve(some)
        found += range(first, first + some)
    return found


def _row(
    each: _Told,
    number: int,
    concerned: Concerned,
    people: Mapping[int, _Person],
    gathering: Mapping[int, int],
) -> tuple[Any, ...]:
    """A notice, column by column."""
    event, part = each.event, each.telling.part
    other = people.get(concerned.other_of(part, each.user_id) or 0)
    own = event.title if part is Part.EMPLOYER else None
    reader = Reader(each.user_id, other.name if other else None, event.is_accepted, own)
    kind, subject_id = event.tale.leads_to(event.subject_kind, event.subject_id, event.contract_id)
    mail = _wanted(each, people)
    delivery = number if mail is Mail.AT_ONCE else None
    if mail is Mail.DAILY:
        delivery = gathering[each.user_id]
    said = kept(facts(event.tale, each.telling, reader))
    name = event.tale.event
    return (
        event.id, each.user_id, number, name, part.value, kind, subject_id, said, event.at, delivery
    )  # fmt: skip
