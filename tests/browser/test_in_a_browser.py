"""What only a browser can show: pages of others that mean harm, and people in a hurry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect
from tests.browser.chromium import Way, in_both_ways
from tests.browser.site import Deal, Site
from tests.browser.visitors import Visitors
from tests.browser.walking import field, fill, is_headed, press

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: Another site; and another origin of the same site, to which the browser sends our cookie.
ELSEWHERE = ("127.0.0.1", "localhost")


class Attacker:
    """A server of somebody else's, which serves one page."""

    def __init__(self) -> None:
        self.html = ""
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = f"<!doctype html><title>Free money</title>{self.html}".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest_asyncio.fixture(loop_scope="session")
async def attacker() -> AsyncIterator[Attacker]:
    made = Attacker()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


# --- pages of others -------------------------------------------------------------------------


@pytest.mark.parametrize("host", ELSEWHERE)
async def test_a_page_of_others_that_frames_ours_shows_nothing(
    host: str, site: Site, visitors: Visitors, attacker: Attacker
) -> None:
    page = await visitors.come(await site.person("Emma"))
    attacker.html = f'<iframe src="{site.url}/finances" width="900" height="600"></iframe>'
    blocked = "frame-ancestors 'none'"
    async with page.expect_console_message(lambda said: blocked in said.text):
        await page.goto(f"http://{host}:{attacker.port}/")
    framed = page.frames[1]
    assert not framed.url.startswith(site.url)
    assert "Financial dashboard" not in await framed.content()


@pytest.mark.parametrize("host", ELSEWHERE)
@pytest.mark.parametrize("path", ["/signout", "say"])
async def test_a_form_of_others_is_refused(
    host: str, path: str, site: Site, visitors: Visitors, attacker: Attacker
) -> None:
    deal = await site.agreed("30.00")
    page = await visitors.come(deal.employer)
    await page.goto("/finances")
    target = path if path.startswith("/") else f"{deal.page}/{path}"
    attacker.html = (
        f'<form method="post" action="{site.url}{target}"><input name="text" value="Hello">'
        "<button>Win</button></form><script>document.forms[0].submit()</script>"
    )
    async with page.expect_response(f"{site.url}{target}") as waiting:
        await page.goto(f"http://{host}:{attacker.port}/", wait_until="commit")
    assert (await waiting.value).status == 403
    await expect(page.get_by_text("Nothing was done, and no money moved.")).to_be_visible()
    await page.goto("/finances")
    await is_headed(page, "Financial dashboard")  # Still signed in.
    talk = await deal.employer.seen(f"/v1/messages?contract={deal.contract['id']}")
    assert talk["items"] == []


# --- people in a hurry -----------------------------------------------------------------------


async def to_the_check(page: Page, deal: Deal, part: str | None) -> Locator:
    """Up to the button that releases."""
    await page.goto(f"{deal.milestone}/release")
    if part is not None:
        await fill(page, {"Amount": part})
    await press(page, "Continue")
    await field(page, "I have checked").check()
    return page.get_by_role("main").get_by_role("button", name="Release USD")


async def released(site: Site, deal: Deal) -> tuple[int, str]:
    """How often, and what the freelancer has of it."""
    count = await deal.employer.seen(f"/v1/releases?contract={deal.contract['id']}")
    return len(count["items"]), await deal.freelancer.wallet()


@in_both_ways
async def test_a_double_click_pays_once(way: Way, site: Site, visitors: Visitors) -> None:
    deal = await site.submitted("100.00")
    page = await visitors.come(deal.employer, way)
    button = await to_the_check(page, deal, "40.00")
    await button.dblclick()
    await is_headed(page, "Released")
    assert await released(site, deal) == (1, "40.00")


@in_both_ways
async def test_back_after_the_receipt_ends_on_the_same_receipt(
    way: Way, site: Site, visitors: Visitors
) -> None:
    deal = await site.submitted("100.00")
    page = await visitors.come(deal.employer, way)
    button = await to_the_check(page, deal, "40.00")
    await button.click()
    await is_headed(page, "Released")
    receipt = page.url
    await page.go_back()
    await page.wait_for_load_state()
    if "/intents/" in page.url:  # Kept by the browser as it was.
        await button.click()
    await is_headed(page, "Released")
    assert page.url == receipt
    assert await released(site, deal) == (1, "40.00")


@in_both_ways
async def test_confirming_again_in_another_tab_ends_on_the_same_receipt(
    way: Way, site: Site, visitors: Visitors
) -> None:
    deal = await site.submitted("100.00")
    first = await visitors.come(deal.employer, way)
    button = await to_the_check(first, deal, "40.00")
    second = await first.context.new_page()
    await second.goto(first.url)
    await button.click()
    await is_headed(first, "Released")
    await field(second, "I have checked").check()
    await press(second, f"Release USD 40.00 to {deal.freelancer.name}")
    await is_headed(second, "Released")
    assert second.url == first.url
    assert await released(site, deal) == (1, "40.00")


@in_both_ways
async def test_the_second_of_two_tabs_is_told_that_nothing_was_done(
    way: Way, site: Site, visitors: Visitors
) -> None:
    deal = await site.submitted("100.00")
    first = await visitors.come(deal.employer, way)
    second = await first.context.new_page()
    whole, part = await to_the_check(first, deal, None), await to_the_check(second, deal, "40.00")
    await whole.click()
    await is_headed(first, "Released")
    await part.click()
    await expect(second.get_by_text("Nothing was done, and no money moved.")).to_be_visible()
    assert await released(site, deal) == (1, "100.00")


@in_both_ways
async def test_the_second_of_two_tabs_is_shown_what_has_changed(
    way: Way, site: Site, visitors: Visitors
) -> None:
    deal = await site.submitted("100.00")
    first = await visitors.come(deal.employer, way)
    second = await first.context.new_page()
    part, whole = await to_the_check(first, deal, "40.00"), await to_the_check(second, deal, None)
    await part.click()
    await is_headed(first, "Released")
    await whole.click()
    await is_headed(second, "This has changed since you opened it")
    await expect(second.get_by_text("Nothing was done, and no money moved.")).to_be_visible()
    assert await released(site, deal) == (1, "40.00")
    await second.get_by_role("button", name="Check what would happen now").click()
    await field(second, "I have checked").check()
    await press(second, f"Release USD 60.00 to {deal.freelancer.name}")
    await is_headed(second, "Released")
    assert await released(site, deal) == (2, "100.00")
