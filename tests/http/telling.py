"""What every teller over HTTP shares: a house with all people of the stories, and its clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.http.house import Housing, Person, housing
from tests.scenarios.passing import AWAY
from tests.scenarios.story import APPROVAL_LIMITS, PEOPLE, ROLES

from earnest import worker
from earnest.app import gateways_of
from earnest.core.house import House
from earnest.core.money import Money
from earnest.core.references import parsed, printed

SUMS = """
SELECT kind, sum(balance)::bigint FROM accounts
WHERE currency = $1 AND kind NOT IN ('wallet', 'losses')
GROUP BY kind
"""
RELEASE = """
SELECT id FROM releases WHERE milestone_id = $1 ORDER BY wakes_at IS NULL, id DESC LIMIT 1
"""

TRANCHE = "SELECT id FROM tranches WHERE milestone_id = $1 AND position = $2"


@dataclass
class HttpTeller:
    """An interface over HTTP: rows are called by their printed reference."""

    house: Housing
    people: Mapping[str, Person]
    loop: asyncio.Runner

    def person(self, name: str) -> str:
        return printed("usr", 999) if name == "nobody" else self.people[name].id

    async def sums(self, currency: str) -> dict[str, str]:
        """What nobody's own interface shows: the accounts that are no wallets."""
        found = await self.house.app.database.pool.fetch(SUMS, currency)
        return {kind: Money(total, currency).decimal for kind, total in found}

    def now(self) -> datetime:
        return self.loop.run(self.house.app.database.now())

    def release(self, who: str, milestone: str) -> str:
        number = self.loop.run(self.house.value(RELEASE, parsed(milestone, "ms")))
        return printed("rel", number)

    def tranche(self, who: str, milestone: str, place: int) -> str:
        number = self.loop.run(self.house.value(TRANCHE, parsed(milestone, "ms"), place))
        return printed("trn", number)

    def worker(self) -> None:
        self.advance(timedelta())

    def advance(self, span: timedelta) -> None:
        self.loop.run(worker.advance(self.house.app, span))

    def late(self, span: timedelta) -> None:
        self.loop.run(self.house.app.database.advance(span))

    def away(self, span: timedelta) -> None:
        self.loop.run(self.house.app.database.pool.execute(AWAY, span))

    def suspend(self, who: str) -> None:
        sql = "UPDATE users SET status = 'suspended' WHERE id = $1"
        self.loop.run(self.house.app.database.pool.execute(sql, self.people[who].number))


@asynccontextmanager
async def peopled(dsn: str) -> AsyncIterator[tuple[Housing, dict[str, Person]]]:
    """A site with everybody of the stories."""
    async with housing(dsn, House(approval_limits=APPROVAL_LIMITS)) as house:
        house.app.gateways = gateways_of("sandbox", house.app.database)
        yield (
            house,
            {
                who: await house.person(who, *([ROLES[who]] if who in ROLES else []))
                for who in PEOPLE
            },
        )
