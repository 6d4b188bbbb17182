"""One batch: every command judged in the order it came, in one fixed order of questions.

Pure: the store hands in the rows it locked, and writes what this leaves behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core import bids, ledger, milestones, payments, projects, renewing, reviews
from earnest.core.actions import Decision, House, Reason, Refused, hindered
from earnest.core.bids.row import Bid, proposals_of
from earnest.core.contracts import AgreedTerms, Contract, Message
from earnest.core.effects import Condition, effect_of
from earnest.core.files import files_at
from earnest.core.ledger import Moved, Overflow, Shortfall
from earnest.core.milestones.row import ENDED, HOLDING, Milestone
from earnest.core.money import Money
from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from earnest.core.actions import Action, R
    from earnest.core.files import File
    from earnest.core.ledger import Account, Transfer
    from earnest.core.rows import Key, Row
    from earnest.core.terms import Terms

__all__ = [
    "Command",
    "Event",
    "Outcome",
    "World",
    "bids",
    "judge",
    "milestones",
    "payments",
    "projects",
    "renewing",
    "reviews",
    "run",
]

#: Numbers that the edge reserves for a command: for itself, and for each item or child it makes.
IDS_BASE: Final = 8
IDS_EACH: Final = 4


@record(frozen=True, slots=True)
class Command:
    """Somebody asks for an action, under a key that has the same answer for ever."""

    actor_id: int
    key: str
    action: Action[Any]
    #: The first of the numbers reserved for what it makes.
    first_id: int
    #: SHA-256 of the parsed action: the same key with another is a mistake of the asker's.
    hash: bytes
    #: How it came: rest, cli, web, worker.
    via: str
    #: Only if exactly what was shown would still happen.
    condition: Condition | None = None

    @property
    def made(self) -> range:
        """The numbers that what it makes can have."""
        return range(self.first_id, self.first_id + ids_needed(self.action))

    @property
    def id(self) -> tuple[int, str]:
        """Keys are the asker's own: another's key of the same name is another command."""
        return (self.actor_id, self.key)


@record(frozen=True, slots=True)
class Event:
    """What happened: every row that the decision wrote, as it left them, and its transfers."""

    id: int
    name: str
    subject: Row
    #: The contract it is counted in, and its place there; both or neither.
    contract_id: int | None
    seq: int | None
    actor_id: int
    via: str
    at: datetime
    rows: tuple[Row, ...]
    transfers: tuple[Transfer, ...]
    #: Transfers are numbered one after the other from here.
    first_transfer_id: int
    #: The guarded balances after it: of what it moved, and of the milestones that it tells of.
    balances: Mapping[Account, int]
    #: The rows that the answer is made of, and whether they were made by it.
    answer: tuple[Row, ...]
    #: With an action that locks all children: the live ones as the decision left them. Of a bid
    #: what it proposes.
    children: tuple[Row, ...] | None
    #: What is attached to those of its rows to which something is, by their numbers.
    files: Mapping[int, tuple[File, ...]]


Outcome: TypeAlias = Event | Refused


@dataclass(slots=True)
class World:
    """What a batch knows: locked rows and balances, and what its commands have made of them."""

    now: datetime
    house: House
    rows: dict[tuple[type[Row], Key], Row]
    balances: dict[Account, int]
    rulebooks: dict[str, Terms]
    #: The rows that are in the books already.
    found: Mapping[tuple[type[Row], Key], Row] = field(init=False)
    #: Those of the balances whose account is in the books already.
    locked: set[Account] = field(default_factory=set)
    #: Guarded accounts that can only gain in this batch, so that nobody had to lock them.
    gaining: set[Account] = field(default_factory=set)
    #: Changes of those, and of the accounts without a floor, which are never locked.
    deltas: dict[Account, int] = field(default_factory=dict)
    #: What the transfers of this batch changed of each guarded account.
    moved: dict[Account, int] = field(default_factory=dict)
    written: dict[tuple[type[Row], Key], Row] = field(default_factory=dict)
    outcomes: dict[tuple[int, str], Outcome] = field(default_factory=dict)
    asker_id: int = 0
    _next_id: int = 0
    _last_id: int = 0
    _first_id: int = 0
    #: The rows of each contract by their kind, once `children` has asked for one of that kind.
    _families: dict[type[Row], dict[int, dict[Key, None]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Remember which rows were handed in."""
        self.found = self.rows.copy()

    def put(self, row: Row) -> None:
        """This is the row from here on, and it will be written."""
        kind = type(row)
        place = (kind, row.key)
        self.rows[place] = row
        self.written[place] = row
        if isinstance(row, AgreedTerms):
            self.rulebooks[row.hash] = row.terms
        if kind in self._families:
            self._join_family(row)

    def find(self, kind: type[R], key: Key) -> R | None:
        """The row as this batch has left it so far."""
        return self.rows.get((kind, key))  # type: ignore[return-value]

    def children(self, kind: type[R], parent_id: int) -> Sequence[R]:
        """The live milestones of a contract, oldest first."""
        if kind not in self._families:
            self._families[kind] = {}
            for row in self.rows.values():
                if type(row) is kind:
                    self._join_family(row)
        keys = self._families[kind].get(parent_id, ())
        rows = (self.rows[kind, key] for key in keys)
        live = [row for row in rows if row.status not in ENDED]  # type: ignore[attr-defined]
        return sorted(live, key=lambda row: row.id)  # type: ignore[arg-type]

    def _join_family(self, row: Any) -> None:
        self._families[type(row)].setdefault(row.contract_id, {})[row.key] = None

    def terms(self, terms_hash: str) -> Terms:
        """The rule book with this hash."""
        return self.rulebooks[terms_hash]

    def balance(self, account: Account) -> Money:
        """What a guarded account holds."""
        return Money(self.minor(account), account.currency)

    def minor(self, account: Account) -> int:
        """A balance in minor units; an account that nobody locked is a bug, not an empty one."""
        found = self.balances.get(account)
        if found is None:
            new = self._first_id <= account.owner < self._last_id
            assert new, f"{account} was not locked"
            return 0
        return found

    def known(self, account: Account) -> int | None:
        """What a guarded account holds, or None if it only gains and was not looked at."""
        return None if account in self.gaining else self.minor(account)

    def new_id(self) -> int:
        """The next number of the command's own."""
        return self.new_ids(1)

    def new_ids(self, count: int) -> int:
        """The first of so many consecutive numbers of the command's own."""
        first = self._next_id
        self._next_id += count
        assert self._next_id <= self._last_id, "the edge reserves enough numbers"
        return first

    def begin(self, command: Command) -> None:
        """From here on it is this command's turn."""
        self.asker_id = command.actor_id
        self._first_id = self._next_id = command.first_id
        self._last_id = command.first_id + ids_needed(command.action)


