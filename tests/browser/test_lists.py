"""Keys and menus, several releases at once, and the amount box, as a browser has them."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect
from tests.browser.chromium import Way, in_both_ways
from tests.browser.site import Site
from tests.browser.visitors import Visitors
from tests.browser.walking import field, is_headed, press

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_keys_lead_on_and_through_menus_until_somebody_turns_them_off(
    site: Site, visitors: Visitors
) -> None:
    deal = await site.agreed("10.00", "20.00")
    page = await visitors.come(deal.employer)
    await keys_lead_on(page)
    await arrows_lead_through_lines_and_menus(page)
    await turned_off(page)


async def keys_lead_on(page: Page) -> None:
    """From page to page; but nothing of it while somebody types."""
    await page.goto("/finances")
    keys, help_ = page.keyboard, page.get_by_role("dialog", name="Keys")

    await keys.press("?")
    await expect(help_).to_be_visible()
    await keys.press("Escape")
    await expect(help_).to_be_hidden()
    await keys.press("/")
    box = page.get_by_role("searchbox", name="Search projects, people")
    await expect(box).to_be_focused()
    await keys.type("gm?")
    await expect(box).to_have_value("gm?")
    await expect(help_).to_be_hidden()
    await page.goto("/finances")
    await keys.press("g")
    await keys.press("m")
    await page.wait_for_url("**/finances/milestones")


async def arrows_lead_through_lines_and_menus(page: Page) -> None:
    keys = page.keyboard
    await keys.press("j")
    await keys.press("j")
    rows = page.get_by_role("row").filter(has=page.get_by_role("rowheader"))
    await expect(rows.nth(1).locator(":focus")).to_have_count(1)
    button = page.get_by_role("button", name=re.compile("^Actions for")).first
    links = page.locator(".menu:popover-open a")
    await button.focus()
    await keys.press("ArrowDown")
    await expect(links.first).to_be_focused()
    await keys.press("End")
    await expect(links.last).to_be_focused()
    await keys.press("ArrowDown")
    await expect(links.first).to_be_focused()
    await keys.press("Escape")
    await expect(links).to_have_count(0)
    await expect(button).to_be_focused()


async def turned_off(page: Page) -> None:
    """And what was done is said, until it is dismissed."""
    await page.goto("/help/keys")
    await field(page, "Single keys").uncheck()
    await press(page, "Save")
    toast = page.get_by_role("status").filter(has_text="do nothing any more")
    await expect(toast).to_be_visible()
    await page.get_by_role("button", name="Dismiss").click()
    await expect(toast).to_have_count(0)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_have_count(0)


@in_both_ways
async def test_several_are_ticked_checked_and_released(
    way: Way, site: Site, visitors: Visitors
) -> None:
    deal = await site.agreed("10.00", "20.00", "30.00")
    page = await visitors.come(deal.employer, way)
    await page.goto("/finances/milestones")
    await field(page, "Choose to release: A piece of work for 10.00").check()
    await field(page, "Choose to release: A piece of work for 30.00").check()
    await press(page, "Release those that are ticked")
    await field(page, "I have checked").check()
    await press(page, "Release USD 40.00 for 2 milestones")
    await is_headed(page, "2 of 2 released")
    await expect(page.get_by_role("link", name=re.compile("^Receipt"))).to_have_count(2)
    assert await deal.freelancer.wallet() == "40.00"


@in_both_ways
async def test_quarters_fill_the_box_and_what_stays_is_said(
    way: Way, site: Site, visitors: Visitors
) -> None:
    deal = await site.submitted("100.00")
    page = await visitors.come(deal.employer, way)
    await page.goto(f"{deal.milestone}/release")
    rest, address = page.locator("#rest"), page.url
    await expect(rest).to_have_text("Nothing stays in escrow.")
    await press(page, "25 %")
    await expect(field(page, "Amount")).to_have_value("25.00")
    await expect(rest).to_have_text("USD 75.00 stays in escrow.")
    if way.scripts:
        await expect(page.get_by_role("button", name="25 %")).to_be_focused()
        await field(page, "Amount").fill("40")
        await expect(rest).to_have_text("USD 60.00 stays in escrow.")
        assert page.url == address
    await field(page, "Amount").press("Enter")
    await page.wait_for_url("**/intents/*")
