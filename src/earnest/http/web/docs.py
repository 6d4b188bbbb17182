"""The API's documentation, for people: the OpenAPI document as pages, and every error code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.http.answers import ProblemError
from earnest.http.file_schemas import DRAWING
from earnest.http.openapi import document
from earnest.http.problems import codes
from earnest.http.web import describing
from earnest.http.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.http.web.describing import Field, Json
    from earnest.http.web.visiting import Visit

ROOT: Final = "/docs/api"
SHAPES: Final = "shapes"
_METHODS: Final = ("get", "post", "put")
#: What a sentence is told anew each time.
_FACT: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    tag: str
    id: str
    summary: str
    #: The paragraphs after the summary.
    description: list[str]
    scopes: list[str]
    parameters: list[Field]
    #: The fields of each body that can be sent.
    bodies: list[tuple[Field, ...]]
    example: str
    #: Status, what it means, and the shapes it can have.
    answers: list[tuple[str, str, list[str]]]


@cache
def _document() -> Json:
    return document()


@cache
def operations() -> tuple[Operation, ...]:
    """All of them, by address."""
    return tuple(_operations())


def _operations() -> Iterator[Operation]:
    for path, item in _document()["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(path, method, item)


def _operation(path: str, method: str, item: Json) -> Operation:
    given: Json = item[method]
    paragraphs = given.get("description", "").split("\n\n")
    return Operation(
        method=method.upper(),
        path=path,
        tag=given["tags"][0],
        id=given["operationId"],
        summary=given["summary"],
        description=[each for each in paragraphs if each and each != given["summary"]],
        scopes=[name for each in given["security"] for name in each.get("token", ())],
        parameters=[_parameter(p) for p in (*item.get("parameters", ()), *_own(given))],
        bodies=[each for each in _bodies(given) if each],
        example=_example(path, method, item),
        answers=list(_answers(given)),
    )


def _own(given: Json) -> list[Json]:
    found: list[Json] = given.get("parameters", [])
    return found


def _parameter(given: Json) -> Field:
    return describing.Field(
        given["name"],
        f"{given['in']}: {describing.kind_of(given['schema'])}",
        given.get("required", False),
        given.get("description", ""),
    )


def _schema_in(holder: Json) -> Json:
    for content in holder.get("content", {}).values():
        found: Json = content.get("schema", {})
        return found
    return {}


def _bodies(given: Json) -> Iterator[tuple[Field, ...]]:
    components = _document()["components"]["schemas"]
    for each in describing.variants_of(_schema_in(given.get("requestBody", {}))):
        named = describing.component_in(each)
        yield describing.fields_of(components[named] if named else each)


def _answers(given: Json) -> Iterator[tuple[str, str, list[str]]]:
    for status, answer in given["responses"].items():
        named = describing.component_in(answer)
        found = _document()["components"]["responses"][named] if named else answer
        shapes = [describing.kind_of(e) for e in describing.variants_of(_schema_in(found)) if e]
        yield status, found["description"], shapes


def example_body(given: Json) -> object | None:
    """A body that can be sent; None where nothing is."""
    schema = _schema_in(given.get("requestBody", {}))
    if not schema:
        return None
    components = _document()["components"]["schemas"]
    return describing.example_of(describing.variants_of(schema)[0], components)


def _example(path: str, method: str, item: Json) -> str:
    """The request as it is typed into a terminal."""
    for parameter in item.get("parameters", ()):
        sample = _reference(parameter["schema"])
        path = path.replace(f"{{{parameter['name']}}}", sample)
    own = _own(item[method])
    query = [f"{e['name']}={e['schema']['examples'][0]}" for e in own if _is_asked(e)]
    words = [f"curl $EARNEST_URL{'?'.join([path, *query])}"]
    if item[method]["security"]:
        words.append('-H "Authorization: Bearer $TOKEN"')
    body = example_body(item[method])
    if any(each["name"] == "Idempotency-Key" for each in own):
        words.append('-H "Idempotency-Key: $(uuidgen)"')
    if body is not None:
        (media_type,) = item[method]["requestBody"]["content"]
        words.append(f'-H "Content-Type: {media_type}"')
        sent = f"-d '{msgspec.json.encode(body).decode()}'"
        words.append(sent if media_type.endswith("json") else f"--data-binary @{DRAWING}")
    return " \\\n  ".join(words)


def _is_asked(parameter: Json) -> bool:
    return parameter["in"] == "query" and bool(parameter.get("required"))


def _reference(schema: Json) -> str:
    """A reference such as stands in this address: its prefix is in the pattern."""
    prefix = str(schema["pattern"]).lstrip("^").partition("_")[0]
    return f"{prefix}_0DXH3K8ZQ2Y7A"


@dataclass(frozen=True, slots=True)
class Docs:
    """Pages for whoever writes a program."""

    async def index(self, visit: Visit, _request: Request) -> Response:
        """Every operation on one line, by what it is about."""
        tags = [each["name"] for each in _document()["tags"]]
        found = [(tag, [each for each in operations() if each.tag == tag]) for tag in tags]
        about = _document()["info"]["description"]
        return page(visit, "docs/index.html", tags=found, about=about, root=ROOT)

    async def about(self, visit: Visit, request: Request) -> Response:
        """The operations of one tag; or all shapes."""
        tag = request.path_params["tag"]
        if tag == SHAPES:
            return page(visit, "docs/shapes.html", shapes=_shapes(), root=ROOT)
        found = [each for each in operations() if each.tag == tag]
        if not found:
            raise ProblemError("not_found", "There is no such page.")
        return page(visit, "docs/operations.html", tag=tag, operations=found, root=ROOT)

    async def problems(self, visit: Visit, _request: Request) -> Response:
        """Every code with its status and what it means: where the type of a problem leads."""
        told = [replace(each, details=[*map(_unfilled, each.details)]) for each in codes()]
        return page(visit, "docs/problems.html", codes=told)


def _unfilled(sentence: str) -> str:
    """A sentence without its facts: who reads it has been refused nothing yet."""
    return _FACT.sub("…", str(sentence))


@cache
def _shapes() -> tuple[tuple[str, str, tuple[Field, ...], Any], ...]:
    """Each component: its name, what it is, its fields, and in a word what else it takes."""
    components: Json = _document()["components"]["schemas"]
    return tuple(
        (name, each.get("description", ""), describing.fields_of(each), _else(each))
        for name, each in sorted(components.items())
    )


def _else(schema: Json) -> str:
    """What a shape that is no object takes; of many variants their titles."""
    if "properties" in schema:
        return ""
    titles = [each["title"] for each in schema.get("anyOf", ()) if "title" in each]
    return ", ".join(titles) or describing.kind_of(schema)
