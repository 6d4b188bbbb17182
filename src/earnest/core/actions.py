"""An action is a class: what may be asked, by whom, in which status, and what happens then.

Its fields are the input, `by` is who may ask, `when` from which status, `decide()` what happens.
REST routes, CLI verbs, OpenAPI and the exhaustive tests are made from `ACTIONS` and no other list.
"""

from __future__ import annotations

from dataclasses import field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    Generic,
    Protocol,
    TypeVar,
    dataclass_transform,
)

from earnest.core.money import Money
from earnest.core.people import NOBODY, SYSTEM, Party, User, UserStatus
from earnest.core.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from earnest.core.hearing import Heard
    from earnest.core.house import House
    from earnest.core.ledger import Account, Transfer
    from earnest.core.rows import Key, Row, Waking
    from earnest.core.terms import Terms

R = TypeVar("R", bound="Row")
S = TypeVar("S", bound="Row")
A = TypeVar("A", bound="Action[Any]")


class Reason(StrEnum):
    """Why an action is refused, in the order in which refusals are given. A fact, no advice."""

    # What was asked before under the same key.
    KEY_REUSED = "key_reused"
    # May the asker open anything new? Is it there, is it yours, is it time?
    SUSPENDED = "suspended"
    NOT_FOUND = "not_found"
    NOT_YOUR_PART = "not_your_part"
    WRONG_STATUS = "wrong_status"
    # Blocked, whatever the input says.
    CONTRACT_NOT_ACTIVE = "contract_not_active"
    CONTRACT_NOT_OFFERED = "contract_not_offered"
    PROJECT_ENDED = "project_ended"
    BIDDING_CLOSED = "bidding_closed"
    ALREADY_BID = "already_bid"
    ALREADY_SHORTLISTED = "already_shortlisted"
    NOT_SHORTLISTED = "not_shortlisted"
    OFFER_WAITING = "offer_waiting"
    STILL_HOLDING = "still_holding"
    NOTHING_HELD = "nothing_held"
    NOTHING_RESERVED = "nothing_reserved"
    NOTHING_PAID = "nothing_paid"
    STILL_RELEASING = "still_releasing"
    NO_ROUNDS_LEFT = "no_rounds_left"
    BUDGET_SPENT = "budget_spent"
    DATE_PASSED = "date_passed"
    REVIEW_TOO_LATE = "review_too_late"
    ALREADY_REVIEWED = "already_reviewed"
    CANCEL_ALREADY_ASKED = "cancel_already_asked"
    CANCEL_NOT_ASKED = "cancel_not_asked"
    DISPUTE_OPEN = "dispute_open"
    WITHDRAWN_BEFORE = "withdrawn_before"
    STAFF_CANCEL_ALREADY_ASKED = "staff_cancel_already_asked"
    STAFF_CANCEL_NOT_ASKED = "staff_cancel_not_asked"
    STAFF_CANCEL_ALREADY_CONFIRMED = "staff_cancel_already_confirmed"
    SECOND_OPERATOR_NEEDED = "second_operator_needed"
    NOT_THE_OPENER = "not_the_opener"
    NOT_ANSWERED = "not_answered"
    NO_OFFER_OPEN = "no_offer_open"
    NO_ROUND_OPEN = "no_round_open"
    NO_FEE_ASKED = "no_fee_asked"
    FEE_ALREADY_PAID = "fee_already_paid"
    NO_CLOCK_RUNS = "no_clock_runs"
    NO_ARBITER_NAMED = "no_arbiter_named"
    ARBITER_ALREADY_NAMED = "arbiter_already_named"
    REFUSED_BEFORE = "refused_before"
    TOO_LATE_TO_REFUSE = "too_late_to_refuse"
    NOT_TAKEN = "not_taken"
    ALREADY_TAKEN = "already_taken"
    EXHIBITS_CLOSED = "exhibits_closed"
    EXHIBITS_OPEN = "exhibits_open"
    TOO_MANY_EXHIBITS = "too_many_exhibits"
    TOO_LATE_TO_ASK = "too_late_to_ask"
    EXHIBIT_UNOPENED = "exhibit_unopened"
    ALREADY_OPENED = "already_opened"
    NO_EDIT_OPEN = "no_edit_open"
    NOTHING_TO_AGREE = "nothing_to_agree"
    PLAN_NOT_AGREED = "plan_not_agreed"
    NOT_YOUR_TURN = "not_your_turn"
    NOT_YET_DUE = "not_yet_due"
    # The input.
    WRONG_CURRENCY = "wrong_currency"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    GATEWAY_NOT_OFFERED = "gateway_not_offered"
    NOT_AN_IBAN = "not_an_iban"
    PERSON_UNKNOWN = "person_unknown"
    SAME_PERSON = "same_person"
    TERMS_NOT_OFFERED = "terms_not_offered"
    NO_ARBITER = "no_arbiter"
    TOO_MANY_OFFERS = "too_many_offers"
    TOO_MANY_MILESTONES = "too_many_milestones"
    DUE_IN_PAST = "due_in_past"
    DAYS_OR_DUE = "days_or_due"
    PERCENT_OR_AMOUNT = "percent_or_amount"
    RETENTION_NOT_LAST = "retention_not_last"
    NOT_LATER = "not_later"
    DEADLINE_TOO_FAR = "deadline_too_far"
    BUDGET_REVERSED = "budget_reversed"
    DOES_NOT_ADD_UP = "does_not_add_up"
    QUESTION_UNKNOWN = "question_unknown"
    LESS_THAN_GONE = "less_than_gone"
    ONLY_ADDING = "only_adding"
    NO_LIMIT_HERE = "no_limit_here"
    BEYOND_BOUNDS = "beyond_bounds"
    NOTHING_CHANGES = "nothing_changes"
    FILE_UNKNOWN = "file_unknown"
    FILE_TWICE = "file_twice"
    FILES_TOO_LARGE = "files_too_large"
    FILE_TOO_LARGE = "file_too_large"
    NO_ROOM_LEFT = "no_room_left"
    FILE_LINK_OR_TEXT = "file_link_or_text"
    EXHIBITS_TOO_LARGE = "exhibits_too_large"
    EXHIBIT_UNKNOWN = "exhibit_unknown"
    NOT_AN_ARBITER = "not_an_arbiter"
    NAMED_BEFORE = "named_before"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    CHANGED = "changed"
    # The money.
    MORE_THAN_HELD = "more_than_held"
    MORE_THAN_TRANCHE = "more_than_tranche"
    MORE_THAN_FROZEN = "more_than_frozen"
    NOT_ENOUGH_MONEY = "not_enough_money"
    BALANCE_TOO_LARGE = "balance_too_large"
    # Something else than what was shown, or what nobody is shown before.
    NOT_PREVIEWABLE = "not_previewable"
    EFFECT_CHANGED = "effect_changed"


