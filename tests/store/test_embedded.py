"""The private PostgreSQL, tried with real servers: shared, killed, raced for, misplaced."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from earnest.store import embedded
from earnest.store.embedded import places, programs

ROOT = os.geteuid() == 0
SRC = Path(embedded.__file__).parents[3]

#: Holds in another process, as another user if asked, until its standard input ends.
HOLDER = """
import os, sys
from pathlib import Path
from earnest.store import embedded

data_dir, uid, binaries = sys.argv[1:]
if int(uid):
    os.setgroups([])
    os.setgid(int(uid))
    os.setuid(int(uid))
os.umask(0o077)
try:
    held = embedded.hold(Path(data_dir), binaries=Path(binaries) if binaries else None)
except embedded.EmbeddedError as error:
    print("error", error.code, error.message, error.advice, flush=True)
    sys.exit(1)
print("held", embedded.status(Path(data_dir)).pid, held.dsn, flush=True)
sys.stdin.read()
held.release()
"""


@dataclass
class Holder:
    """Another process that holds, or its refusal."""

    process: subprocess.Popen[str]

    def answer(self) -> list[str]:
        assert self.process.stdout
        return self.process.stdout.readline().split()

    def leave(self) -> None:
        with self.process:
            assert self.process.stdin
            self.process.stdin.close()
            self.process.wait(30)


Start = Callable[..., Holder]


@pytest.fixture
def other() -> Iterator[Start]:
    """Start other processes that hold, as this user or another; all are gone afterwards."""
    with contextlib.ExitStack() as stack:

        def start(data_dir: Path, uid: int = 0, binaries: str = "") -> Holder:
            process = subprocess.Popen(
                [sys.executable, "-c", HOLDER, str(data_dir), str(uid), binaries],
                env=os.environ
                | {"PYTHONPATH": os.pathsep.join([str(SRC), *filter(None, sys.path)])},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            holder = Holder(process)
            stack.callback(holder.leave)
            return holder

        yield start


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "d"
    yield path
    clear(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One directory, made once, for the tests that leave it as it was."""
    path = tmp_path_factory.mktemp("made") / "d"
    embedded.hold(path).release()
    yield path
    clear(path)


@pytest.fixture
def a_users() -> Iterator[tuple[Path, int, str]]:
    """Give an ordinary user's directory, that user, and programs which that user can run."""
    folder = Path(tempfile.mkdtemp(prefix="earnest-test-"))
    user = pwd.getpwnam("nobody").pw_uid if ROOT else os.geteuid()
    binaries = str(programs.find(None).bin)
    os.chown(folder, user, -1)
    yield folder, user if ROOT else 0, binaries if ROOT else ""
    clear(folder / "d")
    shutil.rmtree(folder)


def clear(data_dir: Path) -> None:
    """Stop the server by its number, and remove root's cluster."""
    with contextlib.suppress(embedded.EmbeddedError, OSError):
        found = embedded.status(data_dir)
        if found.pid:
            os.kill(found.pid, signal.SIGINT)
            until(lambda: embedded.status(data_dir).pid is None)
        if found.cluster and found.cluster.parent == places.CLUSTERS:
            shutil.rmtree(found.cluster)


def until(condition: Callable[[], object], seconds: int = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def ask(dsn: str, *statements: str) -> object:
    """Run statements; answer the value of the last one."""

    async def answer() -> object:
        connection = await asyncpg.connect(dsn=dsn)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(answer())


def stopped(data_dir: Path) -> bool:
    return embedded.status(data_dir).pid is None


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def socket_directory(dsn: str) -> Path:
    return Path(parse_qs(urlsplit(dsn).query)["host"][0])


def kill(data_dir: Path) -> None:
    pid = embedded.status(data_dir).pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: stopped(data_dir))


