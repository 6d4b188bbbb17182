"""Disputes over REST, for tests that begin in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.http.house import Housing, Json, Person, agreed, usd

from earnest import worker
from earnest.gateways.sandbox import SandboxGateway
from earnest.store.sandbox import SandboxMemory


@dataclass
class Quarrel:
    """Two people and what they disagree about."""

    house: Housing
    emma: Person
    frank: Person
    contract: Json
    milestone: Json
    #: Where the dispute is.
    at: str

    @property
    def id(self) -> str:
        return self.at.rpartition("/")[2]

    async def advance(self, **time: int) -> None:
        await worker.advance(self.house.app, timedelta(**time))


async def disputed(house: Housing, *, answer: str | None = "0.00") -> Quarrel:
    """Frank claims all of 100.00, and Emma has answered."""
    house.app.gateways = {"sandbox": SandboxGateway(SandboxMemory(house.app.database))}
    emma, frank, contract, (milestone,) = await agreed(house, "100.00")
    asked = {"amount": usd("100.00"), "to_freelancer": usd("100.00"), "statement": "It is done."}
    made = await frank.done(f"/v1/milestones/{milestone['id']}/dispute", asked)
    at = f"/v1/disputes/{made['id']}"
    if answer is not None:
        said = {"to_freelancer": usd(answer), "statement": "It is not."}
        await emma.done(f"{at}/respond", said)
    return Quarrel(house, emma, frank, contract, milestone, at)


async def arbitrated(house: Housing) -> tuple[Quarrel, Person]:
    """Both have put up the fee, and Ada was named and has taken it on."""
    ada = await house.person("ada", "arbiter")
    made = await disputed(house)
    await house.rich(made.frank, "10.00")
    await made.frank.done(f"{made.at}/pay-fee")
    await made.emma.done(f"{made.at}/pay-fee")
    await worker.drain(house.app)
    await ada.done(f"{made.at}/take")
    return made, ada
