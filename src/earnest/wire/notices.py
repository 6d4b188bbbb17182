"""What of an event a notice says: facts, read out of the event's body, and kept as JSON.

Before a contract is accepted a notice has names, amounts and dates, and nothing that the other
side wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.bids.row import Bid
from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import Milestone
from earnest.core.money import Money
from earnest.core.notices import Sum
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.references import parsed, printed
from earnest.core.telling import Facts
from earnest.wire.surroundings import Json, money, time

if TYPE_CHECKING:
    from earnest.core.notices import Telling
    from earnest.core.rows import Row

ABOUT_MAX: Final = 120
WORDS_MAX: Final = 200

#: What a notice can lead to, by its noun.
KINDS: Final[Mapping[str, type[Row]]] = {
    kind.noun: kind
    for kind in (Contract, Milestone, Release, Project, Bid, Dispute, Deposit, Withdrawal)
}
#: Where it leads elsewhere than its own noun says.
_ELSEWHERE: Final[Mapping[str, type[Row]]] = {
    "bid.awarded": Contract,
    "release.recalled": Milestone,
    "milestone.disputed": Dispute,
    "dispute.deferred": Dispute,
}
#: The date that an event is waited for by, and the row that has it.
_DATES: Final[Mapping[str, tuple[str, str]]] = {
    "contract.offered": ("ctr", "accept_by"),
    "bid.awarded": ("ctr", "accept_by"),
    "milestone.requested": ("ms", "due_at"),
    "milestone.release_started": ("rel", "final_at"),
    "milestone.funded": ("ms", "due_at"),
    "milestone.edit_proposed": ("edit", "expires_at"),
    "project.edited": ("prj", "closes_at"),
    "milestone.disputed": ("dsp", "ends_at"),
    "milestone.staff_cancel_confirmed": ("ms", "staff_return.returns_at"),
    "milestone.deferred": ("ms", "deferred_until"),
    "dispute.deferred": ("dsp", "deferred_until"),
    "dispute.responded": ("dsp", "ends_at"),
    "dispute.sealed_compared": ("dsp", "closes_at"),
    "dispute.fee_paid": ("dsp", "ends_at"),
    "dispute.extension_proposed": ("extension", "until"),
    "dispute.extended": ("dsp", "ends_at"),
    "dispute.escalated": ("dsp", "ends_at"),
    "dispute.arbiter_named": ("dsp", "ends_at"),
    "dispute.asked": ("dsp", "asked_until"),
}
#: The status in which the other side has to act by that date; in another one it means something
#: else, and is not said.
_WHILE: Final[Mapping[str, str]] = {"dispute.fee_paid": "final_offers"}
#: What tells of an amount that is in another row than the one it is about.
_AMOUNTS: Final[Mapping[str, str]] = {
    "milestone.edit_proposed": "edit",
    "milestone.release_started": "rel",
    "milestone.auto_released": "rel",
    "milestone.tranche_paid": "rel",
    "milestone.disputed": "dsp",
}
#: What a row has marks it, where it has no reference of its own.
_MARKS: Final[Mapping[str, str]] = {"edit": "edit_hash", "extension": "until"}
#: The amounts of a dispute that stand elsewhere than in its own `amount`.
_NAMED: Final[Mapping[Sum, tuple[str, str]]] = {
    Sum.OFFERED: ("off", "to_freelancer"),
    Sum.FEE: ("dsp", "fee"),
}


class _Side(msgspec.Struct):
    kind: str
    owner: str


class _Moved(msgspec.Struct):
    debit: _Side
    credit: _Side
    amount: dict[str, str]


class _Body(msgspec.Struct):
    rows: list[dict[str, Any]]
    transfers: list[_Moved]


_BODY: Final = msgspec.json.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class Tale:
    """An event's body, as far as somebody is told of it."""

    event: str
    rows: tuple[Json, ...]
    transfers: tuple[_Moved, ...]

    def every(self, prefix: str) -> list[Json]:
        """The rows of a kind; what is proposed has no reference of its own."""
        if prefix in _MARKS:
            return [row for row in self.rows if _MARKS[prefix] in row]
        return [row for row in self.rows if str(row.get("id", "")).startswith(f"{prefix}_")]

    def first(self, prefix: str) -> Json:
        """The first row of a kind, or nothing of it."""
        return next(iter(self.every(prefix)), {})

    @property
    def prefix(self) -> str:
        """Of what it is about."""
        return KINDS[self.event.partition(".")[0]].prefix

    @property
    def status(self) -> str:
        """How it left what it is about."""
        return str(self.first(self.prefix).get("status", ""))

    @property
    def question_id(self) -> int | None:
        """The question that it answers, if it answers one."""
        asked = self.first("msg").get("question_id")
        return None if asked is None else parsed(asked, "msg")

    @property
    def arbiter_id(self) -> int | None:
        """Who is named to rule on the dispute that it is about, if anybody is."""
        arbiter = self.first(Dispute.prefix).get("arbiter")
        return None if arbiter is None else parsed(arbiter["id"], User.prefix)

    @property
    def by(self) -> datetime | None:
        """The date that it is waited for by, if there is one."""
        prefix, member = _DATES.get(self.event, ("", ""))
        found: Any = self.first(prefix) if prefix else None
        for each in member.split("."):
            found = None if found is None else found.get(each)
        if found is None or self.status != _WHILE.get(self.event, self.status):
            return None
        return datetime.fromisoformat(found)

    def leads_to(self, kind: str, number: int, contract_id: int | None) -> tuple[str, int]:
        """Where the one thing to do is: what it is about, or what was made of its subject."""
        wanted = _ELSEWHERE.get(self.event) or KINDS[self.event.partition(".")[0]]
        if wanted.noun == kind:
            return kind, number
        if wanted is Contract and contract_id is not None:
            return wanted.noun, contract_id
        return wanted.noun, parsed(self.first(wanted.prefix)["id"], wanted.prefix)


