"""The fixtures of the tests of pages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.http.house import Housing, housing
from tests.web.browser import Browser, browsing
from tests.web.people import Known, known


@pytest.fixture
def dsn(swept: str) -> str:
    """What another test was done with will do: nobody here leaves a process running."""
    return swept


@pytest_asyncio.fixture
async def house(dsn: str) -> AsyncIterator[Housing]:
    async with housing(dsn) as opened:
        yield opened


@pytest_asyncio.fixture
async def browser(house: Housing) -> AsyncIterator[Browser]:
    async with browsing(house) as opened:
        yield opened


@pytest_asyncio.fixture
async def emma(house: Housing) -> Known:
    """An employer, mostly."""
    return await known(house, "Emma Example")


@pytest_asyncio.fixture
async def frank(house: Housing) -> Known:
    """A freelancer, mostly."""
    return await known(house, "Frank Fictive")
