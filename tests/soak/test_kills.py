"""The server and its PostgreSQL are killed without a word, again and again, under load."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Final

import pytest
from tests.soak.asking import Answers
from tests.soak.checking import checked, ended
from tests.soak.crowd import Crowd, deals, until
from tests.soak.report import reported, setting
from tests.soak.site import Site, private, serving

from earnest.store import embedded

pytestmark = pytest.mark.soak

KILLS: Final = setting("KILLS", 25)
#: Of load before each kill.
LOAD_SECONDS: Final = 2


def test_a_server_killed_again_and_again_has_lost_nothing_that_it_answered(tmp_path: Path) -> None:
    with private(tmp_path / "data") as held, reported("kills of the server") as report:
        report.did = f"{KILLS} × SIGKILL of `earnest serve` after {LOAD_SECONDS} s of load"

        async def story() -> None:
            site = Site(held.data_dir)
            people = await deals(held.dsn)
            async with serving(site), Answers(site.url, "server") as answers:
                for kill in range(KILLS):
                    before = set(answers.heard)
                    async with Crowd(answers, people) as crowd:
                        await crowd.load(LOAD_SECONDS)
                        site.kill()
                    report.recoveries.append(await site.start())
                    await checked(answers, held.dsn, before)
                    report.say(f"kill {kill + 1}: {len(answers.heard) - len(before)} answers hold")
                await ended(report, site, answers, held.dsn)

        asyncio.run(story())


def test_a_postmaster_killed_again_and_again_is_revived_and_has_lost_nothing(
    tmp_path: Path,
) -> None:
    """Nobody but the server itself starts it again."""
    with private(tmp_path / "data") as held, reported("kills of PostgreSQL") as report:
        report.did = f"{KILLS} × SIGKILL of the postmaster after {LOAD_SECONDS} s of load"

        async def story() -> None:
            site = Site(held.data_dir)
            people = await deals(held.dsn)
            async with serving(site), Answers(site.url, "postmaster") as answers:
                for kill in range(KILLS):
                    before = set(answers.heard)
                    async with Crowd(answers, people) as crowd:
                        await crowd.load(LOAD_SECONDS)
                        await shot(held.data_dir)
                        report.recoveries.append(await crowd.answered_again())
                    await checked(answers, held.dsn, before)
                    report.say(f"kill {kill + 1}: {len(answers.heard) - len(before)} answers hold")
                await ended(report, site, answers, held.dsn)

        asyncio.run(story())


async def shot(data_dir: Path) -> None:
    """The postmaster is killed, and gone."""
    pid = embedded.status(data_dir).pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    await until(lambda: embedded.status(data_dir).pid != pid)