class Scope(StrEnum):
    """What a token must be good for."""

    READ = "read"
    WRITE = "write"
    MONEY = "money"
    STAFF = "staff"


@record(frozen=True, slots=True)
class Refused:
    """A typed no: returned, never raised. Sentences are made from the facts at the edge."""

    reason: Reason
    facts: Mapping[str, object] = field(default_factory=dict)
    #: Which field of the input is meant, as a JSON pointer; empty when it is none of them.
    path: str = ""


@record(frozen=True, slots=True)
class Decision:
    """What happens: rows as they will be, and the transfers between accounts."""

    rows: tuple[Row, ...]
    transfers: tuple[Transfer, ...] = ()
    #: Accounts that exist from here on, even while nothing is in them.
    opened: tuple[Account, ...] = ()
    #: The event's name where it depends on what was decided; else the action's own.
    event: str | None = None


class View(Protocol):
    """What a decision may look at: rows that are locked or never change, and the clock."""

    @property
    def now(self) -> datetime:
        """The database's clock, read once per batch under the locks."""

    @property
    def house(self) -> House:
        """The operator's settings."""

    @property
    def asker_id(self) -> int:
        """Whose command is being decided."""

    @property
    def heard(self) -> Heard | None:
        """Who was told of the clocks that have run out; None: nobody asks, as if all were."""

    def find(self, kind: type[R], key: Key) -> R | None:
        """The row, if it was locked or read for this batch."""

    def children(self, kind: type[R], parent_id: int) -> Sequence[R]:
        """The rows of a parent that have not ended; only for actions that name `children`."""

    def within(self, contract_id: int) -> Sequence[Waking]:
        """What belongs to a contract and has clocks of its own, as far as it was locked."""

    def terms(self, terms_hash: str) -> Terms:
        """The rule book with this hash."""

    def balance(self, account: Account) -> Money:
        """What a guarded account holds."""

    def acquainted(self, one: int, other: int) -> bool:
        """Whether two people ever were in a contract together; only for an action's `pairs`."""

    def new_id(self) -> int:
        """The next of the numbers that the edge reserved for this command."""


