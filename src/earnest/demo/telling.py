"""Telling a story: people ask for real actions, and are answered as anybody would be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest import notifying, worker
from earnest.core.people import UserStatus
from earnest.core.records import replace
from earnest.core.rows import wire_time
from earnest.http import receiving
from earnest.http.answers import id_of
from earnest.store import deliveries, people
from earnest.wire.parse import parse_action

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.demo.people import Character

Json = dict[str, Any]

#: How a demo's commands came, as its events say.
VIA: Final = "demo"
#: When things are due, on their day.
DUE: Final = timedelta(hours=17)
#: Mails go out for the last weeks of a story alone: nobody reads those of a whole year.
MAILS_FROM: Final = timedelta(days=315)
#: Nobody was told of anything in these days: what ran out then had to wait.
MAILS_LOST: Final = (timedelta(days=214), timedelta(days=216))
#: The last notice of a clock goes out so long before it runs out.
LAST_MAILED: Final = timedelta(days=1)
#: Only of these has a gateway anything to say.
PAYMENTS: Final = ("deposit.", "withdrawal.")


class StoryError(Exception):
    """Somebody was refused, or a day was over: a mistake in the story."""


@dataclass(slots=True)
class Telling:
    """A story as far as it has been told."""

    app: App
    #: The first midnight of it.
    began: datetime
    #: What is kept of everybody's password.
    password_hash: str
    #: Everybody's number and name, by how the story calls them.
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    #: Since when everybody is told of what happens, and of clocks that run, as it comes.
    told_since: datetime | None = None

    async def join(self, who: Character) -> None:
        """Somebody joins."""
        number = self.app.node.ids.new()
        await people.add(
            self.app.database,
            number,
            who.name,
            who.email,
            roles=who.roles,
            password_hash=self.password_hash,
        )
        self.numbers[who.first], self.names[who.first] = number, who.name

    async def suspend(self, who: str) -> None:
        """The site lets somebody open nothing new."""
        await people.set_status(self.app.database, self.numbers[who], UserStatus.SUSPENDED)

    async def go_on_to(self, moment: datetime) -> None:
        """Let everything that is due by then happen, and be told once it is not long ago."""
        now = await self.app.database.now()
        if moment >= self.began + MAILS_FROM and self.told_since is None:
            await notifying.told(self.app)
            await deliveries.none_needed(self.app.database)
            self.told_since = now
        self.app.batcher.house = replace(self.app.house, mails=self._mails(now, moment))
        if moment > now:
            is_told = self.told_since is not None
            await worker.advance(self.app, moment - now, telling=is_told)

    def _mails(self, now: datetime, moment: datetime) -> bool:
        """Whether clocks wait for their notices: not for those that were never needed."""
        lost_from, lost_until = (self.began + each for each in MAILS_LOST)
        if now < lost_until and lost_from < moment:
            return True
        return self.told_since is not None and now > self.told_since + LAST_MAILED

    def on_day(self, number: int) -> str:
        """A moment of the story, as a due date."""
        return wire_time(self.began + timedelta(days=number) + DUE)

    async def ask(self, who: str, name: str, subject: Json | None = None, **body: object) -> Json:
        """Somebody asks for something; the first row of the answer."""
        return (await self.ask_all(who, name, subject, **body))[0]

    async def ask_all(
        self, who: str, name: str, subject: Json | None = None, **body: object
    ) -> list[Json]:
        """Somebody asks for something; all rows of the answer."""
        asker = self.numbers[who]
        number = asker if subject is None else subject["number"]
        answer = await self.app.do(asker, parse_action(name, number, body), via=VIA)
        if answer.problem is not None:
            raise StoryError(f"{who} {name}: {answer.problem.decode()}")
        if name.startswith(PAYMENTS):
            await worker.drain(self.app)
        return [msgspec.json.decode(row) for row in answer.rows]

    async def file(self, who: str, name: str, text: str) -> str:
        """Somebody puts a text here; the reference by which it is attached."""

        async def content() -> AsyncIterator[bytes]:
            yield text.encode()

        number, key = self.numbers[who], f"demo-{who}-{name}"
        answer = await receiving.kept(self.app, number, name, content(), key=lambda _: key, via=VIA)
        if answer.problem is not None:
            raise StoryError(f"{who} {name}: {answer.problem.decode()}")
        return id_of(answer.rows[0])

    async def deposit(self, who: str, amount: str, day: str = "settle") -> Json:
        """Money comes in, on a good or a bad day of the gateway."""
        return await self.ask(
            who, "deposit.start", gateway="sandbox", amount=money(amount), sandbox=day
        )

    async def withdraw(self, who: str, amount: str, account: str) -> Json:
        """Money goes out, to a bank or to a sandbox account that is named after a day."""
        kind = "iban" if account[:2].isupper() else "sandbox"
        destination = {"type": kind, "account": account, "name": self.names[who]}
        return await self.ask(
            who, "withdrawal.request", gateway="sandbox", amount=money(amount),
            destination=destination,
        )  # fmt: skip


def money(text: str) -> Json:
    """``40.00 USD`` as a body has it."""
    amount, currency = text.split()
    return {"amount": amount, "currency": currency}
