"""Short ways to ask an app for payments, and to look at what became of them."""

from __future__ import annotations

import json
from typing import Any

from earnest.app import App
from earnest.core.actions import Action
from earnest.core.money import Money
from earnest.core.payments.depositing import StartDeposit
from earnest.core.payments.row import SandboxDay
from earnest.core.payments.withdrawing import Destination, DestinationType, RequestWithdrawal
from earnest.store import people


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


async def person(app: App, name: str = "emma") -> int:
    number = app.node.ids.new()
    assert await people.add(app.database, number, name, f"{name}{number}@example.com")
    return number


async def ask(app: App, who: int, action: Action[Any]) -> int:
    """Ask for what must happen; the number of the row that answers."""
    answer = await app.do(who, action, via="test")
    assert answer.problem is None, answer.problem
    number: int = json.loads(answer.rows[0])["number"]
    return number


async def deposit(app: App, who: int, amount: str, day: str = "settle") -> int:
    return await ask(app, who, StartDeposit(who, "sandbox", usd(amount), SandboxDay(day)))


async def withdraw(app: App, who: int, amount: str, day: str = "settle") -> int:
    to = Destination(DestinationType.SANDBOX, day, "A name")
    return await ask(app, who, RequestWithdrawal(who, "sandbox", usd(amount), to))


async def value(app: App, sql: str, *arguments: object) -> Any:
    return await app.database.pool.fetchval(sql, *arguments)


async def status(app: App, table: str, number: int) -> Any:
    return await value(app, f"SELECT status FROM {table} WHERE id = $1", number)


async def wallet(app: App, who: int) -> str:
    sql = "SELECT balance FROM accounts WHERE kind = 'wallet' AND owner = $1"
    return Money(await value(app, sql, who) or 0, "USD").decimal


class Answering:
    """A gateway that is there; a test says how it answers."""

    async def reach(self) -> None:
        pass
