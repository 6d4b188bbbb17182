"""What is searched for follows the rows: also after absence, edits, and commits out of order."""

from __future__ import annotations

import asyncio
import time

import pytest
from tests.store.engine import Engine, agreed, awarded, connected, person, posted, until

from earnest import indexing
from earnest.core.projects.posting import Edit
from earnest.ids import first_of
from earnest.store import people
from earnest.store.documents import TAKEN_MAX, Look, catch_up, look, rebuild, standing
from earnest.store.reads.around import snapshot
from earnest.store.reads.search import search
from earnest.wire.sought import KINDS, sought

pytestmark = pytest.mark.asyncio

MINUTE_MS = 60_000
#: Another milestone of the same contract, with a number and a description of its own.
COPY = """
INSERT INTO milestones SELECT r.* FROM milestones m,
    jsonb_populate_record(m, jsonb_build_object('id', $2::bigint, 'description', $3::text)) r
WHERE m.id = $1
"""
CROWD = """
INSERT INTO users (id, name, email, status, created_at, updated_at)
SELECT $1::bigint + i, 'Somebody ' || i, i || '@example.net', 'active', now(), now()
FROM generate_series(1, $2::int) i
"""
AWAY = """
INSERT INTO indexing (seen, settled, unfilled) VALUES ($1, $1, 0)
ON CONFLICT (id) DO UPDATE SET (seen, settled, unfilled) = ($1, $1, 0)
"""
ALL = "SELECT md5(string_agg(d::text, ' ' ORDER BY kind, id)) FROM documents d"


