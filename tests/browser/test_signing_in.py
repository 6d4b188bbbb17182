"""Typing a password: it is shown to who asks for that, and to nobody afterwards."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from tests.browser.chromium import Way
from tests.browser.site import Site
from tests.browser.visitors import Visitors
from tests.browser.walking import field, fill, is_headed, press
from tests.web.people import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOW, HIDE = "Show the password", "Hide the password"


async def test_a_password_is_shown_and_hidden_again_and_sent_hidden(
    site: Site, visitors: Visitors
) -> None:
    emma = await site.person("Emma")
    page = await visitors.come(None)
    await page.goto("/signin")
    typed = field(page, "Password")
    await fill(page, {"E-mail address": emma.email, "Password": "wrong horse"})
    await expect(typed).to_have_attribute("type", "password")
    await press(page, SHOW)
    await expect(typed).to_have_attribute("type", "text")
    await expect(typed).to_have_value("wrong horse")
    await press(page, HIDE)
    await expect(typed).to_have_attribute("type", "password")
    await press(page, SHOW)
    await page.evaluate(
        "document.addEventListener('submit', event => {"
        " sessionStorage.sent = event.target.elements.password.type })"
    )
    await press(page, "Sign in")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await page.evaluate("sessionStorage.sent") == "password"
    assert "wrong horse" not in await page.content()
    await fill(page, {"Password": PASSWORD})
    await press(page, "Sign in")
    await is_headed(page, "Financial dashboard")


async def test_without_a_script_there_is_nothing_that_would_not_show_it(visitors: Visitors) -> None:
    page = await visitors.come(None, Way("390", scripts=False))
    await page.goto("/signin")
    await expect(page.get_by_role("button", name=SHOW)).to_have_count(0)
    await expect(field(page, "Password")).to_have_attribute("type", "password")
