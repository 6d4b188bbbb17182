"""What happens if nobody does anything, as pages say it: on which date, how much, to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from earnest.core.disputes.row import Dispute
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import FUNDED, HOLDING, SUBMITTED, Milestone, terms_of
from earnest.core.milestones.silence import clock_of
from earnest.core.milestones.working import budget_left
from earnest.core.money import Money
from earnest.core.terms import DAY, HOUR, PRESETS, TermsError, from_json
from earnest.http.fates import fate_in
from earnest.http.web import forms
from earnest.http.web.rendering import day, moment, said, short
from earnest.store.reads import fates
from earnest.words import numbers, silence
from earnest.words.terms import duration

if TYPE_CHECKING:
    from datetime import timedelta

    from earnest.core.fate import Fate, Step
    from earnest.core.rows import Row
    from earnest.core.world import World
    from earnest.http.web.subjects import About
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.store.reads.around import Seen

#: How much of a long fate a page tells before it is unfolded.
FEW: Final = 3
#: The button that asks what happens under the terms that a form has now: this field.
WALK: Final = "walk"
#: The forms that choose terms.
CHOOSING: Final = frozenset({"bid.award", "contract.offer", "contract.propose_terms"})


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a page says of a fate."""

    #: Each as a sentence without its end, the first first.
    lines: Sequence[Markup]
    #: Whether something is held for which nothing ever happens.
    is_endless: bool
    #: Releases that are on their way.
    releasing: Sequence[Release]


async def foretold(db: Connection, about: About) -> Foretold:
    """Read what becomes of the row of a page if nobody acts, and say it."""
    visit = about.visit
    world = await fates.silence(db, about.row, visit.app.house)
    found = fate_in(world, about.row)
    names = {**about.seen.around.names, visit.me.id: "you"}
    tells_which = not isinstance(about.row, Milestone | Release | Dispute)
    return Foretold(
        [_line(each, world, names, visit, tells_which=tells_which) for each in found.steps],
        not found.ends,
        _on_their_way(found, world),
    )


def _on_their_way(found: Fate, world: World) -> list[Release]:
    """Those that the clock makes final; as they are now, not as it leaves them."""
    keys = {each.subject.id for each in found.steps if isinstance(each.subject, Release)}
    rows = (row for row in world.rows.values() if isinstance(row, Release) and row.id in keys)
    return sorted(rows, key=lambda each: each.id)


def total(releases: Sequence[Release]) -> Money | None:
    """What is on its way in all."""
    amounts = [each.amount for each in releases]
    return sum(amounts[1:], amounts[0]) if amounts else None


def _line(
    step: Step, world: World, names: Mapping[int, str], visit: Visit, *, tells_which: bool
) -> Markup:
    sums: dict[int, Money] = {}
    for each in step.pays:
        before = sums.get(each.user_id)
        sums[each.user_id] = each.amount if before is None else before + each.amount
    payees = [*sums]
    known = {"time": moment(step.at, visit)}
    if payees:
        known |= {"amount": said(sums[payees[0]], visit), "person": names[payees[0]]}
    if len(payees) > 1:
        known |= {"rest": said(sums[payees[1]], visit), "second": names[payees[1]]}
    sentence = silence.STEPS[f"{step.event}{_HOW_MANY.get(len(payees), '')}"]
    line = _filled(sentence, known)
    which = _which(step.subject, world) if tells_which else None
    return line if which is None else Markup("<bdi>{}</bdi>: {}").format(which, line)


#: How many are paid at one step, as the sentences are called by it.
_HOW_MANY: Final[Mapping[int, str]] = {0: " nothing", 2: " both"}


def _which(subject: Row, world: World) -> str | None:
    """What a milestone of a contract is called, or that of a release or a dispute."""
    if isinstance(subject, Release | Dispute):
        subject = world.rows[Milestone, subject.milestone_id]
    return short(subject.description, 60) if isinstance(subject, Milestone) else None


def _filled(sentence: str, known: Mapping[str, str]) -> Markup:
    each = {name: Markup("<bdi>{}</bdi>").format(text) for name, text in known.items()}
    return Markup(sentence).format(**each)  # noqa: S704  # A sentence of ours; the rest is escaped.


def pill_of(row: Milestone) -> str:
    """What a list calls its status: disputed, or that all that is left of it is on its way."""
    if row.frozen.is_positive:
        return "disputed"
    is_going = row.status in HOLDING and not row.left.is_positive
    return "releasing" if is_going else row.status.value


def next_of(row: Milestone, around: Seen, visit: Visit) -> Markup | None:
    """What happens to a milestone of a list next, if nobody does anything."""
    found = clock_of(row, around.known) if row.status in HOLDING else None
    if found is None:
        return None
    at, action = found
    sentence = silence.NEXT[action.name]
    is_paid = sentence is silence.NEXT_TO_FREELANCER
    person = row.freelancer_id if is_paid else row.employer_id
    name = "you" if person == visit.me.id else around.around.names[person]
    known = {"amount": said(row.left, visit), "person": name, "time": day(at, visit)}
    return _filled(sentence, known)


def final(release: Release, about: About) -> str:
    """Until when a release is on its way: then it is final for who pays, and the other's own."""
    assert release.wakes_at is not None, "only what is on its way"
    time = moment(release.wakes_at, about.visit)
    is_theirs = about.is_side and not about.is_employer
    return f"yours on {time}" if is_theirs else f"final on {time}"


def review(about: About) -> dict[str, Any] | None:
    """The time to look at work and the rounds of changes, as far as the terms limit them."""
    row, world = about.row, about.world
    if not isinstance(row, Milestone) or row.status not in HOLDING or row.terms_hash is None:
        return None
    terms, left = terms_of(row, world), budget_left(row, world)
    if left is None and terms.change_rounds is None:
        return None
    return {
        "left": None if left is None else _length(left),
        "whole": None if terms.review_seconds is None else duration(terms.review_seconds),
        "is_paused": left is not None and row.status in FUNDED,
        "is_running": row.status in SUBMITTED,
        "rounds": row.rounds,
        "most": terms.change_rounds,
        "rounds_left": None
        if terms.change_rounds is None
        else max(terms.change_rounds - row.rounds, 0),
    }


def _length(left: timedelta) -> str:
    """A length in whole days, below a day in whole hours, below that in minutes."""
    seconds = int(left.total_seconds())
    for unit in (DAY, HOUR, 60):
        if seconds >= unit:
            return duration(seconds // unit * unit)
    return "less than a minute" if seconds else "nothing"


def beside(name: str, about: About, values: Mapping[str, str]) -> dict[str, Any]:
    """What a form shows beside its fields: the silences of its terms, or the time to review."""
    return {
        "walk": walked(values, about.visit) if name in CHOOSING else None,
        "chooses_terms": name in CHOOSING,
        "review": review(about) if name == "milestone.request_changes" else None,
    }


def walked(values: Mapping[str, str], visit: Visit) -> list[Any] | None:
    """Every silence under the terms that a form has; None while they cannot be read."""
    chosen = values.get("terms", next(iter(PRESETS)))
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
