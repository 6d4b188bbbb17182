"""Attacks from outside: frames, redirects, borrowed cookies, split answers, and files that run."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlsplit

import httpx
import pytest
import pytest_asyncio
from starlette.routing import Route
from tests.http.house import Housing
from tests.web.browser import ORIGIN, SESSION, Browser, csrf_of
from tests.web.people import Known
from tests.web.scene import Scene, played

from earnest.http.routes import ROOT
from earnest.http.web.assets import url

pytestmark = pytest.mark.asyncio

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\r\nSet-Cookie: earnest=x",
    "@evil.example",
    ".evil.example",
    "http://earnest.evil.example/",
    "http://earnest@evil.example/",
]
#: What anything that leads somewhere could be called.
NAMES = ("next", "back", "then", "to", "url", "return", "redirect", "list", "invitation", "again")


@pytest_asyncio.fixture
async def scene(house: Housing, browser: Browser) -> Scene:
    return await played(house, browser)


def must_stay_here(answer: httpx.Response) -> None:
    """Wherever it leads is an address of this site; and it says so in one header."""
    if not answer.is_redirect:
        return
    to = answer.headers["location"]
    parts = urlsplit(to)
    assert to.startswith("/"), to
    assert not to.startswith(("//", "/\\")), to
    assert (parts.scheme, parts.netloc) == ("", ""), to
    assert to.isprintable(), to
    assert "evil" not in parts.path, to


async def test_nothing_of_this_site_can_be_framed(scene: Scene) -> None:
    """Pages, lists, mails, files, redirects, answers of the API, and what pages are made of."""
    await scene.as_(scene.emma)
    seen = 0
    for _, address in scene.all("GET"):
        answer = await scene.browser.client.get(address)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], address
        assert answer.headers["x-content-type-options"] == "nosniff", address
        seen += 1
    assert seen > 60
    for path in (f"{ROOT}/me", f"{ROOT}/openapi.json", "/healthz", "/no-such-page", url("app.css")):
        answer = await scene.browser.client.get(path)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path


async def test_nobody_is_led_elsewhere_by_an_address(scene: Scene) -> None:
    for who in (scene.emma, None):
        if who is None:
            scene.browser.forget(SESSION)
        else:
            await scene.as_(who)
        for _, address in scene.all("GET"):
            evil = "//evil.example"
            headers = {"Referer": f"http:{evil}/", "Origin": f"http:{evil}"}
            query = dict.fromkeys(NAMES, evil)
            answer = await scene.browser.client.get(address, params=query, headers=headers)
            must_stay_here(answer)


@pytest.mark.parametrize("to", ELSEWHERE)
async def test_nobody_is_led_elsewhere_by_a_form(browser: Browser, emma: Known, to: str) -> None:
    """Signed in already, signing in, and wherever a form says where to go on."""
    await browser.open("/signin")
    query = "&".join(f"{name}={quote(to, safe='')}" for name in NAMES)
    answer = await browser.client.get(f"/signin?{query}")
    assert f'href="{to}' not in answer.text
    values = {**dict.fromkeys(NAMES, to), "email": emma.email, "password": "correct horse battery"}
    answer = await browser.send("/signin", values, page="/signin")
    assert answer.headers["location"] == "/finances"
    must_stay_here(await browser.client.get(f"/signin?{query}"))
    for path in (
        "/settings",
        "/contracts/new",
        "/deposit",
        "/settings/address",
        "/invitations/new",
    ):
        must_stay_here(await browser.send(path, dict.fromkeys(NAMES, to), page=path))
    await browser.send("/signout", dict.fromkeys(NAMES, to), page="/settings")


async def test_a_session_opens_no_door_of_the_api(scene: Scene) -> None:
    """A cookie is brought by the browser whoever asks; a token has to be said."""
    await scene.as_(scene.emma)
    tried = 0
    for route in scene.house.application.routes:
        assert isinstance(route, Route)
        if not route.path.startswith(f"{ROOT}/") or route.path.endswith("openapi.json"):
            continue
        path = route.path.replace("{id}", "ms_0000000000000")
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = await scene.browser.client.request(method, path, json={})
            assert answer.status_code in {401, 405}, (method, path)
            tried += answer.status_code == 401
    assert tried > 60


async def test_the_api_lets_no_other_site_read_it(scene: Scene) -> None:
    """No answer shares itself, and no preflight is answered with a yes."""
    await scene.as_(scene.emma)
    asked = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,idempotency-key",
    }
    for path in (f"{ROOT}/me", f"{ROOT}/withdrawals", "/finances", "/signin"):
        for method in ("OPTIONS", "GET"):
            answer = await scene.browser.client.request(method, path, headers=asked)
            assert not [n for n in answer.headers if n.startswith("access-control-")], path


async def test_pages_lead_to_their_own_site_whatever_host_was_asked_for(scene: Scene) -> None:
    await scene.as_(scene.emma)
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "x"}
    for place, address in scene.all("GET"):
        if place.template == "/calendar/{token}.ics":
            continue  # Its entries lead to where it was asked for, if no public address is set.
        answer = await scene.browser.client.get(address, headers=evil)
        assert "evil.example" not in answer.text, address
        assert "evil.example" not in answer.headers.get("location", ""), address


async def test_a_public_address_that_is_set_stands_in_every_link(
    browser: Browser, house: Housing, emma: Known
) -> None:
    house.app.config = replace(house.app.config, url="https://pay.example")
    await browser.enter(emma.number)
    page = await browser.open("/settings/calendar")
    evil = {"Host": "evil.example", "Origin": "http://evil.example"}
    made = await browser.send("/settings/calendar", headers=evil)
    assert page.status_code == made.status_code == 200
    assert "https://pay.example/calendar/cal_" in made.text
    assert "evil.example" not in made.text


@pytest.mark.parametrize(
    "name",
    [
        "a\r\nSet-Cookie: earnest=x\r\n\r\n<script>.txt",
        'a"; filename=evil.html; x=".txt',
        "..\\..\\evil\u202egnp.txt",
        "a%0d%0aX-Evil: 1.txt",
        "é\u2028\x7f.txt",
    ],
)
async def test_the_name_of_a_file_splits_no_answer(scene: Scene, name: str) -> None:
    row = await scene.emma.file(name, b"Some words.")
    answer = await scene.emma.get(f"{ROOT}/files/{row['id']}/bytes")
    said = answer.headers["content-disposition"]
    assert said.startswith('attachment; filename="')
    assert said.isprintable()
    assert said.isascii()
    assert said.count('"') == 2
    assert "set-cookie" not in answer.headers
    assert "x-evil" not in answer.headers


PAGE = b"<!doctype html><script>alert(1)</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    "name", ["a.html", "a.htm", "a.xhtml", "a.svg", "a.xml", "a.js", "a.mhtml"]
)
async def test_what_a_browser_would_run_is_not_taken(scene: Scene, name: str) -> None:
    answer = await scene.emma.put(name, DRAWING if name.endswith("svg") else PAGE)
    assert answer.status_code == 415


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.md"])
async def test_a_page_that_calls_itself_a_text_is_saved_and_never_shown(
    scene: Scene, name: str
) -> None:
    answer = await scene.emma.put(name, PAGE)
    assert answer.status_code == 201
    got = await scene.emma.get(f"{ROOT}/files/{answer.json()['id']}/bytes")
    assert got.headers["content-type"].startswith("text/")
    assert "html" not in got.headers["content-type"]
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert got.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.webp", "a.pdf"])
async def test_a_page_that_calls_itself_a_picture_is_not_taken(scene: Scene, name: str) -> None:
    assert (await scene.emma.put(name, PAGE)).status_code == 415


async def test_a_form_of_ours_sent_from_a_frame_or_a_popup_of_theirs_is_refused(
    scene: Scene,
) -> None:
    """With cookie and token, as if both had been stolen into another page."""
    await scene.as_(scene.emma)
    token = csrf_of(await scene.browser.open("/settings"))
    for headers in (
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe", "Origin": ORIGIN},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Origin": "http://earnest:8080"},
        {"Origin": "http://EVIL.example", "Referer": f"{ORIGIN}/settings"},
    ):
        answer = await scene.browser.client.post(
            "/settings/address", data={"csrf": token, "email": "x@evil.example"}, headers=headers
        )
        assert answer.status_code == 403, headers
