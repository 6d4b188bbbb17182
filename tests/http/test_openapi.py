"""The document says what the routes do: complete, valid, and true when schemathesis tries it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from tests.http.house import Housing

from earnest.core.actions import ACTIONS
from earnest.core.people import SYSTEM
from earnest.http.api import OPENAPI, Resource
from earnest.http.openapi import document
from earnest.http.routes import writes

Json = dict[str, Any]
DOCUMENT = document()
OPERATIONS = [
    (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in {"get", "post", "put"}
]


def routes(application: Starlette) -> set[tuple[str, str]]:
    return {
        (route.path, method)
        for route in application.routes
        if isinstance(route, Route) and isinstance(route.endpoint, Resource)
        for method in route.endpoint.handlers
    }


@pytest.mark.asyncio
async def test_every_route_is_described_and_nothing_else(house: Housing) -> None:
    described = {(path, method.upper()) for path, method, _ in OPERATIONS}
    assert described == routes(house.application)
    answer = await house.client.get(OPENAPI)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == json.loads(json.dumps(DOCUMENT))


def test_every_action_that_somebody_may_ask_for_has_one_address() -> None:
    asked = {write.name: write.path for write in writes()}
    said = {n for n, each in ACTIONS.items() if each.by != SYSTEM and not each.takes_bytes}
    assert asked.keys() == said
    assert len(set(asked.values())) == len(asked)
    assert "deposit.settle" not in asked
    assert asked["milestone.request_changes"] == "/v1/milestones/{id}/request-changes"
    assert asked["withdrawal.request"] == "/v1/withdrawals"
    assert asked["contract.fund"] == "/v1/contracts/{id}/fund"
    assert asked["project.post"] == "/v1/projects"
    assert asked["project.take_back"] == "/v1/projects/{id}/take-back"
    assert asked["bid.place"] == "/v1/bids"
    assert asked["milestone.propose_edit"] == "/v1/milestones/{id}/propose-edit"
    assert asked["review.give"] == "/v1/reviews"
    assert asked["bid.award"] == "/v1/bids/{id}/award"


def test_what_makes_a_row_names_its_parent() -> None:
    assert {each.name: each.parent for each in writes() if each.parent} == {
        "milestone.request": "contract_id",
        "bid.place": "project_id",
        "review.give": "contract_id",
    }


def test_the_lines_of_several_are_those_of_one() -> None:
    """POST /v1/milestones means funding or asking by who asks: the same fields say both."""
    body = DOCUMENT["paths"]["/v1/milestones"]["post"]["requestBody"]
    one, several = body["content"]["application/json"]["schema"]["anyOf"]
    line = several["properties"]["items"]["items"]
    own = {k: v for k, v in one["properties"].items() if k != "contract_id"}
    assert own == line["properties"]


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "$ref":
                yield each
            else:
                yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    found = set(references(DOCUMENT))
    there = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "headers", "responses")
        for name in DOCUMENT["components"][kind]
    }
    assert found == there


def test_operations_are_named_once_and_complete() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z][a-zA-Z]+", each) for each in ids)
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for path, method, operation in OPERATIONS:
        assert set(operation["tags"]) <= tags
        assert operation["summary"], path
        assert ("requestBody" in operation) == (method != "get")
        named = {each["name"] for each in DOCUMENT["paths"][path].get("parameters", [])}
        assert named == set(re.findall(r"\{(\w+)\}", path))
        for scheme in operation["security"]:
            assert scheme.keys() <= DOCUMENT["components"]["securitySchemes"].keys()


def test_every_schema_is_one() -> None:
    def check(schema: Json) -> None:
        jsonschema_rs.meta.validate({
            "$schema": "https://json-schema.org/draft/2020-12/schema", **schema
        })  # fmt: skip

    for schema in DOCUMENT["components"]["schemas"].values():
        check(schema)
    for _, _, operation in OPERATIONS:
        for parameter in operation.get("parameters", []):
            check(parameter["schema"])
        contents = [operation.get("requestBody", {}), *operation["responses"].values()]
        for each in contents:
            for media in each.get("content", {}).values():
                check(media["schema"])


def test_there_is_a_validator_for_the_whole() -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(DOCUMENT)
