"""Everything that a page says can be said in another language, and is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from html.parser import HTMLParser

import httpx
import pytest
import pytest_asyncio
from tests.http.house import Housing
from tests.web.browser import Browser
from tests.web.scene import MAILS, Scene, Words, is_page, played
from tests.words import pseudo

from earnest.core.currencies import EXPONENTS
from earnest.files.kinds import ENDINGS
from earnest.store import people
from earnest.words import catalogues
from earnest.words.languages import LANGUAGES
from earnest.words.saying import ENGLISH

pytestmark = pytest.mark.asyncio

#: What people write, without a Latin letter, so that it is nobody's word of ours.
TYPED = {name: f"«{number}»" for number, name in enumerate(asdict(Words()))}
KEPT = {"file": "7.txt", "links": "https://example.org/7", "account": "settle"}
#: Pages for programs and their programmers, which stay English.
FOR_PROGRAMS = re.compile(r"^/docs/|^/styleguide|^/outbox/")
#: What is the same in every language: names, codes, and the words of programs.
PROPER = frozenset(
    {
        *("Earnest", "API", "IBAN", "SHA", "UTC", "PDF", "CSV", "Markdown"),
        *("emma", "frank", "olga", "Another", "token", "earnest", "ledger", "verify"),
        *("Home", "End", "Esc"),
        *(word for name in LANGUAGES.values() for word in re.findall("[A-Za-z]+", name)),
        *ENDINGS,
        *EXPONENTS,
    }
)
#: Shorter texts may be a word of another language, or a name.
LONG = 5
#: So many pages there are at least, as three people and a stranger see them.
MANY = 100
_WORD = re.compile(r"[A-Za-z]{3,}")
#: References, hashes, addresses, zones of the world, and what has digits in it.
_CODES = re.compile(r"\b(?:[a-z]+(?:_[a-z]+)+|\S+@\S+|\S*[0-9]\S*|[A-Z][a-z]+/.*)")
_SHOWN = ("aria-label", "placeholder", "title", "alt", "content", "data-copied")


class Reading(HTMLParser):
    """All that somebody reads or hears of a page, piece by piece."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unread = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in {"script", "code"}
        known = dict(attrs)
        is_heard = tag != "meta" or known.get("name") == "description"
        self.said += [known[name] or "" for name in _SHOWN if name in known and is_heard]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in {"script", "code"}

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.said.append(data)


def plain(page: httpx.Response) -> Iterator[str]:
    """The words in plain letters that are neither somebody's nor the same everywhere."""
    for piece in Reading(page.text).said:
        text = _CODES.sub(" ", piece)
        for word in _WORD.findall(text):
            if word not in PROPER:
                yield f"{word} in {piece.strip()!r}"


@pytest_asyncio.fixture
async def scene(house: Housing, browser: Browser) -> AsyncIterator[Scene]:
    """A filled world whose people all read Arabic."""
    pool = house.app.database.pool
    await pool.execute("ALTER TABLE users ALTER language SET DEFAULT 'ar'")
    try:
        yield await played(house, browser, Words(**{**TYPED, **KEPT}))
    finally:
        await pool.execute("ALTER TABLE users ALTER language SET DEFAULT 'en'")


def untranslated(page: httpx.Response, language: str) -> Iterator[str]:
    """What stands there in English though there is something else to say."""
    told = catalogues.of(language)
    assert told is not None
    for piece in map(str.strip, Reading(page.text).said):
        if piece in LANGUAGES.values():
            continue  # Each is called as its readers call it.
        if len(piece) >= LONG and told.texts.get(piece, piece) != piece:
            yield piece


async def test_no_word_of_a_page_is_beyond_translation(scene: Scene) -> None:
    """Strangers too: their browser asks for Arabic."""
    scene.browser.client.headers["Accept-Language"] = "ar"
    with pseudo.speaking():
        pages = await scene.seen_by_everybody()
    assert len(pages) > MANY
    found = {
        f"{word} of {page.url.path}"
        for page in pages
        if not FOR_PROGRAMS.match(page.url.path)
        for word in plain(page)
    }
    assert sorted(found) == []
    for language in {*LANGUAGES} - {ENGLISH}:
        await must_be_said_in(language, scene)


async def must_be_said_in(language: str, scene: Scene) -> None:
    """Forms are left out: there are many, and what they say was in brackets before."""
    await people.speak(scene.house.app.database, scene.emma.number, language)
    browser = await scene.as_(scene.emma)
    for place, address in scene.all("GET"):
        if place.template in MAILS or "{verb}" in place.template or FOR_PROGRAMS.match(address):
            continue
        page = await browser.open(address)
        if is_page(page):
            assert f'<html lang="{language}"' in page.text
            assert [*untranslated(page, language)] == [], address
