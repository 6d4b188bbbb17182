"""`earnest ledger`: whether the books are right, and taking commands again when they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from earnest.cli.desk import Failure, say, with_desk
from earnest.store import verify as verifying

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.cli.desk import Desk
    from earnest.store.verify import Findings


@click.group()
def ledger() -> None:
    """The books: verify them, and take commands again after they did not balance."""


@ledger.command()
@with_desk
def verify(desk: Desk) -> None:
    """Check every rule of the books, and name the first row that breaks each."""

    async def work(app: App) -> Findings:
        return await verifying.verify(app.database, say if not desk.json else _quiet)

    _report(desk, desk.run(work))


@ledger.command()
@click.option("--reason", required=True, help="Why it is right again; kept with the halt.")
@with_desk
def resume(desk: Desk, reason: str) -> None:
    """Verify everything, and if it is right, take commands again."""
    if not reason.strip() or "\0" in reason:
        raise click.UsageError("--reason says why it is right again.")

    async def work(app: App) -> tuple[Findings, int]:
        return await verifying.resume(app.database, reason, say if not desk.json else _quiet)

    findings, cleared = desk.run(work)
    _report(desk, findings, cleared=cleared)


def _quiet(_: str) -> None:
    pass


def _report(desk: Desk, findings: Findings, **more: int) -> None:
    """Say what was found; end with 1 if anything was."""
    told: dict[str, Any] = {
        "ok": findings.ok,
        "transfers": findings.transfers,
        "accounts": findings.accounts,
    }
    if not findings.ok:
        broken = [
            {"rule": each.rule, "first": each.first, "rows": each.rows} for each in findings.broken
        ]
        if desk.json:
            desk.print_json({**told, "broken": broken})
            raise SystemExit(1)
        lines = "\n".join(
            f"  {each.rule}: {each.first} ({each.rows} in all)" for each in findings.broken
        )
        raise Failure("books_do_not_balance", f"The books do not balance.\n{lines}")
    if desk.json:
        desk.print_json({**told, **more})
        return
    click.echo(f"In order: {findings.transfers} transfers, {findings.accounts} accounts.")
    for what, count in more.items():
        click.echo(f"Halts {what}: {count}.")
