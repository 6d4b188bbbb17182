"""Hostile texts in a real browser: nothing of what people typed runs, nor is anything kept out."""

from __future__ import annotations

import pytest
from tests.browser.checks import fits, listened_to
from tests.browser.chromium import PHONE
from tests.browser.site import Site
from tests.browser.visitors import Visitors
from tests.http.house import usd
from tests.web.hostile import EVIL

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: Runs wherever it would be an element, an attribute or an address; and is wider than any window.
RUNS = (
    '"><script>window.ran=1</script><img src=x onerror="window.ran=1">'
    "<svg onload=alert(1)>' onfocus=alert(1) autofocus " + "W" * 300
)
NAMED = "UPDATE users SET name = $1 WHERE id = $2"


async def test_nothing_that_people_typed_runs_or_breaks_a_page(
    site: Site, visitors: Visitors
) -> None:
    deal = await site.agreed()
    emma, frank = deal.employer, deal.freelancer
    for who in (emma, frank):
        await site.house.value(NAMED, f"{EVIL[:-1]}<script>alert(1)</script>", who.person.number)
    at = f"/v1{deal.page}"
    line = {"description": RUNS, "amount": usd("10.00")}
    (made,) = (await emma.done(f"{at}/fund", {"milestones": [line]}))["items"]
    work = f"/milestones/{made['id']}"
    links = ["javascript:alert(1)", f"https://example.org/{'w' * 300}"]
    await frank.done(f"/v1{work}/submit", {"note": RUNS + EVIL, "links": links})
    await emma.done(f"{at}/say", {"text": RUNS + EVIL})
    said = {"amount": usd("5.00"), "to_freelancer": usd("0.00"), "statement": RUNS}
    await emma.done(f"/v1{work}/dispute", said)
    (dispute,) = (await emma.seen("/v1/disputes"))["items"]
    page = await visitors.come(emma, PHONE)
    dialogs: list[str] = []
    page.on("dialog", lambda each: dialogs.append(each.message))
    with listened_to(page) as console:
        for path in (
            deal.page,
            work,
            f"{work}/release",
            f"/disputes/{dispute['id']}",
            f"/people/{frank.id}",
            "/finances/milestones",
            "/settings",
        ):
            await page.goto(path)
            assert await page.evaluate("window.ran === undefined")
            assert await page.locator("main img, main script, main [onload]").count() == 0
        await page.goto(work)
        await fits(page)
    assert (console.said, dialogs) == ([], [])
