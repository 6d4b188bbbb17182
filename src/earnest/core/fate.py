"""Fate: what happens, to how much, on which date, if everybody stays silent from now on.

It is found by letting time run in a copy of the world, with the very actions that the clock asks
for. There is no second copy of any rule.
"""

from __future__ import annotations

from dataclasses import replace as copied
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from earnest.core.batch import run_out, wind
from earnest.core.clocks import Clock, clock_of
from earnest.core.contracts import Contract
from earnest.core.deferring import COSTLY, may_be_deferred
from earnest.core.disputes.row import OPEN, Dispute
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.hearing import Heard
from earnest.core.ledger import wallet
from earnest.core.milestones.releasing import ON_ITS_WAY, Release
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.silence import DEFERRED_BY
from earnest.core.payments.withdrawing import SENT, Withdrawal
from earnest.core.people import OfferCounter
from earnest.core.projects.row import Project
from earnest.core.records import record
from earnest.core.world import World, nobodys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from earnest.core.commands import Command, Event
    from earnest.core.ledger import Transfer
    from earnest.core.money import Money
    from earnest.core.rows import Key, Row

    Ran: TypeAlias = Sequence[tuple[Command, Event]]

#: No clock runs longer.
FOREVER: Final = datetime.max.replace(tzinfo=UTC)


@record(frozen=True, slots=True)
class Payment:
    """Who is paid how much into their wallet."""

    user_id: int
    amount: Money


@record(frozen=True, slots=True)
class Step:
    """What the clock does at one instant, and who gets what by it."""

    at: datetime
    #: The same if everybody who loses by a clock hears of it too late.
    at_latest: datetime
    action: str
    #: The name of its event.
    event: str
    subject: Row
    pays: tuple[Payment, ...]

    @property
    def paid(self) -> tuple[Payment, ...]:
        """What each person gets in all, in the order in which they are paid."""
        sums: dict[int, Money] = {}
        for each in self.pays:
            before = sums.get(each.user_id)
            sums[each.user_id] = each.amount if before is None else before + each.amount
        return tuple(Payment(*each) for each in sums.items())


@record(frozen=True, slots=True)
class Fate:
    """Everything that happens by time alone, in its order.

    As far as both sides can know it: what is sealed is not in it.
    """

    steps: tuple[Step, ...]
    #: Whether nothing is held any more once all of it has happened.
    ends: bool

    def of(self, row: Row) -> Fate:
        """What of it happens to one row; of a milestone, to all that is a part of it, too."""
        mine = tuple(each for each in self.steps if _is_about(each.subject, row))
        return Fate(mine, self.ends)


def _is_about(subject: Row, row: Row) -> bool:
    if type(subject) is type(row) and subject.key == row.key:
        return True
    return isinstance(row, Milestone) and getattr(subject, "milestone_id", None) == row.id


def fate(row: Row, world: World) -> Fate:
    """What becomes of a row if nobody acts: an offer, a payment, or all that a contract has.

    The world holds the row, all of its contract that has not ended, and what that holds.
    """
    silent = _silent(row, world, None)
    found = Fate(tuple(_steps(row, world, silent.ran_out)), _ends(row, silent))
    return found.of(row) if isinstance(row, Project) else found


def within(row: Row, world: World, until: datetime) -> Sequence[Step]:
    """What of that happens until then, if everybody hears of it in time."""
    ran_out = _silent(row, world, None, until).ran_out
    steps = [_step(*each, each[1].at) for each in ran_out if each[1].at <= until]
    if isinstance(row, Project):
        return [each for each in steps if _is_about(each.subject, row)]
    return steps


def _silent(row: Row, world: World, heard: Heard | None, until: datetime = FOREVER) -> World:
    """The world when nobody has acted till then, and whoever has to be told heard so much."""
    silent = _copy(world, heard)
    _know(silent)
    if isinstance(row, Contract) and row.accept_by is None:
        silent.now = until
        wind(row, silent)
    elif isinstance(row, Project):
        _let_lapse(row, silent)
    else:
        _run_out(row, silent)
    return silent


def _steps(row: Row, world: World, ran_out: Ran) -> Iterable[Step]:
    """What happens if everybody hears of it, and when it happens if nobody does."""
    late = _late if any(map(_goes_on, world.rows.values())) else _late_at_once
    for (command, event), at_latest in zip(ran_out, late(row, world, ran_out), strict=True):
        yield _step(command, event, at_latest)


def _goes_on(row: Row) -> bool:
    """Whether more than one clock may run out of it, of which the later counts from the first."""
    return isinstance(row, Dispute) or (isinstance(row, Milestone) and row.pays_at is not None)


