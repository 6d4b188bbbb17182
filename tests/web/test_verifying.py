"""Whether an address is somebody's: they open the link in a mail, and press the button there."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.http.house import Housing, usd
from tests.web.browser import Browser, browsing, said
from tests.web.mailbox import link_of, link_to, mails_to, sends, text_of
from tests.web.people import PASSWORD, Known
from tests.web.reading import code_in
from tests.web.test_sign_up import ANA, have, up

from earnest.core.actions import Scope
from earnest.store import account_mails, tokens

pytestmark = pytest.mark.asyncio

EMAIL = ANA["email"]
UNVERIFIED = "SELECT is_unverified FROM users WHERE email = $1"
ASKED = "Is ana@example.org your address?"


async def joined(browser: Browser, house: Housing) -> None:
    """Ana has signed up, and has not opened the link."""
    have(house, "open")
    sends(house)
    assert (await up(browser)).status_code == 303


async def test_who_signs_up_is_asked_until_the_button_is_pressed(
    browser: Browser, house: Housing
) -> None:
    await joined(browser, house)
    assert ASKED in said(await browser.open("/finances"))
    assert "not verified yet" in said(await browser.open("/settings"))
    link = await link_to(house, EMAIL)
    async with browsing(house) as scanner:
        for method in ("HEAD", "GET", "GET"):
            looked = await scanner.client.request(method, link)
            assert looked.status_code == 200
    assert await house.value(UNVERIFIED, EMAIL)
    page = await browser.follow(await browser.send(link, page=link))
    assert "Your address is verified" in said(page)
    assert ASKED not in said(page)
    assert not await house.value(UNVERIFIED, EMAIL)
    assert (await browser.open("/verify")).headers["location"] == "/settings"


async def test_a_link_does_it_once_and_without_a_session(browser: Browser, house: Housing) -> None:
    await joined(browser, house)
    link = await link_to(house, EMAIL)
    async with browsing(house) as phone:
        await phone.open(link)
        both = await asyncio.gather(phone.send(link), phone.send(link))
        assert sorted(each.status_code for each in both) == [303, 404]
        assert "does not work any more" in said(await phone.open(link))


async def test_a_link_ends_after_a_day(browser: Browser, house: Housing) -> None:
    await joined(browser, house)
    link = await link_to(house, EMAIL)
    lives = "SELECT expires_at - created_at FROM account_mails"
    assert (await house.value(lives)).total_seconds() == 24 * 3600
    await browser.open(link)
    await house.value("UPDATE account_mails SET expires_at = now()")
    assert (await browser.send(link)).status_code == 404
    assert (await browser.open(link)).status_code == 404
    assert await house.value(UNVERIFIED, EMAIL)


async def test_of_a_secret_only_the_hash_is_kept(browser: Browser, house: Housing) -> None:
    await joined(browser, house)
    token = (await link_to(house, EMAIL)).rpartition("/")[2]
    assert len(token) == len("vrf_") + 43
    for table in ("account_mails", "account_links", "deliveries"):
        rows = await house.app.database.pool.fetch(f"SELECT t::text FROM {table} t")
        assert rows
        assert not [row for row in rows if token in row[0]]


async def test_a_mail_that_is_tried_again_has_a_link_that_works_like_the_first(
    browser: Browser, house: Housing
) -> None:
    """Nobody knows whether the first arrived; used once, neither works any more."""
    await joined(browser, house)
    number = await house.value("SELECT id FROM account_mails")
    async with house.app.database.pool.acquire() as db:
        first, second = [
            (await account_mails.to_write(db, [number]))[number].token for _ in range(2)
        ]
    assert first != second
    assert (await browser.open(f"/verify/{first}")).status_code == 200
    assert (await browser.send(f"/verify/{second}", page=f"/verify/{second}")).status_code == 303
    assert (await browser.open(f"/verify/{first}")).status_code == 404


async def test_the_mail_is_sent_again_but_not_for_ever(browser: Browser, house: Housing) -> None:
    await joined(browser, house)
    for _ in range(3):
        answer = await browser.send("/verify", page="/verify")
        assert answer.headers["location"] == "/verify"
    answer = await browser.send("/verify", page="/verify")
    assert (answer.status_code, code_in(answer)) == (429, "too_many_requests")
    mails = await mails_to(house, EMAIL)
    assert len({link_of(each) for each in mails}) == len(mails) == 4


async def test_who_added_somebody_vouches_for_the_address(
    browser: Browser, house: Housing, emma: Known
) -> None:
    sends(house)
    await browser.enter(emma.number)
    assert "your address?" not in said(await browser.open("/finances"))


async def test_where_no_mail_goes_out_nobody_is_asked(browser: Browser, house: Housing) -> None:
    have(house, "open")
    assert house.app.carrier is None
    await up(browser)
    assert "your address?" not in said(await browser.open("/finances"))
    assert (await browser.open("/withdraw")).status_code == 200
    assert (await browser.open("/verify")).headers["location"] == "/settings"
    sends(house)
    assert ASKED in said(await browser.open("/finances"))


async def test_money_goes_out_once_the_address_is_verified(
    browser: Browser, house: Housing
) -> None:
    """Over REST too, alone and in a batch; all else is as for everybody."""
    await joined(browser, house)
    page = await browser.open("/withdraw")
    assert (page.status_code, code_in(page)) == (403, "address_unverified")
    assert ASKED in said(page)
    assert (await browser.send("/withdraw", page="/deposit")).status_code == 403
    number = await house.value("SELECT id FROM users WHERE email = $1", EMAIL)
    token = await tokens.create(
        house.app.database, house.app.node.ids.new(), number, frozenset(Scope) - {Scope.STAFF}
    )
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}
    there = {"type": "sandbox", "account": "settle", "name": "Ana"}
    body = {"amount": usd("1.00"), "gateway": "sandbox", "destination": there}
    answer = await house.client.post("/v1/withdrawals", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "address_unverified")
    lines = {**body, "action": "withdrawal.request", "key": "k2"}
    line = await house.client.post(
        "/v1/batch",
        content=json.dumps(lines).encode(),
        headers={**headers, "Content-Type": "application/x-ndjson"},
    )
    assert "address_unverified" in line.text
    assert (await browser.open("/deposit")).status_code == 200
    link = await link_to(house, EMAIL)
    await browser.send(link, page=link)
    assert (await browser.open("/withdraw")).status_code == 200
    answer = await house.client.post("/v1/withdrawals", json=body, headers=headers)
    assert answer.json()["code"] == "not_enough_money"


async def test_the_mail_calls_nobody_by_a_name(browser: Browser, house: Housing) -> None:
    """Else anybody could send their own words to any address, in our name."""
    have(house, "open")
    sends(house)
    await up(browser, name="Buy now at evil.example")
    (mail,) = await mails_to(house, EMAIL)
    assert "evil.example" not in mail.as_string()
    assert str(mail["To"]) == EMAIL
    assert "List-Unsubscribe" not in mail
    assert "Choose how you are told" not in text_of(mail)


async def test_who_signs_up_with_somebody_s_address_does_not_keep_it(
    browser: Browser, house: Housing
) -> None:
    """Its owner asks for another password, and whoever came first is out."""
    await joined(browser, house)
    async with browsing(house) as owner:
        await owner.send("/reset", email=EMAIL, page="/reset")
        link = await link_to(house, EMAIL)
        await owner.send(link, page=link, new_password="an owner's own password")
        assert (await owner.sign_in(EMAIL, "an owner's own password")).status_code == 303
    assert (await browser.open("/finances")).status_code == 303
    assert (await browser.sign_in(EMAIL, PASSWORD)).status_code == 422
    assert not await house.value(UNVERIFIED, EMAIL)
