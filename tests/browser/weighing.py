"""What a page costs whoever opens it: bytes over the wire, requests, time, and what jumps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Page

COLD_KB_MAX: Final = 80
NEXT_KB_MAX: Final = 15
REQUESTS_MAX: Final = 9
#: Under which name it is noted how long the server took.
SERVER_MS: Final = "server_ms"
#: What may have moved, in ten thousandths of a window.
SHIFT_MAX: Final = 100

_SHIFT: Final = """() => new Promise(done => {
  let moved = 0;
  const count = list => list.getEntries().forEach(each => {
    if (!each.hadRecentInput) moved += each.value;
  });
  new PerformanceObserver(count).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(Math.round(moved * 10000)), 50);
})"""
_SERVER: Final = """() => {
  const page = performance.getEntriesByType('navigation')[0];
  return Math.round(page.responseStart - page.requestStart);
}"""


@dataclass  # Without slots: Playwright notes on it who listens.
class Load:
    """What came over the wire while a page was opened."""

    urls: list[str] = field(default_factory=list)
    bytes: int = 0
    open: set[str] = field(default_factory=set)

    def asked(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.urls.append(event["request"]["url"])
            self.open.add(event["requestId"])

    def came(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]
        self.open.discard(event["requestId"])

    def kept_out(self, event: dict[str, Any]) -> None:
        self.open.discard(event["requestId"])

    @property
    def kb(self) -> int:
        return -(-self.bytes // 1024)

    def strangers(self, url: str) -> set[str]:
        """Hosts that are not this page's."""
        return {urlsplit(each).netloc for each in self.urls} - {urlsplit(url).netloc}


@asynccontextmanager
async def speaking(page: Page) -> AsyncIterator[CDPSession]:
    """Speak to the browser about this page, for as long as this."""
    session = await page.context.new_cdp_session(page)
    try:
        yield session
    finally:
        await session.detach()


async def _loaded(session: CDPSession, opening: Callable[[], Awaitable[None]]) -> Load:
    """Open it, and wait for whatever it asks for."""
    load = Load()
    heard = {
        "Network.requestWillBeSent": load.asked,
        "Network.loadingFinished": load.came,
        "Network.loadingFailed": load.kept_out,
    }
    for event, listener in heard.items():
        session.on(event, listener)
    await opening()
    for _ in range(50):
        if not load.open:
            break
        await asyncio.sleep(0.02)
    for event, listener in heard.items():
        session.remove_listener(event, listener)
    return load


async def is_light(page: Page, opening: Callable[[], Awaitable[None]]) -> int:
    """Within what a first page may weigh, and one that follows; and the server's milliseconds."""
    async with speaking(page) as session:
        await session.send("Network.enable")
        await session.send("Network.clearBrowserCache")
        first = await _loaded(session, opening)
        following = await _loaded(session, opening)
    told = f"{first.kb} kB, then {following.kb} kB, {len(first.urls)} requests"
    assert 0 < first.kb <= COLD_KB_MAX, told
    assert 0 < following.kb <= NEXT_KB_MAX, told
    assert len(first.urls) <= REQUESTS_MAX, f"{told}: {first.urls}"
    assert not first.strangers(page.url), f"it asks others: {first.urls}"
    took: int = await page.evaluate(_SERVER)
    return took


async def is_still(page: Page) -> None:
    """Nothing has jumped from where it was. Where no scripts run, nobody could be told."""
    moved = await page.evaluate(_SHIFT)
    assert moved <= SHIFT_MAX, f"{moved} of 10000 have moved"
