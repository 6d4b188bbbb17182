"""Pictures of pages: how all of them are taken, and where they are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.async_api import Page
from tests.browser.chromium import SIZES, Scheme

ROOT: Final = Path(__file__).resolve().parents[2]
PICTURES: Final = ROOT / "var" / "screenshots"


def picture(name: str) -> Path:
    """Where a screenshot of this name is kept; the browser writes a PNG twice as slowly."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES / f"{name}.jpg"


async def look(page: Page, size: str, scheme: Scheme) -> None:
    """See it in a window of this size, light or dark."""
    await page.set_viewport_size(SIZES[size])
    await page.emulate_media(color_scheme=scheme)


async def kept(page: Page, name: str) -> Path:
    """Take a picture of all of it, and keep it under this name."""
    path = picture(name)
    await page.screenshot(path=path, full_page=True)
    return path


async def seen_at_once(page: Page) -> bytes:
    """What the window shows without scrolling, in the letters that it is meant to have: a PNG."""
    await page.evaluate("document.fonts.ready.then(() => true)")
    return await page.screenshot()
