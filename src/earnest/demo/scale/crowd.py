"""Everybody of the demo at scale: who they are, when they joined, and who meets whom.

Made anew, and the same, by every process that needs them: from the seed and the present.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from earnest.core.people import Role, User, UserStatus
from earnest.demo.scale import words
from earnest.ids import NODES, Ids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEED: Final = "earnest"
#: What happened is spread over two years, more of it towards the present.
SPAN: Final = timedelta(days=730)
#: Every so many-th person pays others; everybody else works.
EMPLOYER_EACH: Final = 5
#: How much more of the work those get who came first.
_SKEW: Final = 2.5
_PEOPLE_NODE: Final = NODES - 1


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody known, to sign in as."""

    name: str
    email: str
    hint: str
    roles: frozenset[Role] = frozenset()


#: They joined first, in this order. Numbers are places in the crowd.
KNOWN: Final = (
    Login("Emma Berg", "emma@example.com", "an employer like most, with a few projects"),
    Login("Ana Souza", "ana@example.com", "a freelancer like most, with a few contracts"),
    Login("José Álvarez", "jose@example.com", "a freelancer with thousands of contracts"),
    Login("Olga Petrova", "olga@example.com", "an operator", frozenset({Role.OPERATOR})),
    Login("Tomáš Dvořák", "tomas@example.com", "another operator", frozenset({Role.OPERATOR})),
    Login("Noah Fischer", "noah@example.com", "an employer with tens of thousands of milestones"),
)
TYPICAL_EMPLOYER: Final = 0
TYPICAL_FREELANCER: Final = 1
HEAVY_FREELANCER: Final = 2
HEAVY_EMPLOYER: Final = 5


@dataclass(frozen=True)
class Crowd:
    """Everybody, in the order in which they joined."""

    people: Sequence[User]

    @cached_property
    def names(self) -> dict[int, str]:
        """What they are called, by their numbers."""
        return {each.id: each.name for each in self.people}

    @cached_property
    def _joined(self) -> list[datetime]:
        return [each.created_at for each in self.people]

    def employers(self) -> list[User]:
        """Those who pay."""
        return list(self.people[::EMPLOYER_EACH])

    def freelancer(
        self, rng: random.Random, before: datetime, fits: Callable[[User], bool] = lambda _: True
    ) -> User:
        """Somebody who works and had joined by then, or the next one who fits.

        Those who came first have most of the work.
        """
        there = bisect_left(self._joined, before)
        place = max(int(there * rng.random() ** _SKEW), len(KNOWN))
        while place % EMPLOYER_EACH == 0 or not fits(self.people[place]):
            place = (place + 1) % len(self.people)
        return self.people[place]


def crowd(count: int, present: datetime) -> Crowd:
    """Everybody."""
    rng = random.Random(SEED)  # noqa: S311  # The same people every time is what is wanted.
    began = present - SPAN
    moments = sorted(rng.random() ** 0.7 for _ in range(count - len(KNOWN)))
    joined = [began + timedelta(minutes=place) for place in range(len(KNOWN))]
    joined += [began + timedelta(hours=1) + (SPAN - timedelta(hours=2)) * each for each in moments]
    clock = Clock()
    ids = Ids(_PEOPLE_NODE, clock)
    people = []
    for place, at in enumerate(joined):
        clock.at = at
        number = ids.new()
        known = KNOWN[place] if place < len(KNOWN) else None
        name = known.name if known else words.name(rng)
        email = known.email if known else f"somebody.{place}@example.com"
        roles = known.roles if known else frozenset[Role]()
        people.append(User(number, name, email, UserStatus.ACTIVE, roles, at, at))
    return Crowd(people)


class Clock:
    """A clock for numbers that stands where it is put."""

    at = datetime(2020, 1, 1, tzinfo=UTC)

    def __call__(self) -> int:
        return int(self.at.timestamp() * 1000)
