"""A backup taken under load and restored elsewhere has all that was answered before it began."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from pathlib import Path
from typing import Any, Final

import pytest
from tests.cli.earnest import Earnest
from tests.store.books import wrong
from tests.store.engine import agreed, running
from tests.store.load import digest
from tests.store.test_crashes import lines, load, more

from earnest.core.commands import Command
from earnest.core.contracts import Say
from earnest.store import embedded
from earnest.store import verify as verifying
from earnest.store.db import migrate

DEALS: Final = 4
#: How many answers are asked for again through an engine, one by one.
REPLAYED: Final = 300

Told = tuple[int, str, str]


@pytest.fixture
def data_dirs(tmp_path: Path) -> tuple[Path, Path]:
    """Where the load is, and where its backup is restored."""
    return tmp_path / "loaded", tmp_path / "restored"


async def deals(dsn: str) -> list[dict[str, Any]]:
    """Between whom money is moved."""
    await migrate(dsn, mode="sandbox", say=lambda _: None)
    async with running(dsn) as engine:
        made = [await agreed(engine, purse="1000000.00") for _ in range(DEALS)]
        return [dataclasses.asdict(deal) for deal in made]


def told_in(answered: Path) -> list[Told]:
    """Whose, under which key, and what was answered; in a digest."""
    split = (line.split() for line in lines(answered))
    return [(int(actor), key, answer) for actor, key, answer in split]


async def replayed(dsn: str, told: list[Told]) -> None:
    """Each command, asked again, has the answer that it had; and nothing is decided anew."""
    async with running(dsn) as engine:
        before = await engine.value("SELECT count(*) FROM events")
        hashes = {
            (each["actor_id"], each["key"]): each["hash"]
            for each in await engine.database.pool.fetch("SELECT * FROM commands")
        }
        assert [each for each in told if each[:2] not in hashes] == []
        for actor, key, answer in told[:: max(1, len(told) // REPLAYED)]:
            asked = Command(actor, key, Say(1, "?"), 1, hashes[actor, key], "test")
            again = await engine.batcher.submit(asked)
            assert again.replayed
            assert digest(again.rows, again.problem) == answer
        assert await engine.value("SELECT count(*) FROM events") == before
        found = await verifying.verify(engine.database, lambda _: None)
        assert found.ok, found.broken
        assert await wrong(engine.database.pool) == {}


def test_a_backup_taken_under_load_has_every_command_answered_before_it_began(
    data_dirs: tuple[Path, Path], tmp_path: Path
) -> None:
    loaded, restored = data_dirs
    answered, file = tmp_path / "answered", tmp_path / "backup.zip"
    with embedded.hold(loaded) as held:
        task = {"data_dir": str(loaded), "deals": asyncio.run(deals(held.dsn))}
        with load(json.dumps(task).encode(), answered) as process:
            more(answered, process)
            before = told_in(answered)
            Earnest(loaded, None).process("backup", file)
            meanwhile = len(told_in(answered))
            more(answered, process)
        assert meanwhile > len(before), "nothing was answered while the backup was made"
    verified = Earnest(restored, None).process_json("restore", file)
    assert verified["ok"]
    with embedded.hold(restored) as again:
        asyncio.run(replayed(again.dsn, before))
