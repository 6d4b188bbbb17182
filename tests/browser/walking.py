"""What somebody does on a page: follow a link, fill in a form, check it, confirm it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.async_api import Locator, Page, expect

#: How a box or a choice is ticked; everything else is typed or chosen.
TICKED = ""


def field(page: Page, label: str) -> Locator:
    """The field whose label begins like this."""
    return page.get_by_role("main").get_by_label(re.compile(f"^{re.escape(label)}"))


async def fill(page: Page, typed: Mapping[str, str]) -> None:
    """Fill in fields by their labels."""
    for label, text in typed.items():
        found = field(page, label)
        kind = await found.evaluate("element => element.type")
        if kind in {"radio", "checkbox"}:
            await found.check()
        elif kind == "select-one":
            await found.select_option(text)
        else:
            await found.fill(text)


async def rate(page: Page, points: Mapping[str, str]) -> None:
    """Choose one of a few points, by what they are for."""
    for legend, point in points.items():
        group = page.get_by_role("group", name=legend, exact=True)
        await group.get_by_role("radio", name=point, exact=True).check()


async def press(page: Page, button: str) -> None:
    """Press a button of the page by exactly what it says."""
    await page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


async def follow(page: Page, link: str) -> None:
    """Follow the first link of the page that says exactly this."""
    await page.get_by_role("main").get_by_role("link", name=link, exact=True).first.click()


def section(page: Page, name: str) -> Locator:
    """A link of the menu above every page."""
    menu = page.get_by_role("navigation", name="Main")
    return menu.get_by_role("link", name=name, exact=True)


async def choose_person(page: Page, name: str, *, scripts: bool) -> None:
    """Search as one types, or with the button where there is no script; then choose."""
    box = page.get_by_role("searchbox", name="Who is it for?")
    await box.press_sequentially(name)
    if not scripts:
        await press(page, "Search")
    await page.get_by_role("radio", name=name).check()


async def is_headed(page: Page, title: str | re.Pattern[str]) -> None:
    """The page's one h1 says this."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
