"""A clock waits for its notice, and for a process to be there: with a real database, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

import pytest
from tests.store.engine import until
from tests.worker.purse import value, wallet
from tests.worker.test_reminding import handed_in

from earnest import heart, notifying, worker
from earnest.app import App
from earnest.core.people import SYSTEM_ID
from earnest.mail.carrying import HandedOver, Later, NeverTaken
from earnest.mail.letters import Letter
from earnest.store import hearing, told
from earnest.store.hearing import MISSED
from earnest.store.verify import verify

pytestmark = pytest.mark.asyncio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY = timedelta(hours=72)
CLOCKS = "SELECT name, at FROM events WHERE via = 'clock' ORDER BY id"
DUE = "SELECT submitted_at + interval '14 days' FROM milestones"


class Mailhost:
    """One that takes nothing for as long as it is dead."""

    def __init__(self, *, dead: bool = True) -> None:
        self.dead = dead

    async def carry(
        self, letters: Sequence[Letter]
    ) -> AsyncIterator[tuple[Letter, HandedOver | Later | NeverTaken]]:
        for each in letters:
            yield each, Later("It does not answer.") if self.dead else HandedOver()

    async def reach(self) -> None:
        """Nobody asks."""


async def happened(app: App) -> list[tuple[str, datetime]]:
    return [tuple(record) for record in await app.database.pool.fetch(CLOCKS)]


async def leap(app: App, by: timedelta) -> None:
    """Time passes, and nobody is there: as if every process had been stopped."""
    await value(app, "UPDATE site SET clock_offset = clock_offset + $1", by)


async def test_who_could_not_be_told_by_mail_has_72_hours_more_once(app: App) -> None:
    app.carrier = Mailhost()
    emma, frank, milestone = await handed_in(app)
    due = await value(app, DUE)
    await worker.advance(app, 14 * DAY + HOUR)
    assert await happened(app) == [("milestone.deferred", due)]
    assert await value(app, "SELECT deferred_until FROM milestones") == due + BY
    assert await wallet(app, frank) == "0.00"
    for who in (emma, frank):
        found = "SELECT subject_id FROM notices WHERE name = 'milestone.deferred' AND user_id = $1"
        assert await value(app, found, who) == milestone
    await worker.advance(app, 4 * DAY)
    assert await happened(app) == [
        ("milestone.deferred", due),
        ("milestone.auto_released", due + BY),
    ]
    assert await wallet(app, frank) == "100.00"
    last = "SELECT array_agg(clock_at ORDER BY clock_at) FROM notices WHERE is_last"
    assert await value(app, last) == [due, due + BY]
    assert (await verify(app.database, lambda _: None)).broken == ()


@pytest.mark.parametrize(
    ("before", "expected"),
    [(13 * HOUR, "milestone.auto_released"), (11 * HOUR, "milestone.deferred")],
)
async def test_who_read_it_here_early_enough_was_told_though_no_mail_went_out(
    app: App, before: timedelta, expected: str
) -> None:
    app.carrier = Mailhost()
    emma, _, _ = await handed_in(app)
    due = await value(app, DUE)
    await worker.advance(app, due - before - await app.database.now())
    newest = await value(app, "SELECT max(id) FROM notices WHERE user_id = $1", emma)
    assert await told.mark_all_read(app.database, emma, newest)
    await worker.advance(app, before + HOUR)
    assert await happened(app) == [(expected, due)]


async def test_a_mail_that_went_out_eleven_hours_before_came_too_late(app: App) -> None:
    mailhost = app.carrier = Mailhost()
    await handed_in(app)
    due = await value(app, DUE)
    await worker.advance(app, due - 11 * HOUR - await app.database.now())
    mailhost.dead = False
    await value(app, "UPDATE deliveries SET due_at = now() WHERE status = 'waiting'")
    await notifying.drain(app)
    await worker.advance(app, DAY)
    assert await happened(app) == [("milestone.deferred", due)]


async def test_while_no_process_was_there_nothing_ran_out_that_costs_money(app: App) -> None:
    app.carrier = Mailhost(dead=False)
    _, frank, _ = await handed_in(app)
    due = await value(app, DUE)
    await worker.advance(app, due - HOUR - await app.database.now())
    await leap(app, DAY)
    await worker.drain(app)
    assert await happened(app) == [("milestone.deferred", due)]
    await leap(app, 30 * DAY)
    await worker.drain(app)
    assert (await happened(app))[1:] == [("milestone.auto_released", due + BY)]
    assert await wallet(app, frank) == "100.00"


async def test_a_process_that_beats_over_the_instant_is_there(app: App) -> None:
    app.carrier = Mailhost(dead=False)
    await handed_in(app)
    due = await value(app, DUE)
    await worker.advance(app, due - HOUR - await app.database.now())
    await leap(app, HOUR - MISSED / 2)
    await hearing.beat(app.database, None)
    await leap(app, HOUR)
    await worker.drain(app)
    assert await happened(app) == [("milestone.auto_released", due)]


async def test_a_heart_goes_on_in_its_row_and_after_too_long_in_another(app: App) -> None:
    spans = "SELECT array_agg(until - since ORDER BY id) FROM heartbeats"
    await value(app, "DELETE FROM heartbeats")
    first = await hearing.beat(app.database, None)
    await leap(app, MISSED - timedelta(seconds=30))
    assert await hearing.beat(app.database, first) == first
    await leap(app, MISSED + timedelta(seconds=1))
    second = await hearing.beat(app.database, first)
    assert second != first
    one, other = await value(app, spans)
    assert timedelta(seconds=90) <= one < MISSED
    assert other == timedelta()


async def test_whoever_serves_or_works_beats_until_they_are_stopped(app: App) -> None:
    await value(app, "DELETE FROM heartbeats")
    stop = asyncio.Event()
    beating = asyncio.create_task(heart.beat(app, stop))
    await until(lambda: value(app, "SELECT count(*) FROM heartbeats"))
    stop.set()
    await beating
    assert await value(app, "SELECT count(*) FROM heartbeats") == 1


async def test_several_workers_put_a_clock_off_once(app: App) -> None:
    app.carrier = Mailhost()
    await handed_in(app)
    due = await value(app, DUE)
    await worker.advance(app, due - HOUR - await app.database.now())
    await app.database.advance(2 * HOUR)
    await asyncio.gather(*(worker.drain(app) for _ in range(4)))
    assert await happened(app) == [("milestone.deferred", due)]
    actors = "SELECT DISTINCT actor_id FROM events WHERE name = 'milestone.deferred'"
    assert await value(app, actors) == SYSTEM_ID
