"""A disk of the test's own, small enough to be filled: a file with ext4 in it, mounted."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

#: Room for a cluster of 40 MiB, its segments of WAL and what a load writes in half a minute.
DISK_MIB: Final = 400
CHUNK: Final = bytes(256 * 1024)


def why_not() -> str:
    """Why no disk can be mounted here; nothing if it can."""
    if os.geteuid() != 0:
        return "only root may mount a disk"
    missing = [name for name in ("mkfs.ext4", "mount", "umount") if not shutil.which(name)]
    if missing:
        return f"there is no {', '.join(missing)}"
    return ""


@contextmanager
def disk(image: Path, at: Path) -> Iterator[Path]:
    """An empty file system at this directory; unmounted and gone afterwards."""
    with image.open("wb") as file:
        file.truncate(DISK_MIB << 20)
    _run("mkfs.ext4", "-q", "-m", "0", str(image))
    _run("mount", "-o", "loop", str(image), str(at))
    try:
        shutil.rmtree(at / "lost+found")
        yield at
    finally:
        _run("umount", "--lazy", str(at))
        image.unlink()


@contextmanager
def moved(folder: Path, image: Path) -> Iterator[None]:
    """What is in this directory is on a disk of its own for as long as this, if not for longer."""
    aside = folder.with_name(f"{folder.name}.aside")
    owner, mode = folder.stat(), folder.stat().st_mode
    folder.rename(aside)
    folder.mkdir()
    with disk(image, folder):
        _run("cp", "-a", f"{aside}/.", str(folder))
        os.chown(folder, owner.st_uid, owner.st_gid)
        folder.chmod(mode & 0o777)
        yield
    shutil.rmtree(aside)


def fill(folder: Path) -> Path:
    """Write until nothing fits any more."""
    ballast = folder / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(CHUNK)
    return ballast


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
