"""`earnest prove`: that nobody's silence strands the money, under a preset or one's own terms."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from earnest.cli.desk import say
from earnest.cli.printing import console
from earnest.core.terms import PRESETS, Terms, TermsError, from_json
from earnest.prove import claims as claiming
from earnest.prove.searching import search
from earnest.prove.world import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from earnest.prove.claims import Claim
    from earnest.prove.searching import Found

#: Whatever takes longer than this says how far it is.
_TOLD_EVERY: Final = 1.0


@click.command()
@click.argument("which", metavar="[PRESET|FILE]", required=False)
@click.option("--preset", type=click.Choice(list(PRESETS)), help="Prove it of this preset.")
@click.option(
    "--terms",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Prove it of the terms in this file: JSON, every field of them.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON, for programs.")
def prove(which: str | None, preset: str | None, terms: Path | None, *, as_json: bool) -> None:
    """Search every state of a small world, and show that money is never stuck there.

    Without anything said it is done for each preset. No database is needed. Exit 0: every claim is
    met; 1: one is not, with a shortest way to where it is not; 2: these are no terms.
    """
    told = [_proved(name, each, as_json=as_json) for name, each in _asked(which, preset, terms)]
    if as_json:
        click.echo(msgspec.json.encode({"items": told}).decode())
    if not all(each["ok"] for each in told):
        raise SystemExit(1)


def _asked(which: str | None, preset: str | None, file: Path | None) -> Sequence[tuple[str, Terms]]:
    if sum(each is not None for each in (which, preset, file)) > 1:
        raise click.UsageError("Name one: a preset or a file.")
    if which is not None and which not in PRESETS:
        file = Path(which)
        if not file.is_file():
            names = ", ".join(PRESETS)
            raise click.UsageError(f"{which!r} is neither a preset ({names}) nor a file.")
    if file is not None:
        return [(str(file), _read(file))]
    name = preset or which
    return list(PRESETS.items()) if name is None else [(name, PRESETS[name])]


def _read(file: Path) -> Terms:
    """What is wrong with them is said of each field."""
    try:
        found = msgspec.json.decode(file.read_bytes())
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError(f"{file} holds no terms: they are an object of JSON.")
    try:
        return from_json(found)
    except TermsError as error:
        wrong = "\n".join(f"  {each.field}: {each.detail}" for each in error.violations)
        raise click.UsageError(f"Nobody can agree to the terms in {file}:\n{wrong}") from error


def _proved(name: str, terms: Terms, *, as_json: bool) -> dict[str, Any]:
    begun = time.monotonic()
    found = search(terms, claiming.judge_credits(Place(terms)), _teller(name))
    made = claiming.claims(found)
    stuck = claiming.no_end(found)
    seconds = round(time.monotonic() - begun, 1)
    if not as_json:
        _print(name, found, made, stuck, seconds)
    return {
        "terms": name,
        "ok": all(claim.met for claim in made),
        "states": len(found.states),
        "edges": len(found.edges),
        "seconds": seconds,
        "claims": [
            {"claim": each.name, "met": each.met, "detail": each.detail, "path": list(each.path)}
            for each in made
        ],
        "no_end": list(stuck),
    }


def _teller(name: str) -> Callable[[int, int], None]:
    """How far it is, once a second, for people who wait."""
    last = time.monotonic()
    rewrites = sys.stderr.isatty()

    def tell(states: int, waiting: int) -> None:
        nonlocal last
        if not waiting and rewrites:
            click.echo("\r\033[K", nl=False, err=True)
        if time.monotonic() - last < _TOLD_EVERY:
            return
        last = time.monotonic()
        said = f"{name}: {states:,} states, {waiting:,} to look at"
        if rewrites:
            click.secho(f"\r\033[K{said}", nl=False, err=True, dim=True)
        else:
            say(said)

    return tell


def _print(
    name: str, found: Found, made: Sequence[Claim], stuck: Sequence[str], seconds: float
) -> None:
    out = console()
    out.print(name, style="bold")
    out.print(f"  {len(found.states):,} states, {len(found.edges):,} edges, {seconds} s")
    for claim in made:
        verdict = "[green]met[/]    " if claim.met else "[red]not met[/]"
        out.print(f"  {verdict}  {claim.name}")
        for line in claim.detail.split("; ") if claim.detail else ():
            out.print(f"             {line}", style="dim", markup=False)
        for number, step in enumerate(claim.path, 1):
            out.print(f"             {number}. {step}", markup=False)
    if stuck:
        out.print("  Without an end, if nobody acts:", style="red")
        for each in stuck:
            out.print(f"    {each}", markup=False)
