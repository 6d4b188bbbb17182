"""An engine on a test's own database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from tests.store.engine import Engine, running


@pytest_asyncio.fixture
async def engine(dsn: str) -> AsyncIterator[Engine]:
    async with running(dsn) as started:
        yield started