def ids_needed(action: Action[Any]) -> int:
    """How many numbers the edge reserves for it."""
    return IDS_BASE + IDS_EACH * action.items()


def run(commands: Iterable[Command], world: World) -> World:
    """Decide every command in the order it came. A refused one leaves no trace."""
    for command in commands:
        command_id = command.id
        if command_id not in world.outcomes:  # Else asked before: the first answer stands.
            world.outcomes[command_id] = _decided(command, world)
    return world


def _decided(command: Command, world: World) -> Outcome:
    """Judge, then move the money; only then does anything of it stay."""
    world.begin(command)
    decision = judge(command, world)
    if isinstance(decision, Refused):
        return decision
    moved = ledger.post(world.known, decision.transfers)
    if isinstance(moved, Shortfall):
        return _short(moved, command)
    if isinstance(moved, Overflow):
        return Refused(Reason.BALANCE_TOO_LARGE, {"kind": moved.account.kind})
    if command.condition is not None:
        effect = effect_of(command.action, command.condition.fields, decision, command.made)
        if effect.hash != command.condition.effect_hash:
            return Refused(Reason.EFFECT_CHANGED, {"effect": effect})
    return _keep(command, decision, moved, world)


def judge(command: Command, world: World) -> Decision | Refused:
    """Ask what refuses whatever the input says; then the amounts; then the action itself."""
    action = command.action
    asker = world.find(User, command.actor_id)
    assert asker is not None, "the asker's row is read with the batch"
    subject = world.find(action.kind, action.subject_id)
    refused = hindered(type(action), subject, asker, world)
    if refused is not None:
        return refused
    assert subject is not None, "what is not there is refused"
    return _wrong_amount(action, subject) or action.decide(subject, world)


