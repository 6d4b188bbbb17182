"""The small world: a few people, one contract, and how one thing happens in it.

Whatever happens is asked of `core.batch.run`, under no other rules than the product's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, TypeVar

from earnest.core.batch import run, run_out
from earnest.core.clocks import WITHIN, Clock, clock_of, winding
from earnest.core.commands import NO_HASH, Command, Event
from earnest.core.contracts import AgreedTerms, Contract, ContractStatus, Message
from earnest.core.disputes.arbitrating import Naming, Ruling
from earnest.core.disputes.exhibiting import Exhibit
from earnest.core.disputes.extending import Extension
from earnest.core.disputes.row import OPEN, Dispute, Offer
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.disputes.withdrawing import Withdrew
from earnest.core.house import House
from earnest.core.ledger import Account, dispute, escrow, releasing, stake, wallet
from earnest.core.milestones.funding import FundContract
from earnest.core.milestones.releasing import ON_ITS_WAY, Release
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.money import Money
from earnest.core.people import SYSTEM_ID, OfferCounter, Role, User, UserStatus, system
from earnest.core.renewing import TermsOffer
from earnest.core.terms import DISPUTED, PRESETS, UNDISPUTED, Terms, terms_hash, with_fee
from earnest.core.watchman import broken_invariant
from earnest.core.world import World, nobodys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from earnest.core.actions import Action
    from earnest.core.hearing import Heard
    from earnest.core.rows import Key, Row

R = TypeVar("R", bound="Row")
Rows = dict[tuple[type["Row"], "Key"], "Row"]
#: Who got how much.
Gains: TypeAlias = tuple[tuple[int, int], ...]

SYSTEM, EMPLOYER, FREELANCER, ARBITER, OPERATOR, OTHER_OPERATOR = SYSTEM_ID, 1, 2, 3, 4, 5
NAMES: Final = {
    SYSTEM: "time",
    EMPLOYER: "the employer",
    FREELANCER: "the freelancer",
    ARBITER: "the arbiter",
    OPERATOR: "an operator",
    OTHER_OPERATOR: "the other operator",
}
PEOPLE: Final = (EMPLOYER, FREELANCER, ARBITER, OPERATOR, OTHER_OPERATOR)
_ROLES: Final = {
    ARBITER: Role.ARBITER,
    OPERATOR: Role.OPERATOR,
    OTHER_OPERATOR: Role.OPERATOR,
}
#: One thing of each kind has one number, wherever it was made: a state needs no renaming.
NUMBERS: Final = {"contract": 1_000, "milestone": 2_000, "release": 3_000, "dispute": 4_000}
CONTRACT, MILESTONE, RELEASE, DISPUTE = NUMBERS.values()
#: A plan has two tranches; they are numbered before the milestone that is paid by it.
TRANCHES: Final = (MILESTONE - 2, MILESTONE - 1)
#: What is made only to be remembered.
_ELSE: Final = 9_000
CURRENCY: Final = "USD"
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
#: How long before a clock "just before" is: less than anything that runs.
MOMENT: Final = timedelta(seconds=1)
#: What both have to spend: always enough, and never looked at by a rule but for that.
RICH: Final = 1_000
#: Nobody reads these again, or only as what is counted elsewhere.
_FORGOTTEN: Final = (AgreedTerms, Message, Offer, Ruling, User)


def usd(minor: int) -> Money:
    """So many units."""
    return Money(minor, CURRENCY)


@dataclass(frozen=True, slots=True)
class State:
    """The world at one moment: what is there, what is in which account, what has been."""

    now: datetime
    rows: Rows
    balances: Mapping[Account, int]
    #: Which of those things that happen once in a small world have happened.
    been: frozenset[str]

    def find(self, kind: type[R], key: Key) -> R | None:
        """The row, if it is there."""
        return self.rows.get((kind, key))  # type: ignore[return-value]

    @property
    def contract(self) -> Contract | None:
        """The contract, once it was offered."""
        return self.find(Contract, CONTRACT)

    @property
    def milestone(self) -> Milestone | None:
        """The milestone, once it was asked for or funded."""
        return self.find(Milestone, MILESTONE)

    @property
    def release(self) -> Release | None:
        """The release that is on its way."""
        return self.find(Release, RELEASE)

    @property
    def dispute(self) -> Dispute | None:
        """The dispute that is open."""
        return self.find(Dispute, DISPUTE)

    @property
    def is_funded(self) -> bool:
        """Whether anything is held for somebody."""
        milestone = self.milestone
        return milestone is not None and milestone.status in HOLDING


class Happened(NamedTuple):
    """What came of one thing that was asked: the next state, and every event on the way."""

    state: State
    #: What was asked for and what came of it, the clocks that ran out before it first.
    events: tuple[tuple[Command, Event], ...]
    #: What of it does not add up, if anything does not.
    broken: str | None

    @property
    def pays(self) -> tuple[tuple[str, frozenset[int]], ...]:
        """Which of those actions paid somebody, and whom; what was staked is nobody's gain."""
        found = [(command.action.name, _gainers(event)) for command, event in self.events]
        return tuple([each for each in found if each[1]])

    @property
    def gains(self) -> Gains:
        """How much reached whose wallet, stakes that were returned among it."""
        return summed([
            (each.credit.owner, each.amount.minor)
            for _, event in self.events
            for each in event.transfers
            if each.credit.kind == "wallet"
        ])  # fmt: skip


