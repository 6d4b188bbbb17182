"""What can be listed: where each kind of row is kept, who sees it, and what it is filtered by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar

from earnest.core.bids.row import Bid
from earnest.core.contracts import Contract, Message
from earnest.core.disputes.row import Dispute, Offer
from earnest.core.files import File
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.projects.row import Project
from earnest.core.rows import Row
from earnest.store import tokens
from earnest.store.reads.paging import Branch, Order, Part, Place, Source
from earnest.store.tables import BY_KIND

T = TypeVar("T")

#: Which way the money of a row goes, as its reader sees it.
DIRECTIONS: Final = ("outgoing", "incoming")


@dataclass(frozen=True, slots=True)
class Side:
    """One way in which a row is somebody's."""

    direction: str | None
    part: str
    #: The condition under which it is their turn; without one it never is.
    waiting: str | None = None


@dataclass(frozen=True, slots=True)
class Collection(Generic[T]):
    """One kind of row that can be read one by one and in pages."""

    source: Source[T]
    #: The condition under which one person may see a row.
    visible: str
    sides: tuple[Side, ...]
    template: str = "lists.own"
    #: Each filter that is a condition on the row alone, by the name it has on the wire.
    filters: Mapping[str, str] | None = None
    #: Expressions to sort by; the second is for the way down, where that is another.
    orders: Mapping[str, tuple[str, str]] | None = None
    #: Whether everybody sees all of it, unless they ask for one direction.
    public: bool = False
    #: What is everybody's of a project: found only by who asks for one.
    of_project: str | None = None

    @property
    def is_through_contracts(self) -> bool:
        """Whether rows are somebody's only through their contract."""
        return self.template == "lists.through_contracts"

    def seen_by(self, user_id: int) -> tuple[Part, ...]:
        """The condition under which one person may see a row."""
        return () if self.public else (Part(self.visible, (user_id,)),)

    def branches(self, user_id: int, chosen: Mapping[str, Any], *, everybody: bool) -> list[Branch]:
        """The sides on which rows are looked for, under the filters that were chosen."""
        where = tuple(
            Part(fragment, (chosen[name],))
            for name, fragment in (self.filters or {}).items()
            if name in chosen
        )
        if everybody or (self.public and "direction" not in chosen):
            return [Branch("lists.own", (Part("lists.anybodys"),), where)]
        if self.of_project is not None and "project" in chosen:
            whose: tuple[Part, ...] = (Part(self.of_project, (chosen["project"],)),)
            return [] if "contract" in chosen else [Branch("lists.own", whose, where)]
        found: list[Branch] = []
        for side in self.sides:
            if chosen.get("direction", side.direction) != side.direction:
                continue
            turn: tuple[Part, ...] = ()
            if "waiting_for" in chosen:
                if side.waiting is None:
                    continue
                turn = (Part(side.waiting),)
            whose = (Part(side.part, (user_id,)),)
            if self.is_through_contracts and "contract" in chosen:
                whose = (*whose, Part("contracts.where_this", (chosen["contract"],)))
            found.append(Branch(self.template, whose, (*where, *turn)))
        return found

    def order(self, sort: str | None) -> Order:
        """Newest first unless the reader chose otherwise."""
        if sort is None:
            return Order()
        up, down = (self.orders or {})[sort.removeprefix("-")]
        return Order(down, down=True) if sort.startswith("-") else Order(up, down=False)


#: Where a milestone without a due date stands: last, whichever way. As the query has it.
NEVER: Final = {False: datetime(3000, 1, 1, tzinfo=UTC), True: datetime(1900, 1, 1, tzinfo=UTC)}


def place_of(row: Any, order: Order) -> Place:
    """Where the page ends that has this row last."""
    if order.by is None:
        return Place(None, row.id)
    value = getattr(row, order.by.partition(".by_")[2].removesuffix("_down"))
    if isinstance(value, Money):
        value = value.minor
    return Place(NEVER[order.down] if value is None else value, row.id)


def kind_of(order: Order) -> type[object]:
    """What the values are that a list in this order is sorted by."""
    if order.by is None:
        return type(None)
    return datetime if order.by.removesuffix("_down").endswith("_at") else int


def rows_of(kind: type[Row]) -> Source[Any]:
    """The rows of a kind as its table keeps them."""
    table = BY_KIND[kind]
    return Source(table.name, [column.name for column in table.columns], table.read)


