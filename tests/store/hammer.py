"""One process that asks at random, as `python -m tests.store.hammer`.

What it asks for is valid and invalid alike, over people and contracts that it shares with others.
It prints what it heard as JSON: how often each code, and everything that was not an answer.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.store.engine import Engine, code_of, running
from tests.store.mix import BANK

from earnest.core.actions import Action
from earnest.core.contracts import Say
from earnest.core.milestones.agreeing import End
from earnest.core.milestones.asking import Decline, RequestMilestone, Withdraw
from earnest.core.milestones.funding import Fund, FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import AskCancel, Cancel, RefuseCancel, TakeBack
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.money import Money
from earnest.core.payments.depositing import SettleDeposit, StartDeposit
from earnest.core.payments.withdrawing import CancelWithdrawal, RequestWithdrawal, SendWithdrawal
from earnest.core.people import SYSTEM_ID
from earnest.store.batch import Answer

#: How many of its commands one process has on their way at once.
AT_ONCE: Final = 64


@dataclass(frozen=True)
class Stage:
    """The numbers of everybody and everything there is; they grow as answers come."""

    people: list[int]
    contracts: list[int]
    milestones: list[int]
    deposits: list[tuple[int, int]]
    withdrawals: list[int]


def amount(dice: random.Random) -> Money:
    """Mostly small, sometimes nothing, too much, or another currency."""
    minor = dice.choice([0, 1, 1, 7, 100, 100, 250, 2_500, 10**9])
    return Money(minor, dice.choice(["USD"] * 9 + ["EUR"]))


def some(dice: random.Random, known: list[int]) -> int:
    """Mostly one of the newest, so that many ask for the same."""
    return dice.choice(known[-12:] if dice.random() < 0.8 else known)


_Maker = Callable[[random.Random, Stage], Action[Any]]

ASKABLE: Final[list[_Maker]] = [
    lambda d, s: FundContract(some(d, s.contracts), (Line("x", amount(d)),) * d.randint(1, 3)),
    lambda d, s: FundContract(some(d, s.contracts), (Line("x", Money(2_500, "USD")),)),
    lambda d, s: RequestMilestone(some(d, s.contracts), "y", amount(d)),
    lambda d, s: Fund(some(d, s.milestones)),
    lambda d, s: Decline(some(d, s.milestones)),
    lambda d, s: Withdraw(some(d, s.milestones)),
    lambda d, s: Submit(some(d, s.milestones), "Done."),
    lambda d, s: RequestChanges(some(d, s.milestones), "Not yet."),
    lambda d, s: ReleaseMilestone(some(d, s.milestones), amount(d)),
    lambda d, s: ReleaseMilestone(some(d, s.milestones), Money(100, "USD")),
    lambda d, s: ReleaseMilestone(some(d, s.milestones)),
    lambda d, s: Cancel(some(d, s.milestones), amount(d)),
    lambda d, s: Cancel(some(d, s.milestones)),
    lambda d, s: AskCancel(some(d, s.milestones), "Please."),
    lambda d, s: RefuseCancel(some(d, s.milestones)),
    lambda d, s: TakeBack(some(d, s.milestones)),
    lambda d, s: Say(some(d, s.contracts), "Hello."),
    lambda d, s: End(s.contracts[0]),
]


def command(dice: random.Random, stage: Stage) -> tuple[int, Action[Any]]:
    """Somebody asks for something; a quarter is about payments, partly what a gateway says."""
    who = dice.choice(stage.people)
    roll = dice.randrange(20)
    if roll == 0:
        return who, StartDeposit(who, "sandbox", amount(dice))
    if roll == 1 and stage.deposits:
        number, minor = dice.choice(stage.deposits)
        return SYSTEM_ID, SettleDeposit(number, Money(minor, "USD"), "p")
    if roll == 2:
        return who, RequestWithdrawal(who, "sandbox", amount(dice), BANK)
    if roll == 3 and stage.withdrawals:
        return who, CancelWithdrawal(dice.choice(stage.withdrawals))
    if roll == 4 and stage.withdrawals:
        return SYSTEM_ID, SendWithdrawal(dice.choice(stage.withdrawals))
    return who, dice.choice(ASKABLE)(dice, stage)


def learn(stage: Stage, answer: Answer) -> None:
    """What was made can be asked about from now on."""
    for row in map(json.loads, answer.rows):
        if row["id"].startswith("ms_") and row["number"] not in stage.milestones:
            stage.milestones.append(row["number"])
        elif answer.event == "deposit.started" and row["amount"]["currency"] == "USD":
            minor = Money.parse(row["amount"]["amount"], "USD").minor
            stage.deposits.append((row["number"], minor))
        elif answer.event == "withdrawal.requested":
            stage.withdrawals.append(row["number"])


async def hammer(dsn: str, seed: int, commands: int, stage: Stage) -> dict[str, Any]:
    """Ask for so many commands, many at a time; every tenth is asked twice under its key."""
    dice = random.Random(seed)
    heard: Counter[str] = Counter()
    errors: list[str] = []
    left = iter(range(commands))

    async def ask(engine: Engine) -> None:
        for number in left:
            who, action = command(dice, stage)
            asked = engine.command(who, action, f"h{seed}.{number}")
            try:
                answer = await engine.batcher.submit(asked)
                if number % 10 == 0:
                    again = await engine.batcher.submit(asked)
                    if answer.event and answer.rows != again.rows:
                        errors.append(f"another answer to {asked}")
            except Exception as error:  # noqa: BLE001  # Whatever a client would see as a 5xx.
                errors.append(repr(error))
            else:
                heard[code_of(answer)] += 1
                learn(stage, answer)

    async with running(dsn, most=3) as engine:
        await asyncio.gather(*(ask(engine) for _ in range(AT_ONCE)))
    return {"heard": dict(heard), "errors": errors}


def main() -> None:
    task = json.loads(sys.stdin.read())
    task["stage"]["deposits"] = []
    task["stage"]["withdrawals"] = []
    stage = Stage(**task.pop("stage"))
    sys.stdout.write(json.dumps(asyncio.run(hammer(stage=stage, **task))))


if __name__ == "__main__":
    main()
