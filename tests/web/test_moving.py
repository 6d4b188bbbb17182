"""Another address: asked for with the password, made in the new mailbox, undone in the old."""

from __future__ import annotations

import asyncio

import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, browsing, errors_of, said
from tests.web.mailbox import link_of, link_to, mails_to, sends, text_of
from tests.web.people import PASSWORD, Known, known
from tests.web.reading import code_in
from tests.web.test_sign_up import ANA, have, up

from earnest.http.signin.joining import TAKEN
from earnest.store import people

pytestmark = pytest.mark.asyncio

NEW = "emma@new.example"
OWN = "/settings/address"
ANOTHER = "another horse entirely"


async def asked(browser: Browser, house: Housing, emma: Known, email: str = NEW) -> None:
    """Emma has asked for another address."""
    sends(house)
    await browser.enter(emma.number)
    answer = await browser.send(OWN, page=OWN, email=email, password=PASSWORD)
    assert answer.headers["location"] == OWN


async def address_of(house: Housing, who: Known) -> str:
    found: str = await house.value("SELECT email FROM users WHERE id = $1", who.number)
    return found


async def moved(browser: Browser, house: Housing, emma: Known) -> None:
    """Emma has another address now."""
    await asked(browser, house, emma)
    link = await link_to(house, NEW)
    assert (await browser.send(link, page=link)).status_code == 303
    assert await address_of(house, emma) == NEW


