"""The heart: a process that serves or works says once a minute that it is there.

Nobody can act while none is, so a clock that runs out then is put off (`core/deferring.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import structlog

from earnest.store import hearing
from earnest.store.db import GONE, PASSING

if TYPE_CHECKING:
    from earnest.app import App

log = structlog.get_logger()


async def beat(app: App, stop: asyncio.Event) -> None:
    """Beat until told to stop; without a database nobody is there."""
    number: int | None = None
    while not stop.is_set():
        try:
            number = await hearing.beat(app.database, number)
        except (*GONE, *PASSING, TimeoutError) as error:
            log.warning("heart_missed_a_beat", error=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(hearing.BEAT.total_seconds()):
                await stop.wait()


__all__ = ["beat"]
