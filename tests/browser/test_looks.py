"""What a page looks like where no rule of accessibility notices that something is wrong."""

from __future__ import annotations

import pytest
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
