"""Every story that people can tell themselves, told over REST."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from typing import Any

import pytest
from tests.http.house import code_of
from tests.http.telling import HttpTeller, peopled
from tests.scenarios.agreeing import NEVER
from tests.scenarios.disputing import last_offer, proposed_end
from tests.scenarios.story import ROLES, Asked, Heard, Story, stories, tell

from earnest.core.actions import ACTIONS, Scope
from earnest.core.references import parsed
from earnest.wire.parse import parse_action


class RestTeller(HttpTeller):
    """REST as an interface."""

    def ask(self, asked: Asked) -> Heard:
        return self.loop.run(self._by_somebody(asked))

    async def _by_somebody(self, asked: Asked) -> Heard:
        kind = ACTIONS[asked.action]
        if kind.takes_bytes:
            return await self._put(asked, **asked.fields)
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
        ids = [row["id"] for row in rows if "id" in row]  # An exhibit has only a number.
        return Heard("ok", tuple((kind.makes.noun, each) for each in ids if kind.makes))

    async def _put(self, asked: Asked, *, name: str, content: str) -> Heard:
        answer = await self.people[asked.who].put(name, content.encode(), key=asked.key)
        made = (("file", answer.json()["id"]),) if answer.status_code == 201 else ()
        return Heard(code_of(answer), made)

    async def _by_the_rules(self, asked: Asked) -> Heard:
        """Only operators have tokens for staff's actions; the rules would have refused as well."""
        assert ACTIONS[asked.action].scope is Scope.STAFF
        assert asked.who not in ROLES
        assert asked.subject is not None
        number = parsed(asked.subject, asked.subject.partition("_")[0])
        action = parse_action(asked.action, number, asked.fields)
        answer = await self.house.app.do(self.people[asked.who].number, action, via="rest")
        assert answer.problem is not None
        return Heard(json.loads(answer.problem)["code"])

    def deal(self, who: str, contract: str) -> Mapping[str, Any]:
        person = self.people["employer" if who in {"stranger", "operator"} else who]
        seen = self.loop.run(person.seen(f"/v1/contracts/{contract}"))
        return {name: seen[name] for name in ("terms_hash", "funded", "milestones_hash")}

    def bid(self, who: str, bid: str) -> str:
        person = self.people["employer" if who in {"stranger", "operator"} else who]
        seen: str = self.loop.run(person.seen(f"/v1/bids/{bid}"))["bid_hash"]
        return seen

    def agreement(self, who: str, noun: str, subject: str) -> Mapping[str, str]:
        person = self.people[who if who in {"employer", "freelancer"} else "employer"]
        seen = self.loop.run(person.seen(f"/v1/{noun}s/{subject}"))
        if noun == "dispute":
            is_opener = seen["opener"]["id"] == person.id
            return {"offer": last_offer(seen, is_opener), "until": proposed_end(seen)}
        if noun == "contract":
            return {"terms_hash": (seen["proposed_terms"] or {"terms_hash": NEVER})["terms_hash"]}
        edit_hash = seen["edit"]["edit_hash"] if seen["edit"] else NEVER
        return {"hash": seen["agreement_hash"], "edit_hash": edit_hash}

    def balances(self, currency: str, people: Collection[str]) -> Mapping[str, str]:
        return self.loop.run(self._balances(currency, people))

    async def _balances(self, currency: str, people: Collection[str]) -> Mapping[str, str]:
        found = await self.sums(currency)
        for name in people:
            for held in (await self.people[name].seen("/v1/balances"))["items"]:
                if held["currency"] == currency:
                    found[name] = held["wallet"]["amount"]
        return found


@pytest.mark.parametrize(
    "story", [each for each in stories() if not each.by_gateway], ids=lambda story: story.name
)
def test_rest_tells(story: Story, dsn: str) -> None:
    with asyncio.Runner() as loop:
        opened = peopled(dsn)
        house, people = loop.run(opened.__aenter__())
        try:
            tell(story, RestTeller(house, people, loop))
        finally:
            loop.run(opened.__aexit__(None, None, None))