def made(minutes_ago: int) -> int:
    """A number that was made so long ago."""
    return first_of(time.time_ns() // 1_000_000 - minutes_ago * MINUTE_MS)


async def found(engine: Engine, who: int, words: str) -> list[int]:
    async with snapshot(engine.database) as db:
        return [row.id for row in (await search(db, sought(words), who, KINDS)).rows]


async def test_what_is_new_is_found_after_a_look_and_then_there_is_nothing_to_do(
    engine: Engine,
) -> None:
    deal = await agreed(engine, "10.00")
    assert await found(engine, deal.employer, "piece") == []
    assert (await look(engine.database)).written == 4
    assert await found(engine, deal.employer, "piece") == [deal.milestone]
    await look(engine.database)
    before = await engine.value("SELECT xmin::text FROM indexing")
    for _ in range(3):
        assert await look(engine.database) == Look()
    assert await engine.value("SELECT xmin::text FROM indexing") == before


async def test_an_edited_project_is_found_by_its_new_words_alone(engine: Engine) -> None:
    site = await posted(engine)
    await catch_up(engine.database)
    await engine.one(site.employer, Edit(site.project, title="A lighthouse"))
    await catch_up(engine.database)
    stranger = await person(engine, "ida")
    assert await found(engine, stranger, "lighthouse") == [site.project]
    assert await found(engine, stranger, "project") == []


async def test_contracts_follow_the_title_of_their_project(engine: Engine) -> None:
    site, deal = await awarded(engine)
    await catch_up(engine.database)
    await engine.one(site.employer, Edit(site.project, title="A lighthouse"))
    await catch_up(engine.database)
    assert await found(engine, deal.freelancer, "lighthouse") == [site.project, deal.contract]


async def test_who_is_renamed_is_found_by_the_new_name_and_so_are_their_contracts(
    engine: Engine,
) -> None:
    deal = await agreed(engine)
    await catch_up(engine.database)
    await people.set_profile(engine.database, deal.freelancer, "Björk", "en", "UTC")
    assert await catch_up(engine.database) == 2
    assert await found(engine, deal.employer, "bjork") == [deal.contract, deal.freelancer]
    assert await found(engine, deal.employer, "frank") == []
    await people.set_profile(engine.database, deal.freelancer, "Björk", "en", "Asia/Tokyo")
    assert await look(engine.database) == Look()


async def test_who_is_renamed_while_a_look_is_under_way_is_not_forgotten(engine: Engine) -> None:
    deal = await agreed(engine)
    await catch_up(engine.database)
    async with engine.database.pool.acquire() as db, db.transaction():
        await db.execute("UPDATE users SET name = 'Björk' WHERE id = $1", deal.freelancer)
        await db.execute("INSERT INTO people_renamed VALUES ($1)", deal.freelancer)
        assert await look(engine.database) == Look()
    await catch_up(engine.database)
    assert deal.freelancer in await found(engine, deal.employer, "bjork")


async def test_what_is_committed_after_higher_numbers_were_indexed_is_found(
    engine: Engine, dsn: str
) -> None:
    deal = await agreed(engine, "10.00")
    async with connected(dsn) as slow, slow.transaction():
        await slow.execute(COPY, deal.milestone, engine.node.ids.new(), "An anchor")
        after = await person(engine, "later")
        await catch_up(engine.database)
        assert (await standing(engine.database)).seen >= after
    await look(engine.database)
    assert len(await found(engine, deal.employer, "anchor")) == 1


async def test_what_is_committed_minutes_after_its_number_was_made_is_found_by_the_second_look(
    engine: Engine,
) -> None:
    deal = await agreed(engine, "10.00")
    await catch_up(engine.database)
    settled = "UPDATE indexing SET settled = $1"
    await engine.database.pool.execute(settled, made(minutes_ago=20))
    await engine.database.pool.execute(COPY, deal.milestone, made(minutes_ago=2), "An anchor")
    await engine.database.pool.execute(COPY, deal.milestone, made(minutes_ago=10), "A buoy")
    await look(engine.database)
    assert await found(engine, deal.employer, "buoy")
    assert not await found(engine, deal.employer, "anchor")
    assert (await standing(engine.database)).settled < made(minutes_ago=2), "it comes by later"


async def test_an_absence_loses_nothing(engine: Engine) -> None:
    many = TAKEN_MAX * 2 + 500
    await engine.database.pool.execute(CROWD, made(minutes_ago=100_000), many)
    await engine.database.pool.execute(AWAY, made(minutes_ago=200_000))
    me = await person(engine, "emma")
    assert (await look(engine.database)).more
    assert await catch_up(engine.database) == many + 1 - TAKEN_MAX
    assert len(await found(engine, me, f"somebody {many}")) == 1
    assert await engine.value("SELECT count(*) FROM documents") == many + 1


async def test_numbers_from_a_clock_that_is_ahead_hide_none_that_come_after(engine: Engine) -> None:
    await engine.database.pool.execute(CROWD, made(minutes_ago=-1_000), 3)
    await catch_up(engine.database)
    me = await person(engine, "emma")
    await catch_up(engine.database)
    assert await found(engine, me, "emma") == [me]
    assert len(await found(engine, me, "somebody")) == 3


async def test_everything_can_be_built_again_and_what_is_right_is_left_alone(
    engine: Engine,
) -> None:
    deal = await agreed(engine, "10.00", "20.00")
    await posted(engine)
    await catch_up(engine.database)
    whole = await engine.value(ALL)
    await rebuild(engine.database)
    assert not (await standing(engine.database)).is_whole
    assert await catch_up(engine.database) == 0
    await engine.database.pool.execute("TRUNCATE documents, indexing")
    await rebuild(engine.database)
    assert await catch_up(engine.database) == 7
    assert (await standing(engine.database)).is_whole
    assert await engine.value(ALL) == whole
    assert len(await found(engine, deal.freelancer, "piece")) == 2


async def test_what_was_there_before_the_index_is_filled_in_the_newest_first(
    engine: Engine,
) -> None:
    """As after an update: the migration only says where to begin."""
    await engine.database.pool.execute(CROWD, made(minutes_ago=100_000), TAKEN_MAX + 500)
    newest = await person(engine, "emma")
    begun = "UPDATE indexing SET seen = $1, settled = $1, unfilled = $1"
    await engine.database.pool.execute(begun, newest)
    assert (await look(engine.database)).more
    assert await found(engine, newest, "emma") == [newest]
    assert not await found(engine, newest, "somebody 12")
    await catch_up(engine.database)
    assert len(await found(engine, newest, "somebody 12")) == 1


async def test_where_everything_was_emptied_it_begins_anew(engine: Engine) -> None:
    await agreed(engine, "10.00")
    await catch_up(engine.database)
    await engine.database.pool.execute("TRUNCATE documents, indexing, people_renamed")
    assert await catch_up(engine.database) == 4
    assert (await standing(engine.database)).is_whole


async def test_where_nobody_has_looked_yet_the_newest_come_first(engine: Engine) -> None:
    await engine.database.pool.execute(CROWD, made(minutes_ago=100_000), TAKEN_MAX + 500)
    newest = await person(engine, "emma")
    assert (await look(engine.database)).more
    assert await found(engine, newest, "emma") == [newest]
    assert not await found(engine, newest, "somebody 12")
    await catch_up(engine.database)
    assert len(await found(engine, newest, "somebody 12")) == 1


async def test_one_at_a_time_looks_and_the_others_go_on(engine: Engine, dsn: str) -> None:
    await person(engine, "emma")
    async with connected(dsn) as other, other.transaction():
        await other.execute("SELECT pg_advisory_xact_lock(20200114)")
        assert await look(engine.database) == Look()
    both = await asyncio.gather(*(catch_up(engine.database) for _ in range(4)))
    assert sum(both) == 1


async def test_a_document_that_is_wrong_shows_nobody_what_is_not_theirs(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    stranger = await person(engine, "ida")
    await catch_up(engine.database)
    for column in ("employer_id", "freelancer_id"):
        await engine.database.pool.execute(
            f"UPDATE documents SET {column} = $1 WHERE kind IN ('contract', 'milestone')", stranger
        )
        assert await found(engine, stranger, "piece") == []
        assert await found(engine, stranger, "emma") == [deal.employer]


async def test_while_a_worker_runs_what_is_new_is_found_by_itself(engine: Engine) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(indexing.run(engine.database, stop))
    deal = await agreed(engine, "10.00")

    async def is_found() -> bool:
        return await found(engine, deal.freelancer, "piece") == [deal.milestone]

    await until(is_found)
    stop.set()
    await running


async def test_milestones_of_any_currency_have_their_amount(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    for place, (currency, minor, words) in enumerate(
        [("JPY", 4000, "4000 jpy"), ("KWD", 1500, "1.5 KWD"), ("CLF", 12345, "clf 1.2345")]
    ):
        number = engine.node.ids.new()
        await engine.database.pool.execute(COPY, deal.milestone, number, f"Copy {place}")
        await engine.database.pool.execute(
            "UPDATE milestones SET currency = $2, amount = $3 WHERE id = $1",
            number, currency, minor,
        )  # fmt: skip
        await catch_up(engine.database)
        assert await found(engine, deal.freelancer, words) == [number]


async def test_a_word_longer_than_the_index_takes_is_left_out(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    long = f"{'x' * 3_000} anchor"
    await engine.database.pool.execute(COPY, deal.milestone, engine.node.ids.new(), long)
    await catch_up(engine.database)
    assert len(await found(engine, deal.employer, "anchor")) == 1
