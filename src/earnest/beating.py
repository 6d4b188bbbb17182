"""Work that goes on in the background: a beat apart, again and again, and at most half of the time.

What stands in its way for a while, or a bug in it, is logged and ends nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from earnest.store.db import GONE, HELD, PASSING

log = structlog.get_logger()

#: How often there is a look while there is little to do: what happened is seen within this.
BEAT_SECONDS: Final = 0.5
#: While the database is away, or after a mistake of ours.
AWAY_SECONDS: Final = 2.0


async def again(stop: asyncio.Event, work: Callable[[], Awaitable[bool]], what: str) -> None:
    """Do it until told to stop; it answers whether there is more to do at once."""
    while not stop.is_set():
        began = time.monotonic()
        try:
            more = await work()
        except (*GONE, *PASSING, HELD, TimeoutError) as error:
            log.warning("background_waits", what=what, error=type(error).__name__)
            pause = AWAY_SECONDS
        except Exception:  # A bug of ours must not end it for all others.
            log.exception("background_broken", what=what)
            pause = AWAY_SECONDS
        else:
            # Whoever decides about money comes first: it rests for as long as it has worked.
            spent = time.monotonic() - began
            pause = spent if more else max(spent, BEAT_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await stop.wait()
