"""The project: work that somebody wants done, and money that may be set aside for it already."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, Self

from typing_extensions import override

from earnest.core.ledger import Account, reserve, wallet
from earnest.core.money import Money
from earnest.core.people import ANYONE, EMPLOYER, Party, User, staff
from earnest.core.records import record, replace
from earnest.core.rows import Row
from earnest.core.skills import Skill

if TYPE_CHECKING:
    from earnest.core.actions import View

#: After the deadline for bids, so long may the employer still choose.
CHOOSING: Final = timedelta(days=30)
#: While work goes on, a reserve that nobody uses returns after this long.
UNUSED: Final = timedelta(days=90)


class ProjectStatus(StrEnum):
    """Open for bids; in progress from the first accepted contract to the end of the last."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CLOSED = "closed"


OPEN: Final = frozenset({ProjectStatus.OPEN})
GOING_ON: Final = OPEN | {ProjectStatus.IN_PROGRESS}


@record(frozen=True, slots=True)
class Project(Row):
    """A piece of work that people bid for. Everybody may see it."""

    noun: ClassVar[str] = "project"
    prefix: ClassVar[str] = "prj"

    id: int
    employer_id: int
    title: str
    description: str
    skills: tuple[Skill, ...]
    budget_min: Money
    budget_max: Money
    #: Until when bids are taken.
    closes_at: datetime
    status: ProjectStatus
    #: How many bids are live or were awarded, how many contracts wait for an answer, and how many
    #: are active: a rule over many rows is a number on this one.
    bids: int
    offered: int
    active: int
    #: Since when there has been something in the reserve; none while it is empty.
    reserved_since: datetime | None
    #: When SYSTEM gives the reserve back, if nobody does anything.
    wakes_at: datetime | None
    created_at: datetime
    updated_at: datetime
    #: How many files are attached to it: those at the first so many places.
    files: int = 0

    def parties(self, asker: User, _world: View) -> frozenset[Party]:
        """The employer; to everybody else it is public."""
        return EMPLOYER if asker.id == self.employer_id else ANYONE | staff(asker)

    @override
    def standing(self, now: datetime) -> ProjectStatus:
        """An open project whose time is over is closed, whether or not it was written down."""
        is_over = self.wakes_at is not None and self.wakes_at <= now
        return ProjectStatus.CLOSED if is_over and self.status in OPEN else self.status

    def changed(self, now: datetime, **changes: object) -> Self:
        """This project with something else about it, from now on."""
        return replace(self, updated_at=now, **changes)  # type: ignore[arg-type]

    @property
    def currency(self) -> str:
        """The one currency of its budget, its reserve and its bids."""
        return self.budget_min.currency

    @property
    def reserve(self) -> Account:
        """What is set aside for it, before any of it is promised to somebody."""
        return reserve(self.id, self.currency)

    @property
    def employer_wallet(self) -> Account:
        """Where the reserve comes from, and returns to."""
        return wallet(self.employer_id, self.currency)

    def lapse_of(self, now: datetime) -> datetime | None:
        """When an open project lapses: never while somebody has an offer to answer."""
        if self.offered:
            return None
        return max(self.closes_at + CHOOSING, now)
