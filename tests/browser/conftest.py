"""One browser and one site for all of a worker's tests; people and contexts are a test's own.

They live in one event loop that only runs while such a test does, so that the other tests of the
same worker keep theirs.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.browser import chromium
from tests.browser.site import Site, serving
from tests.browser.visitors import PATIENCE_MS, Contexts, Visitors
from tests.browser.weighing import SERVER_MS
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
    """On a site of its own, where nobody else does anything: its pages look the same each time.

    On any day, too: LOOKS_DAYS begins it so many days later.
    """
    async with serving(world_dsn, tmp_path_factory.mktemp("world")) as site:
        days = timedelta(days=int(os.environ.get("LOOKS_DAYS", "0")))
        await site.house.app.database.advance(days)
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long the server took for the pages that were weighed, and which took longest."""
    took = sorted(
        (int(str(number)), each.nodeid.partition("[")[2].rstrip("]"))
        for each in terminalreporter.stats.get("passed", ())
        for name, number in each.user_properties
        if name == SERVER_MS
    )
    if took:
        terminalreporter.section("the server's time for a page")
        middle, late = (took[len(took) * part // 100][0] for part in (50, 95))
        terminalreporter.line(f"half of them in {middle} ms, 95 % in {late} ms; the longest were")
        for number, cell in took[-5:]:
            terminalreporter.line(f"{number:>6} ms  {cell}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call":
        item.stash[_FAILED] = report.failed
    return report
