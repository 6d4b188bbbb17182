"""A data directory that is being made from a backup: wholly, or not at all.

A mark stands in it until it is whole, because a cluster in which nothing has been restored yet
looks like a new installation, and must not be taken for one.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from earnest.store.embedded import places
from earnest.store.embedded.errors import EmbeddedError, explained
from earnest.store.embedded.programs import HOME

MARK = "restore.unfinished"
#: What root's own place has whether or not it is also a data directory.
OF_THE_MACHINE = ("clusters", "postgresql-", "setup.lock")


def must_be_whole(data_dir: Path) -> None:
    """Refuse a directory in which a restore was interrupted."""
    with contextlib.suppress(PermissionError):  # Who needs the directory says that better.
        if (data_dir / MARK).exists():
            raise EmbeddedError(
                "restore_unfinished",
                f"{data_dir} is being restored, or its restore was interrupted.",
                f"If no `earnest restore` runs any more, remove {data_dir} and restore again.",
            )


def must_be_empty(data_dir: Path) -> None:
    """Refuse to restore where anything is."""
    with explained(data_dir):
        found = _contents(data_dir) if data_dir.is_dir() else []
    if found:
        raise EmbeddedError(
            "not_empty",
            f"{data_dir} is not empty: {found[0].name} is in it.",
            "Restore into a new directory: --data-dir. Nothing is overwritten.",
        )


@contextlib.contextmanager
def replacing(data_dir: Path) -> Iterator[None]:
    """Mark an empty directory until it is whole; if it never becomes so, it is empty again."""
    must_be_empty(data_dir)
    is_new = not data_dir.exists()
    try:
        with explained(data_dir):
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            places.write(data_dir / MARK, "")
        yield
    except BaseException:
        if data_dir.is_dir():
            _clear(data_dir, remove=is_new)
        raise
    with explained(data_dir):
        (data_dir / MARK).unlink()
        places.sync(data_dir)


def _contents(data_dir: Path) -> list[Path]:
    is_home = data_dir.resolve() == HOME
    return [
        path
        for path in sorted(data_dir.iterdir())
        if not (is_home and path.name.startswith(OF_THE_MACHINE))
    ]


def _begun(data_dir: Path) -> list[Path]:
    """Clusters of root's that were begun for this directory, before it was told which is its own.

    One with data is never among them: it may be all that is left of somebody's books.
    """
    return [
        cluster
        for cluster in places.forgotten()
        if not any(cluster.glob("data*")) and places.origin(cluster) == data_dir.resolve()
    ]


def _clear(data_dir: Path, *, remove: bool) -> None:
    """Remove what was made; whoever held the server has left."""
    place = places.find(data_dir)
    for cluster in [place.cluster] if place is not None else _begun(data_dir):
        shutil.rmtree(cluster, ignore_errors=True)
    for path in _contents(data_dir):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if remove:
        data_dir.rmdir()
