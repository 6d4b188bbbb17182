"""Notices as they are kept: facts, of which sentences are made where they are read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from earnest.core.money import Money
from earnest.core.notices import MONEY, TOLD, Part, Telling, Topic
from earnest.core.payments.depositing import Deposit
from earnest.core.records import record, replace
from earnest.core.reminding import CLOCKS, ClockTelling, Moment
from earnest.core.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.fate import Payment, Step
    from earnest.core.reminding import Reminder


def topic_of(name: str, part: Part) -> Topic:
    """Under which topic the catalogue tells somebody of an event, or of a clock by its action."""
    tellings: Iterable[Telling | ClockTelling] = CLOCKS[name] if name in CLOCKS else TOLD[name]
    return next(each.topic for each in tellings if each.part is part)


@record(frozen=True, slots=True)
class Facts:
    """What a notice says, before it is said in any language."""

    #: Who the other one is, by the name they had.
    person: str | None = None
    amount: Money | None = None
    #: How many milestones, where it is about several at once.
    count: int | None = None
    #: What it is about: the reader's own words, or the other's once the contract was accepted.
    about: str | None = None
    #: What the other wrote, or how it begins; only once the contract was accepted.
    words: str | None = None
    #: Until when it can be answered, or when it is due; of a clock, when it runs out.
    by: datetime | None = None
    #: What somebody else gets by a clock, where `amount` is what its reader gets.
    others: Money | None = None
    #: Of a clock, whether it is the other side that has to do something.
    waits: bool = False

    def __add__(self, other: Facts) -> Facts:
        """The same of several milestones at once, which are not named then."""
        return replace(
            self,
            amount=_sum(self.amount, other.amount),
            others=_sum(self.others, other.others),
            count=(self.count or 1) + (other.count or 1),
            about=None,
        )


def _sum(one: Money | None, other: Money | None) -> Money | None:
    if one is None:
        return other
    return one if other is None else one + other


def foretold(
    step: Step | None, reminder: Reminder, subject: Row, person: str | None, about: str | None
) -> Facts:
    """What a notice says of a clock that leads to this."""
    mine, others = _sums(step.paid if step is not None else (), reminder.user_id)
    if isinstance(subject, Deposit):
        mine = subject.amount  # By this one nobody gets anything, and that is what it says.
    return Facts(
        person=person,
        amount=mine,
        about=about,
        by=reminder.span.clock.at,
        others=others,
        waits=reminder.waits,
    )


def _sums(paid: Iterable[Payment], reader_id: int) -> tuple[Money | None, Money | None]:
    """What the reader gets, and what everybody else does."""
    mine: Money | None = None
    others: Money | None = None
    for each in paid:
        if each.user_id == reader_id:
            mine = _sum(mine, each.amount)
        else:
            others = _sum(others, each.amount)
    return mine, others


@record(frozen=True, slots=True)
class Notice(Row):
    """What one person is told of one event, or at one moment of a clock."""

    noun: ClassVar[str] = "notice"
    prefix: ClassVar[str] = "ntc"

    id: int
    #: The event; of a clock, a number of its own.
    event_id: int
    user_id: int
    #: The event, or what the clock leads to; and as whom they are told.
    name: str
    part: Part
    #: Where the one thing to do is.
    subject_kind: str
    subject_id: int
    facts: Facts
    at: datetime
    read_at: datetime | None
    #: Of a clock, which of its moments it is.
    moment: Moment | None = None
    #: Whether it is the last one of a clock to somebody who can do something, so that it comes by
    #: mail whatever they chose.
    is_last: bool = False

    @property
    def topic(self) -> Topic:
        """Under which choice it falls."""
        return topic_of(self.name, self.part)

    @property
    def is_about_money(self) -> bool:
        """Whether no single click stops its like."""
        return self.topic in MONEY or self.is_last
