"""Hostile texts: whatever an action takes is typed, and every page, mail, file and list is read."""

from __future__ import annotations

import csv
import io
from email import message_from_bytes
from email.policy import default

import pytest
import pytest_asyncio
from icalendar import Calendar
from markupsafe import escape
from tests.http.house import Housing, Person
from tests.web.browser import Browser, csrf_of
from tests.web.hostile import EVIL, TYPED, furthered, texts, typed
from tests.web.reading import Node, tree
from tests.web.scene import MAILS, Scene, is_page, played

from earnest import notifying

pytestmark = pytest.mark.asyncio

#: What isolates its text by itself, or by our styles; or is a block that holds nothing else.
_ENDING = {"bdi", "a", "textarea", "option", "title", "pre", "h1", "h2", "h3", "td"}
_ALONE = {"vh", "detail", "muted small"}
TURNS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"


@pytest_asyncio.fixture
async def scene(house: Housing, browser: Browser) -> Scene:
    return await played(house, browser, typed())


def must_run_nothing(text: str, where: str) -> None:
    """No element, attribute or address of it is anybody's but ours."""
    for each in tree(text).every():
        assert each.tag not in {"img", "iframe", "object", "embed", "base", "style"}, where
        assert each.tag != "script" or each.attributes.get("nonce"), where
        assert not [name for name in each.attributes if name.startswith("on")], where
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            address = "".join(each.attributes.get(name, "/").split()).lower()
            assert address.startswith(("/", "#", "?", "http://", "https://")), (where, address)


def must_hold_in(node: Node, where: str) -> None:
    """What turns a text around stands in an element that ends it, or in a block of its own."""
    for each in node.children:
        if isinstance(each, str):
            assert not set(TURNS) & set(each), (where, node.tag, node.attributes, each[-40:])
        elif not _ends(each):
            must_hold_in(each, where)


def _ends(each: Node) -> bool:
    """Whether nothing that is turned around in it goes on after it."""
    is_alone = each.attributes.get("class") in _ALONE
    return each.tag in _ENDING or is_alone or each.attributes.get("dir") == "auto"


async def test_every_text_that_an_action_takes_is_typed_here() -> None:
    assert texts() == TYPED.keys()


async def test_no_text_runs_on_any_page_and_each_is_shown(scene: Scene) -> None:
    further = await furthered(scene)
    pages = await scene.seen_by_everybody()
    for who, path in further:
        await scene.as_(who)
        page = await scene.browser.follow(await scene.browser.open(path))
        assert page.status_code == 200, path
        pages.append(page)
    for page in pages:
        must_run_nothing(page.text, str(page.url))
        must_hold_in(tree(page), str(page.url))
    whole = "".join(page.text for page in pages)
    for words in {*TYPED.values()} - {"links", "account", "file"}:
        shown = (str(escape(f"{begin}{words}")) for begin in (EVIL, EVIL[:-1]))
        assert any(each in whole for each in shown), words
    for words in ("name", "invitation"):
        assert str(escape(f"{EVIL[:-1]}{words}")) in whole, words
    await _must_be_quiet_elsewhere(scene, [scene.emma, scene.frank, scene.olga])


async def _must_be_quiet_elsewhere(scene: Scene, people: list[Person]) -> None:
    """Mails, lists for spreadsheets, the calendar, and the API's JSON."""
    await notifying.drain(scene.house.app)
    rows = await scene.house.app.database.pool.fetch("SELECT raw FROM sandbox_mails")
    assert len(rows) > 20
    for row in rows:
        mail = message_from_bytes(row["raw"], policy=default)
        for kind in ("html", "plain"):
            body = mail.get_body((kind,))
            assert body is not None
            text = body.get_content()
            assert not set(TURNS) & set(text)
            if kind == "html":
                must_run_nothing(text, str(mail["Subject"]))
        assert not set(TURNS) & set(str(mail["Subject"]))
    for who in people:
        await scene.as_(who)
        for path in ("/finances/milestones.csv", "/finances/transactions.csv"):
            answer = await scene.browser.open(path)
            assert answer.headers["content-disposition"].startswith("attachment")
            for line in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))):
                assert not [cell for cell in line if cell[:1] in {"=", "@", "\t", "\r"}]
        for path in ("contracts", "milestones", "projects", "disputes", "notices", "events"):
            said = await who.get(f"/v1/{path}")
            assert said.headers["content-type"] == "application/json"
            assert said.headers["x-content-type-options"] == "nosniff"
    (address,) = scene.known["/calendar/{token}.ics"]
    calendar = Calendar.from_ical((await scene.browser.open(address)).content)
    assert {each.name for each in calendar.walk()} <= {"VCALENDAR", "VEVENT"}


async def test_no_form_breaks_whatever_is_typed_in_all_of_it(scene: Scene) -> None:
    """Each field that can be typed in, of every form that somebody has."""
    nul, long = "NUL \0 here", "W" * 5_000 + "\ud7ff\uffff\U0010ffff" + EVIL
    for who, text in ((scene.emma, nul), (scene.frank, long), (scene.olga, long)):
        assert await _typed_everywhere(scene, who, text) > 8


async def _typed_everywhere(scene: Scene, who: Person, text: str) -> int:
    sent = 0
    for place, address in scene.all("GET"):
        await scene.as_(who)
        page = await scene.browser.open(address)
        if not is_page(page) or page.status_code != 200 or place.template in MAILS:
            continue
        form = next(tree(page).one("main").every("form", method="post"), None)
        if form is None:
            continue
        fields = [each for each in form.every() if "name" in each.attributes]
        values = {each.attributes["name"]: text for each in fields} | {"csrf": csrf_of(page)}
        action = form.attributes["action"]
        answer = await scene.browser.post(action, values)
        assert answer.status_code < 500, (action, answer.status_code)
        if is_page(answer):
            must_run_nothing(answer.text, action)
        sent += 1
    return sent
