"""The main job, clicked through by the two whose job it is: money set aside, released, given back.

At both sizes, with scripts and without, with a mouse and by keyboard alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.chromium import BOTH, DESKTOP, KEYED, WAYS, Way, in_ways
from tests.browser.site import Site, Somebody
from tests.browser.visitors import Visitors
from tests.browser.walking import fill, follow, press, tick, turn_to
from tests.web.people import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at their page."""

    who: Somebody
    page: Page
    scripts: bool

    async def is_headed(self, title: str) -> None:
        await walking.is_headed(self.page, title)

    async def is_said(self, text: str) -> None:
        await expect(self.page.get_by_role("main")).to_contain_text(text)

    async def is_told(self, text: str) -> None:
        await walking.is_told(self.page, text)


@in_ways(WAYS + KEYED, (DESKTOP, *(replace(way, keys=True) for way in BOTH)))
async def test_from_a_deposit_to_the_last_cent(way: Way, site: Site, visitors: Visitors) -> None:
    emma, frank = await site.person("Emma"), await site.person("Frank")
    hers, his = await visitors.come(None, way), await visitors.come(None, way)
    await the_main_job(Desk(emma, hers, way.scripts), Desk(frank, his, way.scripts))


async def the_main_job(emma: Desk, frank: Desk) -> None:
    await sign_in(emma)
    await deposit(emma)
    await offer(emma, frank.who.name)
    await fund(emma, frank.who.name)
    await sign_in(frank)
    await accept(frank, emma.who.name)
    await submit(frank)
    await release_a_part(emma, frank.who.name)
    await give_the_rest_back(frank, emma.who.name)
    for at, left in ((emma, "60.00"), (frank, "40.00")):
        assert await at.who.wallet() == left
        await turn_to(at.page, "Finances")
        await at.is_said(f"USD {left}")


async def sign_in(at: Desk) -> None:
    """The only address that anybody types."""
    await at.page.goto("/")
    await follow(at.page, "Sign in")
    await fill(at.page, {"E-mail address": at.who.email})
    await fill(at.page, {"Password": PASSWORD})
    await press(at.page, "Sign in")
    await at.is_headed("Financial dashboard")


async def deposit(at: Desk) -> None:
    await follow(at.page, "Deposit")
    await fill(at.page, {"Amount": "100.00"})
    await press(at.page, "Continue")
    await at.is_headed("Check before you go on")
    await press(at.page, "Deposit USD 100.00")
    await at.is_said("USD 100.00 has arrived in your wallet.")


async def offer(at: Desk, to: str) -> None:
    """Search for whom it is for, and offer."""
    await turn_to(at.page, "Contracts")
    await follow(at.page, "Offer a contract")
    await fill(at.page, {"Who is it for?": to})
    if not at.scripts:
        await press(at.page, "Search")
    await expect(at.page.get_by_role("radio", name=to)).to_be_checked()
    await tick(at.page, "Classic")  # A release is final at once.
    await press(at.page, "Offer the contract")
    await at.is_told("The contract is offered.")


async def fund(at: Desk, to: str) -> None:
    await follow(at.page, "Fund milestones")
    await fill(at.page, {"What is to be done": "A logo in three drafts"})
    await fill(at.page, {"Amount": "100.00"})
    await press(at.page, "Continue")
    await at.is_headed("Check before you go on")
    await press(at.page, f"Set USD 100.00 aside for {to}")
    await at.is_headed("Milestone funded")


async def accept(at: Desk, by: str) -> None:
    """Look at what is offered first: it waits on the dashboard."""
    await follow(at.page, f"Look at the offer {by}")
    await at.is_said("Waiting for your answer, by")
    await at.is_said("A logo in three drafts")
    await follow(at.page, "Accept the contract")
    await tick(at.page, "I have read the terms and what is set aside")
    await press(at.page, f"Accept the contract with {by}")
    await at.is_told("The contract is accepted.")


async def submit(at: Desk) -> None:
    await follow(at.page, "A logo in three drafts")
    await follow(at.page, "Submit the work")
    await fill(at.page, {"What you hand in": "All three drafts"})
    await press(at.page, "Submit, and ask for the release")
    await at.is_told("The work is submitted")


async def release_a_part(at: Desk, to: str) -> None:
    await turn_to(at.page, "Finances")
    await at.is_said(f"{to} asks")
    await follow(at.page, "Review A logo in three drafts")
    await fill(at.page, {"Amount, in USD": "40.00"})
    await press(at.page, "Continue")
    await at.is_headed("Check before you go on")
    await tick(at.page, "I have checked the work")
    await press(at.page, f"Release USD 40.00 to {to}")
    await at.is_headed("Released")
    await at.is_said(f"USD 40.00 released to {to}")


async def give_the_rest_back(at: Desk, to: str) -> None:
    await turn_to(at.page, "Contracts")
    await follow(at.page, to)
    await at.is_said("USD 60.00")
    await follow(at.page, "A logo in three drafts")
    await follow(at.page, "Cancel, and give the money back")
    await press(at.page, "Continue")
    await tick(at.page, "I want to give this money back")
    await press(at.page, f"Give USD 60.00 back to {to}")
    await at.is_headed("Given back")
    await at.is_said("USD 60.00 moved.")
