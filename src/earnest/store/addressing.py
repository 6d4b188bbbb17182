"""Notices as they are written: to each who is told, with the mail that carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from earnest.core.notices import USUAL, Mail, Part, Topic
from earnest.core.reminding import Moment
from earnest.core.telling import Facts
from earnest.ids import BLOCK_MAX
from earnest.store.queries import sql
from earnest.wire.notices import kept
from earnest.words.moments import next_hour

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from earnest.store.db import Connection

#: Makes so many consecutive numbers, and tells the first.
Reserve = Callable[[int], int]

#: When a day's digest goes out, by its reader's clock.
DIGEST_HOUR: Final = 8

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
        moment, clock_at, is_last, delivery_id)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[],
        $6::text[], $7::bigint[], $8::json[], $9::timestamptz[], $10::text[], $11::timestamptz[],
        $12::boolean[], $13::bigint[])
    ON CONFLICT DO NOTHING
    RETURNING id, user_id, delivery_id
), mailed AS (
    INSERT INTO deliveries (id, user_id, is_digest, is_open, status, due_at, created_at)
    SELECT id, user_id, FALSE, FALSE, 'waiting', $14, $14 FROM made WHERE delivery_id = id
)
SELECT count(*) FROM made
"""


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody is called, where they live, and how they want to be told."""

    name: str
    zone: str
    mail: Mapping[str, Mail]


@dataclass(frozen=True, slots=True)
class Addressed:
    """A notice to one person, before it has a number."""

    #: The event; a clock's notice has its own number here.
    event_id: int | None
    user_id: int
    name: str
    part: Part
    topic: Topic
    subject_kind: str
    subject_id: int
    facts: Facts
    at: datetime
    moment: Moment | None = None
    clock_at: datetime | None = None
    is_last: bool = False

    def mail(self, people: Mapping[int, Person]) -> Mail:
        """When its mail goes out; that of the last one of a clock always does."""
        if self.is_last:
            return Mail.AT_ONCE
        return people[self.user_id].mail.get(self.topic, USUAL)


def together(notices: Iterable[Addressed]) -> list[Addressed]:
    """One for all that a person is told at one moment of one thing."""
    found: dict[tuple[object, ...], Addressed] = {}
    for each in notices:
        place = (each.user_id, each.name, each.subject_id, each.clock_at, each.moment)
        before = found.get(place)
        found[place] = each if before is None else replace(each, facts=before.facts + each.facts)
    return [*found.values()]


async def people_of(db: Connection, numbers: Iterable[int]) -> Mapping[int, Person]:
    """Who is told, and whom they are told of."""
    wanted = sorted({*numbers})
    chosen: dict[int, dict[str, Mail]] = {}
    for user_id, topic, mail in await db.fetch(sql("notices.choices"), wanted):
        chosen.setdefault(user_id, {})[topic] = Mail(mail)
    records = await db.fetch(sql("notices.people"), wanted)
    return {r[0]: Person(r[1], r[2], chosen.get(r[0], {})) for r in records}


async def operators(db: Connection) -> tuple[int, ...]:
    """Everybody who is asked to look after the site."""
    return tuple(record[0] for record in await db.fetch(sql("notices.operators")))


async def write(
    db: Connection,
    notices: Collection[Addressed],
    people: Mapping[int, Person],
    now: datetime,
    reserve: Reserve,
) -> int:
    """Write these notices and their mails; how many nobody had been told before."""
    if not notices:
        return 0
    numbers = _numbers(reserve, len(notices))
    gathering = await _gather(db, notices, people, now, reserve)
    rows = [
        _row(each, number, people, gathering) for each, number in zip(notices, numbers, strict=True)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    written: int = await db.fetchval(_WRITE, *columns, now)
    return written


async def _gather(
    db: Connection,
    notices: Iterable[Addressed],
    people: Mapping[int, Person],
    now: datetime,
    reserve: Reserve,
) -> Mapping[int, int]:
    """The digest of each who wants some of these in one, by their number."""
    who = sorted({each.user_id for each in notices if each.mail(people) is Mail.DAILY})
    if not who:
        return {}
    due = [next_hour(now, DIGEST_HOUR, people[user_id].zone) for user_id in who]
    found = await db.fetch(_GATHER, _numbers(reserve, len(who)), who, due, now)
    return {user_id: number for user_id, number in found}  # noqa: C416  # Records, not tuples.


def _numbers(reserve: Reserve, count: int) -> Sequence[int]:
    """So many numbers; no more than a millisecond has are taken at once."""
    found: list[int] = []
    while len(found) < count:
        some = min(count - len(found), BLOCK_MAX)
        first = reserve(some)
        found += range(first, first + some)
    return found


def _row(
    each: Addressed, number: int, people: Mapping[int, Person], gathering: Mapping[int, int]
) -> tuple[Any, ...]:
    """A notice, column by column."""
    mail = each.mail(people)
    delivery = number if mail is Mail.AT_ONCE else None
    if mail is Mail.DAILY:
        delivery = gathering[each.user_id]
    return (
        number if each.event_id is None else each.event_id,
        each.user_id,
        number,
        each.name,
        each.part.value,
        each.subject_kind,
        each.subject_id,
        kept(each.facts),
        each.at,
        None if each.moment is None else each.moment.value,
        each.clock_at,
        each.is_last,
        delivery,
    )
