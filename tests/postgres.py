"""A database for every test that asks for one, made from a template that was migrated once.

A plugin: `tests/conftest.py` loads it, so that every folder of tests has the same fixtures.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from earnest.store import embedded
from earnest.store.db import migrate
from earnest.store.embedded import places

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


@pytest.fixture(scope="session")
def server_dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on which databases may be made."""
    outside = os.environ.get("EARNEST_TEST_DSN")
    if outside:
        yield outside
        return
    with embedded.hold(tmp_path_factory.mktemp("postgresql")) as held:
        for sql in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
            _run(held.dsn, sql)  # Nobody pulls this server's plug.
        yield held.dsn


@pytest.fixture(scope="session")
def template(server_dsn: str) -> Iterator[str]:
    """The name of a database that is up to date and empty."""
    name = f"template_{os.getpid()}"
    _run(server_dsn, f"CREATE DATABASE {name}")
    asyncio.run(migrate(_named(server_dsn, name), mode="sandbox", say=lambda _: None))
    yield name
    _run(server_dsn, f"DROP DATABASE {name} WITH (FORCE)")


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
