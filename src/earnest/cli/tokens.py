"""`earnest token`: what programs sign in with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from earnest.cli.desk import Failure, with_desk
from earnest.cli.printing import print_rows
from earnest.cli.whom import found
from earnest.core.actions import Scope
from earnest.core.references import NotAReferenceError, parsed
from earnest.core.rows import wire_time
from earnest.store import tokens

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.cli.desk import Desk

DAYS: Final = click.IntRange(1, 3650)


@click.group()
def token() -> None:
    """Bearer tokens: make, list and revoke them."""


@token.command()
@click.argument("email")
@click.option("--scope", help="read,write,money,staff: some of them; else all its owner may do.")
@click.option("--days", type=DAYS, default=tokens.LIVES_DAYS, show_default=True)
@click.option("--name", default="token", show_default=True, help="To know it again by.")
@with_desk
def create(desk: Desk, email: str, scope: str | None, days: int, name: str) -> None:
    """Make a token. It is shown once, and only its hash is kept."""
    asked = _scopes(scope) if scope is not None else None

    async def work(app: App) -> str:
        person = await found(app, email)
        may = tokens.scopes_of(person)
        held = may if asked is None else asked
        if held - may:
            raise Failure(
                "scope_not_allowed",
                f"{person.name} has no role, so a token of theirs cannot be good for staff.",
                f"Give a role first: earnest user role {person.email} operator",
            )
        number = app.node.ids.new()
        return await tokens.create(app.database, number, person.id, held, name=name, days=days)

    made = desk.run(work)
    if desk.json:
        desk.print_json({"token": made})
    else:
        click.echo(made)


@token.command("list")
@click.argument("email")
@with_desk
def list_(desk: Desk, email: str) -> None:
    """List a person's tokens, the newest first."""

    async def work(app: App) -> list[tokens.Token]:
        return await tokens.all_of(app.database, (await found(app, email)).id)

    print_rows(desk, "token", [_shown(each) for each in desk.run(work)])


@token.command()
@click.argument("email")
@click.argument("reference", metavar="TOKEN_ID")
@with_desk
def revoke(desk: Desk, email: str, reference: str) -> None:
    """End a token of a person at once (tok_…, see `token list`)."""
    try:
        number = parsed(reference, tokens.PREFIX)
    except NotAReferenceError as error:
        raise click.UsageError(f"TOKEN_ID: {error}.") from error

    async def work(app: App) -> None:
        if not await tokens.revoke(app.database, number, (await found(app, email)).id):
            raise Failure("not_found", f"{email} has no token {reference} in force.")

    desk.run(work)
    if desk.json:
        desk.print_json({"id": reference})
    else:
        click.echo(f"{reference} is revoked.")


def _scopes(text: str) -> frozenset[Scope]:
    try:
        return frozenset(Scope(each.strip()) for each in text.split(","))
    except ValueError as error:
        names = ", ".join(Scope)
        raise click.UsageError(f"--scope is a list of: {names} ({error}).") from error


def _shown(each: tokens.Token) -> dict[str, object]:
    return {
        "id": each.reference,
        "name": each.name,
        "scopes": sorted(each.scopes),
        "created_at": wire_time(each.created_at),
        "expires_at": wire_time(each.expires_at),
        "revoked_at": wire_time(each.revoked_at) if each.revoked_at else None,
    }
