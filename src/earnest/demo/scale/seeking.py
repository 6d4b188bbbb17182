"""Seeking: a project from its posting to the award, and those who bid for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest.core.bids.bidding import PlaceBid, Retract, Step
from earnest.core.bids.choosing import Award, DeclineBid, Shortlist
from earnest.core.bids.row import LIVE, Bid
from earnest.core.money import Money
from earnest.core.people import User
from earnest.core.projects.asking import Answer, Ask
from earnest.core.projects.posting import Close, Post
from earnest.core.projects.reserving import Reserve
from earnest.core.projects.row import OPEN, Project
from earnest.demo.scale import money, words
from earnest.demo.scale.work import Deal, afford, direct, engaged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from earnest.demo.scale.place import Line as Days
    from earnest.demo.scale.place import Place

_DAY: Final = timedelta(days=1)
_BIDDING: Final = timedelta(days=14)
#: Before the present, so that all that was planned is there.
_AT_LEAST: Final = timedelta(minutes=5)
#: How long before the present a project is posted, at least, of which somebody is chosen.
CHOSEN_BEFORE: Final = timedelta(days=25)
#: How many steps people propose: one of them more often than ten.
_STEPS: Final = (1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 6, 10)


@dataclass(frozen=True, slots=True)
class Search:
    """What is planned for one project."""

    employer: User
    currency: str
    bids: int
    #: How many milestones the contract will have, if somebody is chosen.
    milestones: int = 0


def project(place: Place, search: Search) -> Days:
    """Posted, bid for, and then somebody is chosen or nobody."""
    rng, world, employer = place.rng, place.world, search.employer.id
    number = _posted(place, search)
    began = world.now
    length = min(_BIDDING, place.present - _AT_LEAST - began)
    bids: list[int] = []
    yield began + length * rng.random() / 8
    place.begin(world.now, _talk(place, number, employer))
    for share in sorted(rng.random() for _ in range(search.bids)):
        yield max(world.now, began + length * share)
        bids.append(_bid(place, number, search))
        if rng.random() < 0.1:  # noqa: PLR2004
            place.ask(employer, Shortlist(bids[-1]))
    yield world.now + _DAY * rng.uniform(0.2, 5)
    _sorted_out(place, bids, employer)
    live = [bid for bid in (_find(place, each) for each in bids) if bid.status in LIVE]
    if search.milestones:
        yield from _chosen(place, live, search)
    elif rng.random() < 0.6:  # noqa: PLR2004
        yield began + _BIDDING + _DAY * rng.uniform(0, 20)
        if _project(place, number).status in OPEN:
            place.ask(employer, Close(number))


def _posted(place: Place, search: Search) -> int:
    rng, employer = place.rng, search.employer.id
    title, description, skills = words.project(rng)
    least = money.price(rng, search.currency, 3)
    most = Money(least.minor * rng.randint(2, 4), least.currency)
    number = place.make(
        employer, Post(employer, title, description, search.currency, least, most, None, skills)
    )
    if rng.random() < 0.35:  # noqa: PLR2004
        afford(place, employer, least)
        place.ask(employer, Reserve(number, least))
    return number


def _talk(place: Place, number: int, employer: int) -> Days:
    """Somebody asks, and most are answered, while the project is open."""
    rng = place.rng
    while _project(place, number).status in OPEN and rng.random() < 0.3:  # noqa: PLR2004
        who = _somebody(place, lambda each: each.id != employer)
        question, answer = words.question(rng)
        asked = place.make(who.id, Ask(number, question))
        if rng.random() < 0.8:  # noqa: PLR2004
            yield place.world.now + _DAY * rng.random() / 4
            if _project(place, number).status in OPEN:
                place.ask(employer, Answer(number, asked, answer))


def _somebody(place: Place, fits: Callable[[User], bool]) -> User:
    """Somebody who works and fits."""
    return place.meet(place.crowd.freelancer(place.rng, place.world.now, fits))


def _bid(place: Place, number: int, search: Search) -> int:
    """One more person bids."""
    rng = place.rng
    but = search.employer.id
    who = _somebody(place, lambda each: each.id != but and not place.has_bid(number, each.id))
    amount = money.price(rng, search.currency, 6)
    days = rng.randint(3, 90)
    parts = money.split(rng, amount, rng.choice(_STEPS))
    steps = tuple(
        Step(words.milestone(rng), part, 1 + days * place // len(parts))
        for place, part in enumerate(parts)
    )
    return place.make(who.id, PlaceBid(number, amount, days, words.pitch(rng), steps))


def _sorted_out(place: Place, bids: Sequence[int], employer: int) -> None:
    """Some bidders think better of it, and to some the employer says no."""
    for each in bids:
        chance = place.rng.random()
        if chance < 0.03:  # noqa: PLR2004
            place.ask(_find(place, each).bidder_id, Retract(each))
        elif chance < 0.1:  # noqa: PLR2004
            place.ask(employer, DeclineBid(each))


def _chosen(place: Place, live: Sequence[Bid], search: Search) -> Days:
    """Somebody is offered a contract; if all have gone, the work is offered to somebody else."""
    if not live:
        freelancer = _somebody(place, lambda each: each.id != search.employer.id)
        yield from direct(
            place, Deal(search.employer, freelancer, search.currency, search.milestones)
        )
        return
    best = place.rng.choice(live)
    contract = place.make(search.employer.id, Award(best.id, best.hash, "classic"))
    chosen = place.world.find(User, best.bidder_id)
    assert chosen is not None, "they have bid here"
    deal = Deal(search.employer, chosen, search.currency, search.milestones)
    yield from engaged(place, contract, deal)


def _find(place: Place, number: int) -> Bid:
    row = place.world.find(Bid, number)
    assert row is not None, "it was made here"
    return row


def _project(place: Place, number: int) -> Project:
    row = place.world.find(Project, number)
    assert row is not None, "it was made here"
    return row
