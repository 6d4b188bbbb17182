"""`--dry-run` and `--if-effect` of every action: look first, then ask for exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
import msgspec

from earnest.cli.printing import is_late, said
from earnest.http import asking
from earnest.http.dry_run import looked_at
from earnest.store.batch import Answer

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.cli.desk import Desk
    from earnest.core.actions import Action
    from earnest.core.effects import Condition


@dataclass(frozen=True, slots=True)
class Look:
    """What an action would lead to, as REST says it."""

    body: bytes


def options() -> list[click.Parameter]:
    """What every action takes beside its fields."""
    return [
        click.Option(["--dry-run", "is_dry_run"], is_flag=True, help="Only say what would happen."),
        click.Option(
            ["--if-effect", "effect_hash"],
            metavar="HASH",
            callback=_digest,
            help="Only if exactly what a dry run said would still happen.",
        ),
    ]


def _digest(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    if given is not None and not asking.is_effect_hash(given):
        raise click.BadParameter(asking.NOT_A_HASH)
    return given


async def look(
    app: App, asker_id: int, action: Action[Any], condition: Condition | None
) -> Look | Answer:
    """What would happen, or the problem that it would be refused with."""
    body, is_problem = await looked_at(app, asker_id, action, condition)
    return Answer(problem=body) if is_problem else Look(body)


def tell(desk: Desk, found: Look, asked: str) -> None:
    """Print what would happen."""
    if desk.json:
        desk.print_json(found.body)
        return
    effect = msgspec.json.decode(found.body)
    click.echo("Nothing was done. This would happen:")
    print_effect(effect)
    if effect["fate"] is not None and effect["fate"]["items"]:
        click.echo("If nobody does anything then:")
        for each in effect["fate"]["items"]:
            click.echo(f"  {_when(each)} {each['action']} of {each['subject']}{_paid(each)}")
    click.echo(f"\nFor exactly this: {asked} … --if-effect {effect['effect_hash']}")


def _when(step: dict[str, Any]) -> str:
    """At which instant, and until when it may wait for somebody who is to be told."""
    return f"{step['at']} (at the latest {step['at_latest']})" if is_late(step) else step["at"]


def _paid(step: dict[str, Any]) -> str:
    """Who gets what by it."""
    paid = (f"{said(each['amount'])} to {each['to']}" for each in step["pays"])
    return "".join(f", {each}" for each in paid)


def print_effect(effect: dict[str, Any], *, err: bool = False) -> None:
    """Print each status and each transfer on a line of its own."""
    for row, status in effect["statuses"]:
        click.echo(f"  {row} is {status}", err=err)
    for debit, payer, credit, payee, amount, currency in effect["transfers"]:
        moved = f"  {amount} {currency} from {debit} {payer} to {credit} {payee}"
        click.echo(moved, err=err)
    if not effect["transfers"]:
        click.echo("  No money moves.", err=err)
