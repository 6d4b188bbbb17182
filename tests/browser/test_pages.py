"""Every page: accessible, quiet, within its window, and kept as a picture in var/screenshots."""

from __future__ import annotations

from typing import Literal, TypeAlias

import pytest
from playwright.async_api import Page
from tests.browser.checks import fits, has_a_frame, is_accessible, listened_to
from tests.browser.chromium import SIZES
from tests.browser.places import PLACES, Place
from tests.browser.visitors import Visitors, picture
from tests.browser.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_a_page_is_fit_to_be_seen(place: Place, world: World, visitors: Visitors) -> None:
    """Quiet, within its window, and accessible: light in a large one, dark in a small one."""
    page = await visitors.come(getattr(world, place.whose) if place.whose else None)
    with listened_to(page) as console:
        await place.open(page, world)
        await has_a_frame(page)
        for size, scheme in zip(SIZES, SCHEMES, strict=True):
            await look(page, size, scheme)
            path = picture(f"{place.name}-{size}-{scheme}")
            await page.screenshot(path=path, full_page=True)
            if scheme == "light" or not place.is_long:
                await is_accessible(page)
        await fits(page)
    assert console.said == []
    await look(page, "1280", "light")


async def look(page: Page, size: str, scheme: Scheme) -> None:
    await page.set_viewport_size(SIZES[size])
    await page.emulate_media(color_scheme=scheme)


async def test_the_dashboard_has_a_picture(world: World, visitors: Visitors) -> None:
    page = await visitors.come(world.emma)
    await page.goto("/finances")
    await page.screenshot(path=picture("dashboard"))


_WORSE = """() => {
  const wide = document.createElement('div');
  wide.setAttribute('style', 'color: red');
  wide.style.width = '2000px';
  wide.textContent = 'Wide';
  document.body.append(wide, document.createElement('h1'));
  document.querySelector('label').remove();
}"""


async def test_the_checks_can_fail(visitors: Visitors) -> None:
    page = await visitors.come(None)
    await page.goto("/signin")
    with listened_to(page) as console:
        async with page.expect_console_message(lambda said: said.text.startswith("policy: style")):
            await page.evaluate(_WORSE)
    assert len(console.said) == 2  # The browser's own words for it, and ours.
    with pytest.raises(AssertionError, match="h1"):
        await has_a_frame(page)
    with pytest.raises(AssertionError, match="320 pixels"):
        await fits(page)
    with pytest.raises(AssertionError, match="label"):
        await is_accessible(page)
    await look(page, "1280", "light")
