"""Every page in every way: sizes, light and dark, with and without scripts, in two languages.

For `make soak`. What the matrix is and how one cell of it is run: docs/explanation/tour.md.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

import pytest
from playwright.async_api import Page
from tests.browser.checks import fits, has_a_frame, is_accessible, listened_to
from tests.browser.chromium import SCHEMES, SIZES, Scheme, Way
from tests.browser.hearing import is_heard
from tests.browser.pictures import PICTURES, ROOT, kept, look
from tests.browser.places import PLACES, Place
from tests.browser.readme import SIZE_KB_MAX, taken
from tests.browser.site import Somebody
from tests.browser.visitors import Visitors
from tests.browser.weighing import SERVER_MS, is_light, is_still
from tests.browser.world import World

from earnest.words.languages import LANGUAGES

pytestmark = [pytest.mark.soak, pytest.mark.asyncio(loop_scope="session")]

#: English, and what runs the other way; the others have the same letters, and words of their own.
SPOKEN: Final = ("en", "ar")
CHOSEN: Final = "earnest-language"
_SPEAKS: Final = "UPDATE users SET language = $2 WHERE id = $1"


@asynccontextmanager
async def speaking(
    language: str, page: Page, who: Somebody | None, world: World
) -> AsyncIterator[None]:
    """Somebody, and their browser, have chosen another language for a while."""
    pool = world.site.house.app.database.pool
    await page.context.add_cookies([{"name": CHOSEN, "value": language, "url": world.site.url}])
    if who is not None:
        await pool.execute(_SPEAKS, who.person.number, language)
    try:
        yield
    finally:
        await page.context.clear_cookies(name=CHOSEN)
        if who is not None:
            await pool.execute(_SPEAKS, who.person.number, "en")


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_a_page_in_every_way(
    place: Place,
    scripts: bool,
    language: str,
    world: World,
    visitors: Visitors,
    record_property: Callable[[str, object], None],
) -> None:
    if language not in LANGUAGES:
        pytest.skip(f"there are no words in {language} yet")
    who = getattr(world, place.whose) if place.whose else None
    page = await visitors.come(who, Way("1280", scripts))
    with listened_to(page) as console:
        record_property(SERVER_MS, await is_light(page, lambda: place.come(page, world)))
        if scripts:
            await is_still(page)
        await place.open(page, world)  # Whoever does something there reads English.
        async with speaking(language, page, who, world):
            if language != "en":
                await page.reload()
            await has_a_frame(page, language)
            await is_heard(page)
            name = "-".join([place.name, *_told(scripts, language)])
            await looks_right(
                page, name, SCHEMES[:1] if place.is_long else SCHEMES, scripts=scripts
            )
    assert console.said == []
    await look(page, "1280", "light")


async def looks_right(page: Page, name: str, schemes: Sequence[Scheme], *, scripts: bool) -> None:
    """At both sizes, in light and dark."""
    for size in SIZES:
        for scheme in schemes:
            await look(page, size, scheme)
            await kept(page, f"{name}-{size}-{scheme}")
            await is_accessible(page, scripts=scripts)
    await fits(page)


async def test_the_picture_of_the_readme_is_one_of_the_tour(program: str) -> None:
    """As `make picture` takes it; it is kept beside the others."""
    picture = await taken(program)
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / "readme.png").write_bytes(picture)
    assert 0 < len(picture) <= SIZE_KB_MAX * 1024
    assert picture[16:24] == (ROOT / "docs/pictures/dashboard.png").read_bytes()[16:24], "its size"


def _told(scripts: bool, language: str) -> list[str]:
    """What the name of a picture says of how it was taken, where that is not as usual."""
    told = {"no-scripts": not scripts, language: language != "en"}
    return [each for each, is_said in told.items() if is_said]
