"""The world of one batch: the rows that were locked, and what its commands have made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from earnest.core.clocks import WITHIN
from earnest.core.commands import ids_needed
from earnest.core.contracts import AgreedTerms, Contract
from earnest.core.milestones.row import ENDED
from earnest.core.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from earnest.core.actions import R, Refused
    from earnest.core.commands import Command, Event, Outcome
    from earnest.core.hearing import Heard
    from earnest.core.house import House
    from earnest.core.ledger import Account
    from earnest.core.rows import Key, Row, Waking
    from earnest.core.terms import Terms


#: What is never written down has numbers that are nobody's, in blocks larger than anything needs.
_NOBODYS: Final = 1 << 62
_BLOCK: Final = 1_000


def nobodys() -> Callable[[int], int]:
    """Makes numbers for what is only looked at."""
    blocks = iter(range(_NOBODYS, 2 * _NOBODYS, _BLOCK))
    return lambda _: next(blocks)


def _no_numbers(count: int) -> int:
    raise AssertionError(f"{count} numbers are needed, and nobody makes any")


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
    #: No clock runs: on a restored site somebody may have answered after that backup.
    is_paused: bool = False
    #: Of contracts in which something is due: when what was not locked of them wakes.
    later: Mapping[int, datetime] = field(default_factory=dict)
    #: Makes numbers for what nobody asked for: the first of so many.
    reserve: Callable[[int], int] = _no_numbers
    #: Whether two people ever were in a contract together, for the pairs that actions named, the
    #: smaller number first.
    acquaintances: Mapping[tuple[int, int], bool] = field(default_factory=dict)
    #: Who was told of the clocks that have run out; None: everybody, as far as anybody asks.
    heard: Heard | None = None
    #: The clocks that have run out in this batch, in the order in which they were decided.
    ran_out: list[tuple[Command, Event]] = field(default_factory=list)
    #: Rows whose clock was refused: what was asked for, and why it was not done.
    alarms: dict[int, tuple[str, Refused]] = field(default_factory=dict)
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
        rows = self._family(kind, parent_id)
        live = [row for row in rows if row.status not in ENDED]  # type: ignore[attr-defined]
        return sorted(live, key=lambda row: row.id)

    def within(self, contract_id: int) -> Sequence[Waking]:
        """What belongs to a contract and has clocks of its own, as far as it was locked."""
        kinds: Sequence[type[Waking]] = WITHIN
        return [row for kind in kinds for row in self._family(kind, contract_id)]

    def wake_later(self, contract_id: int) -> None:
        """A contract wakes when the first of what belongs to it does."""
        contract = self.rows[Contract, contract_id]
        assert isinstance(contract, Contract), "a row is of its kind"
        each = [row.wakes_at for row in self.within(contract_id)]
        found = [at for at in (*each, self.later.get(contract_id)) if at is not None]
        wakes_at = min(found, default=None)
        if wakes_at != contract.wakes_at:
            self.put(contract.waking(wakes_at))

    def _family(self, kind: type[R], contract_id: int) -> list[R]:
        if kind not in self._families:
            self._families[kind] = {}
            for row in self.rows.values():
                if type(row) is kind:
                    self._join_family(row)
        keys = self._families[kind].get(contract_id, ())
        return [self.rows[kind, key] for key in keys]  # type: ignore[misc]

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

    def acquainted(self, one: int, other: int) -> bool:
        """Whether two people ever were in a contract; not to have looked is a bug, not a no."""
        pair = (min(one, other), max(one, other))
        assert pair in self.acquaintances, f"nobody looked whether {pair} know each other"
        return self.acquaintances[pair]

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
