"""What somebody shows beside their password, and the scenes in which it is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Page
from tests.browser.site import Somebody
from tests.browser.walking import fill, is_headed, press
from tests.web.codes import Phone
from tests.web.people import PASSWORD

HOME = "Financial dashboard"
OPTIONS = "/signin/passkey/options"
OFFERED = f"**{OPTIONS}"
#: Whoever is asked is there, and is known to it.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass(slots=True)
class Device:
    """The authenticator that Chromium has for tests."""

    devtools: CDPSession
    number: str

    async def knows(self, *, verified: bool) -> None:
        """Whether it recognises whoever touches it."""
        await self._set("setUserVerified", isUserVerified=verified)

    async def keys(self) -> list[dict[str, Any]]:
        """The keys that it has."""
        found = await self._set("getCredentials")
        keys: list[dict[str, Any]] = found["credentials"]
        return keys

    async def _set(self, name: str, **values: object) -> dict[str, Any]:
        told = {"authenticatorId": self.number, **values}
        found: dict[str, Any] = await self.devtools.send(f"WebAuthn.{name}", told)
        return found


@asynccontextmanager
async def with_a_device(page: Page) -> AsyncIterator[Device]:
    """Have an authenticator while this lasts; whoever has the page next has none."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    made = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    try:
        yield Device(devtools, made["authenticatorId"])
    finally:
        await devtools.send("WebAuthn.removeVirtualAuthenticator", made)
        await devtools.send("WebAuthn.disable")
        await devtools.detach()


async def make_a_passkey(page: Page, name: str = "My laptop") -> None:
    """Make the first passkey of whoever is signed in."""
    await page.goto("/settings/security/passkeys/new")
    await fill(page, {"Name": name})
    await press(page, "Make the passkey")
    await is_headed(page, "Recovery codes")


async def set_up_an_app(page: Page) -> tuple[Phone, list[str]]:
    """Set an app up as one does who reads the secret off the page; and its recovery codes."""
    await page.goto("/settings/security/app")
    phone = Phone((await page.locator(".to-type").inner_text()).replace(" ", ""))
    await fill(page, {"Code": phone.code()})
    await press(page, "Turn it on")
    await is_headed(page, "Recovery codes")
    return phone, await page.locator(".codes li").all_inner_texts()


async def leave(page: Page) -> None:
    """Be nobody again, on the page to sign in, and choose nothing of what the browser offers there.

    Chromium's authenticator for tests would choose at once.
    """
    await page.context.clear_cookies()
    await page.route(OFFERED, lambda route: route.abort())
    async with page.expect_event("requestfailed", lambda request: OPTIONS in request.url):
        await page.goto("/signin")
    await page.unroute(OFFERED)


async def type_password(page: Page, who: Somebody) -> None:
    """Sign in with the password, which is not enough."""
    await fill(page, {"E-mail address": who.email, "Password": PASSWORD})
    await press(page, "Sign in")
    await is_headed(page, "One more step")
