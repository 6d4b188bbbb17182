"""The story of a dispute, told to the pages: offers, sealed and open, and a split ruling."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, expect
from tests.browser.chromium import Way, in_every_way
from tests.browser.pictures import kept
from tests.browser.quarrels import Quarrel, arbiter
from tests.browser.site import Deal, Site, Somebody
from tests.browser.visitors import Visitors
from tests.browser.walking import (
    TICKED,
    click,
    fill,
    follow,
    is_headed,
    press,
    tick,
    turn_to,
    unfold,
)

from earnest.core.people import Party
from earnest.core.references import parsed

pytestmark = pytest.mark.asyncio(loop_scope="session")


@in_every_way
async def test_a_dispute_is_offered_about_arbitrated_and_split(
    way: Way, site: Site, visitors: Visitors
) -> None:
    ada = await arbiter(site)
    deal = await site.submitted("80.00")
    found = await _opened(deal, await visitors.come(deal.employer, way), site)
    frank = await visitors.come(deal.freelancer, way)
    await _answered(found, frank, way)
    emma = await visitors.come(deal.employer, way)
    await _offered(found, emma)
    await site.rich(deal.freelancer, "4.00")
    for page in (emma, frank):
        await _paid(found, page, way)
    await _named(found, site)
    await _ruled(found, ada, await visitors.come(ada, way), way)
    await frank.goto(found.room)
    told = f"Ruled: {deal.freelancer.name} got USD 48.00, and {deal.employer.name} USD 32.00."
    await expect(frank.get_by_role("main")).to_contain_text(told)
    await kept(frank, f"dispute-ruled-{way.name}")
    # Emma's last offer was the nearer one: her fee is back, and his is lost.
    assert await deal.freelancer.wallet() == "48.00"
    assert await deal.employer.wallet() == "52.00"


async def _opened(deal: Deal, page: Page, site: Site) -> Quarrel:
    """She freezes all of it, after what was said."""
    await page.goto(deal.milestone)
    await follow(page, "Dispute")
    await expect(page.locator("#messages")).to_contain_text("Here it is")
    await fill(page, {"What the freelancer should": "20", "What happened": "Only a quarter works"})
    await press(page, "Continue")
    await press(page, f"Freeze USD 80.00 and dispute it with {deal.freelancer.name}")
    await is_headed(page, "Dispute opened")
    await follow(page, "Go to the dispute")
    (dispute,) = (await deal.employer.seen("/v1/disputes"))["items"]
    await expect(page).to_have_url(re.compile(dispute["id"]))
    return Quarrel(site, deal, Party.EMPLOYER, dispute)


async def _answered(found: Quarrel, page: Page, way: Way) -> None:
    """He finds it on the dashboard, answers, and shows something."""
    await page.goto("/finances")
    await click(page.locator("#todo").get_by_role("link", name="Answer"))
    await fill(page, {"What the freelancer should": "70", "What happened": "All but the footer"})
    await press(page, "Continue")
    await press(page, f"Answer {found.deal.employer.name} with USD 70.00")
    await is_headed(page, "Dispute answered")
    await follow(page, "Go to the dispute")
    await expect(page.locator("#position")).to_contain_text("USD 50.00")
    await follow(page, "Add an exhibit")
    await fill(page, {"A text": "The list of what was agreed, each line ticked."})
    await press(page, "Add it for all to see")
    await expect(page.locator("#exhibits")).to_contain_text("each line ticked")
    await kept(page, f"dispute-negotiated-{way.name}")


async def _offered(found: Quarrel, page: Page) -> None:
    """She seals a figure that nobody reads, and offers another openly."""
    await page.goto("/finances")
    await turn_to(page, "Disputes")
    await follow(page, "A piece of work for 80.00")
    await expect(page).to_have_url(re.compile(found.room))
    await follow(page, "Make a sealed offer")
    await fill(page, {"What the freelancer would get": "55"})
    await press(page, "Seal it")
    await expect(page.locator("#sealed")).to_contain_text("You have sealed USD 55.00")
    await follow(page, "Make an offer")
    await fill(page, {"What the freelancer would get": "40"})
    await press(page, "Continue")
    await press(page, "Offer to settle at USD 40.00")
    await is_headed(page, "Offer made")


async def _paid(found: Quarrel, page: Page, way: Way) -> None:
    await page.goto(found.room)
    await follow(page, "Put up the arbitration fee")
    await press(page, "Continue")
    await kept(page, f"dispute-fee-{way.name}")
    await press(page, "Put up USD 4.00")
    await is_headed(page, "Arbitration fee put up")


async def _named(found: Quarrel, site: Site) -> None:
    """The worker is not asked: it names somebody by itself."""
    sql = "SELECT arbiter_id IS NOT NULL FROM disputes WHERE id = $1"
    for _ in range(100):
        if await site.house.value(sql, parsed(found.dispute["id"], "dsp")):
            return
        await asyncio.sleep(0.1)
    pytest.fail("nobody was named")


async def _ruled(found: Quarrel, ada: Somebody, page: Page, way: Way) -> None:
    """From her desk: she takes it on, opens what there is, and says why."""
    assert ada.name
    await page.goto("/desk")
    await click(page.locator("#waiting").locator(f"a[href='{found.room}']"))
    await follow(page, "Take it on")
    await press(page, "Take the dispute on")
    await press(page, "Open it exhibit 1")
    await expect(page.locator("#exhibits")).to_contain_text("each line ticked")
    await kept(page, f"dispute-arbiter-{way.name}")
    await follow(page, "Rule")
    await unfold(page, "Exhibits that you rely on")
    await fill(page, {
        "What the freelancer gets": "48", "Your reasons": "By the list, three fifths are there.",
        "1. The list": TICKED,
    })  # fmt: skip
    await kept(page, f"dispute-rule-{way.name}")
    await press(page, "Continue")
    await tick(page, "I have looked at every exhibit")
    await kept(page, f"dispute-rule-check-{way.name}")
    await press(page, "Rule, and pay both")
    await expect(page.locator("#ruling")).to_contain_text("By the list, three fifths are there.")
