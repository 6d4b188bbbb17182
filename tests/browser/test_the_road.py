"""The road from a posted project to money that is already there, clicked through by three people.

At both sizes, with scripts and without.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.chromium import Way, in_every_way
from tests.browser.scenes_of_agreements import POINTS
from tests.browser.site import Site, Somebody
from tests.browser.visitors import Visitors
from tests.browser.walking import (
    TICKED,
    click,
    fill,
    follow,
    is_headed,
    press,
    rate,
    tick,
    turn_to,
    unfold,
    write,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


@in_every_way
async def test_from_a_project_to_money_that_is_there(
    way: Way, site: Site, visitors: Visitors
) -> None:
    emma, frank, ana = [await site.person(name) for name in ("Emma", "Frank", "Ana")]
    await site.rich(emma, "400.00")  # Of which 300.00 are reserved: 100.00 will be missing.
    hers, his, anas = [await visitors.come(who, way) for who in (emma, frank, ana)]
    title = f"A shop for {emma.name}"
    await post_and_reserve(hers, title)
    await bid(his, title, 3, "300.00")
    await bid(anas, title, 10, "500.00")
    await choose(hers, title, ana, frank)
    await create_after_a_deposit(hers, ana)
    await accept(anas, emma)
    assert (await emma.wallet(), await ana.wallet()) == ("0.00", "0.00")
    contracts = (await ana.seen("/v1/contracts"))["items"]
    assert [(each["status"], each["funded"]["amount"]) for each in contracts] == [
        ("active", "500.00")
    ]
    await release_and_cancel(hers, anas, emma, ana)
    assert (await emma.wallet(), await ana.wallet()) == ("430.00", "70.00")
    await end(hers, ana)
    await review(hers, ana)
    await expect(hers.get_by_role("main")).to_contain_text("Your review is in. It is hidden")
    await review(anas, emma)
    for page in (hers, anas):
        await page.goto(f"/contracts/{contracts[0]['id']}")
        for by, of in ((emma, ana), (ana, emma)):
            said = page.get_by_role("article").filter(has_text=f"about {of.name}")
            await expect(said.get_by_role("heading", name=by.name)).to_be_visible()
    await hers.goto(f"/people/{ana.id}")
    await expect(hers.get_by_role("main")).to_contain_text("Completion rate")
    await records_have_moved(emma, ana)


async def records_have_moved(employer: Somebody, freelancer: Somebody) -> None:
    """Not all was released, so nothing was completed: of ten milestones one, and two fifths."""
    paid = (await employer.seen(f"/v1/users/{employer.id}/reputation"))["as_employer"]
    worked = (await employer.seen(f"/v1/users/{freelancer.id}/reputation"))["as_freelancer"]
    completed = worked["completion_rate"]
    assert (completed["count"], completed["of"], completed["percent"]) == (0, 1, 0)
    assert (paid["paid_up_front"]["count"], paid["paid_up_front"]["of"]) == (10, 10)
    assert (paid["released_share"]["percent"], paid["released_share"]["of"]) == (14, 10)
    assert [each["reviews"]["of"] for each in (paid, worked)] == [1, 1]


async def post_and_reserve(page: Page, title: str) -> None:
    await page.goto("/")
    await turn_to(page, "Projects")
    await follow(page, "Post a project")
    await fill(page, {
        "Title": title, "What is to be done": "Twelve models.", "Currency": "USD",
        "Budget, from": "100", "Budget, up to": "900",
    })  # fmt: skip
    await press(page, "Post the project")
    await is_headed(page, title)
    await follow(page, "Reserve money")
    await fill(page, {"Amount": "300"})
    await press(page, "Continue")
    await press(page, "Reserve USD 300.00")
    await is_headed(page, "Money reserved for the project")


async def bid(page: Page, title: str, rows: int, amount: str) -> None:
    """Find it, and bid with so many milestones, which the form splits evenly."""
    await page.goto("/")
    await turn_to(page, "Projects")
    await follow(page, title)
    await expect(page.get_by_role("main")).to_contain_text("USD 300.00 reserved")
    await follow(page, "Bid for this project")
    await fill(page, {"Amount": amount, "Days in all": "30", "Your proposal": "Like this."})
    for _ in range(rows - 1):
        before = await page.get_by_role("group", name="Milestone").count()
        await press(page, "Add a row")
        await expect(page.get_by_role("group", name="Milestone")).to_have_count(before + 1)
    await press(page, "Split evenly")
    await expect(page.get_by_role("main")).to_contain_text("That is your bid exactly.")
    for place in range(rows):
        await write(page.locator(f"#milestones-{place}-description"), f"Step {place + 1}")
        await write(page.locator(f"#milestones-{place}-days"), str(3 * (place + 1)))
    await press(page, "Place the bid")
    await is_headed(page, "Your bid")


async def choose(page: Page, title: str, ana: Somebody, frank: Somebody) -> None:
    """Look into both bids, put one on the shortlist, and award the other."""
    await turn_to(page, "Projects")
    await follow(page, title)
    await unfold(page, "10 milestones")
    await expect(page.get_by_text("10. Step 10")).to_be_visible()
    await press(page, f"Shortlist {frank.name}")
    await expect(page.get_by_role("main")).to_contain_text("Shortlisted")
    await tick(page, f"Compare {frank.name}")
    await tick(page, f"Compare {ana.name}")
    await press(page, "Compare those that are ticked")
    compared = page.get_by_role("region", name="Side by side")
    await expect(compared).to_contain_text("USD 500.00")
    await click(compared.get_by_role("link", name=f"Award {ana.name}"))
    await tick(page, "Classic")  # A release is final at once.
    await press(page, f"Award USD 500.00 to {ana.name}")
    await is_headed(page, f"Contract with {ana.name}")


async def create_after_a_deposit(page: Page, ana: Somebody) -> None:
    """All that was proposed, 300.00 from the reserve; of the rest 100.00 is missing at first."""
    await follow(page, "Create milestones")
    await press(page, "Continue")
    await expect(page.get_by_role("alert")).to_contain_text("USD 100.00 more is needed")
    await follow(page, "Deposit USD 100.00")
    await press(page, "Continue")
    await press(page, "Deposit USD 100.00")
    await follow(page, "Go on where you were")
    await press(page, "Continue")
    await expect(page.get_by_role("main")).to_contain_text("Of that, from what is reserved")
    await press(page, f"Set USD 500.00 aside for {ana.name}")
    await is_headed(page, "Milestones funded")


async def accept(page: Page, emma: Somebody) -> None:
    await turn_to(page, "Contracts")
    await follow(page, emma.name)
    await follow(page, "Accept the contract")
    await expect(page.get_by_role("main")).to_contain_text("Answer by")
    await fill(page, {"I have read the terms": TICKED})
    await press(page, f"Accept the contract with {emma.name}")
    await is_headed(page, f"Contract with {emma.name}")


async def release_and_cancel(hers: Page, anas: Page, emma: Somebody, ana: Somebody) -> None:
    """One in full, one in part, of which the rest is given back; and so are all the others."""
    first, second, *others = (await emma.seen("/v1/milestones"))["items"]
    for milestone, typed, amount in (
        (first, {}, "50.00"),
        (second, {"Amount": "20"}, "20.00"),
    ):
        await hers.goto(f"/milestones/{milestone['id']}")
        await follow(hers, "Release")
        await fill(hers, typed)
        await press(hers, "Continue")
        await tick(hers, "I have checked the work")
        await press(hers, f"Release USD {amount} to {ana.name}")
        await is_headed(hers, "Released")
    await anas.goto(f"/milestones/{second['id']}")
    await follow(anas, "Cancel, and give the money back")
    await press(anas, "Continue")
    await tick(anas, "I want to give this money back")
    await press(anas, f"Give USD 30.00 back to {emma.name}")
    await is_headed(anas, "Given back")
    for milestone in others:
        await ana.done(f"/v1/milestones/{milestone['id']}/cancel")


async def end(page: Page, ana: Somebody) -> None:
    await turn_to(page, "Contracts")
    await follow(page, ana.name)
    await follow(page, "End the contract")
    await press(page, f"End the contract with {ana.name}")
    await expect(page.get_by_role("main")).to_contain_text("Ended")


async def review(page: Page, other: Somebody) -> None:
    """From what needs one's action on the dashboard."""
    await turn_to(page, "Finances")
    await click(page.get_by_role("link", name=f"Write a review {other.name}"))
    await rate(page, POINTS)
    await fill(page, {"In your own words": "Clear, on time."})
    await press(page, f"Give the review of {other.name}")
    await is_headed(page, f"Contract with {other.name}")
