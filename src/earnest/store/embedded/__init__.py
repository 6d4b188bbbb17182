"""A private PostgreSQL for a data directory, when no DATABASE_URL is given.

`hold(data_dir)` makes it, starts it and shares it with other processes; the last to leave stops it.
Everything here is synchronous: call it from async code in a thread.
"""

from __future__ import annotations

from earnest.store.embedded.errors import EmbeddedError
from earnest.store.embedded.holding import Held, Status, ensure_running, hold, status
from earnest.store.embedded.places import forgotten, write
from earnest.store.embedded.programs import find as find_programs
from earnest.store.embedded.replacing import must_be_empty, must_be_whole, replacing

__all__ = [
    "EmbeddedError",
    "Held",
    "Status",
    "ensure_running",
    "find_programs",
    "forgotten",
    "hold",
    "must_be_empty",
    "must_be_whole",
    "replacing",
    "status",
    "write",
]
