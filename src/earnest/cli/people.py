"""`earnest user`: who may sign in, and what the site made them."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from earnest.cli.desk import Failure, with_desk
from earnest.cli.printing import print_rows
from earnest.cli.records import reputation
from earnest.cli.whom import found
from earnest.core.people import Role, User, UserStatus, sorted_roles
from earnest.http.signin import passwords
from earnest.store import account, factors, people, sessions
from earnest.store.account import Change, Changed

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.cli.desk import Desk

_EMAIL: Final = re.compile(r"[^@\s\x00]+@[^@\s\x00]+")
ROLES: Final = click.Choice([role.value for role in Role])


@click.group()
def user() -> None:
    """People: add them, suspend them, give them roles and passwords."""


@user.command()
@click.argument("name")
@click.argument("email")
@click.option("--role", "roles", multiple=True, type=ROLES, help="Repeatable.")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input.")
@with_desk
def add(desk: Desk, name: str, email: str, roles: tuple[str, ...], *, password_stdin: bool) -> None:
    """Add a person. Without a password they can only use tokens."""
    _must_be(name, email)
    hashed = passwords.hashed(_read_password()) if password_stdin else None

    async def work(app: App) -> User:
        found = await people.add(
            app.database,
            app.node.ids.new(),
            name,
            email,
            roles=[Role(role) for role in roles],
            password_hash=hashed,
        )
        if found is None:
            raise Failure("email_taken", f"Somebody has the address {email} already.")
        return found

    added = desk.run(work, makes=True)
    if desk.json:
        desk.print_json({"id": added.reference})
    else:
        click.echo(f"{added.reference}  {added.name} <{added.email}>")


@user.command("list")
@with_desk
def list_(desk: Desk) -> None:
    """List everybody, the newest first."""

    async def work(app: App) -> list[tuple[User, bool]]:
        return await people.everybody(app.database)

    print_rows(desk, "user", [_shown(each, signs_in=yes) for each, yes in desk.run(work)])


@user.command()
@click.argument("email")
@with_desk
def suspend(desk: Desk, email: str) -> None:
    """Let a person open nothing new. What is already funded goes on as before."""
    _change(desk, email, UserStatus.SUSPENDED)


@user.command()
@click.argument("email")
@with_desk
def restore(desk: Desk, email: str) -> None:
    """Let a suspended person open new things again."""
    _change(desk, email, UserStatus.ACTIVE)


@user.command()
@click.argument("email")
@click.argument("roles", nargs=-1, type=ROLES)
@with_desk
def role(desk: Desk, email: str, roles: tuple[str, ...]) -> None:
    """Give a person exactly these roles; none takes them all away."""
    _change(desk, email, frozenset(Role(each) for each in roles))


@user.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read it from standard input.")
@with_desk
def password(desk: Desk, email: str, *, password_stdin: bool) -> None:
    """Set a person's password, and sign them out everywhere.

    It is asked for, never given on the command line.
    """
    if password_stdin:
        chosen = _read_password()
    else:
        chosen = _must_be_long(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    _change(desk, email, passwords.hashed(chosen))


@user.command("forget-factors")
@click.argument("email")
@with_desk
def forget_factors(desk: Desk, email: str) -> None:
    """Take away a person's passkeys, app and recovery codes, and sign them out everywhere.

    For who has lost all of them: their password alone signs them in then. They are told by mail.
    """

    async def work(app: App) -> tuple[User, int]:
        person = await found(app, email)
        change = Change(app.node.ids.new(), person.id, Changed.FORGOTTEN)
        return person, await factors.forget(app.database, change)

    person, count = desk.run(work)
    print_rows(desk, "user", [_shown(person, forgotten=count)], one=True)


def _change(desk: Desk, email: str, to: UserStatus | frozenset[Role] | str) -> None:
    async def work(app: App) -> User:
        person = await found(app, email)
        if isinstance(to, UserStatus):
            await people.set_status(app.database, person.id, to)
        elif isinstance(to, str):
            await people.set_password(app.database, person.id, to)
            await sessions.end_all(app.database, person.id)
            change = Change(app.node.ids.new(), person.id, Changed.PASSWORD)
            await account.tell_alone(app.database, change)
        else:
            await people.set_roles(app.database, person.id, to)
        return await found(app, person.reference)

    changed = desk.run(work)
    print_rows(desk, "user", [_shown(changed)], one=True)


def _shown(person: User, **more: object) -> dict[str, Any]:
    return {
        "id": person.reference,
        "name": person.name,
        "email": person.email,
        "status": person.status.value,
        "roles": sorted_roles(person.roles),
        **more,
    }


def _must_be(name: str, email: str) -> None:
    """Refuse what is no name and no address."""
    if not name.strip() or len(name) > people.NAME_LONGEST or "\0" in name:
        raise click.UsageError(f"NAME is from 1 to {people.NAME_LONGEST} characters.")
    if not _EMAIL.fullmatch(email) or len(email) > people.EMAIL_LONGEST:
        raise click.UsageError(f"EMAIL is an address such as emma@example.com, not {email!r}.")


def _read_password() -> str:
    return _must_be_long(sys.stdin.readline(passwords.MOST + 2).rstrip("\r\n"))


def _must_be_long(chosen: str) -> str:
    if not passwords.is_long_enough(chosen):
        raise click.UsageError(passwords.length())
    return chosen


user.add_command(reputation)
