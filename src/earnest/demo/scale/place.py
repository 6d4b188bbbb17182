"""A place: some employers and all that they begin, as one world in memory, told in time's order.

Nothing here knows the rules: everybody asks for actions, and the core decides them one after the
other at the moments at which they are asked, as it would have in a batch. What only gains, the
wallet of a freelancer who works in other places too, is added to when the place is kept.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.actions import Refused
from earnest.core.batch import run
from earnest.core.bids.row import Bidder
from earnest.core.clocks import clock_of, leads_to, winding
from earnest.core.commands import Command, ids_needed
from earnest.core.contracts import Contract
from earnest.core.house import House
from earnest.core.ledger import wallet
from earnest.core.people import SYSTEM_ID, OfferCounter, User, system
from earnest.core.projects.row import Project
from earnest.core.watchman import broken_invariant
from earnest.core.world import World
from earnest.demo.scale.crowd import SEED, Clock, Crowd
from earnest.demo.telling import VIA, StoryError
from earnest.ids import Ids
from earnest.store.loading import Told
from earnest.wire.fingerprint import fingerprint
from earnest.wire.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import Action
    from earnest.core.commands import Event
    from earnest.core.rows import Row

#: A line of what happens: it yields the moment at which it goes on. Where that has not come yet,
#: it ends there.
Line: TypeAlias = Generator[datetime, None, None]

#: What two commands at the same moment are apart.
_NEXT: Final = timedelta(milliseconds=1)


@dataclass(slots=True)
class Place:
    """One world, its clock, and what has happened in it."""

    number: int
    crowd: Crowd
    present: datetime
    house: House
    currencies: tuple[str, ...]
    told: Told = field(default_factory=Told)
    rng: random.Random = field(init=False)
    world: World = field(init=False)
    _ids: Ids = field(init=False)
    _clock: Clock = field(default_factory=Clock)
    _around: Surroundings = field(init=False)
    _turns: list[tuple[datetime, int, Line]] = field(default_factory=list)
    #: What of each contract and project is to be seen to, and when.
    _wound: dict[tuple[type[Row], int], datetime] = field(default_factory=dict)
    _numbers: Iterable[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        """Nobody is here yet; every place has numbers of its own."""
        self.rng = random.Random(f"{SEED} {self.number}")  # noqa: S311  # To be the same again.
        self._ids = Ids(self.number, self._clock)
        self.world = World(self.present, self.house, {}, {}, {})
        self.world.reserve = self._ids.reserve
        self.world.rows[User, SYSTEM_ID] = system(self.present)
        self._around = Surroundings(self.crowd.names, {}, self.world.rulebooks)

    def settle(self, employers: Iterable[User]) -> None:
        """These are the ones whose money is spent here."""
        for each in employers:
            self.world.rows[User, each.id] = each
            for currency in self.currencies:
                self.world.balances[wallet(each.id, currency)] = 0

    def begin(self, at: datetime, line: Line) -> None:
        """Let something begin at this moment."""
        heapq.heappush(self._turns, (at, next(self._numbers), line))  # type: ignore[call-overload]

    def play(self) -> None:
        """Tell everything up to the present."""
        while self._turns:
            at, _, line = heapq.heappop(self._turns)
            if at >= self.present:
                self._turns.clear()  # They know this place, and it would never go.
                return
            self.world.now = max(at, self.world.now + _NEXT) if self.told.commands else at
            again = next(line, None)
            if again is not None:
                self.begin(max(again, self.world.now), line)

    def meet(self, person: User) -> User:
        """Somebody from elsewhere, who may ask here too."""
        self.world.rows.setdefault((User, person.id), person)
        return person

    def ask(self, who: int, action: Action[Any]) -> Event:
        """Somebody asks for something; nobody is ever refused."""
        self._clock.at = self.world.now
        first = self._ids.reserve(ids_needed(action))
        command = Command(who, f"s{first:x}", action, first, fingerprint(action), VIA)
        self._run(command)
        outcome = self.world.outcomes[command.id]
        if isinstance(outcome, Refused):
            raise StoryError(f"{action} at {self.world.now}: {outcome}")
        self._tell(command, outcome)
        return outcome

    def _run(self, command: Command) -> None:
        """As in a batch: first whatever is due in the contract that it is about."""
        world, action = self.world, command.action
        subject = world.rows[action.kind, action.subject_id]
        self._know(action, subject)
        contract = world.find(Contract, getattr(subject, "contract_id", 0) or 0)
        if (
            contract is not None
            and contract.wakes_at is not None
            and contract.wakes_at <= world.now
        ):
            for row in world.within(contract.id):
                for asked in leads_to(row):
                    self._know(asked, row)
        self._clock.at = world.now
        run((command,), world)
        for told, event in world.ran_out:
            self._tell(told, event)
        world.ran_out.clear()

    def _know(self, action: Action[Any], subject: Row) -> None:
        """Its accounts are there: what they hold is known, or they only gain."""
        for account in action.accounts(subject, self.world):
            self.world.balances.setdefault(account, 0)
        for account in action.receives(subject, self.world):
            if account not in self.world.balances:
                self.world.gaining.add(account)

    def _tell(self, command: Command, event: Event) -> None:
        """What happened is told, and what it winds runs."""
        del self.world.outcomes[command.id]
        self.told.add(command, event, self._around)
        for row in event.rows:
            self._wind(row)

    def make(self, who: int, action: Action[Any]) -> int:
        """Ask for something that makes one row; its number."""
        return self.ask(who, action).answer[0].id

    def _wind(self, row: Row) -> None:
        """What a clock will do unless somebody acts before."""
        if isinstance(row, Contract | Project) and row.wakes_at is not None:
            place = (type(row), row.id)
            if self._wound.get(place) != row.wakes_at:
                self._wound[place] = row.wakes_at
                self.begin(row.wakes_at, self._clock_of(*place, row.wakes_at))

    def _clock_of(self, kind: type[Contract | Project], number: int, at: datetime) -> Line:
        """What the clock that is due at that moment does, if nobody was sooner."""
        yield from ()
        row = self.world.find(kind, number)
        if row is None or row.wakes_at != at:
            return
        clock = clock_of(row, self.world)
        if clock is not None:
            self.ask(SYSTEM_ID, clock.action(number))  # type: ignore[call-arg]
        else:
            self._run(winding(number))
            self._wind(self.world.rows[kind, number])

    def held(self, who: int, currency: str) -> int:
        """What an employer of this place can spend, in minor units."""
        return self.world.balances[wallet(who, currency)]

    def unanswered(self, employer: int, freelancer: int) -> int:
        """How many offers of one wait for the other."""
        counter = self.world.find(OfferCounter, (employer, freelancer))
        return counter.unanswered if counter else 0

    def has_bid(self, project: int, person: int) -> bool:
        """Whether somebody has a bid for a project already."""
        return self.world.find(Bidder, (project, person)) is not None

    def must_balance(self) -> None:
        """The watchman, as after every batch."""
        wrong = broken_invariant(self.world)
        if wrong is not None:
            raise StoryError(wrong)
