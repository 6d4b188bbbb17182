"""What happens if nobody does anything, as pages say it: on which date, how much, to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from earnest.core.actions import ACTIONS, Refused
from earnest.core.clocks import Clock
from earnest.core.contracts import Contract, preset_of
from earnest.core.deferring import COSTLY, has_to_hear
from earnest.core.disputes.row import Dispute, DisputeStatus
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import (
    FUNDED,
    HOLDING,
    SUBMITTED,
    Milestone,
    milestone_of,
    terms_of,
)
from earnest.core.milestones.silence import clock_of
from earnest.core.milestones.tranches import PayTranche, Tranche
from earnest.core.milestones.working import budget_left, review_whole, rounds_most
from earnest.core.money import Money
from earnest.core.payments.row import Payment
from earnest.core.reminding import is_deferred
from earnest.core.terms import DAY, HOUR, PRESETS, TermsError, from_json
from earnest.http.fates import after, fate_in
from earnest.http.web import forms
from earnest.http.web.rendering import day, moment, number, said, short
from earnest.store.reads import fates
from earnest.store.reads.around import names
from earnest.words import numbers, silence
from earnest.words.saying import N_, _
from earnest.words.terms import duration

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from earnest.app import Preview
    from earnest.core.fate import Fate, Step
    from earnest.core.fate import Payment as Paid
    from earnest.core.rows import Row
    from earnest.core.world import World
    from earnest.http.web.subjects import About
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.store.reads.around import Seen
    from earnest.store.reads.soonest import Soonest

#: What the reader is called in a sentence.
YOU: Final = N_("you")
#: How much of a long fate a page tells before it is unfolded, and once it is.
FEW: Final = 3
TOLD: Final = 30
#: The button that asks what happens under the terms that a form has now: this field.
WALK: Final = "walk"
#: The forms that choose terms.
CHOOSING: Final = frozenset({"bid.award", "contract.offer", "contract.propose_terms"})
#: What is done by its form at once, and starts, stops or moves a clock.
MOVING: Final = frozenset(
    {
        *("contract.accept", "milestone.agree", "milestone.request_changes", "milestone.submit"),
        "milestone.staff_confirm",
    }
)
#: What is written into such a form matters to no clock.
_ANYTHING: Final = {"note": "…", "reason": "…"}
#: Who may be paid by what becomes of a row.
_SIDES: Final = ("employer_id", "freelancer_id", "user_id")


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a page says of a fate."""

    #: Each as a sentence without its end, the first first.
    lines: Sequence[Markup]
    #: Below them, as whole sentences: what was put off, and until when it may be.
    notes: Sequence[Markup]
    #: Whether something is held for which nothing ever happens.
    is_endless: bool
    #: Whether more happens than is told: what is said of the rest is not known from here.
    is_cut: bool
    #: Releases that are on their way.
    releasing: Sequence[Release]
    #: When each of the lines happens, the line, and what is paid by it in all.
    ahead: Sequence[tuple[datetime, Markup, Money | None]]


async def foretold(
    db: Connection, about: About, owner: Mapping[int, str] | None = None
) -> Foretold:
    """Read what becomes of the row of a page if nobody acts, and say it."""
    world = await fates.silence(db, about.row, about.visit.app.house, TOLD + 1)
    known = {**about.seen.around.names, **(owner or {})}
    return _said(about.row, world, known, about.visit, TOLD)


async def afterwards(db: Connection, about: About, found: Preview) -> Foretold | None:
    """The same once something is done that was only looked at; None: nothing becomes of it."""
    left = await after(db, found, about.visit.app.house)
    if left is None:
        return None
    world, row = left
    known = about.seen.around.names
    people = {getattr(row, each) for each in _SIDES if hasattr(row, each)} - known.keys()
    return _said(row, world, {**known, **await names(db, people)}, about.visit)


async def of_form(name: str, about: About, values: Mapping[str, str]) -> Foretold | None:
    """What becomes of it once this form is sent, which nothing stands between; whatever it says."""
    if name not in MOVING:
        return None
    visit = about.visit
    reader = forms.Reader(visit, {**_ANYTHING, **_named(about), **values}, about.currency)
    try:
        action = reader.action(name, about.row.id)
    except forms.FormErrors:
        return None

    async def read(db: Connection) -> Foretold | None:
        found = await visit.app.preview(db, visit.me.id, action)
        return None if isinstance(found, Refused) else await afterwards(db, about, found)

    return await visit.reading(read)


def _named(about: About) -> Mapping[str, str]:
    """What the acceptance of a contract carries unseen."""
    if not isinstance(about.row, Contract):
        return {}
    return {
        "terms_hash": about.row.terms_hash,
        "milestones_hash": about.acceptance.milestones_hash,
        "funded": number(about.acceptance.funded, about.visit),
    }


