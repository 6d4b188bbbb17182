"""`earnest serve`, `worker` and `migrate`: the processes of an installation."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from earnest.app import server
from earnest.cli import listening
from earnest.cli.desk import Failure, desk_for, say, with_desk
from earnest.store import people
from earnest.store.db import migrate as bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from earnest.app import App
    from earnest.cli.desk import Desk

DIRECTORY: Final = click.Path(file_okay=False, path_type=Path)
PROCESSES_MOST: Final = 64


@click.command()
@click.option("--host", help="Listen here (EARNEST_HOST).")
@click.option("--port", type=int, help="Listen on this port (EARNEST_PORT); 0 takes a free one.")
@click.option(
    "--workers",
    type=click.IntRange(1, PROCESSES_MOST),
    default=1,
    show_default=True,
    help="How many processes answer requests.",
)
@click.option("--no-worker", is_flag=True, help="Leave what is due to `earnest worker`.")
@click.option("--data-dir", type=DIRECTORY, help="Where everything is kept (EARNEST_DATA_DIR).")
@click.option("--fd", type=int, hidden=True)
def serve(
    host: str | None,
    port: int | None,
    workers: int,
    data_dir: Path | None,
    fd: int | None,
    *,
    no_worker: bool,
) -> None:
    """Answer REST requests, and do what is due. Ready when /readyz answers 200."""
    desk = desk_for(data_dir, as_json=False, host=host, port=port)
    config = desk.config
    with desk.explained(), _socket(config.host, config.port, fd) as sock:
        if workers == 1:
            plan = listening.Plan(config, works=not no_worker, ready=_ready if fd is None else None)
            listening.run(listening.serve(plan, sock, parent=fd is not None))
            return
        command = [sys.executable, "-P", "-m", "earnest", "serve", "--fd", str(sock.fileno())]
        command += ["--data-dir", str(config.data_dir)] + ["--no-worker"] * no_worker
        with server(config, say) as (dsn, _):
            asyncio.run(bring_up_to_date(dsn, mode="sandbox", say=say))
            listening.run(listening.several(workers, command, sock))


async def _ready(app: App, where: str) -> None:
    say(f"Serving on {where} – Ctrl-C stops it.")
    if not await people.can_anybody_sign_in(app.database):
        say("Nobody can sign in there yet. Make the first account in another terminal:")
        say('  earnest user add "Your Name" you@example.com --password-stdin')


@contextlib.contextmanager
def _socket(host: str, port: int, fd: int | None) -> Iterator[socket.socket]:
    """Our parent's socket, or one of our own."""
    with listening.bound(host, port) if fd is None else socket.socket(fileno=fd) as sock:
        yield sock


@click.command()
@with_desk
def worker(desk: Desk) -> None:
    """Do what is due, beside any number of servers and other workers."""
    with desk.explained():
        listening.run(listening.work_only(desk.config))


@click.command()
@click.option("--live", is_flag=True, help="Make a new installation a live one, for ever.")
@with_desk
def migrate(desk: Desk, *, live: bool) -> None:
    """Make the database, or bring it up to date."""
    with server(desk.config, say) as (dsn, _):
        mode = "live" if live else "sandbox"
        steps = asyncio.run(bring_up_to_date(dsn, mode=mode, say=say))

    async def work(app: App) -> str:
        return (await app.database.site()).mode

    is_now = desk.run(work)
    if live and is_now != "live":
        raise Failure(
            "is_a_sandbox",
            f"{desk.config.data_dir} is a sandbox since it was made, and stays one.",
            "Choose a new directory with --data-dir.",
        )
    if desk.json:
        desk.print_json({"mode": is_now, "migrations": steps})
    else:
        click.echo(f"Up to date: a {is_now} installation; {steps} migrations made.")
