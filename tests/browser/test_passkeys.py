"""Passkeys in a real browser, with the authenticator that Chromium has for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Route, expect
from tests.browser.chromium import Way
from tests.browser.site import Site, Somebody
from tests.browser.visitors import Visitors
from tests.browser.walking import fill, is_headed, press
from tests.browser.weighing import is_still
from tests.web.codes import Phone
from tests.web.people import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")

STALE = "UPDATE sessions SET proved_at = now() - interval '1 hour' WHERE user_id = $1"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@asynccontextmanager
async def with_a_device(page: Page) -> AsyncIterator[None]:
    """Have an authenticator while this lasts; whoever has the page next has none."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    made = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    try:
        yield
    finally:
        await devtools.send("WebAuthn.removeVirtualAuthenticator", made)
        await devtools.send("WebAuthn.disable")
        await devtools.detach()


async def type_password(page: Page, who: Somebody) -> None:
    await page.context.clear_cookies()
    await page.goto("/signin")
    await fill(page, {"E-mail address": who.email, "Password": PASSWORD})
    await press(page, "Sign in")


async def test_a_passkey_is_made_signs_in_shows_who_one_is_and_is_removed(
    site: Site, visitors: Visitors
) -> None:
    emma = await site.person("Emma")
    page = await visitors.come(emma)
    async with with_a_device(page):
        await page.goto("/settings/security/passkeys/new")
        await fill(page, {"Name": "My laptop"})
        await press(page, "Make the passkey")
        await is_headed(page, "Recovery codes")
        await expect(page.locator(".codes li")).to_have_count(10)
        await page.context.clear_cookies()
        await page.goto("/signin")
        await press(page, "Sign in with a passkey")
        await is_headed(page, "Financial dashboard")
        await type_password(page, emma)
        await is_headed(page, "One more step")
        await press(page, "Use a passkey")
        await is_headed(page, "Financial dashboard")
        await site.house.app.database.pool.execute(STALE, emma.person.number)
        await page.goto("/settings/security/app")
        await is_headed(page, "Show that it is you")
        await press(page, "Use a passkey")
        await is_headed(page, "App for codes")
        await page.goto("/settings/security")
        await page.get_by_role("link", name="My laptop").click()
        await page.get_by_role("button", name="Remove the passkey").click()
        await is_headed(page, "Security")
        await page.context.clear_cookies()
        await page.goto("/signin")
        await press(page, "Sign in with a passkey")
        await expect(page.get_by_role("alert")).to_contain_text("This passkey was not recognised")


async def test_what_only_a_script_shows_has_its_room_before(visitors: Visitors) -> None:
    """Scripts may come after the page was painted; then nothing makes way for what they show."""
    page = await visitors.come(None)

    async def late(route: Route) -> None:
        await asyncio.sleep(0.3)
        await route.continue_()

    await page.route("**/static/*.js", late)
    await page.goto("/signin")
    for name in ("Sign in with a passkey", "Show the password"):
        await expect(page.get_by_role("button", name=name)).to_be_visible()
    await is_still(page)
    await page.unroute("**/static/*.js", late)


async def test_without_a_script_an_app_for_codes_is_the_second_factor(
    site: Site, visitors: Visitors
) -> None:
    emma = await site.person("Emma")
    page = await visitors.come(emma, Way("390", scripts=False))
    await page.goto("/settings/security/app")
    phone = Phone((await page.locator(".to-type").inner_text()).replace(" ", ""))
    await fill(page, {"Code": phone.code(-1)})
    await press(page, "Turn it on")
    await is_headed(page, "Recovery codes")
    await type_password(page, emma)
    await is_headed(page, "One more step")
    await fill(page, {"Code": phone.code()})
    await press(page, "Sign in")
    await is_headed(page, "Financial dashboard")
    await page.context.clear_cookies()
    await page.goto("/signin")
    await expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
