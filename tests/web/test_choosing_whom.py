"""For whom a milestone is: contracts, projects and people are found in one box."""

from __future__ import annotations

import pytest
from tests.http.house import Housing, project_of
from tests.web.browser import Browser, said
from tests.web.crowds import noted
from tests.web.deals import deal
from tests.web.people import Known, known
from tests.web.reading import form_in

from earnest.store import documents

pytestmark = pytest.mark.asyncio

ADVICE = "A project protects both of you better."
TICKED = 'name="advice" type="checkbox" value="1" checked'
PROFILE = {"name": "Emma Other", "time_zone": "UTC", "language": "en", "theme": "light"}


async def test_one_box_finds_contracts_projects_and_people(
    house: Housing, browser: Browser
) -> None:
    emma, _, contract, _ = await deal(house, browser)
    project = await emma.done("/v1/projects", project_of(title="Paint the Gate"))
    await documents.catch_up(house.app.database)
    await known(house, "Grete Gates")
    page = await browser.open("/milestones/new", q="gate")
    assert f'href="/projects/{project["id"]}"' in page.text
    assert "Grete Gates" in said(page)
    assert contract["id"] not in page.text
    page = await browser.open("/milestones/new", q="frank")
    assert f'href="/contracts/{contract["id"]}/fund"' in page.text
    assert "Nothing is called so" in said(await browser.open("/milestones/new", q="zzzz"))
    assert contract["id"] in (await browser.open("/milestones/new")).text


async def test_nobody_is_led_to_projects_or_contracts_of_others(
    house: Housing, browser: Browser, emma: Known
) -> None:
    owner, _, contract, _ = await deal(house, browser)
    project = await owner.done("/v1/projects", project_of(title="Paint the gate"))
    await documents.catch_up(house.app.database)
    await browser.enter(emma.number)
    for path in ("/milestones/new", "/people", "/contracts/new"):
        for words in ("gate", "frank"):
            page = await browser.open(path, q=words)
            assert project["id"] not in page.text
            assert contract["id"] not in page.text


async def test_a_project_that_is_over_is_not_offered(house: Housing, browser: Browser) -> None:
    emma, *_ = await deal(house, browser)
    project = await emma.done("/v1/projects", project_of(title="Paint the gate"))
    assert project["id"] in (await browser.open("/people", q="gat")).text
    await emma.done(f"/v1/projects/{project['id']}/close")
    assert project["id"] not in (await browser.open("/people", q="gat")).text


async def test_the_form_of_an_offer_finds_projects_without_a_script(
    house: Housing, browser: Browser
) -> None:
    emma, *_ = await deal(house, browser)
    project = await emma.done("/v1/projects", project_of(title="Paint the gate"))
    form = form_in(await browser.open("/contracts/new"))
    page = await browser.post("/contracts/new", {**form.values, "q": "paint", "search": "1"})
    assert page.status_code == 200
    assert f'href="/projects/{project["id"]}"' in page.text


async def test_the_box_asks_as_often_for_many_as_for_one(house: Housing, browser: Browser) -> None:
    emma, *_ = await deal(house, browser)
    counts = []
    for number in range(3):
        await emma.done("/v1/projects", project_of(title="Paint the gate"))
        await known(house, "Gatekeeper", email=f"gate{number}@example.org")
        async with noted(house) as texts:
            await browser.open("/people", q="gate")
        counts.append(len(texts))
    assert len(set(counts)) == 1


async def test_the_advice_is_given_until_it_is_switched_off(
    browser: Browser, house: Housing, emma: Known
) -> None:
    await browser.enter(emma.number)
    assert ADVICE in said(await browser.open("/contracts/new"))
    assert TICKED in (await browser.open("/settings")).text
    await browser.follow(await browser.send("/settings", PROFILE, page="/settings"))
    assert ADVICE not in said(await browser.open("/contracts/new"))
    assert TICKED not in (await browser.open("/settings")).text
    assert await house.value("SELECT wants_advice FROM users WHERE id = $1", emma.number) is False
    wrong = {**PROFILE, "name": "", "advice": "1"}
    page = await browser.send("/settings", wrong, page="/settings")
    assert page.status_code == 422
    assert TICKED in page.text
    await browser.send("/settings", {**PROFILE, "advice": "1"}, page="/settings")
    assert ADVICE in said(await browser.open("/contracts/new"))
