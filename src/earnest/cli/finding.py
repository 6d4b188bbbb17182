"""`earnest search` as somebody, and `earnest index`, which keeps and rebuilds what it looks in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from earnest.cli.desk import say, with_desk
from earnest.cli.printing import print_rows
from earnest.cli.whom import found as person_found
from earnest.http.finding import BY_TYPE, Type, item
from earnest.store import counting, documents, summing
from earnest.store.reads.around import snapshot
from earnest.store.reads.search import FIRST, search
from earnest.wire.sought import KINDS, LENGTH_MAX, sought

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.cli.desk import Desk

Json = dict[str, Any]

LIMIT_MAX: Final = 1_000


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--as", "who", envvar="EARNEST_AS", required=True, metavar="EMAIL", help="Whose (EARNEST_AS)."
)
@click.option("--type", "kind", type=click.Choice([each.value for each in Type]), help="Only it.")
@click.option(
    "--limit", type=click.IntRange(1, LIMIT_MAX), default=50, show_default=True, help="At most."
)
@with_desk
def look_for(desk: Desk, words: tuple[str, ...], who: str, kind: str | None, limit: int) -> None:
    """Find what somebody may see, by words, a reference, a number or an amount."""
    typed = " ".join(words)
    if not typed.strip() or len(typed) > LENGTH_MAX:
        raise click.UsageError(f"WORDS has 1 to {LENGTH_MAX} characters.")
    kinds = [BY_TYPE[Type(kind)]] if kind is not None else KINDS

    async def work(app: App) -> list[Json]:
        person = await person_found(app, who)
        await documents.look(app.database)  # There may be no worker.
        if not (await documents.standing(app.database)).is_whole:
            say("Not everything is indexed yet; a worker goes on with it, or: earnest index")
        async with snapshot(app.database) as connection:
            told = await search(connection, sought(typed), person.id, kinds, FIRST, limit)
        return [_read(item(row, told, person.id)) for row in told.rows]

    print_rows(desk, "found", desk.run(work))


def _read(shape: Json) -> Json:
    """A shape as its reader has it: some of what it is made of is JSON already."""
    read: Json = msgspec.json.decode(msgspec.json.encode(shape))
    return read


@click.command("index")
@click.option("--rebuild", is_flag=True, help="Look at every row again.")
@with_desk
def index(desk: Desk, *, rebuild: bool) -> None:
    """Bring up to date what is searched for, and what is added up.

    A worker does it by itself.
    """

    async def work(app: App) -> int:
        if rebuild:
            await documents.rebuild(app.database)
            await counting.rebuild(app.database)
            await summing.rebuild(app.database)
        told = _quiet if desk.json else say
        written = await documents.catch_up(app.database, told)
        written += await counting.catch_up(app.database, told)
        return written + await summing.catch_up(app.database, told)

    written = desk.run(work)
    if desk.json:
        desk.print_json({"written": written})
    else:
        click.echo(f"Up to date: {written:,} written.")


def _quiet(_: str) -> None:
    pass
