"""Invitations: one link makes one contract, whoever opens it and however often."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import httpx
import pytest
from tests.http.house import Housing, housing
from tests.web.browser import Browser, browsing, errors_of, said
from tests.web.people import PASSWORD, Known, known, suspend
from tests.web.reading import main_of, tree

from earnest.http.signin.inviting import NOT_A_LINK

pytestmark = pytest.mark.asyncio

ANA = {"name": "Ana", "currency": "EUR", "terms": "classic"}
LINK = re.compile(r'value="http://earnest(/invitations/inv_[\w-]{43})" readonly')


async def link_of(browser: Browser, who: Known, **different: str) -> str:
    """Make an invitation as somebody; the path of its link."""
    await browser.enter(who.number)
    page = await browser.send("/invitations/new", {**ANA, **different}, page="/invitations/new")
    found = LINK.search(page.text)
    assert found, page.text
    return found[1]


async def take(browser: Browser, link: str) -> httpx.Response:
    return await browser.send(f"{link}/take", page=link)


async def contracts(house: Housing) -> int:
    counted: int = await house.value("SELECT count(*) FROM contracts")
    return counted


async def test_whoever_takes_it_is_offered_the_contract(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    link = await link_of(browser, emma)
    assert await contracts(house) == 0
    async with browsing(house) as his:
        page = await his.open(link)
        assert "Emma Example invites Ana to a contract." in said(page)
        assert "EUR" in said(page)
        assert "Classic. Submitted work waits for a person; what nobody touches" in said(page)
        entry = tree(page).one("nav", class_="btns entry")
        token = link.rpartition("/")[2]
        assert entry.hrefs == [f"/signin?next=/invitations/{token}", f"/signup?invitation={token}"]
        assert "Works until" in said(page)
        assert "/help/terms#classic" in main_of(page).hrefs
        await his.enter(frank.number)
        answer = await take(his, link)
        assert answer.status_code == 303
        there = answer.headers["location"]
        assert there.startswith("/contracts/ctr_")
        assert "Emma Example" in (await his.follow(answer)).text
        assert (await take(his, link)).headers["location"] == there
    (row,) = await house.app.database.pool.fetch(
        "SELECT employer_id, freelancer_id, currency, status FROM contracts"
    )
    assert tuple(row) == (emma.number, frank.number, "EUR", "offered")
    assert await contracts(house) == 1
    assert "used by Frank Fictive" in said(await browser.open("/invitations"))
    event = "SELECT actor_id FROM events WHERE name = 'contract.offered' AND via = 'web'"
    assert await house.value(event) == emma.number


async def test_nobody_is_invited_to_terms_that_this_site_cannot_keep(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    path, balanced = "/invitations/new", {**ANA, "terms": "balanced"}
    refused = await browser.send(path, balanced, page=path)
    assert refused.status_code == 422
    assert "this site has no arbiter" in said(refused)
    assert "/invitations/inv_" not in refused.text
    await house.person("grace", "arbiter")
    await link_of(browser, emma, terms="balanced")


async def test_two_who_take_it_at_once_make_one_contract(
    browser: Browser, house: Housing, emma: Known, frank: Known, dsn: str
) -> None:
    """Also in two processes, and also if each of them asks twice."""
    gina = await known(house, "Gina")
    link = await link_of(browser, emma)
    async with (
        housing(dsn) as second,
        browsing(house) as franks,
        browsing(second) as his_other,
        browsing(second) as ginas,
    ):
        for each, who in ((franks, frank), (his_other, frank), (ginas, gina)):
            await each.enter(who.number)
            await each.open(link)
        answers = await asyncio.gather(
            *(each.send(f"{link}/take") for each in (franks, his_other, ginas, franks, ginas))
        )
        places = {answer.headers["location"] for answer in answers}
        assert len(places) == 2
        assert len(places - {link}) == 1
        assert await contracts(house) == 1
        loser = ginas if (await ginas.open(link)).status_code == 410 else franks
        assert "This link does not work any more." in said(await loser.open(link))


async def test_a_stranger_opens_it_and_nothing_happens(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    """A preview of a chat or a mail scanner follows links too."""
    link = await link_of(browser, emma)
    async with browsing(house) as his:
        await his.enter(frank.number)
        assert (await his.open(f"{link}/take")).headers["location"] == link
        for _ in range(3):
            assert (await his.open(link)).status_code == 200
    assert await contracts(house) == 0
    assert await house.value("SELECT count(used_by) FROM invitations") == 0


async def test_the_employer_cannot_take_their_own(
    browser: Browser, house: Housing, emma: Known
) -> None:
    link = await link_of(browser, emma)
    page = await browser.open(link)
    assert "This invitation is yours." in said(page)
    assert (await browser.send(f"{link}/take")).headers["location"] == link
    assert await house.value("SELECT count(used_by) FROM invitations") == 0


async def test_a_link_is_revoked_by_who_made_it(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    link = await link_of(browser, emma)
    listed = await browser.open("/invitations")
    found = re.search(r'action="(/invitations/inv_[0-9A-Z]{13}/revoke)"', listed.text)
    assert found
    async with browsing(house) as his:
        await his.enter(frank.number)
        await his.send(found[1], page="/settings")
        assert (await his.open(link)).status_code == 200
        page = await browser.follow(await browser.send(found[1], page="/invitations"))
        assert "The link does not work any more." in said(page)
        assert "Revoked" in said(page)
        assert (await his.open(link)).status_code == 410
        assert (await his.send(f"{link}/take", page="/settings")).headers["location"] == link
        assert (await his.open(found[1])).headers["location"] == "/invitations"
    assert await contracts(house) == 0
    assert (await browser.send("/invitations/x/revoke")).headers["location"] == "/invitations"


async def test_a_link_ends_after_fourteen_days(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    link = await link_of(browser, emma)
    lives = "SELECT expires_at - created_at = interval '14 days' FROM invitations"
    assert await house.value(lives)
    await browser.enter(frank.number)
    await browser.open(link)
    await house.value("UPDATE invitations SET expires_at = now()")
    assert (await browser.send(f"{link}/take")).headers["location"] == link
    assert (await browser.open(link)).status_code == 410
    await browser.enter(emma.number)
    assert "Expired" in said(await browser.open("/invitations"))
    assert await contracts(house) == 0


async def test_what_is_no_link_is_said_to_be_none(browser: Browser, emma: Known) -> None:
    for path in ("/invitations/inv_" + "A" * 43, "/invitations/inv_x"):
        page = await browser.open(path)
        assert page.status_code == 404
        assert NOT_A_LINK in said(page)
    await browser.enter(emma.number)
    link = "/invitations/inv_" + "A" * 43
    assert (await browser.send(f"{link}/take", page="/settings")).headers["location"] == link


async def test_a_suspended_person_invites_nobody(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    await browser.open("/invitations/new")
    await suspend(house, emma)
    answers = [
        await browser.send("/invitations/new", ANA),
        await browser.open("/invitations/new"),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "A suspended account opens nothing new" in said(answer)
    assert await house.value("SELECT count(*) FROM invitations") == 0


async def test_what_the_rules_refuse_is_said(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    """Nor is it another answer if it is asked again."""
    link = await link_of(browser, emma)
    await suspend(house, emma)
    await browser.enter(frank.number)
    answer = await take(browser, link)
    assert answer.status_code == 403
    for page in (answer, await browser.open(link)):
        assert "The contract could not be offered." in said(page)
        assert "suspended" not in said(page)
        assert "Take the invitation" not in said(page)
    assert await contracts(house) == 0


async def test_the_fourth_unanswered_offer_is_refused(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    links = [await link_of(browser, emma) for _ in range(4)]
    await browser.enter(frank.number)
    statuses = [(await take(browser, link)).status_code for link in links]
    assert statuses == [303, 303, 303, 409]
    assert "The contract could not be offered." in said(await browser.open(links[3]))
    assert await contracts(house) == 3


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("name", "", "Write a name."),
        ("name", "x" * 81, "A name is one line of at most 80 characters."),
        ("currency", "XXX", "Choose a currency."),
        ("currency", "", "Choose a currency."),
        ("terms", "evil", "Choose the terms."),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field(
    browser: Browser, house: Housing, emma: Known, field: str, text: str, told: str
) -> None:
    await browser.enter(emma.number)
    page = await browser.send("/invitations/new", {**ANA, field: text}, page="/invitations/new")
    assert (page.status_code, errors_of(page)) == (422, [told])
    assert f'id="{field}-error"' in page.text
    assert await house.value("SELECT count(*) FROM invitations") == 0


async def test_a_link_has_the_public_address(browser: Browser, house: Housing, emma: Known) -> None:
    house.app.config = replace(house.app.config, url="https://pay.example.org")
    await browser.enter(emma.number)
    page = await browser.send("/invitations/new", ANA, page="/invitations/new")
    assert 'value="https://pay.example.org/invitations/inv_' in page.text
    assert "no-store" in page.headers["cache-control"]


async def test_who_has_an_account_signs_in_and_comes_back(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    link = await link_of(browser, emma)
    async with browsing(house) as his:
        page = await his.open(link)
        found = re.search(r'href="(/signin\?next=[^"]+)"', page.text)
        assert found
        await his.open(found[1])
        assert (await his.follow(await his.sign_in(frank.email, PASSWORD, next=link))).url.path == (
            link
        )
    async with browsing(house) as strangers:
        for path in ("/invitations", "/invitations/new"):
            there = (await strangers.open(path)).headers["location"]
            assert there.startswith("/signin?next=")
