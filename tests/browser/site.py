"""A site that listens, with its worker; and people whose rows are made without a browser."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import uvicorn
from tests.http.house import ALL, Housing, Json, Person, accepting, usd
from tests.web.people import kept

from earnest import worker
from earnest.app import opened
from earnest.config import Config
from earnest.core.people import Role
from earnest.core.references import parsed
from earnest.http.api import create
from earnest.http.problems import problem_of
from earnest.store import people, sessions
from earnest.store.people import Newcomer

#: Only this is moved back, so that nobody else has the time that has passed.
_PASSED = (
    """
    UPDATE milestones SET submitted_at = submitted_at - $2::interval,
        deferred_until = deferred_until - $2::interval,
        wakes_at = wakes_at - $2::interval WHERE contract_id = $1
    """,
    "UPDATE contracts SET wakes_at = wakes_at - $2::interval WHERE id = $1",
)
#: Above this a withdrawal waits for an operator.
LIMIT = "1000.00"


@dataclass(slots=True)
class Somebody:
    """Somebody who can come to the site: with a token here, with a cookie or a password there."""

    person: Person
    name: str
    email: str

    @property
    def id(self) -> str:
        return self.person.id

    async def done(self, path: str, body: object = None) -> Json:
        return await self.person.done(path, body)

    async def seen(self, path: str, **query: object) -> Json:
        return await self.person.seen(path, **query)

    async def wallet(self, currency: str = "USD") -> str:
        """What they can spend."""
        found = (await self.seen("/v1/balances"))["items"]
        return next((each["wallet"]["amount"] for each in found if _of(each, currency)), "0.00")


def _of(balance: Json, currency: str) -> bool:
    return bool(balance["currency"] == currency)


@dataclass(slots=True)
class Deal:
    """Two people, their contract, and its milestones as they were funded."""

    employer: Somebody
    freelancer: Somebody
    contract: Json
    milestones: list[Json]

    @property
    def page(self) -> str:
        return f"/contracts/{self.contract['id']}"

    @property
    def milestone(self) -> str:
        """The page of the first milestone; its address in the API is the same below /v1."""
        return f"/milestones/{self.milestones[0]['id']}"


@dataclass(slots=True)
class Site:
    """What is served, and short ways to have something on it."""

    house: Housing
    url: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def person(self, first: str, *roles: Role) -> Somebody:
        """Somebody of a name that nobody else has, nor begins with."""
        count = next(self.numbers)
        surname = "".join(chr(ord("a") + count // 26**place % 26) for place in (2, 1, 0))
        name, email = f"{first} M{surname}", f"{first}.{surname}@example.org".lower()
        number = self.house.app.node.ids.new()
        newcomer = Newcomer(number, name, email, kept(), roles)
        assert await people.enter(self.house.app.database, newcomer), f"{email} is there already"
        return Somebody(await self.house.again(Person(self.house, number, ""), ALL), name, email)

    async def session(self, who: Somebody) -> str:
        """A new session, as it stands in the cookie."""
        return await sessions.create(self.house.app.database, who.person.number)

    async def rich(self, who: Somebody, amount: str, currency: str = "USD") -> None:
        """Money comes in; the POST waits until the worker has seen to it."""
        money = {"amount": amount, "currency": currency}
        await who.done("/v1/deposits", {"gateway": "sandbox", "amount": money})
        assert await who.wallet(currency) == amount

    async def offered(
        self, *amounts: str, purse: str = "100.00", terms: object = "classic"
    ) -> Deal:
        """An offer, with money in it that the freelancer has not taken up yet."""
        employer, freelancer = await self.person("Emma"), await self.person("Frank")
        await self.rich(employer, purse)
        offer = {"freelancer": freelancer.id, "currency": "USD", "terms": terms}
        contract = await employer.done("/v1/contracts", offer)
        lines = [{"description": f"A piece of work for {a}", "amount": usd(a)} for a in amounts]
        path = f"/v1/contracts/{contract['id']}"
        made: list[Json] = []
        if lines:
            made = (await employer.done(f"{path}/fund", {"milestones": lines}))["items"]
        return Deal(employer, freelancer, contract, made)

    async def agreed(self, *amounts: str, purse: str = "100.00", terms: object = "classic") -> Deal:
        """The same, accepted."""
        deal = await self.offered(*amounts, purse=purse, terms=terms)
        path = f"/v1{deal.page}"
        deal.contract = await deal.freelancer.done(
            f"{path}/accept", accepting(await deal.freelancer.seen(path))
        )
        return deal

    async def submitted(self, *amounts: str) -> Deal:
        """The same, and the first milestone is waiting to be released."""
        deal = await self.agreed(*amounts)
        work = {"note": "Here it is", "links": ["https://example.org/work"]}
        await deal.freelancer.done(f"/v1{deal.milestone}/submit", work)
        return deal

    async def requested(self, amount: str) -> Deal:
        """A contract, and a milestone that its freelancer has asked for."""
        deal = await self.agreed()
        asked = {"contract_id": deal.contract["id"], "description": "More", "amount": usd(amount)}
        deal.milestones.append(await deal.freelancer.done("/v1/milestones", asked))
        return deal

    async def posted(self, who: Somebody, **more: object) -> Json:
        """A project that is open for bids."""
        asked = {"title": "A website", "description": "Five pages.", "currency": "USD",
                 "budget_min": usd("10.00"), "budget_max": usd("90.00")}  # fmt: skip
        return await who.done("/v1/projects", {**asked, **more})

    async def bid(self, who: Somebody, project: Json, *amounts: str) -> Json:
        """A bid that proposes a milestone of each amount."""
        total = sum((Decimal(each) for each in amounts), Decimal())
        lines = [
            {"description": f"Step {place} of the work", "amount": usd(each), "days": 7 * place}
            for place, each in enumerate(amounts, 1)
        ]
        asked = {"project_id": project["id"], "amount": usd(str(total)), "period_days": 21,
                 "proposal": "I have done this before, twice.", "milestones": lines}  # fmt: skip
        return await who.done("/v1/bids", asked)

    async def pending_deposit(self, who: Somebody, amount: str = "5.00") -> Json:
        """A deposit that the gateway settles a day later."""
        slow = {"gateway": "sandbox", "amount": usd(amount), "sandbox": "delay"}
        return await who.done("/v1/deposits", slow)

    async def waiting_withdrawal(self, who: Somebody) -> Json:
        """A withdrawal above the limit, which is all that its owner has."""
        await self.rich(who, "1500.00")
        to = {"type": "sandbox", "account": "settle", "name": who.name}
        asked = {"gateway": "sandbox", "amount": usd("1500.00"), "destination": to}
        return await who.done("/v1/withdrawals", asked)

    async def passed(self, deal: Deal, span: timedelta) -> None:
        """Let so much time have passed for the work of one deal; the others live on."""
        number = parsed(deal.contract["id"], "ctr")
        for statement in _PASSED:
            await self.house.app.database.pool.execute(statement, number, span)
        self.house.app.nudge()

    async def events(self, subject: str, name: str) -> int:
        """How often something happened to a row: ``/milestones/ms_…``."""
        reference = subject.rpartition("/")[2]
        sql = "SELECT count(*) FROM events WHERE name = $1 AND body::text LIKE $2"
        counted: int = await self.house.value(sql, name, f"%{reference}%")
        return counted


class _Server(uvicorn.Server):
    """Signals are pytest's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(dsn: str, data_dir: Path) -> AsyncIterator[Site]:
    """A site on this database, for as long as this."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://localhost:{listening.getsockname()[1]}"
    config = Config(
        data_dir, dsn, url=url, connections=6, approval_limits={"USD": LIMIT}, signup="open"
    )
    async with opened(config, problem_of) as app:
        application = create(app)
        settings = uvicorn.Config(
            application, log_config=None, access_log=False, ws="none", lifespan="off"
        )
        server = _Server(settings)
        stop = asyncio.Event()
        running = [
            asyncio.create_task(server.serve([listening])),
            asyncio.create_task(worker.run(app, stop)),
        ]
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://earnest") as client:
            yield Site(Housing(app, client, application), url)
        server.should_exit = True
        stop.set()
        await asyncio.gather(*running)