def _said(
    row: Row, world: World, known: Mapping[int, str], visit: Visit, most: int | None = None
) -> Foretold:
    whole = fate_in(world, row)
    found = replace(whole, steps=whole.steps[:most])
    is_cut = len(found.steps) < len(whole.steps)
    called = {**known, visit.me.id: YOU}
    is_alone = isinstance(row, Milestone | Release | Dispute | Tranche | Payment)
    lines = [line(each, world, called, visit, tells_which=not is_alone) for each in found.steps]
    return Foretold(
        lines,
        [
            *([_filled(silence.FURTHER, {})] if is_cut else ()),
            *(_put_off(found, world, visit) if is_alone else ()),
            *_with_fee(found, visit),
            *_latest(found, called, visit),
        ],
        # What only a gateway decides has no date, and is no end that is missing.
        not found.ends and not isinstance(row, Payment),
        is_cut,
        _on_their_way(found, world),
        [
            (each.at, said_so, total(each.paid))
            for each, said_so in zip(found.steps, lines, strict=True)
        ],
    )


def _on_their_way(found: Fate, world: World) -> list[Release]:
    """Those that the clock makes final; as they are now, not as it leaves them."""
    keys = {each.subject.id for each in found.steps if isinstance(each.subject, Release)}
    rows = (row for row in world.rows.values() if isinstance(row, Release) and row.id in keys)
    return sorted(rows, key=lambda each: each.id)


def total(parts: Sequence[Release | Paid]) -> Money | None:
    """What is on its way, or paid, in all."""
    amounts = [each.amount for each in parts]
    return sum(amounts[1:], amounts[0]) if amounts else None


def line(
    step: Step, world: World, names: Mapping[int, str], visit: Visit, *, tells_which: bool
) -> Markup:
    """What a clock will do, as a sentence without its end."""
    known = {
        "time": moment(step.at, visit),
        **silence.paid([(said(each.amount, visit), names[each.user_id]) for each in step.paid]),
    }
    is_again = _is_passed_on(step.subject, world)
    said_so = _filled(silence.step(step.event, len(step.paid), is_again=is_again), known)
    which = _which(step.subject, world) if tells_which else None
    return said_so if which is None else Markup("<bdi>{}</bdi>: {}").format(which, said_so)


def _is_passed_on(subject: Row, world: World) -> bool:
    """Whether it went from one arbiter to the next."""
    if not isinstance(subject, Dispute) or subject.status is not DisputeStatus.ARBITRATION:
        return False
    return subject.next_arbiters < terms_of(milestone_of(subject, world), world).next_arbiters


def _put_off(found: Fate, world: World, visit: Visit) -> Iterable[Markup]:
    """That somebody could not be told in time, of each clock that was put off and still runs."""
    instants = set()
    for each in found.steps:
        before = world.rows.get((type(each.subject), each.subject.key))
        if before is not None and is_deferred(before, _clock_of(each)):
            instants.add(each.at)
    for at in sorted(instants):
        yield _filled(silence.PUT_OFF, {"time": moment(at, visit)})


def _with_fee(found: Fate, visit: Visit) -> Iterable[Markup]:
    """What of the first thing that is paid was no money of the milestone."""
    for step in found.steps:
        paid = total(step.paid)
        if paid is not None and isinstance(step.subject, Dispute):
            more = paid - step.subject.amount
            if more.is_positive:
                yield _filled(silence.WITH_FEE, {"amount": said(more, visit)})
            return


def _latest(found: Fate, names: Mapping[int, str], visit: Visit) -> Iterable[Markup]:
    """When it happens if somebody cannot be told in time: said once, however much may wait."""
    late = [each for each in found.steps if each.at_latest > each.at]
    if late:
        hearers = [*_hearers(late[0])] if len(found.steps) == 1 else []
        known = {"time": moment(max(each.at_latest for each in late), visit)}
        if hearers:
            known["person"] = names[hearers[0]]
        yield _filled(silence.LATEST[len(hearers)], known)


def _hearers(step: Step) -> Iterable[int]:
    """Whom it waits for."""
    clock, row = _clock_of(step), step.subject
    if clock.action not in COSTLY or not isinstance(row, Milestone | Dispute):
        return ()
    return has_to_hear(row, clock)


def _clock_of(step: Step) -> Clock:
    return Clock(step.at, ACTIONS[step.action])


def _which(subject: Row, world: World) -> str | None:
    """What a milestone of a contract is called, or that of a part of it."""
    if isinstance(subject, Release | Dispute | Tranche):
        subject = world.rows[Milestone, subject.milestone_id]
    return short(subject.description, 60) if isinstance(subject, Milestone) else None


