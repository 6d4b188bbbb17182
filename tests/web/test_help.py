"""Help: every number and every table of it comes from the rules that run."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from starlette.requests import Request
from tests.http.house import Housing
from tests.web.browser import Browser, said
from tests.web.reading import main_of

from earnest.core.actions import ACTIONS
from earnest.core.people import Party
from earnest.core.terms import OFFERED, PRESETS
from earnest.http.helping import ADDRESS, TOPICS, actions, facts
from earnest.http.security import Cookies
from earnest.http.web.places import stranger
from earnest.words.help import BY_ITSELF, NOUNS, OWNER, PARTIES
from earnest.words.notices import TOPICS as NOTICES
from earnest.words.reputation import FORMULAS
from earnest.words.terms import TOPICS as CLAUSES
from earnest.words.terms import sentences

pytestmark = pytest.mark.asyncio

_NAMED = re.compile(r"\{(\w+)\}")


def written() -> list[str]:
    """Every text that help is made of."""
    return [
        text
        for topic in TOPICS.values()
        for section in topic.sections
        for text in (topic.title, topic.summary, section.title, *section.paragraphs, *section.items)
    ]


async def test_no_number_is_typed_and_every_fact_is_told(house: Housing) -> None:
    for text in written():
        assert not re.search(r"\d", text), text
    named = {name for text in written() for name in _NAMED.findall(text)}
    request = Request({"type": "http", "path": ADDRESS, "headers": []})
    assert named == set(facts(stranger(request, house.app, Cookies(house.app.config))))


@pytest.mark.parametrize("name", TOPICS)
async def test_every_page_is_there_for_everybody(browser: Browser, name: str) -> None:
    assert f"{ADDRESS}/{name}" in main_of(await browser.open(ADDRESS)).hrefs
    page = await browser.open(f"{ADDRESS}/{name}")
    assert page.status_code == 200
    assert "{" not in said(main_of(page).text)
    headings = [each.text for each in main_of(page).every("h2")]
    for section in TOPICS[name].sections:
        assert section.title in headings


#: What has an owner and no sides.
OWNED = ("deposit.expire", "withdrawal.approve", "withdrawal.cancel", "withdrawal.expire")


async def test_the_table_of_actions_is_the_registry(browser: Browser) -> None:
    told = {each["name"]: each for group in actions() for each in group["actions"]}
    assert set(told) == set(ACTIONS)
    for name, each in ACTIONS.items():
        parties = {**PARTIES, Party.ANYONE: OWNER} if name.startswith(OWNED) else PARTIES
        assert told[name]["by"] == [parties[party] for party in Party if party in each.by]
        assert set(told[name]["when"]) == {str(status) for status in each.when}
    titles = [group["title"] for group in actions()]
    assert titles[-1] == BY_ITSELF
    assert set(titles[:-1]) <= set(NOUNS.values())
    page = main_of(await browser.open(f"{ADDRESS}/who-may-do-what"))
    assert {row.attributes["id"] for row in page.every("tr") if "id" in row.attributes} == {
        name.replace(".", "-") for name in told
    }


async def test_clocks_are_those_of_the_presets(browser: Browser) -> None:
    pages = [said(await browser.open(f"{ADDRESS}/{name}")) for name in TOPICS]
    together = " ".join(pages)
    for name in OFFERED:
        for topic, clause in zip(CLAUSES, sentences(PRESETS[name]), strict=True):
            assert " ".join(clause.text.split()) in together or topic.key in {"fee", "rules"}, (
                topic.key
            )


async def test_figures_and_topics_are_all_told(browser: Browser) -> None:
    for name, texts in (
        ("reputation", FORMULAS.values()),
        ("notices", [about for _, about in NOTICES.values()]),
    ):
        page = said(await browser.open(f"{ADDRESS}/{name}"))
        for text in texts:
            assert text in page


async def test_what_a_site_has_set_is_said(browser: Browser, house: Housing) -> None:
    house.app.house = replace(house.app.house, fee_bps=250, approval_limits={"USD": 12_300})
    assert "Of USD 100.00 released, USD 97.50 arrive and USD 2.50 are kept." in said(
        await browser.open(f"{ADDRESS}/fees")
    )
    path = f"{ADDRESS}/deposits-and-withdrawals"
    assert "Above USD 123.00 an operator approves it first" in said(await browser.open(path))
    house.app.house = replace(house.app.house, approval_limits={})
    assert "an operator approves it first" not in said(await browser.open(path))


async def test_a_topic_that_there_is_not_is_not_there(browser: Browser) -> None:
    assert (await browser.open(f"{ADDRESS}/nothing")).status_code == 404
