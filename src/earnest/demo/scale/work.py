"""Work: a contract from its offer to its end, and what becomes of each of its milestones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest.core.contracts import (
    ACTIVE,
    MILESTONES_WHILE_OFFERED_MAX,
    OFFERED,
    OFFERS_MAX,
    Contract,
    OfferContract,
    Say,
)
from earnest.core.milestones.agreeing import Accept, DeclineContract, End, Revoke, funded
from earnest.core.milestones.asking import Decline, RequestMilestone
from earnest.core.milestones.funding import Fund, FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import AskCancel, Cancel, RefuseCancel
from earnest.core.milestones.row import LIVE, Milestone, milestones_hash
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.money import Money
from earnest.core.payments.depositing import SettleDeposit, StartDeposit
from earnest.core.people import SYSTEM_ID
from earnest.core.terms import CLASSIC
from earnest.demo.scale import money, words

if TYPE_CHECKING:
    from datetime import datetime

    from earnest.core.people import User
    from earnest.demo.scale.place import Line as Days
    from earnest.demo.scale.place import Place

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
#: Whoever has not answered an offer by then never will.
_ANSWERED: Final = timedelta(hours=30)
#: So many at most does a freelancer ask for at once.
_ASKED_FOR_MOST: Final = 3
#: Whoever has begun goes on within this, or a clock would have given the money back.
_BEFORE_IT_IS_DORMANT: Final = timedelta(seconds=CLASSIC.dormant_seconds) - _DAY
#: Before the present, so that all that was planned is there.
_AT_LEAST: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Deal:
    """What is planned for one contract."""

    employer: User
    freelancer: User
    currency: str
    milestones: int
    #: How many days a milestone takes: most of a slow one's are live.
    days: float = 16


def may_be_offered(place: Place, count: int, at: datetime) -> bool:
    """Whether so many milestones can be planned for a contract of that moment.

    Before it is accepted there is room for a few only.
    """
    return count <= MILESTONES_WHILE_OFFERED_MAX or at < place.present - 3 * _DAY


def direct(place: Place, deal: Deal) -> Days:
    """A contract that is offered to a person."""
    employer, freelancer = deal.employer.id, deal.freelancer
    if freelancer.id == employer or place.unanswered(employer, freelancer.id) >= OFFERS_MAX:
        freelancer = place.crowd.freelancer(
            place.rng,
            place.world.now,
            lambda each: each.id != employer and not place.unanswered(employer, each.id),
        )
    place.meet(freelancer)
    contract = place.make(
        employer, OfferContract(employer, freelancer.id, deal.currency, "classic")
    )
    yield from engaged(place, contract, deal)


def engaged(place: Place, contract: int, deal: Deal) -> Days:
    """What becomes of an offer: accepted and worked on, or one of the other ways it can end."""
    rng, world, employer = place.rng, place.world, deal.employer.id
    is_new = place.present - world.now < _ANSWERED + _HOUR
    is_large = deal.milestones > MILESTONES_WHILE_OFFERED_MAX
    fails = not is_large and rng.random() < 0.07  # noqa: PLR2004
    first = deal.milestones if is_new or fails else min(rng.randint(0, 6), deal.milestones)
    made = _fund(place, contract, deal, first)
    yield world.now + rng.random() * _ANSWERED
    row = _contract(place, contract)
    if row.status not in OFFERED:
        return
    if fails:
        if rng.random() < 0.7:  # noqa: PLR2004  # Else it lapses.
            is_no = rng.random() < 0.6  # noqa: PLR2004
            no = DeclineContract(contract) if is_no else Revoke(contract)
            place.ask(row.freelancer_id if is_no else employer, no)
        return
    seen = world.children(Milestone, contract)
    held = funded(seen, world, row.currency)
    hashed = milestones_hash(seen)
    place.ask(row.freelancer_id, Accept(contract, row.terms_hash, held, hashed))
    for each in made:
        place.begin(world.now, _work(place, each, deal))
    yield from _active(place, contract, deal, deal.milestones - first)


def _active(place: Place, contract: int, deal: Deal, left: int) -> Days:
    """Milestones come in bursts; when nothing is held any more, somebody may end it."""
    rng, world = place.rng, place.world
    began = world.now
    freelancer = _contract(place, contract).freelancer_id
    longest = place.present - _AT_LEAST - began
    room = min(longest, _DAY * rng.expovariate(1 / 60) + _DAY * left / 4)
    bursts = _bursts(place, left)
    for count, share in zip(bursts, sorted(rng.random() for _ in bursts), strict=True):
        yield began + room * share
        if rng.random() < 0.2:  # noqa: PLR2004
            who = freelancer if rng.random() < 0.5 else deal.employer.id  # noqa: PLR2004
            place.ask(who, Say(contract, words.remark(rng)))
        if count <= _ASKED_FOR_MOST and rng.random() < 0.4:  # noqa: PLR2004
            _ask_for(place, contract, deal, count)
            continue
        for each in _fund(place, contract, deal, count):
            place.begin(world.now, _work(place, each, deal))
    yield world.now + _DAY * rng.uniform(20, 150)
    if not world.children(Milestone, contract) and rng.random() < 0.8:  # noqa: PLR2004
        place.ask(rng.choice((freelancer, deal.employer.id)), End(contract))


def _bursts(place: Place, left: int) -> list[int]:
    """So many milestones in lots, of which none is too large for one command."""
    lots: list[int] = []
    mean = 8 if left <= MILESTONES_WHILE_OFFERED_MAX else 25
    while left:
        lot = min(1 + int(place.rng.expovariate(1 / mean)), MILESTONES_WHILE_OFFERED_MAX, left)
        lots.append(lot)
        left -= lot
    return lots


def _line(place: Place, deal: Deal) -> Line:
    """A piece of work; of most it is said by when."""
    rng = place.rng
    day = place.world.now.replace(hour=17, minute=0, second=0, microsecond=0)
    due = day + _DAY * rng.randint(2, 60) if rng.random() < 0.8 else None  # noqa: PLR2004
    return Line(words.milestone(rng), money.price(rng, deal.currency), due)


def _fund(place: Place, contract: int, deal: Deal, count: int) -> list[int]:
    """Make so many milestones and set their money aside, at once."""
    if not count:
        return []
    lines = tuple(_line(place, deal) for _ in range(count))
    afford(place, deal.employer.id, sum((x.amount for x in lines), Money.zero(deal.currency)))
    made = place.ask(deal.employer.id, FundContract(contract, lines))
    return [row.id for row in made.answer]


def afford(place: Place, who: int, amount: Money) -> None:
    """Bring money in, if there is less than this."""
    if place.held(who, amount.currency) >= amount.minor:
        return
    bringing = money.top_up(place.rng, amount)
    number = place.make(who, StartDeposit(who, "sandbox", bringing))
    place.ask(SYSTEM_ID, SettleDeposit(number, bringing, f"sandbox-{number:x}"))


def _ask_for(place: Place, contract: int, deal: Deal, count: int) -> None:
    """The freelancer proposes so many pieces of work."""
    freelancer = _contract(place, contract).freelancer_id
    for _ in range(count):
        piece = _line(place, deal)
        asked = RequestMilestone(contract, piece.description, piece.amount, piece.due_at)
        place.begin(place.world.now, _asked_for(place, place.make(freelancer, asked), deal))


def _asked_for(place: Place, milestone: int, deal: Deal) -> Days:
    """What the freelancer asked for is funded, declined, or waits."""
    rng = place.rng
    yield place.world.now + _DAY * rng.expovariate(1 / 9)
    row = _milestone(place, milestone)
    if not row or _contract(place, row.contract_id).status not in ACTIVE:
        return
    if rng.random() < 0.3:  # noqa: PLR2004
        place.ask(deal.employer.id, Decline(milestone))
        return
    afford(place, deal.employer.id, row.amount)
    place.ask(deal.employer.id, Fund(milestone))
    yield from _work(place, milestone, deal)


def _work(place: Place, milestone: int, deal: Deal) -> Days:
    """Worked on, handed in and paid; or given back; or nothing for a long time."""
    rng, world = place.rng, place.world
    yield world.now + _DAY * rng.expovariate(1 / deal.days)
    row = _milestone(place, milestone)
    if row is None:
        return
    chance = rng.random()
    if chance < 0.07:  # noqa: PLR2004
        yield from _given_back(place, row)
        return
    if chance > 0.98:  # noqa: PLR2004
        return
    if rng.random() < 0.35:  # noqa: PLR2004
        yield from _handed_in(place, row)
    if rng.random() < 0.08:  # noqa: PLR2004
        some = money.part(rng, row.amount)
        place.ask(row.employer_id, ReleaseMilestone(milestone, some))
        yield _next_step(place, 2 * deal.days)
    place.ask(row.employer_id, ReleaseMilestone(milestone))


def _handed_in(place: Place, row: Milestone) -> Days:
    """The work is done, says the freelancer; now and then something is missing yet."""
    rng = place.rng
    place.ask(row.freelancer_id, Submit(row.id, words.note(rng)))
    yield _next_step(place, 4)
    if rng.random() < 0.08:  # noqa: PLR2004
        place.ask(row.employer_id, RequestChanges(row.id, words.reason(rng)))
        yield _next_step(place, 4)
        place.ask(row.freelancer_id, Submit(row.id, words.note(rng)))
        yield _next_step(place, 4)


def _given_back(place: Place, row: Milestone) -> Days:
    """The freelancer gives money back: of their own, or because they were asked."""
    rng = place.rng
    if rng.random() < 0.5:  # noqa: PLR2004
        place.ask(row.employer_id, AskCancel(row.id, words.reason(rng)))
        yield _next_step(place, 2)
        if rng.random() < 0.2:  # noqa: PLR2004
            place.ask(row.freelancer_id, RefuseCancel(row.id))
            yield _next_step(place, 10)
            place.ask(row.employer_id, ReleaseMilestone(row.id))
            return
    some = money.part(rng, row.amount) if rng.random() < 0.2 else None  # noqa: PLR2004
    place.ask(row.freelancer_id, Cancel(row.id, some))
    if some is not None:
        yield _next_step(place, 10)
        place.ask(row.employer_id, ReleaseMilestone(row.id))


def _next_step(place: Place, days: float) -> datetime:
    """When somebody goes on with what was begun: after so many days in the mean, never too late."""
    return place.world.now + min(_DAY * place.rng.expovariate(1 / days), _BEFORE_IT_IS_DORMANT)


def _contract(place: Place, number: int) -> Contract:
    row = place.world.find(Contract, number)
    assert row is not None, "it was made here"
    return row


def _milestone(place: Place, number: int) -> Milestone | None:
    """The milestone, while it is live."""
    row = place.world.find(Milestone, number)
    return row if row is not None and row.status in LIVE else None
