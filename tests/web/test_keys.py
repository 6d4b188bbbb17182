"""Keys: their list on every page and as a page of its own, and the switch that ends them."""

from __future__ import annotations

import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, said
from tests.web.people import Known
from tests.web.reading import form_in, main_of, tree

from earnest.words import keys

pytestmark = pytest.mark.asyncio


async def test_every_key_is_a_link_that_works(browser: Browser, emma: Known) -> None:
    await browser.enter(emma.number)
    dialog = tree(await browser.open("/finances")).one("dialog", id="keys")
    found = {a.attributes["data-key"]: a.attributes["href"] for a in dialog.every("a")
             if "data-key" in a.attributes}  # fmt: skip
    assert found == {letter: href for letter, _, href in keys.SECTIONS}
    for href in (*found.values(), "/help/keys"):
        assert (await browser.open(href)).status_code == 200


async def test_staff_and_arbiters_have_a_key_for_their_desk(
    browser: Browser, house: Housing
) -> None:
    olga = await house.person("olga", "operator")
    await browser.enter(olga.number)
    dialog = tree(await browser.open("/finances")).one("dialog", id="keys")
    assert "/staff" in dialog.hrefs
    assert "/desk" not in dialog.hrefs


async def test_a_stranger_reads_of_them_and_has_none(browser: Browser) -> None:
    page = await browser.open("/help/keys")
    assert page.status_code == 200
    assert not list(tree(page).every("dialog"))
    assert not list(main_of(page).every("form"))


async def test_somebody_turns_them_off_and_on(browser: Browser, emma: Known) -> None:
    await browser.enter(emma.number)
    form = form_in(await browser.open("/help/keys"))
    assert form.values["keys"] == "1"
    csrf = {"csrf": form.values["csrf"]}
    page = await browser.follow(await browser.post(form.action, csrf))
    assert (page.url.path, "do nothing any more" in said(page)) == ("/help/keys", True)
    assert not list(tree(await browser.open("/finances")).every("dialog"))
    assert "keys" not in form_in(await browser.open("/help/keys")).values
    await browser.post(form.action, {**csrf, "keys": "1"})
    assert list(tree(await browser.open("/finances")).every("dialog"))
