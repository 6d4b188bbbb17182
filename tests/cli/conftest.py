"""An installation on a database of its own."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.earnest import Earnest

from earnest.store import embedded
from earnest.store.embedded import places


@pytest.fixture
def earnest(dsn: str, tmp_path: Path) -> Earnest:
    return Earnest(tmp_path / "data", dsn)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Earnest]:
    """An installation with a private PostgreSQL."""
    made = Earnest(tmp_path / "own", None)
    yield made
    cluster = embedded.status(made.data_dir).cluster
    if cluster and cluster.parent == places.CLUSTERS:
        shutil.rmtree(cluster)  # As root it is not in the temporary directory.


@pytest.fixture
def port() -> int:
    """One that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
        return number
