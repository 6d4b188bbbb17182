"""Debian's Chromium, and the eight ways in which somebody comes with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
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


Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SIZES: dict[str, ViewportSize] = {
    "1280": {"width": 1280, "height": 900},
    "390": {"width": 390, "height": 844},
}


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes: how large their window is, whether scripts run in it, and by what."""

    size: str
    scripts: bool = True
    #: By keyboard alone, hearing each page before anything is done on it; else with a mouse.
    keys: bool = False

    @property
    def viewport(self) -> ViewportSize:
        return SIZES[self.size]

    @property
    def scheme(self) -> Scheme:
        """Who has a small window has it dark."""
        return "light" if self.size == "1280" else "dark"

    @property
    def name(self) -> str:
        scripts, keys = "" if self.scripts else "-no-scripts", "-keys" if self.keys else ""
        return f"{self.size}{scripts}{keys}"


DESKTOP, PHONE = Way("1280"), Way("390")
WAYS = tuple(Way(size, scripts) for size in SIZES for scripts in (True, False))
KEYED = tuple(replace(way, keys=True) for way in WAYS)
#: Both sizes, with scripts and without, in two ways.
BOTH = (DESKTOP, Way("390", scripts=False))


def waiting(way: Way, now: Collection[Way]) -> Sequence[pytest.MarkDecorator]:
    """The marks of a way: `make test` takes some of them, `make soak` the others."""
    return () if way in now else (pytest.mark.soak,)


def in_turn(name: str, ways: Sequence[Way] = WAYS) -> Sequence[Way]:
    """The one way of several in which a thing of this name is tried by `make test`."""
    return (ways[crc32(name.encode()) % len(ways)],)


def in_ways(ways: Sequence[Way], now: Collection[Way]) -> pytest.MarkDecorator:
    """One test for each way, of which some are for `make test`."""
    each = [pytest.param(way, id=way.name, marks=waiting(way, now)) for way in ways]
    return pytest.mark.parametrize("way", each)


in_both_ways = in_ways(WAYS, BOTH)
#: A story: with a mouse and by keyboard alone.
in_every_way = in_ways(WAYS + KEYED, BOTH)


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
