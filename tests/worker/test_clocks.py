"""Clocks: what was not answered in time lapses, whoever looks first, and once."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.worker.purse import deposit, person, status, usd, value, wallet

from earnest import worker
from earnest.app import App, opened
from earnest.config import Config
from earnest.core.actions import Action
from earnest.core.bids.bidding import PlaceBid, Step
from earnest.core.bids.choosing import Award
from earnest.core.ledger import BALANCE_MAX
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.projects.posting import Post
from earnest.core.projects.reserving import Reserve
from earnest.http.problems import problem_of
from earnest.store import restores, worklist
from earnest.store.queries import sql

pytestmark = pytest.mark.asyncio

HOURS = timedelta(hours=1)
DAY = timedelta(days=1)


async def row(app: App, who: int, action: Action[Any]) -> dict[str, Any]:
    """Ask for what must happen; the row that answers."""
    answer = await app.do(who, action, via="test")
    assert answer.problem is None, answer.problem
    found: dict[str, Any] = json.loads(answer.rows[0])
    return found


async def posted(app: App, reserve: str = "60.00") -> tuple[int, int]:
    """Emma, who has 100.00, and her project with a reserve."""
    emma = await person(app)
    await deposit(app, emma, "100.00")
    await worker.drain(app)
    post = Post(emma, "A site", "All of it", "USD", usd("10.00"), usd("90.00"))
    project = (await row(app, emma, post))["number"]
    await row(app, emma, Reserve(project, usd(reserve)))
    return emma, project


async def awarded(app: App) -> tuple[int, int, int, int]:
    """Emma, her project, the bid that she awarded, and its contract with 50.00 in it."""
    emma, project = await posted(app)
    frank = await person(app, "frank")
    steps = (Step("All of it", usd("50.00"), days=7),)
    bid = await row(app, frank, PlaceBid(project, usd("50.00"), 7, "I would", steps))
    contract = (await row(app, emma, Award(bid["number"], bid["bid_hash"])))["number"]
    await row(app, emma, FundContract(contract, (Line("All of it", usd("50.00")),)))
    return emma, project, bid["number"], contract


async def test_an_offer_that_nobody_answers_lapses_at_its_instant(app: App) -> None:
    emma, _, bid, contract = await awarded(app)
    assert await worker.advance(app, 35 * HOURS) == 0
    assert await status(app, "contracts", contract) == "offered"
    due = await value(app, "SELECT wakes_at FROM contracts WHERE id = $1", contract)
    assert await worker.advance(app, 2 * HOURS) == 1
    assert await status(app, "contracts", contract) == "lapsed"
    assert await status(app, "bids", bid) == "live"
    assert await wallet(app, emma) == "90.00"  # What was reserved for it is in no reserve now.
    key = "SELECT key FROM commands WHERE actor_id = 0 ORDER BY at DESC LIMIT 1"
    assert (await value(app, key)).endswith(f" contract.lapse {due.isoformat()}")
    late = await value(app, "SELECT updated_at - $2 FROM contracts WHERE id = $1", contract, due)
    assert timedelta(0) <= late < timedelta(seconds=10)
    assert await worker.drain(app) == 0


async def test_all_that_is_due_has_been_done_when_advance_returns(app: App) -> None:
    """The offer lapses after 36 hours, and 44 days after its posting the project does."""
    emma, project, _, contract = await awarded(app)
    assert await worker.advance(app, 60 * DAY) == 2
    assert await status(app, "contracts", contract) == "lapsed"
    assert await status(app, "projects", project) == "closed"
    assert await wallet(app, emma) == "100.00"
    events = await app.database.pool.fetch(
        "SELECT name, at - lag(at) OVER (ORDER BY at) AS gap FROM events"
        " WHERE name LIKE '%.lapsed' OR name = 'project.posted' ORDER BY at"
    )
    assert [each["name"] for each in events][1:] == ["contract.lapsed", "project.lapsed"]
    assert abs(events[1]["gap"] - 36 * HOURS) < timedelta(minutes=1)
    assert abs(events[1]["gap"] + events[2]["gap"] - 44 * DAY) < timedelta(minutes=1)


async def test_a_worker_that_was_down_does_what_became_due_meanwhile(app: App) -> None:
    emma, project, _, contract = await awarded(app)
    await app.database.advance(45 * DAY)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(app, stop))
    async with asyncio.timeout(20):
        while await status(app, "projects", project) != "closed":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    stop.set()
    await running
    assert await status(app, "contracts", contract) == "lapsed"
    assert await wallet(app, emma) == "100.00"
    assert await value(app, "SELECT count(*) FROM commands WHERE actor_id = 0") == 3


async def test_several_workers_ask_for_each_clock_once(app: App, dsn: str, tmp_path: Path) -> None:
    owners = [(await posted(app, "1.00"))[0] for _ in range(10)]
    await app.database.advance(45 * DAY)
    async with opened(Config(tmp_path, dsn, connections=4), problem_of) as other:
        done = await asyncio.gather(*(worker.drain(each) for each in (app, other, app, other)))
    assert sum(done) == 10
    assert await value(app, "SELECT count(*) FROM events WHERE name = 'project.lapsed'") == 10
    assert {await wallet(app, emma) for emma in owners} == {"100.00"}
    assert app.batcher.counts.refused_system == other.batcher.counts.refused_system == 0


async def test_what_was_decided_in_time_is_no_alarm(app: App) -> None:
    emma, _, _, contract = await awarded(app)
    over = worklist.TimeOver("offer", contract, await app.database.now())
    with structlog.testing.capture_logs() as logs:
        assert await worker._run_out(app, over, worker.Alarms(), asyncio.Semaphore(1)) == 0
    assert logs == []
    assert await status(app, "contracts", contract) == "offered"
    assert await wallet(app, emma) == "40.00"


async def test_a_clock_that_is_refused_is_an_alarm_and_is_asked_for_again(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    emma, project = await posted(app)
    fill = "UPDATE accounts SET balance = $2 WHERE kind = 'wallet' AND owner = $1"
    await value(app, fill, emma, BALANCE_MAX)
    with structlog.testing.capture_logs() as logs:
        assert await worker.advance(app, 45 * DAY) == 0
    assert [(each["log_level"], each["event"]) for each in logs] == [("error", "clock_refused")]
    assert logs[0]["subject"].startswith("prj_")
    assert json.loads(logs[0]["problem"])["code"] == "balance_too_large"
    assert app.batcher.counts.refused_system == 1
    await value(app, fill, emma, 0)
    monkeypatch.setattr(worker, "REFUSED_SECONDS", 0.0)
    assert await worker.drain(app) == 1
    assert await status(app, "projects", project) == "closed"


async def test_one_that_meets_a_bug_does_not_hold_up_the_others(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, project = await posted(app)
    _, other = await posted(app)
    do = app.do

    async def broken(who: int, action: Action[Any], **given: Any) -> Any:
        if action.subject_id == project:
            raise RuntimeError("a bug")
        return await do(who, action, **given)

    monkeypatch.setattr(type(app), "do", lambda _self, *args, **given: broken(*args, **given))
    await app.database.advance(45 * DAY)
    with structlog.testing.capture_logs() as logs:
        assert await worker.drain(app) == 1
    assert [each["event"] for each in logs] == ["clock_broken"]
    assert await status(app, "projects", other) == "closed"


async def test_no_clock_runs_out_on_a_restored_site_before_somebody_says_so(app: App) -> None:
    _, project = await posted(app)
    await value(app, "INSERT INTO restores (taken_at) VALUES (now()) RETURNING 1")
    assert await worker.advance(app, 45 * DAY) == 0
    assert await status(app, "projects", project) == "open"
    assert await restores.resume(app.database, "compared") == 1
    assert await worker.drain(app) == 1
    assert await status(app, "projects", project) == "closed"


async def test_every_clock_is_looked_for_and_found_by_its_index(app: App) -> None:
    for noun in ("contract", "offer", "project", "deposit", "withdrawal"):
        assert f"'{noun}'" in sql("clocks.due")
    async with app.database.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")
        for name, values in (
            ("clocks.due", ("10", "'{}'", "'7 days'")),
            ("clocks.next_wake", ("'{}'", "'7 days'")),
        ):
            text = sql(name)
            for number, value in enumerate(values, 1):
                text = text.replace(f"${number}", value)
            plan = str(await connection.fetch(f"EXPLAIN {text}"))
            for index in ("contracts_that_wake", "projects_that_wake"):
                assert index in plan, plan
            for index in ("deposits_unpaid", "withdrawals_unsent"):
                assert index in plan, plan
