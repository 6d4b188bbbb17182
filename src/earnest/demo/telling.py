"""Telling a story: people ask for real actions, in order, while the test clock goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest import worker
from earnest.core.canonical import digest
from earnest.core.money import Money
from earnest.core.people import User
from earnest.core.references import printed
from earnest.core.rows import wire_time
from earnest.store import people
from earnest.wire import shapes
from earnest.wire.parse import parse_action

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.core.people import Role

Json = dict[str, Any]

#: How a demo's commands came, as its events say.
VIA: Final = "demo"


class StoryError(Exception):
    """Somebody was refused, or a day was over: a mistake in the story."""


@dataclass(slots=True)
class Telling:
    """A story as far as it has been told."""

    app: App
    began: datetime
    #: Everybody's number, by their first name.
    people: dict[str, int] = field(default_factory=dict)
    #: What later chapters go on with.
    kept: dict[str, Json] = field(default_factory=dict)

    async def person(self, name: str, *roles: Role) -> None:
        """Somebody joins, under the address of their first name."""
        first = name.split(maxsplit=1)[0].lower()
        number = self.app.node.ids.new()
        await people.add(self.app.database, number, name, f"{first}@example.com", roles=roles)
        self.people[first] = number

    async def day(self, number: int, hour: int = 9) -> None:
        """Go on to this day of the story, and let everything that is due by then happen."""
        by = self.began + timedelta(days=number, hours=hour) - await self.app.database.now()
        if by < timedelta(0):
            raise StoryError(f"day {number} is over")
        await worker.advance(self.app, by)

    def on_day(self, number: int) -> str:
        """A moment of the story, as a due date."""
        return wire_time(self.began + timedelta(days=number))

    async def ask(self, who: str, name: str, subject: Json | None = None, **body: object) -> Any:
        """Somebody asks for something; the first row of the answer."""
        return (await self.ask_all(who, name, subject, **body))[0]

    async def ask_all(
        self, who: str, name: str, subject: Json | None = None, **body: object
    ) -> list[Json]:
        """Somebody asks for something; all rows of the answer."""
        asker = self.people[who]
        number = asker if subject is None else subject["number"]
        answer = await self.app.do(asker, parse_action(name, number, body), via=VIA)
        if answer.problem is not None:
            raise StoryError(f"{who} {name}: {answer.problem.decode()}")
        await worker.drain(self.app)
        return [msgspec.json.decode(row) for row in answer.rows]

    async def deposit(self, who: str, amount: str, day: str = "settle") -> Json:
        """Money comes in, on a good or a bad day of the gateway."""
        deposit: Json = await self.ask(
            who, "deposit.start", gateway="sandbox", amount=money(amount), sandbox=day
        )
        return deposit

    async def withdraw(self, who: str, amount: str, account: str) -> Json:
        """Money goes out, to a bank or to a sandbox account that is named after a day."""
        kind = "iban" if account[:2].isupper() else "sandbox"
        destination = {"type": kind, "account": account, "name": who.capitalize()}
        withdrawal: Json = await self.ask(
            who, "withdrawal.request", gateway="sandbox", amount=money(amount),
            destination=destination,
        )  # fmt: skip
        return withdrawal

    async def offer(self, who: str, to: str, currency: str) -> Json:
        """A contract is offered."""
        freelancer = printed(User.prefix, self.people[to])
        contract: Json = await self.ask(
            who, "contract.offer", freelancer=freelancer, currency=currency, terms="classic"
        )
        return contract

    async def fund(self, who: str, contract: Json, *lines: tuple[str, str, int]) -> list[Json]:
        """Milestones are funded: what for, how much, due on which day."""
        return await self.ask_all(
            who,
            "contract.fund",
            contract,
            milestones=[
                {"description": text, "amount": money(amount), "due_at": self.on_day(day)}
                for text, amount, day in lines
            ],
        )

    async def accept(self, who: str, contract: Json, milestones: list[Json]) -> None:
        """A contract is accepted, as it was seen."""
        seen = [[each["id"], each["agreement_hash"]] for each in milestones]
        held = sum(
            (Money.parse(*each["held"].values()) for each in milestones),
            Money.zero(contract["currency"]),
        )
        await self.ask(
            who,
            "contract.accept",
            contract,
            terms_hash=contract["terms_hash"],
            funded=shapes.money(held),
            milestones_hash=digest(sorted(seen)),
        )


def money(text: str) -> dict[str, str]:
    """``40.00 USD`` as a body has it."""
    amount, currency = text.split()
    return {"amount": amount, "currency": currency}