class Action(Generic[S]):
    """What somebody asks for. Subclasses are dataclasses: their annotated fields are the input.

    The attributes below are not fields: a subclass sets them without an annotation.
    """

    __slots__ = ()

    name: ClassVar[str]
    #: The kind of the subject. What makes a row has its parent as subject.
    kind: ClassVar[type[Row]]
    by: ClassVar[frozenset[Party]]
    when: ClassVar[frozenset[StrEnum]]
    event: ClassVar[str]
    scope: ClassVar[Scope] = Scope.WRITE
    makes: ClassVar[type[Row] | None] = None
    #: Whether the answer is what was made; else it is the subject.
    answers: ClassVar[bool] = False
    #: Whether a suspended person may not ask for it.
    opens: ClassVar[bool] = False
    #: Whether only who asks for it may know of it, for now: its event is counted in no contract.
    sealed: ClassVar[bool] = False
    #: Whether it can be looked at before, and asked for under the condition of what was seen.
    previewable: ClassVar[bool] = True
    #: Whether it comes with bytes that were looked at: nobody can ask for it in JSON alone.
    takes_bytes: ClassVar[bool] = False
    #: Kinds of which all that have not ended are locked with the subject.
    children: ClassVar[tuple[type[Row], ...]] = ()
    #: Kinds that are read with the subject under its number, as their key or the first half of it.
    beside: ClassVar[tuple[type[Row], ...]] = ()
    #: Whether the project and the bid of the contract it is about are locked with it.
    with_project: ClassVar[bool] = False

    subject_id: int

    @classmethod
    def blocked(cls, subject: S, asker: User, world: View) -> Reason | None:
        """What refuses whatever the input says; a page prints its sentence for the button."""
        return None

    def people(self) -> Iterable[int]:
        """Further persons whose rows `decide` reads."""
        return ()

    def accounts(self, subject: S, world: View) -> Iterable[Account]:
        """The guarded accounts that `decide` reads or takes from: they are locked before."""
        return ()

    def receives(self, subject: S, world: View) -> Iterable[Account]:
        """The guarded accounts that can only gain by it: nobody has to wait for what they hold."""
        return ()

    def reads(self) -> Iterable[tuple[type[Row], int]]:
        """Further rows that `decide` reads, of kinds that never change."""
        return ()

    def pairs(self, subject: S, world: View) -> Iterable[tuple[int, int]]:
        """People of whom `decide` asks whether they were ever in a contract together."""
        return ()

    def items(self) -> int:
        """How many rows are asked for at once."""
        return 1

    def parts(self) -> int:
        """How many rows are made of those, of which no money moves yet."""
        return 0

    def decide(self, subject: S, world: View) -> Decision | Refused:
        """What happens. Pure: the same rows and the same moment give the same answer."""
        raise NotImplementedError

    def amounts(self) -> Sequence[tuple[str, Money, bool]]:
        """Each amount that the asker chose: its JSON pointer, and whether it may be nothing."""
        return _amounts(self, "")


