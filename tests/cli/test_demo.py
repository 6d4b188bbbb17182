"""`earnest demo`: a story told once, whole or begun anew, and served."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

from tests.cli.earnest import Earnest, status, until

STATUSES = "SELECT array_agg(DISTINCT status::text) AS found FROM {}"


def started(earnest: Earnest, port: int, *words: str) -> subprocess.Popen[str]:
    demo = earnest.start("demo", "--port", port, *words)
    until(lambda: status(f"http://127.0.0.1:{port}/readyz") == 200, demo)
    return demo


def stopped(demo: subprocess.Popen[str]) -> tuple[str, str]:
    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate(timeout=30)
    assert demo.returncode == 0, f"{out}\n{err}"
    return out, err


def rows(earnest: Earnest, sql: str) -> list[object]:
    return [each[0] for each in asyncio.run(earnest.sql(sql))]


def test_the_story_is_told_once_and_served(earnest: Earnest, port: int) -> None:
    out, err = stopped(started(earnest, port))
    assert "Telling the story, 1 of" in err
    assert f"http://localhost:{port}" in out
    (token,) = set(re.findall(r"Emma Berg .*(ern_\S+)", out))
    assert f"Bearer {token}" in out
    assert "olga@example.com" in out
    (people,) = rows(earnest, "SELECT count(*) FROM users")
    (milestones,) = rows(earnest, "SELECT count(*) FROM milestones")
    assert people == 6
    assert isinstance(milestones, int)
    assert milestones >= 12

    events = rows(earnest, "SELECT count(*) FROM events")
    demo = started(earnest, port)
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/milestones", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.status == 200
    _, err = stopped(demo)
    assert "Telling" not in err
    assert rows(earnest, "SELECT count(*) FROM events") == events

    _, err = stopped(started(earnest, port, "--reset"))
    assert "Telling the story, 1 of" in err
    assert rows(earnest, "SELECT count(*) FROM users") == [6]


def test_the_story_has_something_of_everything_and_adds_up(earnest: Earnest, port: int) -> None:
    stopped(started(earnest, port))
    assert rows(earnest, STATUSES.format("milestones")) == [
        ["cancelled", "declined", "funded", "released", "requested", "submitted"]
    ]
    assert rows(earnest, STATUSES.format("contracts")) == [
        ["active", "declined", "ended", "offered"]
    ]
    assert rows(earnest, "SELECT DISTINCT currency FROM contracts ORDER BY 1") == [
        "JPY", "KWD", "USD",
    ]  # fmt: skip
    assert rows(earnest, "SELECT count(*) FROM breaks") == [2]
    assert "failed" in rows(earnest, "SELECT status FROM withdrawals")
    assert rows(earnest, "SELECT clock_offset = '0' FROM site") == [True]
    (span,) = rows(earnest, "SELECT max(at) - min(at) > '362 days' FROM events")
    assert span is True
    assert rows(earnest, "SELECT count(*) FROM events WHERE at > now()") == [0]
    assert earnest.json("ledger", "verify")["ok"]


def test_a_story_that_was_interrupted_is_begun_anew(earnest: Earnest, port: int) -> None:
    demo = earnest.start("demo", "--port", port)
    assert demo.stderr is not None
    for line in demo.stderr:
        if "3 of" in line:
            break
    demo.kill()
    demo.communicate()
    assert status(f"http://127.0.0.1:{port}/readyz") == 0
    _, err = stopped(started(earnest, port))
    assert "begun anew" in err
    assert rows(earnest, "SELECT count(*) FROM users") == [6]
    assert earnest.json("ledger", "verify")["ok"]


def test_what_is_no_demo_is_left_alone(earnest: Earnest, port: int) -> None:
    earnest("user", "add", "Emma", "emma@example.com")
    for words in ((), ("--reset",)):
        done = earnest.process("demo", "--port", port, *words, code=1)
        assert "something else than a demo" in done.stderr
    assert rows(earnest, "SELECT count(*) FROM users") == [1]


def test_its_directory_is_beside_the_usual_one(tmp_path: Path, port: int) -> None:
    earnest = Earnest(tmp_path / "unused", None, {"HOME": str(tmp_path)})
    directory = tmp_path / "own"
    demo = started(earnest, port, "--data-dir", str(directory))
    stopped(demo)
    assert directory.exists()
    assert not (tmp_path / "unused").exists()