def _wrong_amount(action: Action[Any], subject: Row) -> Refused | None:
    """Amounts are positive and in the subject's currency, unless the field says otherwise."""
    currency = getattr(subject, "currency", None)
    if currency is None:
        own = getattr(subject, "amount", None)
        currency = own.currency if own is not None else None
    for path, amount, may_be_zero in action.amounts():
        if currency is not None and amount.currency != currency:
            return Refused(Reason.WRONG_CURRENCY, {"currency": currency}, path)
        if not amount.is_positive and not may_be_zero:
            return Refused(Reason.AMOUNT_NOT_POSITIVE, path=path)
    return None


def _short(shortfall: Shortfall, command: Command) -> Refused:
    """Say by how much, but only to who may see the account."""
    account = shortfall.account
    mine = account.kind == "wallet" and account.owner == command.actor_id
    facts = {"missing": Money(shortfall.missing, account.currency)} if mine else {}
    return Refused(Reason.NOT_ENOUGH_MONEY, facts)


def _keep(command: Command, decision: Decision, moved: Moved, world: World) -> Event:
    """Write the decision into the world, and its event."""
    action = command.action
    for account, balance in moved.balances.items():
        world.moved[account] = world.moved.get(account, 0) + balance - world.minor(account)
    world.balances |= moved.balances
    for account, delta in moved.deltas.items():
        world.deltas[account] = world.deltas.get(account, 0) + delta
    for account in decision.opened:
        (world.deltas if account in world.gaining else world.moved).setdefault(account, 0)
    for row in decision.rows:
        world.put(row)
    contract, rows = _counted(command, decision, world)
    subject = world.rows[action.kind, action.subject_id]
    made = action.makes
    answer = tuple([r for r in rows if type(r) is made]) if action.answers else (subject,)
    children = _children(action, answer, world)
    # Not by the names of the fields: in their order it costs half as much, for every command.
    return Event(
        world.new_id(),
        decision.event or action.event,
        subject,
        contract.id if contract else None,
        contract.seq if contract else None,
        command.actor_id,
        command.via,
        world.now,
        rows,
        decision.transfers,
        world.new_ids(len(decision.transfers)),
        _seen(moved, (*rows, *answer, *(children or ())), world),
        answer,
        children,
        _attached((*rows, *answer), world),
    )


def _counted(
    command: Command, decision: Decision, world: World
) -> tuple[Contract | None, tuple[Row, ...]]:
    """The contract that the event is counted in, one event further, and the rows as they now are.

    It is that of what was made, else that of the subject.
    """
    action, rows = command.action, decision.rows
    if action.sealed:
        return None, rows
    made = [row for row in rows if type(row) is action.makes]
    about = made[0] if made else world.rows[action.kind, action.subject_id]
    contract_id = getattr(about, "contract_id", None)
    contract = world.find(Contract, contract_id) if contract_id is not None else None
    if contract is None:
        return None, rows
    acted = command.actor_id in (contract.employer_id, contract.freelancer_id)
    counted = replace(
        contract,
        seq=contract.seq + 1,
        last_act_at=world.now if acted else contract.last_act_at,
        paid_at=contract.paid_at or _paid_at(contract, decision, world),
    )
    world.put(counted)
    return counted, tuple([counted if row is contract else row for row in rows])


def _paid_at(contract: Contract, decision: Decision, world: World) -> datetime | None:
    paid = any(each.credit == contract.freelancer_wallet for each in decision.transfers)
    return world.now if paid else None


def _children(action: Action[Any], answer: tuple[Row, ...], world: World) -> tuple[Row, ...] | None:
    if action.makes is Contract:
        return ()  # A new contract has none yet.
    if answer and isinstance(answer[0], Bid):
        return proposals_of(answer[0], world)
    if not action.children:
        return None
    parent_id = action.subject_id
    return tuple(row for kind in action.children for row in world.children(kind, parent_id))


def _attached(told: Iterable[Row], world: World) -> Mapping[int, tuple[File, ...]]:
    return {
        row.id: files_at(row.id, row.files, world)
        for row in told
        if isinstance(row, Message | Project | Bid) and row.files
    }


def _seen(moved: Moved, told: Iterable[Row], world: World) -> Mapping[Account, int]:
    seen = moved.balances.copy()
    for row in told:
        if isinstance(row, Project) and row.reserve in world.balances:
            seen[row.reserve] = world.balances[row.reserve]
        if isinstance(row, Milestone) and row.status in HOLDING:
            escrow = row.escrow
            seen[escrow] = world.balances[escrow]
    return seen
