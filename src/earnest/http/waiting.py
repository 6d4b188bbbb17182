"""Waiting for the worker: a deposit is answered once the gateway was asked, or after a while."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from earnest.core.references import parsed
from earnest.http.answers import id_of
from earnest.store.db import GONE
from earnest.store.reads import lookups

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.store.batch import Answer

#: How long a deposit waits for the worker before it is answered.
DEPOSIT_SECONDS: Final = 5.0
_LOOK_AGAIN_SECONDS: Final = 0.02


async def dealt_with(app: App, answered: Answer, seconds: float) -> None:
    """Wait until the worker has asked the gateway; what it then did is for GET to show."""
    deposit_id = parsed(id_of(answered.rows[0]), "dep")
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            if await lookups.deposit_is_dealt_with(app.database, deposit_id):
                return
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    except GONE:
        return  # The deposit is there; only the waiting is over.