def _amounts(holder: Any, path: str) -> list[tuple[str, Money, bool]]:
    found: list[tuple[str, Money, bool]] = []
    for name, is_chosen, may_be_zero in _fields_of(holder.__class__):
        value = getattr(holder, name)
        if isinstance(value, Money):
            if is_chosen:
                found.append((f"{path}/{name}", value, may_be_zero))
        elif isinstance(value, tuple):
            for index, line in enumerate(value):
                found += _amounts(line, f"{path}/{name}/{index}")
    return found


@cache
def _fields_of(kind: type[Any]) -> tuple[tuple[str, bool, bool], ...]:
    """Each field, whether it is the asker's own choice, and whether it may be nothing."""
    if not is_dataclass(kind):
        return ()
    return tuple(
        (each.name, "AsSaid" not in str(each.type), "MayBeZero" in str(each.type))
        for each in fields(kind)
    )


#: Every action by its wire name, in the order of the modules that hold them.
ACTIONS: Final[dict[str, type[Action[Any]]]] = {}


@dataclass_transform(frozen_default=True)
def action(cls: type[A]) -> type[A]:
    """Make the class a frozen dataclass and enter it in the registry, by its wire name."""
    made = record(frozen=True, slots=True)(cls)
    assert made.name not in ACTIONS, f"{made.name} is there twice"
    ACTIONS[made.name] = made
    return made


def until(due: datetime | None, world: View) -> Reason | None:
    """What refuses a clock before its instant, or one that does not run."""
    return None if due is not None and due <= world.now else Reason.NOT_YET_DUE


def parties_of(subject: Row, asker: User, world: View) -> frozenset[Party]:
    """Which parts the asker has in the subject; none means: a stranger."""
    if asker.is_system:
        return SYSTEM
    parties: frozenset[Party] = subject.parties(asker, world)  # type: ignore[attr-defined]
    return parties


def hindered(
    asked: type[Action[Any]], subject: Row | None, asker: User, world: View
) -> Refused | None:
    """What refuses whatever the input says: in one fixed order, as the questions stand here."""
    if asked.opens and asker.status is UserStatus.SUSPENDED:
        return Refused(Reason.SUSPENDED)  # A suspended person opens nothing new.
    parties = parties_of(subject, asker, world) if subject is not None else NOBODY
    if subject is None or not parties:
        return Refused(Reason.NOT_FOUND)  # A stranger is not told that it exists.
    if asked.by.isdisjoint(parties):
        return Refused(Reason.NOT_YOUR_PART, {"by": asked.by})
    # A clock is asked for because of what was not written down yet.
    status: StrEnum = subject.status if asker.is_system else subject.standing(world.now)  # type: ignore[attr-defined]
    if status not in asked.when:
        return Refused(Reason.WRONG_STATUS, {"status": status, "noun": subject.noun})
    blocked = asked.blocked(subject, asker, world)
    return Refused(blocked) if blocked is not None else None


def standing(subject: Row, asker: User, world: View) -> Mapping[str, Refused | None]:
    """Every action on this kind of row, and what refuses it to the asker, if anything does."""
    return {
        name: hindered(each, subject, asker, world)
        for name, each in ACTIONS.items()
        if each.kind is type(subject)
    }


def offered(subject: Row, asker: User, world: View) -> tuple[str, ...]:
    """The actions that the asker would not be refused whatever their input: the buttons."""
    if asker.is_system:
        return ()
    return tuple(name for name, no in standing(subject, asker, world).items() if no is None)
