"""The box in the head of every page, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.browser.chromium import DESKTOP, KEYED, PHONE, Way, in_ways
from tests.browser.hearing import is_heard
from tests.browser.site import Site
from tests.browser.visitors import Visitors
from tests.browser.walking import write

from earnest.store import documents

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("way", [DESKTOP, PHONE], ids=lambda way: way.name)
async def test_what_is_found_while_one_types_is_said_and_reached_by_arrows(
    way: Way, site: Site, visitors: Visitors
) -> None:
    emma, frank = await site.person("Emma"), await site.person("Franziska")
    await documents.catch_up(site.house.app.database)
    page = await visitors.come(emma, way)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto("/finances")
    box = page.get_by_role("searchbox", name="Search projects, people")
    link = page.get_by_role("link", name=frank.name)

    await box.press_sequentially(frank.name.lower(), delay=20)
    await expect(link).to_be_visible()
    assert sum("/search/suggested" in url for url in asked) <= 2, "one request a pause"
    await expect(page.locator("#suggested-said")).to_have_text("1 result. Arrow down leads to it.")
    await page.keyboard.press("ArrowDown")
    await expect(link).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(box).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    await expect(box).to_be_focused()
    await expect(link).to_have_count(0)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/search?q=franziska+*")
    await expect(page.get_by_role("main").get_by_role("link", name=frank.name)).to_be_visible()


@in_ways([way for way in KEYED if not way.scripts], ())
async def test_without_a_script_enter_leads_to_what_is_found(
    way: Way, site: Site, visitors: Visitors
) -> None:
    emma, frank = await site.person("Emma"), await site.person("Franziska")
    await documents.catch_up(site.house.app.database)
    page = await visitors.come(emma, way)
    await page.goto("/finances")
    await write(page.get_by_role("searchbox", name="Search projects, people"), frank.name)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/search?q=Franziska+*")
    await expect(page.get_by_role("main").get_by_role("link", name=frank.name)).to_be_visible()
    await is_heard(page)
