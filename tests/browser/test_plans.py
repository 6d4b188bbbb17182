"""A plan from its form to the agreement, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.chromium import Way, in_every_way
from tests.browser.site import Site
from tests.browser.visitors import Visitors
from tests.browser.walking import TICKED, fill, follow, press, write

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def written(page: Page, *lines: tuple[str, str]) -> None:
    """Days and percent of the first tranches."""
    for number, (days, percent) in enumerate(lines, 1):
        line = page.get_by_role("group", name=f"Tranche {number}", exact=True)
        await write(line.get_by_label("Days after funding"), days)
        await write(line.get_by_label("Percent"), percent)


@in_every_way
async def test_a_plan_is_written_checked_and_agreed_to(
    way: Way, site: Site, visitors: Visitors
) -> None:
    deal = await site.agreed(purse="90.00")
    page = await visitors.come(deal.employer, way)
    await page.goto(f"{deal.page}/fund")
    await expect(page.get_by_label("Percent").first).to_be_hidden()
    await fill(page, {"What is to be done": "A house", "Amount": "90", "In tranches": TICKED})
    await written(page, ("10", "50"), ("20", "40"))
    if not way.scripts:
        await press(page, "Update the sum")
    await expect(page.get_by_text("10 % is missing.")).to_be_visible()
    await press(page, "Add a tranche")
    await page.get_by_role("group", name="Tranche 3", exact=True).wait_for()
    await written(page, ("10", "50"), ("20", "40"), ("30", "10"))
    await press(page, "Split evenly")
    await expect(page.get_by_text("That is all of the milestone.")).to_be_visible()
    await press(page, "Continue")
    await page.wait_for_url("**/intents/*")
    table = page.get_by_role("table", name="The tranches, in their order")
    await expect(table.get_by_role("row")).to_have_count(4)
    await expect(page.get_by_role("img", name="A line of time")).to_be_visible()
    await press(page, f"Set USD 90.00 aside for {deal.freelancer.name}")
    (made,) = (await deal.freelancer.seen("/v1/milestones"))["items"]
    assert [each["amount"]["amount"] for each in made["plan"]] == ["30.00", "30.00", "30.00"]
    page = await visitors.come(deal.freelancer, way)
    await page.goto(f"/milestones/{made['id']}")
    await follow(page, "Agree to the dates")
    await press(page, "Agree to the dates")
    await expect(page.get_by_text("Next: released on its date")).to_be_visible()


@in_every_way
async def test_dates_and_amounts_take_the_place_of_days_and_percent(
    way: Way, site: Site, visitors: Visitors
) -> None:
    """Without a script, too: it is the style that shows the one or the other."""
    deal = await site.agreed(purse="90.00")
    page = await visitors.come(deal.employer, way)
    await page.goto(f"{deal.page}/fund")
    await fill(page, {"In tranches": TICKED})
    line = page.get_by_role("group", name="Tranche 1", exact=True)
    await expect(line.get_by_label("Date")).to_be_hidden()
    await fill(page, {"Dates are": "dates", "Shares are": "amounts"})
    await expect(line.get_by_label("Date")).to_be_visible()
    await expect(line.get_by_label("Its amount, in USD")).to_be_visible()
    await expect(line.get_by_label("Days after funding")).to_be_hidden()
    await expect(line.get_by_label("Percent")).to_be_hidden()
