"""Random commands for as long as asked: in the pure core, and at one database by many processes."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from tests.core.test_machine import SIZE, Books
from tests.soak.asking import Answers
from tests.soak.checking import ended
from tests.soak.crowd import Crowd, deals
from tests.soak.report import Report, reported, setting
from tests.soak.site import BUGS, Site, private, serving
from tests.store.engine import agreed, connected, person, running
from tests.store.load import digest
from tests.store.processes import told

from earnest.config import Config
from earnest.store.batch import answer_rows

pytestmark = pytest.mark.soak

#: How long: a quarter in the core, the rest at a database.
MINUTES: Final = setting("MINUTES", 6)
PROCESSES: Final = 2
PEOPLE: Final = 8
CONTRACTS: Final = 24
#: What a server may have gained from its first minute of load to its last, in KiB.
GROWTH_KIB: Final = 64 * 1024
KEPT: Final = """
SELECT c.actor_id, c.key, c.problem, e.body FROM commands c LEFT JOIN events e ON e.id = c.event_id
"""


def test_whatever_is_asked_of_the_core_the_books_add_up() -> None:
    """The machine of the ordinary tests, on and on, from a new seed each time."""
    size = settings(SIZE, max_examples=20, derandomize=False, database=None)
    end, runs = time.monotonic() + MINUTES * 60 / 4, 0
    while runs == 0 or time.monotonic() < end:
        run_state_machine_as_test(Books, settings=size)
        runs += 1


def test_random_commands_of_many_processes_leave_the_books_right(tmp_path: Path) -> None:
    """Beside them a server with worker and visitors; its memory and connections are counted."""
    with private(tmp_path / "data") as held, reported("random commands") as report:
        # Those who ask at random also say, as SYSTEM, what no gateway has said.
        site = Site(held.data_dir, never=BUGS)

        async def story() -> None:
            stage, people = await staged(held.dsn), await deals(held.dsn, 2)
            async with serving(site), Answers(site.url, "visitor") as answers:
                async with Crowd(answers, people, visitors=2) as crowd:
                    await crowd.load(10)
                    before = site.memory(), await connections(held.dsn)
                    heard = await wandered(held.dsn, tmp_path, stage, MINUTES * 45)
                    await crowd.load(10)
                    after = site.memory(), await connections(held.dsn)
                report.did = (
                    f"{PROCESSES} processes ask at random for {MINUTES * 3 / 4:g} min beside a"
                    f" server under load; its memory {before[0] >> 10} → {after[0] >> 10} MiB,"
                    f" connections {before[1]} → {after[1]}"
                )
                assert after[0] - before[0] < GROWTH_KIB, report.did
                assert after[1] <= Config(tmp_path).connections, report.did
                await compared(held.dsn, written(tmp_path), report, heard)
                await ended(report, site, answers, held.dsn)

        asyncio.run(story())


async def staged(dsn: str) -> dict[str, list[int]]:
    """Eight people, and contracts between all of them."""
    async with running(dsn) as engine:
        people = [await person(engine, f"p{n}") for n in range(PEOPLE)]
        between = list(itertools.permutations(people, 2))[:CONTRACTS]
        made = [
            await agreed(engine, *["25.00"] * 3, between=each, purse="200.00") for each in between
        ]
    return {
        "people": people,
        "contracts": [deal.contract for deal in made],
        "milestones": [number for deal in made for number in deal.milestones],
    }


async def wandered(dsn: str, folder: Path, stage: object, seconds: float) -> Counter[str]:
    """Random commands of several processes at once; what they heard, none of it an error."""
    seed = time.time_ns() % 1_000_000
    tasks = [
        {"dsn": dsn, "seed": seed + n, "seconds": seconds, "stage": stage,
         "answers": str(folder / f"answers-{n}")}
        for n in range(PROCESSES)
    ]  # fmt: skip
    ends = await asyncio.gather(*(told("tests.soak.wander", task) for task in tasks))
    assert [end["errors"] for end in ends] == [[]] * PROCESSES, (seed, ends)
    return sum((Counter(end["heard"]) for end in ends), Counter[str]())


def written(folder: Path) -> list[str]:
    return [line for each in folder.glob("answers-*") for line in each.read_text().splitlines()]


async def compared(dsn: str, lines: list[str], report: Report, heard: Counter[str]) -> None:
    """What was answered to any of them is kept, byte for byte."""
    async with connected(dsn) as admin:
        kept = {
            f"{actor} {key} "
            + digest(answer_rows(body) if body else (), problem.encode() if problem else None)
            for actor, key, problem, body in await admin.fetch(KEPT)
        }
    assert lines
    assert [line for line in lines if line not in kept] == []
    report.counts["asked"] += heard.total()
    report.counts["answered"] += heard.total()
    report.counts["refused by the rules"] += heard.total() - heard["ok"]
    report.say(f"{heard.total()} random commands, {dict(heard.most_common(6))}")


async def connections(dsn: str) -> int:
    async with connected(dsn) as admin:
        found: int = await admin.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'earnest'"
        )
    return found
