"""An application with people in it, asked over HTTP without a network between."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import re
import tempfile
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import httpx
import jsonschema_rs
from starlette.applications import Starlette

from earnest.app import App
from earnest.batcher import Batcher
from earnest.config import Config
from earnest.core.actions import Scope
from earnest.core.house import House
from earnest.core.money import Money
from earnest.core.payments.depositing import SettleDeposit
from earnest.core.people import SYSTEM_ID
from earnest.core.references import parsed, printed
from earnest.core.terms import CLASSIC, DAY, as_json
from earnest.http.api import create
from earnest.http.asking import LINES
from earnest.http.openapi import document
from earnest.http.problems import problem_of
from earnest.store import tokens
from earnest.store.db import Database, Node

Json = dict[str, Any]
ALL = frozenset(Scope)


def usd(amount: str) -> Json:
    return {"amount": amount, "currency": "USD"}


@dataclass(slots=True)
class Person:
    """Somebody with a token."""

    house: Housing
    number: int
    token: str

    @property
    def id(self) -> str:
        return printed("usr", self.number)

    async def get(self, path: str, **query: object) -> httpx.Response:
        return await self.house.client.get(path, params=query or None, headers=self.headers)  # type: ignore[arg-type]

    async def post(
        self, path: str, body: object = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """Post as anybody would; further headers are named with a _ for each -."""
        own = key if key is not None else f"key-{next(self.house.keys)}"
        return await self.house.client.post(
            path,
            json={} if body is None else body,
            headers={
                **{name.replace("_", "-"): value for name, value in headers.items()},
                **self.headers,
                "Idempotency-Key": own,
            },
        )

    async def put(self, name: str, content: bytes, *, key: str | None = None) -> httpx.Response:
        """Put a file here."""
        own = key if key is not None else f"key-{next(self.house.keys)}"
        headers = {**self.headers, "Idempotency-Key": own}
        query = {"name": name}
        return await self.house.client.post(
            "/v1/files", params=query, content=content, headers=headers
        )

    async def file(self, name: str = "notes.txt", content: bytes = b"Some words.\n") -> Json:
        """A file of theirs."""
        answer = await self.put(name, content)
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    async def done(self, path: str, body: object = None) -> Json:
        """Post what must succeed."""
        answer = await self.post(path, body)
        assert answer.status_code in {200, 201}, answer.text
        found: Json = answer.json()
        return found

    async def code(self, path: str, body: object = None) -> str:
        """Post, and tell in a word what was heard."""
        return code_of(await self.post(path, body))

    async def seen(self, path: str, **query: object) -> Json:
        """Get what must be there."""
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def ids(self, path: str, **query: object) -> list[str]:
        """Which rows a list has."""
        return [row["id"] for row in (await self.seen(path, **query))["items"]]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def code_of(answer: httpx.Response) -> str:
    """What was heard: ok, or the code of the problem."""
    if answer.status_code < 300:
        return "ok"
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    code: str = problem["code"]
    return code


@dataclass(slots=True)
class Housing:
    """The application, and whoever comes to it."""

    app: App
    client: httpx.AsyncClient
    application: Starlette
    keys: itertools.count[int] = field(default_factory=itertools.count)

    async def person(self, name: str, *roles: str, scopes: Collection[Scope] = ALL) -> Person:
        """Somebody who has just come."""
        number = self.app.node.ids.new()
        await self.app.database.pool.execute(
            "INSERT INTO users VALUES ($1, $2, $3, 'active', $4, NULL, now(), now())",
            number,
            name,
            f"{name}{number}@example.org",
            list(roles),
        )
        return await self.again(Person(self, number, ""), scopes)

    async def again(self, who: Person, scopes: Collection[Scope]) -> Person:
        """The same person with another token."""
        number = self.app.node.ids.new()
        return Person(
            self, who.number, await tokens.create(self.app.database, number, who.number, scopes)
        )

    async def rich(self, who: Person, amount: str, currency: str = "USD") -> Json:
        """Money comes in; the worker's part is done by hand."""
        money = {"amount": amount, "currency": currency}
        row = await who.done("/v1/deposits", {"gateway": "sandbox", "amount": money})
        await self.settle(row)
        return row

    async def settle(self, deposit: Json) -> None:
        amount = Money.parse(deposit["amount"]["amount"], deposit["amount"]["currency"])
        number = parsed(deposit["id"], "dep")
        settled = await self.app.do(
            SYSTEM_ID, SettleDeposit(number, amount, f"p{number}"), via="worker"
        )
        assert settled.problem is None, settled.problem

    async def value(self, sql: str, *arguments: object) -> Any:
        return await self.app.database.pool.fetchval(sql, *arguments)


DESCRIBED = {
    re.compile(
        re.sub(r"\{id\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}"))
    ): (item)
    for path, item in document()["paths"].items()
}
COMPONENTS = document()["components"]


