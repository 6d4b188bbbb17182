"""The fixtures of the HTTP tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.http.house import Housing, housing


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What only a soak asks takes ten seconds to be listed, so it is not, where it is left out."""
    is_left_out = config.option.markexpr == "not soak"
    return True if is_left_out and collection_path.name == "test_every_value.py" else None


@pytest.fixture
def dsn(swept: str) -> str:
    """What another test was done with will do: nobody here leaves a process running."""
    return swept


@pytest_asyncio.fixture
async def house(dsn: str) -> AsyncIterator[Housing]:
    async with housing(dsn) as opened:
        yield opened
