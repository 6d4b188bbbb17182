"""The OpenAPI document: made from the registry, the shelves and the shapes, so it cannot lag."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.actions import Action, Scope
from earnest.core.contracts import Contract
from earnest.core.people import User
from earnest.http import asking, dispute_schemas, file_schemas, finding, notice_schemas, schemas
from earnest.http.agreement_schemas import AGREEMENTS
from earnest.http.fate_schemas import EXPLAINED, FATES
from earnest.http.own import ALL_EVENT_PARAMETERS
from earnest.http.plan_schemas import PLANS
from earnest.http.reading import EVENT_PARAMETERS, SHELVES, Shelf
from earnest.http.record_schemas import RECORDS
from earnest.http.routes import BATCH, ROOT, Write, writes
from earnest.http.schemas import ANSWERS, page_of, ref
from earnest.wire import schema
from earnest.wire.decode import BODY_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from earnest.http.parameters import Parameter

Json: TypeAlias = dict[str, Any]

_PROBLEMS: Final[dict[int, str]] = {
    400: "Malformed: the body, the Idempotency-Key or the cursor.",
    401: "No token, or none that is known and in force.",
    403: "The token lacks the scope, or this is somebody else's part.",
    404: "Not there, or not yours to know of.",
    405: "This address does not take this method; Allow says which it takes.",
    409: "Not in this status, or something else that is so whatever the input says.",
    413: f"The body is larger than {BODY_BYTES_MAX >> 20} MB, or than a file may be.",
    415: "The body is of another media type, or is not what a file's name says.",
    422: "The input cannot be taken; each field that is wrong is named.",
    500: "A mistake of ours.",
    503: "Nothing was done; ask again after Retry-After.",
}
_READ: Final = (401, 403, 404, 405, 422, 500, 503)
_LIST: Final = (400, *_READ)
_WRITE: Final = (400, 401, 403, 404, 405, 409, 413, 415, 422, 500, 503)
_HOUSE: Final = (405, 500)

#: Collections whose rows say more in a list, and more again alone.
_SAYING_MORE: Final = {
    *("bids", "contracts", "disputes", "milestones", "projects", "releases", "tranches"),
}
_SUMMARIES: Final = {
    "disputes": "Your disputes, and those you were named arbiter for, the newest first",
    "projects": "Everybody's projects, the newest first",
    "reviews": "Reviews of somebody, or your own and those of you, the newest first",
    "bids": "Your bids, and those for your projects, the newest first",
}

_KEY: Final[Json] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Yours to choose, new for everything new; the same again gives the same answer.",
    "schema": {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$"},
}
_DRY_RUN: Final[Json] = {
    "name": asking.DRY_RUN,
    "in": "query",
    "description": "Only say what would happen: nothing is done, and the key stays free.",
    "schema": {"type": "boolean", "default": False},
}
_IF_EFFECT: Final[Json] = {
    "name": asking.IF_EFFECT,
    "in": "header",
    "description": "The `effect_hash` of a dry run. Anything else that would happen instead is "
    "refused with `effect_changed`, which says what.",
    "schema": ref("Hash"),
}
_HEADERS: Final[dict[str, Json]] = {
    "X-Trace-Id": {
        "description": "Under which this request is found in the logs.",
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "`true` when the same was asked before under this key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Location": {
        "description": "Where the new row is.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Retry-After": {"description": "Seconds.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
    "WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}},
    "Allow": {"description": "What it takes.", "schema": {"type": "string"}},
}
_WITH: Final = {401: "WWW-Authenticate", 405: "Allow", 503: "Retry-After"}


#: What answers say, of everything.
_SHOWN: Final = {
    **ANSWERS,
    **AGREEMENTS,
    **RECORDS,
    **FATES,
    **dispute_schemas.SHAPES,
    **file_schemas.SHAPES,
    **notice_schemas.SHAPES,
    **PLANS,
    "Found": finding.SCHEMA,
}


def document() -> Json:
    """All of it."""
    paths: dict[str, Json] = {}
    for path, method, operation in [*_reads(), *_writes(), *_house()]:
        item = paths.setdefault(path, {})
        if "{id}" in path and "parameters" not in item:
            item["parameters"] = [_id_parameter(path)]
        item[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Earnest",
            "version": "1",
            "summary": "Milestone payments you host yourself.",
            "description": inspect.cleandoc(_ABOUT),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in _tags(paths)],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {**schema.components(), **_SHOWN},
            "headers": _HEADERS,
            "responses": {f"Problem{status}": _problem(status) for status in _PROBLEMS},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "ern_…",
                    "description": "A token, good for some of: read, write (moves no money), "
                    "money, staff.",
                }
            },
        },
    }


_ABOUT: Final = """
    Amounts are decimal text with a currency and are never rounded. Every POST needs an
    Idempotency-Key: the same again under the same key gives the same answer, byte for byte.
    Refusals are problems (RFC 9457) with a `code`. What is somebody else's is not found.
