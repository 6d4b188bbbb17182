"""Signing up: who may, and what is kept of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest
import structlog
from tests.http.house import Housing
from tests.web.browser import Browser, browsing, errors_of, said, value_of
from tests.web.people import PASSWORD, Known, known

from earnest.http.signin import passwords
from earnest.http.signin.joining import TAKEN
from earnest.store import invitations

pytestmark = pytest.mark.asyncio

ANA = {
    "name": "Ana Souza",
    "email": "ana@example.org",
    "password": PASSWORD,
    "time_zone": "America/Sao_Paulo",
}


def have(house: Housing, signup: str) -> None:
    """Set who may sign up."""
    house.app.config = replace(house.app.config, signup=signup)


async def up(browser: Browser, **different: str) -> httpx.Response:
    """Sign up as Ana, or nearly."""
    return await browser.send("/signup", {**ANA, **different}, page="/signup")


async def people_in(house: Housing) -> int:
    counted: int = await house.value("SELECT count(*) FROM users WHERE email <> ''")
    return counted


async def test_where_it_is_open_anybody_makes_an_account(browser: Browser, house: Housing) -> None:
    have(house, "open")
    answer = await up(browser, name="  Ana Souza ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")
    page = await browser.follow(answer)
    assert "Welcome. Your account is ready." in said(page)
    (row,) = await house.app.database.pool.fetch(
        "SELECT name, email, roles, time_zone, language FROM users WHERE email = $1", ANA["email"]
    )
    assert tuple(row) == ("Ana Souza", ANA["email"], [], "America/Sao_Paulo", "en")
    browser.forget()
    assert (await browser.sign_in(ANA["email"], PASSWORD)).status_code == 303
    assert (await browser.open("/signup")).headers["location"] == "/finances"


@pytest.mark.parametrize("mode", ["closed", "invite", "no such mode"])
async def test_elsewhere_nobody_comes_in_uninvited(
    browser: Browser, house: Housing, mode: str
) -> None:
    have(house, "open")
    await browser.open("/signup")
    have(house, mode)
    assert (await browser.send("/signup", ANA)).status_code == 403
    for query in ({}, {"invitation": "inv_" + "A" * 43}, {"invitation": "x"}):
        page = await browser.open("/signup", **query)
        assert page.status_code == 403
        assert "signup_closed" in page.text
    assert await people_in(house) == 0


async def test_an_invitation_is_good_for_one_account(
    browser: Browser, house: Housing, emma: Known
) -> None:
    token = await invited(house, emma)
    page = await browser.open("/signup", invitation=token)
    assert "Emma Example invites you to a contract in USD" in said(page)
    assert value_of(page, "name") == "Ana"
    answer = await browser.send("/signup", {**ANA, "invitation": token})
    assert answer.headers["location"].startswith("/contracts/ctr_")
    assert "Welcome" in said(await browser.follow(answer))
    async with browsing(house) as other:
        assert (await other.open("/signup", invitation=token)).status_code == 403
        await other.open("/signin")
        late = {**ANA, "email": "bob@example.org", "invitation": token}
        assert (await other.send("/signup", late)).status_code == 403
    assert await people_in(house) == 2


async def test_where_it_is_closed_an_invitation_makes_no_account(
    browser: Browser, house: Housing, emma: Known
) -> None:
    token = await invited(house, emma)
    have(house, "closed")
    assert (await browser.open("/signup", invitation=token)).status_code == 403
    page = await browser.open(f"/invitations/{token}")
    assert "Sign up and see" not in said(page)
    assert "Sign in and see" in said(page)


async def test_an_invitation_that_is_over_does_not_matter_where_it_is_open(
    browser: Browser, house: Housing, emma: Known
) -> None:
    have(house, "open")
    token = await invited(house, emma)
    await house.value("UPDATE invitations SET expires_at = now()")
    page = await browser.open("/signup", invitation=token)
    assert "does not work any more" in said(page)
    answer = await browser.send("/signup", {**ANA, "invitation": token})
    assert answer.headers["location"] == "/welcome"
    assert await house.value("SELECT count(*) FROM contracts") == 0


async def test_an_address_has_one_account_in_whatever_case(
    browser: Browser, house: Housing, emma: Known
) -> None:
    have(house, "open")
    page = await up(browser, email=emma.email.upper())
    assert (page.status_code, errors_of(page)) == (422, [TAKEN])
    assert (value_of(page, "name"), value_of(page, "email")) == ("Ana Souza", "EMMA@EXAMPLE.ORG")
    assert PASSWORD not in page.text
    assert await people_in(house) == 1


async def test_a_taken_address_leaves_the_invitation_open(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    token = await invited(house, emma)
    await browser.open("/signup", invitation=token)
    page = await browser.send("/signup", {**ANA, "email": frank.email, "invitation": token})
    assert errors_of(page) == [TAKEN]
    answer = await browser.send("/signup", {**ANA, "invitation": token})
    assert answer.headers["location"].startswith("/contracts/")


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("name", " ", "Write a name."),
        ("name", "x" * 81, "A name is one line of at most 80 characters."),
        ("name", "Ana\nSouza", "A name is one line of at most 80 characters."),
        ("name", "Ana\0", "A name is one line of at most 80 characters."),
        ("email", "ana", "Write an e-mail address such as emma@example.com."),
        ("email", "ana@b c", "Write an e-mail address such as emma@example.com."),
        ("email", "a" * 251 + "@b.c", "Write an e-mail address such as emma@example.com."),
        ("email", "ana@exam\0ple.org", "Write an e-mail address such as emma@example.com."),
        ("password", "1234567", passwords.length()),
        ("password", "x" * 1025, passwords.length()),
        ("time_zone", "Europe/Nowhere", "Choose a time zone."),
        ("time_zone", "../../etc/passwd", "Choose a time zone."),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field(
    browser: Browser, house: Housing, field: str, text: str, told: str
) -> None:
    have(house, "open")
    page = await up(browser, **{field: text})
    assert (page.status_code, errors_of(page)) == (422, [told])
    assert "<title>Error: Sign up" in page.text
    assert f'href="#{field}"' in page.text
    assert f'id="{field}-error"' in page.text
    assert await people_in(house) == 0


async def test_the_twenty_first_account_of_an_hour_is_refused(
    browser: Browser, house: Housing
) -> None:
    have(house, "open")
    await up(browser, email="emma@example.org")
    await house.value("UPDATE attempts SET count = 20")
    browser.forget()
    answer = await up(browser)
    assert answer.status_code == 429
    assert 3500 < int(answer.headers["retry-after"]) <= 3601
    async with browsing(house, address="192.0.2.9") as elsewhere:
        assert (await up(elsewhere)).status_code == 303


async def test_no_password_and_no_token_is_ever_written_down(
    browser: Browser, house: Housing, emma: Known, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither in a log nor in a table, and of addresses none where tries are counted."""
    token = await invited(house, emma)
    structlog.reset_defaults()  # Another test of this process may have made it quiet.
    with structlog.testing.capture_logs() as logged:
        await browser.open("/signup", invitation=token)
        await browser.send("/signup", {**ANA, "invitation": token})
        first = browser.session
        await browser.open("/signin")
        await browser.send("/signout", page="/settings")
        await browser.sign_in(ANA["email"], "not the password")
        await browser.sign_in(ANA["email"], PASSWORD)
        changed = {"password": PASSWORD, "new_password": "another password"}
        await browser.send("/settings/password", changed, page="/settings")
    assert len(logged) > 8
    outputs = capsys.readouterr()
    told = f"{logged}{outputs.out}{outputs.err}"
    kept = "".join([await dumped(house, table) for table in await tables(house)])
    assert ANA["email"] in kept
    for secret in (PASSWORD, "not the password", "another password", token, first, browser.session):
        assert secret
        assert secret not in told
        assert secret not in kept
    assert ANA["email"] not in told
    counted = await dumped(house, "attempts")
    assert counted
    assert "ana" not in counted.lower()
    assert "127.0.0.1" not in counted