def test_a_new_directory_works_and_is_set_up_for_money(data_dir: Path) -> None:
    told: list[str] = []
    with embedded.hold(data_dir, say=told.append) as held:
        assert told[0] == "Making a new PostgreSQL database."
        settings = "fsync full_page_writes synchronous_commit data_checksums"
        for name in settings.split():
            assert ask(held.dsn, f"SHOW {name}") == "on"
        expected = {
            "listen_addresses": "",
            "max_wal_size": "1GB",
            "jit": "off",
            "timezone": "UTC",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "idle_in_transaction_session_timeout": "1min",
            "server_encoding": "UTF8",
        }
        assert {name: ask(held.dsn, f"SHOW {name}") for name in expected} == expected
        assert ask(held.dsn, "SELECT current_user || ' ' || current_database()") == (
            "earnest earnest"
        )
        assert ask(held.dsn, "SELECT lower('Ä') || ('Z' < 'a')") == "ätrue"
    assert stopped(data_dir)


def test_nobody_else_may_read_the_password_or_enter_the_socket_directory(made: Path) -> None:
    with embedded.hold(made) as held:
        assert mode(held.cluster / "password") == 0o600
        assert mode(held.cluster / "data") == 0o700
        assert mode(socket_directory(held.dsn)) == 0o700
        without = held.dsn.replace(str(urlsplit(held.dsn).password), "wrong")
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(without, "SELECT 1")


def test_the_password_is_neither_printed_nor_logged(made: Path) -> None:
    told: list[str] = []
    with embedded.hold(made, say=told.append) as held:
        password = str(urlsplit(held.dsn).password)
        with pytest.raises(asyncpg.PostgresError):
            ask(held.dsn, f"ALTER ROLE nobody_here PASSWORD '{password}'")
        with pytest.raises(asyncpg.PostgresError):
            ask(held.dsn, f"DO $$BEGIN RAISE 'no' USING DETAIL = '{password}'; END$$")
        shown = [repr(held), str(held), *told]
        shown += [path.read_text() for path in (held.cluster / "log").iterdir()]
    assert "nobody_here" in "".join(shown)
    assert password not in "".join(shown)


def test_release_twice_does_nothing_more(made: Path) -> None:
    first, second = embedded.hold(made), embedded.hold(made)
    first.release()
    first.release()
    assert ask(second.dsn, "SELECT 1") == 1
    second.release()
    assert stopped(made)
    with pytest.raises(embedded.EmbeddedError, match="released"):
        embedded.ensure_running(second)


def test_two_processes_share_a_server_and_the_last_to_leave_stops_it(
    made: Path, other: Start
) -> None:
    with embedded.hold(made):
        pid = embedded.status(made).pid
        holder = other(made)
        assert holder.answer()[:2] == ["held", str(pid)]
    assert embedded.status(made).pid == pid
    holder.leave()
    assert stopped(made)


def test_after_a_maker_was_killed_processes_that_race_end_with_one_server(
    data_dir: Path, other: Start
) -> None:
    def is_making() -> bool:
        cluster = embedded.status(data_dir).cluster if data_dir.exists() else None
        return bool(cluster and list(cluster.glob("data.*.unfinished/PG_VERSION")))

    maker = other(data_dir)
    until(is_making)
    maker.process.kill()  # Its initdb goes on for a while.
    answers = [holder.answer() for holder in [other(data_dir) for _ in range(3)]]
    assert {answer[0] for answer in answers} == {"held"}
    assert len({answer[1] for answer in answers}) == 1


def test_the_server_outlives_a_ctrl_c_and_the_death_of_who_started_it(
    made: Path, other: Start
) -> None:
    starter = other(made)
    pid = int(starter.answer()[1])
    assert os.getsid(pid) not in {os.getsid(0), starter.process.pid}
    with embedded.hold(made) as held:
        os.killpg(starter.process.pid, signal.SIGINT)
        until(lambda: starter.process.poll() is not None)
        assert ask(held.dsn, "SELECT 1") == 1
        assert embedded.status(made).pid == pid


def test_a_killed_holder_does_not_keep_the_server(made: Path, other: Start) -> None:
    killed = other(made)
    pid = int(killed.answer()[1])
    killed.process.kill()
    killed.process.wait()
    assert embedded.status(made).pid == pid
    with embedded.hold(made):
        assert embedded.status(made).pid == pid
    assert stopped(made)