@functools.cache
def validator(schema: str) -> jsonschema_rs.Validator:
    whole = {**json.loads(schema), "components": COMPONENTS}
    return jsonschema_rs.validator_for(whole)


async def as_described(answer: httpx.Response) -> None:
    """Every answer of every test is one that the OpenAPI document describes."""
    await answer.aread()
    path, method = answer.request.url.path, answer.request.method.lower()
    items = [item for pattern, item in DESCRIBED.items() if pattern.fullmatch(path)]
    if not items or method not in items[0]:
        return
    told = items[0][method]["responses"][str(answer.status_code)]
    if "$ref" in told:
        told = COMPONENTS["responses"][told["$ref"].rsplit("/", 1)[1]]
    media_type = answer.headers["content-type"].partition(";")[0]
    schema = told["content"][media_type]["schema"]
    if media_type.endswith("json"):
        told_so = answer.text.splitlines() if media_type == LINES else [answer.text]
        for each in told_so:
            validator(json.dumps(schema)).validate(json.loads(each))
    for name in ("location", "www-authenticate", "retry-after", "idempotency-replayed", "allow"):
        assert name not in answer.headers or name.title() in {h.title() for h in told["headers"]}


@contextlib.asynccontextmanager
async def housing(
    dsn: str, house: House | None = None, *, deposit_seconds: float = 0
) -> AsyncIterator[Housing]:
    """Have an application on this database. There is no worker: a test does its part."""
    database = await Database.connect(dsn, most=4, revive=None)
    try:
        node = await Node.lease(database)
        chosen = house or House(approval_limits={"USD": 100_000})
        batcher = Batcher(database, chosen, problem_of, node.ids.reserve)
        batcher.start()
        beside = tempfile.TemporaryDirectory(prefix="earnest-files-")
        config = Config(data_dir=Path(beside.name))
        app = App(config, database, node, batcher, chosen, gateways={})
        application = create(app, deposit_seconds=deposit_seconds)
        transport = httpx.ASGITransport(application)
        try:
            async with httpx.AsyncClient(
                transport=transport,
                base_url="http://earnest",
                event_hooks={"response": [as_described]},
            ) as client:
                yield Housing(app, client, application)
        finally:
            await batcher.close()
            beside.cleanup()
    finally:
        database.pool.terminate()


def project_of(**changed: object) -> Json:
    """A project as one would post it."""
    return {
        "title": "A shop for soap",
        "description": "With a basket",
        "skills": ["python"],
        "currency": "USD",
        "budget_min": usd("100.00"),
        "budget_max": usd("900.00"),
        **changed,
    }


def bid_for(project: Json, *amounts: str) -> Json:
    """A bid whose milestones are of these amounts."""
    total = sum((Money.parse(each, "USD") for each in amounts), Money.zero("USD"))
    steps = [{"description": "A step", "amount": usd(each), "days": 5} for each in amounts]
    return {
        "project_id": project["id"],
        "amount": usd(total.decimal),
        "period_days": 14,
        "proposal": "I have done ten of these",
        "milestones": steps,
    }


async def posted(
    housing: Housing, *bids: str, purse: str = "1000.00"
) -> tuple[Person, Json, list[Person], list[Json]]:
    """A project of somebody, and somebody for each bid, of one milestone."""
    employer = await housing.person("emma")
    await housing.rich(employer, purse)
    project = await employer.done("/v1/projects", project_of())
    people = [await housing.person("frank") for _ in bids]
    made = [
        await who.done("/v1/bids", bid_for(project, amount))
        for who, amount in zip(people, bids, strict=True)
    ]
    return employer, project, people, made


def accepting(contract: Json) -> Json:
    """Accept what there is to see."""
    return {name: contract[name] for name in ("terms_hash", "funded", "milestones_hash")}


#: The original rules with every clock of a milestone: 14 days to review, 10 minutes to undo.
CLOCKED: Final = as_json(
    replace(
        CLASSIC,
        review_seconds=14 * DAY,
        review_floor_seconds=3 * DAY,
        change_rounds=3,
        overdue_seconds=30 * DAY,
        undo_seconds=600,
    )
)


async def agreed(
    housing: Housing, *amounts: str, purse: str = "1000.00", terms: object = "classic"
) -> tuple[Person, Person, Json, list[Json]]:
    """Two people, their active contract, and its funded milestones."""
    employer, freelancer = await housing.person("emma"), await housing.person("frank")
    await housing.rich(employer, purse)
    offer = {"freelancer": freelancer.id, "currency": "USD", "terms": terms}
    contract = await employer.done("/v1/contracts", offer)
    path = f"/v1/contracts/{contract['id']}"
    made: list[Json] = []
    if amounts:
        lines = [{"description": "A piece of work", "amount": usd(a)} for a in amounts]
        made = (await employer.done(f"{path}/fund", {"milestones": lines}))["items"]
    seen = await freelancer.seen(path)
    return employer, freelancer, await freelancer.done(f"{path}/accept", accepting(seen)), made
