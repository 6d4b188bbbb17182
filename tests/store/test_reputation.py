"""Figures of people: each query counts what the same events add up to in plain Python."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.store import recount
from tests.store.books import wrong
from tests.store.engine import Engine, bidding, person, rich, usd

from earnest.core.actions import Action
from earnest.core.bids.choosing import Award
from earnest.core.canonical import digest
from earnest.core.contracts import OfferContract
from earnest.core.disputes.offering import Concede
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.milestones.agreeing import Accept, End
from earnest.core.milestones.asking import RequestMilestone
from earnest.core.milestones.funding import Fund, FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel, TakeBack
from earnest.core.milestones.revising import Agree, AgreeEdit, ProposeEdit
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.money import Money
from earnest.core.projects.posting import Post
from earnest.core.references import NUMBER_MAX
from earnest.core.reputation import Measure
from earnest.core.reviews import CRITERIA, GiveReview, Ratings
from earnest.store import counting
from earnest.store.queries import sql
from earnest.store.reads.reputation import both_sides, months, records, statement

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
MONTHS = 12
PEOPLE, STEPS, LOOKS = 4, 40, 4
#: What a milestone's agreement, and what is proposed instead of it, is called.
SEEN = """
SELECT agreement_hash, coalesce((SELECT hash FROM edits WHERE milestone_id = id), repeat('0', 64))
FROM milestones WHERE id = $1
"""
CURRENCIES = ("USD", "USD", "EUR")


@dataclass
class Town:
    """Some people who deal with each other at random; what is refused does not happen."""

    engine: Engine
    chance: random.Random
    people: list[int] = field(default_factory=list)
    #: Employer, freelancer and currency of each contract, by its number.
    contracts: dict[int, tuple[int, int, str]] = field(default_factory=dict)
    #: The contract of each milestone.
    milestones: dict[int, int] = field(default_factory=dict)

    async def settle(self) -> None:
        """Have people with money."""
        for number in range(PEOPLE):
            who = await person(self.engine, f"p{number}")
            for currency in sorted({*CURRENCIES}):
                await rich(self.engine, who, Money(10**6, currency))
            self.people.append(who)

    async def live(self) -> None:
        """Do something, most often with a milestone that there is; time goes on."""
        often = (self.win, self.end)
        acts = (self.deal, self.ask_for, self.review, self.redo, self.quarrel, *often, *often)
        for _ in range(STEPS):
            await self.chance.choice((*acts, *[self.work] * 6))()
            await self.wait()

    async def wait(self) -> None:
        hours = self.chance.choice((0, 0, 1, 7, 40))
        await self.engine.database.advance(timedelta(hours=hours))

    async def tried(self, who: int, asked: Action[Any]) -> bool:
        return await self.engine.code(who, asked) == "ok"

    async def due(self) -> datetime | None:
        if self.chance.random() < 0.3:
            return None
        now = await self.engine.database.now()
        return now.replace(microsecond=0) + timedelta(hours=self.chance.randint(1, 200))

    async def deal(self) -> None:
        """A direct offer, mostly accepted; perhaps something is taken back before."""
        employer, freelancer = self.chance.sample(self.people, 2)
        currency = self.chance.choice(CURRENCIES)
        offer = OfferContract(employer, freelancer, currency, "classic")
        if await self.tried(employer, offer):
            contract = await self.newest("contracts")
            self.contracts[contract] = (employer, freelancer, currency)
            await self.fund_and_accept(contract)

    async def win(self) -> None:
        """A project, a bid for it, and its award."""
        employer, freelancer = self.chance.sample(self.people, 2)
        post = Post(employer, "A site", "All of it", "USD", usd("1.00"), usd("9.00"))
        project = (await self.engine.one(employer, post))["number"]
        bid = await self.engine.one(freelancer, bidding(project, "6.00"))
        award = Award(bid["number"], bid["bid_hash"])
        contract = (await self.engine.one(employer, award))["number"]
        self.contracts[contract] = (employer, freelancer, "USD")
        await self.fund_and_accept(contract)

    async def fund_and_accept(self, contract: int) -> None:
        employer, freelancer, currency = self.contracts[contract]
        lines = [
            Line("A piece", Money(self.chance.randint(1, 400), currency), await self.due())
            for _ in range(self.chance.randint(1, 3))
        ]
        made = await self.engine.done(employer, FundContract(contract, tuple(lines)))
        self.milestones |= {each["number"]: contract for each in made}
        if self.chance.random() < 0.2:
            taken = made.pop()
            await self.engine.one(employer, TakeBack(taken["number"]))
        if self.chance.random() < 0.9:
            await self.engine.one(freelancer, await self.accepting(contract, made))

    async def accepting(self, contract: int, made: Sequence[Json]) -> Accept:
        _, _, currency = self.contracts[contract]
        held = sum(
            (Money.parse(each["held"]["amount"], currency) for each in made), Money.zero(currency)
        )
        terms = await self.engine.value("SELECT terms_hash FROM contracts WHERE id = $1", contract)
        seen = digest(sorted([each["id"], each["agreement_hash"]] for each in made))
        return Accept(contract, terms, held, seen)

    async def ask_for(self) -> None:
        """The freelancer asks for one more milestone, and the employer funds it."""
        if not self.contracts:
            return
        contract = self.chance.choice([*self.contracts])
        employer, freelancer, currency = self.contracts[contract]
        amount = Money(self.chance.randint(1, 400), currency)
        asked = RequestMilestone(contract, "More", amount, await self.due())
        if await self.tried(freelancer, asked):
            milestone = await self.newest("milestones")
            self.milestones[milestone] = contract
            await self.tried(employer, Fund(milestone))

    async def work(self) -> None:
        """Something happens to a milestone, if it can."""
        if not self.milestones:
            return
        milestone = self.chance.choice([*self.milestones][-12:])
        employer, freelancer, currency = self.contracts[self.milestones[milestone]]
        part = Money(self.chance.randint(1, 200), currency)
        (agreed, proposed), *_ = await self.engine.database.pool.fetch(SEEN, milestone)
        who, asked = self.chance.choice(
            (
                (freelancer, Agree(milestone, agreed)),
                (employer, ProposeEdit(milestone, amount=part, due_at=await self.due())),
                (freelancer, ProposeEdit(milestone, due_at=await self.due())),
                (freelancer, AgreeEdit(milestone, proposed)),
                (employer, AgreeEdit(milestone, proposed)),
                (freelancer, Submit(milestone)),
                (freelancer, Submit(milestone)),
                (employer, RequestChanges(milestone, "More.")),
                (employer, ReleaseMilestone(milestone)),
                (employer, ReleaseMilestone(milestone, part)),
                (freelancer, Cancel(milestone)),
                (freelancer, Cancel(milestone, part)),
            )
        )
        await self.tried(who, asked)

    async def quarrel(self) -> None:
        """A part is disputed, and mostly conceded after a while."""
        for milestone in [*self.milestones][-1:]:
            one, two, currency = self.contracts[self.milestones[milestone]]
            opener, other = self.chance.choice(((one, two), (two, one)))
            part, claim = [Money(self.chance.randint(1, 60), currency) for _ in range(2)]
            asked = DisputeMilestone(milestone, part, min(part, claim), "Look.")
            if await self.tried(opener, asked) and self.chance.random() < 0.8:
                await self.wait()
                await self.tried(other, Concede(await self.newest("disputes")))

    async def redo(self) -> None:
        """Work is handed in, sent back, and handed in once more; meanwhile more is asked for."""
        for milestone in [*self.milestones][-6:]:
            employer, freelancer, _ = self.contracts[self.milestones[milestone]]
            await self.tried(freelancer, Submit(milestone))
            await self.wait()
            await self.tried(employer, RequestChanges(milestone, "More."))
            await self.ask_for()
            await self.wait()
            await self.tried(freelancer, Submit(milestone))

    async def end(self) -> None:
        """A contract comes to its end: what is held goes to one side or the other."""
        if not self.contracts:
            return
        contract = self.chance.choice([*self.contracts])
        employer, freelancer, _ = self.contracts[contract]
        for milestone in (each for each, of in self.milestones.items() if of == contract):
            if self.chance.random() < 0.8:
                await self.tried(employer, ReleaseMilestone(milestone))
            else:
                await self.tried(freelancer, Cancel(milestone))
        await self.tried(employer, End(contract))

    async def review(self) -> None:
        """One side of some contracts that have ended says how it was."""
        for contract, (employer, freelancer, _) in self.contracts.items():
            if self.chance.random() < 0.3:
                stars = Ratings(*(self.chance.randint(1, 5) for _ in CRITERIA))
                who = employer if contract % 2 else freelancer
                await self.tried(who, GiveReview(contract, stars))
                if self.chance.random() < 0.3:
                    await self.tried(freelancer, GiveReview(contract, stars))

    async def newest(self, table: str) -> int:
        found: int = await self.engine.value(f"SELECT max(id) FROM {table}")
        return found


@pytest.mark.parametrize("seed", range(2))
async def test_every_figure_is_what_the_events_add_up_to(engine: Engine, seed: int) -> None:
    town = Town(engine, random.Random(seed))
    await town.settle()
    told: set[Measure] = set()
    for _ in range(LOOKS):
        await town.live()
        told |= await compared(engine, town.people)
        await at_rest(engine)
        told |= await compared(engine, town.people)
    assert await wrong(engine.database.pool) == {}
    assert told == set(Measure), "a figure that never was there was never compared"


async def at_rest(engine: Engine) -> None:
    """All contracts are counted as if nothing had happened in them for a while; some are not."""
    contracts = [row[0] for row in await engine.database.pool.fetch("SELECT id FROM contracts")]
    async with engine.database.pool.acquire() as db:
        await counting.count(db, contracts[: -(-len(contracts) * 2 // 3)], NUMBER_MAX)


async def compared(engine: Engine, people: Sequence[int]) -> set[Measure]:
    """Everybody's records are what the events say; which figures there were."""
    made = await recount.contracts(engine)
    told: set[Measure] = set()
    async with engine.database.pool.acquire() as db:
        together = await records(db, freelancers=people, employers=people)
        for who in people:
            for alone in await both_sides(db, who):
                assert alone == together[alone.side, who]
                now = await engine.database.now()
                assert alone == recount.record(made, who, alone.side, now)
                told |= {measure for measure, _ in alone.tallies}
                history = (await months(db, who))[alone.side]
                paid = {f"{month:%Y-%m}": count for month, count in history}
                assert len(paid) == len(history) == MONTHS
                assert +Counter(paid) == recount.paid_by_month(made, who, alone.side)
    return told


async def test_whatever_is_counted_is_found_by_an_index(engine: Engine) -> None:
    """So that it takes as long as somebody has done things, however many others there are."""
    async with engine.database.pool.acquire() as db, db.transaction():
        await db.execute("SET LOCAL enable_seqscan = off")
        lines = await db.fetch(f"EXPLAIN {statement(Measure)}", [1], [1])
        lines += await db.fetch(f"EXPLAIN {sql('reputation.months')}", 1)
    plan = "\n".join(line for (line,) in lines)
    assert "Index Scan using milestones_of_a_contract" in plan
    assert set(re.findall(r"Seq Scan on (\w+)", plan)) <= {"site"}
