"""Every story, told to the core itself: no database, no wire, the rules alone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import count
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import pytest
from tests.core.samples import accepted, annotation
from tests.core.worlds import (
    ARBITER,
    EMPLOYER,
    FREELANCER,
    OPERATOR,
    OTHER_OPERATOR,
    STRANGER,
    ask,
    batch,
    command,
    empty_world,
    suspend,
    the,
)
from tests.scenarios.agreeing import NEVER
from tests.scenarios.disputing import NEVER_ENDS
from tests.scenarios.story import APPROVAL_LIMITS, Asked, Heard, Story, stories, tell

from earnest.core import hearing
from earnest.core.actions import ACTIONS, Action, Reason, Refused
from earnest.core.bids.row import Bid
from earnest.core.clocks import WITHIN, Wind, clock_of
from earnest.core.commands import Command, Event
from earnest.core.contracts import Contract
from earnest.core.disputes.arbitrating import NameArbiter, Naming
from earnest.core.disputes.extending import open_extension
from earnest.core.disputes.row import ARBITRATION, Dispute, may_arbitrate
from earnest.core.files import AddFile, FileType
from earnest.core.house import House
from earnest.core.inputs import Percent, Ref
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.revising import open_edit
from earnest.core.milestones.row import Milestone
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit, FailDeposit, SettleDeposit
from earnest.core.payments.withdrawing import (
    FailWithdrawal,
    PayWithdrawal,
    SendWithdrawal,
    Withdrawal,
    WithdrawalStatus,
)
from earnest.core.people import SYSTEM_ID, User
from earnest.core.projects.row import Project
from earnest.core.records import replace
from earnest.core.references import parsed
from earnest.core.renewing import TermsOffer
from earnest.core.rows import Row
from earnest.core.terms import Terms, from_json
from earnest.core.watchman import broken_invariant
from earnest.core.world import World

PEOPLE: Final = {
    "employer": EMPLOYER,
    "freelancer": FREELANCER,
    "stranger": STRANGER,
    "operator": OPERATOR,
    "colleague": OTHER_OPERATOR,
    "arbiter": ARBITER,
    "gateway": SYSTEM_ID,
    "nobody": 999,
}


ALWAYS: Final = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass
class CoreTeller:
    """The core as an interface: rows are called by their number."""

    #: From when to when a process is there.
    awake: list[tuple[datetime, datetime]] = field(default_factory=lambda: [ALWAYS])
    books: World = field(
        default_factory=lambda: empty_world(House(approval_limits=APPROVAL_LIMITS))
    )
    #: What was asked under each key. The claim of keys is the store's; this stands for it.
    claims: dict[tuple[int, str], bytes] = field(default_factory=dict)
    payments: Iterator[int] = field(default_factory=count)
    #: The clocks that ran out.
    ran_out: set[str] = field(default_factory=set)

    def ask(self, asked: Asked) -> Heard:
        who = PEOPLE[asked.who]
        rules = self._may_rule(ARBITER)
        self.books.house = replace(self.books.house, has_arbiter=rules)
        action = self._action(asked, who)
        told = command(who, action, asked.key or "")
        if self.claims.setdefault(told.id, told.hash) != told.hash:
            return Heard(Reason.KEY_REUSED)
        return self._heard(told)

    def _heard(self, told: Command) -> Heard:
        (outcome,) = batch(self.books, [told])
        assert broken_invariant(self.books) is None
        assert not any(totals(self.books).values())
        if isinstance(outcome, Refused):
            return Heard(outcome.reason)
        made = (row for row in outcome.answer if type(row) is told.action.makes)
        return Heard("ok", tuple((row.noun, str(row.id)) for row in made))

    def _action(self, asked: Asked, who: int) -> Action[Any]:
        kind = ACTIONS[asked.action]
        if kind is AddFile:
            return added(who, **asked.fields)
        hints = {each.name: annotation(each, kind) for each in fields(kind)}  # type: ignore[arg-type]
        said = {name: value_of(hints[name], value) for name, value in asked.fields.items()}
        return kind(subject_id=int(asked.subject or who), **said)  # type: ignore[call-arg]

    def person(self, name: str) -> str:
        return str(PEOPLE[name])

    def deal(self, who: str, contract: str) -> Mapping[str, Any]:
        seen = accepted(self.books, int(contract))
        funded = {"amount": seen.funded.decimal, "currency": seen.funded.currency}
        return {
            "terms_hash": the(self.books, Contract, int(contract)).terms_hash,
            "funded": funded,
            "milestones_hash": seen.milestones_hash,
        }

    def bid(self, who: str, bid: str) -> str:
        return the(self.books, Bid, int(bid)).hash

    def agreement(self, who: str, noun: str, subject: str) -> Mapping[str, str]:
        if noun == "dispute":
            dispute = the(self.books, Dispute, int(subject))
            other = dispute.offer_of(dispute.other_than(PEOPLE[who]))
            extension = open_extension(dispute, self.books)
            until = NEVER_ENDS if extension is None else extension.until.isoformat()
            return {"offer": str(other or 1), "until": until}
        if noun == "contract":
            offer = self.books.find(TermsOffer, int(subject))
            return {"terms_hash": offer.terms_hash if offer else NEVER}
        row = the(self.books, Milestone, int(subject))
        edit = open_edit(row, self.books)
        return {"hash": row.agreement_hash, "edit_hash": edit.hash if edit else NEVER}

    def release(self, who: str, milestone: str) -> str:
        rows = (row for row in self.books.rows.values() if isinstance(row, Release))
        own = (row for row in rows if row.milestone_id == int(milestone))
        return str(max((row.wakes_at is not None, row.id) for row in own)[1])

    def tranche(self, who: str, milestone: str, place: int) -> str:
        plan = the(self.books, Milestone, int(milestone)).plan
        assert plan is not None
        return str(plan.tranches[place - 1].id)

    def now(self) -> datetime:
        return self.books.now

    def balances(self, currency: str, people: Collection[str]) -> Mapping[str, str]:
        names = {number: name for name, number in PEOPLE.items()}
        found: dict[str, Money] = {}
        for account, minor in (self.books.balances | self.books.deltas).items():
            if account.currency == currency:
                name = names[account.owner] if account.kind == "wallet" else account.kind
                nothing = Money.zero(currency)
                found[name] = found.get(name, nothing) + Money(minor, currency)
        return {name: money.decimal for name, money in found.items()}

    def advance(self, span: timedelta) -> None:
        self.late(span)
        self.worker()

    def late(self, span: timedelta) -> None:
        self.books.now += span

    def away(self, span: timedelta) -> None:
        *before, (since, _) = self.awake
        self.awake = [*before, (since, self.books.now), (self.books.now + span, ALWAYS[1])]
        self.books.heard = hearing.Heard(awake=tuple(self.awake))
        self.late(span)

    def suspend(self, who: str) -> None:
        suspend(self.books, PEOPLE[who])

    def worker(self) -> None:
        """Do what is due, and ask the sandbox about all that waits, while something comes of it."""
        while [row for row in list(self.books.rows.values()) if self._heard_of(row)]:
            pass

    def _ran_out(self, row: Contract | Project | Milestone | Release | Dispute) -> bool:
        """Whether a clock led to something."""
        if row.wakes_at is None or row.wakes_at > self.books.now:
            return False
        if isinstance(row, WITHIN):
            before = len(self.books.ran_out)
            batch(self.books, [command(SYSTEM_ID, Wind(row.contract_id))])
            now = self.books.ran_out[before:]
            self.ran_out.update(asked.action.name for asked, _ in now)
            return bool(now)
        clock = clock_of(row, self.books)
        if clock is None:
            return False
        assert isinstance(ask(self.books, SYSTEM_ID, clock.action(row.id)), Event)  # type: ignore[call-arg]
        self.ran_out.add(clock.action.name)
        return True

    def _may_rule(self, who: int) -> bool:
        return may_arbitrate(the(self.books, User, who))

    def _named(self, row: Row) -> bool:
        """Whether somebody was named who can rule on it, as the worker chooses them."""
        if not isinstance(row, Dispute) or row.status not in ARBITRATION or row.arbiter_id:
            return False
        if self.books.find(Naming, (row.id, ARBITER)) or not self._may_rule(ARBITER):
            return False
        assert isinstance(ask(self.books, SYSTEM_ID, NameArbiter(row.id, ARBITER)), Event)
        self.ran_out.add(NameArbiter.name)
        return True

    def _expired(self, row: Deposit | Withdrawal) -> bool:
        """Whether its time was over."""
        clock = clock_of(row, self.books)
        if clock is None or clock.at > self.books.now:
            return False
        assert isinstance(ask(self.books, SYSTEM_ID, clock.action(row.id)), Event)  # type: ignore[call-arg]
        self.ran_out.add(clock.action.name)
        return True

    def _heard_of(self, row: Row) -> bool:
        """Whether there was something to tell of it."""
        if self._named(row):
            return True
        if isinstance(row, (Contract, Project, *WITHIN)) and row.wakes_at is not None:
            return self._ran_out(row)
        if not isinstance(row, Deposit | Withdrawal):
            return False
        if row.wakes_at is None:
            return self._expired(row)
        told = deposit_told(row) if isinstance(row, Deposit) else withdrawal_told(row)
        if isinstance(row, Withdrawal) and row.status is WithdrawalStatus.APPROVED:
            told = [SendWithdrawal(row.id)]
        elif self.books.now < row.created_at + silence(day_of(row)):
            return self._expired(row)
        for each in told:
            assert isinstance(ask(self.books, SYSTEM_ID, each), Event)
        return True


def added(who: int, *, name: str, content: str) -> AddFile:
    """What the edge makes of the bytes of a text."""
    raw = content.encode()
    return AddFile(who, name, len(raw), FileType.TEXT, hashlib.sha256(raw).hexdigest())


def day_of(row: Deposit | Withdrawal) -> str:
    """A deposit says which day the sandbox has, a withdrawal by where it is sent."""
    return row.destination_account if isinstance(row, Withdrawal) else row.sandbox or "settle"


def silence(day: str) -> timedelta:
    """How long nothing is heard on this day."""
    return timedelta(days=1 if day in {"delay", "lose_answer"} else 0)


def said(day: str, amount: Money) -> list[tuple[Money, str]]:
    """What the sandbox says was paid, and as what."""
    if day == "pay_short":
        return [(amount - Money(1, amount.currency), "bank-1")]
    return [(amount, "bank-1"), (amount, "bank-2")][: 2 if day == "pay_twice" else 1]


def deposit_told(row: Deposit) -> list[Action[Any]]:
    if day_of(row) == "fail":
        return [FailDeposit(row.id)]
    return [SettleDeposit(row.id, *each) for each in said(day_of(row), row.amount)]


def withdrawal_told(row: Withdrawal) -> list[Action[Any]]:
    if day_of(row) == "fail":
        return [FailWithdrawal(row.id)]
    return [PayWithdrawal(row.id, *each) for each in said(day_of(row), row.amount)]


def value_of(hint: Any, value: Any) -> Any:
    """A field of a body as its action has it; the wire proper has a stricter one of these."""
    origin, inside = get_origin(hint), get_args(hint)
    if hint is Money:
        return Money.parse(value["amount"], value["currency"])
    if origin is Annotated:
        if isinstance(inside[1], Percent):
            return int(Decimal(value) * 100)
        if not isinstance(inside[1], Ref):
            return value_of(inside[0], value)
        is_number = value.isdecimal()  # What a story names though it never was is written out.
        return int(value) if is_number else parsed(value, inside[1].prefix)
    if Terms in inside and not isinstance(value, str):
        return from_json(value)
    if origin in {UnionType, Union}:
        return value_of(inside[0], value)
    if origin is tuple:
        return tuple(value_of(inside[0], each) for each in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if is_dataclass(hint):
        hints = {each.name: annotation(each, hint) for each in fields(hint)}  # type: ignore[arg-type]
        return hint(**{k: value_of(hints[k], v) for k, v in value.items()})  # type: ignore[operator]
    return hint(value) if isinstance(hint, type) and issubclass(hint, StrEnum) else value


def totals(books: World) -> dict[str, int]:
    """Σ of all balances by currency, for a world whose money came in through its gateways."""
    found: dict[str, int] = {}
    for balances in (books.balances, books.deltas):
        for account, minor in balances.items():
            found[account.currency] = found.get(account.currency, 0) + minor
    return found


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_the_core_tells(story: Story) -> None:
    tell(story, CoreTeller())
