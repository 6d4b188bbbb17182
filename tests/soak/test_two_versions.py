"""A newer version migrates the database under the load of the one that serves already."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Final

import pytest
from tests.soak.asking import Answers
from tests.soak.checking import checked, ended
from tests.soak.crowd import Crowd, Deal, deals
from tests.soak.report import reported
from tests.soak.site import Site, ending, private, serving
from tests.store.processes import ROOT

pytestmark = pytest.mark.soak

NAME: Final = "9999_next.sql"
#: A column, an index over what is written all the time, and a table: as a migration does.
NEXT: Final = """
ALTER TABLE milestones ADD COLUMN next_note text;
ALTER TABLE contracts ADD COLUMN next_count bigint NOT NULL DEFAULT 0;
CREATE INDEX milestones_next ON milestones (next_note);
CREATE TABLE next_things (id bigint PRIMARY KEY, contract_id bigint REFERENCES contracts);
"""
LOAD_SECONDS: Final = 5
#: How an older version refuses a database that a newer one has changed.
UNKNOWN: Final = f"The database has the migration {NAME}, which this version does not know so."


def newer(folder: Path) -> Path:
    """The next version: this one, and a migration more."""
    shutil.copytree(ROOT / "src", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "earnest" / "store" / "migrations" / NAME).write_text(NEXT)
    return folder


def test_two_versions_serve_one_database_while_one_migrates_it(tmp_path: Path) -> None:
    """Two servers of the newer one start at once, and it is migrated once."""
    source = newer(tmp_path / "next")
    with private(tmp_path / "data") as held, reported("two versions") as report:
        report.did = "two servers of the next version started at once beside one under load"
        old, new, twin = Site(held.data_dir), *(Site(held.data_dir, source=source) for _ in "ab")

        async def story() -> None:
            people = await deals(held.dsn)
            async with Answers(old.url, "old") as olds, Answers(new.url, "new") as news:
                async with serving(old):
                    await overlap(olds, news, people, (new, twin))
                    assert await asyncio.to_thread(old.is_ready)
                    await checked(olds, held.dsn, set())
                refused = old.run("serve", "--port", str(old.port))
                assert (refused.returncode, UNKNOWN in refused.stderr) == (1, True), refused.stderr
                olds.url = new.url  # What the older one answered, the newer one answers too.
                await ended(report, new, olds, held.dsn)
                await ended(report, new, news, held.dsn)

        with ending(new, twin):
            asyncio.run(story())


async def overlap(
    olds: Answers, news: Answers, people: list[Deal], starting: tuple[Site, Site]
) -> None:
    """The older one goes on answering while the others start, and then all do."""
    async with Crowd(olds, people) as crowd:
        await crowd.load(2)
        for each in starting:
            each.begin()
        for each in starting:
            await each.ready()
        said = "".join(each.log.read_text() for each in starting)
        assert said.count(f"migrating: {NAME}") == 1
        async with Crowd(news, people) as others:
            await others.load(LOAD_SECONDS)
            await crowd.load(LOAD_SECONDS)
