"""Holding the server: who uses it has a shared lock, and the last to leave stops it.

A process that is killed loses its lock by itself; whoever leaves next finds nobody else and stops.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from earnest.store.embedded import places, programs, server
from earnest.store.embedded.errors import EmbeddedError, explained
from earnest.store.embedded.making import make
from earnest.store.embedded.places import Place
from earnest.store.embedded.programs import USER, Programs


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a private PostgreSQL without touching it."""

    #: The server's process, if it runs.
    pid: int | None
    #: The major version that made the cluster.
    version: str | None
    #: The folder with data, log and password; None if there is none yet.
    cluster: Path | None


class Held:
    """The server, as long as it is held; leave with `release()` or the end of a `with`."""

    def __init__(
        self, place: Place, programs: Programs, users: FileIO, say: Callable[[str], None]
    ) -> None:
        self.data_dir = place.data_dir
        self.cluster = place.cluster
        #: Where pg_dump, psql and the others are, of the server's own version.
        self.programs = programs.bin
        self._place = place
        self._programs = programs
        self._users: FileIO | None = users
        self._say = say
        self._dsn = ""

    @property
    def dsn(self) -> str:
        """Return the address with its password: to connect with, never to print."""
        return self._dsn

    def release(self) -> None:
        """Leave; stop the server if nobody else holds it. A second time does nothing."""
        users, self._users = self._users, None
        if users:
            patience = server.Patience(self._say)
            with users, explained(self.data_dir):
                if _is_there(users, self.data_dir):
                    with _starting(self.data_dir, patience):
                        _leave(users, self._place, patience)
                elif _locked(users):  # The directory was removed; nobody new can come.
                    server.stop(self._place, patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"<Held {self.data_dir} {'held' if self._users else 'released'}>"


def hold(
    data_dir: Path, *, binaries: Path | None = None, say: Callable[[str], None] = _silent
) -> Held:
    """Hold the private PostgreSQL of `data_dir`: made if it is new, started if it does not run."""
    data_dir = data_dir.absolute()
    chosen = programs.find(binaries)
    patience = server.Patience(say)
    with explained(data_dir):
        if not data_dir.exists():
            data_dir.mkdir(parents=True)
            data_dir.chmod(0o700)
        with _starting(data_dir, patience):
            users = _open(data_dir / "postgresql.lock")
            place = None
            try:
                fcntl.flock(users, fcntl.LOCK_SH)
                place = places.find_or_make(data_dir)
                held = Held(place, chosen, users, say)
                make(place, chosen, say)
                _start(held, patience)
            except BaseException:
                _leave(users, place, patience)
                raise
    return held


def ensure_running(held: Held) -> None:
    """Start the server again if it died and nobody has; `held.dsn` says where it is now.

    In the instant of its death a server still looks alive: whoever cannot connect calls again.
    """
    if held._users is None:  # noqa: SLF001  Held is ours
        raise EmbeddedError("released", f"{held!r} was released.", "Hold it again.")
    patience = server.Patience(held._say)  # noqa: SLF001
    with explained(held.data_dir), _starting(held.data_dir, patience):
        _start(held, patience)


def status(data_dir: Path) -> Status:
    """Look at the private PostgreSQL of `data_dir`, whether or not anybody holds it."""
    with explained(data_dir):
        place = places.find(data_dir.absolute())
        if not place:
            return Status(None, None, None)
        found = server.running(place)
        file = place.data / "PG_VERSION"
        version = file.read_text().strip() if file.exists() else None
        return Status(found.pid if found else None, version, place.cluster)


def _start(held: Held, patience: server.Patience) -> None:
    found = server.start(held._place, held._programs, patience)  # noqa: SLF001
    password = quote(held._place.password.read_text().strip(), safe="")  # noqa: SLF001
    where = quote(str(found.sockets), safe="")
    held._dsn = f"postgresql://{USER}:{password}@/{USER}?host={where}&port=5432"  # noqa: SLF001


def _leave(users: FileIO, place: Place | None, patience: server.Patience) -> None:
    """Give up the shared lock, and stop the server if nobody else has one.

    The file is closed, not unlocked: a forked child that still has it goes on holding the server.
    """
    users.close()
    if place:
        with _open(place.data_dir / "postgresql.lock") as everybody:
            if _locked(everybody):
                server.stop(place, patience)


def _is_there(users: FileIO, data_dir: Path) -> bool:
    """Say whether the lock is still the one that others will ask for."""
    path = data_dir / "postgresql.lock"
    return path.exists() and os.path.samestat(os.fstat(users.fileno()), path.stat())


@contextmanager
def _starting(data_dir: Path, patience: server.Patience) -> Iterator[None]:
    """Be the only one who starts or stops this server."""
    with _open(data_dir / "postgresql.start.lock") as file:
        while not _locked(file):
            patience.wait("Waiting for another process that is starting or stopping PostgreSQL.")
        yield


def _locked(file: FileIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> FileIO:
    return FileIO(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
