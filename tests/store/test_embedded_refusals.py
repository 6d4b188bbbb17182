"""What the private PostgreSQL refuses, by which name; and what it never does by mistake."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from earnest.store import embedded
from earnest.store.embedded import programs

ROOT = os.geteuid() == 0
SRC = Path(embedded.__file__).parents[3]

#: Prints why another user may not hold a directory.
REFUSED = """
import os, sys
from pathlib import Path
from earnest.store import embedded

data_dir, uid, binaries = sys.argv[1:]
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(uid))
    os.setuid(int(uid))
try:
    embedded.hold(Path(data_dir), binaries=Path(binaries)).release()
except embedded.EmbeddedError as error:
    print(error.code, error.message, error.advice)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One directory, made once; every test leaves it as it was."""
    path = tmp_path_factory.mktemp("made") / "d"
    embedded.hold(path).release()
    return path


@pytest.fixture
def a_users() -> Iterator[tuple[Path, int]]:
    """Give an ordinary user's directory, and that user."""
    folder = Path(tempfile.mkdtemp(prefix="earnest-test-"))
    user = pwd.getpwnam("nobody").pw_uid if ROOT else os.geteuid()
    os.chown(folder, user, -1)
    yield folder, user
    shutil.rmtree(folder)


def stopped(data_dir: Path) -> bool:
    return embedded.status(data_dir).pid is None


def refusal_of(user: int, data_dir: Path) -> list[str]:
    """Ask as an ordinary user, with programs that user can run."""
    return subprocess.run(
        [sys.executable, "-c", REFUSED, data_dir, str(user), programs.find(None).bin],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(SRC), *filter(None, sys.path)])},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()


def refusal(data_dir: Path, binaries: Path | None = None) -> embedded.EmbeddedError:
    with pytest.raises(embedded.EmbeddedError) as caught:
        embedded.hold(data_dir, binaries=binaries)
    assert caught.value.advice
    return caught.value


def test_a_file_is_not_a_directory(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert refusal(file).code == "not_a_directory"
    assert refusal(file / "below").code == "not_a_directory"


def test_a_directory_that_cannot_be_written_is_named(
    a_users: tuple[Path, int],
) -> None:
    folder, user = a_users
    folder.chmod(0o500)
    answer = refusal_of(user, folder / "d")
    assert answer[0] == "directory_not_writable"
    assert str(folder / "d") in answer


def test_a_full_disk_is_named(a_users: tuple[Path, int]) -> None:
    folder, user = a_users
    if not ROOT:
        pytest.skip("only root can mount a small disk")
    small = folder / "d"
    small.mkdir()
    options = f"size=20m,uid={user},mode=700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        assert refusal_of(user, small)[0] == "disk_full"
        assert shutil.disk_usage(small).used < 1_000_000
    finally:
        subprocess.run(["umount", small], check=True)


def test_another_major_version_is_refused_with_the_commands_that_upgrade(made: Path) -> None:
    cluster = embedded.status(made).cluster
    assert cluster
    file = cluster / "data" / "PG_VERSION"
    try:
        file.write_text("17\n")
        error = refusal(made)
        file.write_text("99\n")
        newer = refusal(made)
    finally:
        file.write_text("18\n")
    assert (error.code, newer.code) == ("other_major_version", "other_major_version")
    assert "pg_upgrade" in error.advice
    assert "EARNEST_POSTGRES" in newer.advice
    assert "pg_upgrade" not in newer.advice
    assert stopped(made)


def test_status_of_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    assert embedded.status(tmp_path / "none") == embedded.Status(None, None, None)
    assert list(tmp_path.iterdir()) == []


def test_missing_binaries_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "d", binaries=tmp_path).code == "binaries_missing"
    assert not (tmp_path / "d").exists()


def test_a_lost_database_is_never_replaced_by_an_empty_one(made: Path) -> None:
    cluster = embedded.status(made).cluster
    assert cluster
    (cluster / "data").rename(cluster / "elsewhere")
    assert refusal(made).code == "cluster_missing"
    (cluster / "elsewhere").rename(cluster / "data")
    embedded.hold(made).release()


@pytest.mark.skipif(not ROOT, reason="an ordinary user's database is inside the directory")
def test_roots_databases_know_their_directory(tmp_path: Path) -> None:
    first, moved, copy = (tmp_path / name for name in ("d", "moved", "copy"))
    embedded.hold(first).release()
    cluster = embedded.status(first).cluster
    assert cluster
    assert cluster not in embedded.forgotten()
    shutil.copytree(first, copy)
    assert refusal(copy).code == "copied_directory"
    first.rename(moved)
    shutil.rmtree(copy)
    assert cluster in embedded.forgotten()
    embedded.hold(moved).release()
    assert cluster not in embedded.forgotten()
    shutil.rmtree(moved)
    assert cluster in embedded.forgotten()
    shutil.rmtree(cluster)
