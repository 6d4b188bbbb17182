"""The app for codes and recovery codes: each counts once, and only together with the password."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, browsing, errors_of, hidden_in, said
from tests.web.codes import APP, SECOND, SECURITY, Phone, offered, recovery_in, set_up
from tests.web.people import PASSWORD, Known

from earnest.http.signin import codes, sealing
from earnest.http.signin.proofs import NOT_A_CODE, NOT_RECOVERY

pytestmark = pytest.mark.asyncio

TOLD = "SELECT string_agg(name, ' ' ORDER BY id) FROM account_changes"
SESSIONS = "SELECT count(*) FROM sessions WHERE expires_at > now()"


async def begun(browser: Browser, who: Known) -> None:
    """The password is right."""
    browser.forget()
    answer = await browser.sign_in(who.email, PASSWORD)
    assert (answer.headers["location"], browser.session) == (SECOND, None)


async def test_an_app_counts_once_it_has_shown_a_code(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    phone, fields = await offered(browser)
    page = await browser.send(APP, {**fields, "code": "000000"})
    assert errors_of(page) == [NOT_A_CODE]
    assert "data-copy" not in page.text
    assert await house.value("SELECT count(*) FROM authenticators") == 0
    again = hidden_in(page)
    assert phone.secret in page.text.replace(" ", "")
    page = await browser.send(APP, {**again, "code": phone.code()})
    assert len(recovery_in(page)) == 10
    assert phone.secret.encode() not in await house.value("SELECT sealed FROM authenticators")
    assert await house.value(TOLD) == "app_added"
    assert (await browser.open(APP)).headers["location"] == SECURITY


async def test_a_secret_is_confirmed_by_whom_it_was_shown(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    await browser.enter(frank.number)
    phone, fields = await offered(browser)
    await browser.enter(emma.number)
    for sealed in (fields["sealed"], "00", "x", ""):
        answer = await browser.send(APP, {"sealed": sealed, "code": phone.code()}, page=APP)
        assert answer.headers["location"] == APP
    assert await house.value("SELECT count(*) FROM authenticators") == 0


async def test_a_code_is_asked_for_after_the_password_and_counts_once(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    phone, _ = await set_up(browser)
    await begun(browser, emma)
    page = await browser.send(SECOND, page=SECOND, code="123")
    assert errors_of(page) == [NOT_A_CODE]
    shown = phone.code()
    answer = await browser.send(SECOND, code=f"{shown[:3]} {shown[3:]}")
    assert answer.headers["location"] == "/finances"
    assert browser.session
    assert browser.cookie("earnest-second") is None
    await begun(browser, emma)
    for replayed in (shown, phone.code(-1)):
        page = await browser.send(SECOND, page=SECOND, code=replayed)
        assert errors_of(page) == [NOT_A_CODE]
        assert not browser.session
    answer = await browser.send(SECOND, page=SECOND, code=phone.code(1))
    assert answer.headers["location"] == "/finances"


async def test_the_second_step_leads_on_with_what_was_typed(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    phone, _ = await set_up(browser)
    await browser.open("/settings")
    await house.value("UPDATE sessions SET expires_at = now() RETURNING 1")
    page = await browser.send("/settings", name="Emma Typed")
    fields = {**hidden_in(page), "email": emma.email, "password": PASSWORD}
    answer = await browser.send("/signin", fields)
    assert answer.headers["location"] == SECOND
    page = await browser.follow(await browser.send(SECOND, page=SECOND, code=phone.code()))
    assert page.url.path == "/settings"
    assert 'value="Emma Typed"' in page.text


async def test_the_cookie_of_the_first_step_signs_in_nobody(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    phone, recovery = await set_up(browser)
    await begun(browser, emma)
    secret = browser.cookie("earnest-second") or ""
    browser.plant("earnest", secret)
    assert (await browser.open("/finances")).is_redirect
    async with browsing(house) as other:
        assert (await other.open(SECOND)).headers["location"] == "/signin"
        answer = await other.send(SECOND, page="/signin", code=phone.code())
        assert (answer.headers["location"], other.session) == ("/signin", None)
        answer = await other.send(SECOND, page="/signin", recovery=recovery[0])
        assert (answer.headers["location"], other.session) == ("/signin", None)
    await house.value("UPDATE sign_ins_begun SET expires_at = now() RETURNING 1")
    browser.forget("earnest")
    assert (await browser.open(SECOND)).headers["location"] == "/signin"
    assert secret.encode() not in await house.value("SELECT hash FROM sign_ins_begun")


async def test_of_one_code_twice_at_once_one_counts(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    phone, recovery = await set_up(browser)
    for fields in ({"code": phone.code()}, {"recovery": recovery[0]}):
        before = await house.value(SESSIONS)
        async with browsing(house) as one, browsing(house) as other:
            for each in (one, other):
                await begun(each, emma)
                await each.open(SECOND)
            await asyncio.gather(one.send(SECOND, fields), other.send(SECOND, fields))
            assert sorted([bool(one.session), bool(other.session)]) == [False, True]
        assert await house.value(SESSIONS) == before + 1


async def test_of_two_right_answers_to_one_sign_in_one_signs_in(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    phone, recovery = await set_up(browser)
    await begun(browser, emma)
    await browser.open(SECOND)
    before = await house.value(SESSIONS)
    await asyncio.gather(
        browser.send(SECOND, code=phone.code()), browser.send(SECOND, recovery=recovery[0])
    )
    assert await house.value(SESSIONS) == before + 1


async def test_a_recovery_code_signs_in_once_however_it_is_typed(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    _, recovery = await set_up(browser)
    await begun(browser, emma)
    typed = recovery[3].upper().replace("-", " ")
    answer = await browser.send(SECOND, page=SECOND, recovery=typed)
    page = await browser.follow(answer)
    assert page.url.path == SECURITY
    assert "You used a recovery code up." in said(page)
    assert "9 codes are left." in said(page)
    await begun(browser, emma)
    for wrong in (recovery[3], "", "x", "-" * 19):
        page = await browser.send(SECOND, page=SECOND, recovery=wrong)
        assert (errors_of(page), browser.session) == ([NOT_RECOVERY], None)
    kept = await house.app.database.pool.fetch("SELECT hash FROM recovery_codes")
    assert all(len(row["hash"]) == 32 for row in kept)
    assert await house.value(TOLD) == "app_added code_used"


async def test_new_recovery_codes_end_those_before(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    _, before = await set_up(browser)
    page = await browser.send(f"{SECURITY}/codes", page=SECURITY)
    after = recovery_in(page)
    assert not {*before} & {*after}
    await begun(browser, emma)
    page = await browser.send(SECOND, page=SECOND, recovery=before[0])
    assert errors_of(page) == [NOT_RECOVERY]
    answer = await browser.send(SECOND, page=SECOND, recovery=after[0])
    assert answer.headers["location"] == SECURITY


async def test_turned_off_the_password_is_enough_again(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    await set_up(browser)
    async with browsing(house) as other:
        await other.enter(emma.number)
        page = await browser.follow(await browser.send(f"{APP}/off", page=SECURITY))
        assert "Everywhere else you are signed out." in said(page)
        assert (await other.open("/settings")).is_redirect
    browser.forget()
    assert (await browser.sign_in(emma.email, PASSWORD)).headers["location"] == "/finances"
    for table in ("authenticators", "recovery_codes"):
        assert await house.value(f"SELECT count(*) FROM {table}") == 0


async def test_a_new_password_ends_a_sign_in_that_waits(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    phone, _ = await set_up(browser)
    async with browsing(house) as thief:
        await begun(thief, emma)
        fields = {"password": PASSWORD, "new_password": "another password"}
        await browser.send("/settings/password", fields, page=SECURITY)
        answer = await thief.send(SECOND, page="/signin", code=phone.code())
        assert (answer.headers["location"], thief.session) == ("/signin", None)


async def test_too_many_codes_are_refused_and_lock_nobody_out(
    browser: Browser, house: Housing, emma: Known
) -> None:
    """From one client for a while; from all of them the app's, for a day, and its owner is told."""
    await browser.enter(emma.number)
    phone, recovery = await set_up(browser)
    await begun(browser, emma)
    await browser.open(SECOND)
    for _ in range(10):
        assert (await browser.send(SECOND, code="000000")).status_code == 422
    assert (await browser.send(SECOND, code=phone.code(), page=SECOND)).status_code == 429
    for address in range(5):
        async with browsing(house, address=f"192.0.2.{address}") as other:
            await begun(other, emma)
            await other.open(SECOND)
            for _ in range(9):
                await other.send(SECOND, code="000000")
    async with browsing(house, address="203.0.113.9") as own:
        await begun(own, emma)
        page = await own.send(SECOND, page=SECOND, code=phone.code())
        assert errors_of(page) == [NOT_A_CODE]
        answer = await own.send(SECOND, page=SECOND, recovery=recovery[0])
        assert answer.headers["location"] == SECURITY
    assert await house.value(TOLD) == "app_added codes_tried code_used"


