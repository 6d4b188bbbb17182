"""Dataclass ↔ table: how each kind of row is read, and written by one set-based statement.

The order of `TABLES` is the order in which tables are locked, for everybody.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias, Union, get_args, get_origin
from typing import get_type_hints as hints_of

import msgspec

from earnest.core.bids.row import Bid, Bidder, Proposal
from earnest.core.contracts import AgreedTerms, Contract, Message
from earnest.core.disputes.arbitrating import Naming, Ruling
from earnest.core.disputes.exhibiting import Exhibit
from earnest.core.disputes.extending import Extension
from earnest.core.disputes.row import Dispute, Offer
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.disputes.withdrawing import Withdrew
from earnest.core.files import Attachment, File, FileCounter
from earnest.core.milestones.plans import Plan, as_kept, from_kept
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.row import Break
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import OfferCounter, Role, User, UserStatus
from earnest.core.projects.row import Project
from earnest.core.renewing import TermsOffer
from earnest.core.reviews import Review, Reviewed
from earnest.core.terms import Terms, as_json
from earnest.store.arrays import WORD, sent, unnested

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from earnest.core.rows import Row

Value: TypeAlias = Any  # What a driver takes and gives.


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its SQL type, where a row has it, and what an array of it needs."""

    name: str
    type: str
    #: Where in a row it is.
    path: str
    #: What cannot be an element of an array as it is travels as JSON, or as a plain number.
    written: Callable[[Any], str | int | None] | None = None
    expression: str = "{}"
    #: What COPY takes of it.
    copied: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of row and where it is kept."""

    kind: type[Row]
    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    #: The values of a row, column by column.
    values: Callable[[Row], tuple[Value, ...]]
    #: Builds the row from the values of its columns, in order.
    read: Callable[[Iterable[Value]], Row]
    #: Rows that never change are only inserted; the same one twice is the same.
    fixed: bool
    #: What of a row seldom changes; once it does, the row is written whole.
    keeps: tuple[str, ...]
    kept: Callable[[Row], tuple[Value, ...]] | None

    @property
    def names(self) -> str:
        """The columns, for a SELECT."""
        return ", ".join(column.name for column in self.columns)

    def arrays(self, rows: Sequence[Row]) -> list[Value]:
        """One array a column, for unnest."""
        values = zip(*map(self.values, rows), strict=True)
        return [_sent(column, each) for column, each in zip(self.columns, values, strict=True)]

    def records(self, rows: Iterable[Row]) -> Iterable[tuple[Value, ...]]:
        """The rows for COPY."""
        converted = [(i, c.copied) for i, c in enumerate(self.columns) if c.copied is not None]
        if not converted:
            return map(self.values, rows)
        return (_converted(self.values(row), converted) for row in rows)

    def changing(self, *, whole: bool = False) -> tuple[Column, ...]:
        """By what a row is known, and what may become of it: often, or if it is written whole."""
        fixed = _NEVER_CHANGE - set(self.key)
        rare = () if whole else self.keeps
        return tuple(c for c in self.columns if c.name not in fixed and c.name not in rare)

    def is_whole(self, before: Row, after: Row) -> bool:
        """Whether something has changed that seldom does."""
        return self.kept is not None and self.kept(before) != self.kept(after)

    def changes(self, rows: Sequence[Row], *, whole: bool = False) -> list[Value]:
        """One array for each column that may change."""
        values = dict(zip(self.columns, zip(*map(self.values, rows), strict=True), strict=True))
        return [_sent(column, values[column]) for column in self.changing(whole=whole)]

    def insert(self, first_parameter: int) -> str:
        """The statement that writes any number of new rows."""
        values = ", ".join(c.expression.format(f"w.{c.name}") for c in self.columns)
        written = (
            f"INSERT INTO {self.name} ({self.names}) SELECT {values}"
            f" FROM {_rows(self.columns, first_parameter)}"
        )
        if self.kind in _SAME_TWICE:
            return f"{written} ORDER BY {', '.join(self.key)} ON CONFLICT DO NOTHING"
        return written

    def update(self, first_parameter: int, *, whole: bool = False) -> str:
        """The statement that changes any number of rows, all of them held."""
        columns = self.changing(whole=whole)
        settable = [column for column in columns if column.name not in self.key]
        changes = ", ".join(f"{c.name} = {c.expression.format(f'w.{c.name}')}" for c in settable)
        found = " AND ".join(f"t.{name} = w.{name}" for name in self.key)
        return (
            f"UPDATE {self.name} t SET {changes}"
            f" FROM {_rows(columns, first_parameter)} WHERE {found}"
        )


def _converted(
    values: tuple[Value, ...], converted: Sequence[tuple[int, Callable[[Any], Any]]]
) -> tuple[Value, ...]:
    changed = list(values)
    for place, copied in converted:
        changed[place] = copied(values[place])
    return tuple(changed)


def _sent(column: Column, values: Sequence[Value]) -> Value:
    return sent(values if column.written is None else map(column.written, values), column.type)


def _rows(columns: Sequence[Column], first: int) -> str:
    return unnested(first, [column.name for column in columns], [column.type for column in columns])


#: References between rows, and what a row was made as.
_NEVER_CHANGE: Final = {
    "contract_id", "project_id", "bid_id", "employer_id", "freelancer_id", "bidder_id", "user_id",
    "currency", "gateway", "sandbox", "destination_type", "destination_account",
    "destination_name", "created_at", "plan",
}  # fmt: skip

#: Somebody else may be writing the same terms; whoever lets go a second time has let go before.
_SAME_TWICE: Final[frozenset[type[Row]]] = frozenset({AgreedTerms, Withdrew})

_PLAIN: Final = {int: "bigint", str: "text", datetime: "timestamptz", bool: "boolean"}


def _column(name: str, hint: object) -> Column:
    """A plain field is a column of the same name; money is its minor units."""
    kind = _without_none(hint)
    if kind is Money and kind is not hint:
        return Column(name, "bigint", name, _minor_or_nothing, copied=_minor_or_nothing)
    if kind is Money:
        return Column(name, "bigint", f"{name}.minor")
    if kind is Terms:
        return Column("body", "text", name, _terms_text, "{}::json", _terms_text)
    if kind is Plan:
        return Column(name, "text", name, _plan_or_nothing, "{}::json", _plan_or_nothing)
    if get_origin(kind) is Mapping:
        return Column(name, "text", name, _json_or_nothing, "{}::json", _json_or_nothing)
    if get_origin(kind) is tuple:
        element = "::bigint" if get_args(kind)[0] is int else ""
        listed = f"ARRAY(SELECT json_array_elements_text({{}}::json){element})"
        return Column(name, "text", name, _json_text, listed, list)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Column(name, WORD, name)
    return Column(name, _PLAIN[kind], name)  # type: ignore[index]


def _without_none(hint: object) -> object:
    if get_origin(hint) in (Union, types.UnionType):
        (kind,) = (each for each in get_args(hint) if each is not type(None))
        return kind
    return hint


def _minor_or_nothing(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def _json_text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _json_or_nothing(value: object) -> str | None:
    return None if value is None else _json_text(value)


def _terms_text(terms: Terms) -> str:
    return _json_text(as_json(terms))


def _plan_or_nothing(plan: Plan | None) -> str | None:
    return None if plan is None else _json_text(as_kept(plan))


def _reader(hint: object) -> Callable[[Value, Value], Value] | None:
    """How a value of the driver becomes a field's; None where it is the field already."""
    kind = _without_none(hint)
    optional = kind is not hint
    if kind is Money and optional:
        return lambda value, currency: None if value is None else Money(value, currency)
    if kind is Money:
        return Money
    if kind is Terms:
        return lambda value, _: Terms(**msgspec.json.decode(value))
    if kind is Plan:
        return lambda value, currency: (
            None if value is None else from_kept(msgspec.json.decode(value), currency)
        )
    if get_origin(kind) is Mapping:
        return lambda value, _: None if value is None else msgspec.json.decode(value)
    if get_origin(kind) is tuple:
        item = _reader(get_args(kind)[0])
        if item is not None:
            return lambda value, currency: tuple([item(each, currency) for each in value])
        return lambda value, _: tuple(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        known: Mapping[str | None, StrEnum | None] = {each.value: each for each in kind}
        if optional:
            known = {**known, None: None}
        return lambda value, _: known[value]
    return None


def _table(
    kind: type[Row], name: str, *key: str, fixed: bool = False, keeps: tuple[str, ...] = ()
) -> Table:
    hints = {n: h for n, h in hints_of(kind).items() if get_origin(h) is not ClassVar}
    own = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    columns = [_column(n, hints[n]) for n in own]
    readers = [(place, reader) for place, n in enumerate(own) if (reader := _reader(hints[n]))]
    money = next((n for n in own if hints[n] is Money), None)
    if money is not None:
        columns.append(Column("currency", WORD, f"{money}.currency"))

    def read(record: Iterable[Value]) -> Row:
        values = list(record)
        currency = values.pop() if money is not None else None
        for place, reader in readers:
            values[place] = reader(values[place], currency)
        return kind(*values)

    values = attrgetter(*(column.path for column in columns))
    of = key or ("id",)
    kept = attrgetter(*keeps) if keeps else None
    return Table(kind, name, of, tuple(columns), values, read, fixed, keeps, kept)


#: In lock order: parents before children. What is only ever written stands at the end.
TABLES: Final[tuple[Table, ...]] = (
    _table(AgreedTerms, "terms", "hash", fixed=True),
    _table(OfferCounter, "offer_counters", "employer_id", "freelancer_id"),
    _table(Contract, "contracts", keeps=("terms_hash",)),
    _table(Project, "projects"),
    _table(Bid, "bids"),
    _table(Bidder, "bidders", "project_id", "bidder_id"),
    _table(Proposal, "proposals", "bid_id", "position"),
    _table(FileCounter, "file_counters", "owner_id"),
    _table(File, "files", fixed=True),
    _table(Attachment, "attachments", "parent_id", "position"),
    _table(Deposit, "deposits"),
    _table(Withdrawal, "withdrawals"),
    _table(
        Milestone,
        "milestones",
        keeps=(
            *("description", "due_at", "agreement_hash"),
            *("frozen", "staff_cancel_by", "staff_return_at"),
            *("plan_agreed_at", "pays_at"),
            *("extra_rounds", "extra_review_days", "deferred_until"),
        ),
    ),
    _table(Tranche, "tranches"),
    _table(Edit, "edits", "milestone_id"),
    _table(TermsOffer, "terms_offers", "contract_id"),
    _table(Release, "releases"),
    _table(Dispute, "disputes"),
    _table(Offer, "offers", fixed=True),
    _table(SealedOffer, "sealed_offers", "dispute_id", "maker_id"),
    _table(Exhibit, "exhibits", "dispute_id", "position", keeps=("text", "sha256")),
    _table(Extension, "extensions", "dispute_id"),
    _table(Naming, "namings", "dispute_id", "arbiter_id", fixed=True),
    _table(Ruling, "rulings", "dispute_id", fixed=True),
    _table(Withdrew, "withdrew", "milestone_id", "opener_id", fixed=True),
    _table(Message, "messages", fixed=True),
    _table(Review, "reviews", fixed=True),
    _table(Reviewed, "reviewed", "contract_id"),
    _table(Break, "breaks", fixed=True),
)
BY_KIND: Final[dict[type[Row], Table]] = {table.kind: table for table in TABLES}
USER_COLUMNS: Final = "id, name, email, status, roles, created_at, updated_at"
# Looked up, not called: an enum that is called costs as much as all the rest of a person.
_STATUSES: Final = {each.value: each for each in UserStatus}
_ROLES: Final = {each.value: each for each in Role}


def user_from(record: Sequence[Value]) -> User:
    """A person: roles are a set, so they are read by hand."""
    number, name, email, status, roles, created_at, updated_at = record
    held = frozenset(map(_ROLES.__getitem__, roles))
    return User(number, name, email, _STATUSES[status], held, created_at, updated_at)
