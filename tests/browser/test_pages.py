"""Every page: accessible, quiet, within its window, as checked in; kept in var/screenshots.

What the matrix is of which this is a part: docs/explanation/tour.md.
"""

from __future__ import annotations

import pytest
from tests.browser.checks import fits, has_a_frame, is_accessible, listened_to
from tests.browser.chromium import SCHEMES, SIZES
from tests.browser.looks import LOOKS, are_written, looks_as_checked_in
from tests.browser.pictures import kept, look
from tests.browser.places import PLACES, Place
from tests.browser.visitors import Visitors
from tests.browser.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_a_page_is_fit_to_be_seen(place: Place, world: World, visitors: Visitors) -> None:
    """Quiet, within its window, and accessible: light in a large one, dark in a small one."""
    page = await visitors.come(getattr(world, place.whose) if place.whose else None)
    with listened_to(page) as console:
        await place.open(page, world)
        await has_a_frame(page)
        for size, scheme in zip(SIZES, SCHEMES, strict=True):
            await look(page, size, scheme)
            if scheme == "light" or are_written():
                await kept(page, f"{place.name}-{size}-{scheme}")
            if scheme == "light" or not place.is_long:
                await is_accessible(page)
        await fits(page)
        if not place.varies:
            await looks_as_checked_in(page, place.name)
    assert console.said == []
    await look(page, "1280", "light")


async def test_each_look_that_is_checked_in_is_of_a_place() -> None:
    assert {each.stem for each in LOOKS.iterdir()} <= {place.name for place in PLACES}


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
