"""How fast a search is, in an installation that is there: thirty of them, with their plans."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from earnest.bench.figures import BenchError
from earnest.core.contracts import Contract
from earnest.core.milestones.row import Milestone
from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.store.reads.around import snapshot
from earnest.store.reads.search import FIRST, plan_of, readers, search
from earnest.wire.sought import KINDS, sought

if TYPE_CHECKING:
    from collections.abc import Callable

    from earnest.store.db import Database
    from earnest.store.reads.search import Reader

#: What is needed at p95, over all of them, in milliseconds.
LIMIT_MS: Final = 50
FILE: Final = "searches.txt"
#: A page of results, as the pages have it.
ROWS: Final = 20
_SHARE: Final = 0.95


@dataclass(slots=True)
class Searched:
    """One search of one person: how long it took each time, and how it was planned."""

    words: str
    reader: Reader
    seconds: list[float] = field(default_factory=list)
    found: int = 0
    plan: str = ""

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "words": self.words,
            "milestones": self.reader.milestones,
            "found": self.found,
            "p50_ms": statistics.median(self.seconds) * 1e3,
            "max_ms": max(self.seconds) * 1e3,
            "plan": self.plan,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All of them."""

    searches: list[Searched]

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 searches are not slower than."""
        every = sorted(each for one in self.searches for each in one.seconds)
        return every[min(len(every) - 1, int(_SHARE * len(every)))] * 1e3

    @property
    def is_met(self) -> bool:
        """Whether that is fast enough."""
        return self.p95_ms <= LIMIT_MS

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        every = [each.as_json() for each in self.searches]
        return {"p95_ms": self.p95_ms, "limit_ms": LIMIT_MS, "met": self.is_met, "searches": every}


def queries() -> list[str]:
    """The lines of the list that are searches."""
    text = (resources.files(__package__ or "") / FILE).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


async def measure(database: Database, rounds: int, say: Callable[[str], None]) -> Report:
    """Every search as somebody with very many milestones, and as somebody with a few."""
    people = await readers(database)
    if not people:
        raise BenchError("too_little", "There is nothing to find.", "Make: earnest demo --scale")
    every = [
        Searched(line.format_map(_names(reader)), reader) for line in queries() for reader in people
    ]
    for number in range(rounds + 1):
        say(f"round {number} of {rounds}" if number else "every search once, so that it is warm")
        for each in every:
            began = time.perf_counter()
            async with snapshot(database) as db:
                wanted, who = sought(each.words), each.reader.id
                found = await search(db, wanted, who, KINDS, FIRST, ROWS)
            if number:
                each.seconds.append(time.perf_counter() - began)
            each.found = len(found.rows)
    say("the plan of each")
    for each in every:
        async with snapshot(database) as db:
            each.plan = await plan_of(db, sought(each.words), each.reader.id, KINDS, ROWS)
    return Report(every)


def _names(reader: Reader) -> dict[str, str]:
    return {
        "milestone": printed(Milestone.prefix, reader.milestone),
        "contract": printed(Contract.prefix, reader.contract),
        "project": printed(Project.prefix, reader.project),
        "person": printed(User.prefix, reader.id),
        "number": str(reader.milestone),
    }
