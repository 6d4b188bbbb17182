"""Keeping what is searched for, and what records and months add up to: a look a beat.

It takes at most half of the time. One process at a time does it; the others see that somebody is
at it, and look again later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.beating import again
from earnest.store import counting, documents, summing

if TYPE_CHECKING:
    import asyncio

    from earnest.store.db import Database


async def run(database: Database, stop: asyncio.Event) -> None:
    """Look, again and again, until told to stop."""

    async def look() -> bool:
        found = await documents.look(database)
        counted = await counting.look(database)
        added = await summing.look(database)
        return found.more or counted.more or added.more

    await again(stop, look, "indexing")
