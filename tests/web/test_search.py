"""The search of every page's head, and the page of its results."""

from __future__ import annotations

import re

import pytest
from tests.http.house import Housing, Json, project_of, usd
from tests.web.browser import Browser, said
from tests.web.crowds import noted
from tests.web.deals import deal
from tests.web.people import Known

from earnest.http.web.marking import Bit, excerpt, folded, marked
from earnest.store import documents
from earnest.wire.sought import sought

LINK = re.compile(r'<h3><a href="([^"]+)">')


def links(page: object) -> list[str]:
    return LINK.findall(page.text)  # type: ignore[attr-defined]


async def indexed(house: Housing) -> None:
    await documents.catch_up(house.app.database)


@pytest.mark.asyncio
async def test_every_page_has_the_box_and_a_stranger_has_none(
    browser: Browser, emma: Known
) -> None:
    assert 'id="find"' not in (await browser.open("/")).text
    await browser.enter(emma.number)
    for path in ("/finances", "/projects", "/settings", "/contracts/new"):
        page = await browser.open(path)
        assert '<form class="find" method="get" action="/search" role="search"' in page.text


@pytest.mark.asyncio
async def test_results_lead_to_their_pages_and_say_how_things_stand(
    house: Housing, browser: Browser
) -> None:
    emma, frank, contract, (milestone,) = await deal(house, browser, "40.00")
    await indexed(house)
    page = await browser.open("/search", q="piece work")
    assert links(page) == [f"/milestones/{milestone['id']}"]
    assert "A <mark>piece</mark> of <mark>work</mark>" in page.text
    assert "USD 40.00" in said(page)
    assert "Funded" in said(page)
    assert links(await browser.open("/search", q="frank")) == [
        f"/contracts/{contract['id']}",
        f"/people/{frank.id}",
    ]
    assert links(await browser.open("/search", q="frank", type="user")) == [f"/people/{frank.id}"]
    assert links(await browser.open("/search", q="emma", type="user")) == [f"/people/{emma.id}"]


@pytest.mark.asyncio
async def test_a_stranger_finds_nothing_of_two_others(
    house: Housing, browser: Browser, emma: Known
) -> None:
    _, _, contract, (milestone,) = await deal(house, browser, "40.00")
    await indexed(house)
    await browser.enter(emma.number)
    for words in ("piece", "40.00", milestone["id"], contract["id"], str(milestone["number"])):
        for path in ("/search", "/search/suggested"):
            page = await browser.open(path, q=words)
            assert page.status_code == 200
            assert "Nothing found" in said(page)
            assert "/milestones/ms_" not in page.text


@pytest.mark.asyncio
async def test_what_was_found_in_a_description_is_shown_around_it(
    house: Housing, browser: Browser
) -> None:
    emma, *_ = await deal(house, browser)
    text = "Many words before it. " * 30 + "The lighthouse is white. " + "And after it. " * 30
    made = await emma.done("/v1/projects", project_of(title="A tower", description=text))
    await indexed(house)
    page = await browser.open("/search", q="LIGHT")
    assert links(page) == [f"/projects/{made['id']}"]
    assert "The <mark>lighthouse</mark> is white." in page.text
    assert len(page.text) < 12_000


@pytest.mark.asyncio
@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><img src=x>', "a'b|c&d", "\\"])
async def test_what_was_typed_stands_in_the_page_as_text(
    house: Housing, browser: Browser, words: str
) -> None:
    emma, *_ = await deal(house, browser)
    await emma.done("/v1/projects", project_of(title=f"Draw {words} script"))
    await indexed(house)
    for query in (words, "script"):
        page = await browser.open("/search", q=query)
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "<img" not in page.text


@pytest.mark.asyncio
async def test_what_makes_no_sense_is_overlooked(browser: Browser, emma: Known) -> None:
    await browser.enter(emma.number)
    for query in (
        {},
        {"q": "   "},
        {"q": "x", "type": "bid", "cursor": "abc"},
        {"q": "\0"},
        {"q": "y" * 5_000},
        {"q": "! & | ()"},
    ):
        for path in ("/search", "/search/suggested"):
            assert (await browser.open(path, **query)).status_code == 200
    assert "Search for anything" in said(await browser.open("/search"))


@pytest.mark.asyncio
async def test_results_have_pages(house: Housing, browser: Browser) -> None:
    emma, _, contract, _ = await deal(house, browser)
    lines: list[Json] = [{"description": f"Part {n}", "amount": usd("1.00")} for n in range(45)]
    path = f"/v1/contracts/{contract['id']}/fund"
    made = [*(await emma.done(path, {"milestones": lines}))["items"]]
    await indexed(house)
    found: list[str] = []
    page = await browser.open("/search", q="part")
    while True:
        found += links(page)
        older = re.search(r'<a class="btn older" href="([^"]+)"', page.text)
        if older is None:
            break
        page = await browser.open(older[1].replace("&amp;", "&"))
    assert found == [f"/milestones/{row['id']}" for row in reversed(made)]


@pytest.mark.asyncio
async def test_what_is_shown_while_one_types_is_short_and_says_how_much_it_is(
    house: Housing, browser: Browser
) -> None:
    emma, _, contract, _ = await deal(house, browser)
    lines: list[Json] = [{"description": f"Part {n}", "amount": usd("1.00")} for n in range(9)]
    await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": lines})
    await indexed(house)
    page = await browser.open("/search/suggested", q="par")
    assert page.text.count('href="/milestones/ms_') == 6
    assert 'data-said="6 results. Arrow down leads to them."' in page.text
    assert 'class="all" href="/search?q=par"' in page.text
    page = await browser.open("/search/suggested", q="nothing like it")
    assert 'data-said="Nothing found."' in page.text


@pytest.mark.asyncio
async def test_a_search_asks_as_often_for_many_as_for_one(house: Housing, browser: Browser) -> None:
    emma, _, contract, _ = await deal(house, browser)
    lines: list[Json] = [{"description": f"Part {n}", "amount": usd("1.00")} for n in range(20)]
    await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": lines})
    await indexed(house)
    counts = []
    for words, many in (("part 7", 1), ("part", 20)):
        async with noted(house) as texts:
            assert len(links(await browser.open("/search", q=words))) == many
        counts.append(len(texts))
    assert counts[0] == counts[1]


def test_words_are_marked_however_they_are_written() -> None:
    wanted = sought("cafe ŁODZ")
    assert marked("Café’s in Łódź, cafés too", wanted) == [
        Bit("Café’s in ", marked=False),
        Bit("Łódź", marked=True),
        Bit(", cafés too", marked=False),
    ]
    assert marked("Cafe\u0301", sought("café")) == [Bit("Cafe\u0301", marked=True)]
    assert marked("nothing", wanted) == [Bit("nothing", marked=False)]
    assert excerpt("nothing", wanted) == ""
    assert excerpt("a café", wanted) == "a café"


@pytest.mark.asyncio
async def test_python_folds_letters_as_the_database_does(house: Housing) -> None:
    for text in ("Café", "Łódź", "O’Hara", "İstanbul", "Straße", "ﬁne", "Đỗ", "Ångström", "ﷺ", "Ⅻ"):
        assert folded(text) == await house.value("SELECT searched($1)", text), text
