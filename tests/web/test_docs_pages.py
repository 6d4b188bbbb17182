"""The API's documentation for people: complete, true, and where a problem's type leads."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from tests.http.house import Housing
from tests.web.browser import Browser
from tests.web.reading import main_of, tree

from earnest.core.actions import Reason
from earnest.http.openapi import document
from earnest.http.problems import EDGE_STATUS, TYPE_PREFIX
from earnest.http.web.docs import ROOT, example_body, operations

DOCUMENT = document()
POSTS = [(path, item["post"]) for path, item in DOCUMENT["paths"].items() if "post" in item]


@pytest.mark.asyncio
async def test_every_operation_has_its_place_and_the_index_leads_there(browser: Browser) -> None:
    index = main_of(await browser.open(ROOT))
    assert len(operations()) == sum(
        method in item for item in DOCUMENT["paths"].values() for method in ("get", "post", "put")
    )
    for each in operations():
        assert f"{ROOT}/{each.tag}#{each.id}" in index.hrefs
    for tag in {each.tag for each in operations()}:
        shown = main_of(await browser.open(f"{ROOT}/{tag}"))
        ids = {each.attributes.get("id") for each in shown.every("section")}
        assert ids == {each.id for each in operations() if each.tag == tag}


@pytest.mark.asyncio
async def test_an_operation_says_what_it_takes_what_it_needs_and_what_it_answers(
    browser: Browser,
) -> None:
    shown = main_of(await browser.open(f"{ROOT}/milestones")).one("section", id="releaseMilestone")
    text = shown.text
    for said in (
        "POST /v1/milestones/{id}/release",
        "money",
        "Once it is final, the money is the freelancer's",
        "Idempotency-Key",
        "If-Effect",
        "amount Money",
        "curl $EARNEST_URL/v1/milestones/ms_0DXH3K8ZQ2Y7A/release",
        '-H "Content-Type: application/json"',
        "Milestone | DryRun",
    ):
        assert said in text, said


@pytest.mark.parametrize(("path", "operation"), POSTS, ids=lambda each: str(each)[:40])
def test_an_example_is_a_body_that_is_taken(path: str, operation: dict[str, Any]) -> None:
    (content,) = operation["requestBody"]["content"].values()
    whole = {**content["schema"], "components": DOCUMENT["components"]}
    body = json.loads(json.dumps(example_body(operation)))
    jsonschema_rs.validator_for(whole).validate(body)
    assert path.startswith("/v1/")


@pytest.mark.asyncio
async def test_every_shape_has_its_place(browser: Browser) -> None:
    shown = main_of(await browser.open(f"{ROOT}/shapes"))
    ids = {each.attributes.get("id") for each in shown.every("section")}
    assert ids == set(DOCUMENT["components"]["schemas"])


@pytest.mark.asyncio
async def test_the_type_of_every_problem_leads_to_its_place(
    browser: Browser, house: Housing
) -> None:
    shown = main_of(await browser.open("/docs/problems"))
    ids = {each.attributes["id"] for each in shown.every("tr") if "id" in each.attributes}
    assert ids == {*EDGE_STATUS, *(reason.value for reason in Reason)}
    assert not re.search(r"\{\w+\}", shown.text), "a fact that nobody knows yet"
    problem = (await house.client.get("/v1/me")).json()
    address, _, place = problem["type"].partition("#")
    assert (f"{address}#", place in ids) == (TYPE_PREFIX, True)


@pytest.mark.asyncio
async def test_what_a_long_page_holds_is_told_first(browser: Browser) -> None:
    shown = main_of(await browser.open(ROOT))
    (contents,) = shown.every("nav", class_="contents")
    tags = [each["name"] for each in DOCUMENT["tags"]]
    assert contents.hrefs == [f"#{tag}" for tag in tags]
    assert set(tags) <= {each.attributes.get("id") for each in shown.every("section")}


@pytest.mark.asyncio
async def test_it_needs_nobody_signed_in_and_an_unknown_part_is_not_found(
    browser: Browser,
) -> None:
    page = await browser.open("/")
    assert {ROOT, "/docs/problems"} <= set(tree(page).hrefs)
    assert (await browser.open(f"{ROOT}/nothing")).status_code == 404
