"""A forgotten password: a link to another, for whoever reads the address, and nobody else."""

from __future__ import annotations

import asyncio

import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, browsing, errors_of, said
from tests.web.mailbox import link_of, link_to, mails_to, sends, text_of
from tests.web.people import PASSWORD, Known, known
from tests.web.reading import code_in

from earnest.core.actions import Scope
from earnest.http.signin import passwords
from earnest.mail.letters import SECURITY
from earnest.store import calendars, tokens

pytestmark = pytest.mark.asyncio

ANOTHER = "another horse entirely"


async def asked(browser: Browser, house: Housing, email: str) -> str:
    """Ask for a link, and find it in the mailbox."""
    sends(house)
    answer = await browser.send("/reset", page="/reset", email=email)
    assert answer.headers["location"] == "/reset/sent"
    return await link_to(house, email)


async def test_who_reads_the_mailbox_chooses_another_password(
    browser: Browser, house: Housing, emma: Known
) -> None:
    async with browsing(house) as elsewhere:
        await elsewhere.enter(emma.number)
        link = await asked(browser, house, emma.email)
        assert (await browser.open("/signin")).text.count('href="/reset"') == 1
        page = await browser.open(link)
        assert "Choose another password" in said(page)
        answer = await browser.send(link, new_password=ANOTHER)
        assert answer.headers["location"] == "/signin?next=/settings/security"
        assert "Sign in with the new one" in said(await browser.follow(answer))
        assert browser.session is None
        assert (await elsewhere.open("/finances")).status_code == 303
    assert (await browser.sign_in(emma.email, PASSWORD)).status_code == 422
    assert (await browser.sign_in(emma.email, ANOTHER)).status_code == 303
    told = text_of((await mails_to(house, emma.email))[-1])
    assert "Your password was changed" in told
    shown = said(await browser.open("/notices"))
    assert "your password was changed with a link from a mail" in shown


