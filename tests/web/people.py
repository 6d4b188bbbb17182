"""People of the page tests: with a password, which is hashed once for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tests.http.house import Housing

from earnest.core.people import UserStatus
from earnest.core.references import printed
from earnest.http.signin import passwords
from earnest.store import people
from earnest.store.people import Newcomer

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who can sign in."""

    number: int
    name: str
    email: str

    @property
    def reference(self) -> str:
        return printed("usr", self.number)


@cache
def kept() -> str:
    """What is kept of everybody's password; a hash takes a while."""
    return passwords.hashed(PASSWORD)


async def known(house: Housing, name: str, *, email: str = "", zone: str = "UTC") -> Known:
    """Somebody with an address and a password."""
    number = house.app.node.ids.new()
    email = email or f"{name.partition(' ')[0].lower()}@example.org"
    newcomer = Newcomer(number, name, email, kept(), time_zone=zone)
    assert await people.enter(house.app.database, newcomer), f"{email} is there already"
    return Known(number, name, email)


async def suspend(house: Housing, who: Known) -> None:
    await people.set_status(house.app.database, who.number, UserStatus.SUSPENDED)
