"""Looking at rows: `show`, `list`, `balance`. REST has the filters; this is enough to act.

Whoever may read the data directory may look at everything; with ``--as`` only at what is theirs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import click
import msgspec

from earnest.cli.desk import Failure, with_desk
from earnest.cli.printing import print_fate, print_rows
from earnest.cli.whom import found
from earnest.core.money import Money
from earnest.core.references import NotAReferenceError, parsed
from earnest.http.fates import fate_of
from earnest.http.reading import SHELVES
from earnest.store.reads.around import seen, snapshot
from earnest.store.reads.paging import Order, Page, Part, item, page
from earnest.store.reads.purse import purse
from earnest.wire.fates import fate as shown
from earnest.wire.surroundings import money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.app import App
    from earnest.cli.desk import Desk
    from earnest.http.parameters import Parameter
    from earnest.http.reading import Shelf
    from earnest.store.db import Connection
    from earnest.wire.invalid import FieldError

Json = dict[str, Any]
#: Makes what is told of one row; to somebody, or to whoever may read the data directory.
Tell: TypeAlias = "Callable[[Connection, Any, App, int | None], Awaitable[Json]]"

ROWS_MOST: Final = 1000
#: What needs more than one option to be read, or a page to stand on.
_NOT_HERE: Final = {"min", "max", "sort"}
#: Every collection that REST has of people's dealings, by the noun of its rows.
BY_NOUN: Final[Mapping[str, Shelf]] = {
    shelf.name.removesuffix("s"): shelf for shelf in SHELVES if shelf.name != "tokens"
}

_WHO = click.option(
    "--as", "who", envvar="EARNEST_AS", metavar="EMAIL", help="Only what is theirs (EARNEST_AS)."
)


def commands(noun: str) -> list[click.Command]:
    """What can be looked at of a noun."""
    shelf = BY_NOUN.get(noun)
    if shelf is None:
        return []
    found = [_show(noun, shelf), _list(noun, shelf)]
    return [*found, _fate(noun, shelf)] if shelf.has_fate else found


def _show(noun: str, shelf: Shelf) -> click.Command:
    async def tell(db: Connection, row: Any, _app: App, asker: int | None) -> Json:
        around = await seen(db, [row], asker)
        also = await shelf.alone(db, row, around) if shelf.alone is not None else {}
        return {**shelf.show(row, around), **also}

    one = _of_one(shelf, tell, lambda desk, row: print_rows(desk, noun, [row], one=True))
    return click.command("show", help=f"Show one {noun}, as it is now.")(one)


def _fate(noun: str, shelf: Shelf) -> click.Command:
    async def tell(db: Connection, row: Any, app: App, _asker: int | None) -> Json:
        return shown(await fate_of(db, row, app.house))

    help_ = f"Say what becomes of a {noun} if nobody does anything."
    return click.command("fate", help=help_)(_of_one(shelf, tell, print_fate))


def _of_one(shelf: Shelf, tell: Tell, say: Callable[[Desk, Json], None]) -> Callable[..., None]:
    """What looks at one row, and says what is told of it."""

    @click.argument("reference", metavar=f"{shelf.prefix}_…")
    @_WHO
    @with_desk
    def one(desk: Desk, reference: str, who: str | None) -> None:
        number = number_in(reference, shelf.prefix)

        async def work(app: App) -> Json:
            asker = (await found(app, who)).id if who is not None else None
            async with snapshot(app.database) as connection:
                row = await _row(connection, shelf, number, asker)
                if row is None:
                    raise Failure("not_found", f"There is no {reference}.")
                return _read(await tell(connection, row, app, asker))

        say(desk, desk.run(work))

    return one


def _list(noun: str, shelf: Shelf) -> click.Command:
    filters = [each for each in shelf.parameters if each.name not in _NOT_HERE]

    @click.command("list", help=f"List {noun}s, the newest first.")
    @_WHO
    @click.option(
        "--limit", type=click.IntRange(1, ROWS_MOST), default=50, show_default=True, help="At most."
    )
    @with_desk
    def list_(desk: Desk, who: str | None, limit: int, **given: str | None) -> None:
        chosen = _chosen(filters, given)

        async def work(app: App) -> list[Json]:
            asker = (await found(app, who)).id if who is not None else None
            async with snapshot(app.database) as connection:
                return await listed(connection, shelf, asker, chosen, limit)

        print_rows(desk, noun, desk.run(work))

    for each in filters:
        name = f"--{each.name.replace('_', '-')}"
        list_.params.insert(-3, click.Option([name, f"field_{each.name}"], help=each.description))
    return list_


def _chosen(filters: list[Parameter], given: Mapping[str, str | None]) -> dict[str, Any]:
    """The filters as REST reads them, or a usage error that names what is wrong with each."""
    errors: list[FieldError] = []
    chosen: dict[str, Any] = {}
    for each in filters:
        text = given[f"field_{each.name}"]
        if text is not None:
            chosen[each.name] = each.read(text, f"--{each.name.replace('_', '-')}", errors)
    if errors:
        raise click.UsageError("\n".join(f"{error.path}: {error.detail}" for error in errors))
    return chosen


@click.command()
@click.option(
    "--as", "who", envvar="EARNEST_AS", required=True, metavar="EMAIL", help="Whose (EARNEST_AS)."
)
@with_desk
def balance(desk: Desk, who: str) -> None:
    """Show where a person's money is: one line a currency."""

    async def work(app: App) -> list[Json]:
        person = await found(app, who)
        async with snapshot(app.database) as connection:
            held = await purse(connection, person.id)
        return [
            _read(
                {
                    "currency": currency,
                    **{place: money(Money(minor, currency)) for place, minor in places.items()},
                }
            )
            for currency, places in held.items()
        ]

    print_rows(desk, "balance", desk.run(work))


async def subject(app: App, noun: str, number: int) -> Any:
    """The row of this number, whosever it is; None if there is none."""
    async with app.database.pool.acquire() as connection:
        source = BY_NOUN[noun].collection.source
        return await item(connection, source, Part("lists.this", (number,)))


def number_in(reference: str, prefix: str) -> int:
    """The number that a reference prints."""
    try:
        return parsed(reference, prefix)
    except NotAReferenceError as error:
        raise click.UsageError(f"{reference!r}: {error}.") from error


async def _row(connection: Connection, shelf: Shelf, number: int, asker: int | None) -> Any:
    whose = () if asker is None else shelf.collection.seen_by(asker)
    return await item(connection, shelf.collection.source, Part("lists.this", (number,)), *whose)


async def listed(
    connection: Connection, shelf: Shelf, asker: int | None, chosen: Json, limit: int
) -> list[Json]:
    """The newest rows of a collection, as they are shown; somebody's, or everybody's."""
    branches = shelf.collection.branches(asker or 0, chosen, everybody=asker is None)
    asked = Page(tuple(branches), Order(), None, limit)
    rows, _ = await page(connection, shelf.collection.source, asked)
    return await _shown(connection, shelf, rows, asker)


async def _shown(
    connection: Connection, shelf: Shelf, rows: list[Any], asker: int | None
) -> list[Json]:
    around = await seen(connection, rows, asker)
    return [_read(shelf.show(row, around)) for row in rows]


def _read(shape: Json) -> Json:
    """A shape as its reader has it: some of what it is made of is JSON already."""
    read: Json = msgspec.json.decode(msgspec.json.encode(shape))
    return read
