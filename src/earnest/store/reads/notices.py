"""Notices and mails as they are listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from earnest.core.notices import Part
from earnest.core.reminding import Moment
from earnest.core.telling import Notice
from earnest.store.queries import sql
from earnest.store.reads.collections import Collection, Side
from earnest.store.reads.paging import Branch, Source
from earnest.store.reads.paging import Part as Condition
from earnest.wire.notices import read

if TYPE_CHECKING:
    from earnest.store.db import Connection


class NoticeStatus(StrEnum):
    """Whether somebody has read it."""

    UNREAD = "unread"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, and how its reader wants to be told."""

    notice: Notice
    delivery_id: int | None
    language: str
    time_zone: str

    @property
    def id(self) -> int:
        """The number of the notice."""
        return self.notice.id


def _told(record: Sequence[Any]) -> Told:
    *own, moment, is_last, delivery_id, language, time_zone = record
    number, event_id, user_id, name, part, kind, subject_id, facts, at, read_at = own
    notice = Notice(
        number,
        event_id,
        user_id,
        name,
        Part(part),
        kind,
        subject_id,
        read(facts),
        at,
        read_at,
        None if moment is None else Moment(moment),
        is_last,
    )
    return Told(notice, delivery_id, language, time_zone)


TOLD: Final = Source(
    sql("notices.told"),
    ["id", "event_id", "user_id", "name", "part", "subject_kind", "subject_id", "facts", "at",
     "read_at", "moment", "is_last", "delivery_id", "language", "time_zone"],
    _told,
)  # fmt: skip


class _Notices(Collection[Told]):
    """Notices are filtered by whether they were read, each way by an index of its own."""

    __slots__ = ()

    @override
    def branches(self, user_id: int, chosen: Mapping[str, Any], *, everybody: bool) -> list[Branch]:
        found = super().branches(user_id, chosen, everybody=everybody)
        if len(chosen.get("status", ())) != 1:
            return found
        only = Condition(f"notices.{chosen['status'][0]}")
        return [Branch(each.template, each.side, (*each.where, only)) for each in found]


NOTICES: Final[Collection[Told]] = _Notices(
    TOLD,
    "notices.visible",
    (Side(None, "notices.visible"),),
    filters={"from": "events.happened_from", "to": "events.happened_before"},
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail, as operators see it: to whom it goes and what became of it, not what it says."""

    id: int
    user_id: int
    is_digest: bool
    status: str
    tries: int
    due_at: datetime | None
    said: str
    created_at: datetime
    tried_at: datetime | None
    handed_over_at: datetime | None
    name: str


DELIVERIES: Final = Source(
    sql("deliveries.with_recipient"),
    ["id", "user_id", "is_digest", "status", "tries", "due_at", "said", "created_at", "tried_at",
     "handed_over_at", "name"],
    lambda record: Sent(*record),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail of a sandbox, as it would have gone out."""

    id: int
    user_id: int
    at: datetime
    raw: bytes


async def kept_mails(db: Connection, whose: int | None, below: int, most: int) -> list[Kept]:
    """The newest with lower numbers than this: of one person, or everybody's."""
    records = await db.fetch(sql("deliveries.mails"), whose, below, most)
    return [Kept(*record) for record in records]


async def kept_mail(db: Connection, whose: int | None, number: int) -> Kept | None:
    """One of them."""
    record = await db.fetchrow(sql("deliveries.mail"), whose, number)
    return Kept(*record) if record is not None else None
