"""Mails go out at least once, are tried for days and hold up nothing, also with no server there."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from tests.mail.server import Server, serving
from tests.store.engine import until
from tests.store.processes import environment
from tests.worker.purse import ask, deposit, person, value

from earnest import notifying, worker
from earnest.app import App
from earnest.core.contracts import OfferContract, Say
from earnest.core.notices import Mail, Topic
from earnest.mail.smtp import Smtp, server_in
from earnest.store import deliveries, told
from earnest.store.deliveries import PAUSES, TAKEN_MAX

pytestmark = pytest.mark.asyncio

#: For a process to be there, on a machine that has much else to do.
PROCESS_SECONDS = 60


@pytest_asyncio.fixture
async def mailhost() -> AsyncIterator[Server]:
    async with serving() as found:
        yield found


@pytest.fixture
def live(app: App, mailhost: Server) -> App:
    """An app that hands its mails to this server."""
    app.carrier = Smtp(server_in(mailhost.url), answer_seconds=5)
    return app


async def talk(app: App) -> tuple[int, int, int]:
    """Two people and a contract that one of them offered."""
    emma, frank = await person(app), await person(app, "frank")
    return emma, frank, await ask(app, emma, OfferContract(emma, frank, "USD", "classic"))


async def row(app: App) -> dict[str, Any]:
    """The only mail about the offer: that it may lapse is told by others."""
    (record,) = await app.database.pool.fetch(
        "SELECT d.* FROM deliveries d JOIN notices n USING (id) WHERE n.name = 'contract.offered'"
    )
    return dict(record)


async def advance(app: App, by: timedelta) -> None:
    await app.database.advance(by)


async def test_what_somebody_is_told_they_get_by_mail(live: App, mailhost: Server) -> None:
    await talk(live)
    await notifying.drain(live)
    (mail,) = mailhost.mails
    assert mail["Subject"] == "emma offers you a contract"
    assert mailhost.to[0].startswith("frank")
    found = await row(live)
    assert (found["status"], found["tries"], found["due_at"]) == ("handed_over", 1, None)
    assert found["handed_over_at"] is not None
    await notifying.drain(live)
    assert len(mailhost.mails) == 1


async def test_a_server_that_is_dead_for_three_days_loses_nothing(
    live: App, mailhost: Server
) -> None:
    mailhost.behaviour.hangs_up = "at once"
    await talk(live)
    await notifying.drain(live)
    began = await live.database.now()
    tries = 1
    while tries <= len(PAUSES):
        found = await row(live)
        assert (found["status"], found["tries"]) == ("waiting", tries)
        assert found["said"]
        pause = found["due_at"] - found["tried_at"]
        assert 0.89 * PAUSES[tries - 1] < pause < 1.12 * PAUSES[tries - 1]
        await notifying.drain(live)
        assert (await row(live))["tries"] == tries, "it is not asked before its time"
        await advance(live, found["due_at"] - await live.database.now())
        if tries == len(PAUSES):  # This is the last time that it is tried.
            mailhost.behaviour.hangs_up = ""
        await notifying.drain(live)
        tries += 1
    assert (await row(live))["status"] == "handed_over"
    assert await live.database.now() - began > 0.9 * timedelta(days=3)
    assert [m["Subject"] for m in mailhost.mails].count("emma offers you a contract") == 1


async def test_after_the_last_try_it_is_given_up_where_operators_see_it(
    live: App, mailhost: Server
) -> None:
    mailhost.behaviour.hangs_up = "at once"
    await talk(live)
    for _ in range(len(PAUSES) + 1):
        await notifying.drain(live)
        await advance(live, timedelta(hours=30))
    found = await row(live)
    assert (found["status"], found["tries"]) == ("given_up", 9)
    assert (await deliveries.counts(live.database)).given_up == 1
    mailhost.behaviour.hangs_up = ""
    assert await deliveries.again(live.database, found["id"])
    await notifying.drain(live)
    assert (await row(live))["status"] == "handed_over"
    assert not await deliveries.again(live.database, found["id"])


async def test_who_is_refused_for_ever_is_not_tried_again(live: App, mailhost: Server) -> None:
    _, frank, _ = await talk(live)
    address = await value(live, "SELECT email FROM users WHERE id = $1", frank)
    mailhost.behaviour.refuses[address] = "550 nobody here"
    await notifying.drain(live)
    found = await row(live)
    assert (found["status"], found["said"], found["tries"]) == ("given_up", "550 nobody here", 1)


async def test_a_dead_server_delays_no_decision_and_no_notice(live: App, mailhost: Server) -> None:
    mailhost.behaviour.is_silent = True
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(live, stop))
    emma, frank, contract = await talk(live)

    async def is_held() -> bool:
        return mailhost.connections > 0

    await until(is_held)
    number = await deposit(live, emma, "10.00")
    await ask(live, frank, Say(contract, "Hello"))

    async def is_told() -> bool:
        names = await value(
            live, "SELECT array_agg(name::text) FROM notices WHERE user_id = $1", emma
        )
        return {*(names or ())} == {"deposit.settled", "contract.said"}

    await until(is_told)
    assert await value(live, "SELECT status FROM deposits WHERE id = $1", number) == "settled"
    assert await value(live, "SELECT count(*) FROM deliveries WHERE status = 'waiting'") == 3
    assert mailhost.mails == []
    stop.set()
    await asyncio.wait_for(running, 3 * notifying.GRACE_SECONDS)  # It keeps nobody from stopping.


async def test_workers_side_by_side_send_each_mail_once(live: App, mailhost: Server) -> None:
    emma, _, contract = await talk(live)
    for text in range(TAKEN_MAX + 5):
        await ask(live, emma, Say(contract, f"Number {text}"))
    await asyncio.gather(*(notifying.drain(live) for _ in range(4)))
    assert len(mailhost.mails) == TAKEN_MAX + 6
    assert len({mail["Message-ID"] for mail in mailhost.mails}) == TAKEN_MAX + 6


async def test_who_died_while_sending_has_tried_and_a_retry_is_known_again(
    live: App, mailhost: Server
) -> None:
    mailhost.behaviour.hangs_up = "after"  # It was taken, and nobody could write that down.
    await talk(live)
    await notifying.drain(live)
    (leased,) = await _leased_again(live)
    assert leased.tries == 2
    assert await deliveries.lease(live.database) == [], "for a while it is that worker's"
    expired = "UPDATE deliveries SET leased_until = now() - interval '1 minute'"
    await live.database.pool.execute(expired)
    mailhost.behaviour.hangs_up = ""
    await notifying.drain(live)
    assert len({mail["Message-ID"] for mail in mailhost.mails}) == 1
    await deliveries.failed(live.database, leased, "late news of an older try")
    assert (await row(live))["status"] == "handed_over"


async def _leased_again(app: App) -> list[deliveries.Delivery]:
    await advance(app, timedelta(hours=1))
    return await deliveries.lease(app.database)


async def test_without_a_server_mails_wait_and_are_given_up_when_they_are_old(app: App) -> None:
    app.carrier = None
    await talk(app)
    await notifying.drain(app)
    assert ((await row(app))["status"], (await row(app))["tries"]) == ("waiting", 0)
    counts = await deliveries.counts(app.database)
    assert (counts.waiting, counts.failing, counts.given_up) == (1, 0, 0)
    await advance(app, timedelta(days=3))
    await notifying.drain(app)
    assert (await row(app))["status"] == "waiting"
    await advance(app, timedelta(days=2))
    await notifying.drain(app)
    assert ((await row(app))["status"], (await row(app))["said"]) == (
        "given_up",
        deliveries.TOO_OLD,
    )


async def test_a_sandbox_keeps_its_mails_and_sends_them_to_nobody(app: App) -> None:
    _, frank, _ = await talk(app)
    await notifying.drain(app)
    found = await row(app)
    assert found["status"] == "handed_over"
    kept = await app.database.pool.fetchrow("SELECT * FROM sandbox_mails")
    assert kept is not None
    assert (kept["delivery_id"], kept["user_id"]) == (found["id"], frank)
    assert b"emma offers you a contract" in kept["raw"]


async def test_a_digest_comes_once_a_day_with_what_is_not_read_yet(
    live: App, mailhost: Server
) -> None:
    emma, frank, contract = await talk(live)
    await notifying.drain(live)
    await told.choose(live.database, frank, {Topic.MESSAGES: Mail.DAILY})
    for text in ("One", "Two", "Three"):
        await ask(live, emma, Say(contract, text))
        await notifying.drain(live)
    assert len(mailhost.mails) == 1
    first = await value(live, "SELECT min(id) FROM notices WHERE name = 'contract.said'")
    await told.mark_read(live.database, frank, first)
    await advance(live, timedelta(days=1))
    await notifying.drain(live)
    assert mailhost.mails[1]["Subject"] == "2 things happened"
    await ask(live, emma, Say(contract, "Four"))
    await notifying.drain(live)
    newest = await value(live, "SELECT max(id) FROM notices")
    await told.mark_all_read(live.database, frank, newest)
    await advance(live, timedelta(days=1))
    await notifying.drain(live)
    assert len(mailhost.mails) == 2
    assert await value(live, "SELECT count(*) FROM deliveries WHERE status = 'not_needed'") == 1


async def test_an_address_that_no_mail_can_be_written_to_holds_up_no_other(
    live: App, mailhost: Server
) -> None:
    emma, frank, contract = await talk(live)
    await live.database.pool.execute("UPDATE users SET email = 'a<b@c' WHERE id = $1", emma)
    await ask(live, frank, Say(contract, "Hello"))
    await notifying.drain(live)
    assert len(mailhost.mails) == 1
    said = await value(live, "SELECT said FROM deliveries WHERE user_id = $1", emma)
    assert said == notifying.UNWRITABLE


async def test_a_restored_site_sends_no_mail_before_somebody_says_so(
    live: App, mailhost: Server
) -> None:
    await talk(live)
    await live.database.pool.execute("INSERT INTO restores (taken_at) VALUES (now())")
    await notifying.drain(live)
    assert mailhost.mails == []
    resumed = "UPDATE restores SET resumed_at = now(), resumed_because = 'compared'"
    await live.database.pool.execute(resumed)
    await notifying.drain(live)
    assert len(mailhost.mails) == 1


async def test_facts_are_kept_as_json_that_says_what_it_means(app: App) -> None:
    emma = await person(app)
    await deposit(app, emma, "10.00")
    await worker.drain(app)
    await notifying.drain(app)
    facts = json.loads(await value(app, "SELECT facts FROM notices"))
    assert facts == {"amount": {"amount": "10.00", "currency": "USD"}}


async def test_killed_workers_have_told_everybody_once(app: App, dsn: str, tmp_path: Path) -> None:
    emma, _, contract = await talk(app)
    env = {**environment(), "DATABASE_URL": dsn, "EARNEST_DATA_DIR": str(tmp_path)}
    count, asked = "SELECT count(*) FROM notices WHERE name = 'contract.said'", 0
    for _ in range(2):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "earnest", "worker", env=env
        )
        before = asked

        async def is_telling(enough: int = before) -> bool:
            return bool(await value(app, count) > enough)

        try:
            for text in range(20):
                await ask(app, emma, Say(contract, f"Number {text}"))
                asked += 1
            await until(is_telling, PROCESS_SECONDS)
        finally:
            process.kill()  # Somewhere between telling and sending.
            await process.wait()
    await notifying.drain(app)
    await app.database.pool.execute("UPDATE deliveries SET leased_until = NULL")
    await notifying.drain(app)
    assert await value(app, count) == asked
    assert await value(app, "SELECT count(*) FROM deliveries") == asked + 1
    assert await value(app, "SELECT count(*) FROM sandbox_mails") == asked + 1
    waiting = "SELECT count(*) FROM deliveries WHERE status <> 'handed_over'"
    assert await value(app, waiting) == 0
