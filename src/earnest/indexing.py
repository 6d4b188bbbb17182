"""Keeping what is searched for and what records add up: a look a beat, at most half of the time.

One process at a time does it; the others see that somebody is at it, and look again later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.beating import again
from earnest.store import counting, documents

if TYPE_CHECKING:
    import asyncio

    from earnest.store.db import Database


async def run(database: Database, stop: asyncio.Event) -> None:
    """Look, again and again, until told to stop."""

    async def look() -> bool:
        found = await documents.look(database)
        counted = await counting.look(database)
        return found.more or counted.more

    await again(stop, look, "indexing")