async def test_the_answer_is_the_same_for_every_address(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """So is what it asks of the database: nothing else can be measured."""
    sends(house)
    answers = []
    for email in (emma.email, "nobody@example.org", emma.email.upper()):
        answer = await browser.send("/reset", page="/reset", email=email)
        page = await browser.follow(answer)
        shown = said(page.text.partition("<main")[2])
        answers.append((answer.status_code, dict(answer.headers).keys(), shown))
    assert answers[0] == answers[1] == answers[2]
    assert await mails_to(house, "nobody@example.org") == []
    assert len(await mails_to(house, emma.email)) == 2


async def test_a_link_works_once(browser: Browser, house: Housing, emma: Known) -> None:
    link = await asked(browser, house, emma.email)
    for _ in range(3):
        assert (await browser.open(link)).status_code == 200
    both = await asyncio.gather(*(browser.send(link, new_password=ANOTHER) for _ in range(3)))
    assert sorted(each.status_code for each in both) == [303, 404, 404]
    assert (await browser.open(link)).status_code == 404


async def test_a_link_ends_after_an_hour(browser: Browser, house: Housing, emma: Known) -> None:
    link = await asked(browser, house, emma.email)
    lives = "SELECT expires_at - created_at FROM account_mails"
    assert (await house.value(lives)).total_seconds() == 3600
    await browser.open(link)
    await house.value("UPDATE account_mails SET expires_at = now()")
    assert (await browser.send(link, new_password=ANOTHER)).status_code == 404


async def test_every_link_ends_when_the_password_changes(
    browser: Browser, house: Housing, emma: Known
) -> None:
    links = {await asked(browser, house, emma.email) for _ in range(2)}
    assert len(links) == 2
    await browser.enter(emma.number)
    changed = {"password": PASSWORD, "new_password": ANOTHER}
    assert (await browser.send("/settings/password", changed, page="/settings")).is_redirect
    for link in links:
        assert (await browser.open(link)).status_code == 404


async def test_a_link_ends_when_the_address_is_another_s(
    browser: Browser, house: Housing, emma: Known
) -> None:
    link = await asked(browser, house, emma.email)
    await house.value(
        "UPDATE users SET email = 'emma@elsewhere.example' WHERE id = $1", emma.number
    )
    assert (await browser.open(link)).status_code == 404


async def test_a_password_that_is_too_short_uses_nothing_up(
    browser: Browser, house: Housing, emma: Known
) -> None:
    link = await asked(browser, house, emma.email)
    page = await browser.send(link, page=link, new_password="short")
    assert (page.status_code, errors_of(page)) == (422, [passwords.length()])
    assert (await browser.send(link, new_password=ANOTHER)).status_code == 303


async def test_a_mailbox_is_not_flooded_and_its_owner_not_locked_out(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """Whoever asks again and again: three mails come, each link works, and nobody is told more."""
    sends(house)
    for number in range(5):
        async with browsing(house, address=f"10.0.0.{number}") as attacker:
            for _ in range(5):
                answer = await attacker.send("/reset", page="/reset", email=emma.email)
                assert answer.headers["location"] == "/reset/sent"
    mails = await mails_to(house, emma.email)
    assert len(mails) == 3
    assert (await browser.sign_in(emma.email, PASSWORD)).status_code == 303
    browser.forget()
    link = link_of(mails[0])
    assert link is not None
    assert (await browser.send(link, page=link, new_password=ANOTHER)).status_code == 303
    await browser.send("/reset", page="/reset", email=emma.email)
    assert link_of((await mails_to(house, emma.email))[-1]), "it counts anew"


async def test_one_client_asks_for_twenty_addresses_and_no_more(
    browser: Browser, house: Housing, emma: Known
) -> None:
    sends(house)
    for number in range(20):
        await browser.send("/reset", page="/reset", email=f"a{number}@example.org")
    answer = await browser.send("/reset", page="/reset", email=emma.email)
    assert (answer.status_code, code_in(answer)) == (429, "too_many_requests")
    async with browsing(house, address="10.9.9.9") as owner:
        answer = await owner.send("/reset", page="/reset", email=emma.email)
        assert answer.headers["location"] == "/reset/sent"


async def test_links_cannot_be_guessed_for_long(browser: Browser, house: Housing) -> None:
    for _ in range(30):
        assert (await browser.open(f"/reset/rst_{'A' * 43}")).status_code == 404
    assert (await browser.open(f"/reset/rst_{'B' * 43}")).status_code == 429


async def test_a_secret_opens_nothing_else(browser: Browser, house: Housing, emma: Known) -> None:
    link = await asked(browser, house, emma.email)
    token = link.rpartition("/")[2]
    for path in ("/verify/", "/address/", "/invitations/"):
        assert (await browser.open(path + token)).status_code == 404
    assert (await browser.open(f"/calendar/{token}.ics")).status_code == 404
    browser.plant("earnest", token)
    assert (await browser.open("/finances")).status_code == 303


async def test_where_no_mail_goes_out_it_is_said(
    browser: Browser, house: Housing, emma: Known
) -> None:
    page = await browser.open("/reset")
    assert "This site sends no mails" in said(page)
    assert 'name="email"' not in page.text
    page = await browser.send("/reset", page="/signin", email=emma.email)
    assert "This site sends no mails" in said(page)
    assert await house.value("SELECT count(*) FROM account_mails") == 0


async def test_who_had_no_password_gets_one_and_who_is_suspended_stays_so(
    browser: Browser, house: Housing
) -> None:
    vera = await known(house, "Vera Void")
    suspended = "UPDATE users SET password_hash = NULL, status = 'suspended' WHERE id = $1"
    await house.value(suspended, vera.number)
    link = await asked(browser, house, vera.email)
    await browser.send(link, page=link, new_password=ANOTHER)
    assert (await browser.sign_in(vera.email, ANOTHER)).status_code == 303
    assert await house.value("SELECT status FROM users WHERE id = $1", vera.number) == "suspended"


async def test_links_lead_to_the_public_address_whatever_the_request_says(
    browser: Browser, house: Housing, emma: Known
) -> None:
    sends(house)
    page = await browser.open("/reset")
    assert page.status_code == 200
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"}
    await browser.send(
        "/reset", email=emma.email, headers={**evil, "Origin": "http://evil.example"}
    )
    (mail,) = await mails_to(house, emma.email)
    assert "evil" not in mail.as_string()
    assert f"{house.app.config.url}/reset/" in text_of(mail)


async def test_what_goes_on_is_told_and_listed_and_ended_at_once(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    """Tokens and the calendar's address outlive a password; their owner is led to them."""
    database, new = house.app.database, house.app.node.ids.new
    theirs = [
        await tokens.create(database, new(), each.number, {Scope.READ}, name="Cron")
        for each in (emma, frank)
    ]
    address = await calendars.renew(database, emma.number)
    answer = await browser.send(await asked(browser, house, emma.email), new_password=ANOTHER)
    told = " ".join(text_of((await mails_to(house, emma.email))[-1]).split())
    assert "Tokens of your programs and the address of your calendar go on" in told
    assert await tokens_in_force(house, *theirs) == [True, True]
    assert answer.headers["location"] == f"/signin?next={SECURITY}"
    page = await browser.follow(await browser.sign_in(emma.email, ANOTHER, next=SECURITY))
    shown = said(page)
    assert "What goes on when you sign out" in shown
    assert "Cron Last used" in shown
    assert "The address of your calendar" in shown
    answer = await browser.send("/settings/security/programs/end", page=SECURITY)
    shown = said(await browser.follow(answer))
    assert "No token and no address of a calendar works any more." in shown
    assert "What goes on when you sign out" not in shown
    assert await tokens_in_force(house, *theirs) == [False, True]
    assert await calendars.owner_of(database, address) is None


async def tokens_in_force(house: Housing, *some: str) -> list[bool]:
    """Of each token whether it signs in."""
    return [await house.app.bearers.of(each) is not None for each in some]
