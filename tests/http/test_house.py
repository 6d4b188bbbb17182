"""Health, figures, logs, and the days on which the database is gone or the books are wrong."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import Iterator

import pytest
import structlog
from tests.http.house import Housing, agreed, code_of, housing, usd
from tests.http.quarrels import disputed

from earnest import notifying
from earnest.batcher import OFF_BALANCE
from earnest.core.actions import Reason
from earnest.http import logs

DEPOSIT = {"gateway": "sandbox", "amount": usd("1.00")}


@pytest.fixture
def lines() -> Iterator[io.BytesIO]:
    """What is logged, as it would be on standard error."""
    before, out = structlog.get_config(), io.BytesIO()
    logs.configure(out)
    yield out
    structlog.configure(**before)


def read(lines: io.BytesIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


@pytest.mark.asyncio
async def test_it_is_ready_when_commands_would_be_taken(house: Housing) -> None:
    for path, status in (("/healthz", "ok"), ("/readyz", "ready")):
        answer = await house.client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": status})


@pytest.mark.asyncio
async def test_it_is_not_ready_while_the_books_are_halted(house: Housing) -> None:
    emma = await house.person("emma")
    await house.value("INSERT INTO halts (what) VALUES ('a balance is off') RETURNING 1")
    answer = await house.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "unready", "reason": "books_do_not_balance", "detail": OFF_BALANCE},
    )
    refused = await emma.post("/v1/deposits", DEPOSIT)
    assert (refused.status_code, code_of(refused)) == (503, "books_do_not_balance")
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["detail"] == OFF_BALANCE  # Whose it is, is nobody else's to know.
    assert (await emma.seen("/v1/balances"))["items"] == []
    assert "earnest_halted 1.0" in (await house.client.get("/metrics")).text


@pytest.mark.asyncio
async def test_it_is_not_ready_for_a_database_that_is_behind(house: Housing) -> None:
    await house.value("DELETE FROM migrations WHERE name LIKE '0004%' RETURNING 1")
    answer = await house.client.get("/readyz")
    assert answer.json()["reason"] == "migrations_missing"
    assert answer.json()["detail"].startswith("0004")


@pytest.mark.asyncio
async def test_a_database_that_is_gone_is_no_refusal(house: Housing) -> None:
    emma = await house.person("emma")
    await house.app.database.pool.close()
    for answer in (await emma.get("/v1/me"), await emma.post("/v1/deposits", DEPOSIT)):
        assert (answer.status_code, code_of(answer)) == (503, "database_gone")
        assert answer.headers["retry-after"]
    ready = await house.client.get("/readyz")
    assert (ready.status_code, ready.json()["reason"]) == (503, "database_gone")
    assert "earnest_database_up 0.0" in (await house.client.get("/metrics")).text
    assert (await house.client.get("/healthz")).status_code == 200


@pytest.mark.asyncio
async def test_a_connection_that_was_cut_is_not_noticed_by_who_asks(house: Housing) -> None:
    emma = await house.person("emma")
    await asyncio.gather(*(emma.get("/v1/me") for _ in range(8)))
    async with house.app.database.pool.acquire() as own:
        await own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    answers = await asyncio.gather(*(emma.get("/v1/milestones") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.asyncio
async def test_a_bug_is_told_without_its_values(
    house: Housing, lines: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    emma = await house.person("emma")
    await house.value("ALTER TABLE deposits ADD CONSTRAINT no_more CHECK (amount < 7)")
    answer = await emma.post("/v1/deposits", DEPOSIT)
    assert (answer.status_code, code_of(answer)) == (500, "internal")
    (broken,) = [line for line in read(lines) if line["event"] == "command_broken"]
    assert broken["action"] == "deposit.start"
    told = json.dumps(broken["exception"])
    assert "no_more" in told
    assert "Failing row" not in told


@pytest.mark.asyncio
async def test_a_request_is_one_line_without_secrets(house: Housing, lines: io.BytesIO) -> None:
    emma, _, _, (milestone,) = await agreed(house, "10.00")
    lines.seek(0)
    lines.truncate()
    path = f"/v1/milestones/{milestone['id']}/release"
    answer = await emma.post(path, {"amount": usd("3.21")}, key="very-secret-key")
    (line,) = read(lines)
    assert line.pop("ms") < 5000  # type: ignore[operator]
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "POST",
        "route": "/v1/milestones/{id}/release",
        "status": 200,
        "trace_id": answer.headers["x-trace-id"],
    }
    raw = lines.getvalue().decode()
    for secret in (emma.token, "very-secret-key", "3.21", milestone["id"]):
        assert secret not in raw


@pytest.mark.asyncio
async def test_figures(house: Housing) -> None:
    emma, _, _, (milestone,) = await agreed(house, "10.00")
    await emma.code(f"/v1/milestones/{milestone['id']}/cancel")
    await house.client.get("/nowhere")
    answer = await house.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    for line in (
        'earnest_requests_total{method="POST",route="/v1/milestones/{id}/cancel",status="403"} 1.0',
        'earnest_requests_total{method="GET",route="none",status="404"} 1.0',
        f'earnest_refusals_total{{code="{Reason.NOT_YOUR_PART}"}} 1.0',
        "earnest_queue_length 0.0",
        "earnest_halted 0.0",
        "earnest_database_up 1.0",
    ):
        assert line in answer.text
    assert milestone["id"] not in answer.text


@pytest.mark.asyncio
async def test_no_figure_says_that_a_sealed_offer_was_made(house: Housing) -> None:
    made = await disputed(house)
    await made.emma.done(f"{made.at}/sealed-offer", {"to_freelancer": usd("10.00")})
    await made.frank.done(f"{made.at}/exhibit", {"text": "As agreed."})
    figures = (await house.client.get("/metrics")).text
    assert "sealed" not in figures
    route = 'method="POST",route="/v1/disputes/{id}/{verb}",status="200"'
    assert f"earnest_requests_total{{{route}}} 3.0" in figures


@pytest.mark.asyncio
async def test_mails_that_wait_and_that_never_went_are_counted(house: Housing) -> None:
    _, frank, _, (milestone,) = await agreed(house, "10.00")
    await frank.done(f"/v1/milestones/{milestone['id']}/submit")
    await notifying.drain(house.app)
    waiting = await house.value("SELECT count(*) FROM deliveries WHERE status = 'waiting'")
    assert waiting > 1
    await house.value(
        "UPDATE deliveries SET status = 'given_up', due_at = NULL"
        " WHERE id = (SELECT min(id) FROM deliveries) RETURNING id"
    )
    figures = (await house.client.get("/metrics")).text
    assert f"earnest_mails_waiting {waiting - 1}.0" in figures
    assert "earnest_mails_given_up 1.0" in figures


@pytest.mark.asyncio
async def test_a_deposit_waits_for_the_worker_and_answers_its_own_decision(dsn: str) -> None:
    async with housing(dsn, deposit_seconds=5) as house:
        emma = await house.person("emma")

        async def worker() -> None:
            while not (rows := await house.app.database.pool.fetch("SELECT id FROM deposits")):
                await house.app.nudged.wait()
            found = await emma.seen(f"/v1/deposits/{(await emma.ids('/v1/deposits'))[0]}")
            assert len(rows) == 1
            await house.settle(found)

        started = time.monotonic()
        answer, _ = await asyncio.gather(emma.post("/v1/deposits", DEPOSIT), worker())
        assert time.monotonic() - started < 4
        assert answer.json()["status"] == "pending"
        assert (await emma.seen(answer.headers["location"]))["status"] == "settled"


@pytest.mark.asyncio
async def test_a_deposit_that_nobody_deals_with_is_answered_all_the_same(dsn: str) -> None:
    async with housing(dsn, deposit_seconds=0.2) as house:
        emma = await house.person("emma")
        answer = await emma.post("/v1/deposits", DEPOSIT, key="k")
        assert (answer.status_code, answer.json()["status"]) == (201, "pending")
        assert (await emma.post("/v1/deposits", DEPOSIT, key="k")).content == answer.content
