"""Passkeys in a real browser, with the authenticator that Chromium has for tests."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, Route, expect
from tests.browser.factors import (
    HOME,
    leave,
    make_a_passkey,
    type_password,
    with_a_device,
)
from tests.browser.site import Site
from tests.browser.visitors import Visitors
from tests.browser.walking import field, is_headed, press
from tests.browser.weighing import is_still

pytestmark = pytest.mark.asyncio(loop_scope="session")

STALE = "UPDATE sessions SET proved_at = now() - interval '1 hour' WHERE user_id = $1"
REFUSED = "Nothing was shown: it was cancelled, or it took too long."


async def test_a_passkey_is_made_signs_in_shows_who_one_is_and_is_removed(
    site: Site, visitors: Visitors
) -> None:
    emma = await site.person("Emma")
    page = await visitors.come(emma)
    async with with_a_device(page):
        await make_a_passkey(page)
        await expect(page.locator(".codes li")).to_have_count(10)
        await leave(page)
        await press(page, "Sign in with a passkey")
        await is_headed(page, HOME)
        await leave(page)
        await type_password(page, emma)
        await press(page, "Use a passkey")
        await is_headed(page, HOME)
        await site.house.app.database.pool.execute(STALE, emma.person.number)
        await page.goto("/settings/security/app")
        await is_headed(page, "Show that it is you")
        await press(page, "Use a passkey")
        await is_headed(page, "App for codes")
        await page.goto("/settings/security")
        await page.get_by_role("link", name="My laptop").click()
        await page.get_by_role("button", name="Remove the passkey").click()
        await is_headed(page, "Security")
        await leave(page)
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


async def test_whoever_comes_to_sign_in_is_offered_their_passkey_where_the_address_is_typed(
    site: Site, visitors: Visitors
) -> None:
    page = await visitors.come(await site.person("Emma"))
    async with with_a_device(page):
        await make_a_passkey(page)
        await page.context.clear_cookies()
        await page.goto("/signin")
        await is_headed(page, HOME)


async def test_whoever_the_device_does_not_know_is_not_signed_in(
    site: Site, visitors: Visitors
) -> None:
    """Neither instead of the password nor beside it."""
    emma = await site.person("Emma")
    page = await visitors.come(emma)
    async with with_a_device(page) as device:
        await make_a_passkey(page)
        await device.knows(verified=False)
        await leave(page)
        await is_refused(page, "Sign in with a passkey")
        await leave(page)
        await type_password(page, emma)
        await is_refused(page, "Use a passkey")


async def test_a_passkey_of_this_site_is_of_no_use_at_another_name(
    site: Site, visitors: Visitors
) -> None:
    """The browser keeps it from the page; and it does not ask there in our name."""
    page = await visitors.come(await site.person("Emma"))
    async with with_a_device(page) as device:
        await make_a_passkey(page)
        assert {each["rpId"] for each in await device.keys()} == {"localhost"}
        await page.context.clear_cookies()
        await page.goto(f"{site.url.replace('localhost', 'evil.localhost')}/signin")
        await is_refused(page, "Sign in with a passkey")
        await expect(field(page, "Password")).to_be_visible()


async def is_refused(page: Page, button: str) -> None:
    """Nothing is sent, and the page says so; the other ways are still there."""
    at = page.url
    await press(page, button)
    await expect(page.get_by_role("alert").filter(has_text=REFUSED)).to_be_visible()
    assert page.url == at
