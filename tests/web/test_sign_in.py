"""Signing in: who is let in, who is not told why, and what an attacker tries."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import httpx
import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from starlette.requests import Request
from tests.http.house import Housing, housing
from tests.web.browser import SESSION, Browser, browsing, csrf_of, errors_of, hidden_in, said
from tests.web.people import PASSWORD, Known, known

from earnest.http.security import Cookies
from earnest.http.signin import passwords
from earnest.http.signin.passwords import Cost
from earnest.http.signin.signing import NOBODY, begin
from earnest.http.signin.throttle import client_of
from earnest.http.web.places import stranger
from earnest.store import people, sessions

pytestmark = pytest.mark.asyncio

#: What differs from page to page though it says the same.
VARYING = re.compile(r'nonce="[^"]*"|name="csrf" value="[^"]*"')


async def test_who_knows_the_password_is_let_in(browser: Browser, emma: Known) -> None:
    answer = await browser.sign_in(f" {emma.email.upper()} ", PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/finances")
    page = await browser.follow(answer)
    assert page.status_code == 200
    assert "Emma Example" in page.text
    assert (await browser.follow(await browser.open("/signin"))).url.path == "/finances"


async def test_the_cookie_is_out_of_reach(browser: Browser, emma: Known) -> None:
    answer = await browser.sign_in(emma.email, PASSWORD)
    cookie = SimpleCookie(answer.headers["set-cookie"])[SESSION]
    assert cookie["httponly"] is True
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("lax", "/", "")
    assert len(cookie.value) == 43


async def test_a_wrong_password_and_an_unknown_address_read_the_same(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await people.add(house.app.database, house.app.node.ids.new(), "Tom", "tom@example.org")
    await browser.sign_in("nobody@example.org", PASSWORD)  # Gives the browser its cookies.
    heard = set()
    for email, password in (
        (emma.email, "wrong password"),
        ("nobody@example.org", PASSWORD),
        ("tom@example.org", PASSWORD),  # Has no password.
        ("", ""),
        ("no address\0", PASSWORD),
        (emma.email, PASSWORD * 100),
    ):
        answer = await browser.sign_in(email, password)
        assert errors_of(answer) == [NOBODY]
        assert PASSWORD not in answer.text
        text = answer.text.replace(f'value="{email}"', 'value=""')
        heard.add((answer.status_code, VARYING.sub("", text)))
    assert len(heard) == 1
    assert next(iter(heard))[0] == 422


async def test_a_hash_costs_what_the_library_recommends() -> None:
    """To a site, that is: these tests have made it cheap for themselves."""
    assert extract_parameters(Cost().hasher.hash(PASSWORD)) == RFC_9106_LOW_MEMORY
    assert passwords.is_outdated(Cost().hasher.hash(PASSWORD)), "it is cheap here"


async def test_an_old_hash_is_renewed(browser: Browser, house: Housing, emma: Known) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await people.set_password(house.app.database, emma.number, weak)
    assert (await browser.sign_in(emma.email, PASSWORD)).status_code == 303
    now = await people.password_of(house.app.database, emma.number)
    assert now is not None
    assert now != weak
    assert "m=8," not in now
    browser.forget()
    assert (await browser.sign_in(emma.email, PASSWORD)).status_code == 303


# --- too many tries --------------------------------------------------------------------------


async def tries(browser: Browser, email: str, count: int) -> httpx.Response:
    """Be wrong so many times; the last answer."""
    answer = await browser.open("/signin")
    for _ in range(count):
        fields = {"csrf": csrf_of(answer), "email": email, "password": "wrong password"}
        answer = await browser.post("/signin", fields)
        if answer.status_code != 422:
            break
    return answer


async def test_the_eleventh_wrong_try_is_refused_also_by_another_process(
    browser: Browser, house: Housing, emma: Known, dsn: str
) -> None:
    assert (await tries(browser, emma.email, 10)).status_code == 422
    async with housing(dsn) as other, browsing(other) as there:
        answer = await there.sign_in(emma.email.upper(), PASSWORD)
        assert answer.status_code == 429
        assert 800 < int(answer.headers["retry-after"]) <= 900
        assert "Wait 15 minutes" in said(answer)
    async with browsing(house, address="192.0.2.7") as elsewhere:
        assert (await elsewhere.sign_in(emma.email, PASSWORD)).status_code == 303
    frank = await known(house, "Frank")
    assert (await browser.sign_in(frank.email, PASSWORD)).status_code == 303


async def test_only_what_was_wrong_counts(browser: Browser, house: Housing, emma: Known) -> None:
    await tries(browser, emma.email, 9)
    assert (await browser.sign_in(emma.email, PASSWORD)).status_code == 303
    browser.forget()
    assert (await tries(browser, emma.email, 10)).status_code == 422
    assert await house.value("SELECT max(count) FROM attempts") == 19  # From this address.


async def test_a_window_ends(browser: Browser, house: Housing, emma: Known) -> None:
    assert (await tries(browser, emma.email, 11)).status_code == 429
    await house.value("UPDATE attempts SET expires_at = clock_timestamp() - interval '1 s'")
    assert (await browser.sign_in(emma.email, PASSWORD)).status_code == 303


async def test_one_address_cannot_try_one_person_after_another(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await tries(browser, emma.email, 1)
    await house.value("UPDATE attempts SET count = 100 WHERE key LIKE '%anywhere%'")
    answer = await browser.sign_in("nobody@example.org", "wrong password")
    assert answer.status_code == 429
    async with browsing(house, address="2001:db8::1") as elsewhere:
        assert (await elsewhere.sign_in(emma.email, PASSWORD)).status_code == 303


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "testclient", False),
    ],
)
async def test_an_ipv6_customer_is_one_client(one: str, other: str, same: bool) -> None:
    found = [client_of(Request({"type": "http", "client": (a, 1)})) for a in (one, other)]
    assert (found[0] == found[1]) is same


# --- sessions --------------------------------------------------------------------------------


async def test_a_planted_session_is_not_the_one_after(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """Fixation: the attacker knows the cookie before, and it opens nothing afterwards."""
    made_up = "A" * 43
    browser.plant(SESSION, made_up)
    await browser.sign_in(emma.email, PASSWORD)
    assert browser.session not in {None, made_up}
    assert await sessions.visitor(house.app.database, made_up) is None


async def test_a_session_that_is_brought_ends(house: Housing, emma: Known, frank: Known) -> None:
    """Whoever signs somebody in need not ask what the browser had before."""
    brought = await sessions.create(house.app.database, frank.number)
    cookie = f"{SESSION}={brought}".encode()
    request = Request({"type": "http", "path": "/signin", "headers": [(b"cookie", cookie)]})
    visit = stranger(request, house.app, Cookies(house.app.config))
    await begin(visit, request, emma.number, "/finances")
    live = "SELECT array_agg(user_id) FROM sessions WHERE expires_at > now()"
    assert await house.value(live) == [emma.number]


async def test_signing_out_ends_the_session_itself(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.follow(await browser.sign_in(emma.email, PASSWORD))
    kept = browser.session
    assert kept
    answer = await browser.send("/signout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert not browser.session
    assert "You are signed out." in said(await browser.follow(answer))
    browser.plant(SESSION, kept)
    assert (await browser.open("/finances")).headers["location"] == "/signin?next=%2Ffinances"
    assert (await browser.post("/signout", {})).headers["location"] == "/"


async def test_signing_out_everywhere_ends_all_sessions_of_one_person(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    async with browsing(house) as other, browsing(house) as franks:
        for each, who in ((browser, emma), (other, emma), (franks, frank)):
            await each.enter(who.number)
        answer = await browser.send("/signout/everywhere", page="/settings")
        assert "signed out everywhere" in said(await browser.follow(answer))
        assert (await other.open("/settings")).is_redirect
        assert (await franks.open("/settings")).status_code == 200


async def test_the_addresses_of_buttons_lead_back(browser: Browser, emma: Known) -> None:
    assert (await browser.open("/signout")).headers["location"] == "/"
    await browser.enter(emma.number)
    assert (await browser.open("/signout")).headers["location"] == "/"
    assert browser.session
    for path in ("/signout/everywhere", "/settings/password"):
        assert (await browser.open(path)).headers["location"].startswith("/settings")


# --- requests from elsewhere -----------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_a_form_of_another_site_changes_nothing(
    browser: Browser, house: Housing, emma: Known, headers: dict[str, str]
) -> None:
    """Not even with a token that is right."""
    await browser.enter(emma.number)
    fields = {**EVIL, "csrf": csrf_of(await browser.open("/settings"))}
    for path in ("/settings", "/settings/password", "/signout", "/signout/everywhere"):
        answer = await browser.client.post(path, data=fields, headers=headers)
        assert answer.status_code == 403
        assert "Nothing was done" in said(answer)
    assert await house.value("SELECT name FROM users WHERE id = $1", emma.number) == emma.name
    assert await house.value("SELECT count(*) FROM sessions") == 1


async def test_nobody_is_signed_in_from_elsewhere(browser: Browser, emma: Known) -> None:
    """Else an attacker could have somebody pay into the attacker's account."""
    page = await browser.open("/signin")
    fields = {"csrf": csrf_of(page), "email": emma.email, "password": PASSWORD}
    answer = await browser.post("/signin", fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not browser.session


async def test_a_form_needs_the_token_of_who_is_signed_in(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    async with browsing(house) as other:
        await other.enter(frank.number)
        foreign = csrf_of(await other.open("/settings"))
    stranger = csrf_of(await browser.open("/signin"))
    await browser.enter(emma.number)
    for token in ({}, {"csrf": ""}, {"csrf": "x" * 86}, {"csrf": foreign}, {"csrf": stranger}):
        for path in ("/settings", "/settings/password", "/invitations/new", "/signout"):
            assert (await browser.post(path, {**EVIL, **token})).status_code == 403
    assert await house.value("SELECT name FROM users WHERE id = $1", emma.number) == emma.name
    browser.forget()
    own = {"email": emma.email, "password": PASSWORD}
    assert (await browser.post("/signin", own)).status_code == 403
    assert (await browser.post("/signin", {**own, "csrf": foreign})).status_code == 403


EVIL = {"name": "Mallory", "time_zone": "UTC", "language": "en", "theme": "dark"}


# --- where one goes on -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "there",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/ok\r\nSet-Cookie: earnest=x",
        " //evil.example",
        "finances",
        "/" + "x" * 3000,
    ],
)
async def test_nobody_is_sent_to_another_site(browser: Browser, emma: Known, there: str) -> None:
    answer = await browser.sign_in(emma.email, PASSWORD, next=there)
    assert answer.headers["location"] == "/finances"
    assert "set-cookie: earnest=x" not in str(answer.headers).lower()
    assert (await browser.open("/signin", next=there)).headers["location"] == "/finances"
    browser.forget()
    page = await browser.open("/signin")
    fields = {"csrf": csrf_of(page), "email": emma.email, "password": PASSWORD, "next": there}
    assert (await browser.post("/signin", fields)).headers["location"] == "/finances"


