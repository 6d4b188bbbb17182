"""Where bytes are kept: wholly or not at all, once, by nobody but us; and what is not, is gone."""

from __future__ import annotations

import asyncio
import hashlib
import resource
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from earnest.files import DiskFullError, Folder, Kept, TooLargeError, WrongKindError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data" / "files", spare_bytes=0)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def keep(folder: Folder, *parts: bytes, name: str = "a.txt", most: int = 1_000_000) -> Kept:
    async def kept() -> Kept:
        async with folder.keeping(name, chunks(*parts), most) as found:
            return found

    return asyncio.run(kept())


def there(folder: Folder) -> list[str]:
    found = folder.root.rglob("*") if folder.root.exists() else ()
    return sorted(str(p.relative_to(folder.root)) for p in found if p.is_file())


def test_bytes_are_kept_under_their_digest_for_us_alone(folder: Folder) -> None:
    kept = keep(folder, b"one ", b"two")
    assert kept == Kept(hashlib.sha256(b"one two").hexdigest(), 7, kept.type)
    path = folder.path(kept.sha256)
    assert path.read_bytes() == b"one two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for each in (folder.root.parent, folder.root, path.parent):
        assert stat.S_IMODE(each.stat().st_mode) == 0o700
    assert folder.has(kept.sha256, 7)
    assert not folder.has(kept.sha256, 8)
    assert not folder.has("0" * 64, 7)
    assert [*folder.all()] == [path]


def test_the_same_bytes_are_kept_once(folder: Folder) -> None:
    assert keep(folder, b"same") == keep(folder, b"sa", b"me", name="b.txt")
    assert len([*folder.all()]) == 1


@pytest.mark.parametrize(
    ("parts", "why"),
    [((b"a" * 60, b"a" * 60), TooLargeError), ((b"words", b"\0"), WrongKindError),
     ((b"caf\xc3",), WrongKindError), ((), WrongKindError)],
)  # fmt: skip
def test_what_is_not_taken_leaves_nothing(
    folder: Folder, parts: tuple[bytes, ...], why: type[Exception]
) -> None:
    with pytest.raises(why):
        keep(folder, *parts, most=100)
    assert there(folder) == []


def test_a_character_may_come_in_two_parts(folder: Folder) -> None:
    assert keep(folder, b"caf\xc3", b"\xa9").size == 5


def test_who_goes_away_in_the_middle_leaves_nothing(folder: Folder) -> None:
    async def going() -> AsyncIterator[bytes]:
        yield b"begun"
        raise ConnectionResetError

    async def kept() -> None:
        async with folder.keeping("a.txt", going(), 100):
            raise AssertionError

    with pytest.raises(ConnectionResetError):
        asyncio.run(kept())
    assert there(folder) == []


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """No file may grow beyond this, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_meanwhile_leaves_nothing(folder: Folder) -> None:
    with at_most(100_000), pytest.raises(DiskFullError):
        keep(folder, *[b"a" * 50_000] * 5)
    assert there(folder) == []
    with at_most(100_000), pytest.raises(DiskFullError):
        folder.put("0" * 64, iter([b"a" * 200_000]))
    assert there(folder) == []


def test_something_is_always_left_for_the_database(folder: Folder) -> None:
    folder.spare_bytes = 1 << 60
    with pytest.raises(DiskFullError):
        keep(folder, b"words")


def test_what_comes_back_from_a_backup_has_to_be_what_it_was(folder: Folder) -> None:
    digest = hashlib.sha256(b"words").hexdigest()
    assert not folder.put(digest, iter([b"other"]))
    assert there(folder) == []
    assert folder.put(digest, iter([b"wor", b"ds"]))
    assert folder.has(digest, 5)


def test_nobody_sweeps_while_something_is_about_to_be_named(folder: Folder) -> None:
    async def both() -> tuple[bool, bool]:
        async with folder.keeping("a.txt", chunks(b"words"), 100):
            with folder.sweeping() as meanwhile:
                pass
        with folder.sweeping() as after:
            return meanwhile, after

    assert asyncio.run(both()) == (False, True)


def test_who_waits_for_a_sweep_keeps_no_thread_from_it(folder: Folder) -> None:
    """More of them than there are threads, and the one who sweeps needs a thread to go on."""
    keep(folder, b"once")

    async def keep_another(number: int) -> None:
        async with folder.keeping("a.txt", chunks(b"%d" % number), 100):
            pass

    async def swept() -> list[bool]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
        with folder.sweeping() as alone:
            keeping = [asyncio.create_task(keep_another(n)) for n in range(4)]
            while sum(1 for _ in folder.half_there()) < len(keeping):
                await asyncio.to_thread(len, "they begin in threads")
            while any(not path.stat().st_size for path in folder.half_there()):
                await asyncio.to_thread(len, "a thread is free")
            for _ in range(20):
                await asyncio.to_thread(len, "and stays so")
            waited = [not each.done() for each in keeping]
        await asyncio.gather(*keeping)
        return [alone, *waited]

    async def in_time() -> list[bool]:
        async with asyncio.timeout(20):
            return await swept()

    assert asyncio.run(in_time()) == [True] * 5


def test_where_nothing_was_kept_there_is_nothing_to_sweep(folder: Folder) -> None:
    with folder.sweeping() as alone:
        assert not alone
    assert [*folder.all()] == [*folder.half_there()] == []
    assert not folder.root.exists()


KILLED = """
import asyncio, os, sys
from pathlib import Path
from earnest.files import Folder

async def chunks():
    yield b"half of it"
    os.kill(os.getpid(), 9)

async def keep():
    async with Folder(Path(sys.argv[1]), spare_bytes=0).keeping("a.txt", chunks(), 100):
        pass

asyncio.run(keep())
"""


def test_what_was_half_there_when_we_were_killed_is_under_no_digest(folder: Folder) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", KILLED, folder.root], check=False, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.returncode == -9
    assert [*folder.all()] == []
    (half,) = folder.half_there()
    now = half.stat().st_mtime
    assert (folder.is_old(half, now + 86_401), folder.is_old(half, now)) == (True, False)
    folder.forget(half)
    assert not folder.is_old(half, now + 86_401)
