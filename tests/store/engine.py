"""An engine as one process has it, and the short stories that bring it to where a test begins."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg

from earnest.batcher import Batcher
from earnest.core.actions import Action
from earnest.core.bids.bidding import PlaceBid, Step
from earnest.core.bids.choosing import Award
from earnest.core.canonical import digest
from earnest.core.commands import Command, ids_needed
from earnest.core.contracts import OfferContract
from earnest.core.house import House
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.money import Money
from earnest.core.payments.depositing import SettleDeposit, StartDeposit
from earnest.core.people import SYSTEM_ID
from earnest.core.projects.posting import Post
from earnest.core.projects.reserving import Reserve
from earnest.core.terms import CLASSIC, DISPUTED, UNDISPUTED, Terms, terms_hash
from earnest.http.problems import problem_of
from earnest.store.batch import Answer
from earnest.store.db import Database, Node
from earnest.wire.fingerprint import fingerprint

Json = dict[str, Any]

#: Above 1,000.00 USD an operator has to approve; every rule of the terms can be chosen.
HOUSE: Final = House(approval_limits={"USD": 100_000}, wound=UNDISPUTED | DISPUTED)
PATIENCE_SECONDS: Final = 20


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


@dataclass(slots=True)
class Engine:
    """Everything that one process needs to ask for actions."""

    database: Database
    node: Node
    batcher: Batcher

    def command(self, who: int, asked: Action[Any], key: str = "") -> Command:
        first = self.node.ids.reserve(ids_needed(asked))
        return Command(who, key or f"k{first}", asked, first, fingerprint(asked), "test")

    async def ask(self, who: int, asked: Action[Any], key: str = "") -> Answer:
        return await self.batcher.submit(self.command(who, asked, key))

    async def done(self, who: int, asked: Action[Any]) -> list[Json]:
        """Ask for what must happen, and read the rows of the answer."""
        answer = await self.ask(who, asked)
        assert answer.problem is None, answer.problem
        return [json.loads(row) for row in answer.rows]

    async def one(self, who: int, asked: Action[Any]) -> Json:
        """Ask for what must happen, and read the one row of the answer."""
        (row,) = await self.done(who, asked)
        return row

    async def code(self, who: int, asked: Action[Any], key: str = "") -> str:
        """Ask, and tell in a word what was heard: ok, or the code of the refusal."""
        return code_of(await self.ask(who, asked, key))

    async def value(self, sql: str, *arguments: object) -> Any:
        return await self.database.pool.fetchval(sql, *arguments)

    async def proposed(self, milestone: int) -> str:
        """The hash of what somebody would like this milestone to be."""
        found = await self.value("SELECT hash FROM edits WHERE milestone_id = $1", milestone)
        return str(found)

    async def balance(self, kind: str, owner: int, currency: str = "USD") -> int:
        """What the books say, in minor units; an account that was never used holds nothing."""
        found = await self.value(
            "SELECT balance FROM accounts WHERE kind = $1 AND owner = $2 AND currency = $3",
            kind,
            owner,
            currency,
        )
        return found or 0


@dataclass(slots=True)
class Deal:
    """Two people, their contract, and the numbers of its milestones."""

    employer: int
    freelancer: int
    contract: int
    milestones: list[int] = field(default_factory=list)

    @property
    def milestone(self) -> int:
        """The only one."""
        (number,) = self.milestones
        return number


@contextlib.asynccontextmanager
async def running(
    dsn: str,
    house: House = HOUSE,
    *,
    most: int = 4,
    revive: Callable[[], None] | None = None,
    commands_max: int = 500,
) -> AsyncIterator[Engine]:
    """Have a process's own pool, node and batcher."""
    database = await Database.connect(dsn, most=most, revive=revive)
    try:
        node = await Node.lease(database)
        batcher = Batcher(database, house, problem_of, node.ids.reserve, commands_max=commands_max)
        batcher.start()
        try:
            yield Engine(database, node, batcher)
        finally:
            await batcher.close()
    finally:
        database.pool.terminate()


def code_of(answer: Answer) -> str:
    if answer.problem is None:
        return "ok"
    code: str = json.loads(answer.problem)["code"]
    return code


async def person(engine: Engine, name: str, *roles: str) -> int:
    """Somebody who has just come."""
    number = engine.node.ids.new()
    await engine.database.pool.execute(
        "INSERT INTO users VALUES ($1, $2, $3, 'active', $4, NULL, now(), now())",
        number,
        name,
        f"{name}{number}@example.org",
        list(roles),
    )
    return number


