"""Where the bytes are: `files/ab/ab12…` below the data directory, each once, never half.

What comes in is written beside, under a name of its own, and is renamed when all of it is on the
disk. A row is written after that; bytes that no row names are swept. Who puts bytes here shares a
lock until their row is there, and who sweeps holds it alone, so that no row ever lacks its bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from earnest.files.kinds import Look

if TYPE_CHECKING:
    from collections.abc import AsyncIterable

    from earnest.core.files import FileType

#: So much stays free for the database, which may be on the same disk.
SPARE_BYTES: Final = 200_000_000
#: What nobody names is left alone for so long, and what is only half there.
LEFT_ALONE_SECONDS: Final = 86_400
#: How often whoever waits for the end of a sweep looks for it.
LOCK_SECONDS: Final = 0.05
CHUNK_BYTES: Final = 1 << 18
UNFINISHED: Final = "unfinished"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class TooLargeError(Exception):
    """More bytes than one file may have."""

    def __init__(self, limit: int) -> None:
        """Keep how many it may have."""
        super().__init__(f"more than {limit} bytes")
        self.limit: Final = limit


class DiskFullError(Exception):
    """There is no room left on the disk; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are on the disk: what they are called by, how many they are, and what."""

    sha256: str
    size: int
    type: FileType


@dataclass(slots=True)
class Folder:
    """The folder of one installation. Nothing is made before something is kept."""

    root: Path
    spare_bytes: int = SPARE_BYTES
    left_alone_seconds: float = LEFT_ALONE_SECONDS
    _is_made: bool = field(default=False, init=False)

    def path(self, sha256: str) -> Path:
        """Where these bytes are, or would be."""
        assert _DIGEST.fullmatch(sha256), "bytes are kept under their digest"
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str, size: int) -> bool:
        """Whether all of these bytes are there."""
        try:
            return self.path(sha256).stat().st_size == size
        except OSError:
            return False

    @contextlib.asynccontextmanager
    async def keeping(
        self, name: str, chunks: AsyncIterable[bytes], most: int
    ) -> AsyncIterator[Kept]:
        """Keep what comes in; it is not swept before this is left, with its row written.

        What of it cannot be taken is left unread, and leaves nothing.
        """
        look, digest, size = Look(name), hashlib.sha256(), 0
        unfinished = await asyncio.to_thread(self._begin)
        try:
            with _full_or_not(), unfinished.open("wb") as out:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > most:
                        raise TooLargeError(most)
                    look.feed(chunk)
                    digest.update(chunk)
                    await asyncio.to_thread(out.write, chunk)
                look.end()
                await asyncio.to_thread(_to_disk, out)
            kept = Kept(digest.hexdigest(), size, look.type)
            with await self._shared():
                await asyncio.to_thread(self._name, unfinished, kept.sha256)
                yield kept
        finally:
            await asyncio.to_thread(_forget, unfinished)

    def put(self, sha256: str, chunks: Iterator[bytes]) -> bool:
        """Bytes as they come back from a backup; whether they are those of their digest."""
        unfinished, digest = self._begin(), hashlib.sha256()
        try:
            with _full_or_not(), unfinished.open("wb") as out:
                for chunk in chunks:
                    digest.update(chunk)
                    out.write(chunk)
                _to_disk(out)
            if digest.hexdigest() != sha256:
                return False
            self._name(unfinished, sha256)
            return True
        finally:
            _forget(unfinished)

    def all(self) -> Iterator[Path]:
        """Everything that is kept, in the order of the digests."""
        if not self.root.is_dir():
            return
        for below in sorted(self.root.iterdir()):
            if len(below.name) == 2 and below.is_dir():  # noqa: PLR2004  # Of a digest.
                yield from (p for p in sorted(below.iterdir()) if _DIGEST.fullmatch(p.name))

    @contextlib.contextmanager
    def sweeping(self) -> Iterator[bool]:
        """Nobody keeps anything meanwhile; not so if somebody is about to, or there is nothing."""
        if not self.root.is_dir():
            yield False
            return
        with self._lock() as lock:
            yield _locked(lock, fcntl.LOCK_EX)

    def is_old(self, path: Path, now: float) -> bool:
        """Whether it has been there for so long that nobody can still be about to name it."""
        try:
            return path.stat().st_mtime + self.left_alone_seconds < now
        except FileNotFoundError:
            return False

    def forget(self, path: Path) -> None:
        """Remove what nobody names; only while sweeping."""
        _forget(path)

    def half_there(self) -> Iterator[Path]:
        """What was never finished, because somebody was killed."""
        place = self.root / UNFINISHED
        if place.is_dir():
            yield from place.iterdir()

    def _begin(self) -> Path:
        """A new name for what comes in, if there is room for it."""
        if not self._is_made:
            self.root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in (self.root, self.root / UNFINISHED):
                path.mkdir(mode=0o700, exist_ok=True)
            self._is_made = True
        if shutil.disk_usage(self.root).free < self.spare_bytes:
            raise DiskFullError
        path = self.root / UNFINISHED / secrets.token_hex(16)
        with _full_or_not():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        return path

    def _name(self, unfinished: Path, sha256: str) -> None:
        """Give the bytes their place; if they are there already, the same ones take it."""
        path = self.path(sha256)
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _sync(self.root)
        unfinished.rename(path)
        _sync(path.parent)

    async def _shared(self) -> FileIO:
        """The lock of who puts something here, until it is closed.

        Whoever waits for it keeps no thread: who sweeps may need one to come to an end.
        """
        lock = self._lock()
        try:
            # No event tells of a lock that another process has.
            while not _locked(lock, fcntl.LOCK_SH):  # noqa: ASYNC110
                await asyncio.sleep(LOCK_SECONDS)
        except BaseException:
            lock.close()
            raise
        return lock

    def _lock(self) -> FileIO:
        return FileIO(self.root / "lock", "a")


def _locked(lock: FileIO, how: int) -> bool:
    """Whether it can be had at once."""
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _full_or_not() -> Iterator[None]:
    """That there is no room left is told apart from everything else that a disk can have."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFullError from error
        raise


def _to_disk(out: BufferedWriter) -> None:
    out.flush()
    os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    """Make what was named in a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
