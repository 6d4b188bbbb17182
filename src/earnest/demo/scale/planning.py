"""Planning: how much of everything there is, and which part of it happens in which place.

Most people have a few of each and some have very many, and in all there are exactly as many as
were asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from earnest.demo.scale import money
from earnest.demo.scale.crowd import (
    HEAVY_EMPLOYER,
    HEAVY_FREELANCER,
    SPAN,
    TYPICAL_EMPLOYER,
    TYPICAL_FREELANCER,
)
from earnest.demo.scale.place import Place
from earnest.demo.scale.seeking import CHOSEN_BEFORE, Search, project
from earnest.demo.scale.work import Deal, direct, may_be_offered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from earnest.core.house import House
    from earnest.core.people import User
    from earnest.demo.scale.crowd import Crowd

_DAY: Final = timedelta(days=1)
#: Of all milestones those of the one very large employer, and of these those of one contract.
_LARGE_SHARE: Final = 20
_LARGEST_SHARE: Final = 10
#: Of all bids those for one project.
_POPULAR_SHARE: Final = 400
#: How many contracts of the one very busy freelancer there are to a million milestones.
_BUSY_SHARE: Final = 500
_CONTRACT_MOST: Final = 400
_PROJECT_MOST: Final = 120
#: A slow milestone: most of them are live.
_SLOW_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything, and in how many places it happens."""

    people: int
    milestones: int
    bids: int
    places: int


FULL: Final = Size(people=100_000, milestones=1_000_000, bids=200_000, places=100)
#: For tests: everything is there, but little of it.
SMALL: Final = Size(people=600, milestones=1_000, bids=200, places=3)


def milestones_of(size: Size) -> list[int]:
    """How many there are in each place."""
    large = size.milestones // _LARGE_SHARE
    return [large, *shares(size.milestones - large, size.places - 1)]


def shares(total: int, parts: int) -> list[int]:
    """As equal as can be."""
    return [total * (n + 1) // parts - total * n // parts for n in range(parts)]


def planned(size: Size, number: int, crowd: Crowd, present: datetime, house: House) -> Place:
    """One place, with all that will happen in it; the first one is the very large employer's."""
    place = Place(number, crowd, present, house, money.CURRENCIES)
    if number == 0:
        _large(place, size)
    else:
        _usual(place, size)
    return place


def _large(place: Place, size: Size) -> None:
    """One employer with very many milestones, a project with very many bids, and one of most."""
    employer = place.crowd.people[HEAVY_EMPLOYER]
    place.settle([employer])
    left = size.milestones // _LARGE_SHARE
    largest = max(1, left // _LARGEST_SHARE)
    began = place.present - SPAN / 2
    freelancer = place.crowd.people[TYPICAL_FREELANCER]
    slow = Deal(employer, freelancer, "USD", largest, _SLOW_DAYS)
    place.begin(began, direct(place, slow))
    _contracts(place, [employer], _sizes(place.rng, left - largest, 300, 2_000))
    popular = max(1, size.bids // _POPULAR_SHARE)
    place.begin(place.present - 6 * _DAY, project(place, Search(employer, "USD", popular)))
    others = _sizes(place.rng, size.bids // _LARGE_SHARE - popular, 20, _PROJECT_MOST)
    _projects(place, [employer], others, [])


def _usual(place: Place, size: Size) -> None:
    """Some hundred employers, of whom most have little."""
    rng = place.rng
    number, count = place.number - 1, size.places - 1
    employers = [
        each
        for nth, each in enumerate(place.crowd.employers())
        if nth % count == number and each is not place.crowd.people[HEAVY_EMPLOYER]
    ]
    place.settle(employers)
    milestones = milestones_of(size)[place.number]
    bids = shares(size.bids - size.bids // _LARGE_SHARE, count)[number]
    contracts = _sizes(rng, milestones, 9, _CONTRACT_MOST)
    projects = _sizes(rng, bids, 6, _PROJECT_MOST)
    chosen = min(len(contracts) // 3, len(projects) // 2)
    of_projects = [n for n in contracts if n <= _PROJECT_MOST][:chosen]
    for each in of_projects:
        contracts.remove(each)
    _projects(place, employers, projects, of_projects)
    busy = shares(size.milestones // _BUSY_SHARE, count)[number]
    _contracts(place, employers, contracts, busy)


def _sizes(rng: Random, total: int, mean: float, most: int) -> list[int]:
    """Many small ones and few large ones, together so many."""
    found: list[int] = []
    while total > 0:
        each = min(total, most, 1 + int(rng.expovariate(1) ** 1.6 * mean))
        found.append(each)
        total -= each
    return found


def _contracts(
    place: Place, employers: Sequence[User], sizes: Sequence[int], busy: int = 0
) -> None:
    """Contracts that are offered to people directly, the first so many to the busiest of all."""
    rng = place.rng
    for nth, count in enumerate(sizes):
        employer = _employer(place, employers, nth, TYPICAL_EMPLOYER)
        at = _moment(place, employer, partial(may_be_offered, place, count))
        if nth < busy:
            freelancer = place.crowd.people[HEAVY_FREELANCER]
        elif place.number == 1 and nth < busy + 8:
            freelancer = place.crowd.people[TYPICAL_FREELANCER]
        else:
            freelancer = place.crowd.freelancer(rng, at)
        place.begin(
            at, direct(place, Deal(employer, freelancer, _currency(place, employer), count))
        )


def _projects(
    place: Place, employers: Sequence[User], bids: Sequence[int], milestones: Sequence[int]
) -> None:
    """Projects, of which the first so many lead to a contract."""
    for nth, count in enumerate(bids):
        employer = _employer(place, employers, nth, TYPICAL_EMPLOYER)
        work = milestones[nth] if nth < len(milestones) else 0
        before = place.present - CHOSEN_BEFORE if work else place.present
        at = _moment(place, employer, before.__gt__)
        line = project(place, Search(employer, _currency(place, employer), count, work))
        place.begin(at, line)


def _employer(place: Place, employers: Sequence[User], nth: int, typical: int) -> User:
    """One of them, some far more often than others; a known one has the first few."""
    known = place.crowd.people[typical]
    if nth < 6 and known in employers:  # noqa: PLR2004
        return known
    return employers[int(len(employers) * place.rng.random() ** 2)]


def _currency(place: Place, employer: User) -> str:
    """What they always pay in; now and then another."""
    if place.rng.random() < 0.85:  # noqa: PLR2004
        return money.usual(employer.id)
    return money.currency(place.rng)


def _moment(place: Place, employer: User, fits: Callable[[datetime], bool]) -> datetime:
    """When something begins: after they have joined, and sooner or later, rather later."""
    rng, joined = place.rng, employer.created_at + timedelta(hours=1)
    room = place.present - timedelta(minutes=10) - joined
    for _ in range(20):
        at: datetime = joined + room * (rng.random() ** 0.8)
        if fits(at):
            return at
    return place.present - SPAN / 3
