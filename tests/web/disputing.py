"""Disputes made over the API, so that their pages can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.http.house import Housing, Json, Person, agreed, usd

from earnest.core.disputes.arbitrating import NameArbiter
from earnest.core.people import SYSTEM_ID
from earnest.core.references import parsed


@dataclass(slots=True)
class Quarrel:
    """Emma pays and Frank works: of one milestone they dispute a part."""

    house: Housing
    emma: Person
    frank: Person
    contract: Json
    milestone: Json
    dispute: Json

    @property
    def room(self) -> str:
        """Its page; its address in the API is the same below /v1."""
        return f"/disputes/{self.dispute['id']}"

    @property
    def work(self) -> str:
        return f"/milestones/{self.milestone['id']}"

    async def answered(self, amount: str = "20.00") -> None:
        """Frank would settle for so much."""
        said = {"to_freelancer": usd(amount), "statement": "It is done, as we said."}
        await self.frank.done(f"/v1{self.room}/respond", said)

    async def paid(self) -> None:
        """Both put up the fee, so that it goes to arbitration."""
        for who in (self.emma, self.frank):
            await self.house.rich(who, "10.00")
            await who.done(f"/v1{self.room}/pay-fee")

    async def named(self, arbiter: Person) -> None:
        """What the worker does."""
        number = parsed(self.dispute["id"], "dsp")
        command = NameArbiter(number, arbiter.number)
        answered = await self.house.app.do(SYSTEM_ID, command, via="worker")
        assert answered.problem is None, answered.problem


async def quarrel(
    house: Housing, held: str = "100.00", amount: str = "80.00", **dealing: Any
) -> Quarrel:
    """Emma disputes a part of what is held, and says that Frank should get nothing of it."""
    emma, frank, contract, (milestone,) = await agreed(house, held, **dealing)
    said = {"amount": usd(amount), "to_freelancer": usd("0.00"), "statement": "Nothing works."}
    dispute = await emma.done(f"/v1/milestones/{milestone['id']}/dispute", said)
    if "dsp" not in dispute["id"]:
        (dispute,) = (await emma.seen("/v1/disputes"))["items"]
    return Quarrel(house, emma, frank, contract, milestone, dispute)


async def arbitrated(house: Housing) -> tuple[Quarrel, Person]:
    """The same, with two exhibits, on an arbiter's desk."""
    found = await quarrel(house)
    await found.answered("50.00")
    await found.emma.done(f"/v1{found.room}/exhibit", {"text": "The page is white."})
    await found.frank.done(f"/v1{found.room}/exhibit", {"link": "https://example.org/done"})
    await found.paid()
    arbiter = await house.person("ada", "arbiter")
    await found.named(arbiter)
    return found, arbiter
