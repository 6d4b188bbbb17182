"""The disk of the data, and that of the WAL, is full for a while: nothing is answered falsely."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from tests.soak.asking import Answers
from tests.soak.checking import checked, ended
from tests.soak.crowd import Crowd, deals, until
from tests.soak.disk import fill, moved, why_not
from tests.soak.report import reported
from tests.soak.site import Site, private, serving
from tests.store.engine import connected

from earnest.store import embedded

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(bool(why_not()), reason=f"no disk to fill: {why_not()}"),
]

#: How long there is load while nothing fits.
FULL_SECONDS: Final = 10
TIMES: Final = 2


@contextmanager
def on_a_small_disk(data_dir: Path, folder: str) -> Iterator[embedded.Held]:
    """A cluster one of whose directories is on a disk of its own."""
    with private(data_dir) as held:
        where = held.cluster / folder
        held.release()
        with moved(where, data_dir.with_name("disk")), embedded.hold(data_dir) as again:
            yield again


@pytest.mark.parametrize("folder", ["data", "data/pg_wal"])
def test_a_full_disk_stops_commands_and_loses_none(tmp_path: Path, folder: str) -> None:
    what = "WAL" if folder.endswith("pg_wal") else "data and WAL"
    with (
        on_a_small_disk(tmp_path / "data", folder) as held,
        reported(f"disk of {what} full") as report,
    ):
        where = held.cluster / folder
        report.did = f"{TIMES} × filled to the last block under load, {FULL_SECONDS} s long"

        async def story() -> None:
            site = Site(held.data_dir)
            people = await deals(held.dsn)
            async with serving(site), Answers(site.url, "disk") as answers:
                for _ in range(TIMES):
                    before = set(answers.heard)
                    async with Crowd(answers, people) as crowd:
                        await crowd.load(2)
                        ballast = await asyncio.to_thread(fill, where)
                        await noticed(answers, crowd, held.dsn)
                        report.say(f"full: {dict(answers.counts)}")
                        await crowd.load(FULL_SECONDS, answers=0)
                        ballast.unlink()
                        report.recoveries.append(await crowd.answered_again())
                    await checked(answers, held.dsn, before)
                await ended(report, site, answers, held.dsn)

        asyncio.run(story())


async def noticed(answers: Answers, crowd: Crowd, dsn: str) -> None:
    """Until somebody has no answer; what WAL was kept in store is used up quickly."""

    def unheard() -> int:
        return answers.counts["503, not done"] + answers.counts["503, unknown"]

    before = unheard()
    switching = asyncio.create_task(switch(dsn))
    try:
        await until(lambda: unheard() > before, crowd)
    finally:
        switching.cancel()
        await asyncio.wait([switching])


async def switch(dsn: str) -> None:
    """Begin one segment of WAL after the other, as long as the server can."""
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        async with connected(dsn) as admin:
            while True:
                await admin.execute("SELECT pg_switch_wal()")
                await asyncio.sleep(0.1)
