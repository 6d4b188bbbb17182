"""Each action of each part, from its button to the books: both sizes, with and without scripts.

`make test` tries each in one of the four ways, and each way with a fourth of them; `make soak` in
all four, and in one of four by keyboard alone.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser import (
    scenes_of_agreements,  # noqa: F401  # Scenes.
    scenes_of_clocks,  # noqa: F401
    scenes_of_disputes,  # noqa: F401
    scenes_of_plans,  # noqa: F401
    scenes_of_projects,  # noqa: F401
)
from tests.browser.chromium import KEYED, WAYS, Way, in_turn, waiting
from tests.browser.scenes import SCENES, Scene, asked_by_people, side
from tests.browser.site import Site
from tests.browser.visitors import Visitors
from tests.browser.walking import (
    choose_person,
    fill,
    follow,
    is_headed,
    is_told,
    press,
    rate,
    tick,
    unfold,
)

from earnest.core.actions import ACTIONS
from earnest.core.people import BOTH, Party
from earnest.http.web.sheets import is_checked
from earnest.http.web.visiting import FLASHES
from earnest.words.actions import happened, phrases_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKED = asked_by_people()


@pytest.mark.parametrize(
    ("name", "party", "way"),
    [
        pytest.param(
            name,
            party,
            way,
            id=f"{name}-{party}-{way.name}",
            marks=waiting(way, in_turn(f"{name}-{party}")),
        )
        for name, party in ASKED
        for way in (*WAYS, *in_turn(f"{name}-{party}", KEYED))
    ],
)
async def test_it_is_done_from_its_button(
    name: str, party: Party, way: Way, site: Site, visitors: Visitors
) -> None:
    assert name in SCENES, f"{name} has no scene: tell in scenes.py what is there before and after"
    scene = await SCENES[name](site, party)
    page = await visitors.come(scene.who, way)
    await page.goto(scene.at)
    if not scene.on_page:
        await follow(page, scene.link or phrases_of(name).label)
    if scene.person is not None:
        await choose_person(page, scene.person, scripts=way.scripts)
    await fill(page, scene.typed)
    await rate(page, scene.points)
    await confirm(page, name, scene)
    await in_the_books(scene)


async def confirm(page: Page, name: str, scene: Scene) -> None:
    """Through the check page to the receipt, or at once to the page that says it is done."""
    phrases, button = phrases_of(name), scene.button
    if not is_checked(name):
        await press(page, button)
        _, said = FLASHES[phrases.flash]
        await is_told(page, said)
        return
    await press(page, "Continue")
    if phrases.confirm:
        await tick(page, phrases.confirm)
    await press(page, button)
    await is_headed(page, scene.headed or happened(ACTIONS[name].event))
    assert scene.lands in page.url
    if "receipts" in scene.lands:
        await expect(page.get_by_role("main").get_by_text("Reference")).to_be_visible()


async def in_the_books(scene: Scene) -> None:
    """What the API says of it."""
    for path, members in scene.then.items():
        found = await scene.who.seen(path)
        assert {name: found[name] for name in members} == members
    for path, count in scene.listed.items():
        assert len((await scene.who.seen(path))["items"]) == count
    for who, amount in scene.wallets:
        assert await who.wallet() == amount


BOTH_SIDES = sorted(BOTH)


@pytest.mark.parametrize("noun", ["contract", "milestone"])
@pytest.mark.parametrize("party", BOTH_SIDES)
async def test_what_has_no_button_says_why(
    noun: str, party: Party, site: Site, visitors: Visitors
) -> None:
    deal = await site.offered("30.00") if noun == "contract" else await site.agreed("30.00")
    who, other = side(deal, party)
    page = await visitors.come(who, Way("390", scripts=False))
    await page.goto(deal.page if noun == "contract" else deal.milestone)
    await unfold(page, "What cannot be done now, and why")
    buttons = await page.locator(".pagehead .btns").get_by_role("link").all_inner_texts()
    for name, each in ACTIONS.items():
        if each.kind.noun != noun or not each.by & BOTH or name == "contract.say":
            continue
        label = phrases_of(name).label
        told = page.get_by_role("listitem").filter(has=page.get_by_text(f"{label}:", exact=True))
        assert (label in buttons) == (await told.count() == 0), f"{name}: a button, or why not"
        if label not in buttons and party not in each.by:
            role = next(iter(each.by & BOTH))
            await expect(told).to_have_text(f"{label}: Only {other.name}, the {role}, can do this.")
