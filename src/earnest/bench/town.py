"""The town: people, their money and their contracts, made by the engine itself, in big batches.

Many employers with a few contracts each, so that two commands meet as seldom as they do in life;
and some large ones, who send their payments by the hundred.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.bench.figures import BenchError
from earnest.core.commands import Command, ids_needed
from earnest.core.contracts import Contract, OfferContract
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.row import milestones_hash
from earnest.core.money import Money
from earnest.core.payments.depositing import SettleDeposit, StartDeposit
from earnest.core.people import SYSTEM_ID
from earnest.core.references import printed
from earnest.core.terms import CLASSIC, terms_hash
from earnest.store import people, tokens
from earnest.store.people import Newcomer
from earnest.wire.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from earnest.app import App
    from earnest.core.actions import Action
    from earnest.store.batch import Answer

#: What is set aside, and what of it is released: the milestone stays open.
SET_ASIDE: Final = Money.parse("100.00", "USD")
RELEASED: Final = Money.parse("40.00", "USD")
WORK: Final = "A piece of work"
#: More than a whole run can spend.
PURSE: Final = Money.parse("10000000000.00", "USD")
#: So many are asked for at once: fewer than may wait.
_AT_ONCE: Final = 4_000


@dataclass(frozen=True, slots=True)
class Size:
    """How large a town, and how large the bank of TPC-B beside it."""

    employers: int
    contracts_each: int
    large_employers: int
    contracts_each_large: int
    freelancers: int
    tpcb_scale: int


FULL: Final = Size(400, 10, 8, 250, 1_000, 20)
#: For tests: it measures nothing.
SMALL: Final = Size(64, 2, 4, 20, 40, 1)


@dataclass(frozen=True, slots=True)
class Employer:
    """Somebody with money, a token, and contracts that were accepted."""

    id: int
    token: str
    contracts: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What a client of REST has to know."""
        return {
            "token": self.token,
            "contracts": [printed(Contract.prefix, each) for each in self.contracts],
        }


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody who pays."""

    employers: Sequence[Employer]
    large: Sequence[Employer]

    def lanes(self) -> list[tuple[int, int]]:
        """Employer and contract, everybody's first contract before anybody's second."""
        return [
            (each.id, contract)
            for nth in zip(*(each.contracts for each in self.employers), strict=True)
            for each, contract in zip(self.employers, nth, strict=True)
        ]


class _Made(msgspec.Struct):
    """Of a row only its number."""

    number: int


_made: Final = msgspec.json.Decoder(_Made)


def number_of(answer: Answer) -> int:
    """The number of the one row that was made; a refusal stops everything."""
    if answer.problem is not None:
        raise BenchError("refused", f"A command was refused: {answer.problem.decode()}")
    return _made.decode(answer.rows[0]).number


def command(app: App, who: int, action: Action[Any]) -> Command:
    """What an interface would hand to the batcher."""
    first = app.node.ids.reserve(ids_needed(action))
    return Command(who, f"b{first}", action, first, fingerprint(action), "bench")


def fund(contract: int) -> FundContract:
    """Set money aside for one more milestone."""
    return FundContract(contract, (Line(WORK, SET_ASIDE),))


def release(milestone: int) -> ReleaseMilestone:
    """Release a part of it."""
    return ReleaseMilestone(milestone, RELEASED)


async def settle(app: App, size: Size, say: Callable[[str], None]) -> Town:
    """Let everybody come, deposit and agree."""
    say("making people, money and contracts")
    several = size.employers + size.large_employers
    numbers = await _arrive(app, several + size.freelancers)
    paying, working = numbers[:several], numbers[several:]
    # One after the other: each is a commit of its own, and together they would only queue.
    town = [Employer(each, await _token(app, each)) for each in paying]
    started = await _all(app, ((e.id, StartDeposit(e.id, "sandbox", PURSE)) for e in town))
    await _all(app, ((SYSTEM_ID, SettleDeposit(each, PURSE, f"paid {each}")) for each in started))
    pairs = []
    for place, each in enumerate(town):
        is_large = place >= size.employers
        count = size.contracts_each_large if is_large else size.contracts_each
        first = place * count
        pairs += [(each, working[(first + n) % len(working)]) for n in range(count)]
    offers = ((e.id, OfferContract(e.id, who, "USD", "classic")) for e, who in pairs)
    made = await _all(app, offers)
    nothing = Money.zero("USD")
    terms, seen = terms_hash(CLASSIC), milestones_hash(())
    await _all(
        app,
        (
            (who, Accept(contract, terms, nothing, seen))
            for (_, who), contract in zip(pairs, made, strict=True)
        ),
    )
    for (each, _), contract in zip(pairs, made, strict=True):
        each.contracts.append(contract)
    return Town(town[: size.employers], town[size.employers :])


async def _arrive(app: App, count: int) -> list[int]:
    numbers = [app.node.ids.new() for _ in range(count)]
    async with app.database.pool.acquire() as db, db.transaction():
        for each in numbers:
            await people.join(db, Newcomer(each, f"Somebody {each}", f"{each}@example.com"))
    return numbers


async def _token(app: App, who: int) -> str:
    person = await people.by_id(app.database, who)
    assert person is not None, "they have just come"
    number = app.node.ids.new()
    scopes = tokens.scopes_of(person)
    return await tokens.create(app.database, number, who, scopes, name="bench", days=1)


async def _all(app: App, asked: Iterable[tuple[int, Action[Any]]]) -> list[int]:
    """Ask for all of them, and return the numbers of the rows that answered."""
    waiting = list(asked)
    numbers: list[int] = []
    for start in range(0, len(waiting), _AT_ONCE):
        now = waiting[start : start + _AT_ONCE]
        answers = (app.batcher.submit(command(app, who, action)) for who, action in now)
        numbers += [number_of(each) for each in await asyncio.gather(*answers)]
    return numbers
