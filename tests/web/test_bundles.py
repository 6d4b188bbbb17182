"""Several releases at once: each is one command, and each says what became of it."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from tests.http.house import CLOCKED, Housing, Json, agreed, usd
from tests.web.browser import Browser, browsing, csrf_of, errors_of, said
from tests.web.deals import books_of, deal, wallet
from tests.web.reading import Node, amount_in, form_in, main_of, rows_in

from earnest.http.web.bundles import MOST

pytestmark = pytest.mark.asyncio

LIST = "/finances/milestones?dir=outgoing"


async def gathered(browser: Browser, *milestones: Json) -> httpx.Response:
    """Tick these on the list, and go on to the page that shows them."""
    page = await browser.open(LIST)
    ticks = {f"pick.{each['id']}": "1" for each in milestones}
    sent = await browser.post("/bundles", {"csrf": csrf_of(page), **ticks})
    assert sent.is_redirect, said(sent)
    return await browser.follow(sent)


async def confirmed(browser: Browser, review: httpx.Response, **more: str) -> httpx.Response:
    """Tick that all of it was checked, and send it."""
    values = {"csrf": csrf_of(review), "ok": "1", **more}
    return await browser.follow(await browser.post(review.url.path, values))


def amounts(page: httpx.Response) -> list[str]:
    return [amount_in(row[-1]) for row in rows_in(page)]


def part(page: httpx.Response, name: str) -> Node:
    return main_of(page).one("section", id=name)


async def test_only_what_can_be_released_has_a_tick(browser: Browser, house: Housing) -> None:
    emma, frank, _, (first, second) = await deal(house, browser, "10.00", "20.00")
    await emma.done(f"/v1/milestones/{first['id']}/release")
    boxes = list(main_of(await browser.open(LIST)).every("input", type="checkbox"))
    assert [each.attributes["name"] for each in boxes] == [f"pick.{second['id']}"]
    assert {each.attributes["form"] for each in boxes} == {"many"}
    assert "checked" not in boxes[0].attributes
    ticked = main_of(await browser.open(f"{LIST}&pick=all")).one("input", type="checkbox")
    assert "checked" in ticked.attributes
    await browser.enter(frank.number)
    page = await browser.open("/finances/milestones?dir=incoming")
    assert not list(main_of(page).every("input", type="checkbox"))


async def test_the_review_names_each_amount_and_person_and_moves_nothing(
    browser: Browser, house: Housing
) -> None:
    _, _, _, made = await deal(house, browser, "10.00", "20.50")
    before = await books_of(house)
    page = await gathered(browser, *made)
    assert amounts(page) == ["10.00", "20.50"]
    assert part(page, "rows").text.count("frank") >= 2
    assert amount_in(part(page, "rows").one("tfoot")) == "30.50"
    assert form_in(page).button == "Release USD 30.50 for 2 milestones"
    assert "A release cannot be undone." in said(page)
    assert await books_of(house) == before


async def test_each_is_released_once_with_a_receipt_of_its_own(
    browser: Browser, house: Housing
) -> None:
    _, frank, _, made = await deal(house, browser, "10.00", "20.50")
    review = await gathered(browser, *made)
    page = await confirmed(browser, review)
    assert main_of(page).one("h1").text == "2 of 2 released"
    assert amounts(page) == ["10.00", "20.50"]
    receipts = [h for h in part(page, "rows").hrefs if h.startswith("/receipts/")]
    assert len({*receipts}) == 2
    for receipt in receipts:
        assert (await browser.open(receipt)).status_code == 200
    assert await wallet(frank) == "30.50"
    # Sent again, by another tab or by Back, it is the same page and nothing moves.
    before = await books_of(house)
    again = await confirmed(browser, review)
    assert said(main_of(again).text) == said(main_of(page).text)
    assert await books_of(house) == before


async def test_two_tabs_that_confirm_at_once_release_once(browser: Browser, house: Housing) -> None:
    emma, frank, _, made = await deal(house, browser, "10.00", "20.00", "30.00")
    review = await gathered(browser, *made)
    async with browsing(house) as other:
        await other.enter(emma.number)
        same = await other.open(review.url.path)
        first, second = await asyncio.gather(confirmed(browser, review), confirmed(other, same))
    assert main_of(first).one("h1").text == main_of(second).one("h1").text == "3 of 3 released"
    assert await house.value("SELECT count(*) FROM releases") == 3
    assert await wallet(frank) == "60.00"


async def test_what_cannot_be_released_is_named_and_the_others_are(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (first, second) = await deal(house, browser, "10.00", "20.00")
    await emma.done(f"/v1/milestones/{first['id']}/release")
    review = await gathered(browser, first, second)
    assert amounts(review) == ["20.00"]
    assert "already released" in part(review, "left").text
    page = await confirmed(browser, review)
    assert main_of(page).one("h1").text == "1 of 2 released"
    assert "Nothing was released of this one." in part(page, "left").text
    assert await wallet(frank) == "30.00"


async def test_what_changes_before_it_is_confirmed_is_left_out(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (first, second) = await deal(house, browser, "10.00", "20.00")
    review = await gathered(browser, first, second)
    await emma.done(f"/v1/milestones/{first['id']}/release", {"amount": usd("4.00")})
    page = await confirmed(browser, review)
    assert main_of(page).one("h1").text == "1 of 2 released"
    left = part(page, "left").text
    assert "It has changed since you opened this page. Nothing was released of this one." in left
    assert await wallet(frank) == "24.00"


async def test_a_review_that_is_too_old_is_shown_anew(browser: Browser, house: Housing) -> None:
    _, frank, _, made = await deal(house, browser, "10.00", "20.00")
    review = await gathered(browser, *made)
    await house.app.database.pool.execute(
        "UPDATE intents SET expires_at = clock_timestamp() - interval '1 second'"
    )
    page = await confirmed(browser, review)
    assert "Nothing was done, and no money moved." in said(page)
    again = form_in(page)
    fresh = await browser.follow(await browser.post(again.action, again.values))
    assert fresh.url.path != review.url.path
    await confirmed(browser, fresh)
    assert await wallet(frank) == "30.00"


async def test_without_the_tick_nothing_is_released(browser: Browser, house: Housing) -> None:
    _, _, _, made = await deal(house, browser, "10.00")
    review = await gathered(browser, *made)
    before = await books_of(house)
    page = await browser.post(review.url.path, {"csrf": csrf_of(review)})
    assert page.status_code == 422
    assert errors_of(page) == ["Tick this once you have checked it."]
    assert await books_of(house) == before


async def test_a_release_on_its_way_says_when_it_is_final(browser: Browser, house: Housing) -> None:
    emma, _, _, made = await agreed(house, "10.00", terms={**CLOCKED, "undo_seconds": 600})
    await browser.enter(emma.number)
    review = await gathered(browser, *made)
    assert "Can be recalled for 10 minutes" in said(review)
    assert "A release cannot be undone." not in said(review)
    page = await confirmed(browser, review)
    assert "On its way: final on" in part(page, "rows").text


async def test_a_bundle_is_its_maker_s_alone(browser: Browser, house: Housing) -> None:
    _, frank, _, made = await deal(house, browser, "10.00")
    review = await gathered(browser, *made)
    before = await books_of(house)
    for who in (frank, await house.person("sam")):
        await browser.enter(who.number)
        page = await browser.open(review.url.path)
        assert page.status_code == 404
        sent = await browser.post(review.url.path, {"csrf": csrf_of(page), "ok": "1"})
        assert sent.status_code == 404
    # Nor can anybody else's milestone be put into one.
    own = {"csrf": csrf_of(await browser.open(LIST)), f"pick.{made[0]['id']}": "1"}
    assert (await browser.post("/bundles", own)).status_code == 404
    assert await books_of(house) == before


async def test_nothing_ticked_and_too_much_lead_back_to_the_same_list(
    browser: Browser, house: Housing
) -> None:
    await deal(house, browser, "10.00")
    token = csrf_of(await browser.open(LIST))
    sent = await browser.post("/bundles", {"csrf": token, "list": "dir=outgoing&q=piece&next=x"})
    assert sent.headers["location"] == f"{LIST}&q=piece"
    assert "Tick what you want to release first." in said(await browser.follow(sent))
    many = {f"pick.ms_{number:013}": "1" for number in range(1, MOST + 2)}
    sent = await browser.post("/bundles", {"csrf": token, **many})
    assert "Tick fifty at most." in said(await browser.follow(sent))
