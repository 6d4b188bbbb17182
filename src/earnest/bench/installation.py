"""An installation of its own for the measuring, on a private PostgreSQL, removed afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from earnest.app import is_made, opened
from earnest.bench import cpu
from earnest.bench.figures import BenchError
from earnest.config import Config
from earnest.http.problems import problem_of
from earnest.store import embedded
from earnest.store.measuring import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from earnest.app import App
    from earnest.store.embedded import Held

#: On many machines the usual place for temporary files is memory, where an fsync costs nothing.
_ON_DISK: Final = Path("/var/tmp")  # noqa: S108  # A directory of our own is made in it.
_DURABLE: Final = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that is measured, and where it is."""

    app: App
    held: Held
    settings: Mapping[str, str]

    @property
    def folder(self) -> Path:
        """Where files of our own can be put."""
        return self.app.config.data_dir

    def postgres(self) -> float | None:
        """Seconds of processor time that all of PostgreSQL has used."""
        pid = embedded.status(self.folder).pid
        return cpu.of_server(pid) if pid is not None else None


@contextlib.asynccontextmanager
async def installed(
    where: Path | None, postgres: Path | None, say: Callable[[str], None]
) -> AsyncIterator[Installation]:
    """A new, empty sandbox for as long as this; nobody's books are ever touched."""
    with _folder(where) as folder:
        config = Config(data_dir=folder, postgres=postgres)
        held = await asyncio.to_thread(embedded.hold, folder, binaries=postgres, say=say)
        try:
            async with opened(config, problem_of, say=say) as app:
                told = await settings(app.database)
                for name in _DURABLE:
                    if told[name] != "on":
                        raise BenchError("not_durable", f"{name} is {told[name]}, not on.")
                yield Installation(app, held, told)
        finally:
            await asyncio.to_thread(held.release)
            if not held.cluster.is_relative_to(folder):  # As root it is somewhere else.
                shutil.rmtree(held.cluster)


@contextlib.asynccontextmanager
async def existing(
    where: Path, postgres: Path | None, say: Callable[[str], None]
) -> AsyncIterator[Installation]:
    """A sandbox that is there already; it keeps everything.

    What is added is over soon: sign-ins, and what somebody checks and does not confirm.
    """
    config = Config(data_dir=where, postgres=postgres)
    if not is_made(config):
        raise BenchError(
            "nothing_here", f"There is no Earnest in {where}.", "Make one: earnest demo --scale"
        )
    held = await asyncio.to_thread(embedded.hold, where, binaries=postgres, say=say)
    try:
        async with opened(config, problem_of, say=say) as app:
            if not app.house.sandbox:
                raise BenchError("live", "Pages are measured in a sandbox only.")
            yield Installation(app, held, await settings(app.database))
    finally:
        await asyncio.to_thread(held.release)


@contextlib.contextmanager
def _folder(where: Path | None) -> Iterator[Path]:
    """A new directory, or the empty one that was chosen; it is left as it was found."""
    if where is None:
        inside = _ON_DISK if os.access(_ON_DISK, os.W_OK) else None
        with tempfile.TemporaryDirectory(prefix="earnest-bench-", dir=inside) as made:
            yield Path(made)
        return
    is_new = not where.exists()
    if not is_new and (not where.is_dir() or any(where.iterdir())):
        raise BenchError(
            "not_empty",
            f"{where} is not an empty directory.",
            "Choose a new one: the measuring fills it and removes everything in it.",
        )
    where.mkdir(parents=True, exist_ok=True)
    try:
        yield where
    finally:
        for each in where.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        if is_new:
            where.rmdir()