"""


def _tags(paths: dict[str, Json]) -> Iterable[str]:
    found = {tag for item in paths.values() for m, o in item.items() if m in _METHODS
             for tag in o["tags"]}  # fmt: skip
    return sorted(found)


_METHODS: Final = ("get", "post", "put")


def _reads() -> Iterable[tuple[str, str, Json]]:
    for shelf in SHELVES:
        yield from _shelf(shelf)
    one = _get("me", "getMe", "Who you are here", ref("Me"))
    yield f"{ROOT}/me", "get", one
    balances = page_of(ref("Balance"))
    yield f"{ROOT}/balances", "get", _get("balances", "listBalances", "Your money", balances)
    skills = page_of(ref("SkillShown"))
    yield f"{ROOT}/skills", "get", _get("skills", "listSkills", "Every skill there is", skills)
    person = _get("users", "getUser", "What everybody may know of a person", ref("PersonShown"))
    yield f"{ROOT}/users/{{id}}", "get", person
    record = _get("users", "getUserReputation", "What the books say of them", ref("Reputation"))
    yield f"{ROOT}/users/{{id}}/reputation", "get", record
    yield f"{ROOT}/{finding.PATH}", "get", _search()
    yield f"{ROOT}/users/{{id}}/events", "get", _events("users", "listUserEvents")
    events = _events("events", "listEvents", ALL_EVENT_PARAMETERS)
    yield f"{ROOT}/events", "get", events
    yield f"{ROOT}/events/{{id}}", "get", _get("events", "getEvent", "One event", ref("Event"))


def _search() -> Json:
    found = _get(finding.PATH, "search", "What you may see, by words", page_of(ref("Found")), _LIST)
    words, *others = _query(finding.PARAMETERS)
    typed = {**words["schema"], "examples": ["website"]}
    return {**found, "parameters": [{**words, "required": True, "schema": typed}, *others]}


def _shelf(shelf: Shelf) -> Iterable[tuple[str, str, Json]]:
    path, noun = f"{ROOT}/{shelf.name}", shelf.name.removesuffix("s").capitalize()
    listed, alone = noun, noun
    if shelf.name in _SAYING_MORE:
        listed, alone = f"{noun}Listed", f"{noun}Alone"
    rows = page_of(ref(listed))
    summary = _SUMMARIES.get(shelf.name, f"Your {shelf.name}, the newest first")
    listing = _get(shelf.name, f"list{noun}s", summary, rows, _LIST)
    yield path, "get", {**listing, "parameters": _query(shelf.all_parameters)}
    one = _get(shelf.name, f"get{noun}", f"One of {shelf.name}", ref(alone))
    yield f"{path}/{{id}}", "get", one
    if shelf.has_events:
        yield f"{path}/{{id}}/events", "get", _events(shelf.name, f"list{noun}Events")
    if shelf.has_fate:
        yield f"{path}/{{id}}/fate", "get", _fate(shelf.name, noun)


def _fate(tag: str, noun: str) -> Json:
    found = _get(tag, f"get{noun}Fate", "What happens if nobody does anything", ref("Fate"))
    return {**found, "description": EXPLAINED}


def _events(
    tag: str, operation_id: str, parameters: Sequence[Parameter] = EVENT_PARAMETERS
) -> Json:
    found = _get(tag, operation_id, "What happened", page_of(ref("Event")), _LIST)
    return {**found, "parameters": _query(parameters)}


def _get(
    tag: str, operation_id: str, summary: str, answer: Json, problems: Sequence[int] = _READ
) -> Json:
    return {
        "operationId": operation_id,
        "tags": [tag],
        "summary": summary,
        "security": [{"token": [Scope.READ.value]}],
        "responses": {"200": _answer("Done.", answer), **_refusals(problems)},
    }


def _query(parameters: Sequence[Parameter]) -> list[Json]:
    return [
        {"name": p.name, "in": "query", "description": p.description, "schema": p.schema}
        for p in parameters
    ]


def _writes() -> Iterable[tuple[str, str, Json]]:
    for write in writes():
        yield write.path, "post", _post(write)
    yield BATCH, "post", _batch()
    yield from file_schemas.operations(_KEY, _answer, _refusals)
    yield from notice_schemas.operations(_answer, _refusals)


def _post(write: Write) -> Json:
    explained = inspect.getdoc(write.action) or ""
    body, required = _body(write)
    return {
        "operationId": _operation_id(write.name),
        "tags": [write.collection],
        "summary": explained.partition("\n")[0],
        "description": f"{explained}\n\nThe action `{write.name}`, scope `{write.scope.value}`.",
        "security": [{"token": [write.scope.value]}],
        "parameters": [_KEY, _DRY_RUN, _IF_EFFECT],
        "requestBody": {"required": required, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": _answer("What would happen.", ref("DryRun")),
            **_done(write),
            **_refusals(_WRITE),
        },
    }


def _done(write: Write) -> Json:
    """What is answered when it is done; under the same status as a dry run, either of the two."""
    if write.creates:
        made = _answer("Done.", _answer_of(write), ["Idempotency-Replayed", "Location"])
        return {"201": made}
    either = {"anyOf": [_answer_of(write), ref("DryRun")]}
    return {"200": _answer("Done, or what would be.", either, ["Idempotency-Replayed"])}


def _batch() -> Json:
    content = {asking.LINES: {"schema": ref("BatchLine")}}
    done = _answer("A line for each line, in their order.", {})
    return {
        "operationId": "askForBatch",
        "tags": ["batch"],
        "summary": "Many commands in one request",
        "description": inspect.cleandoc(_BATCH_SAYS),
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": content},
        "responses": {
            "200": {**done, "content": {asking.LINES: {"schema": ref("BatchAnswer")}}},
            **_refusals(_BATCH_REFUSES),
        },
    }


_BATCH_REFUSES: Final = (400, 401, 405, 413, 415, 422, 500, 503)
_BATCH_SAYS: Final = f"""
    Newline-delimited JSON, up to {asking.LINES_MAX:,} lines: each is one command with a key of its
    own, the name of its action, the `id` of its subject (the parent's, for what makes a row) and
    its fields. Each stands alone, and is answered as the same POST would be, in its place. The
    schemas here are those of one line. The token's scopes are asked for line by line.
"""


def _operation_id(name: str) -> str:
    noun, _, verb = name.partition(".")
    first, *rest = verb.split("_")
    return first + "".join(word.capitalize() for word in (*rest, noun))


def _body(write: Write) -> tuple[Json, bool]:
    body = schema.request_schema(write.name)
    if write.parent is None:
        return body, schema.body_required(write.name)
    named = {write.parent: ref(schema.reference_name(write.action.kind.prefix))}
    body = _with(body, named)
    if write.name == "milestone.request":
        lines = schema.request_schema("contract.fund")["properties"]["milestones"]
        plan = lines["items"]["properties"]["plan"]
        body = {**body, "properties": {**body["properties"], "plan": plan}}
        several = schemas.shape("Several at once, funded; all or none.", **named, items=lines)
        body = {"anyOf": [body, several]}
    return body, True


def _with(body: Json, named: Json) -> Json:
    properties = {**named, **body["properties"]}
    return {**body, "properties": properties, "required": [*named, *body.get("required", [])]}


def _answer_of(write: Write) -> Json:
    action: type[Action[Any]] = write.action
    kind = action.makes if action.answers and action.makes is not None else action.kind
    if kind is User:
        return ref("Me")
    if kind is Contract and not action.makes and not action.children:
        return ref("ContractBrief")
    row = ref(kind.__name__)
    if write.name == "milestone.request":
        return {"anyOf": [row, schemas.items_of(row)]}
    return schemas.items_of(row) if write.answers_items else row


def _house() -> Iterable[tuple[str, str, Json]]:
    health = ref("Health")
    for path, operation_id, summary, answer in (
        ("/healthz", "getHealth", "Whether this process lives", health),
        ("/readyz", "getReadiness", "Whether it can do its work", health),
        (f"{ROOT}/openapi.json", "getOpenapi", "This document", {"type": "object"}),
    ):
        found = _get("house", operation_id, summary, answer, _HOUSE)
        found["security"] = []
        if path == "/readyz":
            found["responses"]["503"] = _answer("Not ready, and why.", health)
        yield path, "get", found
    metrics = _get("house", "getMetrics", "Figures for Prometheus", {}, _HOUSE)
    text = {"text/plain": {"schema": {"type": "string"}}}
    metrics["responses"]["200"] = {"description": "Done.", "content": text}
    yield "/metrics", "get", {**metrics, "security": []}


def _answer(description: str, body: Json, headers: Sequence[str] = ()) -> Json:
    return {
        "description": description,
        "headers": _headers(["X-Trace-Id", *headers]),
        "content": {"application/json": {"schema": body}},
    }


def _headers(names: Sequence[str]) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _refusals(statuses: Sequence[int]) -> Json:
    return {str(s): {"$ref": f"#/components/responses/Problem{s}"} for s in statuses}


def _problem(status: int) -> Json:
    also = [_WITH[status]] if status in _WITH else []
    if status not in (401, 403, 404, 405):
        also.append("Idempotency-Replayed")
    return {
        "description": _PROBLEMS[status],
        "headers": _headers(["X-Trace-Id", *also]),
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }


def _id_parameter(path: str) -> Json:
    """The parameter of a path: a reference of the collection's rows."""
    collection = path.split("/")[2]
    prefixes = {shelf.name: shelf.prefix for shelf in SHELVES} | {"users": "usr", "events": "evt"}
    return {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": schemas.reference(prefixes[collection]),
    }
