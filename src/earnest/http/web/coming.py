"""What is coming: what the clocks will do to the reader's money within thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest.http.web import foretelling
from earnest.http.web.pictures import along
from earnest.http.web.subjects import address_of
from earnest.store.reads import coming as reads

if TYPE_CHECKING:
    from datetime import datetime

    from markupsafe import Markup

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
                foretelling.line(step, world, names, visit, tells_which=True),
                address_of(step.subject),
                along(step.at, begins, ends),
                "in" if visit.me.id in {each.user_id for each in step.paid} else "out",
            )
            for step, world in found.steps
        ],
        found.is_cut,
    )
