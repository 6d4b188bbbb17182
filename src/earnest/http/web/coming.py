"""What is coming: what the clocks will do to the reader's money within thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from earnest.core.contracts import Contract
from earnest.core.milestones.row import Milestone
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.projects.row import Project
from earnest.http.web import foretelling
from earnest.http.web.pictures import along
from earnest.http.web.rendering import short
from earnest.http.web.subjects import address_of
from earnest.store.reads import coming as reads
from earnest.words import amounts, calendar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from earnest.core.fate import Step
    from earnest.core.rows import Row
    from earnest.core.world import World
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.store.reads.coming import Coming

DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Next:
    """One thing that will happen."""

    at: datetime
    line: Markup
    href: str
    #: How far along the picture it stands, and whether it comes to the reader or leaves them.
    place: str
    tone: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """Thirty days as a line, with what happens in them."""

    begins: datetime
    ends: datetime
    things: Sequence[Next]
    #: Whether there may be more than was read.
    is_cut: bool


async def of_reader(db: Connection, visit: Visit) -> Coming:
    """Read it."""
    until = visit.as_of + timedelta(days=DAYS)
    return await reads.coming(db, visit.me.id, visit.app.house, visit.as_of, until)


def drawn(found: Coming, visit: Visit) -> Drawn:
    """The same as a page has it."""
    begins, ends = visit.as_of, visit.as_of + timedelta(days=DAYS)
    names = {**found.names, visit.me.id: foretelling.YOU}
    return Drawn(
        begins,
        ends,
        [
            Next(
                step.at,
                _line(step, world, names, visit),
                address_of(step.subject),
                along(step.at, begins, ends),
                "in" if visit.me.id in {each.user_id for each in step.paid} else "out",
            )
            for step, world in found.steps
        ],
        found.is_cut,
    )


def _line(step: Step, world: World, names: Mapping[int, str], visit: Visit) -> Markup:
    """What happens, and to which: an offer and a payment have no name of their own."""
    which = title_of(step.subject, world, visit.me.id, names, visit.locale)
    said_so = foretelling.line(step, world, names, visit, tells_which=False)
    return Markup("<bdi>{}</bdi>: {}").format(short(which, 60), said_so)


def title_of(
    subject: Row, world: World, reader_id: int, names: Mapping[int, str], locale: str
) -> str:
    """What is to happen to it: a milestone or project by its name, an offer, or a payment."""
    part_of = getattr(subject, "milestone_id", None)
    if part_of is not None:
        subject = world.rows[Milestone, part_of]
    if isinstance(subject, Contract):
        is_mine = subject.employer_id == reader_id
        sentence = calendar.OFFER_TO if is_mine else calendar.OFFER_FROM
        other = subject.freelancer_id if is_mine else subject.employer_id
        return sentence.format(person=names[other])
    if isinstance(subject, Deposit | Withdrawal):
        sentence = calendar.DEPOSIT if isinstance(subject, Deposit) else calendar.WITHDRAWAL
        return sentence.format(amount=amounts.said(subject.amount, locale))
    assert isinstance(subject, Milestone | Project), "no other rows have clocks"
    return subject.title if isinstance(subject, Project) else subject.description
