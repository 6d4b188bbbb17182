"""`earnest backup` and `restore`: one file, wholly or not at all, and the books are right again."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import stat
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.deals import EMMA, agreed, deposit, people, wallet
from tests.cli.earnest import Earnest, until
from tests.postgres import _named, _run, database
from tests.store.engine import connected

from earnest.store import embedded
from earnest.store.backup import _Telling
from earnest.store.embedded import places

ROOT = os.geteuid() == 0


@pytest.fixture
def new(tmp_path: Path) -> Earnest:
    """Where a backup is restored: a private PostgreSQL of its own."""
    return Earnest(tmp_path / "restored" / "data", None)


@pytest.fixture(scope="module")
def rich(
    server_dsn: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Earnest]:
    """An installation in which somebody has money; nobody changes it."""
    with database(server_dsn, template) as dsn:
        earnest = Earnest(tmp_path_factory.mktemp("rich") / "data", dsn)
        people(earnest)
        deposit(earnest, "100.00 USD")
        agreed(earnest, "30.00")
        yield earnest


@pytest.fixture(scope="module")
def backup(rich: Earnest) -> Path:
    """What was made of it."""
    return Path(rich.json("backup", rich.data_dir.with_name("backup.zip"))["file"])


@pytest.fixture
def file(backup: Path, tmp_path: Path) -> Path:
    """A copy of that for each test."""
    return Path(shutil.copy(backup, tmp_path))


def changed(file: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy of a backup in which one part is another."""
    other = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as made:
        for each in old.namelist():
            text = old.read(each)
            made.writestr(each, change(text) if each == name else text)
    return other


def test_what_was_backed_up_is_there_again(rich: Earnest, file: Path, new: Earnest) -> None:
    told = new.json("restore", file)
    assert told == {
        "ok": True,
        "taken_at": told["taken_at"],
        "mode": "sandbox",
        "transfers": 3,
        "accounts": 4,
        "open_payments": 0,
        "files": 0,
        "files_lost": 0,
        "settings": "",
        "broken": [],
    }
    assert wallet(new, EMMA) == wallet(rich, EMMA)
    assert new.json("ledger", "verify")["ok"]
    assert stat.S_IMODE(new.data_dir.stat().st_mode) == 0o700
    assert not (new.data_dir / "restore.unfinished").exists()


def test_payments_are_paused_until_somebody_says_why_they_go_on(file: Path, new: Earnest) -> None:
    new("restore", file)
    deposit(new, "5.00 USD")
    assert wallet(new, EMMA) == "100.00"
    assert "no gateway is asked anything" in new("ledger", "verify").stderr
    new("payments", "resume", "--reason", " ", code=2)
    resume = ("payments", "resume", "--reason", "compared")
    assert new.json(*resume) == {"resumed": 1, "open_payments": 1}
    deposit(new, "1.00 USD")
    assert wallet(new, EMMA) == "106.00"
    assert "Nothing was paused." in new(*resume).stdout
    assert "no gateway is asked anything" not in new("ledger", "verify").stderr


