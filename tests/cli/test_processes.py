"""`earnest` as processes: the main job by commands alone, servers, signals, a port taken."""

from __future__ import annotations

import json
import signal
import socket
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from tests.cli.earnest import Earnest, status, until

from earnest.store import embedded

EMMA = "emma@example.com"
ANA = "ana@example.com"
EVE = "eve@example.com"


def test_the_main_job_by_commands_alone(tmp_path: Path) -> None:
    """Deposit 100, fund 100, release 40, the freelancer cancels the rest; on a new directory."""
    earnest = Earnest(tmp_path / "data", None)
    earnest.process("user", "add", "Emma", EMMA)
    with embedded.hold(earnest.data_dir):  # Or each command would start the database and stop it.
        the_main_job(earnest)


def the_main_job(earnest: Earnest) -> None:
    for name, email in (("Ana", ANA), ("Eve", EVE)):
        earnest.process("user", "add", name, email)
    start = ("deposit", "start", "--gateway", "sandbox", "--amount", "100.00 USD", "--as", EMMA)
    earnest.process(*start)
    offer = ("contract", "offer", "--freelancer", ANA, "--currency", "USD", "--as", EMMA)
    contract = earnest.process_json(*offer)["id"]
    line = "description=Logo,amount=100.00"
    funded = earnest.process_json("contract", "fund", contract, "--milestone", line, "--as", EMMA)
    milestone = funded["items"][0]["id"]
    seen = earnest.process_json("contract", "show", contract)
    earnest.process(
        "contract", "accept", contract, "--terms-hash", seen["terms_hash"], "--funded", "100.00",
        "--milestones-hash", seen["milestones_hash"], "--as", ANA,
    )  # fmt: skip
    release = ("milestone", "release", milestone, "--as", EMMA)
    first = earnest.process_json(*release, "--amount", "40.00", "--key", "k4")
    assert first["held"]["amount"] == "60.00"
    assert code(earnest, *release, "--amount", "60.01") == "more_than_held"
    assert code(earnest, "milestone", "cancel", milestone, "--as", EMMA) == "not_your_part"
    assert code(earnest, "milestone", "cancel", milestone, "--as", EVE) == "not_found"
    assert first == earnest.process_json(*release, "--amount", "40.00", "--key", "k4")
    assert code(earnest, *release, "--amount", "41.00", "--key", "k4") == "key_reused"
    earnest.process("milestone", "cancel", milestone, "--as", ANA)
    assert wallet(earnest, EMMA) == "60.00"
    assert wallet(earnest, ANA) == "40.00"
    verified = earnest.process_json("ledger", "verify")
    assert verified == {"ok": True, "transfers": 4, "accounts": 4}


def code(earnest: Earnest, *words: str) -> str:
    told: str = earnest.process_json(*words, code=1)["code"]
    return told


def wallet(earnest: Earnest, who: str) -> str:
    held: str = earnest.process_json("balance", "--as", who)["items"][0]["wallet"]["amount"]
    return held


def test_commands_work_beside_a_server_and_each_other(earnest: Earnest, port: int) -> None:
    with earnest.serving(port=port) as url:
        earnest.process("user", "add", "Emma", EMMA)
        token = earnest.process_json("token", "create", EMMA)["token"]
        start = ("deposit", "start", "--gateway", "sandbox", "--amount", "1.00 USD", "--as", EMMA)
        two = [earnest.start(*start), earnest.start(*start)]
        for each in two:
            out, err = each.communicate(timeout=60)
            assert each.returncode == 0, f"{out}\n{err}"
        asked = post(url, "/v1/deposits", token, "k1", gateway="sandbox", amount=usd("5.00"))
        assert asked["status"] == "pending"
        assert wallet(earnest, EMMA) == "7.00"
        assert earnest.process_json("ledger", "verify")["ok"]


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def post(url: str, path: str, token: str, key: str, **body: object) -> Any:
    request = urllib.request.Request(
        url + path,
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def test_several_processes_serve_on_one_port(earnest: Earnest, port: int) -> None:
    with earnest.serving("--workers", "2", port=port) as url:
        for _ in range(20):
            assert status(f"{url}/readyz") == 200
    assert status(f"http://127.0.0.1:{port}/readyz") == 0


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGINT, ()),
        (signal.SIGTERM, ("--workers", "2")),
        (signal.SIGINT, ("--workers", "2")),
    ],
)
def test_a_signal_stops_a_server_in_good_order(
    earnest: Earnest, port: int, number: signal.Signals, words: tuple[str, ...]
) -> None:
    server = earnest.start("serve", "--port", port, *words)
    until(lambda: status(f"http://127.0.0.1:{port}/readyz") == 200, server)
    server.send_signal(number)
    out, err = server.communicate(timeout=30)
    assert server.returncode == 0, f"{out}\n{err}"
    assert "Serving on http://localhost" in err
    assert "Traceback" not in err


def test_children_do_not_outlive_a_parent_that_was_killed(earnest: Earnest, port: int) -> None:
    server = earnest.start("serve", "--port", port, "--workers", "2")
    until(lambda: status(f"http://127.0.0.1:{port}/readyz") == 200, server)
    server.kill()
    server.wait()
    end = time.monotonic() + 30
    while status(f"http://127.0.0.1:{port}/readyz") != 0:
        assert time.monotonic() < end, "the children go on serving"
        time.sleep(0.05)
    server.communicate()


def test_a_port_that_is_taken_is_told_with_the_command_that_helps(
    earnest: Earnest, port: int
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        done = earnest.process("serve", "--port", port, code=1)
    assert f"Port {port} of 127.0.0.1 is taken." in done.stderr
    assert f"earnest serve --port {port + 1}" in done.stderr


def test_a_host_that_is_not_ours_cannot_be_listened_on(earnest: Earnest, port: int) -> None:
    done = earnest.process("serve", "--host", "192.0.2.1", "--port", port, code=1)
    assert "Cannot listen" in done.stderr


def test_a_worker_alone_does_what_a_server_leaves(earnest: Earnest, port: int) -> None:
    earnest("user", "add", "Emma", EMMA)
    token = earnest.json("token", "create", EMMA)["token"]
    with earnest.serving("--no-worker", port=port) as url:
        working = earnest.start("worker")
        try:
            body = {"gateway": "sandbox", "amount": usd("5.00")}
            post(url, "/v1/deposits", token, "k1", **body)
            until(lambda: bool(earnest.json("balance", "--as", EMMA)["items"]), working)
            until(lambda: held(earnest) == "5.00", working)
        finally:
            working.send_signal(signal.SIGTERM)
            out, err = working.communicate(timeout=30)
        assert working.returncode == 0, f"{out}\n{err}"


def held(earnest: Earnest) -> str:
    found: str = earnest.json("balance", "--as", EMMA)["items"][0]["wallet"]["amount"]
    return found


def test_the_version_and_the_help_need_no_database(tmp_path: Path) -> None:
    earnest = Earnest(tmp_path / "nowhere", "postgresql://nobody@127.0.0.1:1/nothing")
    assert "milestone" in earnest.process("--help").stdout
    assert "--amount" in earnest.process("milestone", "release", "--help").stdout
    assert not (tmp_path / "nowhere").exists()
