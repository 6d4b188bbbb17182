"""Saved views: a filter of a list under a name, which leads nowhere but to that list."""

from __future__ import annotations

import httpx
import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, csrf_of, errors_of, said
from tests.web.deals import deal
from tests.web.people import Known
from tests.web.reading import main_of, tree

from earnest.store.views import MOST

pytestmark = pytest.mark.asyncio

LIST = "/finances/milestones"
QUERY = "dir=outgoing&status=funded&q=piece&sort=-amount"


async def saved(browser: Browser, name: str, query: str = QUERY, **more: str) -> httpx.Response:
    token = csrf_of(await browser.open(LIST))
    asked = {"csrf": token, "list": "milestones", "query": query, "name": name, **more}
    return await browser.post("/views", asked)


def links(page: httpx.Response) -> dict[str, str]:
    """The saved views that stand above a list."""
    nav = next(main_of(page).every("nav", aria_label="Saved views"), None)
    found = nav.every("a", class_="chip") if nav is not None else ()
    return {each.text: each.attributes["href"] for each in found}


async def test_a_filter_is_saved_and_is_a_link_above_its_list(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    page = await browser.open(f"{LIST}?{QUERY}")
    form = tree(page).one("form", action="/views")
    values = {each.attributes["name"]: each.attributes["value"] for each in form.every("input")}
    values["name"] = "  To look   at "
    back = await browser.post("/views", values)
    assert back.headers["location"] == f"{LIST}?{QUERY}"
    page = await browser.follow(back)
    assert links(page) == {"To look at": f"{LIST}?{QUERY}"}
    assert 'aria-current="page"><bdi>To look at' in page.text
    assert not list(main_of(page).every("form", action="/views"))  # It is saved already.
    assert links(await browser.open("/contracts")) == {}
    assert links(await browser.open(LIST)) == links(page)


@pytest.mark.parametrize("query", ["//elsewhere.example", "next=/settings&q=a", "cursor=abc&q=a"])
async def test_what_is_saved_is_what_the_list_itself_would_write(
    browser: Browser, emma: Known, query: str
) -> None:
    await browser.enter(emma.number)
    sent = await saved(browser, "Mine", query)
    more = "&q=a" if "q=a" in query else ""
    assert sent.headers["location"] == f"{LIST}?dir=outgoing{more}"
    assert [*links(await browser.follow(sent)).values()] == [f"{LIST}?dir=outgoing{more}"]


@pytest.mark.parametrize("name", ["nothing", "notices", "https://elsewhere.example"])
async def test_only_lists_that_there_are_have_views(
    browser: Browser, emma: Known, name: str
) -> None:
    await browser.enter(emma.number)
    assert (await saved(browser, "Mine", list=name)).status_code == 404


@pytest.mark.parametrize(
    ("name", "told"),
    [(" ", "Give it a name."), ("x" * 81, "longer than 80"), ("Mine", "called so")],
)
async def test_a_name_that_cannot_be_is_kept_and_said(
    browser: Browser, house: Housing, emma: Known, name: str, told: str
) -> None:
    await browser.enter(emma.number)
    await saved(browser, "Mine")
    page = await saved(browser, name, "dir=incoming")
    assert page.status_code == 422
    assert told in errors_of(page)[0]
    form = tree(page).one("form", action="/views")
    assert form.one("input", id="name").attributes["value"] == name
    assert form.one("input", name="query").attributes["value"] == "dir=incoming"
    assert await house.value("SELECT count(*) FROM views") == 1


async def test_there_are_twenty_at_most(browser: Browser, house: Housing, emma: Known) -> None:
    await browser.enter(emma.number)
    for number in range(MOST):
        assert (await saved(browser, f"View {number}")).is_redirect
    page = await saved(browser, "One more")
    assert (page.status_code, errors_of(page)[0][:25]) == (422, "You have 20 saved views, ")
    assert await house.value("SELECT count(*) FROM views") == MOST


async def test_a_view_is_renamed_and_removed_by_its_owner_alone(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    await browser.enter(emma.number)
    await saved(browser, "Mine")
    await saved(browser, "Other")
    page = await browser.open("/views")
    path = next(
        form.attributes["action"]
        for form in main_of(page).every("form")
        if form.one("input", type="text").attributes["value"] == "Mine"
    )
    await browser.enter(frank.number)
    theirs = {"csrf": csrf_of(await browser.open("/settings")), "name": "Stolen"}
    for target in (path, f"{path}/remove"):
        assert (await browser.post(target, theirs)).status_code == 404
    await browser.enter(emma.number)
    own = {"csrf": csrf_of(await browser.open("/views")), "name": "Other"}
    taken = await browser.post(path, own)
    assert (taken.status_code, "called so" in errors_of(taken)[0]) == (422, True)
    assert 'value="Other"' in taken.text
    await browser.post(path, {**own, "name": "Ours"})
    assert {*links(await browser.open(LIST))} == {"Ours", "Other"}
    gone = await browser.follow(await browser.post(f"{path}/remove", own))
    assert "The view is removed." in said(gone)
    assert {*links(await browser.open(LIST))} == {"Other"}
    assert (await browser.post(f"{path}/remove", own)).status_code == 404


async def test_each_filter_is_a_chip_that_takes_it_away(browser: Browser, house: Housing) -> None:
    await deal(house, browser, "10.00")
    page = await browser.open(f"{LIST}?{QUERY}&currency=USD")
    chips = main_of(page).one("nav", class_="chips")
    found = {each.text.partition(" · ")[0]: each.attributes["href"] for each in chips.every("a")}
    rest = f"{LIST}?dir=outgoing"
    assert found == {
        "Status: Funded": f"{rest}&currency=USD&q=piece&sort=-amount",
        "Currency: USD": f"{rest}&status=funded&q=piece&sort=-amount",
        "With “piece”": f"{rest}&status=funded&currency=USD&sort=-amount",
        "Clear": f"{rest}&sort=-amount",
    }
    for href in found.values():
        assert (await browser.open(href)).status_code == 200
    assert not list(main_of(await browser.open(LIST)).every("nav", class_="chips"))


async def test_heads_of_columns_sort_and_say_how(browser: Browser, house: Housing) -> None:
    await deal(house, browser, "10.00", "20.00")
    plain = main_of(await browser.open(LIST))
    assert not [th for th in plain.every("th") if "aria-sort" in th.attributes]
    for sort, told, following in (
        ("due_at", "ascending", "-due_at"),
        ("-due_at", "descending", "due_at"),
        ("-amount", "descending", "amount"),
        ("amount", "ascending", "-amount"),
    ):
        page = main_of(await browser.open(f"{LIST}?dir=outgoing&sort={sort}"))
        (head,) = (th for th in page.every("th") if "aria-sort" in th.attributes)
        assert head.attributes["aria-sort"] == told
        assert head.hrefs == [f"{LIST}?dir=outgoing&sort={following}"]
