"""`earnest config`: what is in force, and where each of it comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import click
from rich.table import Table
from rich.text import Text

from earnest import config as settings
from earnest.app import must_be_usable
from earnest.cli.desk import Desk, Failure, desk_options
from earnest.cli.printing import console, said
from earnest.config import Config, ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from earnest.config import Gathered


def gathered(data_dir: Path | None) -> tuple[Gathered, tuple[str, ...]]:
    """Everything that was set, and everything that is wrong with it."""
    found = settings.gather(os.environ, data_dir=data_dir)
    if found.problems:
        return found, found.problems
    try:
        must_be_usable(found.config())
    except ConfigError as error:
        return found, (str(error),)
    return found, ()


@click.command("config", params=list(desk_options()))
def config(data_dir: Path | None, *, as_json: bool) -> None:
    """Show every setting in force and where it comes from. Secrets are masked."""
    found, problems = gathered(data_dir)
    told: dict[str, Any] = {
        "file": str(found.file),
        "settings": {
            each.name: {"value": each.shown, "source": each.source} for each in found.settings
        },
        "unknown": list(found.unknown),
        "problems": list(problems),
    }
    if as_json:
        Desk(Config(settings.default_data_dir()), json=True).print_json(told)
        raise SystemExit(int(bool(problems)))
    _print(found)
    if problems:
        text = "\n".join(f"  {each}." for each in problems)
        raise Failure("config", f"Not everything can be used.\n{text}", ADVICE)


ADVICE: Final = "Mend it in the environment or the file; docs/reference/settings.md names them all."


def _print(found: Gathered) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("setting", "value", "from"):
        table.add_column(title, overflow="fold")
    for each in found.settings:
        table.add_row(each.name, Text(said(each.shown)), Text(each.source, style="dim"))
    console().print(table)
    for name in found.unknown:
        click.secho(f"{name} in the environment is no setting.", err=True)
