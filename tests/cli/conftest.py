"""An installation on a database of its own."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.cli.earnest import Earnest


@pytest.fixture
def earnest(dsn: str, tmp_path: Path) -> Earnest:
    return Earnest(tmp_path / "data", dsn)


@pytest.fixture
def own(tmp_path: Path) -> Earnest:
    """An installation with a private PostgreSQL."""
    return Earnest(tmp_path / "own", None)


@pytest.fixture
def port() -> int:
    """One that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
        return number