def test_a_backup_is_its_owners_alone_and_replaces_nothing(rich: Earnest, backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    before = backup.read_bytes()
    assert rich.json("backup", backup, code=1)["code"] == "file_exists"
    assert backup.read_bytes() == before
    assert [each.name for each in backup.parent.iterdir() if "unfinished" in each.name] == []


def test_in_a_directory_a_backup_is_named_after_its_time(earnest: Earnest, tmp_path: Path) -> None:
    earnest("migrate")
    (tmp_path / "kept").mkdir()
    told = earnest.json("backup", tmp_path / "kept")
    assert Path(told["file"]).parent == tmp_path / "kept"
    assert Path(told["file"]).name == f"earnest-{told['taken_at'][:19].translate(PLAIN)}Z.zip"


PLAIN = str.maketrans("", "", "-:")


def test_a_backup_that_fails_leaves_no_file(earnest: Earnest, tmp_path: Path) -> None:
    """The server refuses in the middle: a table may not be read by who makes the backup."""
    earnest("migrate")
    name = (earnest.dsn or "").rpartition("/")[2].partition("?")[0]
    _run(
        earnest.dsn or "", f"CREATE ROLE {name} LOGIN PASSWORD 'pw'; GRANT SELECT ON site TO {name}"
    )
    _run(earnest.dsn or "", f"GRANT SELECT ON migrations TO {name}")
    other = Earnest(earnest.data_dir, (earnest.dsn or "").replace("//earnest:", f"//{name}:"))
    assert other.dsn
    user, _, rest = other.dsn.partition("@")
    other.dsn = f"{user.rpartition(':')[0]}:pw@{rest}"
    try:
        told = other.json("backup", tmp_path / "backup.zip", code=1)
        assert told["code"] == "pg_dump_failed"
        assert "permission denied" in told["detail"]
        assert list(tmp_path.glob("*backup*")) == []
    finally:
        _run(earnest.dsn or "", f"DROP OWNED BY {name}; DROP ROLE {name}")


def test_a_backup_onto_a_full_disk_says_so_and_leaves_nothing(
    earnest: Earnest, tmp_path: Path
) -> None:
    earnest("migrate")
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(small)]
    if not ROOT or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    try:
        told = earnest.json("backup", small / "backup.zip", code=1)
        assert (told["code"], list(small.iterdir())) == ("cannot_write", [])
        assert "No space left" in told["detail"]
    finally:
        subprocess.run(["umount", small], check=True)


def test_nothing_is_restored_over_anything(file: Path, new: Earnest) -> None:
    new.data_dir.mkdir(parents=True)
    (new.data_dir / "notes").write_text("mine")
    assert new.json("restore", file, code=1)["code"] == "not_empty"
    assert [each.name for each in new.data_dir.iterdir()] == ["notes"]


def test_a_database_that_is_not_empty_is_refused(rich: Earnest, file: Path) -> None:
    told = rich.json("restore", file, code=1)
    assert told["code"] == "database_not_empty"
    assert "***" in told["detail"] or ":" not in told["detail"].partition("//")[2].partition("@")[0]


def test_an_outside_database_is_restored_into(
    rich: Earnest, file: Path, tmp_path: Path, server_dsn: str
) -> None:
    name = f"restored_{os.getpid()}"
    _run(server_dsn, f"CREATE DATABASE {name}")
    try:
        other = Earnest(tmp_path / "other", _named(server_dsn, name))
        assert other.json("restore", file)["ok"]
        assert wallet(other, EMMA) == wallet(rich, EMMA)
    finally:
        _run(server_dsn, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("database.sql", lambda text: text.replace(b"Emma Berg", b"Emma Burg")),
        ("database.sql", lambda text: text[:-200]),
        ("manifest.json", lambda text: text[:-1]),
    ],
    ids=["a name", "the end", "the manifest"],
)
def test_a_changed_backup_restores_nothing(
    file: Path, new: Earnest, name: str, change: Callable[[bytes], bytes]
) -> None:
    told = new.json("restore", changed(file, name, change), code=1)
    assert told["code"] == "not_a_backup"
    assert not new.data_dir.exists()


def test_a_backup_that_was_cut_off_restores_nothing(file: Path, new: Earnest) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    assert new.json("restore", file, code=1)["code"] == "not_a_backup"
    assert not new.data_dir.exists()


def test_a_flipped_byte_restores_nothing(file: Path, new: Earnest) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    file.write_bytes(raw)
    assert new.json("restore", file, code=1)["code"] == "not_a_backup"
    assert not new.data_dir.exists()


def test_a_backup_of_a_newer_version_is_refused(file: Path, new: Earnest) -> None:
    def newer(text: bytes) -> bytes:
        manifest: dict[str, Any] = json.loads(text)
        manifest["migrations"].append("9999_from_the_future.sql")
        return json.dumps(manifest).encode()

    told = new.json("restore", changed(file, "manifest.json", newer), code=1)
    assert told["code"] == "backup_is_newer"
    assert "9999_from_the_future.sql" in told["detail"]


def test_an_interrupted_restore_is_never_taken_for_a_new_installation(
    file: Path, new: Earnest
) -> None:
    new("restore", file)
    (new.data_dir / "restore.unfinished").touch()
    assert new.json("migrate", code=1)["code"] == "restore_unfinished"


