"""The command: findings as they come for people, all at once for programs."""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from earnest import config as settings
from earnest.cli.desk import Desk, desk_options, say
from earnest.cli.doctor.examining import examine
from earnest.cli.doctor.findings import State
from earnest.config import Config

if TYPE_CHECKING:
    from pathlib import Path

    from earnest.cli.doctor.findings import Finding

_SIGNS: Final = {
    State.OK: ("ok", "green"),
    State.NOTE: ("note", "yellow"),
    State.WRONG: ("WRONG", "red"),
    State.SKIPPED: ("–", None),
}
_WIDTH: Final = 8


@click.command("doctor", params=list(desk_options()))
def doctor(data_dir: Path | None, *, as_json: bool) -> None:
    """Look for what is often wrong: what it is, what it means, what to do.

    Changes nothing; a private PostgreSQL that does not run is started to be looked at, and stopped
    again. Exit 1 if something is wrong.
    """
    found = asyncio.run(_examined(data_dir, as_json=as_json))
    bad = [each for each in found if each.state is State.WRONG]
    if as_json:
        told = {"ok": not bad, "checks": [asdict(each) for each in found]}
        Desk(Config(settings.default_data_dir()), json=True).print_json(told)
    elif bad:
        click.echo(f"\n{len(bad)} of {len(found)} checks found something wrong.")
    else:
        click.echo("\nAll is well.")
    raise SystemExit(int(bool(bad)))


async def _examined(data_dir: Path | None, *, as_json: bool) -> list[Finding]:
    gathered = settings.gather(os.environ, data_dir=data_dir)
    found = []
    examining = examine(gathered, lambda: datetime.now(UTC), say)
    async with contextlib.aclosing(examining):
        async for each in examining:
            found.append(each)
            if not as_json:
                _show(each)
    return found


def _show(found: Finding) -> None:
    sign, colour = _SIGNS[found.state]
    click.echo(f"{click.style(sign.ljust(_WIDTH), fg=colour)}{found.check}: {found.what}")
    for text in (found.means, found.advice):
        if text:
            click.echo(f"{'':{_WIDTH}}{text}")
