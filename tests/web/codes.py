"""An app for codes as people have it, and how it is set up."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import httpx
import pyotp
from tests.web.browser import Browser, hidden_in, said

APP, SECURITY, SECOND = "/settings/security/app", "/settings/security", "/signin/second"
_KEY = re.compile(r'<code class="to-type" dir="ltr">([A-Z2-7 ]+)</code>')
_RECOVERY = re.compile(r'<li><code dir="ltr">([^<]+)</code>')


@dataclass
class Phone:
    """An app that knows a secret."""

    secret: str

    def code(self, steps: int = 0) -> str:
        """What it shows now, or so many half minutes later."""
        return pyotp.TOTP(self.secret).at(time.time(), counter_offset=steps)


async def offered(browser: Browser) -> tuple[Phone, dict[str, str]]:
    """Open the page and let an app read it."""
    page = await browser.open(APP)
    found = _KEY.search(page.text)
    assert found, page.text
    return Phone(found[1].replace(" ", "")), hidden_in(page)


async def set_up(browser: Browser) -> tuple[Phone, list[str]]:
    """Set an app up for whoever is signed in; its recovery codes. The code before now is used."""
    phone, fields = await offered(browser)
    page = await browser.send(APP, {**fields, "code": phone.code(-1)})
    return phone, recovery_in(page)


def recovery_in(page: httpx.Response) -> list[str]:
    """The recovery codes that a page shows."""
    assert "Recovery codes" in said(page), page.text
    return _RECOVERY.findall(page.text)