async def test_a_code_sealed_with_another_key_counts_for_nobody(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    phone, recovery = await set_up(browser)
    house.app.config = replace(house.app.config, secret_key="k" * 32)
    await begun(browser, emma)
    page = await browser.send(SECOND, page=SECOND, code=phone.code())
    assert errors_of(page) == [NOT_A_CODE]
    answer = await browser.send(SECOND, page=SECOND, recovery=recovery[0])
    assert answer.headers["location"] == SECURITY


async def test_the_key_is_made_once_and_is_its_owner_s_alone(house: Housing) -> None:
    config = house.app.config
    raw = sealing.sealed(config, "a secret", "a")
    file = config.data_dir / sealing.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in config.data_dir.glob("secret*")] == [sealing.FILE]
    assert sealing.opened(config, raw, "a") == "a secret"
    assert sealing.opened(config, raw, "b") is None
    assert sealing.opened(config, raw[:5], "a") is None
    assert sealing.sealed(config, "a secret", "a") != raw


async def test_what_an_app_reads_names_the_site_and_the_person() -> None:
    address = codes.address("A" * 32, "emma@example.org")
    assert address.startswith("otpauth://totp/Earnest:emma%40example.org?secret=AAAA")
    assert "<svg" in codes.picture(address)
    assert codes.step_of("A" * 32, Phone("A" * 32).code()) is not None
    assert codes.step_of("A" * 32, Phone("A" * 32).code(3)) is None
    assert codes.step_of("A" * 32, "٤٢١٤٢١") is None
