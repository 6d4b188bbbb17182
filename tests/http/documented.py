"""Schemathesis asks an application that listens; what it is asked is in the document.

In one process, through a real socket, with a real database. What it may not find: an answer that
the document does not describe, a right body that is called wrong, a wrong one that is taken, a bug.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import schemathesis
import uvicorn
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.transport.serialization import Binary
from tests.http.house import agreed, bid_for, housing, project_of, usd
from tests.postgres import database
from tests.soak.report import Report, append
from tests.store.engine import running

from earnest.http.asking import LINES
from earnest.http.files import PATH as FILES
from earnest.http.routes import BATCH
from earnest.store.verify import verify

load_all_checks()
#: Of each operation, when there is time.
EXAMPLES = int(os.environ.get("SOAK_EXAMPLES") or 300)
#: A right body may still be refused by the rules; `never_called_wrong` says what it may not hear.
POSITIVE = CHECKS.get_by_names(["positive_data_acceptance"])
#: What makes a query wrong may be lost on its way: an empty list is no part of an address. And what
#: is wrong in a line of a batch is said in its answer; the request has been taken.
NEGATIVE = CHECKS.get_by_names(["negative_data_rejection"])
EDGE_REFUSES = {"malformed", "invalid", "unsupported_media_type", "too_large", "cursor_invalid"}
#: What no schema can say: decimals that differ by currency, parameters that need each other.
BETWEEN = {
    *("without_currency", "too_many_decimals", "amount_too_large"),
    *("without_its_clock", "above_review"),
}


@schemathesis.serializer(LINES)
def one_line(_context: Any, value: object) -> bytes:
    """What is generated is one line."""
    return value.data if isinstance(value, Binary) else json.dumps(value).encode()


@schemathesis.deserializer(LINES)
def its_answer(_context: Any, response: Any) -> object:
    """And its answer is one."""
    (line,) = response.content.splitlines()
    return json.loads(line)


@dataclass(slots=True)
class Served:
    """An application that listens, and the ids of things that are there."""

    url: str = ""
    token: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    #: What was done, by its key: the request and the bytes of its answer.
    done: dict[str, tuple[Any, bytes]] = field(default_factory=dict)
    #: How many requests there were, and with which status.
    heard: Counter[int] = field(default_factory=Counter)


@contextlib.contextmanager
def serving(server_dsn: str, template: str) -> Iterator[Served]:
    """One server for all operations, on a thread of its own."""
    found, ready, report = Served(), threading.Event(), Report("the document")
    listening = socket.create_server(("127.0.0.1", 0))
    found.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    servers: list[uvicorn.Server] = []

    async def serve(dsn: str) -> None:
        async with housing(dsn) as house:
            emma, frank, contract, (milestone, *_) = await agreed(house, *["50.00"] * 3)
            await frank.done(f"/v1/milestones/{milestone['id']}/submit", {"note": "Done"})
            await emma.done(f"/v1/milestones/{milestone['id']}/release", {"amount": usd("1.00")})
            plan = [{"after_days": each, "percent": "50"} for each in (5, 9)]
            line = {"description": "In parts", "amount": usd("9.00"), "plan": plan}
            await emma.done("/v1/milestones", {"contract_id": contract["id"], **line})
            project = await emma.done("/v1/projects", project_of())
            bid = await frank.done("/v1/bids", bid_for(project, "10.00"))
            found.token = emma.token
            found.ids = {"contracts": contract["id"], "milestones": milestone["id"]}
            found.ids |= {"projects": project["id"], "bids": bid["id"]}
            found.ids["files"] = (await emma.file())["id"]
            for name in ("releases", "tranches", "messages", "deposits", "tokens", "events"):
                found.ids[name] = (await emma.ids(f"/v1/{name}"))[0]
            config = uvicorn.Config(house.application, log_level="warning", lifespan="off")
            servers.append(uvicorn.Server(config))
            ready.set()
            await servers[0].serve(sockets=[listening])

    with database(server_dsn, template) as dsn:
        thread = threading.Thread(target=lambda: asyncio.run(serve(dsn)), daemon=True)
        thread.start()
        assert ready.wait(30)
        yield found
        asked_again(found)
        servers[0].should_exit = True
        thread.join(30)
        report.verified = asyncio.run(verified(dsn))
        if os.environ.get("SOAK_REPORT"):
            tell(report, found)


def asked_again(served: Served) -> None:
    """Everything that was done, asked for again under its key, has the same answer."""
    with httpx.Client() as client:
        for key, (request, content) in served.done.items():
            answer = client.post(request.url, content=request.body, headers=dict(request.headers))
            assert (answer.content, "idempotency-replayed" in answer.headers) == (content, True), (
                key
            )


async def verified(dsn: str) -> str:
    """The books are right after all that."""
    async with running(dsn) as engine:
        found = await verify(engine.database, lambda _: None)
        assert found.broken == ()
        return f"in order: {found.transfers} transfers, {found.accounts} accounts"


def tell(report: Report, served: Served) -> None:
    """A row for the report of a soak."""
    report.did = f"{EXAMPLES} examples of each operation, right ones and wrong ones"
    report.counts["asked"] = report.counts["answered"] = served.heard.total()
    report.counts["refused by the rules"] = sum(n for s, n in served.heard.items() if s >= 400)
    report.counts["replayed"] = len(served.done)
    append(report.row())


def ask(case: Any, served: Served) -> None:
    """Every second request that is right is about something that is there."""
    positive = case.meta.generation.mode.is_positive
    if positive and zlib.crc32(repr((case.body, case.query)).encode()) % 2:
        _about_something(case, served)
    headers = {"Authorization": f"Bearer {served.token}"}
    response = case.call(base_url=served.url, headers=headers)
    served.heard[response.status_code] += 1
    is_judged = case.path != BATCH and _all_was_sent(case, response)
    excluded = POSITIVE if is_judged else [*POSITIVE, *NEGATIVE]
    case.validate_response(response, excluded_checks=excluded, headers=headers)
    never_called_wrong(case, response)
    key = response.request.headers.get("Idempotency-Key")
    was_looked_at = "dry_run=true" in response.request.url
    if response.status_code < 300 and key is not None and not was_looked_at:
        served.done[key] = (response.request, response.content)


def _all_was_sent(case: Any, response: Any) -> bool:
    sent = parse_qs(urlsplit(response.request.url).query, keep_blank_values=True)
    return set(case.query or {}) <= set(sent)


def _about_something(case: Any, served: Served) -> None:
    collection = case.path.split("/")[2] if case.path.startswith("/v1/") else ""
    if "id" in (case.path_parameters or {}) and collection in served.ids:
        case.path_parameters["id"] = served.ids[collection]
    for parent in ("contract", "project"):
        if isinstance(case.body, dict) and f"{parent}_id" in case.body:
            case.body[f"{parent}_id"] = served.ids[f"{parent}s"]


def never_called_wrong(case: Any, response: Any) -> None:
    """What the document allows is never refused as if it did not."""
    if response.status_code < 400 or not case.meta.generation.mode.is_positive:
        return
    problem = json.loads(response.content)
    codes = {error["code"] for error in problem.get("errors", [])}
    if codes and codes <= BETWEEN:
        return
    made_up = {"cursor_invalid"} if "cursor" in (case.query or {}) else set()
    if case.path == FILES:  # What a file is its bytes say, and no schema.
        made_up |= {"unsupported_media_type", "invalid"}
    assert problem["code"] not in EDGE_REFUSES - made_up, problem
