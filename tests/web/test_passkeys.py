"""Passkeys: made, shown, counted, removed; and every answer that must not sign anybody in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.http.house import Housing
from tests.web import authenticator
from tests.web.authenticator import ID, NEW, PRESENT, URL, Authenticator, add, options, sign_in
from tests.web.browser import Browser, browsing, errors_of, said
from tests.web.people import PASSWORD, Known

from earnest.core.references import printed
from earnest.http.signin.keys import NAME, NOT_MADE
from earnest.http.signin.proofs import NOT_A_PASSKEY
from earnest.store.passkeys import NAME_LONGEST

pytestmark = pytest.mark.asyncio

KEPT = "SELECT count(*) FROM passkeys"
TOLD = "SELECT string_agg(name, ' ' ORDER BY id) FROM account_changes"


@pytest.fixture(autouse=True)
def _at_a_name(house: Housing) -> None:
    authenticator.at_a_name(house)


async def with_a_passkey(browser: Browser, who: Known) -> Authenticator:
    """Sign in as somebody, and add a passkey of a device that nobody else has."""
    device = Authenticator()
    await browser.enter(who.number)
    await add(browser, device)
    return device


async def test_a_passkey_is_made_and_signs_in_alone(
    browser: Browser, house: Housing, emma: Known
) -> None:
    device = Authenticator()
    await browser.enter(emma.number)
    page = await add(browser, device)
    assert "Recovery codes" in said(page)
    assert page.text.count("<li><code") == 10
    assert "My phone" in said(await browser.open("/settings/security"))
    browser.forget()
    answer = await sign_in(browser, device)
    assert answer.headers["location"] == "/finances"
    assert "last used" in said(await browser.open("/settings/security"))
    assert await house.value(TOLD) == "passkey_added"


async def test_a_password_alone_is_not_enough_beside_a_passkey(
    browser: Browser, house: Housing, emma: Known
) -> None:
    device = await with_a_passkey(browser, emma)
    browser.forget()
    answer = await browser.sign_in(emma.email, PASSWORD)
    assert (answer.headers["location"], browser.session) == ("/signin/second", None)
    asked = await options(browser, "/signin/second/options", "/signin/second")
    assert [each["id"] for each in asked["allowCredentials"]]
    assert asked["userVerification"] == "required"
    fields = {"credential": device.shown(asked)}
    answer = await browser.send("/signin/second/passkey", fields, page="/signin/second")
    assert answer.headers["location"] == "/finances"
    assert browser.session
    assert not browser.cookie("earnest-second")


async def test_a_passkey_shows_once_more_who_one_is(
    browser: Browser, house: Housing, emma: Known
) -> None:
    device = await with_a_passkey(browser, emma)
    await house.value("UPDATE sessions SET proved_at = now() - interval '1 hour' RETURNING 1")
    page = "/signin/again?next=/withdraw"
    asked = await options(browser, "/signin/again/options", page)
    fields = {"credential": device.shown(asked), "next": "/withdraw"}
    answer = await browser.send("/signin/again/passkey", fields, page=page)
    assert answer.headers["location"] == "/withdraw"
    assert await house.value("SELECT now() - proved_at < interval '1 minute' FROM sessions")


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": f"{URL}.evil.example"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
    ids=str,
)
async def test_an_answer_from_elsewhere_or_of_nobody_is_refused(
    browser: Browser, house: Housing, emma: Known, lie: dict[str, str]
) -> None:
    """A foreign origin, a wrong rp id, nobody verified, nobody present: made and shown alike."""
    await browser.enter(emma.number)
    page = await add(browser, Authenticator(**lie))  # type: ignore[arg-type]
    assert (page.status_code, errors_of(page)) == (422, [NOT_MADE])
    assert await house.value(KEPT) == 0
    device = Authenticator()
    await add(browser, device)
    browser.forget()
    for name, value in lie.items():
        setattr(device, name, value)
    page = await sign_in(browser, device)
    assert (page.status_code, errors_of(page)) == (422, [NOT_A_PASSKEY])
    assert browser.session is None


async def test_a_challenge_is_answered_once_by_the_browser_that_asked_for_its_purpose(
    browser: Browser, house: Housing, emma: Known
) -> None:
    device = await with_a_passkey(browser, emma)
    browser.forget()
    asked = await options(browser, "/signin/passkey/options", "/signin")
    fields = {"credential": device.shown(asked)}
    async with browsing(house) as other:
        page = await other.send("/signin/passkey", fields, page="/signin")
        assert errors_of(page) == [NOT_A_PASSKEY]
    fields = {"credential": device.shown(asked)}
    answer = await browser.send("/signin/passkey", fields, page="/signin")
    assert answer.headers["location"] == "/finances"
    visit = browser.cookie("earnest-visit") or ""
    browser.forget("earnest")
    assert browser.cookie("earnest-visit") == visit
    page = await browser.send("/signin/passkey", fields, page="/signin")
    assert errors_of(page) == [NOT_A_PASSKEY]
    await browser.sign_in(emma.email, PASSWORD)
    asked = await options(browser, "/signin/second/options", "/signin/second")
    fields = {"credential": device.shown(asked)}
    page = await browser.send("/signin/passkey", fields, page="/signin")
    assert errors_of(page) == [NOT_A_PASSKEY]


async def test_a_challenge_is_over_after_five_minutes(
    browser: Browser, house: Housing, emma: Known
) -> None:
    device = await with_a_passkey(browser, emma)
    browser.forget()
    asked = await options(browser, "/signin/passkey/options", "/signin")
    left = "SELECT max(expires_at) - now() <= interval '5 minutes' FROM challenges"
    assert await house.value(left)
    await house.value("UPDATE challenges SET expires_at = now() RETURNING 1")
    fields = {"credential": device.shown(asked)}
    page = await browser.send("/signin/passkey", fields, page="/signin")
    assert errors_of(page) == [NOT_A_PASSKEY]


async def test_a_key_that_counts_backwards_is_stopped_and_told(
    browser: Browser, house: Housing, emma: Known
) -> None:
    device = Authenticator(count=7)
    await browser.enter(emma.number)
    await add(browser, device)
    browser.forget()
    device.count = 3
    page = await sign_in(browser, device)
    assert errors_of(page) == [NOT_A_PASSKEY]
    assert await house.value(TOLD) == "passkey_added passkey_stopped"
    device.count = 100
    assert errors_of(await sign_in(browser, device)) == [NOT_A_PASSKEY]
    assert browser.session is None
    await browser.enter(emma.number)
    assert "Refused" in said(await browser.open("/settings/security"))


async def test_nobody_stops_a_key_that_they_do_not_have(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """A low count counts only when the signature is right."""
    device = Authenticator(count=7)
    await browser.enter(emma.number)
    await add(browser, device)
    browser.forget()
    forger = Authenticator(credential=device.credential, count=1)
    assert errors_of(await sign_in(browser, forger)) == [NOT_A_PASSKEY]
    assert await house.value("SELECT count(*) FROM passkeys WHERE stopped_at IS NULL") == 1
    assert (await sign_in(browser, device)).headers["location"] == "/finances"


async def test_a_removed_passkey_signs_in_nobody(
    browser: Browser, house: Housing, emma: Known
) -> None:
    device = await with_a_passkey(browser, emma)
    reference = _address(await house.value("SELECT id FROM passkeys"))
    page = await browser.send(reference, name="Old phone", page=reference)
    assert "Old phone" in said(await browser.follow(page))
    page = await browser.send(f"{reference}/remove", page=reference)
    assert "It is removed." in said(await browser.follow(page))
    browser.forget()
    assert errors_of(await sign_in(browser, device)) == [NOT_A_PASSKEY]
    assert (await browser.sign_in(emma.email, PASSWORD)).headers["location"] == "/finances"
    assert await house.value("SELECT count(*) FROM recovery_codes") == 0
    assert await house.value(TOLD) == "passkey_added passkey_removed"


async def test_somebody_else_s_passkey_is_nobody_s(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    device, own = Authenticator(), Authenticator()
    await browser.enter(frank.number)
    await add(browser, device)
    theirs = _address(await house.value("SELECT id FROM passkeys"))
    await browser.enter(emma.number)
    await add(browser, own)
    for path in (theirs, f"{theirs}/remove"):
        page = await browser.send(path, name="Mine", page="/settings/security")
        assert page.status_code == 404
    assert (await browser.open(theirs)).status_code == 404
    page = await add(browser, device)
    assert errors_of(page) == [NOT_MADE]
    browser.forget()
    await browser.sign_in(emma.email, PASSWORD)
    asked = await options(browser, "/signin/second/options", "/signin/second")
    fields = {"credential": device.shown(asked)}
    page = await browser.send("/signin/second/passkey", fields, page="/signin/second")
    assert (errors_of(page), browser.session) == ([NOT_A_PASSKEY], None)


async def test_a_passkey_has_a_name_and_adding_one_ends_other_sessions(
    browser: Browser, house: Housing, emma: Known
) -> None:
    async with browsing(house) as other:
        await other.enter(emma.number)
        await browser.enter(emma.number)
        for name in ("", "x" * 81, "a\nb"):
            page = await add(browser, Authenticator(), name)
            assert errors_of(page) == [NAME.format(most=NAME_LONGEST)]
        assert (await other.open("/settings")).status_code == 200
        await add(browser, Authenticator(), "Phone")
        assert (await other.open("/settings")).is_redirect


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", '{"rawId":"!","response":{"clientDataJSON":"e30"}}', "{", "🔑"],
)
async def test_what_is_no_answer_is_refused(browser: Browser, emma: Known, answer: str) -> None:
    page = await browser.send("/signin/passkey", page="/signin", credential=answer)
    assert errors_of(page) == [NOT_A_PASSKEY]
    await browser.enter(emma.number)
    fields = {"name": "Phone", "credential": answer}
    page = await browser.send("/settings/security/passkeys", fields, page=NEW)
    assert errors_of(page) == [NOT_MADE]


async def test_options_name_the_host_of_the_site(browser: Browser, emma: Known) -> None:
    await browser.enter(emma.number)
    asked = await options(browser, "/settings/security/passkeys/options", NEW)
    assert asked["rp"]["id"] == ID
    selection = asked["authenticatorSelection"]
    assert selection["residentKey"] == selection["userVerification"] == "required"


async def test_where_no_passkey_can_be_made_none_is_offered(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """At the address of a network, and where nobody said how the site is reached."""
    for url in ("http://localhost:8000", "https://192.0.2.1", "http://pay.example.com"):
        house.app.config = replace(house.app.config, url=url)
        browser.forget()
        assert "data-passkey" not in (await browser.open("/signin")).text
        assert (await browser.send("/signin/passkey/options")).status_code == 404
        await browser.enter(emma.number)
        assert (await browser.open(NEW)).status_code == 404


def _address(number: int) -> str:
    return f"/settings/security/passkeys/{printed('pky', number)}"
