"""Every page: accessible, quiet, within its window, and kept as a picture in var/screenshots."""

from __future__ import annotations

import itertools
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Page
from tests.browser.checks import fits, has_a_frame, is_accessible, listened_to
from tests.browser.chromium import DESKTOP, SIZES
from tests.browser.places import PLACES, Place
from tests.browser.site import Site, Somebody
from tests.browser.visitors import Visitors, picture
from tests.browser.world import World, filled

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
EVERY = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(site: Site) -> World:
    return await filled(site)


def who(place: Place, world: World) -> Somebody | None:
    return getattr(world, place.whose) if place.whose else None


@EVERY
async def test_a_page_is_quiet_and_fits(place: Place, world: World, visitors: Visitors) -> None:
    page = await visitors.come(who(place, world))
    with listened_to(page) as console:
        await place.open(page, world)
        await has_a_frame(page)
        for size, scheme in itertools.product(SIZES, SCHEMES):
            await page.set_viewport_size(SIZES[size])
            await page.emulate_media(color_scheme=scheme)
            path = picture(f"{place.name}-{size}-{scheme}")
            await page.screenshot(path=path, full_page=True)
        await fits(page)
        await page.set_viewport_size(DESKTOP.viewport)
        await page.emulate_media(color_scheme="light")
    assert console.said == []


@EVERY
async def test_a_page_is_accessible(place: Place, world: World, visitors: Visitors) -> None:
    page: Page = await visitors.come(who(place, world), is_lenient=True)
    await place.open(page, world)
    await is_accessible(page)
    await page.set_viewport_size(SIZES["390"])
    await page.emulate_media(color_scheme="dark")
    await is_accessible(page)
    await page.set_viewport_size(DESKTOP.viewport)
    await page.emulate_media(color_scheme="light")


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
    await page.set_viewport_size(DESKTOP.viewport)
