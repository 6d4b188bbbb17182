"""Tokens of one's programs: made by who shows who they are, shown once, replaced and revoked."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, errors_of, said, value_of
from tests.web.people import PASSWORD, Known
from tests.web.reading import main_of, rows_in

from earnest.http.signin.tokens import ADDRESS
from earnest.http.web.proving import PLACE as AGAIN
from earnest.store import tokens

pytestmark = pytest.mark.asyncio

STALE = "UPDATE sessions SET proved_at = now() - interval '1 hour' RETURNING 1"
_TOKEN = re.compile(r'value="(ern_[A-Za-z0-9_-]{43})"')
FORM = {"name": "Cron", "scopes.read": "1", "days": "30"}


async def make(browser: Browser, **different: str) -> httpx.Response:
    return await browser.send(ADDRESS, {**FORM, **different}, page=ADDRESS)


def token_in(page: httpx.Response) -> str:
    """The token that a page shows."""
    found = _TOKEN.search(page.text)
    assert found, said(page)
    return found[1]


async def status(house: Housing, token: str, path: str = "/v1/me") -> int:
    """What a program hears that comes with it."""
    answer = await house.client.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


async def test_a_token_is_made_shown_once_and_works(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    assert "No tokens" in said(await browser.open(ADDRESS))
    page = await make(browser)
    token = token_in(page)
    assert f'curl http://earnest/v1/me -H "Authorization: Bearer {token}"' in said(page)
    assert page.headers["cache-control"] == "no-store"
    page = await browser.open(ADDRESS)
    assert token not in page.text
    ((name, used, *_),) = rows_in(page)
    assert "Cron Works Read" in name.text
    assert used.text == "Never"
    assert await status(house, token) == 200
    ((_, used, *_),) = rows_in(await browser.open(ADDRESS))
    assert "UTC" in used.text


async def test_a_token_is_good_for_what_was_ticked(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    await make(browser, **{"scopes.money": "1", "scopes.staff": "1"})
    (made,) = await tokens.all_of(house.app.database, emma.number)
    assert {each.value for each in made.scopes} == {"read", "money"}, "she has no role"
    assert (made.expires_at - made.created_at).days == 30


@pytest.mark.parametrize(
    ("different", "words"),
    [
        ({"name": ""}, "Call it by one line"),
        ({"name": "x" * 81}, "Call it by one line"),
        ({"scopes.read": ""}, ""),
        ({"days": "3650"}, "Choose how long it works."),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    browser: Browser, house: Housing, emma: Known, different: dict[str, str], words: str
) -> None:
    await browser.enter(emma.number)
    page = await make(browser, **different)
    if not words:
        token_in(page)
        return
    assert page.status_code == 422
    assert words in errors_of(page)[0]
    if "name" not in different:
        assert 'value="Cron"' in page.text
    assert await tokens.all_of(house.app.database, emma.number) == []


async def test_nothing_ticked_is_refused(browser: Browser, emma: Known) -> None:
    await browser.enter(emma.number)
    form = {name: text for name, text in FORM.items() if name != "scopes.read"}
    page = await browser.send(ADDRESS, form, page=ADDRESS)
    assert errors_of(page) == ["Choose at least one thing that it is good for."]


async def test_a_stolen_session_makes_no_token(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """Whoever shows who they are is back at the form, and finds what they had typed."""
    await browser.enter(emma.number)
    token_in(await make(browser))
    (made,) = await tokens.all_of(house.app.database, emma.number)
    await house.value(STALE)
    answer = await make(browser, name="Books", **{"scopes.money": "1"})
    assert answer.headers["location"] == f"{AGAIN}?next={quote(ADDRESS, safe='')}"
    replace = f"{ADDRESS}/{made.reference}/replace"
    answer = await browser.send(replace, page=replace)
    assert answer.headers["location"] == f"{AGAIN}?next={quote(replace, safe='')}"
    assert len(await tokens.all_of(house.app.database, emma.number)) == 1
    shown = {"password": PASSWORD, "next": ADDRESS}
    answer = await browser.send(AGAIN, shown, page=f"{AGAIN}?next={ADDRESS}")
    page = await browser.follow(answer)
    assert value_of(page, "name") == "Books"
    assert re.search(r'name="scopes.money" value="1" checked', page.text)
    token_in(await browser.send(ADDRESS, {**FORM, "name": "Books"}))


async def test_there_are_only_so_many(
    browser: Browser, house: Housing, emma: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST", 1)
    await browser.enter(emma.number)
    token_in(await make(browser))
    assert "Revoke one first." in errors_of(await make(browser))[0]
    (made,) = await tokens.all_of(house.app.database, emma.number)
    await browser.send(f"{ADDRESS}/{made.reference}/revoke", page=ADDRESS)
    token_in(await make(browser))


async def test_a_token_is_revoked_at_once(browser: Browser, house: Housing, emma: Known) -> None:
    await browser.enter(emma.number)
    token = token_in(await make(browser))
    (made,) = await tokens.all_of(house.app.database, emma.number)
    answer = await browser.send(f"{ADDRESS}/{made.reference}/revoke", page=ADDRESS)
    assert "The token does not work any more." in said(await browser.follow(answer))
    assert await status(house, token) == 401
    assert (await browser.open(f"{ADDRESS}/{made.reference}/replace")).status_code == 404


async def test_a_token_is_replaced_and_the_old_one_works_for_a_day(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    old = token_in(await make(browser))
    (before,) = await tokens.all_of(house.app.database, emma.number)
    path = f"{ADDRESS}/{before.reference}/replace"
    new = token_in(await browser.send(path, page=path))
    assert (await status(house, old), await status(house, new)) == (200, 200)
    after, replaced = await tokens.all_of(house.app.database, emma.number)
    assert (after.name, after.scopes) == (before.name, before.scopes)
    assert (after.expires_at - after.created_at).days == 30
    assert (replaced.expires_at - after.created_at).days <= 1
    later = "UPDATE tokens SET expires_at = expires_at - $1::interval WHERE id = $2"
    await house.app.database.pool.execute(later, tokens.GRACE, before.id)
    assert (await status(house, old), await status(house, new)) == (401, 200)
    assert (await browser.open(path)).status_code == 404


async def test_tokens_of_others_are_not_there(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    await browser.enter(emma.number)
    token = token_in(await make(browser))
    (made,) = await tokens.all_of(house.app.database, emma.number)
    await browser.enter(frank.number)
    assert made.reference not in (await browser.open(ADDRESS)).text
    assert (await browser.open(f"{ADDRESS}/{made.reference}/replace")).status_code == 404
    await browser.send(f"{ADDRESS}/{made.reference}/revoke", page=ADDRESS)
    page = await browser.send(
        f"{ADDRESS}/{made.reference}/replace", page=ADDRESS, password=PASSWORD
    )
    assert page.status_code == 404
    assert await status(house, token) == 200


async def test_the_developers_page_leads_to_the_api(browser: Browser, emma: Known) -> None:
    await browser.enter(emma.number)
    assert ADDRESS in main_of(await browser.open("/settings")).hrefs
    hrefs = main_of(await browser.open(ADDRESS)).hrefs
    for path in ("/docs/api", "/docs/problems", "/v1/openapi.json"):
        assert path in hrefs
        assert (await browser.open(path)).status_code == 200