async def an_arbiter(engine: Engine) -> int:
    """The first arbiter that there is, or one who has just come."""
    found = "SELECT min(id) FROM users WHERE 'arbiter' = ANY (roles)"
    return await engine.value(found) or await person(engine, "ada", "arbiter")


async def rich(engine: Engine, who: int, amount: Money) -> None:
    """Money comes in through the sandbox gateway."""
    deposit = await engine.one(who, StartDeposit(who, "sandbox", amount))
    await engine.one(SYSTEM_ID, SettleDeposit(deposit["number"], amount, f"p{deposit['number']}"))


def accepting(contract: int, milestones: Sequence[Json], terms: Terms = CLASSIC) -> Accept:
    """Accept what there is to see."""
    seen = digest(sorted([m["id"], m["agreement_hash"]] for m in milestones))
    held = sum((usd(m["held"]["amount"]) for m in milestones), Money.zero("USD"))
    return Accept(contract, terms_hash(terms), held, seen)


async def offered(
    engine: Engine,
    *amounts: str,
    between: tuple[int, int] | None = None,
    purse: str = "1000.00",
    terms: Terms = CLASSIC,
) -> tuple[Deal, list[Json]]:
    """A contract that waits for the freelancer, with funded milestones of these amounts."""
    employer, freelancer = between or (
        await person(engine, "emma"),
        await person(engine, "frank"),
    )
    await rich(engine, employer, usd(purse))
    if terms.ruling_seconds is not None:  # Then somebody has to be there who can rule.
        await an_arbiter(engine)
    contract = await engine.one(employer, OfferContract(employer, freelancer, "USD", terms))
    deal = Deal(employer, freelancer, contract["number"])
    milestones: list[Json] = []
    if amounts:
        lines = tuple(Line("A piece of work", usd(amount)) for amount in amounts)
        milestones = await engine.done(employer, FundContract(deal.contract, lines))
    deal.milestones = [m["number"] for m in milestones]
    return deal, milestones


async def agreed(
    engine: Engine,
    *amounts: str,
    between: tuple[int, int] | None = None,
    purse: str = "1000.00",
    terms: Terms = CLASSIC,
) -> Deal:
    """A contract that both have agreed to, with funded milestones of these amounts."""
    deal, made = await offered(engine, *amounts, between=between, purse=purse, terms=terms)
    await engine.one(deal.freelancer, accepting(deal.contract, made, terms))
    return deal


@dataclass(slots=True)
class Posted:
    """A project, and who bids for it."""

    employer: int
    project: int
    bidders: list[int]
    bids: list[Json]


async def posted(
    engine: Engine, *amounts: str, reserve: str | None = None, purse: str = "1000.00"
) -> Posted:
    """An open project with a bid of each of these amounts, and perhaps a reserve."""
    emma = await person(engine, "emma")
    await rich(engine, emma, usd(purse))
    post = Post(emma, "A project", "What is to be done", "USD", usd("1.00"), usd("900.00"))
    project = (await engine.one(emma, post))["number"]
    if reserve is not None:
        await engine.one(emma, Reserve(project, usd(reserve)))
    made = Posted(emma, project, [], [])
    for amount in amounts:
        bidder = await person(engine, "frank")
        made.bidders.append(bidder)
        made.bids.append(await engine.one(bidder, bidding(project, amount)))
    return made


def bidding(project: int, amount: str) -> PlaceBid:
    """So much for all of it, in one milestone."""
    return PlaceBid(project, usd(amount), 7, "What I would do", (Step("All", usd(amount), 7),))


async def awarded(
    engine: Engine, *, reserve: str | None = "300.00", purse: str = "1000.00"
) -> tuple[Posted, Deal]:
    """A project with two bids of which one is awarded: its contract waits for an answer."""
    made = await posted(engine, "500.00", "400.00", reserve=reserve, purse=purse)
    bid = made.bids[0]
    contract = await engine.one(made.employer, Award(bid["number"], bid["bid_hash"]))
    return made, Deal(made.employer, made.bidders[0], contract["number"])


async def until(holds: Callable[[], Awaitable[object]], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110  # Another process's doing: no event tells.
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection beside the engine's: an administrator, or somebody's mistake."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        connection.terminate()
