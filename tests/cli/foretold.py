"""What fates say of everything there is, and what then became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import asyncpg

from earnest import worker
from earnest.app import App, opened
from earnest.config import Config
from earnest.core.contracts import Contract
from earnest.core.disputes.arbitrating import NameArbiter
from earnest.core.disputes.row import Dispute
from earnest.core.fate import Fate, Step
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import LIVE, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.core.rows import Row
from earnest.demo.story import APPROVAL_LIMITS
from earnest.http.fates import fate_of
from earnest.http.problems import problem_of
from earnest.store.tables import BY_KIND

#: What has a fate that nobody outside decides.
KINDS: Final = (Contract, Milestone, Release, Tranche, Dispute, Project)

#: What no batch decides before whatever meets it, and how much later it may be written.
WRITTEN_LATER: Final = frozenset({"contract.lapsed", "project.lapsed"})
LATE: Final = timedelta(seconds=20)

_PREFIXES: Final = {kind.noun: kind.prefix for kind in KINDS}

_HAPPENED = """
SELECT e.at, e.name, e.subject_kind, e.subject_id, e.contract_id,
       (SELECT r.milestone_id FROM releases r WHERE r.id = e.subject_id
        UNION ALL
        SELECT d.milestone_id FROM disputes d WHERE d.id = e.subject_id
        UNION ALL
        SELECT t.milestone_id FROM tranches t WHERE t.id = e.subject_id) AS milestone_id,
       array(SELECT ROW(CASE debit_kind WHEN 'escrow' THEN debit_owner END, credit_owner, amount)
             FROM transfers WHERE event_id = e.id AND credit_kind = 'wallet' ORDER BY id) AS pays
FROM events e
WHERE e.actor_id = 0 AND e.at > $1 AND e.name <> $2 AND e.subject_kind = ANY($3)
ORDER BY e.at, e.id
"""


class Line(NamedTuple):
    """When something happens, what it is, to which row, and who gets how much, in minor units."""

    at: datetime
    event: str
    subject: str
    pays: dict[int, int]

    def is_as(self, said: Line) -> bool:
        """Whether it is what was said.

        The end of an offer or a project is dated as it is written: from its instant on nobody can
        do anything with it, whenever that is.
        """
        late = LATE if self.event in WRITTEN_LATER else timedelta()
        return self[1:] == said[1:] and said.at <= self.at <= said.at + late


@dataclass(frozen=True, slots=True)
class Foretold:
    """A row, what its fate said, and what happened to it."""

    row: Row
    said: list[Line]
    happened: list[Line]

    @property
    def came_true(self) -> bool:
        """Whether everything happened as it was said, and nothing else."""
        both = zip(self.said, self.happened, strict=False)
        return len(self.said) == len(self.happened) and all(now.is_as(then) for then, now in both)


async def to_its_end(dsn: str, data_dir: Path) -> list[Foretold]:
    """Ask for the fate of everything; then let time pass until nothing is left of any."""
    config = Config(data_dir, dsn, connections=4, approval_limits=APPROVAL_LIMITS)
    async with opened(config, problem_of) as app:
        began = await app.database.now()
        fates = {row.reference: (row, await _fate(app, row)) for row in await _rows(app)}
        last = max(step.at for _, fate in fates.values() for step in fate.steps)
        await worker.advance(app, last - began + timedelta(days=1))
        found = await app.database.pool.fetch(_HAPPENED, began, NameArbiter.event, [*_PREFIXES])
    return [Foretold(row, _said(fate), _happened(row, found)) for row, fate in fates.values()]


async def _rows(app: App) -> list[Row]:
    rows: list[Row] = []
    for kind in KINDS:
        table = BY_KIND[kind]
        records = await app.database.pool.fetch(f"SELECT {table.names} FROM {table.name}")
        rows += [table.read(tuple(record)) for record in records]
    return rows


async def _fate(app: App, row: Row) -> Fate:
    async with app.database.pool.acquire() as connection:
        return await fate_of(connection, row, app.house)


def _said(fate: Fate) -> list[Line]:
    return [
        Line(each.at, each.event, each.subject.reference, _sums(_paid(each))) for each in fate.steps
    ]


def _paid(step: Step) -> Iterable[tuple[int, int]]:
    return ((each.user_id, each.amount.minor) for each in step.pays)


def _happened(row: Row, events: Iterable[asyncpg.Record]) -> list[Line]:
    lines = []
    for each in events:
        subject = printed(_PREFIXES[each["subject_kind"]], each["subject_id"])
        is_part = isinstance(row, Milestone) and row.status in LIVE and _lapses(each, row)
        if _is_of(each, row) or is_part:
            pays = [(to, n) for of, to, n in each["pays"] if not is_part or of == row.key]
            lines.append(Line(each["at"], each["name"], subject, _sums(pays)))
    return lines


def _is_of(event: asyncpg.Record, row: Row) -> bool:
    """Of a contract everything in it, of a milestone also what is a part of it."""
    if isinstance(row, Contract):
        return bool(event["contract_id"] == row.id)
    if isinstance(row, Milestone) and event["milestone_id"] == row.id:
        return True
    return (event["subject_kind"], event["subject_id"]) == (row.noun, row.key)


def _lapses(event: asyncpg.Record, milestone: Milestone) -> bool:
    """Whether its offer lapses, and it with it."""
    subject = (event["subject_kind"], event["subject_id"])
    return subject == (Contract.noun, milestone.contract_id)


def _sums(pays: Iterable[tuple[int, int]]) -> dict[int, int]:
    sums: Counter[int] = Counter()
    for user_id, minor in pays:
        sums[user_id] += minor
    return dict(sums)
