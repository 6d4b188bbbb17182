"""Clocks step by an hour, there and back, under load: the database's, the server's, and both."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import pytest
from tests.soak.asking import Answers
from tests.soak.checking import checked, ended
from tests.soak.clock import clocks, library
from tests.soak.crowd import Crowd, deals
from tests.soak.report import reported
from tests.soak.site import Site, private, serving
from tests.store.engine import connected

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(library() is None, reason="no libfaketime (Debian: libfaketime)"),
]

LOAD_SECONDS: Final = 3
HOUR: Final = 3600
#: How far the database's clock and the server's are off, one after the other.
STEPS: Final = (
    (HOUR, 0), (0, 0), (-HOUR, 0), (0, 0),
    (0, HOUR), (0, 0), (0, -HOUR), (0, 0),
    (HOUR, HOUR), (-HOUR, -HOUR), (0, 0),
)  # fmt: skip

#: No number is of two rows, in whatever table.
TWICE: Final = """
SELECT id, count(*) FROM (
    SELECT id FROM events UNION ALL SELECT id FROM milestones UNION ALL SELECT id FROM releases
    UNION ALL SELECT id FROM messages UNION ALL SELECT id FROM deposits
    UNION ALL SELECT id FROM withdrawals UNION ALL SELECT id FROM transfers
    UNION ALL SELECT id FROM contracts UNION ALL SELECT id FROM users
) rows GROUP BY id HAVING count(*) > 1
"""
#: The database's clock is the one that decides, and it was set back; their order is their count.
BACKWARDS: Final = """
SELECT count(*) FROM (
    SELECT at < lag(at) OVER (PARTITION BY contract_id ORDER BY seq) AS is_back FROM events
    WHERE contract_id IS NOT NULL
) pairs WHERE is_back
"""


def test_clocks_that_step_an_hour_there_and_back_confuse_nothing(tmp_path: Path) -> None:
    with (
        clocks() as (database, server),
        private(tmp_path / "data") as held,
        reported("clock steps") as report,
    ):
        report.did = f"{len(STEPS)} steps of an hour or two, {LOAD_SECONDS} s of load after each"
        site = Site(held.data_dir, env=server.environment)

        async def story() -> None:
            people = await deals(held.dsn)
            async with serving(site), Answers(site.url, "clock") as answers:
                said: list[str] = []
                async with Crowd(answers, people) as crowd:
                    for step in STEPS:
                        database.set(step[0])
                        server.set(step[1])
                        await crowd.load(LOAD_SECONDS)
                        said.append(await crowd.say("What time is it?"))
                        report.say(f"{step}: {dict(answers.counts)}")
                assert said == sorted(said), "numbers of one process always grow"
                await checked(answers, held.dsn, set())
                async with connected(held.dsn) as admin:
                    assert await admin.fetch(TWICE) == []
                    back = await admin.fetchval(BACKWARDS)
                    report.did += f"; {back} events have an earlier time than the one before"
                await ended(report, site, answers, held.dsn)

        asyncio.run(story())
