"""Intents: what somebody was shown before they confirm it, for as long as that is true enough.

An intent's reference is the key of the command that confirms it, so confirming it twice does one
thing and has one answer, also when the intent itself is long gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.references import printed
from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Connection, Database

PREFIX: Final = "int"
LIVES: Final = timedelta(minutes=30)

_KEEP = """
WITH ended AS (
    DELETE FROM intents WHERE id IN (
        SELECT id FROM intents WHERE expires_at < clock_timestamp() - interval '1 day'
        LIMIT 20 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO intents (id, user_id, action, subject_id, fields, effect_hash, shown, created_at,
    expires_at)
SELECT $1, $2, $3, $4, $5, $6, $7, now, now + $8 FROM clock_timestamp() AS now
ON CONFLICT DO NOTHING
"""

_KEEP_ALL = """
INSERT INTO intents (id, user_id, action, subject_id, fields, effect_hash, shown, created_at,
    expires_at, bundle)
SELECT n.id, $2, n.action, n.subject_id, n.fields::json, n.effect_hash, n.shown::json, now,
    now + $8, $9
FROM clock_timestamp() AS now, unnest($1::bigint[], $3::text[], $4::bigint[], $5::text[],
    $6::text[], $7::text[]) AS n (id, action, subject_id, fields, effect_hash, shown)
"""

#: What a page showed: terms and what stood behind each.
Shown = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Intent:
    """An action with its fields, and what it would lead to when it was shown."""

    id: int
    action: str
    subject_id: int
    fields: Mapping[str, Any]
    effect_hash: str
    shown: Shown
    expires_at: datetime
    is_over: bool

    @property
    def reference(self) -> str:
        """Its address, and the key of its command."""
        return printed(PREFIX, self.id)

    @property
    def was_possible(self) -> bool:
        """Whether anything would have happened: of a bundle also what cannot be done is kept."""
        return bool(self.effect_hash)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is kept of what somebody is shown."""

    action: str
    subject_id: int
    fields: Mapping[str, Any]
    effect_hash: str
    shown: Shown


async def keep(database: Database, number: int, user_id: int, draft: Draft) -> None:
    """Keep what somebody is shown, under a number of ours; asked again it is kept once."""
    await database.pool.execute(
        _KEEP,
        number,
        user_id,
        draft.action,
        draft.subject_id,
        msgspec.json.encode(draft.fields).decode(),
        draft.effect_hash,
        msgspec.json.encode(draft.shown).decode(),
        LIVES,
    )


async def keep_all(
    database: Database, bundle: int, user_id: int, drafts: Mapping[int, Draft]
) -> None:
    """Keep what somebody is shown together, each under its own number, all under one."""
    await database.pool.execute(
        _KEEP_ALL,
        [*drafts],
        user_id,
        [each.action for each in drafts.values()],
        [each.subject_id for each in drafts.values()],
        [msgspec.json.encode(each.fields).decode() for each in drafts.values()],
        [each.effect_hash for each in drafts.values()],
        [msgspec.json.encode(each.shown).decode() for each in drafts.values()],
        LIVES,
        bundle,
    )


async def find(db: Connection, number: int, user_id: int) -> Intent | None:
    """The intent, if it is theirs."""
    record = await db.fetchrow(sql("intents.of_person"), number, user_id)
    return _intent(record) if record is not None else None


async def of_bundle(db: Connection, bundle: int, user_id: int) -> list[Intent]:
    """Those that somebody was shown together, in the order in which they were."""
    return [_intent(each) for each in await db.fetch(sql("intents.of_bundle"), bundle, user_id)]


def _intent(record: Sequence[Any]) -> Intent:
    number, action, subject_id, fields, effect_hash, shown, expires_at, is_over = record
    return Intent(
        number,
        action,
        subject_id,
        msgspec.json.decode(fields),
        effect_hash,
        msgspec.json.decode(shown, type=list[tuple[str, str]]),
        expires_at,
        is_over,
    )


async def answered(db: Connection, user_id: int, key: str) -> tuple[int | None, bytes | None]:
    """How a command of this person was answered: its event, its problem, or neither."""
    record = await db.fetchrow(sql("intents.answered"), user_id, key)
    if record is None:
        return None, None
    event_id, problem = record
    return event_id, problem.encode() if problem is not None else None


async def answered_all(
    db: Connection, user_id: int, keys: Sequence[str]
) -> Mapping[str, tuple[int | None, bytes | None]]:
    """The same of many commands: those that were answered, by their keys."""
    records = await db.fetch(sql("intents.answered_all"), user_id, keys)
    return {key: (event, said and said.encode()) for key, event, said in records}
