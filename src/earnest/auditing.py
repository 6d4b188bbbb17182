"""Verifying the books once a day, in the background, so that everybody may read how they are."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from earnest.store import verify
from earnest.store.db import GONE, HELD, PASSING

if TYPE_CHECKING:
    from earnest.store.db import Database

log = structlog.get_logger()

#: How long ago the last verification has to be for another.
EVERY: Final = timedelta(days=1)
#: How often it is looked whether that is so: for the first time once it has served for a while.
LOOK_SECONDS: Final = 600.0


async def run(database: Database, stop: asyncio.Event) -> None:
    """Look, again and again, until told to stop."""
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await stop.wait()
        if not stop.is_set():
            await _look(database)


async def _look(database: Database) -> None:
    try:
        found = await verify.verify_if_due(database, EVERY)
    except (*GONE, *PASSING, HELD, TimeoutError) as error:
        log.warning("background_waits", what="auditing", error=type(error).__name__)
    except Exception:  # A bug of ours must not end it for good.
        log.exception("background_broken", what="auditing")
    else:
        if found is not None and not found.ok:
            log.critical("verification_failed", rules=[each.rule for each in found.broken])
