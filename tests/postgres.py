"""A database for every test that asks for one, made from a template that was migrated once.

A plugin: `tests/conftest.py` loads it, so that every folder of tests has the same fixtures.
The databases lie in memory where there is some: a database is six hundred files.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import pytest

from earnest.store import embedded
from earnest.store.db import migrate
from earnest.store.embedded import places

#: Files that are kept in memory, and how much of it has to be free: ours need a tenth of that.
MEMORY: Final = Path("/dev/shm")
MEMORY_BYTES: Final = 2 << 30

_numbers = itertools.count()


@pytest.fixture(scope="session", autouse=True)
def nothing_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """As root a cluster is not in its temporary directory: what this run made, it removes."""
    yield
    base = tmp_path_factory.getbasetemp().resolve()
    made = places.CLUSTERS.iterdir() if places.CLUSTERS.is_dir() else ()
    for cluster in made:
        with contextlib.suppress(OSError):  # One that is being made by somebody else.
            if places.origin(cluster).is_relative_to(base):
                shutil.rmtree(cluster)


class Server(NamedTuple):
    """A server on which databases may be made, and where on it."""

    dsn: str
    tablespace: str = "pg_default"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of a worker's own, unless there is one that is to be used."""
    outside = os.environ.get("EARNEST_TEST_DSN")
    if outside:
        yield Server(outside)
        return
    with _memory() as memory, embedded.hold(tmp_path_factory.mktemp("postgresql")) as held:
        for sql in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
            _run(held.dsn, sql)  # Nobody pulls this server's plug.
        address = urlsplit(held.dsn)
        password = unquote(address.password or "")  # Nobody guesses it: it need not be slow.
        changed = f"ALTER ROLE {address.username} PASSWORD '{password}'"
        _run(held.dsn, f"SET scram_iterations = 1; {changed}")
        if memory is None:
            yield Server(held.dsn)
            return
        owner = (held.cluster / "data").stat()
        os.chown(memory, owner.st_uid, owner.st_gid)
        _run(held.dsn, f"CREATE TABLESPACE memory LOCATION '{memory}'")
        yield Server(held.dsn, "memory")


@contextlib.contextmanager
def _memory() -> Iterator[Path | None]:
    """A folder in memory for as long as this, if there is room."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < MEMORY_BYTES:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="earnest-tests-", dir=MEMORY) as made:
        yield Path(made)


@pytest.fixture(scope="session")
def server_dsn(server: Server) -> str:
    """The address of the server."""
    return server.dsn


@pytest.fixture(scope="session")
def template(server: Server) -> Iterator[str]:
    """The name of a database that is up to date and empty; its copies lie where it does."""
    name = f"template_{os.getpid()}"
    _run(server.dsn, f"CREATE DATABASE {name} TABLESPACE {server.tablespace}")
    asyncio.run(migrate(_named(server.dsn, name), mode="sandbox", say=lambda _: None))
    yield name
    _run(server.dsn, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def dsn(server_dsn: str, template: str) -> Iterator[str]:
    """A test's own database: up to date, and nothing in it."""
    with database(server_dsn, template) as made:
        yield made


@contextlib.contextmanager
def database(server_dsn: str, template: str) -> Iterator[str]:
    """A database made from the template, for as long as this."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _run(server_dsn, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield _named(server_dsn, name)
    _run(server_dsn, f"DROP DATABASE {name} WITH (FORCE)")


def _named(dsn: str, name: str) -> str:
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


def _run(dsn: str, sql: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    asyncio.run(run())