_MADE: Final = {"from": "lists.created_from", "to": "lists.created_before"}
_MONEY: Final = {
    "currency": "lists.in_currency",
    "min": "lists.at_least",
    "max": "lists.at_most",
}
_STATUS: Final = {"status": "lists.with_status"}
_THROUGH: Final = (
    Side("outgoing", "contracts.where_employer"),
    Side("incoming", "contracts.where_freelancer"),
)
_OWN: Final = (Side(None, "payments.visible"),)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it is kept: what a decision wrote, and who asked for it."""

    id: int
    name: str
    subject_kind: str
    subject_id: int
    contract_id: int | None
    seq: int | None
    actor_id: int
    via: str
    at: datetime
    #: JSON: `rows` and `transfers`, beside what only a replay needs.
    body: str


def _happened(record: Sequence[Any]) -> Happened:
    return Happened(*record)


EVENTS: Final = Source(
    "events",
    ["id", "name", "subject_kind", "subject_id", "contract_id", "seq", "actor_id", "via", "at",
     "body"],
    _happened,
)  # fmt: skip

CONTRACTS: Final[Collection[Contract]] = Collection(
    rows_of(Contract),
    "contracts.visible",
    (
        Side("outgoing", "contracts.as_employer"),
        Side("incoming", "contracts.as_freelancer", "contracts.waiting_for_freelancer"),
    ),
    filters={
        **_STATUS,
        "project": "lists.in_project",
        "currency": "lists.in_currency",
        **_MADE,
    },
)
MILESTONES: Final[Collection[Milestone]] = Collection(
    rows_of(Milestone),
    "milestones.visible",
    (
        Side("outgoing", "milestones.as_employer", "milestones.waiting_for_employer"),
        Side("incoming", "milestones.as_freelancer", "milestones.waiting_for_freelancer"),
    ),
    filters={
        **_STATUS,
        "contract": "lists.in_contract",
        "project": "milestones.in_project",
        **_MONEY,
        **_MADE,
        "q": "milestones.saying",
        "about": "milestones.about",
    },
    orders={
        "due_at": ("milestones.by_due_at", "milestones.by_due_at_down"),
        "amount": ("milestones.by_amount", "milestones.by_amount"),
        "updated_at": ("milestones.by_updated_at", "milestones.by_updated_at"),
    },
)
RELEASES: Final[Collection[Release]] = Collection(
    rows_of(Release),
    "contracts.through",
    _THROUGH,
    "lists.through_contracts",
    filters={**_STATUS, **_MONEY, **_MADE},
)
TRANCHES: Final[Collection[Tranche]] = Collection(
    rows_of(Tranche),
    "contracts.through",
    _THROUGH,
    "lists.through_contracts",
    filters={**_STATUS, "milestone": "disputes.of_milestone", **_MONEY, **_MADE},
)
DISPUTES: Final[Collection[Dispute]] = Collection(
    rows_of(Dispute),
    "disputes.visible",
    (
        Side("outgoing", "disputes.as_employer", "disputes.waiting_for_employer"),
        Side("incoming", "disputes.as_freelancer", "disputes.waiting_for_freelancer"),
        Side(None, "disputes.as_arbiter", "disputes.waiting_for_arbiter"),
    ),
    filters={
        **_STATUS,
        "contract": "lists.in_contract",
        "milestone": "disputes.of_milestone",
        **_MONEY,
        **_MADE,
    },
)
OFFERS: Final[Collection[Offer]] = Collection(
    rows_of(Offer),
    "contracts.through",
    _THROUGH,
    "lists.through_contracts",
    filters={"currency": "lists.in_currency", **_MADE},
)
MESSAGES: Final[Collection[Message]] = Collection(
    rows_of(Message),
    "messages.visible",
    _THROUGH,
    "lists.through_contracts",
    filters={**_MADE, "q": "messages.saying"},
    of_project="messages.of_project",
)
PROJECTS: Final[Collection[Project]] = Collection(
    rows_of(Project),
    "lists.anybodys",
    (Side("outgoing", "projects.of_employer"),),
    filters={
        **_STATUS,
        "skill": "projects.asking_for",
        "reserved": "projects.with_a_reserve",
        "currency": "lists.in_currency",
        **_MADE,
        "q": "projects.saying",
    },
    public=True,
)
BIDS: Final[Collection[Bid]] = Collection(
    rows_of(Bid),
    "bids.visible",
    (Side("outgoing", "bids.as_employer"), Side("incoming", "bids.as_freelancer")),
    filters={"status": "bids.with_status", "project": "bids.of_project", **_MONEY, **_MADE},
)
FILES: Final[Collection[File]] = Collection(
    rows_of(File), "files.visible", (Side(None, "files.of_owner"),), filters=_MADE
)
DEPOSITS: Final[Collection[Deposit]] = Collection(
    rows_of(Deposit), "payments.visible", _OWN, filters={**_STATUS, **_MONEY, **_MADE}
)
WITHDRAWALS: Final[Collection[Withdrawal]] = Collection(
    rows_of(Withdrawal), "payments.visible", _OWN, filters={**_STATUS, **_MONEY, **_MADE}
)
TOKENS: Final[Collection[tokens.Token]] = Collection(
    Source("tokens", tokens.COLUMNS.split(", "), tokens.token_from),
    "tokens.visible",
    (Side(None, "tokens.visible"),),
)
