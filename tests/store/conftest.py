"""An engine on a test's own database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.store.engine import Engine, running


@pytest.fixture
def dsn(swept: str) -> str:
    """What another test was done with will do: nobody here leaves a process running."""
    return swept


@pytest_asyncio.fixture
async def engine(dsn: str) -> AsyncIterator[Engine]:
    async with running(dsn) as started:
        yield started
