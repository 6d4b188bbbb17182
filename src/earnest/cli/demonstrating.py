"""`earnest demo`: a sandbox with a story in it, served."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from earnest.cli import listening
from earnest.cli.desk import Failure, desk_for, say
from earnest.cli.printing import console
from earnest.cli.progress import progress
from earnest.config import Config, default_data_dir
from earnest.demo import loading
from earnest.demo.people import PASSWORD
from earnest.demo.scale import loading as at_scale
from earnest.demo.scale.planning import FULL, SMALL
from earnest.demo.story import APPROVAL_LIMITS
from earnest.http.logs import configure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from earnest.app import App


@click.command()
@click.option("--port", type=int, help="Serve on this port (EARNEST_PORT).")
@click.option("--host", help="Listen here (EARNEST_HOST).")
@click.option("--reset", is_flag=True, help="Begin the story anew.")
@click.option("--scale", is_flag=True, help="A million milestones instead; loading takes minutes.")
@click.option("--small", is_flag=True, hidden=True)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="EARNEST_DATA_DIR",
    help="Where the demo is kept; else beside the usual place, with -demo behind its name.",
)
def demo(
    port: int | None,
    host: str | None,
    data_dir: Path | None,
    *,
    reset: bool,
    scale: bool,
    small: bool,
) -> None:
    """Serve a sandbox in which fourteen people have dealt with each other for a year.

    With --scale a hundred thousand people have, for two: 1,000,000 milestones and 200,000 bids.
    """
    if data_dir is None:
        usual = default_data_dir()
        data_dir = usual.with_name(f"{usual.name}-demo{'-scale' if scale else ''}")
    desk = desk_for(data_dir, as_json=False, host=host, port=port)
    config = desk.config
    if not config.approval_limits:
        config = replace(config, approval_limits=APPROVAL_LIMITS)
    config = replace(config, signup="open")  # Whoever tries a demo may also try to join it.

    async def first(app: App) -> None:
        # What the story's gateway does on its bad days is no alarm of this site.
        configure(level=logging.CRITICAL)
        try:
            with _explained(config, "a demo at scale" if scale else "a demo's story"):
                if scale:
                    await _at_scale(app, reset=reset, small=small)
                else:
                    await loading.prepare(app, say, reset=reset)
        finally:
            configure()

    with desk.explained(), listening.bound(config.host, config.port, "demo") as sock:
        ready = _show_scale if scale else _show
        served = _at_its_port(config, sock.getsockname()[1])
        plan = listening.Plan(served, first=first, ready=ready)
        listening.run(listening.serve(plan, sock))


def _at_its_port(config: Config, port: int) -> Config:
    """Let links in mails lead to this port, where nobody said how the demo is reached.

    Who lets others in from elsewhere has to say it: of other names of this machine we know none.
    """
    usual = Config(config.data_dir)
    if (config.url, config.host) != (usual.url, usual.host) or port == usual.port:
        return config
    return replace(config, url=f"http://localhost:{port}")


@contextlib.contextmanager
def _explained(config: Config, what: str) -> Iterator[None]:
    """Why there cannot be a demo here."""
    try:
        yield
    except loading.NotADemoError as error:
        raise Failure(
            "not_a_demo",
            f"There is something else than {what} in {config.data_dir}.",
            "Choose another directory with --data-dir.",
        ) from error
    except loading.InUseError as error:
        raise Failure(
            "in_use",
            f"Another process of Earnest works in {config.data_dir}.",
            "Stop it first; then begin the story anew.",
        ) from error


async def _at_scale(app: App, *, reset: bool, small: bool) -> None:
    with progress("Milestones") as done:
        told = at_scale.Progress(say, done)
        await at_scale.prepare(app, told, reset=reset, size=SMALL if small else FULL)


async def _show(app: App, where: str) -> None:
    """Print where it is, who can sign in to see what, and something to try."""
    await _print(app, where, await loading.logins(app))


async def _show_scale(app: App, where: str) -> None:
    """The same of the demo at scale: of its hundred thousand those who are known."""
    await _print(app, where, at_scale.logins())


async def _print(app: App, where: str, people: Sequence[loading.Login]) -> None:
    token = await loading.token(app, people[0].email)
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("name", "e-mail", "role"):
        table.add_column(title, no_wrap=True)
    table.add_column("what to look at")
    for each in people:
        table.add_row(each.name, each.email, each.role, each.hint)
    out.print(f"\nEarnest's demo is served on {where}\n", style="bold")
    out.print(table)
    out.print(
        f"\nSign in at {where} with any of these e-mails and the password {PASSWORD}\n"
        f"\nTry:\n\n{_line(where, token)}\n\nCtrl-C stops it; the data stays.",
        soft_wrap=True,
    )


def _line(where: str, token: str) -> str:
    return f'curl -s {where}/v1/milestones -H "Authorization: Bearer {token}"'
