"""Sessions: listed, ended, stolen; and a secret from before a sign-in is worth nothing."""

from __future__ import annotations

import re

import pytest
from tests.http.house import Housing
from tests.web.browser import SESSION, VISIT, Browser, browsing, said
from tests.web.people import PASSWORD, Known

from earnest.http.signin.guarding import SESSIONS
from earnest.store import sessions
from earnest.words.security import place

pytestmark = pytest.mark.asyncio

SECURITY = "/settings/security"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
_END = re.compile(rf'action="({SECURITY}/sessions/[0-9a-f]{{16}}/end)"')


async def come(browser: Browser, who: Known, agent: str = "") -> None:
    """Sign in with this browser."""
    browser.client.headers["User-Agent"] = agent
    assert (await browser.sign_in(who.email, PASSWORD)).status_code == 303


async def test_sessions_are_listed_by_browser_and_system_and_ended_one_by_one(
    browser: Browser, house: Housing, emma: Known
) -> None:
    async with browsing(house) as edge, browsing(house) as phone:
        await come(edge, emma, EDGE)
        await come(phone, emma, PHONE)
        await come(browser, emma, FIREFOX)
        page = await browser.open(SECURITY)
        for each in ("Firefox on Linux This browser", "Edge on Windows", "Safari on iPhone"):
            assert each in said(page)
        assert "Mozilla" not in page.text
        first, _ = _END.findall(page.text)
        page = await browser.follow(await browser.send(first))
        assert "That session has ended." in said(page)
        assert (await edge.open(SECURITY)).status_code == 200
        assert (await phone.open(SECURITY)).is_redirect
        await browser.send(f"{SECURITY}/sessions/end", page=SECURITY)
        assert (await edge.open(SECURITY)).is_redirect
    assert (await browser.open(SECURITY)).status_code == 200


async def test_of_very_many_sessions_the_latest_are_shown_and_all_others_can_be_ended(
    browser: Browser, house: Housing, emma: Known
) -> None:
    for _ in range(SESSIONS + 1):
        await browser.enter(emma.number)
    page = await browser.open(SECURITY)
    assert len(_END.findall(page.text)) == SESSIONS - 1
    assert "You are signed in at more places than these" in said(page)
    page = await browser.follow(await browser.send(f"{SECURITY}/sessions/end", page=SECURITY))
    assert not _END.findall(page.text)
    assert "more places than these" not in said(page)


async def test_nobody_ends_somebody_else_s_session(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    async with browsing(house) as other:
        await other.enter(frank.number)
        (theirs,) = await sessions.latest_of(house.app.database, frank.number, "", 2)
        await browser.enter(emma.number)
        answer = await browser.send(f"{SECURITY}/sessions/{theirs.reference}/end", page=SECURITY)
        assert answer.headers["location"] == SECURITY
        await browser.send(f"{SECURITY}/sessions/end", page=SECURITY)
        assert (await other.open("/finances")).status_code == 200


async def test_a_copied_cookie_stops_working_with_the_session(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """After signing out, and after a new password: whoever copied it has nothing."""
    fields = {"password": PASSWORD, "new_password": "another password"}
    for path, values, page in (
        ("/signout", {}, "/finances"),
        ("/settings/password", fields, SECURITY),
    ):
        await browser.enter(emma.number)
        async with browsing(house) as thief:
            thief.plant(SESSION, browser.session or "")
            assert (await thief.open("/finances")).status_code == 200
            await browser.send(path, values, page=page)
            assert (await thief.open("/finances")).is_redirect
            assert (await thief.open("/")).status_code == 200


async def test_a_new_password_ends_every_session_elsewhere(
    browser: Browser, house: Housing, emma: Known
) -> None:
    async with browsing(house) as thief:
        await thief.enter(emma.number)
        await browser.enter(emma.number)
        fields = {"password": PASSWORD, "new_password": "another password"}
        await browser.send("/settings/password", fields, page=SECURITY)
        assert (await browser.open("/finances")).status_code == 200
        assert (await thief.open("/finances")).is_redirect


async def test_a_secret_from_before_a_sign_in_is_worth_nothing(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """Fixation: neither a planted session nor a planted visit is anybody's afterwards."""
    async with browsing(house) as attacker:
        await attacker.open("/signin")
        planted = attacker.cookie(VISIT) or ""
        browser.plant(VISIT, planted)
        browser.plant(SESSION, planted)
        await come(browser, emma)
        assert browser.session not in {None, planted}
        for name in (SESSION, VISIT, "earnest-second"):
            attacker.plant(name, planted)
        assert (await attacker.open("/finances")).is_redirect
        assert (await attacker.open("/signin/second")).headers["location"] == "/signin"


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (("firefox", "linux"), "Firefox on Linux"),
        (("firefox", ""), "Firefox"),
        (("", "macos"), "macOS"),
        (("", ""), "A browser that does not say what it is"),
    ],
)
async def test_what_a_session_was_begun_with_is_said_in_words(
    known: tuple[str, str], text: str
) -> None:
    assert place(*known) == text
