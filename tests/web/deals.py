"""The way of money through the pages: a form, its check page, and the receipt."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
from tests.http.house import Housing, Json, Person, agreed
from tests.web.browser import Browser, errors_of
from tests.web.reading import Form, form_in

from earnest import worker
from earnest.app import gateways_of

#: Everything of money that there is, as one word.
BOOKS = """
SELECT md5(string_agg(t::text, ' ' ORDER BY t.kind, t.owner, t.currency))
    || (SELECT count(*) FROM transfers) || ' ' || (SELECT count(*) FROM commands)
FROM accounts t
"""


async def books_of(house: Housing) -> str:
    """Differs as soon as anything has moved, or been asked for."""
    found: str = await house.value(BOOKS)
    return found


def ticked(form: Form) -> dict[str, str]:
    """What a check page sends once everything on it is checked."""
    return {**form.values, **dict.fromkeys({"ok"} & form.names, "1")}


async def typed(browser: Browser, path: str, **values: str) -> httpx.Response:
    """Fill in a form and send it."""
    form = form_in(await browser.open(path))
    return await browser.post(form.action, {**form.values, **_dotted(values)})


def _dotted(values: dict[str, str]) -> dict[str, str]:
    """`milestones__0__amount` is the field `milestones.0.amount`."""
    return {name.replace("__", "."): text for name, text in values.items()}


async def checked(browser: Browser, path: str, **values: str) -> httpx.Response:
    """From a form to its check page."""
    answer = await typed(browser, path, **values)
    assert answer.is_redirect, errors_of(answer)
    page = await browser.follow(answer)
    assert (page.status_code, page.url.path[:9]) == (200, "/intents/")
    return page


async def confirm(browser: Browser, check: httpx.Response) -> httpx.Response:
    """Tick what there is to tick, and send a check page; the answer to that."""
    form = form_in(check)
    return await browser.post(form.action, ticked(form))


async def confirmed(browser: Browser, check: httpx.Response) -> httpx.Response:
    """From a check page to the receipt."""
    page = await browser.follow(await confirm(browser, check))
    assert (page.status_code, page.url.path[:10]) == (200, "/receipts/")
    return page


async def deal(
    house: Housing, browser: Browser, *amounts: str
) -> tuple[Person, Person, Json, list[Json]]:
    """A contract with funded milestones, and its employer at the browser."""
    emma, frank, contract, milestones = await agreed(house, *amounts)
    await browser.enter(emma.number)
    return emma, frank, contract, milestones


@contextlib.asynccontextmanager
async def with_a_worker(house: Housing) -> AsyncIterator[None]:
    """Somebody who asks the gateway: a deposit's page waits for that, and at most five seconds."""
    house.app.gateways = gateways_of("sandbox", house.app.database)
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(house.app, stop))
    try:
        yield
    finally:
        stop.set()
        await working


def release_of(milestone: Json) -> str:
    return f"/milestones/{milestone['id']}/release"


async def wallet(who: Person) -> str:
    """What somebody can spend."""
    found = (await who.seen("/v1/balances"))["items"]
    return next((b["wallet"]["amount"] for b in found if b["currency"] == "USD"), "0.00")
