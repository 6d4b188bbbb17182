"""One browser and one site for all of a worker's tests; people and contexts are a test's own.

They live in one event loop that only runs while such a test does, so that the other tests of the
same worker keep theirs.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.browser import chromium
from tests.browser.site import Site, serving
from tests.browser.visitors import PATIENCE_MS, Contexts, Visitors
from tests.browser.world import World, filled
from tests.postgres import database

_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def program() -> str:
    """Where Chromium is; without one there is nothing to test here."""
    found = chromium.program()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(chromium.MISSING, pytrace=False)
        pytest.skip(chromium.MISSING)
    return found


@pytest.fixture(scope="session")
def site_dsn(program: str, server_dsn: str, template: str) -> Iterator[str]:
    with database(server_dsn, template) as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(site_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with serving(site_dsn, tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="session")
def world_dsn(program: str, server_dsn: str, template: str) -> Iterator[str]:
    with database(server_dsn, template) as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(world_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """On a site of its own, where nobody else does anything: its pages look the same each time."""
    async with serving(world_dsn, tmp_path_factory.mktemp("world")) as site:
        yield await filled(site)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def contexts(program: str) -> AsyncIterator[Contexts]:
    expect.set_options(timeout=PATIENCE_MS)
    async with chromium.launched(program) as browser:
        yield Contexts(browser)


@pytest_asyncio.fixture(loop_scope="session")
async def visitors(
    contexts: Contexts, site: Site, request: pytest.FixtureRequest
) -> AsyncIterator[Visitors]:
    """Whoever comes to the site, or to the world's. If it fails, what they saw is kept."""
    is_of_the_world = "world" in request.fixturenames
    at = request.getfixturevalue("world").site if is_of_the_world else site
    made = Visitors(contexts, at)
    yield made
    is_failed = request.node.stash.get(_FAILED, False)
    if is_failed:
        await made.keep_pictures(request.node.name)
    await made.leave(is_failed=is_failed)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call":
        item.stash[_FAILED] = report.failed
    return report