def tale_of(event: str, body: str) -> Tale:
    """Read an event's body."""
    found = _BODY.decode(body)
    return Tale(event, tuple(found.rows), tuple(found.transfers))


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told, and what they may know beside the event."""

    user_id: int
    #: What the other one is called.
    person: str | None
    #: Whether the contract that it is about was accepted.
    is_accepted: bool
    #: The title of their own project, if it is about one.
    title: str | None
    #: When the clock runs out that the event wound, where its body does not say so.
    ends_at: datetime | None = None


def facts(tale: Tale, telling: Telling, reader: Reader) -> Facts:
    """What somebody is told."""
    made = tale.every(Milestone.prefix) if tale.event == "contract.funded" else []
    about = reader.title
    if reader.is_accepted and len(made) <= 1:
        about = tale.first(Milestone.prefix).get("description", about)
    said = tale.first("msg").get("text") or tale.first("off").get("statement")
    words = said if reader.is_accepted else None
    return Facts(
        person=reader.person,
        amount=_amount(tale, telling.sum, printed(User.prefix, reader.user_id)),
        count=len(made) or None,
        about=line(about),
        words=line(words, WORDS_MAX),
        by=tale.by or reader.ends_at,
    )


def _amount(tale: Tale, which: Sum, reader: str) -> Money | None:
    """The amount that it names, if there is one."""
    if which is Sum.NONE:
        return None
    if which in {Sum.WHOLE, Sum.HELD}:
        row = tale.first(_AMOUNTS.get(tale.event, tale.prefix))
        return _money(row.get("amount" if which is Sum.WHOLE else "held"))
    if which in _NAMED:
        prefix, member = _NAMED[which]
        return _money(tale.first(prefix).get(member))
    wanted = [
        each.amount
        for each in tale.transfers
        if (
            each.credit.kind == "escrow"
            if which is Sum.ASIDE
            else (each.credit.kind, each.credit.owner) == ("wallet", reader)
        )
    ]
    parts = [part for part in map(_money, wanted) if part is not None]
    return sum(parts[1:], parts[0]) if parts else None


def _money(shown: Mapping[str, str] | None) -> Money | None:
    return None if shown is None else Money.parse(shown["amount"], shown["currency"])


def line(text: str | None, most: int = ABOUT_MAX) -> str | None:
    """A text in one line, or how it begins."""
    found = " ".join("".join(c if c.isprintable() else " " for c in text or "").split())
    return (found if len(found) <= most else f"{found[: most - 1].rstrip()}…") or None


class _Kept(msgspec.Struct, omit_defaults=True):
    """Facts as they are kept."""

    person: str | None = None
    amount: dict[str, str] | None = None
    count: int | None = None
    about: str | None = None
    words: str | None = None
    by: datetime | None = None
    others: dict[str, str] | None = None
    waits: bool = False


_KEPT: Final = msgspec.json.Decoder(_Kept)


def kept(found: Facts) -> str:
    """Facts as the database keeps them."""
    told = _Kept(
        found.person,
        _plain(found.amount),
        found.count,
        found.about,
        found.words,
        found.by,
        _plain(found.others),
        found.waits,
    )
    return msgspec.json.encode(told).decode()


def _plain(amount: Money | None) -> dict[str, str] | None:
    return None if amount is None else {"amount": amount.decimal, "currency": amount.currency}


def read(text: str) -> Facts:
    """Facts as they were kept."""
    found = _KEPT.decode(text)
    return Facts(
        found.person,
        _money(found.amount),
        found.count,
        found.about,
        found.words,
        found.by,
        _money(found.others),
        found.waits,
    )


def shown(found: Facts) -> Json:
    """Facts as every interface shows them."""
    return {
        "person": found.person,
        "amount": None if found.amount is None else money(found.amount),
        "count": found.count,
        "about": found.about,
        "words": found.words,
        "by": time(found.by),
        "others": None if found.others is None else money(found.others),
        "waits": found.waits,
    }