def _late_at_once(_row: Row, world: World, ran_out: Ran) -> Iterable[datetime]:
    """Each by itself: by its first clock all of a milestone has gone."""
    for command, event in ran_out:
        row = world.rows.get((type(event.subject), event.subject.key))
        clock = Clock(event.at, type(command.action))
        waits = isinstance(row, Milestone) and may_be_deferred(row, clock, world)
        yield event.at + DEFERRED_BY if waits else event.at


def _late(row: Row, world: World, ran_out: Ran) -> Iterable[datetime]:
    """As it happens where nobody hears of anything.

    Of what staff decided nothing may be left by then: a tranche that was paid first took it all.
    """
    waits = any(type(command.action) in COSTLY for command, _ in ran_out)
    instants: dict[tuple[str, Key], list[datetime]] = {}
    for command, event in _silent(row, world, Heard()).ran_out if waits else ran_out:
        instants.setdefault((command.action.name, event.subject.key), []).append(event.at)
    for command, event in ran_out:
        late = instants.get((command.action.name, event.subject.key))
        yield late.pop(0) if late else event.at + DEFERRED_BY


def _run_out(row: Row, world: World) -> None:
    clock = clock_of(row, world)
    if clock is not None:
        world.now = clock.at
        run_out(row, clock, world)


def _let_lapse(project: Project, world: World) -> None:
    """A project and its offers, the first first: an open one waits for the answer to each."""
    offers = [
        (Contract, each.id)
        for each in world.rows.values()
        if isinstance(each, Contract) and each.project_id == project.id
    ]
    places = [(Project, project.id), *offers]
    for _ in places:
        rows = [world.rows[place] for place in places]
        clocks = [(clock.at, row) for row in rows if (clock := clock_of(row, world)) is not None]
        if not clocks:
            return
        _run_out(min(clocks, key=lambda each: each[0])[1], world)


def outcome(row: Row, clock: Clock, world: World) -> Step | None:
    """What one clock of a row leads to, should it run out; nothing, if it would be refused.

    The world holds the row and all that this clock decides by.
    """
    silent = _copy(world, None)
    _know(silent)
    silent.now = clock.at
    run_out(row, clock, silent)
    return _step(*silent.ran_out[0], clock.at) if silent.ran_out else None


def _copy(world: World, heard: Heard | None) -> World:
    return copied(
        world,
        rows={place: row for place, row in world.rows.items() if place[0] is not SealedOffer},
        balances=world.balances.copy(),
        gaining=set(),
        deltas={},
        moved={},
        written={},
        outcomes={},
        later={},
        heard=heard,
        ran_out=[],
        _families={},
        alarms={},
        reserve=nobodys(),
    )


def _know(world: World) -> None:
    """What is held is known from the rows; people's wallets only gain, so nobody looked."""
    for row in [*world.rows.values()]:
        if isinstance(row, Milestone) and row.status in HOLDING:
            world.balances.setdefault(row.escrow, row.left.minor)
        elif isinstance(row, Release) and row.status in ON_ITS_WAY:
            world.balances.setdefault(row.account, row.amount.minor)
        elif isinstance(row, Dispute) and row.status in OPEN:
            world.balances.setdefault(row.account, row.amount.minor)
            world.balances.setdefault(row.stake, row.staked.minor)
        elif isinstance(row, Withdrawal) and _is_on_its_way(row):
            world.balances.setdefault(row.outgoing, row.amount.minor)
            world.gaining |= {row.wallet} - world.balances.keys()
        elif isinstance(row, Contract):
            # How many offers wait is a limit, and moves nothing: where nobody looked, it is one.
            counter = OfferCounter(row.employer_id, row.freelancer_id, 1)
            world.rows.setdefault((OfferCounter, counter.key), counter)
            world.gaining |= {row.employer_wallet, row.freelancer_wallet} - world.balances.keys()
        elif isinstance(row, Project):
            world.balances.setdefault(row.reserve, 0)
            world.gaining |= {wallet(row.employer_id, row.currency)} - world.balances.keys()


def _step(command: Command, event: Event, at_latest: datetime) -> Step:
    pays = tuple(_pays(event.transfers))
    return Step(event.at, at_latest, command.action.name, event.name, event.subject, pays)


def _pays(transfers: Iterable[Transfer]) -> Iterable[Payment]:
    for each in transfers:
        if each.credit.kind == "wallet":
            yield Payment(each.credit.owner, each.amount)


def _ends(row: Row, world: World) -> bool:
    if isinstance(row, Withdrawal):
        after = world.find(Withdrawal, row.id)
        assert after is not None, "the world holds the row"
        return not _is_on_its_way(after)
    milestones = (each for each in world.rows.values() if isinstance(each, Milestone))
    return not any(each.status in HOLDING for each in milestones)


def _is_on_its_way(row: Withdrawal) -> bool:
    """Its money is neither in the wallet nor out of the house."""
    return row.waits or row.status in SENT