def test_a_killed_server_is_started_again_with_what_was_committed(made: Path) -> None:
    with embedded.hold(made) as held:
        ask(held.dsn, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
        kill(made)
        embedded.ensure_running(held)
        assert ask(held.dsn, "SELECT n FROM kept") == 7
        before = embedded.status(made).pid
        embedded.ensure_running(held)
        assert embedded.status(made).pid == before


def test_a_start_waits_for_the_backends_of_a_killed_server(made: Path) -> None:
    """One is busy inside a statement, so it does not notice for a second."""

    async def busy(held: embedded.Held) -> None:
        connection = await asyncpg.connect(dsn=held.dsn)
        work = asyncio.ensure_future(
            connection.execute(
                "DO $$BEGIN PERFORM sum(n) FROM generate_series(1, 8000000) n; END$$"
            )
        )
        state = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'"
        while not await asyncio.to_thread(ask, held.dsn, state):
            pass
        kill(made)
        await asyncio.to_thread(embedded.ensure_running, held)
        with contextlib.suppress(asyncpg.PostgresError, OSError):
            await work
        await connection.close()

    with embedded.hold(made) as held:
        asyncio.run(busy(held))
        assert ask(held.dsn, "SELECT 1") == 1


def test_a_pid_file_that_names_a_strangers_process_is_no_obstacle(made: Path) -> None:
    with embedded.hold(made) as held:
        kill(made)
        file = held.cluster / "data" / "postmaster.pid"
        lines = file.read_text().splitlines(keepends=True)
        owner = file.stat().st_uid if ROOT else None
        with subprocess.Popen(["sleep", "60"], user=owner) as stranger:
            file.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
            assert stopped(made)
            embedded.ensure_running(held)
            assert ask(held.dsn, "SELECT 1") == 1
            stranger.kill()


def test_a_removed_socket_directory_is_made_again(made: Path) -> None:
    """As when a reboot or a tidy machine empties /tmp."""
    with embedded.hold(made) as held:
        shutil.rmtree(socket_directory(held.dsn))
        embedded.ensure_running(held)
        assert ask(held.dsn, "SELECT 1") == 1


def test_a_holder_stops_the_server_of_a_removed_directory(data_dir: Path) -> None:
    held = embedded.hold(data_dir)
    pid = embedded.status(data_dir).pid
    assert pid
    shutil.rmtree(data_dir)
    held.release()
    if ROOT:
        until(lambda: not Path(f"/proc/{pid}/cmdline").exists())
        assert held.cluster in embedded.forgotten()
        shutil.rmtree(held.cluster)


def test_a_very_long_odd_and_closed_path_works(tmp_path: Path) -> None:
    path = tmp_path / ("long " * 20) / "with $(quotes) \" ' , ü" / "d"
    old = os.umask(0o077)
    try:
        with embedded.hold(path) as held:
            assert ask(held.dsn, "SELECT 1") == 1
        assert mode(path) == 0o700
    finally:
        os.umask(old)
        clear(path)


def test_an_ordinary_user_has_the_cluster_in_the_directory(
    a_users: tuple[Path, int, str], other: Start
) -> None:
    folder, user, binaries = a_users
    holder = other(folder / "d", user, binaries)
    answer = holder.answer()
    assert answer[0] == "held", answer
    assert ask(answer[2], "SELECT 1") == 1
    assert (folder / "d" / "postgresql" / "data").stat().st_uid == folder.stat().st_uid
    with embedded.hold(folder / "d") as held:  # As root: beside its owner.
        assert ask(held.dsn, "SELECT 1") == 1
    assert embedded.status(folder / "d").pid == int(answer[1])
    holder.leave()
    assert stopped(folder / "d")
    with embedded.hold(folder / "d") as held:  # As root: alone, still as its owner.
        pid = embedded.status(folder / "d").pid
        assert Path(f"/proc/{pid}").stat().st_uid == folder.stat().st_uid


def test_an_ordinary_users_long_path_has_its_socket_elsewhere(
    a_users: tuple[Path, int, str], other: Start
) -> None:
    folder, user, binaries = a_users
    path = folder / "d" / ("long" * 25)
    holder = other(path, user, binaries)
    answer = holder.answer()
    assert answer[0] == "held", answer
    assert ask(answer[2], "SELECT 1") == 1
    where = socket_directory(answer[2])
    assert mode(where) == 0o700
    assert folder not in where.parents
    holder.leave()
    assert not where.exists()
