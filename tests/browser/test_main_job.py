"""The main job, clicked through by the two whose job it is: money set aside, released, given back.

At both sizes, with scripts and without; and once more by keyboard alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pytest
from playwright.async_api import Page, expect
from tests.browser import walking
from tests.browser.chromium import Way, in_both_ways
from tests.browser.keyboard import Keyboard
from tests.browser.site import Site, Somebody
from tests.browser.visitors import Visitors
from tests.web.people import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Hand(Protocol):
    """How somebody works on a page."""

    async def type(self, label: str, text: str) -> None: ...
    async def tick(self, label: str) -> None: ...
    async def choose(self, label: str) -> None: ...
    async def press(self, button: str) -> None: ...
    async def follow(self, link: str) -> None: ...
    async def turn_to(self, section: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Mouse:
    """Clicks, and typing into what was clicked."""

    page: Page

    async def type(self, label: str, text: str) -> None:
        await walking.fill(self.page, {label: text})

    async def tick(self, label: str) -> None:
        await walking.fill(self.page, {label: walking.TICKED})

    async def choose(self, label: str) -> None:
        await self.tick(label)

    async def press(self, button: str) -> None:
        await walking.press(self.page, button)

    async def follow(self, link: str) -> None:
        await walking.follow(self.page, link)

    async def turn_to(self, section: str) -> None:
        await walking.section(self.page, section).click()


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at their page."""

    who: Somebody
    page: Page
    hand: Hand
    scripts: bool

    async def is_headed(self, title: str) -> None:
        await walking.is_headed(self.page, title)

    async def is_said(self, text: str) -> None:
        await expect(self.page.get_by_role("main")).to_contain_text(text)


@in_both_ways
async def test_by_mouse(way: Way, site: Site, visitors: Visitors) -> None:
    emma, frank = await site.person("Emma"), await site.person("Frank")
    hers, his = await visitors.come(None, way), await visitors.come(None, way)
    await the_main_job(
        Desk(emma, hers, Mouse(hers), way.scripts), Desk(frank, his, Mouse(his), way.scripts)
    )


@in_both_ways
async def test_by_keyboard_alone(way: Way, site: Site, visitors: Visitors) -> None:
    emma, frank = await site.person("Emma"), await site.person("Frank")
    hers, his = await visitors.come(None, way), await visitors.come(None, way)
    await the_main_job(
        Desk(emma, hers, Keyboard(hers), way.scripts), Desk(frank, his, Keyboard(his), way.scripts)
    )


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
        await at.hand.turn_to("Finances")
        await at.is_said(f"USD {left}")


async def sign_in(at: Desk) -> None:
    """The only address that anybody types."""
    await at.page.goto("/")
    await at.hand.follow("Sign in")
    await at.hand.type("E-mail address", at.who.email)
    await at.hand.type("Password", PASSWORD)
    await at.hand.press("Sign in")
    await at.is_headed("Financial dashboard")


async def deposit(at: Desk) -> None:
    await at.hand.follow("Deposit")
    await at.hand.type("Amount", "100.00")
    await at.hand.press("Continue")
    await at.is_headed("Check before you go on")
    await at.hand.press("Deposit USD 100.00")
    await at.is_said("USD 100.00 has arrived in your wallet.")


async def offer(at: Desk, to: str) -> None:
    """Search for whom it is for, and offer."""
    await at.hand.turn_to("Contracts")
    await at.hand.follow("Offer a contract")
    await at.hand.type("Who is it for?", to)
    if not at.scripts:
        await at.hand.press("Search")
    await expect(at.page.get_by_role("radio", name=to)).to_be_checked()
    await at.hand.choose("Classic")  # A release is final at once.
    await at.hand.press("Offer the contract")
    await at.is_said("The contract is offered.")


async def fund(at: Desk, to: str) -> None:
    await at.hand.follow("Fund milestones")
    await at.hand.type("What is to be done", "A logo in three drafts")
    await at.hand.type("Amount", "100.00")
    await at.hand.press("Continue")
    await at.is_headed("Check before you go on")
    await at.hand.press(f"Set USD 100.00 aside for {to}")
    await at.is_headed("Milestone funded")


async def accept(at: Desk, by: str) -> None:
    """Look at what is offered first: it waits on the dashboard."""
    await at.hand.follow(f"Look at the offer {by}")
    await at.is_said("Waiting for your answer, by")
    await at.is_said("A logo in three drafts")
    await at.hand.follow("Accept the contract")
    await at.hand.tick("I have read the terms and the milestones")
    await at.hand.press(f"Accept the contract with {by}")
    await at.is_said("The contract is accepted.")


async def submit(at: Desk) -> None:
    await at.hand.follow("A logo in three drafts")
    await at.hand.follow("Submit the work")
    await at.hand.type("What you hand in", "All three drafts")
    await at.hand.press("Submit, and ask for the release")
    await at.is_said("The work is submitted")


async def release_a_part(at: Desk, to: str) -> None:
    await at.hand.turn_to("Finances")
    await at.is_said(f"{to} asks")
    await at.hand.follow("Review A logo in three drafts")
    await at.hand.type("Amount, in USD", "40.00")
    await at.hand.press("Continue")
    await at.is_headed("Check before you go on")
    await at.hand.tick("I have checked the work")
    await at.hand.press(f"Release USD 40.00 to {to}")
    await at.is_headed("Released")
    await at.is_said(f"USD 40.00 released to {to}")


async def give_the_rest_back(at: Desk, to: str) -> None:
    await at.hand.turn_to("Contracts")
    await at.hand.follow(to)
    await at.is_said("USD 60.00")
    await at.hand.follow("A logo in three drafts")
    await at.hand.follow("Cancel, and give the money back")
    await at.hand.press("Continue")
    await at.hand.tick("I want to give this money back")
    await at.hand.press(f"Give USD 60.00 back to {to}")
    await at.is_headed("Given back")
    await at.is_said("USD 60.00 moved.")
