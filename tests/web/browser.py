"""A browser as far as our pages need one: cookies, forms with their token, and where from."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette
from tests.http.house import Housing

from earnest.store import sessions

ORIGIN = "http://earnest"
#: As Python's jar calls a host without a dot; so what is set by the site replaces what we planted.
_DOMAIN = "earnest.local"
SESSION, VISIT = "earnest", "earnest-visit"

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_ALERT = re.compile(r'<div class="note bad" role="alert".*?</ul>', re.DOTALL)
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def csrf_of(page: httpx.Response | str) -> str:
    """The token of a page's first form."""
    found = _CSRF.search(page if isinstance(page, str) else page.text)
    assert found, f"no form in {page if isinstance(page, str) else page.text}"
    return found[1]


def errors_of(page: httpx.Response) -> list[str]:
    """What stands above the form."""
    found = _ALERT.search(page.text)
    return [said(item) for item in _ITEM.findall(found[0])] if found else []


def hidden_in(page: httpx.Response) -> dict[str, str]:
    """What a page's forms carry unseen, but for their token; of two of one name, the last."""
    found = {name: html.unescape(value) for name, value in _HIDDEN.findall(page.text)}
    found.pop("csrf", None)
    return found


def value_of(page: httpx.Response, field: str) -> str | None:
    """What stands in the box of a field."""
    found = re.search(rf'<input id="{field}" [^>]*?value="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else None


def said(page: httpx.Response | str) -> str:
    """What there is to read, in one line."""
    text = page if isinstance(page, str) else page.text
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


@dataclass(slots=True)
class Browser:
    """Somebody at a screen. Redirects are followed only when asked for."""

    client: httpx.AsyncClient
    house: Housing
    #: What the address bar and the page show.
    last: httpx.Response | None = None

    async def open(self, path: str, **query: str) -> httpx.Response:
        """Type an address, or follow a link."""
        answer = await self.client.get(path, params=query or None)
        return self._shown(answer)

    async def send(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        page: str | None = None,
        headers: Mapping[str, str] | None = None,
        **named: str,
    ) -> httpx.Response:
        """Send a form of the page that is open, or of another that is opened first."""
        if page is not None or self.last is None:
            await self.open(page or path)
        assert self.last is not None
        values = {"csrf": csrf_of(self.last), **(fields or {}), **named}
        return await self.post(path, values, headers=headers)

    async def post(
        self, path: str, values: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send exactly this."""
        own = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
        answer = await self.client.post(path, data=dict(values), headers={**own, **(headers or {})})
        return self._shown(answer)

    async def upload(
        self, path: str, values: Mapping[str, str], *files: tuple[str, bytes]
    ) -> httpx.Response:
        """Send a form with files, as a browser does; without one it says that there is none."""
        chosen = [("new_files", each) for each in files or (("", b""),)]
        own = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
        answer = await self.client.post(path, data=dict(values), files=chosen, headers=own)
        return self._shown(answer)

    async def follow(self, answer: httpx.Response | None = None) -> httpx.Response:
        """Go where an answer leads, as far as it goes."""
        answer = answer or self.last
        assert answer is not None
        while answer.is_redirect:
            answer = await self.open(answer.headers["location"])
        return answer

    async def sign_in(self, email: str, password: str, **more: str) -> httpx.Response:
        """Sign in through the form."""
        page = await self.open("/signin", **more)
        return await self.send("/signin", hidden_in(page), email=email, password=password)

    async def enter(self, number: int) -> None:
        """Be signed in as somebody, without the form: much faster."""
        self.plant(SESSION, await sessions.create(self.house.app.database, number))
        self.last = None

    @property
    def session(self) -> str | None:
        """The secret of the session, as it is in the cookie."""
        return self.cookie(SESSION)

    def cookie(self, name: str) -> str | None:
        """What a cookie holds now."""
        return next((each.value for each in self.client.cookies.jar if each.name == name), None)

    def plant(self, name: str, value: str) -> None:
        """Put a cookie into the browser, as an attacker might."""
        self.client.cookies.set(name, value, domain=_DOMAIN)

    def forget(self, *names: str) -> None:
        """Lose some cookies, or all."""
        jar = self.client.cookies.jar
        for each in list(jar):
            if not names or each.name in names:
                jar.clear(each.domain, each.path, each.name)

    def _shown(self, answer: httpx.Response) -> httpx.Response:
        if not answer.is_redirect:
            self.last = answer
        return answer


@asynccontextmanager
async def browsing(
    house: Housing, application: Starlette | None = None, *, address: str = "127.0.0.1"
) -> AsyncIterator[Browser]:
    """Open a browser at this network address."""
    transport = httpx.ASGITransport(application or house.application, client=(address, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield Browser(client, house)
