"""Records on other pages than their own: what stands beside a name in a list, on a project, a bid.

One statement counts for all the people of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from earnest.core.people import Party
from earnest.core.reputation import Measure, Tally
from earnest.store.reads.reputation import records
from earnest.words import reputation as words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from earnest.core.reputation import Record
    from earnest.core.reviews import Review
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.words.reputation import Told

OF_A_BIDDER: Final = (Measure.COMPLETION_RATE, Measure.ON_TIME, Measure.REVIEWS)
OF_AN_EMPLOYER: Final = (
    Measure.PAID_UP_FRONT,
    Measure.HOURS_TO_DECIDE,
    Measure.RELEASED_SHARE,
    Measure.DISPUTES,
    Measure.REVIEWS,
)
OF_AN_EMPLOYER_IN_A_LIST: Final = (Measure.RELEASED_SHARE, Measure.REVIEWS)

Shown = dict[str, Any]


async def of_bidders(db: Connection, visit: Visit, people: Collection[int]) -> Mapping[int, Shown]:
    """What an employer reads of each who bids."""
    asked = (Measure.CONTRACTS, *OF_A_BIDDER)
    found = await records(db, freelancers=people, measures=asked)
    return _shown(found, OF_A_BIDDER, visit.locale)


async def of_employers(
    db: Connection,
    visit: Visit,
    people: Collection[int],
    measures: Collection[Measure] = OF_AN_EMPLOYER_IN_A_LIST,
) -> Mapping[int, Shown]:
    """What somebody who looks for work reads of each who offers some."""
    found = await records(db, employers=people, measures=(Measure.CONTRACTS, *measures))
    return _shown(found, measures, visit.locale)


def told(record: Record, measures: Iterable[Measure], locale: str) -> list[Told]:
    """Some figures of a record, in words."""
    return [words.told(record, each, locale) for each in measures]


def review(row: Review, person: str, **more: object) -> Shown:
    """What somebody said of the other side of a contract; `person` is who said it."""
    given = {name: getattr(row, name) for name in words.CRITERIA}
    return {
        "row": row,
        "person": person,
        "stars": words.average(Tally(sum(given.values()), 1, 1)),
        "criteria": [(words.CRITERIA[name], stars) for name, stars in given.items()],
        **more,
    }


def _shown(
    found: Mapping[tuple[Party, int], Record], measures: Collection[Measure], locale: str
) -> dict[int, Shown]:
    return {
        person: {
            "is_freelancer": side is Party.FREELANCER,
            "is_empty": record.is_empty,
            "figures": told(record, measures, locale),
        }
        for (side, person), record in found.items()
    }
