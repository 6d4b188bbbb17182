"""Whom a command is about: people are named by their address, or by their reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.cli.desk import Failure
from earnest.core.people import User
from earnest.core.references import NotAReferenceError, parsed
from earnest.store import people

if TYPE_CHECKING:
    from earnest.app import App


async def found(app: App, who: str) -> User:
    """The person with this address, or this reference."""
    try:
        person = await people.by_id(app.database, parsed(who, User.prefix))
    except NotAReferenceError:
        person = await people.by_email(app.database, who)
    if person is None:
        raise Failure("person_unknown", f"There is nobody called {who}.", "See: earnest user list")
    return person
