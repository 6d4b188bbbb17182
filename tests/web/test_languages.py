"""Everybody reads their own language: from their profile, or else as their browser asks for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, browsing, said
from tests.web.people import Known
from tests.web.reading import form_in, tree

from earnest.words.languages import LANGUAGES

pytestmark = pytest.mark.asyncio


def language_of(text: str) -> tuple[str, str]:
    html = tree(text).one("html").attributes
    return html["lang"], html["dir"]


async def test_a_stranger_reads_what_their_browser_asks_for(browser: Browser) -> None:
    assert language_of((await browser.open("/")).text) == ("en", "ltr")
    browser.client.headers["Accept-Language"] = "ar-EG,ar;q=0.9,en;q=0.5"
    assert language_of((await browser.open("/")).text) == ("ar", "rtl")
    browser.client.headers["Accept"] = "text/html"
    assert language_of((await browser.open("/no/such/page")).text) == ("ar", "rtl")


async def test_a_refusal_is_said_in_the_language_too(browser: Browser, house: Housing) -> None:
    await browser.enter((await house.person("emma")).number)
    await browser.send("/language?to=/", {"language": "es"}, page="/finances")
    missing = await browser.client.get("/no/such/page", headers={"Accept": "text/html"})
    assert tree(missing).one("h1").text == "No se encontró"
    assert "No existe esa dirección." in missing.text
    form = form_in(await browser.open("/projects/new"))
    page = await browser.upload(form.action, form.values, ("page.html", b"<p>"), ("a.txt", b""))
    assert "No se acepta page.html. Se aceptan archivos que terminan en png, jpg" in page.text
    assert "No se acepta a.txt: está vacío." in page.text


async def test_a_language_that_is_chosen_is_kept_in_the_browser(browser: Browser) -> None:
    answer = await browser.send("/language?to=/help%3Fa%3D1", {"language": "pt-BR"}, page="/help")
    assert (answer.status_code, answer.headers["location"]) == (303, "/help?a=1")
    assert browser.cookie("earnest-language") == "pt-BR"
    page = await browser.open("/help")
    assert language_of(page.text) == ("pt-BR", "ltr")
    (chosen,) = tree(page).one("form", class_="languages").every("button", aria_current="true")
    assert chosen.text == LANGUAGES["pt-BR"]


async def test_who_is_signed_in_chooses_it_for_good(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    await browser.send("/language?to=/finances", {"language": "es"}, page="/finances")
    async with browsing(house) as other:
        await other.enter(emma.number)
        assert language_of((await other.open("/finances")).text) == ("es", "ltr")


@pytest.mark.parametrize("to", ["//example.org", "https://example.org", "", "/\\example.org"])
async def test_the_switch_leads_nowhere_else(browser: Browser, to: str) -> None:
    answer = await browser.send(f"/language?to={to}", {"language": "es"}, page="/help")
    assert answer.headers["location"] == "/"


async def test_what_is_no_language_changes_nothing(browser: Browser) -> None:
    await browser.send("/language?to=/help", {"language": "tlh"}, page="/help")
    assert browser.cookie("earnest-language") is None
    browser.plant("earnest-language", "tlh")
    assert language_of((await browser.open("/")).text) == ("en", "ltr")


async def test_an_account_begins_with_the_language_that_it_was_made_in(
    browser: Browser, house: Housing
) -> None:
    house.app.config = replace(house.app.config, signup="open")
    await browser.send("/language?to=/", {"language": "es"}, page="/")
    fields = {
        "name": "Ana",
        "email": "ana@example.org",
        "password": "a long one",
        "time_zone": "UTC",
    }
    answer = await browser.send("/signup", fields, page="/signup")
    assert answer.status_code == 303
    assert await house.value("SELECT language FROM users WHERE name = 'Ana'") == "es"
    assert language_of((await browser.follow(answer)).text) == ("es", "ltr")


async def test_what_programs_read_stays_english(house: Housing) -> None:
    emma = await house.person("emma")
    await house.app.database.pool.execute("UPDATE users SET language = 'ar'")
    answer = await emma.get("/v1/milestones/ms_0000000000000")
    assert answer.json()["title"] == "Not found"


async def test_amounts_and_dates_are_those_of_the_language(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    await house.rich(emma, "1234.56", "BRL")
    await browser.enter(emma.number)
    for language, written in (
        ("en", "1,234.56"),
        ("pt-BR", "1.234,56"),
        ("es", "1.234,56"),
        ("ar", "1,234.56"),
    ):
        await browser.send("/language?to=/", {"language": language}, page="/finances")
        page = await browser.open("/finances")
        assert f"+BRL {written}" in said(page)
        assert not [c for c in said(page) if c in "٠١٢٣٤٥٦٧٨٩"]
