"""Where the cluster of a data directory D is, and to whom it belongs.

As an ordinary user it is D/postgresql. As root it is /var/lib/earnest/clusters/<id>, because the
server runs as another user who may not reach D; D keeps the id, and the cluster keeps D's path.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from earnest.store.embedded.errors import OUTSIDE, EmbeddedError, explained
from earnest.store.embedded.programs import HOME, Account, system_account

CLUSTERS = HOME / "clusters"
SOCKET = ".s.PGSQL.5432"
#: What sockaddr_un holds where it is shortest (macOS); PostgreSQL on Linux allows 107.
SOCKET_PATH_BYTES_MAX = 103
#: A comma, a quote or a space would need three kinds of quoting on its way to the server.
PLAIN_PATH = re.compile(r"/[\w./+-]*", re.ASCII)
ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Place:
    """The directory of one cluster; `data`, `log` and `sockets` in it belong to `account`."""

    data_dir: Path
    cluster: Path
    id: str
    #: None: programs run as whoever we are.
    account: Account | None

    @property
    def data(self) -> Path:
        return self.cluster / "data"

    @property
    def log(self) -> Path:
        return self.cluster / "log"

    @property
    def password(self) -> Path:
        return self.cluster / "password"

    @property
    def settings(self) -> Path:
        return self.cluster / "postgresql.conf"


def find(data_dir: Path) -> Place | None:
    """Return where the cluster of `data_dir` is; nothing is made."""
    kept, own = data_dir / "postgresql.id", data_dir / "postgresql"
    with explained(data_dir):
        if own.exists():
            return Place(data_dir, own, _read(own / "id"), _owner(own))
        if not kept.exists():
            return None
        if os.geteuid() != 0:
            raise EmbeddedError(
                "made_by_root",
                f"{data_dir} was made by root, and its database is root's.",
                "Run the command as root (sudo), or choose another directory with --data-dir.",
            )
        return _of_root(data_dir, _read(kept))


def find_or_make(data_dir: Path) -> Place:
    """Return where the cluster is, or will be. The caller holds the lock for starting."""
    found = find(data_dir)
    if found:
        return found
    name = secrets.token_hex(8)
    account = system_account() if os.geteuid() == 0 else None
    cluster = CLUSTERS / name if account else data_dir / "postgresql"
    with explained(data_dir):
        if account:
            _make_directory(CLUSTERS, 0o711)
            _make_directory(cluster, 0o750)
            os.chown(cluster, -1, account.gid)
            write(cluster / "origin", f"{data_dir.resolve()}\n")
            write(data_dir / "postgresql.id", f"{name}\n")
        else:
            _make_directory(unfinished := data_dir / "postgresql.unfinished", 0o700)
            write(unfinished / "id", f"{name}\n")
            unfinished.rename(cluster)
    return Place(data_dir, cluster, name, account)


def forgotten() -> list[Path]:
    """Return root's clusters whose data directory is gone, or has another cluster now."""
    if not os.access(CLUSTERS, os.R_OK | os.X_OK):
        return []
    return [c for c in sorted(CLUSTERS.iterdir()) if ID.fullmatch(c.name) and not _is_named(c)]


def origin(cluster: Path) -> Path:
    """Return the data directory that one of root's clusters was made for."""
    return Path(_read(cluster / "origin"))


def write(path: Path, text: str, account: Account | None = None) -> None:
    """Write a small file that only its owner reads, wholly or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(descriptor, 0o600)
        if account:
            os.fchown(descriptor, account.uid, account.gid)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    unfinished.rename(path)
    sync(path.parent)


def sync(directory: Path) -> None:
    """Make what was renamed in `directory` outlast a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def give(path: Path, account: Account | None) -> None:
    """Make a directory that only `account` may enter."""
    _make_directory(path, 0o700)
    if account:
        os.chown(path, account.uid, account.gid)


def sockets(place: Place) -> Path:
    """Return a directory for the server's socket: short, ours alone, made if it is missing."""
    for path in _sockets_candidates(place):
        if not PLAIN_PATH.fullmatch(str(path)):
            continue
        if len(os.fsencode(path / SOCKET)) <= SOCKET_PATH_BYTES_MAX and _holds_sockets(path, place):
            return path
    raise EmbeddedError(
        "path_too_long",
        f"No directory is short enough for a socket (at most {SOCKET_PATH_BYTES_MAX} bytes):"
        f" neither in {place.cluster} nor for temporary files.",
        f"Choose a shorter --data-dir, let /tmp be written, {OUTSIDE}.",
    )


def _sockets_candidates(place: Place) -> Iterator[Path]:
    # In the cluster first: a service with a private /tmp and a shell beside it see the same one.
    yield place.cluster.resolve() / "sockets"
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108  see _holds_sockets
        yield Path(folder) / f"earnest-{place.id}"


def _holds_sockets(path: Path, place: Place) -> bool:
    """Make `path` and try it; somebody else's directory, or link, of that name is left alone."""
    uid = place.account.uid if place.account else os.geteuid()
    try:
        path.mkdir(mode=0o700)
        if place.account:
            os.chown(path, place.account.uid, place.account.gid)
    except FileExistsError:
        if path.is_symlink() or not path.is_dir() or path.stat().st_uid != uid:
            return False
    except OSError:
        return False
    try:
        path.chmod(0o700)
        for old in path.glob(".[st]*"):
            old.unlink()
        with socket.socket(socket.AF_UNIX) as trial:
            trial.bind(str(path / ".trial"))
        (path / ".trial").unlink()
    except OSError:
        return False  # Some network file systems know no sockets.
    return True


def _of_root(data_dir: Path, name: str) -> Place:
    cluster = CLUSTERS / name
    if not ID.fullmatch(name) or not cluster.is_dir():
        raise missing(data_dir, cluster)
    here = data_dir.resolve()
    there = origin(cluster)
    if there != here:
        if _read(there / "postgresql.id") == name and not there.samefile(here):
            raise EmbeddedError(
                "copied_directory",
                f"{data_dir} is a copy of {there}: both name the database {cluster}.",
                "A copied directory has no database of its own. Use earnest backup and earnest"
                " restore, which copy both.",
            )
        write(cluster / "origin", f"{here}\n")
    return Place(data_dir, cluster, name, system_account())


def missing(data_dir: Path, cluster: Path) -> EmbeddedError:
    """Refuse to begin anew where a database has been."""
    return EmbeddedError(
        "cluster_missing",
        f"The database of {data_dir} is gone: there is none in {cluster}.",
        f"Bring {cluster} back (in a container, {HOME} must be a volume, as the data directory"
        " is), or restore a backup into a new data directory: earnest restore.",
    )


def _owner(own: Path) -> Account | None:
    """Return the ordinary user whose cluster this is, when it is root who asks."""
    status = own.stat()
    if os.geteuid() != 0:
        return None
    if status.st_uid == 0:
        raise EmbeddedError(
            "cluster_owned_by_root",
            f"{own} belongs to root now, and PostgreSQL does not run as root.",
            f"Give it back to the user who made it: chown -R <user> '{own}'",
        )
    return Account(status.st_uid, status.st_gid)


def _is_named(cluster: Path) -> bool:
    try:
        return _read(origin(cluster) / "postgresql.id") == cluster.name
    except PermissionError:
        return True  # Who cannot look, cannot say that it is gone.


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _make_directory(path: Path, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
