"""Sweeping: bytes that no row names, because somebody was killed or refused, do not stay."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from earnest.store.reads import files as reads

if TYPE_CHECKING:
    from pathlib import Path

    from earnest.app import App

log = structlog.get_logger()


async def sweep(app: App, now: float) -> int:
    """Remove what is old and named by no row, and what was never finished; how much that was."""
    folder, removed = app.files, 0
    with folder.sweeping() as alone:
        if not alone:
            return 0
        for path in await asyncio.to_thread(_old, app, now):
            folder.forget(path)
            removed += 1
        kept = await asyncio.to_thread(lambda: [p for p in folder.all() if folder.is_old(p, now)])
        for start in range(0, len(kept), reads.AT_ONCE):
            some = {path.name: path for path in kept[start : start + reads.AT_ONCE]}
            for digest in some.keys() - await reads.named(app.database, [*some]):
                folder.forget(some[digest])
                removed += 1
    if removed:
        log.info("files_swept", removed=removed)
    return removed


def _old(app: App, now: float) -> list[Path]:
    return [path for path in app.files.half_there() if app.files.is_old(path, now)]
