"""Killed without a word, under load: what was answered is there, nothing is half done."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from tests.store.books import wrong
from tests.store.engine import agreed, running
from tests.store.load import digest
from tests.store.processes import ROOT, environment

from earnest.batcher import UnavailableError
from earnest.core.contracts import Say
from earnest.store import embedded
from earnest.store import verify as verifying
from earnest.store.batch import answer_rows
from earnest.store.db import migrate

KILLS: Final = 5
#: Answered commands between one kill and the next.
BETWEEN: Final = 250
DEALS: Final = 4


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Held]:
    """A server of our own, as safe against a pulled plug as every private one."""
    with embedded.hold(tmp_path_factory.mktemp("crashes")) as own:
        asyncio.run(migrate(own.dsn, mode="sandbox", say=lambda _: None))
        yield own


@pytest.fixture
def answered(tmp_path: Path) -> Path:
    """The file in which load writes what was answered to it."""
    return tmp_path / "answered"


@pytest.fixture
def task(held: embedded.Held) -> bytes:
    """What the processes under load are told: between whom they move money."""

    async def deals() -> list[dict[str, object]]:
        async with running(held.dsn) as engine:
            made = [await agreed(engine, purse="1000000.00") for _ in range(DEALS)]
            return [dataclasses.asdict(deal) for deal in made]

    return json.dumps({"data_dir": str(held.data_dir), "deals": asyncio.run(deals())}).encode()


@contextmanager
def load(task: bytes, answered: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process under load, which does not outlive this."""
    command = [sys.executable, "-m", "tests.store.load"]
    with (
        answered.open("ab") as file,
        subprocess.Popen(
            command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=file
        ) as process,
    ):
        try:
            assert process.stdin
            process.stdin.write(task)
            process.stdin.close()
            yield process
        finally:
            process.kill()


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)


def lines(answered: Path) -> list[str]:
    """Whole lines only: the last may have been cut with its process."""
    text = answered.read_text()
    return text[: text.rfind("\n") + 1].splitlines()


def more(answered: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until more was answered, by a process that is still there."""
    before = len(lines(answered))

    def grown() -> bool:
        assert process.poll() is None, "the process under load ended by itself"
        return len(lines(answered)) >= before + BETWEEN

    until(grown)


async def verify(dsn: str, answered: Path) -> None:
    """Everything that was answered is there, with the same answer; and the books are whole."""
    connection = await asyncpg.connect(dsn)
    try:
        kept = await connection.fetch(
            "SELECT c.actor_id, c.key, c.problem, e.body FROM commands c"
            " LEFT JOIN events e ON e.id = c.event_id"
        )
        digests = {
            f"{actor} {key} "
            + digest(answer_rows(body) if body else (), problem.encode() if problem else None)
            for actor, key, problem, body in kept
        }
        told = lines(answered)
        assert len(told) >= KILLS * BETWEEN
        assert [line for line in told if line not in digests] == []
        assert await wrong(connection) == {}
    finally:
        await connection.close()
    async with running(dsn) as engine:
        found = await verifying.verify(engine.database, lambda _: None)
        assert found.ok, found.broken


def test_a_process_killed_five_times_has_lost_nothing_that_it_answered(
    held: embedded.Held, task: bytes, answered: Path
) -> None:
    for _ in range(KILLS):
        with load(task, answered) as process:
            more(answered, process)
            process.kill()
    asyncio.run(verify(held.dsn, answered))


def test_a_server_killed_five_times_has_lost_nothing_that_was_answered(
    held: embedded.Held, task: bytes, answered: Path
) -> None:
    """The process under load notices, starts it again, and asks again what it heard nothing of."""
    killed = set()
    with load(task, answered) as process:
        for _ in range(KILLS):
            more(answered, process)
            server = embedded.status(held.data_dir).pid
            assert server
            os.kill(server, signal.SIGKILL)
            killed.add(server)
        more(answered, process)
    assert len(killed) == KILLS
    asyncio.run(verify(held.dsn, answered))


def test_while_the_server_is_gone_commands_say_so_and_resume_by_themselves(
    held: embedded.Held,
) -> None:
    """Nobody revives it here: it is one that somebody else looks after."""

    async def story() -> None:
        async with running(held.dsn) as engine:
            deal = await agreed(engine)
            command = engine.command(deal.employer, Say(deal.contract, "Hello?"))
            server = embedded.status(held.data_dir).pid
            assert server
            os.kill(server, signal.SIGKILL)
            with pytest.raises(UnavailableError) as refused:
                await engine.batcher.submit(command)
            assert (refused.value.code, refused.value.retry_after) == ("database_gone", 2)
            until(lambda: embedded.status(held.data_dir).pid != server)
            await asyncio.to_thread(embedded.ensure_running, held)
            assert (await engine.batcher.submit(command)).rows

    asyncio.run(story())
