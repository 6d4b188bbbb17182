"""An app for codes in a real browser: set up, asked for, refused, and what helps without it."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from tests.browser.chromium import DESKTOP, Way
from tests.browser.factors import HOME, set_up_an_app, type_password
from tests.browser.site import Site, Somebody
from tests.browser.visitors import Visitors
from tests.browser.walking import fill, is_headed, press, unfold

from earnest.http.signin.proofs import NOT_A_CODE, NOT_RECOVERY

pytestmark = pytest.mark.asyncio(loop_scope="session")

WITHOUT_A_SCRIPT = Way("390", scripts=False)


@pytest.mark.parametrize("way", [DESKTOP, WITHOUT_A_SCRIPT], ids=str)
async def test_codes_of_an_app_and_recovery_codes_sign_in_once_each(
    way: Way, site: Site, visitors: Visitors
) -> None:
    emma = await site.person("Emma")
    page = await visitors.come(emma, way)
    phone, recovery = await set_up_an_app(page)
    assert len(set(recovery)) == 10
    await begin(page, emma)
    wrong = "000000" if phone.code(1) != "000000" else "000001"
    await is_refused(page, wrong)
    used = phone.code(1)
    await give_code(page, used)
    await is_headed(page, HOME)
    await begin(page, emma)
    await is_refused(page, used)
    await give_recovery(page, recovery[0])
    await is_headed(page, "Security")
    await expect(page.get_by_role("main")).to_contain_text("9")
    await begin(page, emma)
    await give_recovery(page, recovery[0])
    await is_told(page, NOT_RECOVERY)
    await page.goto("/finances")
    await is_headed(page, "Sign in")  # The password alone has signed in nobody.


async def test_a_passkey_is_offered_to_nobody_without_a_script(
    visitors: Visitors,
) -> None:
    page = await visitors.come(None, WITHOUT_A_SCRIPT)
    await page.goto("/signin")
    await expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)


async def begin(page: Page, who: Somebody) -> None:
    await page.context.clear_cookies()
    await page.goto("/signin")
    await type_password(page, who)


async def give_code(page: Page, code: str) -> None:
    await fill(page, {"Code": code})
    await press(page, "Sign in")


async def give_recovery(page: Page, code: str) -> None:
    await unfold(page, "You do not have it with you?")
    await fill(page, {"Recovery code": code})
    await press(page, "Sign in with the recovery code")


async def is_refused(page: Page, code: str) -> None:
    await give_code(page, code)
    await is_told(page, NOT_A_CODE)


async def is_told(page: Page, told: str) -> None:
    """At the top and at the field; nobody is signed in."""
    await is_headed(page, "One more step")
    await expect(page.get_by_role("alert")).to_contain_text(told)