def summed(*gains: Iterable[tuple[int, int]]) -> Gains:
    """All of them together, by person."""
    sums: dict[int, int] = {}
    for who, minor in chain(*gains):
        sums[who] = sums.get(who, 0) + minor
    return tuple(sorted(sums.items()))


def _gainers(event: Event) -> frozenset[int]:
    return frozenset(
        each.credit.owner
        for each in event.transfers
        if each.credit.kind == "wallet" and each.debit.kind != "stake"
    )


@dataclass(slots=True)
class Place:
    """Where it all happens: the terms at hand, the people, the operator's settings."""

    terms: Terms
    #: Others, that nobody means but can propose.
    other: Terms = field(init=False)
    house: House = field(init=False)
    rulebooks: dict[str, Terms] = field(init=False)
    people: Rows = field(init=False)

    def __post_init__(self) -> None:
        """Arbitration has a price even of three units, so that it is seen to move."""
        fee = self.terms.fee_bps
        presets = [with_fee(each, fee) for each in PRESETS.values()]
        self.other = next(each for each in presets if each != self.terms)
        self.house = House(
            fee_bps=self.terms.fee_bps,
            arbitration_minimums={CURRENCY: 1},
            arbitration_most_bps=10_000,
            has_arbiter=True,
            wound=UNDISPUTED | DISPUTED,
            presets=frozenset(PRESETS),
        )
        self.rulebooks = {terms_hash(each): each for each in (self.terms, self.other)}
        everybody = [system(START), *(_person(number) for number in PEOPLE)]
        self.people = {(User, each.id): each for each in everybody}

    def start(self) -> State:
        """Before anything was offered."""
        balances = {wallet(who, CURRENCY): RICH for who in (EMPLOYER, FREELANCER)}
        for number, kinds in ((MILESTONE, (escrow,)), (RELEASE, (releasing,)), (DISPUTE, _ITS)):
            balances |= {kind(number, CURRENCY): 0 for kind in kinds}
        return State(START, {}, balances, frozenset())

    def world(self, state: State) -> World:
        """The state as a batch finds it."""
        made = World(
            state.now,
            self.house,
            {**self.people, **state.rows},
            dict(state.balances),
            dict(self.rulebooks),
        )
        made.reserve = nobodys()
        made.acquaintances = _STRANGERS
        return made

    def asked(self, state: State, who: int, action: Action[Any]) -> Happened | None:
        """Somebody asks for something now. None: it was refused."""
        world = self.world(state)
        command = Command(who, "asked", action, _number(action), NO_HASH, "prove")
        outcome = run([command], world).outcomes[command.id]
        if not isinstance(outcome, Event):
            return None
        return left(state, world, (*world.ran_out, (command, outcome)))

    def waited(self, state: State, until: datetime, heard: Heard | None = None) -> Happened:
        """Nobody does anything until then, and what is due by then happens, or is put off."""
        world = self.world(state)
        world.heard = heard
        world.now = until
        contract = state.contract
        assert contract is not None, "without a contract nothing ever happens"
        if contract.status is ContractStatus.OFFERED:
            clock = clock_of(contract, world)
            if clock is not None and clock.at <= until:
                run_out(contract, clock, world)
        else:
            run([winding(contract.id)], world)
        return left(state, world, tuple(world.ran_out))


