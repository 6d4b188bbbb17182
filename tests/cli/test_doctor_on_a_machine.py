"""`earnest doctor` on a machine that is not as it should be: disks, directories, clocks."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.earnest import Earnest
from tests.cli.test_doctor import examined, must_name
from tests.postgres import _run

from earnest import config
from earnest.cli.doctor import database
from earnest.cli.doctor.examining import examine
from earnest.cli.doctor.findings import Finding, State
from earnest.ids import Ids
from earnest.store import checkup, embedded
from earnest.store.embedded import places

ROOT = os.geteuid() == 0
HOUR = timedelta(hours=1)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A disk of its own, as small or closed as the options say."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if not ROOT:
        pytest.skip("only root can mount a disk")
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        pytest.skip(f"a disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_disk_that_is_nearly_full(earnest: Earnest) -> None:
    with mounted(earnest.data_dir, "size=20m,mode=700"):
        must_name(earnest, "disk_nearly_full", "MB are free", "df -h")
        with pytest.raises(OSError, match="No space left"):
            (earnest.data_dir / "filler").write_bytes(bytes(21 << 20))
        must_name(earnest, "disk_nearly_full", "Only 0 MB")


def test_a_disk_that_takes_no_more_files(earnest: Earnest) -> None:
    with mounted(earnest.data_dir, "size=2g,nr_inodes=100,mode=700"):
        must_name(earnest, "disk_nearly_full", "more files", "df -i")


def test_a_directory_that_cannot_be_written(earnest: Earnest) -> None:
    if not ROOT:
        earnest.data_dir.mkdir(mode=0o500)
        must_name(earnest, "directory_not_writable", "chown")
        return
    with mounted(earnest.data_dir, "size=1m,mode=700,ro"):  # For root only this is closed.
        must_name(earnest, "directory_not_writable", "chown")


def test_a_file_in_place_of_the_directory(earnest: Earnest) -> None:
    earnest.data_dir.write_text("")
    must_name(earnest, "not_a_directory", "--data-dir")


def test_a_directory_that_others_can_read(earnest: Earnest) -> None:
    earnest.data_dir.mkdir()
    earnest.data_dir.chmod(0o750)
    must_name(earnest, "directory_open", "750", f"chmod 700 '{earnest.data_dir}'")


def test_a_secret_that_others_can_read(earnest: Earnest) -> None:
    earnest.data_dir.mkdir(mode=0o700)
    file = earnest.data_dir / "earnest.toml"
    file.write_text(f'database_url = "{earnest.dsn}"\n')
    file.chmod(0o644)
    other = Earnest(earnest.data_dir, None)
    must_name(other, "settings_readable", f"chmod 600 '{file}'")
    file.chmod(0o600)
    assert "settings_readable" not in examined(other)


@pytest.mark.skipif(not ROOT, reason="an ordinary user's database is inside the directory")
def test_a_forgotten_database_is_a_note(own: Earnest, earnest: Earnest) -> None:
    own("migrate")
    cluster = embedded.status(own.data_dir).cluster
    assert cluster
    kept = own.data_dir.with_name("kept")
    own.data_dir.rename(kept)
    must_name(earnest, "clusters_forgotten", "origin", state="note")
    assert cluster in embedded.forgotten()
    kept.rename(own.data_dir)


def test_a_database_that_is_gone(own: Earnest) -> None:
    own("migrate")
    cluster = embedded.status(own.data_dir).cluster
    assert cluster
    (cluster / "data").rename(cluster / "elsewhere")
    must_name(own, "cluster_missing", "earnest restore")
    (cluster / "elsewhere").rename(cluster / "data")


def test_no_path_short_enough_for_a_socket(own: Earnest) -> None:
    """Every directory that could hold one is taken by a file of that name."""
    own("migrate")
    place = places.find(own.data_dir)
    assert place
    blocked = set(places._sockets_candidates(place))
    for each in blocked:
        if each.is_dir():
            shutil.rmtree(each)
        each.touch()
    try:
        must_name(own, "path_too_long", "--data-dir")
    finally:
        for each in blocked:
            each.unlink()


def test_a_database_of_another_version(own: Earnest) -> None:
    own("migrate")
    cluster = embedded.status(own.data_dir).cluster
    assert cluster
    (cluster / "data" / "PG_VERSION").write_text("17\n")
    must_name(own, "other_major_version", "pg_upgrade")


def test_an_interrupted_restore(own: Earnest) -> None:
    own("migrate")
    (own.data_dir / "restore.unfinished").touch()
    must_name(own, "restore_unfinished", "restore again")


def test_a_clock_that_is_an_hour_off(earnest: Earnest) -> None:
    """This machine's clock is handed to the examination, so that nobody has to change it."""
    for off, word in ((HOUR, "ahead of"), (-HOUR, "behind")):
        found = at(earnest, datetime.now(UTC) + off)["clock"]
        assert (found.state, found.code) == (State.WRONG, "clocks_differ")
        assert f"1:00:00 {word} the database's" in found.what
        assert "timedatectl" in found.advice
    assert at(earnest, datetime.now(UTC))["clock"].state is State.OK


def test_a_clock_that_went_back(earnest: Earnest) -> None:
    """A number was made while the clock was an hour ahead."""
    number = Ids(1, lambda: time.time_ns() // 1_000_000 + 3_600_000).new()
    _run(
        earnest.dsn or "",
        f"INSERT INTO events VALUES ({number}, 'x', 'user', 1, NULL, NULL, 0, 't', now(), '{{}}')",
    )
    must_name(earnest, "clock_went_back", "a second time")


def at(earnest: Earnest, now: datetime) -> dict[str, Finding]:
    """What is found at such a time of this machine's clock."""

    async def told() -> dict[str, Finding]:
        gathered = config.gather(earnest.settings)
        found = [each async for each in examine(gathered, lambda: now, lambda _: None)]
        return {each.check: each for each in found}

    return asyncio.run(told())


def test_a_server_that_is_too_old(earnest: Earnest) -> None:
    """None so old can be had here, so what was seen of a real one is changed."""
    facts = asyncio.run(checkup.look(earnest.dsn or ""))
    old = replace(facts, server=replace(facts.server, version=15_004))
    assert database.server(facts).state is State.OK
    assert database.server(old).code == "server_too_old"
