"""What a page looks like where no rule of accessibility notices that something is wrong."""

from __future__ import annotations

import pytest
from tests.browser.chromium import PHONE
from tests.browser.visitors import Visitors
from tests.browser.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
    words, whole = table.locator("tbody th").first, await table.bounding_box()
    assert await words.inner_text() == "1. Step 1 of the work\n7 days"
    box = await words.bounding_box()
    assert whole is not None
    assert box is not None
    assert box["width"] > whole["width"] * 0.6
    ends = "all => all.map(each => each.getBoundingClientRect().right)"
    assert len(set(await table.locator("tr > :last-child").evaluate_all(ends))) == 1
