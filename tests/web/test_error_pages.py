"""What a page says when something is wrong: whether money moved, and what now."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.http.house import Housing, Json, Person, agreed
from tests.web.browser import Browser, browsing, csrf_of, said
from tests.web.deals import books_of, checked, confirm, confirmed, typed
from tests.web.reading import code_in, main_of, tree

from earnest.http.security import Cookies
from earnest.http.signin.throttle import SIGN_IN
from earnest.http.web.places import Place
from earnest.http.web.visiting import Visit
from earnest.wire.decode import BODY_BYTES_MAX

pytestmark = pytest.mark.asyncio

NOTHING = "Nothing was done, and no money moved."
UNKNOWN = "We cannot tell whether it was done."
HALT = "INSERT INTO halts (what) VALUES ('a test')"
CLEAR = "UPDATE halts SET cleared_at = now(), cleared_because = 'a test'"


def must_say(page: httpx.Response, status: int, code: str, *words: str) -> None:
    """The status, the code, the words, and a way on."""
    assert (page.status_code, code_in(page)) == (status, code)
    for each in words:
        assert each in said(page), each
    assert len(list(main_of(page).every("h1"))) == 1
    assert [href for href in main_of(page).hrefs if href.startswith("/")]


def main_action(page: httpx.Response) -> tuple[str, str]:
    """What a page offers first, and where that leads."""
    link = main_of(page).one("a", class_="btn primary")
    return link.text, link.attributes["href"]


async def at_work(house: Housing, browser: Browser) -> tuple[Person, Json]:
    emma, _, _, (milestone,) = await agreed(house, "100.00")
    await browser.enter(emma.number)
    return emma, milestone


async def test_403_says_that_another_page_sent_it(browser: Browser, house: Housing) -> None:
    _, milestone = await at_work(house, browser)
    path = f"/milestones/{milestone['id']}/release"
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    page = await browser.send(path, {"how": "full"}, page=path, headers=elsewhere)
    must_say(page, 403, "cross_site", NOTHING, "Go to your finances")
    assert said(page).count("Nothing was done") == 1
    page = await browser.post(path, {"how": "full", "csrf": "of somebody else"})
    must_say(page, 403, "form_too_old", NOTHING, "Open it again, and send it then.")
    assert main_action(page) == ("Open the page again", path)


async def test_403_says_whose_part_it_is(browser: Browser, house: Housing) -> None:
    _, milestone = await at_work(house, browser)
    page = await browser.open(f"/milestones/{milestone['id']}/submit")
    must_say(page, 403, "not_your_part", "Only frank, the freelancer, can do this.")


@pytest.mark.parametrize(
    "path", ["/nowhere", "/contracts/ctr_x", "/milestones/1/release", "/finances/", "/static/x"]
)
async def test_404_leads_on_and_tells_nothing(browser: Browser, house: Housing, path: str) -> None:
    await at_work(house, browser)
    page = await browser.client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    if path.startswith("/static/"):
        assert page.status_code == 404
        return
    must_say(page, 404, "not_found")
    assert NOTHING not in said(page)  # Nothing was tried.


async def test_409_says_that_nothing_was_done(browser: Browser, house: Housing) -> None:
    _, milestone = await at_work(house, browser)
    path = f"/milestones/{milestone['id']}/release"
    first, second = await checked(browser, path, how="full"), await checked(browser, path)
    await confirmed(browser, first)
    page = await confirm(browser, second)
    must_say(page, 409, "wrong_status", NOTHING, "Already released.")
    assert "This milestone is already released, so this cannot be done any more." in said(page)
    assert main_action(page) == ("Go to the milestone", f"/milestones/{milestone['id']}")


async def test_422_keeps_the_form(browser: Browser, house: Housing) -> None:
    _, milestone = await at_work(house, browser)
    page = await typed(browser, f"/milestones/{milestone['id']}/release", how="part", amount="x")
    must_say(page, 422, "", "There is a problem")
    assert len(list(main_of(page).every("form"))) == 1


async def test_429_says_how_long_to_wait(browser: Browser, house: Housing) -> None:
    for _ in range(SIGN_IN.amount):
        page = await browser.send("/signin", page="/signin", email="a@b", password="x")
        assert page.status_code == 422
    page = await browser.send("/signin", page="/signin", email="a@b", password="x")
    must_say(page, 429, "too_many_requests", NOTHING, "Too many tries", "15 minutes")
    assert main_action(page) == ("Back to sign in", "/signin")
    assert 0 < int(page.headers["retry-after"]) <= 15 * 60 + 2


async def broken(_visit: Visit, _request: Request) -> Response:
    raise RuntimeError("a bug of ours")


async def test_500_tells_of_the_bug_and_nothing_of_its_inside(house: Housing) -> None:
    emma = await house.person("emma")
    place = Place(house.app, Cookies(house.app.config), "/broken", {"GET": broken, "POST": broken})
    async with browsing(house, Starlette(routes=[Route("/broken", place)])) as browser:
        await browser.enter(emma.number)
        page = await browser.open("/broken", a="1")
        must_say(page, 500, "internal", "Something went wrong here that should not have.")
        assert UNKNOWN not in said(page)
        assert NOTHING not in said(page)
        assert main_action(page) == ("Try again", "/broken?a=1")
        page = await browser.post("/broken", {"csrf": csrf_of(page)})
        must_say(page, 500, "internal", UNKNOWN, "Look at your transactions before you try again")
        assert "a bug of ours" not in page.text
        assert "RuntimeError" not in page.text


async def test_a_broken_command_is_told_as_a_bug(browser: Browser, house: Housing) -> None:
    """As if a table had gone: the batcher isolates the command, and it did nothing."""
    _, milestone = await at_work(house, browser)
    check = await checked(browser, f"/milestones/{milestone['id']}/release", how="full")
    before = await books_of(house)
    await house.app.database.pool.execute("ALTER TABLE transfers RENAME TO transfers_gone")
    page = await confirm(browser, check)
    must_say(page, 500, "internal", NOTHING)
    assert main_action(page) == ("Try again", check.url.path)
    assert page.headers["x-trace-id"] in said(page)
    await house.app.database.pool.execute("ALTER TABLE transfers_gone RENAME TO transfers")
    assert await books_of(house) == before
    await confirmed(browser, check)


async def test_503_while_the_books_do_not_balance(browser: Browser, house: Housing) -> None:
    """Reading goes on; what was confirmed is not done, and can be confirmed afterwards."""
    _, milestone = await at_work(house, browser)
    check = await checked(browser, f"/milestones/{milestone['id']}/release", how="full")
    before = await books_of(house)
    await house.app.database.pool.execute(HALT)
    page = await confirm(browser, check)
    must_say(page, 503, "books_do_not_balance", NOTHING, "No money moves until it does.")
    assert page.headers["retry-after"] == "60"
    assert await books_of(house) == before
    for path in ("/finances", check.url.path, f"/milestones/{milestone['id']}"):
        assert (await browser.open(path)).status_code == 200
    await house.app.database.pool.execute(CLEAR)
    await confirmed(browser, check)


async def test_everybody_is_told_while_no_money_moves(browser: Browser, house: Housing) -> None:
    _, milestone = await at_work(house, browser)
    pages = ("/finances", "/contracts", "/settings", f"/milestones/{milestone['id']}", "/help")
    for is_halted in (False, True):
        for path in pages:
            told = "No money moves just now. Reading works." in said(await browser.open(path))
            assert told == is_halted, path
        await house.app.database.pool.execute(HALT)
    browser.forget()
    assert "No money moves" not in said(await browser.open("/signin"))


async def test_the_console_says_that_the_books_do_not_balance(
    browser: Browser, house: Housing
) -> None:
    await browser.enter((await house.person("olga", "operator")).number)
    assert "The books are in balance" in said(await browser.open("/staff"))
    await house.app.database.pool.execute(HALT)
    page = await browser.open("/staff")
    assert "The books do not balance" in said(page)
    assert "earnest ledger verify" in said(page)


async def test_503_while_the_database_is_gone(browser: Browser, house: Housing) -> None:
    _, milestone = await at_work(house, browser)
    path = f"/milestones/{milestone['id']}/release"
    token = csrf_of(await browser.open(path))
    house.app.database.pool.terminate()
    page = await browser.open(path)
    must_say(page, 503, "database_gone", "We cannot reach our records just now.")
    assert "The database" not in said(page)
    assert main_action(page) == ("Try again", path)
    # Nobody can tell who visits: they are not taken for signed out.
    assert not {"Sign in", "Sign up", "Sign out"} & {each.text for each in tree(page).every("a")}
    assert int(page.headers["retry-after"]) > 0
    page = await browser.post(path, {"csrf": token, "how": "full"})
    must_say(page, 503, "database_gone", NOTHING)
    assert int(page.headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/finances", "/contracts", "/deposit"])
async def test_the_page_of_an_error_is_a_whole_page(
    browser: Browser, house: Housing, path: str
) -> None:
    """With the way back into everything, for who is signed in."""
    await at_work(house, browser)
    page = await browser.client.put(path)
    must_say(page, 405, "method_not_allowed", NOTHING, "emma", "Sign out", "Contracts")


async def test_a_body_that_is_no_form_is_refused(browser: Browser, house: Housing) -> None:
    _, milestone = await at_work(house, browser)
    path = f"/milestones/{milestone['id']}/release"
    own = {"Sec-Fetch-Site": "same-origin"}
    page = await browser.client.post(path, json={"how": "full"}, headers=own)
    must_say(page, 415, "unsupported_media_type", NOTHING)
    form = {**own, "Content-Type": "application/x-www-form-urlencoded"}
    for body, status, code in (
        (b"\xff=1", 400, "malformed"),
        (b"a=%ff", 400, "malformed"),
        (b"&".join(b"a=1" for _ in range(1_001)), 400, "malformed"),
        (b"a=" + b"x" * BODY_BYTES_MAX, 413, "too_large"),
    ):
        page = await browser.client.post(path, content=body, headers=form)
        must_say(page, status, code, NOTHING)
