"""Landmarks: who and what is the largest of an installation, for whoever measures its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from earnest.store.queries import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.store.db import Database


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Numbers of people and rows: of each the one with most, and people like most."""

    large_employer: int
    employer: int
    busy_freelancer: int
    freelancer: int
    #: With the most bids; four of these.
    project: int
    project_employer: int
    skill: str
    bids: Sequence[int]
    #: With the most milestones; one of these.
    contract: int
    contract_employer: int
    contract_freelancer: int
    milestone: int
    #: Who works for the site, where anybody does.
    operator: int | None = None
    arbiter: int | None = None


async def landmarks(database: Database) -> Landmarks | None:
    """Find them; None where there is too little of everything."""
    pool = database.pool
    employers = await pool.fetch(sql("landmarks.employers"))
    freelancers = await pool.fetch(sql("landmarks.freelancers"))
    project = await pool.fetchrow(sql("landmarks.project"))
    contract = await pool.fetchrow(sql("landmarks.contract"))
    staff = await pool.fetchrow(sql("landmarks.staff"))
    assert staff is not None, "nobody is a row as well"
    if not employers or project is None or contract is None or contract["milestone"] is None:
        return None
    return Landmarks(
        employers[0]["id"],
        employers[-1]["id"],
        freelancers[0]["id"],
        freelancers[-1]["id"],
        project["id"],
        project["employer_id"],
        next(iter(project["skills"]), "web_design"),
        project["bids"],
        contract["id"],
        contract["employer_id"],
        contract["freelancer_id"],
        contract["milestone"],
        staff["operator"],
        staff["arbiter"],
    )


async def to_release(database: Database, employer: int, most: int) -> list[int]:
    """Milestones that somebody may release together."""
    found = await database.pool.fetch(sql("landmarks.to_release"), employer, most)
    return [record["id"] for record in found]
