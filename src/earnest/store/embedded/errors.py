"""What can go wrong with the private PostgreSQL, each with what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
NOT_A_DIRECTORY = frozenset({errno.EEXIST, errno.ENOTDIR})

OUTSIDE = "or set DATABASE_URL to use a PostgreSQL of your own"


class EmbeddedError(Exception):
    """The private PostgreSQL cannot be used: `code` for programs, `advice` for people."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.advice = advice


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the operating system's no about `path` into one that says what to do."""
    try:
        yield
    except OSError as error:
        raise _of_the_system(error, path) from error


def _of_the_system(error: OSError, path: Path) -> EmbeddedError:
    what = f"{error.filename or path}: {error.strerror}"
    if error.errno in FULL:
        return disk_full(what, path)
    if error.errno in NOT_ALLOWED:
        return EmbeddedError(
            "directory_not_writable",
            f"{path} cannot be written ({what}).",
            "Choose another data directory with --data-dir, or give this one to the user who"
            f" runs Earnest: sudo chown -R <user> '{path}'",
        )
    if error.errno in NOT_A_DIRECTORY:
        return EmbeddedError(
            "not_a_directory",
            f"{path} is not a directory ({what}).",
            "Choose another data directory with --data-dir.",
        )
    return EmbeddedError("start_failed", f"{what}.", f"Repair {path}, {OUTSIDE}.")


def disk_full(what: str, path: Path) -> EmbeddedError:
    return EmbeddedError(
        "disk_full",
        f"There is no space left on the disk of {path} ({what}).",
        f"Free some space (see: df -h '{path}'), then start again: nothing that was committed"
        " is lost.",
    )


def of_program(name: str, output: str, path: Path, log: Path | None = None) -> EmbeddedError:
    """Explain why one of PostgreSQL's programs gave up, from what it printed."""
    said = [line for line in output.splitlines() if line.strip()]
    telling = [line for line in said if "FATAL" in line or "PANIC" in line or "error" in line]
    what = " | ".join(line.strip() for line in (telling or said)[-3:]) or "it said nothing"
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return disk_full(what, path)
    where = f"Read {log}" if log else f"See whether {path} is in order"
    return EmbeddedError(
        "start_failed", f"{name} of the private PostgreSQL failed: {what}", f"{where}, {OUTSIDE}."
    )
