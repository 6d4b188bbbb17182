"""When even an error page cannot be drawn there is one that asks nothing of anybody."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.http.house import Housing
from tests.web.browser import browsing, said
from tests.web.reading import code_in, tree

from earnest.http.security import Cookies
from earnest.http.web import places
from earnest.http.web.broken import broken, is_for_people
from earnest.http.web.places import Place
from earnest.http.web.visiting import Visit
from earnest.words.problems import NOTHING_TRIED, UNKNOWN

pytestmark = pytest.mark.asyncio

PEOPLE = {"Accept": "text/html,*/*;q=0.8"}


async def fails(_visit: Visit, _request: Request) -> Response:
    raise RuntimeError("a bug of ours")


def no_page(*_: object, **__: object) -> Response:
    raise RuntimeError("no template is there")


def must_help(page: httpx.Response, status: int, code: str, words: str) -> None:
    """What happened, whether money moved, a way on; and nothing of the inside."""
    assert (page.status_code, code_in(page)) == (status, code)
    assert words in said(page)
    assert tree(page).hrefs == ["/finances", "/help"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not {"a bug of ours", "no template is there", "RuntimeError"} & {*page.text.split()}
    assert "[" not in said(page)


async def test_a_broken_error_page_is_followed_by_the_last(
    house: Housing, monkeypatch: pytest.MonkeyPatch
) -> None:
    emma = await house.person("emma")
    place = Place(house.app, Cookies(house.app.config), "/broken", {"GET": fails, "POST": fails})
    monkeypatch.setattr(places, "page", no_page)
    async with browsing(house, Starlette(routes=[Route("/broken", place)])) as browser:
        await browser.enter(emma.number)
        must_help(await browser.open("/broken"), 500, "internal", NOTHING_TRIED)
        must_help(await browser.post("/broken", {"csrf": "x"}), 500, "internal", UNKNOWN)


async def test_the_last_page_is_there_while_the_database_is_gone(
    house: Housing, monkeypatch: pytest.MonkeyPatch
) -> None:
    emma = await house.person("emma")
    monkeypatch.setattr(places, "page", no_page)
    async with browsing(house) as browser:
        await browser.enter(emma.number)
        house.app.database.pool.terminate()
        must_help(await browser.open("/finances"), 503, "database_gone", NOTHING_TRIED)


async def test_the_edge_has_the_last_word_for_people_and_programs(
    house: Housing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if what answers for an address had broken before it could."""

    async def breaks(*_: object) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(Place, "__call__", breaks)
    page = await house.client.get("/finances", headers=PEOPLE)
    must_help(page, 500, "internal", NOTHING_TRIED)
    assert page.headers["x-trace-id"] in said(page)
    problem = await house.client.get("/finances", headers={"Accept": "application/json"})
    assert problem.json()["code"] == "internal"


async def test_what_is_said_is_never_markup() -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    page = broken(Request(scope), 200, "<b>")
    assert (page.status_code, b"<b>" in page.body) == (500, False)
    assert not is_for_people(Request(scope))
