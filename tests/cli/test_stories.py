"""Every story that people can tell themselves, told by `earnest` commands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.cli.earnest import Earnest
from tests.scenarios.agreeing import NEVER
from tests.scenarios.disputing import last_offer, proposed_end
from tests.scenarios.passing import AWAY, undecided
from tests.scenarios.story import PEOPLE, ROLES, Asked, Heard, Story, stories, tell

from earnest.app import opened
from earnest.config import Config
from earnest.core.actions import ACTIONS
from earnest.core.money import Money
from earnest.core.references import printed
from earnest.http.problems import problem_of

SUMS = """
SELECT kind, sum(balance)::bigint FROM accounts
WHERE currency = $1 AND kind NOT IN ('wallet', 'losses')
GROUP BY kind
"""


@dataclass
class CliTeller:
    """The command line as an interface: rows are called by their printed reference."""

    earnest: Earnest

    def ask(self, asked: Asked) -> Heard:
        if ACTIONS[asked.action].takes_bytes:
            return self._put(asked, **asked.fields)
        noun, _, verb = asked.action.partition(".")
        words = [noun, verb.replace("_", "-")]
        words += [asked.subject] if asked.subject is not None else []
        for name, value in asked.fields.items():
            words += options(name, value)
        words += ["--as", address(asked.who), "--json"]
        words += ["--key", asked.key] if asked.key is not None else []
        result = self.earnest.unchecked(*words)
        told = json.loads(result.stdout)
        if result.exit_code != 0:
            return Heard(told["code"])
        cls = ACTIONS[asked.action]
        if not cls.answers:
            return Heard("ok")
        rows = told.get("items", [told])
        made = [row["id"] for row in rows if "id" in row]  # An exhibit has only a number.
        return Heard("ok", tuple((cls.makes.noun, each) for each in made if cls.makes))

    def _put(self, asked: Asked, *, name: str, content: str) -> Heard:
        path = self.earnest.data_dir.parent / name
        path.write_text(content)
        key = ["--key", asked.key] if asked.key is not None else []
        result = self.earnest.unchecked(
            "file", "add", path, "--as", address(asked.who), *key, "--json"
        )
        told = json.loads(result.stdout)
        return Heard(told["code"]) if result.exit_code else Heard("ok", (("file", told["id"]),))

    def person(self, name: str) -> str:
        return printed("usr", 999) if name == "nobody" else address(name)

    def deal(self, who: str, contract: str) -> Mapping[str, Any]:
        seen = self.earnest.json("contract", "show", contract)  # Strangers would see nothing.
        return {name: seen[name] for name in ("terms_hash", "funded", "milestones_hash")}

    def bid(self, who: str, bid: str) -> str:
        seen: str = self.earnest.json("bid", "show", bid)["bid_hash"]
        return seen

    def agreement(self, who: str, noun: str, subject: str) -> Mapping[str, str]:
        seen = self.earnest.json(noun, "show", subject)
        if noun == "dispute":
            is_opener = seen["opener"]["name"] == who
            return {"offer": last_offer(seen, is_opener), "until": proposed_end(seen)}
        if noun == "contract":
            return {"terms_hash": (seen["proposed_terms"] or {"terms_hash": NEVER})["terms_hash"]}
        edit_hash = seen["edit"]["edit_hash"] if seen["edit"] else NEVER
        return {"hash": seen["agreement_hash"], "edit_hash": edit_hash}

    def balances(self, currency: str, people: Collection[str]) -> Mapping[str, str]:
        found = {
            kind: Money(total, currency).decimal
            for kind, total in asyncio.run(self.earnest.sql(SUMS, currency))
        }
        for who in people:
            for held in self.earnest.json("balance", "--as", address(who))["items"]:
                if held["currency"] == currency:
                    found[who] = held["wallet"]["amount"]
        return found

    def now(self) -> datetime:
        at: str = self.earnest.json("sandbox", "advance", "0s")["now"]
        return datetime.fromisoformat(at)

    def release(self, who: str, milestone: str) -> str:
        found = self.earnest.json("release", "list")["items"]
        own = [each for each in found if each["milestone_id"] == milestone]
        newest: str = max(own, key=lambda each: (each["final_at"] is not None, each["id"]))["id"]
        return newest

    def tranche(self, who: str, milestone: str, place: int) -> str:
        plan = self.earnest.json("milestone", "show", milestone)["plan"]
        found: str = plan[place - 1]["tranche_id"]
        return found

    def worker(self) -> None:
        self.advance(timedelta())

    def advance(self, span: timedelta) -> None:
        self.earnest.json("sandbox", "advance", f"{int(span.total_seconds())}s")

    def late(self, span: timedelta) -> None:
        asyncio.run(self._late(span))

    async def _late(self, span: timedelta) -> None:
        config = Config(self.earnest.data_dir, self.earnest.dsn)
        async with opened(config, problem_of) as app:
            await undecided(app, span)

    def away(self, span: timedelta) -> None:
        asyncio.run(self.earnest.sql(AWAY, span))

    def suspend(self, who: str) -> None:
        self.earnest("user", "suspend", address(who))


def address(who: str) -> str:
    return f"{who}@example.com"


def options(name: str, value: Any) -> list[str]:
    """A field as people would type it."""
    flag = f"--{name.replace('_', '-')}"
    if name in {"milestones", "links", "skills", "files", "exhibits"}:
        items = ([flag.removesuffix("s"), pairs(each)] for each in value)
        return [word for item in items for word in item]
    if name == "terms" and isinstance(value, dict):
        return [flag, json.dumps(value)]
    return [flag, pairs(value)]


def pairs(value: Any) -> str:
    if isinstance(value, list):
        return f"[{'; '.join(map(pairs, value))}]"
    if not isinstance(value, dict):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if value.keys() == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    return ",".join(f"{name}={pairs(each)}" for name, each in value.items())


@pytest.mark.parametrize(
    "story", [each for each in stories() if not each.by_gateway], ids=lambda story: story.name
)
def test_the_command_line_tells(story: Story, earnest: Earnest) -> None:
    earnest.env["EARNEST_APPROVAL_LIMITS"] = "USD=1000.00"
    earnest.env["EARNEST_PRESET"] = "classic"  # What a story means that names no terms.
    for who in PEOPLE:
        role = ["--role", ROLES[who]] if who in ROLES else []
        earnest("user", "add", who, address(who), *role)
    tell(story, CliTeller(earnest))
    assert earnest.json("ledger", "verify")["ok"]
