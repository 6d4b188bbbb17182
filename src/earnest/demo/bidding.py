"""Projects of the story: posting one, bidding for it, and the award from which a deal goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from earnest.core.money import Money
from earnest.demo.dealing import Deal
from earnest.demo.telling import money

if TYPE_CHECKING:
    from earnest.demo.telling import Telling

Json = dict[str, Any]


async def post(
    story: Telling,
    who: str,
    title: str,
    description: str,
    budget: tuple[str, str],
    *skills: str,
    files: Sequence[str] = (),
) -> Posted:
    """A project is posted; bids are taken for two weeks."""
    least, most = map(money, budget)
    project = await story.ask(
        who, "project.post", title=title, description=description, currency=least["currency"],
        budget_min=least, budget_max=most, skills=list(skills), files=list(files),
    )  # fmt: skip
    return Posted(story, who, project)


@dataclass(frozen=True, slots=True)
class Posted:
    """A project of the story, and the bids for it by who made them."""

    story: Telling
    employer: str
    project: Json
    bids: dict[str, Json] = field(default_factory=dict)

    async def reserve(self, amount: str) -> None:
        """Money is set aside, for everybody to see."""
        await self.story.ask(self.employer, "project.reserve", self.project, amount=money(amount))

    async def talk(self, who: str, question: str, answer: str) -> None:
        """Somebody asks, and the employer answers."""
        asked = await self.story.ask(who, "project.ask", self.project, text=question)
        told = {"question": asked["id"], "text": answer}
        await self.story.ask(self.employer, "project.answer", self.project, **told)

    async def ask(self, who: str, question: str) -> None:
        """Somebody asks, and waits for the answer."""
        await self.story.ask(who, "project.ask", self.project, text=question)

    async def close(self) -> None:
        """The employer wants it no more; what is reserved returns."""
        await self.story.ask(self.employer, "project.close", self.project)

    async def bid(
        self,
        who: str,
        days: int,
        proposal: str,
        *steps: tuple[str, str, int],
        files: Sequence[str] = (),
    ) -> None:
        """Somebody bids, with milestones that make up the price: what, how much, by which day."""
        lines = [
            {"description": text, "amount": money(amount), "days": within}
            for text, amount, within in steps
        ]
        amounts = (Money.parse(*amount.split()) for _, amount, _ in steps)
        price = sum(amounts, Money.zero(self.project["currency"]))
        self.bids[who] = await self.story.ask(
            who, "bid.place", self.project, amount=money(str(price)), period_days=days,
            proposal=proposal, milestones=lines, files=list(files),
        )  # fmt: skip

    async def retract(self, who: str) -> None:
        """A bidder thinks better of it."""
        await self.story.ask(who, "bid.retract", self.bids[who])

    async def shortlist(self, who: str) -> None:
        """The employer thinks of this bid; nobody else knows."""
        await self.story.ask(self.employer, "bid.shortlist", self.bids[who])

    async def decline(self, who: str) -> None:
        """The employer says no to a bid."""
        await self.story.ask(self.employer, "bid.decline", self.bids[who])

    async def award(self, who: str) -> Deal:
        """The employer chooses this bid."""
        seen = self.bids[who]["bid_hash"]
        contract = await self.story.ask(
            self.employer, "bid.award", self.bids[who], bid_hash=seen, terms="classic"
        )
        return Deal(self.story, self.employer, who, contract)
