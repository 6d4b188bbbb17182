"""Keeping what is searched for and what records add up: a look a beat, at most half of the time.

One process at a time does it; the others see that somebody is at it, and look again later.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Final

import structlog

from earnest.store import counting, documents
from earnest.store.db import GONE, HELD, PASSING

if TYPE_CHECKING:
    from earnest.store.db import Database

log = structlog.get_logger()

#: How often there is a look while there is little to do: what is new is found within this.
BEAT_SECONDS: Final = 0.5
#: While the database is away, or after a mistake of ours.
AWAY_SECONDS: Final = 2.0


async def run(database: Database, stop: asyncio.Event) -> None:
    """Look, again and again, until told to stop."""
    while not stop.is_set():
        began = time.monotonic()
        try:
            found = await documents.look(database)
            counted = await counting.look(database)
        except (*GONE, *PASSING, HELD, TimeoutError) as error:
            log.warning("indexing_waits", error=type(error).__name__)
            pause = AWAY_SECONDS
        except Exception:  # A bug of ours must not end the looking for all others.
            log.exception("indexing_broken")
            pause = AWAY_SECONDS
        else:
            # Whoever decides about money comes first: it rests for as long as it has worked.
            spent = time.monotonic() - began
            pause = spent if found.more or counted.more else max(spent, BEAT_SECONDS)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
