"""A sandbox shows every mail that would have gone out; operators see what became of each."""

from __future__ import annotations

import pytest
from tests.http.house import Housing, agreed
from tests.web.browser import Browser, said
from tests.web.reading import main_of, rows_in

from earnest import notifying
from earnest.core.references import printed
from earnest.mail.outbox import Outbox
from earnest.store import deliveries
from earnest.store.sandbox import SandboxMails

pytestmark = pytest.mark.asyncio


async def mailed(house: Housing) -> tuple[int, int]:
    """Two people who made a contract, and have their mails in the outbox."""
    house.app.carrier = Outbox(SandboxMails(house.app.database))
    emma, frank, _, _ = await agreed(house, "10.00")
    await notifying.drain(house.app)
    return emma.number, frank.number


async def test_everybody_finds_their_own_mails_and_an_operator_all(
    house: Housing, browser: Browser
) -> None:
    emma, frank = await mailed(house)
    olga = await house.person("olga", "operator")
    await browser.enter(frank)
    page = await browser.open("/outbox")
    assert len(rows_in(page)) == 2
    assert "emma offers you a contract" in said(page)
    await browser.enter(emma)
    assert "emma offers you a contract" not in said(await browser.open("/outbox"))
    await browser.enter(olga.number)
    assert len(rows_in(await browser.open("/outbox"))) == 4
    house.app.is_demo = True
    await browser.enter(emma)
    page = await browser.open("/outbox")
    assert len(rows_in(page)) == 4
    assert "Every mail that it would send" in page.text


async def test_a_mail_is_shown_as_text_and_as_html_that_can_do_nothing(
    house: Housing, browser: Browser
) -> None:
    emma, frank = await mailed(house)
    await browser.enter(frank)
    (first, *_) = [h for h in main_of(await browser.open("/outbox")).hrefs if "/dlv_" in h]
    page = await browser.open(first)
    assert "Only emma can release it" in said(page)
    assert "Message-ID" in said(page)
    html = await browser.open(f"{first}/html")
    assert html.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "script-src" not in html.headers["content-security-policy"]
    assert html.headers["cache-control"] == "no-store"
    assert "Only emma can release it" in html.text
    assert "<script" not in html.text
    await browser.enter(emma)
    for path in (first, f"{first}/html", "/outbox/dlv_x"):
        assert (await browser.open(path)).status_code == 404


async def test_many_mails_have_pages(house: Housing, browser: Browser) -> None:
    emma, _ = await mailed(house)
    many = """
    INSERT INTO sandbox_mails SELECT 100 + i, user_id, at, raw
    FROM (SELECT * FROM sandbox_mails WHERE user_id = $1 LIMIT 1) m, generate_series(1, 60) i
    """
    await house.app.database.pool.execute(many, emma)
    await browser.enter(emma)
    page = await browser.open("/outbox")
    assert len(rows_in(page)) == 50
    (older,) = [h for h in main_of(page).hrefs if "older=" in h]
    assert len(rows_in(await browser.open(older))) == 12


async def test_operators_see_what_became_of_each_mail_and_send_one_again(
    house: Housing, browser: Browser
) -> None:
    emma, _ = await mailed(house)
    house.app.carrier = None
    olga = await house.person("olga", "operator")
    newest = "SELECT id FROM deliveries WHERE user_id = $1 ORDER BY id DESC LIMIT 1"
    number = await house.value(newest, emma)
    await house.app.database.pool.execute(
        "UPDATE deliveries SET (status, handed_over_at, said, tries)"
        " = ('given_up', NULL, '550 nobody here', 3) WHERE id = $1",
        number,
    )
    await browser.enter(olga.number)
    assert "1 were given up" in said(await browser.open("/staff"))
    page = await browser.open("/staff/mails?status=given_up")
    assert "There is no mail server" in said(page)
    ((who, _, tries, _, _),) = rows_in(page)
    assert "emma" in who.text
    assert "Contract accepted" in who.text
    assert "550 nobody here" in who.text
    assert tries.text == "3"
    again = f"/staff/mails/{printed('dlv', number)}/again"
    answer = await browser.send(again)
    assert answer.headers["location"] == "/staff/mails"
    assert (await deliveries.counts(house.app.database)).waiting == 1
    assert "emma" in said(await browser.open("/staff/mails"))
    assert len(rows_in(await browser.open("/staff/mails?status=handed_over"))) == 3
    await browser.enter(emma)
    page = await browser.open("/notices")
    assert (await browser.send(again)).status_code == 404
    assert (await browser.open("/staff/mails")).status_code == 404
    assert (await browser.open(again)).status_code == 404