async def tables(house: Housing) -> list[str]:
    found = await house.app.database.pool.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    return [record["tablename"] for record in found]


async def dumped(house: Housing, table: str) -> str:
    """A table as text; bytes as what they may be text of."""
    rows = await house.app.database.pool.fetch(f"SELECT * FROM {table}")
    return repr([tuple(row) for row in rows])


async def invited(house: Housing, by: Known) -> str:
    """The token of an invitation for Ana."""
    draft = invitations.Draft("Ana", "USD", "classic")
    number = house.app.node.ids.new()
    return await invitations.create(house.app.database, number, by.number, draft)


async def test_two_who_sign_up_with_one_link_at_once_are_one(
    house: Housing, browser: Browser, emma: Known
) -> None:
    token = await invited(house, emma)
    async with browsing(house) as other:
        for each in (browser, other):
            await each.open("/signup", invitation=token)
        both = await asyncio.gather(
            browser.send("/signup", {**ANA, "invitation": token}),
            other.send("/signup", {**ANA, "email": "bob@example.org", "invitation": token}),
        )
    assert sorted(answer.status_code for answer in both) == [303, 403]
    assert await people_in(house) == 2
    assert await house.value("SELECT count(*) FROM contracts") == 1


async def test_a_demo_says_who_there_is(browser: Browser, house: Housing, emma: Known) -> None:
    assert emma.email not in (await browser.open("/signin")).text
    house.app.is_demo, house.app.demo_password = True, PASSWORD
    await known(house, "<script>alert(1)</script>")
    page = await browser.open("/signin")
    assert emma.email in page.text
    assert PASSWORD in page.text
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