def test_a_restore_that_was_killed_is_never_taken_for_a_new_installation(
    file: Path, new: Earnest
) -> None:
    with new.start("restore", file, "--data-dir", new.data_dir) as process:
        until((new.data_dir / "restore.unfinished").exists, process)
        process.kill()
    assert new.json("migrate", code=1)["code"] == "restore_unfinished"
    assert new.json("restore", file, code=1)["code"] == "not_empty"
    if embedded.status(new.data_dir).cluster:
        embedded.hold(new.data_dir).release()  # Stops a server that was left behind.


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_restore_that_was_stopped_leaves_nothing(
    file: Path, new: Earnest, number: signal.Signals
) -> None:
    with new.start("restore", file, "--data-dir", new.data_dir) as process:
        until((new.data_dir / "restore.unfinished").exists, process)
        process.send_signal(number)
        out, err = process.communicate()
    assert "Traceback" not in out + err
    assert not new.data_dir.exists()
    assert new.data_dir not in [places.origin(each) for each in embedded.forgotten()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_backup_that_was_stopped_leaves_nothing_under_its_name(
    earnest: Earnest, tmp_path: Path, number: signal.Signals
) -> None:
    """Somebody holds a table, so that the backup waits in its middle."""
    earnest("migrate")
    kept = tmp_path / "kept"
    kept.mkdir()

    async def story() -> None:
        async with connected(earnest.dsn or "") as connection:
            await connection.execute("BEGIN; LOCK TABLE commands")
            with earnest.start("backup", kept / "backup.zip") as process:
                until(lambda: bool(list(kept.glob(".backup.zip.*.unfinished"))), process)
                process.send_signal(number)
                out, err = process.communicate()
            assert "Traceback" not in out + err

    asyncio.run(story())
    left = [each.name for each in kept.iterdir()]
    assert "backup.zip" not in left
    assert left == [] or number == signal.SIGKILL
    earnest("backup", kept / "backup.zip")


def test_whoever_waits_is_told_how_far_it_is() -> None:
    said: list[str] = []
    telling = _Telling(said.append, "Backing up")
    telling.count(1_000_000)
    assert said == []
    telling._next = 0  # A second later.
    telling.count(11_500_000)
    assert said == ["Backing up: 12 MB so far."]


def test_books_that_do_not_balance_are_restored_but_take_no_commands(
    earnest: Earnest, new: Earnest, tmp_path: Path
) -> None:
    """A backup of wrong books may be the only one there is."""
    people(earnest)
    deposit(earnest, "100.00 USD")
    _run(earnest.dsn or "", "UPDATE accounts SET balance = balance + 1 WHERE kind = 'wallet'")
    earnest("backup", tmp_path / "wrong.zip")
    told = new.json("restore", tmp_path / "wrong.zip", code=1)
    assert "the_sum_of_all_balances_is_nothing" in told["broken"]
    start = ("deposit", "start", "--gateway", "sandbox", "--amount", "1.00 USD", "--as", EMMA)
    assert new.json(*start, code=1)["code"] == "books_do_not_balance"


def test_settings_come_along_unless_they_lead_elsewhere(
    earnest: Earnest, new: Earnest, tmp_path: Path
) -> None:
    earnest.data_dir.mkdir(exist_ok=True)
    of_settings = earnest.data_dir / "earnest.toml"
    of_settings.write_text('signup = "closed"\n')
    earnest("migrate")
    earnest("backup", tmp_path / "one.zip")
    assert new.json("restore", tmp_path / "one.zip")["settings"] == "earnest.toml"
    kept = new.data_dir / "earnest.toml"
    assert kept.read_text() == 'signup = "closed"\n'
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    of_settings.write_text('database_url = "postgresql://old.example/earnest"\n')
    earnest("backup", tmp_path / "two.zip")
    other = Earnest(tmp_path / "third", None)
    told = other.json("restore", tmp_path / "two.zip")
    assert told["settings"] == "earnest.toml.from-backup"
    assert not (other.data_dir / "earnest.toml").exists()


def test_a_directory_without_an_installation_has_nothing_to_back_up(tmp_path: Path) -> None:
    nowhere = Earnest(tmp_path / "nowhere", None)
    assert nowhere.json("backup", tmp_path / "b.zip", code=1)["code"] == "nothing_here"
    assert list(tmp_path.iterdir()) == []
