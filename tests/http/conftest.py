"""The fixtures of the HTTP tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from tests.http.house import Housing, housing


@pytest_asyncio.fixture
async def house(dsn: str) -> AsyncIterator[Housing]:
    async with housing(dsn) as opened:
        yield opened