async def test_who_was_on_the_way_somewhere_gets_there(browser: Browser, emma: Known) -> None:
    answer = await browser.open("/finances/milestones?dir=incoming&status=funded")
    page = await browser.follow(answer)
    assert page.url.path == "/signin"
    answer = await browser.send("/signin", hidden_in(page), email=emma.email, password=PASSWORD)
    assert answer.headers["location"] == "/finances/milestones?dir=incoming&status=funded"


async def test_a_second_tab_that_was_left_open_goes_on(browser: Browser, emma: Known) -> None:
    old = await browser.open("/signin", next="/contracts")
    await browser.sign_in(emma.email, PASSWORD)
    fields = {**hidden_in(old), "csrf": csrf_of(old), "email": emma.email, "password": "x"}
    assert (await browser.post("/signin", fields)).headers["location"] == "/contracts"


# --- a session that ends in the middle of a form ---------------------------------------------


async def test_a_session_that_ends_in_the_middle_of_a_form_returns_to_it(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    await browser.open("/settings")
    await sessions.end_all(house.app.database, emma.number)
    typed = {**EVIL, "name": 'Emma "New" <b>\0', "time_zone": "Europe/Paris"}
    page = await browser.send("/settings", typed)
    assert page.status_code == 401
    assert "nothing was sent" in said(page)
    assert "kept.csrf" not in page.text
    wrong = await browser.send("/signin", hidden_in(page), email=emma.email, password="wrong one")
    assert wrong.status_code == 422
    assert "What you typed is kept." in said(wrong)
    answer = await browser.send("/signin", hidden_in(wrong), email=emma.email, password=PASSWORD)
    back = await browser.follow(answer)
    assert back.url.path == "/settings"
    assert "What you typed is still here" in said(back)
    assert 'value="Emma &#34;New&#34; &lt;b&gt;"' in back.text
    assert '<option value="Europe/Paris" selected>' in back.text
    assert 'value="dark" checked' in back.text
    assert await house.value("SELECT name FROM users WHERE id = $1", emma.number) == emma.name
    assert "is still here" not in said(await browser.open("/settings"))


async def test_what_one_typed_is_not_given_to_another(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    """Two people at one machine: whoever signs in there finds nothing of the other's."""
    await browser.enter(emma.number)
    await browser.open("/settings")
    await sessions.end_all(house.app.database, emma.number)
    page = await browser.send("/settings", name="Emma, from Emma's bank", time_zone="UTC")
    answer = await browser.send("/signin", hidden_in(page), email=frank.email, password=PASSWORD)
    back = await browser.follow(answer)
    assert back.url.path == "/settings"
    assert "bank" not in back.text


async def test_passwords_are_never_kept(browser: Browser, house: Housing, emma: Known) -> None:
    await browser.enter(emma.number)
    await browser.open("/settings")
    await sessions.end_all(house.app.database, emma.number)
    page = await browser.send("/settings/password", password=PASSWORD, new_password="another one")
    assert page.status_code == 401
    assert PASSWORD not in page.text
    assert "another one" not in page.text
    answer = await browser.send("/signin", hidden_in(page), email=emma.email, password=PASSWORD)
    assert (await browser.follow(answer)).url.path == "/settings/security"
    assert await house.value("SELECT count(kept) FROM sessions") == 0


async def test_what_is_too_much_is_not_kept(browser: Browser, house: Housing, emma: Known) -> None:
    page = await browser.open("/signin", next="/settings")
    more = {f"kept.{n}": "x" * 1000 for n in range(60)}
    fields = {**hidden_in(page), **more}
    await browser.send("/signin", fields, email=emma.email, password=PASSWORD)
    assert await house.value("SELECT count(*) FROM sessions WHERE kept IS NULL") == 1
