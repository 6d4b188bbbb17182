"""Clocks that can be set: libfaketime before the database's programs, and before the server's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from earnest.store.embedded.programs import ENVIRONMENT


def library() -> Path | None:
    """Where Debian's package libfaketime has put it."""
    return next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


@dataclass(frozen=True, slots=True)
class Clock:
    """What a process that was started with this environment takes for the time of day."""

    file: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """Only the time of day: how long something takes stays true."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def set(self, seconds: int) -> None:
        """So far from the true time, at once."""
        unfinished = self.file.with_suffix(".new")
        unfinished.write_text(f"{seconds:+d}\n")
        unfinished.chmod(0o644)
        unfinished.replace(self.file)


@contextmanager
def clocks() -> Iterator[tuple[Clock, Clock]]:
    """The database's and the server's; the database is started while this lasts."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder).chmod(0o755)  # The database runs as another user.
        database, server = (Clock(Path(folder) / name) for name in ("database", "server"))
        for clock in (database, server):
            clock.set(0)
        for name, value in database.environment.items():
            patch.setitem(ENVIRONMENT, name, value)
        yield database, server
