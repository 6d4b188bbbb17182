"""What a batch wants to lock, as its commands say, and how it is held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from earnest.core.bids.row import Bid
from earnest.core.contracts import Contract
from earnest.core.files import File
from earnest.core.people import User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.commands import Command
    from earnest.core.rows import Row


@dataclass(frozen=True, slots=True)
class Hold:
    """How rows are read: held until the transaction ends, or only looked at."""

    rows: str
    #: Whether accounts that can only gain are read too; else they are added to, unseen.
    gaining: bool

    def of(self, table: str) -> str:
        """The same for the rows of one table among several."""
        return f"{self.rows} OF {table}" if self.rows else ""


LOCKED: Final = Hold("FOR NO KEY UPDATE", gaining=False)
#: After two processes have met in a circle: with everything locked in one order, nobody does.
ALL_LOCKED: Final = Hold("FOR NO KEY UPDATE", gaining=True)
#: For a dry run: nobody waits for who only looks.
LOOKED_AT: Final = Hold("", gaining=True)


@dataclass(slots=True)
class Wanted:
    """What a batch has to lock, as its commands say."""

    hold: Hold
    subjects: dict[type[Row], set[int]] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    counters: set[tuple[int, int]] = field(default_factory=set)
    #: Contracts of which all live milestones are wanted.
    families: set[int] = field(default_factory=set)
    #: Whether the projects and bids of contracts are wanted with them.
    with_projects: bool = False
    bidders: set[tuple[int, int]] = field(default_factory=set)
    #: Bids of which what they propose is wanted.
    proposing: set[int] = field(default_factory=set)
    #: Rows that lie beside their subject under its number, and are held with it.
    beside: dict[type[Row], set[int]] = field(default_factory=dict)
    #: Who puts a file here, and so is counted.
    uploaders: set[int] = field(default_factory=set)
    #: To what files are to be attached: at its places something may have stood before.
    attaching: set[int] = field(default_factory=set)
    #: Whether anybody here can rule on disputes.
    has_arbiter: bool = False
    #: Whether no clock runs at the moment.
    is_paused: bool = False
    #: Active contracts of which something may be due.
    due: list[int] = field(default_factory=list)
    #: Rows that never change, so that nobody needs to lock them.
    fixed: dict[type[Row], set[int]] = field(default_factory=dict)

    def ids(self, kind: type[Row]) -> list[int]:
        """The subjects of one kind, sorted."""
        return sorted(self.subjects.get(kind, ()))


def wanted_by(commands: Iterable[Command], hold: Hold) -> Wanted:
    """What these commands say."""
    wanted = Wanted(hold)
    for command in commands:
        action = command.action
        wanted.subjects.setdefault(action.kind, set()).add(action.subject_id)
        wanted.people.add(command.actor_id)
        wanted.people.update(action.people())
        if action.kind is User and action.makes is Contract:
            wanted.counters.update((action.subject_id, other) for other in action.people())
        if action.children:
            wanted.families.add(action.subject_id)
        if action.kind is Bid:
            wanted.proposing.add(action.subject_id)
        if action.makes is Bid:
            wanted.bidders.add((action.subject_id, command.actor_id))
        if action.makes is File:
            wanted.uploaders.add(action.subject_id)
        wanted.with_projects |= action.with_project
        for kind in action.beside:
            wanted.beside.setdefault(kind, set()).add(action.subject_id)
        for kind, number in action.reads():
            wanted.fixed.setdefault(kind, set()).add(number)
            if kind is File:
                wanted.attaching.add(action.subject_id)
    return wanted
