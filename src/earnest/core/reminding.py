"""Reminding: when a clock is told while it runs, and to whom.

Each moment follows from when the clock began and when it runs out, and from nothing else. What is
said then is found by letting the clock run out in a copy of the world (`fate`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from earnest.core.actions import Action
from earnest.core.clocks import Clock, clock_of
from earnest.core.contracts import Contract
from earnest.core.disputes.row import ARBITRATION, Dispute
from earnest.core.disputes.sealing import ROUND_LASTS, CompareSealed
from earnest.core.disputes.silence import DefaultAnswer, DefaultRuling, Escalate, next_of
from earnest.core.disputes.stages import NEXT_WITHIN
from earnest.core.disputes.staking import DefaultFee
from earnest.core.milestones.agreeing import LapseContract
from earnest.core.milestones.row import Milestone, milestone_of, terms_of
from earnest.core.milestones.silence import DEFERRED_BY, SILENT, ReturnDormant, ReturnOverdue
from earnest.core.milestones.tranches import PayTranche
from earnest.core.notices import Part, Topic
from earnest.core.payments.depositing import Deposit, ExpireDeposit
from earnest.core.payments.withdrawing import ExpireWithdrawal
from earnest.core.projects.posting import LapseProject
from earnest.core.projects.row import OPEN, UNUSED, Project
from earnest.core.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.notices import Concerned
    from earnest.core.rows import Row
    from earnest.core.terms import Terms


class Moment(StrEnum):
    """When a clock is told, between its beginning and its end."""

    START = "start"
    HALF = "half"
    THREE_DAYS = "three_days"
    DAY = "day"
    SIX_HOURS = "six_hours"


@record(frozen=True, slots=True)
class ClockTelling:
    """Who is told of a clock that runs, under which topic."""

    part: Part
    topic: Topic
    #: Whether they can do something about it, or lose by it: so they are told at every moment, and
    #: nothing switches the last one off. Who only gets money by it is told once.
    acts: bool = True


def _both(topic: Topic) -> tuple[ClockTelling, ...]:
    return (ClockTelling(Part.EMPLOYER, topic), ClockTelling(Part.FREELANCER, topic))


#: What returns to the employer unless the freelancer does something.
_RETURNING: Final = (
    ClockTelling(Part.FREELANCER, Topic.WORK),
    ClockTelling(Part.EMPLOYER, Topic.MONEY_IN, acts=False),
)
#: What a ruling that does not come leads to: nobody is told as an arbiter who is not named.
_UNRULED: Final = (*_both(Topic.DISPUTES), ClockTelling(Part.ARBITER, Topic.DISPUTES))
#: Of each clock, by the action that it leads to, who is told while it runs.
CLOCKS: Final[Mapping[str, tuple[ClockTelling, ...]]] = {
    "contract.lapse": (
        ClockTelling(Part.FREELANCER, Topic.OFFERS),
        ClockTelling(Part.EMPLOYER, Topic.MONEY_IN, acts=False),
    ),
    "milestone.auto_release": (
        ClockTelling(Part.EMPLOYER, Topic.WORK),
        ClockTelling(Part.FREELANCER, Topic.MONEY_IN, acts=False),
    ),
    "tranche.pay": (
        ClockTelling(Part.EMPLOYER, Topic.WORK),
        ClockTelling(Part.FREELANCER, Topic.MONEY_IN, acts=False),
    ),
    "milestone.staff_return": (
        ClockTelling(Part.FREELANCER, Topic.DISPUTES),
        ClockTelling(Part.EMPLOYER, Topic.DISPUTES, acts=False),
    ),
    "milestone.return_overdue": _RETURNING,
    "milestone.return_dormant": _RETURNING,
    "dispute.compare_sealed": _both(Topic.DISPUTES),
    "dispute.default_answer": _both(Topic.DISPUTES),
    "dispute.escalate": _UNRULED,
    "dispute.default_fee": _both(Topic.DISPUTES),
    "dispute.default_ruling": _UNRULED,
    "project.lapse": (ClockTelling(Part.EMPLOYER, Topic.MONEY_IN),),
    "deposit.expire": (ClockTelling(Part.OWNER, Topic.MONEY_IN),),
    "withdrawal.expire": (
        ClockTelling(Part.OWNER, Topic.MONEY_OUT),
        ClockTelling(Part.OPERATOR, Topic.SITE),
    ),
}
#: Clocks that are not told while they run, and why.
SILENT_CLOCKS: Final[Mapping[str, str]] = {
    "release.finalize": "Time to undo is told at its start alone, and milestone.release_started "
    "does that.",
    "withdrawal.send": "It is the worker's own next step, and nobody has to do anything.",
}


#: Events that tell nobody, but by which a clock begins to run or moves.
WINDS: Final = frozenset(
    {"deposit.started", "project.posted", "project.reserved", "project.taken_back"}
)

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(hours=24)
_WEEK: Final = timedelta(days=7)


class At(NamedTuple):
    """A moment and its instant."""

    at: datetime
    moment: Moment


def moments(since: datetime, at: datetime) -> tuple[At, ...]:
    """Every moment of a clock that began then and runs out then, in their order."""
    lasts = at - since
    found = [At(since, Moment.START)]
    if lasts >= _WEEK:
        found += [At(since + lasts // 2, Moment.HALF), At(at - 3 * _DAY, Moment.THREE_DAYS)]
    if lasts >= 3 * _DAY:
        found.append(At(at - _DAY, Moment.DAY))
    elif lasts > 6 * _HOUR:  # A shorter one would be told before it began.
        found.append(At(at - 6 * _HOUR, Moment.SIX_HOURS))
    return tuple(found)


class Span(NamedTuple):
    """A clock, and since when it runs."""

    clock: Clock
    since: datetime
    #: Whether somebody has to be told that it began: else whoever began it knows, and the event by
    #: which they did told everybody else.
    tells_start: bool

    @property
    def name(self) -> str:
        """What it leads to, as the catalogue calls it."""
        return self.clock.action.name


def _paid_before(row: Milestone, at: datetime) -> datetime:
    """When the tranche before this one was due, or when both had agreed to the plan."""
    assert row.plan is not None, "only what has a plan pays by it"
    assert row.plan_agreed_at is not None, "only what both agreed to"
    before = [each.at for each in row.plan.tranches if row.plan_agreed_at < each.at < at]
    return max(before, default=row.plan_agreed_at)


def _stage_began(row: Dispute, at: datetime, world: View) -> datetime:
    """When the time to settle began, or that of the arbiter whose turn it is."""
    if row.status not in ARBITRATION:
        assert row.negotiation_at is not None, "it was answered"
        return row.negotiation_at
    terms = _terms(row, world)
    is_first = row.next_arbiters == terms.next_arbiters
    return at - (_seconds(terms.ruling_seconds) if is_first else NEXT_WITHIN)


def _terms(row: Dispute, world: View) -> Terms:
    return terms_of(milestone_of(row, world), world)


def _seconds(number: int | None) -> timedelta:
    assert number is not None, "without a limit no clock runs"
    return timedelta(seconds=number)


#: Since when the clock of a row runs that leads somewhere at an instant.
_SINCE: Final[Mapping[type[Action[Any]], Callable[[Any, datetime, View], datetime]]] = {
    PayTranche: lambda row, at, _world: _paid_before(row, at),
    **{each: each.since for each in SILENT},  # What silence makes of a milestone says it itself.
    CompareSealed: lambda row, _at, _world: row.negotiation_at + (row.round - 1) * ROUND_LASTS,
    DefaultAnswer: lambda row, _at, _world: row.created_at,
    Escalate: _stage_began,
    DefaultFee: lambda row, at, world: at - _seconds(_terms(row, world).match_seconds),
    DefaultRuling: _stage_began,
    LapseContract: lambda row, _at, _world: row.created_at,
    LapseProject: lambda row, at, _world: row.closes_at if row.status in OPEN else at - UNUSED,
    ExpireDeposit: lambda row, _at, _world: row.created_at,
    ExpireWithdrawal: lambda row, _at, _world: row.created_at,
}


def is_deferred(row: Row, clock: Clock) -> bool:
    """Whether this clock of a row was put off."""
    return isinstance(row, Milestone | Dispute) and row.deferred_until == clock.at


def began(row: Row, clock: Clock, world: View) -> datetime:
    """Since when a clock of a row runs; of one that was put off, since it was."""
    if is_deferred(row, clock):
        return clock.at - DEFERRED_BY
    return _SINCE[clock.action](row, clock.at, world)


def spans_of(row: Row, world: View) -> tuple[Span, ...]:
    """The clocks of a row that are told of: what happens to it next, and the end of a stage.

    Of two that would happen to the same money only the first is told: the other one never comes.
    Whoever paid, though something else than they had said, is not asked to pay before it is over.
    """
    clock = clock_of(row, world)
    if clock is None or (isinstance(row, Deposit) and row.is_broken):
        return ()
    clocks = [clock]
    if isinstance(row, Dispute) and clock.action is CompareSealed and row.ends_at is not None:
        clocks.append(Clock(row.ends_at, next_of(row)))
    return tuple(
        Span(each, began(row, each, world), _tells_start(row, each))
        for each in clocks
        if each.action.name in CLOCKS
    )


class Reminder(NamedTuple):
    """Who is told of a clock now, as what, and at which of its moments."""

    user_id: int
    telling: ClockTelling
    span: Span
    moment: Moment
    is_last: bool
    #: Whether they can only wait for what the other side does.
    waits: bool


def reminders(
    row: Row,
    spans: Iterable[Span],
    concerned: Concerned,
    told_until: datetime | None,
    now: datetime,
) -> tuple[Reminder, ...]:
    """Who is to be told of these clocks of a row by now, of whom nobody was later than that.

    Whoever was not told for long is told of the last moment alone; of what has run out, nothing.
    """
    found: dict[tuple[int, str], Reminder] = {}
    for span in spans:
        if span.clock.at <= now:
            continue
        for telling in CLOCKS[span.name]:
            for user_id in concerned.who(telling.part):
                acts = telling.acts and not _waits(row, span.clock, user_id)
                passed = [each for each in _told_at(span, acts=acts) if each.at <= now]
                if passed and (told_until is None or told_until < passed[-1].at):
                    last = passed[-1] == moments(span.since, span.clock.at)[-1]
                    made = Reminder(
                        user_id, telling, span, passed[-1].moment, acts and last, not acts
                    )
                    found.setdefault((user_id, span.name), made)
    return tuple(found.values())


def actors(row: Row, clock: Clock, concerned: Concerned) -> Iterable[int]:
    """Everybody who can do something about a clock, or loses by it."""
    for telling in CLOCKS[clock.action.name]:
        if telling.acts:
            yield from (
                user_id
                for user_id in concerned.who(telling.part)
                if not _waits(row, clock, user_id)
            )


def told_about(row: Row, clock: Clock) -> tuple[str, int]:
    """What a notice is about: that nobody touches a contract is told once for all it holds."""
    if isinstance(row, Milestone) and clock.action is ReturnDormant:
        return Contract.noun, row.contract_id
    assert isinstance(row.key, int), "what has clocks has a number"
    return row.noun, row.key


def looked_at_next(spans: Iterable[Span], now: datetime) -> datetime | None:
    """When there may next be something to tell: at a moment, or when a clock may have moved on."""
    instants = [
        at
        for span in spans
        for at in (*(each.at for each in moments(span.since, span.clock.at)), span.clock.at)
        if at > now
    ]
    return min(instants, default=None)


def _told_at(span: Span, *, acts: bool) -> tuple[At, ...]:
    """The moments at which somebody is told: all, or the first if they can only wait."""
    found = moments(span.since, span.clock.at)
    if not span.tells_start:
        found = found[1:]
    return found if acts else found[:1]


def _waits(row: Row, clock: Clock, user_id: int) -> bool:
    """Whether it is the other side that has to do something."""
    if not isinstance(row, Dispute):
        return False
    if clock.action is DefaultAnswer:
        return user_id == row.opener_id
    return clock.action is DefaultFee and user_id == row.payer_id


def _tells_start(row: Row, clock: Clock) -> bool:
    """A date that has come is nobody's act; that a clock was put off, its event tells."""
    if is_deferred(row, clock):
        return False
    if isinstance(row, Project):
        return row.status in OPEN
    return clock.action is ReturnOverdue
