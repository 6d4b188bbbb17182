"""Dealing: what the two sides of one contract say to each other and do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from earnest.core.milestones.row import hash_of_seen
from earnest.core.money import Money
from earnest.core.people import User
from earnest.core.references import printed
from earnest.core.terms import CLASSIC, HOUR, as_json
from earnest.demo import reviews
from earnest.demo.telling import money
from earnest.store.reads.around import snapshot
from earnest.store.reads.fates import on_their_way

if TYPE_CHECKING:
    from earnest.demo.telling import Json, Telling


async def offer(
    story: Telling, who: str, to: str, currency: str, terms: object = "classic"
) -> Deal:
    """A contract is offered."""
    freelancer = printed(User.prefix, story.numbers[to])
    contract = await story.ask(
        who, "contract.offer", freelancer=freelancer, currency=currency, terms=terms
    )
    return Deal(story, who, to, contract)


@dataclass(frozen=True, slots=True)
class Deal:
    """A contract of the story, and who its two sides are."""

    story: Telling
    employer: str
    freelancer: str
    contract: Json
    #: The milestones that there are when it is accepted.
    seen: list[Json] = field(default_factory=list)

    # What both sides do.

    async def say(self, who: str, text: str) -> None:
        """One of the two says something."""
        await self.story.ask(who, "contract.say", self.contract, text=text)

    async def end(self, who: str) -> None:
        """Nothing is held any more, and one of the two ends it; some say how it was."""
        await self.story.ask(who, "contract.end", self.contract)
        for reviewer, review in reviews.of_contract(self.employer, self.freelancer):
            await self.story.ask(reviewer, "review.give", self.contract, **review)

    # What the employer does.

    async def fund(self, *lines: tuple[str, str, int | None]) -> list[Json]:
        """Milestones are made and funded: what for, how much, due on which day."""
        made = await self.story.ask_all(
            self.employer,
            "contract.fund",
            self.contract,
            milestones=[self._line(*line) for line in lines],
        )
        self.seen.extend(made)
        return made

    async def plan(self, text: str, amount: str, *tranches: Json) -> Json:
        """A milestone is made and funded that is to be paid in tranches, by dates."""
        line = {**self._line(text, amount, None), "plan": list(tranches)}
        made = await self.story.ask(
            self.employer, "contract.fund", self.contract, milestones=[line]
        )
        self.seen.append(made)
        return made

    async def agree(self, milestone: Json) -> None:
        """What was requested is funded."""
        await self.story.ask(self.employer, "milestone.fund", milestone)

    async def turn_down(self, milestone: Json) -> None:
        """What was requested is declined."""
        await self.story.ask(self.employer, "milestone.decline", milestone)

    async def take_back(self, milestone: Json) -> None:
        """The offer is smaller by one milestone."""
        await self.story.ask(self.employer, "milestone.take_back", milestone)
        self.seen[:] = [each for each in self.seen if each["id"] != milestone["id"]]

    async def release(self, milestone: Json, amount: str | None = None) -> None:
        """The freelancer is paid, in full or in part."""
        await self.story.ask(self.employer, "milestone.release", milestone, **_part(amount))

    async def recall(self, milestone: Json) -> None:
        """The employer takes back what is on its way."""
        async with snapshot(self.story.app.database) as db:
            (going,) = await on_their_way(db, self.contract["number"], [milestone["number"]])
        await self.story.ask(self.employer, "release.recall", {"number": going.id})

    async def ask_changes(self, milestone: Json, reason: str) -> None:
        """Something is missing yet."""
        await self.story.ask(self.employer, "milestone.request_changes", milestone, reason=reason)

    async def ask_cancel(self, milestone: Json, reason: str) -> None:
        """The employer would like the money back."""
        await self.story.ask(self.employer, "milestone.ask_cancel", milestone, reason=reason)

    async def revoke(self) -> None:
        """The employer thinks better of it."""
        await self.story.ask(self.employer, "contract.revoke", self.contract)

    # What the freelancer does.

    async def accept(self) -> None:
        """The contract is accepted, as it was seen."""
        held = sum(
            (Money.parse(*each["held"].values()) for each in self.seen),
            Money.zero(self.contract["currency"]),
        )
        await self.story.ask(
            self.freelancer,
            "contract.accept",
            self.contract,
            terms_hash=self.contract["terms_hash"],
            funded=money(str(held)),
            milestones_hash=hash_of_seen((m["id"], m["agreement_hash"]) for m in self.seen),
        )

    async def decline(self) -> None:
        """The freelancer says no to all of it."""
        await self.story.ask(self.freelancer, "contract.decline", self.contract)

    async def request(self, text: str, amount: str, due: int | None = None) -> Json:
        """The freelancer proposes one more milestone."""
        made = await self.story.ask(
            self.freelancer, "milestone.request", self.contract, **self._line(text, amount, due)
        )
        self.seen.append(made)
        return made

    async def agree_to(self, milestone: Json) -> None:
        """The dates that the employer set bind both."""
        told = milestone["agreement_hash"]
        await self.story.ask(self.freelancer, "milestone.agree", milestone, hash=told)

    async def withdraw(self, milestone: Json) -> None:
        """The freelancer takes a request back."""
        await self.story.ask(self.freelancer, "milestone.withdraw", milestone)

    async def submit(self, milestone: Json, note: str, *links: str) -> None:
        """The work is done."""
        await self.story.ask(
            self.freelancer, "milestone.submit", milestone, note=note, links=list(links)
        )

    async def cancel(self, milestone: Json, amount: str | None = None) -> None:
        """The freelancer gives money back, all that is held or a part of it."""
        await self.story.ask(self.freelancer, "milestone.cancel", milestone, **_part(amount))

    async def refuse_cancel(self, milestone: Json) -> None:
        """The freelancer keeps to what was agreed."""
        await self.story.ask(self.freelancer, "milestone.refuse_cancel", milestone)

    async def propose(self, milestone: Json, amount: str, text: str) -> None:
        """The freelancer would like it to be something else, which the employer has to answer."""
        changed = {"amount": money(amount), "description": text}
        await self.story.ask(self.freelancer, "milestone.propose_edit", milestone, **changed)

    async def propose_hours(self, hours: int) -> None:
        """The freelancer would like other terms from now on, which the employer has to answer."""
        terms = as_json(replace(CLASSIC, accept_seconds=hours * HOUR))
        await self.story.ask(self.freelancer, "contract.propose_terms", self.contract, terms=terms)

    def _line(self, text: str, amount: str, due: int | None) -> Json:
        line: Json = {"description": text, "amount": money(amount)}
        return line if due is None else {**line, "due_at": self.story.on_day(due)}


def _part(amount: str | None) -> Json:
    return {} if amount is None else {"amount": money(amount)}
