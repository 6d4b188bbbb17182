"""What people do with notices: read them, and choose how they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.notices import USUAL, Mail, Topic
from earnest.store.queries import sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.store.db import Database

_NOW: Final = "clock_timestamp() + (SELECT clock_offset FROM site)"
_READ: Final = f"""
UPDATE notices SET read_at = coalesce(read_at, {_NOW}) WHERE user_id = $1 AND id = $2
"""
_READ_ALL: Final = f"""
UPDATE notices SET read_at = {_NOW} WHERE user_id = $1 AND id <= $2 AND read_at IS NULL
"""
_MOSTLY_READ: Final = """
UPDATE notices n SET read_at = n.at + interval '2 hours'
FROM (
    SELECT event_id, user_id, row_number() OVER newest AS place,
        count(*) OVER (PARTITION BY user_id)
    FROM notices WINDOW newest AS (PARTITION BY user_id ORDER BY id DESC)
) t
WHERE n.event_id = t.event_id AND n.user_id = t.user_id AND t.place > least(3, (t.count + 1) / 2)
"""
_CHOOSE: Final = """
INSERT INTO notice_choices (user_id, topic, mail)
SELECT $1, w.topic, w.mail FROM unnest($2::text[], $3::text[]) AS w (topic, mail)
ON CONFLICT (user_id, topic) DO UPDATE SET mail = excluded.mail
"""


async def mark_read(database: Database, user_id: int, number: int) -> bool:
    """This notice was read; False if it is not this person's. What is read stays so."""
    return await database.pool.execute(_READ, user_id, number) == "UPDATE 1"


async def mark_all_read(database: Database, user_id: int, until: int) -> int:
    """All notices up to this number were read; how many were not before."""
    done = await database.pool.execute(_READ_ALL, user_id, until)
    return int(done.rpartition(" ")[2])


async def all_but_the_newest_read(database: Database) -> None:
    """For a story that ends: everybody has read most of what they were told, and not the rest."""
    await database.pool.execute(_MOSTLY_READ)


async def choices(database: Database, user_id: int) -> Mapping[Topic, Mail]:
    """When this person wants each topic by e-mail."""
    found = await database.pool.fetch(sql("notices.choices"), [user_id])
    chosen = {record["topic"]: Mail(record["mail"]) for record in found}
    return {topic: chosen.get(topic, USUAL) for topic in Topic}


async def choose(database: Database, user_id: int, chosen: Mapping[Topic, Mail]) -> None:
    """From now on it is so; mails that wait already go out as they were meant to."""
    topics, mails = [*chosen], [*chosen.values()]
    await database.pool.execute(_CHOOSE, user_id, topics, mails)


async def secret(database: Database) -> bytes:
    """What the links that stop mails are made from."""
    found: bytes = await database.pool.fetchval(sql("deliveries.secret"))
    return found
