"""Finding the person whom an offer is for: by a name as anybody would type it, or an address."""

from __future__ import annotations

import pytest
import pytest_asyncio
from tests.http.house import Housing
from tests.web.browser import Browser, said
from tests.web.people import Known, known
from tests.web.reading import form_in, main_of

pytestmark = pytest.mark.asyncio


NAMES = (
    "Siobhán O’Brien",
    "José Álvarez",
    "Łukasz Wójcik",
    "Jean-Luc Picard",
    "عمر حداد",
    "山田 花子",
    "a.b@c & (d) 'e' \\ f",
)


@pytest_asyncio.fixture
async def crowd(house: Housing, browser: Browser, emma: Known) -> None:
    """People with all kinds of names, and one who looks for them."""
    for number, name in enumerate(NAMES):
        await known(house, name, email=f"person{number}@example.org")
    await browser.enter(emma.number)


async def found(browser: Browser, words: str) -> list[str]:
    """Who of the people below is found."""
    page = said(await browser.open("/people", q=words))
    return [name for name in NAMES if name in page]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Siobhán O’Brien", NAMES[0]),
        ("siobhan o'brien", NAMES[0]),
        ("OBRI", NAMES[0]),
        ("Sio O", NAMES[0]),
        ("jose alv", NAMES[1]),
        ("JOSÉ", NAMES[1]),
        ("lukasz", NAMES[2]),
        ("Łukasz Wojcik", NAMES[2]),
        ("luc pic", NAMES[3]),
        ("Jean-Luc", NAMES[3]),
        ("jean\u2011luc", NAMES[3]),
        ("عمر", NAMES[4]),
        ("山田", NAMES[5]),
        ("person0@example.org", NAMES[0]),
        ("PERSON0@EXAMPLE.ORG", NAMES[0]),
    ],
)
@pytest.mark.usefixtures("crowd")
async def test_a_person_is_found_however_the_name_is_typed(
    browser: Browser, words: str, name: str
) -> None:
    assert await found(browser, words) == [name]


@pytest.mark.parametrize(
    "words", ["'", "\\", "a", "& | ! ( )", ":*", "''':*'", "<->", "O'", "' ' '", "@", "\\' & 'x"]
)
@pytest.mark.usefixtures("crowd")
async def test_what_is_no_word_finds_nobody(browser: Browser, words: str) -> None:
    assert await found(browser, words) == []


async def test_nobody_finds_themselves(browser: Browser, emma: Known) -> None:
    await browser.enter(emma.number)
    page = await browser.open("/people", q="Emma Example")
    assert "Nobody is called so" in said(page)
    assert not list(main_of(page).every("form", action="/contracts/new")), "there is nobody to take"


@pytest.mark.usefixtures("crowd")
async def test_who_was_found_can_be_offered_a_contract(browser: Browser) -> None:
    page = main_of(await browser.open("/people", q="luc pic"))
    (going_on,) = page.every("form", action="/contracts/new")
    assert going_on.one("button").text == "Offer a contract"
    person = going_on.one("input", name="freelancer").attributes["value"]
    values = form_in(await browser.open("/contracts/new", q="luc pic", freelancer=person)).values
    assert values["freelancer"] == person