def _filled(sentence: str, known: Mapping[str, str]) -> Markup:
    # Markup.format would do the same, and take five times as long: a page has a hundred of these.
    each = {name: f"<bdi>{escape(text)}</bdi>" for name, text in known.items()}
    return Markup(sentence.format(**each))  # noqa: S704  # A sentence of ours; the rest is escaped.


def pill_of(row: Milestone) -> str:
    """What a list calls its status: disputed, or that all that is left of it is on its way."""
    if row.frozen.is_positive:
        return "disputed"
    is_going = row.status in HOLDING and not row.left.is_positive
    return "releasing" if is_going else row.status


def next_of(row: Milestone, around: Seen, visit: Visit) -> Markup | None:
    """What happens to a milestone of a list next, if nobody does anything."""
    found = clock_of(row, around.known) if row.status in HOLDING else None
    if found is None:
        return None
    clock = Clock(*found)
    return _next(_paid_next(row, clock, around.known), row, clock, around.around.names, visit)


def _paid_next(row: Milestone, clock: Clock, world: World) -> Money:
    """What a clock of a milestone pays: all that is left of it, but by a plan a part of that."""
    if clock.action is not PayTranche or row.plan is None:
        return row.left
    tranche = world.find(Tranche, row.plan.at(clock.at).id)
    return row.left if tranche is None else tranche.due(row.left)


def next_in(
    contract: Contract, soonest: Soonest, names: Mapping[int, str], visit: Visit
) -> Markup | None:
    """What happens first in an active contract of a list, if nobody does anything."""
    found = soonest.of(contract)
    if found is None:
        return None
    row, clock = found
    if isinstance(row, Contract):
        return None
    amount = row.amount
    if isinstance(row, Milestone):
        amount = _paid_next(row, clock, soonest.world)
    if isinstance(row, Release):
        amount -= row.fee
    return _next(amount, contract, clock, names, visit)


def _next(
    amount: Money,
    sides: Contract | Milestone,
    clock: Clock,
    names: Mapping[int, str],
    visit: Visit,
) -> Markup:
    sentence = silence.NEXT[clock.action.name]
    is_returned = clock.action.name in silence.RETURNS
    person = sides.employer_id if is_returned else sides.freelancer_id
    name = YOU if person == visit.me.id else names[person]
    known = {"amount": said(amount, visit), "person": name, "time": day(clock.at, visit)}
    return _filled(sentence, known)


def final(release: Release, about: About) -> str:
    """Until when a release is on its way: then it is final for who pays, and the other's own."""
    assert release.wakes_at is not None, "only what is on its way"
    time = moment(release.wakes_at, about.visit)
    is_theirs = about.is_side and not about.is_employer
    sentence = _("yours on {time}") if is_theirs else _("final on {time}")
    return sentence.format(time=time)


def review(about: About) -> dict[str, Any] | None:
    """The time to look at work and the rounds of changes, as far as the terms limit them."""
    row, world = about.row, about.world
    if not isinstance(row, Milestone) or row.status not in HOLDING or row.terms_hash is None:
        return None
    terms, left = terms_of(row, world), budget_left(row, world)
    whole, most = review_whole(row, terms), rounds_most(row, terms)
    if left is None and most is None:
        return None
    return {
        "left": None if left is None else _length(left),
        "whole": None if whole is None else duration(int(whole.total_seconds())),
        "is_paused": left is not None and row.status in FUNDED,
        "is_running": row.status in SUBMITTED,
        "rounds": row.rounds,
        "most": most,
        "rounds_left": None if most is None else max(most - row.rounds, 0),
    }


def _length(left: timedelta) -> str:
    """A length in whole days, below a day in whole hours, below that in minutes."""
    seconds = int(left.total_seconds())
    for unit in (DAY, HOUR, 60):
        if seconds >= unit:
            return duration(seconds // unit * unit)
    return _("less than a minute") if seconds else _("nothing")


def beside(name: str, about: About, values: Mapping[str, str]) -> dict[str, Any]:
    """What a form shows beside its fields: the silences of its terms, or the time to review."""
    return {
        "walk": walked(values, about.visit) if name in CHOOSING else None,
        "chooses_terms": name in CHOOSING,
        "review": review(about) if name == "milestone.request_changes" else None,
    }


def walked(values: Mapping[str, str], visit: Visit) -> list[Any] | None:
    """Every silence under the terms that a form has; None while they cannot be read."""
    chosen = values.get("terms") or preset_of(visit.house)
    if chosen in PRESETS:
        return silence.walk(PRESETS[chosen])
    if chosen != numbers.OWN:
        return None
    reader = forms.Reader(visit, values, None)
    try:
        found = silence.walk(from_json(reader.rules("terms")))
    except TermsError:
        return None
    return None if reader.errors else found