async def test_who_reads_the_new_mailbox_makes_the_change(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await asked(browser, house, emma)
    page = await browser.follow(await browser.open(OWN))
    for email in (emma.email, NEW):
        assert email in said(page)
    assert "Waiting for the link" in said(page)
    assert await address_of(house, emma) == emma.email
    link = await link_to(house, NEW)
    async with browsing(house) as phone:
        page = await phone.open(link)
        assert NEW in said(page)
        assert await address_of(house, emma) == emma.email, "looking changes nothing"
        both = await asyncio.gather(phone.send(link), phone.send(link))
        assert sorted(each.status_code for each in both) == [303, 404]
    assert await address_of(house, emma) == NEW
    page = await browser.open(OWN)
    assert f"Until lately your address was {emma.email}" in said(page)
    browser.forget()
    assert (await browser.sign_in(emma.email, PASSWORD)).status_code == 422
    assert (await browser.sign_in(NEW, PASSWORD)).status_code == 303


@pytest.mark.parametrize(
    ("email", "password", "told"),
    [
        (NEW, "wrong", "This is not your password."),
        (NEW, "x" * 2000, "This is not your password."),
        ("no address", PASSWORD, "Write an e-mail address such as emma@example.com."),
        ("EMMA@example.org", PASSWORD, "This is your address already."),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(
    browser: Browser, house: Housing, emma: Known, email: str, password: str, told: str
) -> None:
    sends(house)
    await browser.enter(emma.number)
    page = await browser.send(OWN, page=OWN, email=email, password=password)
    assert (page.status_code, errors_of(page)) == (422, [told])
    assert PASSWORD not in page.text
    assert await mails_to(house, "@") == []


async def test_the_old_address_is_told_at_once_and_stops_it(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await asked(browser, house, emma)
    (told,) = await mails_to(house, emma.email)
    assert NEW in text_of(told)
    stop, make = link_of(told), await link_to(house, NEW)
    assert stop is not None
    async with browsing(house) as owner:
        assert "Was this not you?" in said(await owner.open(stop))
        page = await owner.follow(await owner.send(stop))
        assert "everybody is signed out" in said(page)
        assert (await owner.open(stop)).status_code == 404
        assert (await owner.open(make)).status_code == 404
        assert (await owner.sign_in(emma.email, PASSWORD)).status_code == 422
        link = await link_to(house, emma.email)
        await owner.send(link, page=link, new_password=ANOTHER)
        assert (await owner.sign_in(emma.email, ANOTHER)).status_code == 303
    assert (await browser.open(OWN)).status_code == 303, "whoever asked is signed out"
    assert await address_of(house, emma) == emma.email


@pytest.mark.parametrize("which", [0, 1])
async def test_the_old_address_undoes_it_within_a_week(
    browser: Browser, house: Housing, emma: Known, which: int
) -> None:
    """With the mail of the asking, and with that of the change."""
    await moved(browser, house, emma)
    stop = link_of((await mails_to(house, emma.email))[which])
    assert stop is not None
    async with browsing(house) as owner:
        await owner.send(stop, page=stop)
    assert await address_of(house, emma) == emma.email
    assert (await browser.open(OWN)).status_code == 303
    assert (await browser.sign_in(NEW, PASSWORD)).status_code == 422
    assert "/reset/" in await link_to(house, emma.email)


async def test_after_a_week_it_stays(browser: Browser, house: Housing, emma: Known) -> None:
    await moved(browser, house, emma)
    stop = await link_to(house, emma.email)
    lives = "SELECT expires_at - created_at FROM account_mails WHERE kind = 'changed'"
    assert (await house.value(lives)).days == 7
    await house.value("UPDATE account_mails SET expires_at = now()")
    assert (await browser.open(stop)).status_code == 404
    await house.value("UPDATE address_changes SET made_at = now() - interval '9 days'")
    assert "Until lately" not in said(await browser.open(OWN))
    assert await people.add(house.app.database, 77, "Somebody", emma.email)


async def test_one_chain_of_changes_is_undone_from_its_beginning(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """Who has taken an account over cannot bury its owner's address under another."""
    await moved(browser, house, emma)
    stop = await link_to(house, emma.email)
    answer = await browser.send(OWN, page=OWN, email="e@third.example", password=PASSWORD)
    assert answer.is_redirect
    link = await link_to(house, "e@third.example")
    await browser.send(link, page=link)
    theirs = await link_to(house, NEW)
    assert await address_of(house, emma) == "e@third.example"
    await browser.send(stop, page=stop)
    assert await address_of(house, emma) == emma.email
    browser.forget()
    await browser.send(theirs, page=theirs)
    assert await address_of(house, emma) == emma.email


async def test_nobody_gets_the_old_address_while_it_can_be_taken_back(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    await moved(browser, house, emma)
    have(house, "open")
    async with browsing(house) as other:
        assert errors_of(await up(other, email=emma.email.upper())) == [TAKEN]
        assert not await people.add(house.app.database, 77, "Somebody", emma.email)
        await asked(other, house, frank, emma.email)
        assert "/reset/" not in text_of((await mails_to(house, emma.email))[-1])
    assert await address_of(house, frank) == frank.email


async def test_whether_an_address_is_taken_is_told_in_its_mailbox_alone(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    pages = []
    for email in (frank.email, "nobody@example.org"):
        await asked(browser, house, emma, email)
        shown = said((await browser.open(OWN)).text.partition("<main")[2])
        pages.append(shown.replace(email, "…"))
    assert pages[0].split("The link works until")[0] == pages[1].split("The link works until")[0]
    (mail,) = await mails_to(house, frank.email)
    assert "You have an account already" in text_of(mail)
    assert link_of(mail) is None
    assert "Emma" not in mail.as_string()
    assert emma.email not in mail.as_string()


async def test_an_address_that_somebody_took_meanwhile_does_not_become_another_s(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await asked(browser, house, emma)
    link = await link_to(house, NEW)
    await known(house, "New Comer", email=NEW)
    page = await browser.send(link, page=link)
    assert page.status_code == 409
    assert "Somebody has this address already" in said(page)
    assert await address_of(house, emma) == emma.email


async def test_one_change_waits_and_can_be_withdrawn(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await asked(browser, house, emma)
    first = await link_to(house, NEW)
    await asked(browser, house, emma, "emma@other.example")
    assert (await browser.open(first)).status_code == 404
    second = await link_to(house, "emma@other.example")
    answer = await browser.send(f"{OWN}/withdraw", page=OWN)
    assert "stays as it is" in said(await browser.follow(answer))
    assert (await browser.open(second)).status_code == 404
    assert "Waiting for the link" not in said(await browser.open(OWN))
    assert (await browser.open(f"{OWN}/withdraw")).headers["location"] == OWN


async def test_who_asked_and_withdrew_is_found_out_all_the_same(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """Whoever knows the password knows it still."""
    await asked(browser, house, emma)
    stop = await link_to(house, emma.email)
    await browser.send(f"{OWN}/withdraw", page=OWN)
    async with browsing(house) as owner:
        assert (await owner.send(stop, page=stop)).headers["location"] == "/address/stopped"
    assert (await browser.open(OWN)).status_code == 303


async def test_a_forgotten_password_ends_what_was_begun_with_the_old_one(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await asked(browser, house, emma)
    make = await link_to(house, NEW)
    async with browsing(house) as owner:
        await owner.send("/reset", page="/reset", email=emma.email)
        link = await link_to(house, emma.email)
        await owner.send(link, page=link, new_password=ANOTHER)
    assert (await browser.open(make)).status_code == 404


async def test_an_address_that_was_never_verified_is_told_nothing(
    browser: Browser, house: Housing
) -> None:
    """It may be a slip of the pen, and somebody else's; it gets no way into the account."""
    have(house, "open")
    sends(house)
    await up(browser)
    await browser.send(OWN, page=OWN, email=NEW, password=PASSWORD)
    assert len(await mails_to(house, ANA["email"])) == 1
    link = await link_to(house, NEW)
    await browser.send(link, page=link)
    assert len(await mails_to(house, ANA["email"])) == 1
    assert not await house.value("SELECT is_unverified FROM users WHERE email = $1", NEW)


async def test_five_a_day_are_enough(browser: Browser, house: Housing, emma: Known) -> None:
    for number in range(5):
        await asked(browser, house, emma, f"e{number}@new.example")
    page = await browser.send(OWN, page=OWN, email=NEW, password=PASSWORD)
    assert (page.status_code, code_in(page)) == (429, "too_many_requests")
    assert await mails_to(house, NEW) == []


async def test_where_no_mail_goes_out_there_is_no_form(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    assert "sends no mails" in said(await browser.open(OWN))
    page = await browser.send(OWN, page="/settings", email=NEW, password=PASSWORD)
    assert "sends no mails" in said(page)
    assert await house.value("SELECT count(*) FROM address_changes") == 0
