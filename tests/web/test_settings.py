"""Settings: what somebody is called, how they are shown things, and their password."""

from __future__ import annotations

import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, browsing, errors_of, said
from tests.web.people import PASSWORD, Known, known

from earnest.http.signin import passwords
from earnest.http.signin.typed import NOT_THIS

pytestmark = pytest.mark.asyncio

PROFILE = {"name": "Emma Other", "time_zone": "Asia/Kolkata", "language": "en", "theme": "dark"}
NEW = "a new password"


async def test_a_profile_is_kept(browser: Browser, house: Housing, emma: Known) -> None:
    await browser.enter(emma.number)
    page = await browser.follow(await browser.send("/settings", PROFILE, page="/settings"))
    assert page.url.path == "/settings"
    assert "Saved." in said(page)
    assert "Saved." not in said(await browser.open("/settings"))
    assert '<option value="Asia/Kolkata" selected>' in page.text
    assert 'data-theme="dark"' in page.text
    (row,) = await house.app.database.pool.fetch(
        "SELECT name, time_zone, language, email FROM users WHERE id = $1", emma.number
    )
    assert tuple(row) == ("Emma Other", "Asia/Kolkata", "en", emma.email)


async def test_the_system_s_theme_needs_no_cookie(browser: Browser, emma: Known) -> None:
    await browser.enter(emma.number)
    await browser.send("/settings", PROFILE, page="/settings")
    assert browser.cookie("earnest-theme") == "dark"
    await browser.send("/settings", {**PROFILE, "theme": "system"}, page="/settings")
    assert not browser.cookie("earnest-theme")
    assert "data-theme" not in (await browser.open("/settings")).text


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("name", "", "Write a name."),
        ("time_zone", "Mars/Olympus", "Choose a time zone."),
        ("language", "tlh", "Choose a language."),
        ("theme", "pink", "Choose a theme."),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field(
    browser: Browser, house: Housing, emma: Known, field: str, text: str, told: str
) -> None:
    await browser.enter(emma.number)
    page = await browser.send("/settings", {**PROFILE, field: text}, page="/settings")
    assert (page.status_code, errors_of(page)) == (422, [told])
    assert f'id="{field}-error"' in page.text
    assert await house.value("SELECT name FROM users WHERE id = $1", emma.number) == emma.name
    assert browser.cookie("earnest-theme") is None


async def test_a_new_password_ends_every_other_session(browser: Browser, house: Housing) -> None:
    emma = await known(house, "Emma")
    async with browsing(house) as other:
        await other.enter(emma.number)
        await browser.enter(emma.number)
        before = browser.session
        fields = {"password": PASSWORD, "new_password": NEW}
        answer = await browser.send("/settings/password", fields, page="/settings")
        assert "Your password is changed." in said(await browser.follow(answer))
        assert browser.session not in {None, before}
        assert (await other.open("/settings")).is_redirect
    assert await house.value("SELECT count(*) FROM sessions WHERE expires_at > now()") == 1
    browser.forget()
    assert (await browser.sign_in(emma.email, PASSWORD)).status_code == 422
    assert (await browser.sign_in(emma.email, NEW)).status_code == 303


async def test_a_password_is_changed_by_who_knows_it(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    for old, new, told in (
        ("wrong password", NEW, NOT_THIS),
        ("", NEW, NOT_THIS),
        (PASSWORD * 100, NEW, NOT_THIS),
        (PASSWORD, "short", passwords.length()),
        (PASSWORD, "x" * 1025, passwords.length()),
    ):
        fields = {"password": old, "new_password": new}
        page = await browser.send("/settings/password", fields, page="/settings")
        assert (page.status_code, errors_of(page)) == (422, [told])
        assert PASSWORD not in page.text
    await house.value("UPDATE attempts SET count = 10")
    fields = {"password": PASSWORD, "new_password": NEW}
    answer = await browser.send("/settings/password", fields, page="/settings")
    assert answer.status_code == 429
    assert "retry-after" in answer.headers
    browser.forget()
    assert (await browser.sign_in(emma.email, PASSWORD)).status_code == 303


async def test_a_name_is_text_wherever_it_is_shown(browser: Browser, house: Housing) -> None:
    """Stored XSS: what somebody calls themselves runs nowhere."""
    name = '"><script>alert(1)</script>'
    emma, frank = await known(house, "Emma"), await known(house, "Frank")
    await browser.enter(emma.number)
    await browser.send("/settings", {**PROFILE, "name": name}, page="/settings")
    made = await browser.send(
        "/invitations/new",
        {"name": name, "currency": "USD", "terms": "classic"},
        page="/invitations/new",
    )
    link = made.text.partition('value="http://earnest')[2].partition('"')[0]
    seen = [made]
    seen += [await browser.open(p) for p in ("/settings", "/invitations", link, "/finances")]
    browser.forget()
    seen += [await browser.open(link), await browser.open(f"/signup?invitation={link[13:]}")]
    await browser.enter(frank.number)
    seen.append(await browser.open(link))
    taken = await browser.send(f"{link}/take", page=link)
    seen += [await browser.follow(taken), await browser.open("/contracts")]
    for page in seen:
        assert page.status_code == 200, page.text
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text, page.url
