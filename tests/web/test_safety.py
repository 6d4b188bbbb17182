"""What keeps every page safe in a browser: headers, no inline code, and nothing from elsewhere."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from tests.http.house import Housing
from tests.store.test_preview import everything
from tests.web.browser import ORIGIN, SESSION, Browser, browsing, csrf_of, said
from tests.web.reading import Node, code_in, tree
from tests.web.scene import Scene, places, played

pytestmark = pytest.mark.asyncio

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "htmx",
}
HEADERS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
ENDED = "UPDATE sessions SET expires_at = now() - interval '1 second'"
ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": f"{ORIGIN}.evil.example"},
]


@pytest_asyncio.fixture
async def scene(house: Housing, browser: Browser) -> Scene:
    return await played(house, browser)


def must_be_safe(page: httpx.Response) -> None:
    """Every header, and the one nonce that its scripts have."""
    assert HEADERS.items() <= dict(page.headers).items(), page.url
    policy = dict(
        each.strip().partition(" ")[::2]
        for each in page.headers["content-security-policy"].split(";")
    )
    script = policy.pop("script-src")
    assert policy == POLICY
    assert "unsafe" not in page.headers["content-security-policy"]
    for each in tree(page).every():
        must_be_plain(each)
        if each.tag == "script":
            assert script == f"'nonce-{each.attributes['nonce']}'"


def must_be_plain(each: Node) -> None:
    """Nothing in it that a browser would run or style by itself."""
    assert each.tag not in {"style", "iframe", "object", "embed", "base", "img"}
    assert "style" not in each.attributes
    assert not [name for name in each.attributes if name.startswith("on")], each
    assert each.attributes.get("http-equiv") is None
    if each.tag == "script":
        assert (each.text, each.attributes["src"][:8]) == ("", "/static/"), each
    for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
        address = each.attributes.get(name, "/").strip().lower()
        assert address.startswith(("/", "#", "?", "https://", "http://")), (name, address)


def every_form_can_be_sent(page: httpx.Response) -> None:
    """Without a script only a button sends a form: one within it, or one that names it."""
    root = tree(page)
    named = {each.attributes.get("form") for each in root.every("button")}
    for form in root.every("form"):
        kinds = {each.attributes.get("type", "submit") for each in form.every("button")}
        assert "submit" in kinds or form.attributes.get("id", "") in named, (page.url, form)


async def test_every_page_has_every_header_and_buttons_and_nothing_inline(scene: Scene) -> None:
    pages = await scene.seen_by_everybody()
    assert {200, 403, 404, 409} <= {each.status_code for each in pages}
    assert len(pages) > 100
    for page in pages:
        must_be_safe(page)
        every_form_can_be_sent(page)


async def test_no_two_answers_have_one_nonce(scene: Scene) -> None:
    policies = [
        (await scene.browser.open(path)).headers["content-security-policy"]
        for path in ("/finances", "/finances", "/help", "/help", "/contracts/x", "/contracts/x")
    ]
    assert len(set(policies)) == len(policies)


async def test_two_forms_of_one_session_have_other_tokens(scene: Scene) -> None:
    """What is the same in each compressed page could be guessed from its length."""
    tokens = {csrf_of(await scene.browser.open("/deposit")) for _ in range(5)}
    assert len(tokens) == 5


async def test_every_address_of_the_web_is_known_to_these_tests(scene: Scene) -> None:
    found = places(scene.house.application)
    assert len({each.template for each in found}) == len(found) > 30
    for each in found:
        assert scene.addresses(each), each.template


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_what_another_site_sends_is_refused_at_every_address(
    scene: Scene, headers: dict[str, str]
) -> None:
    """With the cookie of who is signed in, and even with their token."""
    for who in (scene.emma, scene.frank, scene.olga, None):
        if who is not None:
            await scene.as_(who)
        else:
            scene.browser.forget(SESSION)
        token = csrf_of(await scene.browser.open("/finances" if who else "/signin"))
        before = await everything(scene.house.app.database.pool)
        sent = 0
        for _, address in scene.all("POST"):
            values = {"csrf": token, "ok": "1", "key": f"k{sent}", "text": "x", "reason": "x"}
            answer = await scene.browser.client.post(address, data=values, headers=headers)
            assert (answer.status_code, code_in(answer)) == (403, "cross_site"), address
            assert "Nothing was done, and no money moved." in said(answer)
            sent += 1
        assert sent > 30
        assert await everything(scene.house.app.database.pool) == before


async def test_what_one_s_own_page_sends_is_taken(scene: Scene) -> None:
    """Else the test above could not fail; a browser that says nothing at all is an old one."""
    (contract,) = scene.known["/contracts/{id}"]
    own = [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": ORIGIN}, {}]
    for number, headers in enumerate(own):
        token = csrf_of(await scene.browser.open(contract))
        values = {"csrf": token, "key": f"own {number}", "text": f"Message {number}"}
        answer = await scene.browser.client.post(f"{contract}/say", data=values, headers=headers)
        assert answer.headers["location"] == contract
    assert await scene.house.value("SELECT count(*) FROM messages WHERE text ~ '^Message'") == 4


async def test_a_form_without_its_token_is_refused_at_every_address(scene: Scene) -> None:
    async with browsing(scene.house) as other:
        await other.enter(scene.emma.number)
        another = csrf_of(await other.open("/finances"))
    await scene.as_(scene.emma)
    for token in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": another}, {"csrf": "A" * 86}):
        before = await everything(scene.house.app.database.pool)
        for place, address in scene.all("POST"):
            if address == "/signin":
                continue  # Who is signed in already only goes on; see the next test.
            if place.template == "/stop-mails/{token}":
                continue  # Mail programs have no form of ours; the address itself is a token.
            answer = await scene.browser.post(address, {"ok": "1", "key": "k", **token})
            assert (answer.status_code, code_in(answer)) == (403, "form_too_old"), address
        assert await everything(scene.house.app.database.pool) == before


@pytest.mark.parametrize("path", ["/signin", "/signup"])
async def test_nobody_is_signed_in_by_a_form_without_a_token(
    browser: Browser, house: Housing, path: str
) -> None:
    """Else somebody could be signed in to an account of an attacker's."""
    values = {"email": "a@example.org", "password": "correct horse", "name": "A"}
    answer = await browser.post(path, {**values, "time_zone": "UTC"})
    assert (answer.status_code, code_in(answer)) == (403, "form_too_old")
    assert browser.session is None


