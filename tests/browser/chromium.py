"""Debian's Chromium, and the four ways in which somebody comes with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zlib import crc32

import pytest
from playwright.async_api import Browser, ViewportSize, async_playwright

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
MISSING = (
    "there is no Chromium. On Debian and Ubuntu: apt install chromium fonts-liberation; "
    "elsewhere name one in CHROME_PATH"
)


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes: how large their window is, and whether scripts run in it."""

    size: str
    scripts: bool = True

    @property
    def viewport(self) -> ViewportSize:
        return SIZES[self.size]

    @property
    def name(self) -> str:
        return self.size if self.scripts else f"{self.size}-no-scripts"


SIZES: dict[str, ViewportSize] = {
    "1280": {"width": 1280, "height": 900},
    "390": {"width": 390, "height": 844},
}
DESKTOP, PHONE = Way("1280"), Way("390")
WAYS = tuple(Way(size, scripts) for size in SIZES for scripts in (True, False))
#: Both sizes, with scripts and without, in two ways.
BOTH = (DESKTOP, Way("390", scripts=False))


def waiting(way: Way, now: Collection[Way]) -> Sequence[pytest.MarkDecorator]:
    """The marks of a way: `make test` takes some of them, `make soak` the others."""
    return () if way in now else (pytest.mark.soak,)


def in_turn(name: str) -> Sequence[Way]:
    """The one way of four in which a thing of this name is tried by `make test`."""
    return (WAYS[crc32(name.encode()) % len(WAYS)],)


in_both_ways = pytest.mark.parametrize(
    "way", [pytest.param(way, id=way.name, marks=waiting(way, BOTH)) for way in WAYS]
)


def program() -> str | None:
    """Where Chromium is, if it is anywhere."""
    named = os.environ.get("CHROME_PATH")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


@asynccontextmanager
async def launched(path: str) -> AsyncIterator[Browser]:
    """A browser for as long as this; it asks nobody for anything but what its pages name."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()
