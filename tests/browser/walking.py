"""What somebody does on a page: follow a link, fill in a form, check it, confirm it.

With a mouse or by keyboard, as their context has it: who is at a keyboard also hears each page
before they do something on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.async_api import Locator, Page, expect
from tests.browser.hands import hand, is_at_a_keyboard
from tests.browser.hearing import is_heard, was_heard

#: How a box or a choice is ticked; everything else is typed or chosen.
TICKED = ""


def field(page: Page, label: str) -> Locator:
    """The field whose label begins like this."""
    return page.get_by_role("main").get_by_label(re.compile(f"^{re.escape(label)}"))


async def click(found: Locator) -> None:
    """Follow a link, or press a button."""
    await _before(found)
    await hand(found.page).click(found)


async def write(found: Locator, text: str) -> None:
    """Fill in one field: tick it, choose it, or have this in it."""
    await _before(found, again=False)
    by = hand(found.page)
    kind = await found.evaluate("element => element.type")
    if kind == "checkbox":
        await by.tick(found)
    elif kind == "radio":
        await by.choose(found)
    elif kind == "select-one":
        await by.pick(found, text)
    else:
        await by.write(found, text)


async def fill(page: Page, typed: Mapping[str, str]) -> None:
    """Fill in fields by their labels."""
    for label, text in typed.items():
        await write(field(page, label), text)


async def tick(page: Page, label: str) -> None:
    """Tick a box by its label."""
    await write(field(page, label), TICKED)


async def rate(page: Page, points: Mapping[str, str]) -> None:
    """Choose one of a few points, by what they are for."""
    for legend, point in points.items():
        group = page.get_by_role("group", name=legend, exact=True)
        await write(group.get_by_role("radio", name=point, exact=True), TICKED)


async def press(page: Page, button: str) -> None:
    """Press a button of the page by exactly what it says."""
    await click(page.get_by_role("main").get_by_role("button", name=button, exact=True))


async def follow(page: Page, link: str) -> None:
    """Follow the first link of the page that says exactly this."""
    await click(page.get_by_role("main").get_by_role("link", name=link, exact=True).first)


async def unfold(page: Page, said: str) -> None:
    """Unfold the first of what says this."""
    await click(page.get_by_role("main").locator("summary").filter(has_text=said).first)


async def turn_to(page: Page, section: str) -> None:
    """Go to a part of the site with the menu above every page."""
    menu = page.get_by_role("navigation", name="Main")
    await click(menu.get_by_role("link", name=section, exact=True))


async def choose_person(page: Page, name: str, *, scripts: bool) -> None:
    """Search as one types, or with the button where there is no script; then choose."""
    box = page.get_by_role("searchbox", name="Who is it for?")
    await click(box) if not is_at_a_keyboard(page) else await write(box, "")
    await page.keyboard.type(name)
    if not scripts:
        await press(page, "Search")
    found = page.get_by_role("radio", name=name)
    await found.wait_for(state="attached")
    if not await found.is_checked():
        await write(found, TICKED)


async def is_headed(page: Page, title: str | re.Pattern[str]) -> None:
    """The page's one h1 says this."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)


async def is_told(page: Page, text: str) -> None:
    """What was done is said as a status, so that it is heard without being looked for."""
    status = page.get_by_role("main").get_by_role("status").filter(has_text=text)
    await expect(status.first).to_be_visible()


async def _before(found: Locator, *, again: bool = True) -> None:
    """Who only hears a page hears it before they do the first thing, and before they go on."""
    if is_at_a_keyboard(found.page):
        await found.wait_for(state="attached")
        if again or not await was_heard(found.page):
            await is_heard(found.page)
