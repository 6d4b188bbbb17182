"""Reputation: what is counted of people, one query a measure, all of a page's in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.core.people import SYSTEM_ID, Party
from earnest.core.reputation import MEASURES, Measure, Record, Tally
from earnest.core.reviews import Review
from earnest.store.queries import sql
from earnest.store.reads.around import names
from earnest.store.reads.paging import Branch, Order, Page, Part, Place, page
from earnest.store.reads.reviews import REVIEWS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from earnest.store.db import Connection

_FIGURE: Final = "SELECT '{measure}' AS measure, f.* FROM ({query}) f"


@dataclass(frozen=True, slots=True)
class Given:
    """A review, and who wrote it."""

    row: Review
    name: str
    #: Else by the freelancer of that contract.
    is_by_employer: bool


async def records(
    db: Connection,
    *,
    freelancers: Collection[int] = (),
    employers: Collection[int] = (),
    measures: Iterable[Measure] = Measure,
) -> Mapping[tuple[Party, int], Record]:
    """The records of these people, each on the side they are asked for on, as far as is asked."""
    wanted = {Party.FREELANCER: sorted({*freelancers}), Party.EMPLOYER: sorted({*employers})}
    sides = [side for side, people in wanted.items() if people]
    asked = {each for side in sides for each in MEASURES[side]} & {*measures}
    found: dict[tuple[Party, int], dict[tuple[Measure, str], Tally]] = {
        (side, person): {} for side, people in wanted.items() for person in people
    }
    rows = await db.fetch(statement(asked), *wanted.values()) if asked else []
    for measure, side, person, key, *counts in rows:
        tally = Tally(*map(int, counts))
        found[Party(side), person][Measure(measure), key] = tally
    return {whose: Record(whose[0], tallies) for whose, tallies in found.items()}


async def both_sides(db: Connection, person: int) -> tuple[Record, Record]:
    """All that is counted of one person: as a freelancer, and as an employer."""
    found = await records(db, freelancers=[person], employers=[person])
    return found[Party.FREELANCER, person], found[Party.EMPLOYER, person]


async def reviews(
    db: Connection, person: int, after: Place | None, limit: int
) -> tuple[list[Given], bool]:
    """What others said of a person that everybody may see; and whether there is more."""
    whose = (Part("reviews.about_person", (person,)), Part(REVIEWS.visible, (SYSTEM_ID,)))
    asked = Page((Branch("lists.own", whose),), Order(), after, limit)
    found, more = await page(db, REVIEWS.source, asked)
    contracts = sorted({each.contract_id for each in found})
    paid = dict(await db.fetch(sql("reputation.employers_of"), contracts)) if found else {}
    people = await names(db, {each.reviewer_id for each in found})
    given = [
        Given(each, people[each.reviewer_id], paid[each.contract_id] == each.reviewer_id)
        for each in found
    ]
    return given, more


async def months(db: Connection, person: int) -> Mapping[Party, list[tuple[datetime, int]]]:
    """How many milestones of a person ended with a release in each of twelve months, by side."""
    found: dict[Party, list[tuple[datetime, int]]] = {side: [] for side in MEASURES}
    for side, month, released in await db.fetch(sql("reputation.months"), person):
        found[Party(side)].append((month, released))
    return found


def statement(measures: Iterable[Measure]) -> str:
    """One statement that counts all of these, for the freelancers $1 and the employers $2."""
    figures = " UNION ALL ".join(
        _FIGURE.format(measure=each.value, query=sql(f"reputation.{each.value}"))
        for each in sorted(measures)
    )
    counted = sql("reputation.counted").format(milestones=milestones())
    moment = sql("reputation.moment")
    return sql("reputation.together").format(moment=moment, counted=counted, figures=figures)


def milestones() -> str:
    """What counts the milestones of one contract, which is called `c`, at a `moment`."""
    return sql("reputation.milestones").format(decisions=sql("reputation.decisions"))