async def test_every_private_page_asks_for_a_sign_in_and_leads_back(scene: Scene) -> None:
    scene.browser.forget()
    private = [(place, a) for place, a in scene.all("GET") if not place.is_public]
    assert len(private) > 40
    for _, address in private:
        for method in ("GET", "HEAD"):
            answer = await scene.browser.client.request(method, f"{address}?a=b&c=%20")
            assert answer.status_code == 303
            way = f"/signin?next={quote(f'{address}?a=b&c=%20', safe='')}"
            assert answer.headers["location"] == way
            assert answer.headers["cache-control"] == "no-store"


async def test_what_is_sent_after_the_session_ended_is_kept_and_not_done(scene: Scene) -> None:
    await scene.house.app.database.pool.execute(ENDED)
    before = await everything(scene.house.app.database.pool)
    for place, address in scene.all("POST"):
        if place.is_public:
            continue
        answer = await scene.browser.post(address, {"text": "Typed before", "ok": "1"})
        assert answer.status_code == 401
        assert 'name="kept.text" value="Typed before"' in answer.text
        assert "nothing was sent" in said(answer)
        must_be_safe(answer)
    assert await everything(scene.house.app.database.pool) == before


async def test_what_a_stranger_sends_is_neither_kept_nor_done(scene: Scene) -> None:
    before = await everything(scene.house.app.database.pool)
    scene.browser.forget()
    for place, address in scene.all("POST"):
        if not place.is_public:
            answer = await scene.browser.post(address, {"text": "Typed before", "ok": "1"})
            assert (answer.status_code, "Typed before" in answer.text) == (401, False)
    assert await everything(scene.house.app.database.pool) == before


async def test_head_is_answered_like_get(scene: Scene) -> None:
    for _, address in scene.all("GET"):
        got = await scene.browser.client.get(address)
        head = await scene.browser.client.head(address)
        assert head.status_code == got.status_code, address
        for name in ("content-type", "cache-control", "location"):
            assert head.headers.get(name) == got.headers.get(name), address


async def test_another_method_is_told_which_there_are(scene: Scene) -> None:
    """Also where nobody is signed in: it tells nothing of anybody."""
    for place in places(scene.house.application):
        address = scene.addresses(place)[0]
        allowed = ", ".join(sorted({*place.handlers, "HEAD"}))
        for method in {"POST", "PUT", "PATCH", "DELETE"} - place.handlers.keys():
            answer = await scene.browser.client.request(method, address)
            assert answer.status_code == 405, (method, address)
            assert answer.headers["allow"] == allowed
            assert code_in(answer) == "method_not_allowed"
