"""Every story that people can tell themselves, told over REST."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from tests.http.house import Housing, Person, code_of, housing
from tests.scenarios.story import APPROVAL_LIMITS, PEOPLE, Asked, Heard, Story, stories, tell

from earnest import worker
from earnest.app import gateways_of
from earnest.core.actions import ACTIONS, House, Scope
from earnest.core.money import Money
from earnest.core.references import parsed, printed
from earnest.wire.parse import parse_action

SUMS = """
SELECT kind, sum(balance)::bigint FROM accounts
WHERE currency = $1 AND kind IN ('escrow', 'outgoing', 'clearing') GROUP BY kind
"""


@dataclass
class RestTeller:
    """REST as an interface: rows are called by their printed reference."""

    house: Housing
    people: Mapping[str, Person]
    loop: asyncio.Runner

    def ask(self, asked: Asked) -> Heard:
        return self.loop.run(self._by_somebody(asked))

    async def _by_somebody(self, asked: Asked) -> Heard:
        kind = ACTIONS[asked.action]
        noun, _, verb = asked.action.partition(".")
        body = dict(asked.fields)
        path = f"/v1/{noun}s"
        if kind.kind.noun == noun:
            path += f"/{asked.subject}/{verb.replace('_', '-')}"
        elif asked.subject is not None:
            body[f"{kind.kind.noun}_id"] = asked.subject
        answer = await self.people[asked.who].post(path, body, key=asked.key)
        if answer.status_code >= 300:
            code = code_of(answer)
            return await self._by_the_rules(asked) if code == "scope_missing" else Heard(code)
        made = answer.json() if kind.answers else {"items": []}
        rows = made.get("items", [made])
        return Heard("ok", tuple((kind.makes.noun, row["id"]) for row in rows if kind.makes))

    async def _by_the_rules(self, asked: Asked) -> Heard:
        """Only operators have tokens for staff's actions; the rules would have refused as well."""
        assert ACTIONS[asked.action].scope is Scope.STAFF
        assert asked.who != "operator"
        assert asked.subject is not None
        number = parsed(asked.subject, asked.subject.partition("_")[0])
        action = parse_action(asked.action, number, asked.fields)
        answer = await self.house.app.do(self.people[asked.who].number, action, via="rest")
        assert answer.problem is not None
        return Heard(json.loads(answer.problem)["code"])

    def person(self, name: str) -> str:
        return printed("usr", 999) if name == "nobody" else self.people[name].id

    def deal(self, who: str, contract: str) -> Mapping[str, Any]:
        person = self.people["employer" if who in {"stranger", "operator"} else who]
        seen = self.loop.run(person.seen(f"/v1/contracts/{contract}"))
        return {name: seen[name] for name in ("terms_hash", "funded", "milestones_hash")}

    def balances(self, currency: str) -> Mapping[str, str]:
        return self.loop.run(self._balances(currency))

    async def _balances(self, currency: str) -> Mapping[str, str]:
        sums = await self.house.app.database.pool.fetch(SUMS, currency)
        found = {kind: Money(total, currency).decimal for kind, total in sums}
        for name, person in self.people.items():
            for held in (await person.seen("/v1/balances"))["items"]:
                if held["currency"] == currency:
                    found[name] = held["wallet"]["amount"]
        return found

    def worker(self) -> None:
        self.advance(0)

    def advance(self, days: int) -> None:
        self.loop.run(worker.advance(self.house.app, timedelta(days=days)))

    def suspend(self, who: str) -> None:
        sql = "UPDATE users SET status = 'suspended' WHERE id = $1"
        self.loop.run(self.house.app.database.pool.execute(sql, self.people[who].number))


@pytest.mark.parametrize(
    "story", [each for each in stories() if not each.by_gateway], ids=lambda story: story.name
)
def test_rest_tells(story: Story, dsn: str) -> None:
    with asyncio.Runner() as loop:
        opened = housing(dsn, House(approval_limits=APPROVAL_LIMITS))
        house = loop.run(opened.__aenter__())
        try:
            house.app.gateways = gateways_of("sandbox", house.app.database)
            people = {
                who: loop.run(house.person(who, *(["operator"] if who == "operator" else [])))
                for who in PEOPLE
            }
            tell(story, RestTeller(house, people, loop))
        finally:
            loop.run(opened.__aexit__(None, None, None))
