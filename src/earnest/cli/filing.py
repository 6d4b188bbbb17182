"""`earnest file`: put a file here, save one, and look at those there are."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from earnest.cli import looking
from earnest.cli.acting import VIA, key_of, tell_refused
from earnest.cli.desk import Failure, say, with_desk
from earnest.cli.printing import print_rows
from earnest.cli.whom import found
from earnest.core.files import File
from earnest.files.folder import CHUNK_BYTES
from earnest.http import receiving
from earnest.http.answers import ProblemError
from earnest.store.reads.around import snapshot
from earnest.store.reads.collections import FILES
from earnest.store.reads.paging import Part, item

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.cli.desk import Desk
    from earnest.store.batch import Answer


@click.group()
def file() -> None:
    """Files: what you attach to what you post, bid, say or submit."""


@file.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as", "who", envvar="EARNEST_AS", required=True, metavar="EMAIL",
              help="Whose it is (EARNEST_AS).")  # fmt: skip
@click.option("--name", help="What it is called here; else what it is called there.")
@click.option("--key", help="The same key asks for the same thing once; else random.")
@with_desk
def add(desk: Desk, path: Path, who: str, name: str | None, key: str | None) -> None:
    """Put a file here. What it is is read from its bytes; nobody else sees it before.

    Its reference is what the --file of an action takes.
    """
    chosen = key_of(key)

    async def work(app: App) -> Answer:
        person = await found(app, who)
        if key is None:
            say(f"key: {chosen}")
        called = name if name is not None else path.name
        return await receiving.kept(
            app, person.id, called, _read(path), key=lambda _: chosen, via=VIA
        )

    try:
        answer = desk.run(work)
    except ProblemError as wrong:
        tell_refused(desk, wrong.body)
    if answer.problem is not None:
        tell_refused(desk, answer.problem)
    print_rows(desk, File.noun, [msgspec.json.decode(row) for row in answer.rows], one=True)


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as source:
        while chunk := await asyncio.to_thread(source.read, CHUNK_BYTES):
            yield chunk


@file.command()
@click.argument("reference", metavar="fil_…")
@click.argument("target", metavar="FILE|DIR", type=click.Path(path_type=Path))
@click.option("--as", "who", envvar="EARNEST_AS", metavar="EMAIL",
              help="Only what they may see (EARNEST_AS).")  # fmt: skip
@with_desk
def save(desk: Desk, reference: str, target: Path, who: str | None) -> None:
    """Save what is in a file. In a directory it has its own name; nothing is overwritten."""
    number = looking.number_in(reference, File.prefix)

    async def work(app: App) -> tuple[Any, Path]:
        asker = (await found(app, who)).id if who is not None else None
        whose = () if asker is None else FILES.seen_by(asker)
        async with snapshot(app.database) as connection:
            row = await item(connection, FILES.source, Part("lists.this", (number,)), *whose)
        if row is None:
            raise Failure("not_found", f"There is no {reference}.")
        return row, app.files.path(row.sha256)

    row, kept = desk.run(work)
    place = target / row.name if target.is_dir() else target
    try:
        with kept.open("rb") as source, place.open("xb") as out:
            shutil.copyfileobj(source, out)
    except FileExistsError:
        raise Failure("file_exists", f"{place} is there already.", "Choose another name.") from None
    except OSError as error:
        raise Failure("cannot_write", f"{place}: {error.strerror}.") from error
    if desk.json:
        desk.print_json({"file": str(place), "bytes": row.size})
    else:
        click.echo(str(place))


for each in looking.commands(File.noun):
    file.add_command(each)
