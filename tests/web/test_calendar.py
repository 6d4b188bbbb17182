"""The settings of one's calendar: an address that is shown once, ended and made anew."""

from __future__ import annotations

import re

import httpx
import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, said, value_of
from tests.web.people import Known, suspend

pytestmark = pytest.mark.asyncio

PAGE = "/settings/calendar"


async def made(browser: Browser) -> str:
    page = await browser.send(PAGE, page=PAGE)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    link = value_of(page, "link")
    assert link, page.text
    assert re.fullmatch(r"http://earnest/calendar/cal_[A-Za-z0-9_-]{43}\.ics", link)
    assert "It is shown only now." in said(page)
    return link.removeprefix("http://earnest")


async def status(house: Housing, path: str) -> int:
    answer: httpx.Response = await house.client.get(path)
    return answer.status_code


async def test_an_address_is_made_shown_once_and_made_anew(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    settings = await browser.open("/settings")
    assert f'href="{PAGE}"' in settings.text
    assert "Make the address" in said(await browser.open(PAGE))
    first = await made(browser)
    assert await status(house, first) == 200
    page = await browser.open(PAGE)
    assert "You have an address since" in said(page)
    assert "cal_" not in page.text
    second = await made(browser)
    assert [await status(house, each) for each in (first, second)] == [404, 200]


async def test_an_address_is_ended(browser: Browser, house: Housing, emma: Known) -> None:
    await browser.enter(emma.number)
    path = await made(browser)
    page = await browser.follow(await browser.send(f"{PAGE}/end", page=PAGE))
    assert "The address does not work any more." in said(page)
    assert "Make the address" in said(page)
    assert await status(house, path) == 404
    assert (await browser.open(f"{PAGE}/end")).is_redirect


async def test_only_a_form_of_ones_own_makes_or_ends_one(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    await browser.enter(emma.number)
    path = await made(browser)
    for at in (PAGE, f"{PAGE}/end"):
        assert (await browser.post(at, {"csrf": "x"})).status_code == 403
    await browser.enter(frank.number)
    await browser.send(f"{PAGE}/end", page=PAGE)
    assert await status(house, path) == 200


async def test_who_is_suspended_has_one_too(browser: Browser, house: Housing, emma: Known) -> None:
    await suspend(house, emma)
    await browser.enter(emma.number)
    assert await status(house, await made(browser)) == 200
