"""Two stories of the clocks, told to the pages: nobody looks, and a release is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect
from tests.browser.chromium import Way, in_every_way
from tests.browser.pictures import kept
from tests.browser.site import Deal, Site
from tests.browser.visitors import Visitors
from tests.browser.walking import fill, follow, is_headed, press, tick
from tests.http.house import CLOCKED

pytestmark = pytest.mark.asyncio(loop_scope="session")


@in_every_way
async def test_changes_are_asked_for_and_then_nobody_looks(
    way: Way, site: Site, visitors: Visitors
) -> None:
    deal = await site.agreed("80.00", terms=CLOCKED)
    await deal.freelancer.done(f"/v1{deal.milestone}/submit")
    page = await visitors.come(deal.employer, way)
    await page.goto(deal.milestone)
    told = f"USD 80.00 is released to {deal.freelancer.name} on"
    await expect(page.locator(".fate")).to_contain_text(told)
    await follow(page, "Request changes")
    await expect(page.locator("#review")).to_contain_text("0 of 3 times")
    await fill(page, {"Reason": "The second draft is missing"})
    await press(page, "Request changes")
    await expect(page.locator(".fate")).to_contain_text("USD 80.00 returns to you on")
    await deal.freelancer.done(f"/v1{deal.milestone}/submit")
    # Nobody told them while that much passed, so it waits, once.
    await site.passed(deal, timedelta(days=14))
    await _until(page, deal, "put off by 72 hours")
    await expect(page.locator(".fate")).to_contain_text("so it was put off, once, until")
    await kept(page, f"put-off-{way.name}")
    await site.passed(deal, timedelta(hours=72))
    await _until(page, deal, "Not reviewed in time: released")
    await expect(page.locator(".fate")).to_have_count(0)
    await kept(page, f"released-by-the-clock-{way.name}")
    assert await deal.freelancer.wallet() == "80.00"


async def _until(page: Page, deal: Deal, happened: str) -> None:
    """The worker is not asked: it comes when it is time."""
    for _ in range(50):
        await page.goto(deal.milestone)
        if happened in await page.locator("#history").inner_text():
            break
        await page.wait_for_timeout(100)
    await expect(page.locator("#history")).to_contain_text(happened)


@in_every_way
async def test_a_release_is_taken_back_while_it_is_on_its_way(
    way: Way, site: Site, visitors: Visitors
) -> None:
    deal = await site.agreed("80.00", terms=CLOCKED)
    page = await visitors.come(deal.employer, way)
    await page.goto(f"{deal.milestone}/release")
    await press(page, "Continue")
    await expect(page.get_by_role("main")).to_contain_text("For 10 minutes you can recall it.")
    await tick(page, "I have checked the work")
    await press(page, f"Release USD 80.00 to {deal.freelancer.name}")
    await is_headed(page, "Release on its way")
    await follow(page, "Go to the milestone")
    await expect(page.locator("#releasing")).to_contain_text("USD 80.00 final on")
    await kept(page, f"on-its-way-{way.name}")
    await follow(page, "Recall USD 80.00")
    await press(page, "Continue")
    await kept(page, f"recall-{way.name}")
    await press(page, f"Take USD 80.00 back from {deal.freelancer.name}")
    await is_headed(page, "Release recalled")
    assert (await deal.employer.seen(f"/v1{deal.milestone}"))["held"]["amount"] == "80.00"
