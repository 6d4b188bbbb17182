"""What a page looks like where no rule of accessibility notices that something is wrong."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator
from tests.browser.chromium import PHONE
from tests.browser.visitors import Visitors
from tests.browser.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def sides(part: Locator) -> tuple[float, float]:
    """Where something begins and ends, from the edge of the window."""
    box = await part.bounding_box()
    assert box is not None, "it is seen"
    return box["x"], box["x"] + box["width"]


async def test_what_is_and_what_would_be_begin_below_their_heads(
    world: World, visitors: Visitors
) -> None:
    """Words that run to the other edge are hard to read; an amount follows them."""
    page = await visitors.come(world.emma)
    await page.goto(world.proposed)
    table = page.locator("table.compare")
    aligned = "all => [...new Set(all.map(each => getComputedStyle(each).textAlign))]"
    assert await table.locator("th, td").evaluate_all(aligned) == ["start"]


async def test_on_a_phone_a_proposed_milestone_has_room_for_its_words(
    world: World, visitors: Visitors
) -> None:
    page = await visitors.come(world.ana, PHONE)
    await page.goto(f"/bids/{world.bids[0]['id']}")
    table = page.locator("#milestones table")
    words = table.locator("tbody th").first
    assert await words.inner_text() == "1. Step 1 of the work\n7 days"
    (start, end), (first, last) = await sides(words), await sides(table)
    assert end - start > (last - first) * 0.6
    ends = "all => all.map(each => each.getBoundingClientRect().right)"
    assert len(set(await table.locator("tr > :last-child").evaluate_all(ends))) == 1


async def test_what_bids_are_compared_by_stays_while_they_scroll_past(
    world: World, visitors: Visitors
) -> None:
    page = await visitors.come(world.emma, PHONE)
    await page.goto(world.side_by_side)
    table = page.locator("table.beside-each-other")
    head, bid = table.locator("tbody th").first, table.locator("tbody td").first
    begun, beside = await sides(head), await sides(bid)
    assert begun[1] - begun[0] < 390 / 3, "it leaves room for a bid"
    await page.locator(".wide").evaluate("each => each.scrollLeft = 60")
    assert await sides(head) == begun
    assert await sides(bid) == (beside[0] - 60, beside[1] - 60)


async def test_the_boxes_of_a_milestone_are_equally_high(world: World, visitors: Visitors) -> None:
    page = await visitors.come(world.frank)
    await page.goto(f"/projects/{world.project['id']}/bid")
    boxes = page.locator(".step input")
    heights = await boxes.evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert len(heights) == 3
    assert len(set(heights)) == 1


async def test_statements_and_receipts_are_one_page_of_paper(
    world: World, visitors: Visitors
) -> None:
    page = await visitors.come(world.emma)
    for address in ("/finances/statements", f"/receipts/{world.released}", "/finances/proof"):
        await page.goto(address)
        assert (await page.pdf(format="A4")).count(b"/Type /Page\n") == 1, address


async def test_the_columns_of_a_picture_are_equally_wide(world: World, visitors: Visitors) -> None:
    page = await visitors.come(world.emma, PHONE)
    await page.goto("/finances")
    columns = page.locator("#standing .pillars > div")
    widths = "all => [...new Set(all.map(each => Math.round(each.getBoundingClientRect().width)))]"
    assert len(await columns.evaluate_all(widths)) == 1
    await page.locator("#standing summary").click()
    assert await page.locator("#standing tbody tr").count() == await columns.count()