def clocks(state: State, world: World) -> Iterable[tuple[Row, Clock]]:
    """Everything that runs now, what it is a clock of, and what it leads to."""
    for row in state.rows.values():
        clock = clock_of(row, world) if isinstance(row, (Contract, *WITHIN)) else None
        if clock is not None:
            yield row, clock


_ITS: Final = (dispute, stake)
_STRANGERS: Final = {
    (min(one, other), max(one, other)): False for one in PEOPLE for other in PEOPLE
}


def _person(number: int) -> User:
    roles = frozenset({_ROLES[number]}) if number in _ROLES else frozenset[Role]()
    name = NAMES[number]
    return User(number, name, f"{number}@example.org", UserStatus.ACTIVE, roles, START, START)


def _number(action: Action[Any]) -> int:
    if isinstance(action, FundContract):
        return MILESTONE - sum(len(each.plan or ()) for each in action.milestones)
    return _ELSE if action.makes is None else NUMBERS.get(action.makes.noun, _ELSE)


def left(state: State, world: World, events: tuple[tuple[Command, Event], ...]) -> Happened:
    """What is there afterwards, without what nobody reads again."""
    broken = broken_invariant(world) or _not_as_told(world)
    if world.alarms:
        broken = f"a clock was refused: {world.alarms}"
    found = world.find(Dispute, DISPUTE)
    is_open = found is not None and found.status in OPEN
    rows = {place: row for place, row in world.rows.items() if _lasts(row, is_open=is_open)}
    been = state.been | {
        ONCE[command.action.name] for command, _ in events if command.action.name in ONCE
    }
    balances = dict(world.balances)
    for account, delta in world.deltas.items():
        balances[account] = balances.get(account, 0) + delta
    return Happened(State(world.now, rows, balances, been), events, broken)


#: One release, one dispute, one edit, one longer stage, one change of terms are all there are.
ONCE: Final = {
    "milestone.release": "milestone.release",
    "milestone.dispute": "milestone.disputed",
    "milestone.object": "milestone.disputed",
    "tranche.object": "milestone.disputed",
    "milestone.agree_edit": "milestone.edited",
    "dispute.agree_extension": "dispute.extended",
    "contract.agree_terms": "contract.terms_agreed",
}


_LASTING: Final = (Contract, Milestone, Tranche, Edit, TermsOffer, OfferCounter, Withdrew)


def _lasts(row: Row, *, is_open: bool) -> bool:
    if isinstance(row, _FORGOTTEN):
        return False
    if isinstance(row, Release):
        return row.status in ON_ITS_WAY
    if isinstance(row, (Dispute, Exhibit, Extension, Naming, SealedOffer)):
        return is_open
    return isinstance(row, _LASTING)


def _not_as_told(world: World) -> str | None:
    """Counted from scratch: all the money that there ever was is still there, and no more."""
    total = sum(world.balances.values()) + sum(world.deltas.values())
    return None if total == 2 * RICH else f"there are {total} units in all, not {2 * RICH}"
