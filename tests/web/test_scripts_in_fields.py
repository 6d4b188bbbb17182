"""Whatever people type, wherever it shows up, is text; a link leads to the web or nowhere."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from markupsafe import escape
from tests.http.house import Housing
from tests.web.browser import Browser, csrf_of
from tests.web.deals import checked, typed
from tests.web.reading import form_in, main_of, tree
from tests.web.scene import Scene, Words, played

pytestmark = pytest.mark.asyncio

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    f"https://example.org/{EVIL}",
    f"javascript:'{EVIL}",
    "//example.org/somewhere-else",
    "/\\example.org",
]
#: Each field's own, so that each is known to have been somewhere.
FIELDS = {
    each: f"{EVIL}{each}" for each in asdict(Words()) if each not in {"links", "account", "file"}
}
#: A name has neither folders nor quotation marks.
FILE = "<img src=x onerror=alert(1)>.txt"
#: Of an account only the end is ever shown.
ACCOUNT = EVIL


@pytest_asyncio.fixture
async def scene(house: Housing, browser: Browser) -> Scene:
    links = "\n".join(LINKS)
    return await played(house, browser, Words(links=links, account=ACCOUNT, file=FILE, **FIELDS))


def must_be_text(page: httpx.Response) -> None:
    """Nothing of what was typed is an element, an attribute or an address that runs."""
    assert EVIL not in page.text
    assert "<script>" not in page.text.lower()
    for each in tree(page).every():
        assert each.tag != "img", page.url
        assert not [name for name in each.attributes if name.startswith("on")], page.url
        assert each.tag != "script" or "nonce" in each.attributes
        for name in ("href", "src", "action"):
            address = "".join(each.attributes.get(name, "/").split()).lower()
            assert address[:1] in {"/", "#", "?"} or address.startswith("https://example."), (
                page.url,
                address,
            )


async def test_what_people_typed_is_text_on_every_page(scene: Scene) -> None:
    pages = await scene.seen_by_everybody()
    for page in pages:
        must_be_text(page)
    for name, text in {**FIELDS, "file": FILE}.items():
        assert [page for page in pages if str(escape(text)) in page.text], name


async def test_a_link_that_would_run_is_no_link(scene: Scene) -> None:
    """It is shown as it was written, so that nobody wonders where it went."""
    (milestone,) = scene.known["/milestones/{id}"]
    await scene.as_(scene.emma)
    page = await scene.browser.open(milestone)
    shown = main_of(page).one("ul", class_="links")
    texts = [each.text for each in shown.every("li")]
    assert texts == [" ".join(each.split()) for each in LINKS]
    assert shown.hrefs == [f"https://example.org/{EVIL}"]
    (link,) = shown.every("a")
    assert set(link.attributes["rel"].split()) >= {"noopener", "noreferrer", "nofollow"}


async def test_the_check_page_shows_it_as_text_too(scene: Scene) -> None:
    browser = await scene.as_(scene.emma)
    (contract,) = scene.known["/contracts/{id}"]
    check = await checked(
        browser,
        f"{contract}/fund",
        milestones__0__description=f"{EVIL}new",
        milestones__0__amount="1.00",
    )
    must_be_text(check)
    assert str(escape(f"{EVIL}new")) in check.text
    assert f"{EVIL}name" in form_in(check).button
    page = await typed(browser, "/withdraw", amount=EVIL, destination__name=f"{EVIL}wrong")
    assert page.status_code == 422
    must_be_text(page)
    assert form_in(page).values["amount"] == EVIL
    assert form_in(page).values["destination.name"] == f"{EVIL}wrong"


async def test_what_an_address_brings_is_text(scene: Scene) -> None:
    await scene.as_(scene.emma)
    evil = quote(EVIL)
    for path in (
        f"/finances/milestones?q={evil}&status={evil}&dir={evil}&sort={evil}&cursor={evil}",
        f"/finances/transactions?currency={evil}&cursor={evil}",
        f"/contracts?status={evil}&dir={evil}",
        f"/people?q={evil}&freelancer={evil}",
        f"/contracts/new?q={evil}&currency={evil}&terms={evil}&key={evil}&freelancer={evil}",
        f"/deposit?amount={evil}&currency={evil}&sandbox={evil}",
        f"/contracts/{evil}",
        f"/contracts/{evil}/{evil}",
        f"/intents/{evil}",
        f"/receipts/{evil}",
        f"/invitations/inv_{evil}",
    ):
        page = await scene.browser.open(path)
        assert page.status_code in {200, 404}, path
        must_be_text(page)
    scene.browser.forget()
    for path in (
        f"/signin?next={evil}",
        "/signin?next=javascript:alert(1)",
        f"/signup?invitation={evil}",
    ):
        must_be_text(await scene.browser.open(path))


async def test_what_is_kept_over_a_sign_in_is_text(scene: Scene) -> None:
    (contract,) = scene.known["/contracts/{id}"]
    await scene.as_(scene.emma)
    token = csrf_of(await scene.browser.open(contract))
    ended = "UPDATE sessions SET expires_at = now() - interval '1 second'"
    await scene.house.app.database.pool.execute(ended)
    values = {"csrf": token, "text": EVIL, EVIL: "x"}
    page = await scene.browser.post(f"{contract}/say", values)
    assert page.status_code == 401
    must_be_text(page)
    kept = form_in(page).values
    assert kept["kept.text"] == EVIL
    assert kept[f"kept.{EVIL}"] == "x"
