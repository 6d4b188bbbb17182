"""`earnest demo --scale`, with a thousand milestones: the books verify, and no page costs more."""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import Any

import pytest
from tests.cli.earnest import Earnest, status, until

from earnest.app import opened
from earnest.config import Config
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.projects.row import ProjectStatus
from earnest.demo.scale.crowd import KNOWN
from earnest.demo.scale.planning import SMALL
from earnest.http.problems import problem_of
from earnest.store.sandbox import Story

#: However much there is: as many statements for a hundred rows as for one.
STATEMENTS_MAX = 20
COUNTS = """
SELECT (SELECT count(*) FROM milestones), (SELECT count(*) FROM bids), (SELECT count(*) FROM users)
"""
STATUSES = "SELECT array_agg(DISTINCT status::text) FROM {}"


async def rows(earnest: Earnest, sql: str) -> Any:
    """What stands in the database."""
    async with opened(Config(data_dir=earnest.data_dir), problem_of) as app:
        return await app.database.pool.fetch(sql)


def served(earnest: Earnest, *words: str) -> str:
    """Serve it until it answers, and stop it; what it said."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    demo = earnest.start("demo", "--scale", "--small", "--port", port, *words)
    until(lambda: status(f"http://127.0.0.1:{port}/readyz") == 200, demo)
    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate(timeout=30)
    assert demo.returncode == 0, f"{out}\n{err}"
    return f"{out}\n{err}"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Earnest, str]:
    """On a private PostgreSQL, as people have it."""
    earnest = Earnest(tmp_path_factory.mktemp("scale"), None)
    return earnest, served(earnest)


def test_as_much_is_there_as_was_asked_for_and_the_books_verify(
    loaded: tuple[Earnest, str],
) -> None:
    earnest, said = loaded
    ((milestones, bids, people),) = asyncio.run(rows(earnest, COUNTS))
    assert (milestones, bids, people) == (SMALL.milestones, SMALL.bids, SMALL.people)
    found = earnest.json("ledger", "verify")
    assert found["ok"]
    assert found["transfers"] > SMALL.milestones
    for each in KNOWN:
        assert each.email in said
    assert "Milestones: 1,000 of 1,000" in said


def test_all_that_people_do_is_in_it(loaded: tuple[Earnest, str]) -> None:
    earnest, _ = loaded
    for kind, known in (("milestones", MilestoneStatus), ("projects", ProjectStatus)):
        ((found,),) = asyncio.run(rows(earnest, STATUSES.format(kind)))
        assert set(found) == {each.value for each in known}, kind


def test_what_was_interrupted_is_not_taken_for_whole(loaded: tuple[Earnest, str]) -> None:
    earnest, _ = loaded
    asyncio.run(rows(earnest, f"COMMENT ON TABLE site IS '{Story.SCALE_BEGUN}'"))
    assert "not loaded to its end" in earnest.unchecked("ledger", "verify").output
    assert "it is begun anew" in served(earnest)


def test_it_is_loaded_once(loaded: tuple[Earnest, str]) -> None:
    earnest, _ = loaded
    assert "Milestones:" not in served(earnest)


def test_the_demo_of_the_story_leaves_it_alone(loaded: tuple[Earnest, str]) -> None:
    earnest, _ = loaded
    refused = earnest.unchecked("demo", "--port", 0)
    assert refused.exit_code == 1
    assert "something else than a demo" in refused.output


def test_no_page_runs_more_statements_than_a_few(loaded: tuple[Earnest, str]) -> None:
    earnest, _ = loaded
    told: dict[str, Any] = earnest.json(
        "bench", "--pages", "--small", "--rounds", 1, "--data-dir", earnest.data_dir
    )
    assert told["pages"]
    for page in told["pages"]:
        assert 0 <= page["statements"] <= STATEMENTS_MAX, page["path"]
        assert 0 < page["p50_ms"] <= page["p95_ms"] <= page["max_ms"]
