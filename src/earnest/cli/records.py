"""`earnest user reputation`: what the books say of somebody, on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from earnest.cli.desk import with_desk
from earnest.cli.printing import print_rows
from earnest.cli.whom import found
from earnest.core.reputation import MEASURES
from earnest.store.reads.around import snapshot
from earnest.store.reads.reputation import both_sides, months
from earnest.wire.reputation import of_person
from earnest.words.reputation import told

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.cli.desk import Desk
    from earnest.core.reputation import Record


@click.command()
@click.argument("email")
@with_desk
def reputation(desk: Desk, email: str) -> None:
    """Show what the books say of a person, and of how much each figure was counted.

    How each is counted is in docs/reference/reputation.md, and on the person's page.
    """

    async def work(app: App) -> tuple[Any, list[Record]]:
        person = await found(app, email)
        async with snapshot(app.database) as db:
            records = await both_sides(db, person.id)
            history = await months(db, person.id)
        return of_person(person.id, person.name, records, history), [*records]

    shape, records = desk.run(work)
    if desk.json:
        desk.print_json(shape)
    else:
        print_rows(desk, "record", [row for each in records for row in _rows(each)])


def _rows(record: Record) -> list[dict[str, Any]]:
    figures = (told(record, measure) for measure in MEASURES[record.side])
    return [
        {
            "side": record.side.value,
            "figure": each.title,
            "is": ", ".join(each.values) or None,
            "counted": "; ".join(filter(None, (each.basis, each.people, each.also))),
        }
        for each in figures
    ]
