"""An app on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from earnest.app import App, opened
from earnest.config import Config
from earnest.http.problems import problem_of


@pytest.fixture
def dsn(swept: str) -> str:
    """What another test was done with will do: nobody here leaves a process running."""
    return swept


@pytest_asyncio.fixture
async def app(dsn: str, tmp_path: Path) -> AsyncIterator[App]:
    config = Config(tmp_path, dsn, connections=4, approval_limits={"USD": "1000.00"})
    async with opened(config, problem_of) as started:
        yield started
