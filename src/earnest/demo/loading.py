"""Loading the story into a new sandbox, once: what was interrupted is begun anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest import worker
from earnest.core.people import sorted_roles
from earnest.demo.story import CHAPTERS, DAYS
from earnest.demo.telling import Telling
from earnest.store import people, sandbox, tokens
from earnest.store.sandbox import Story

if TYPE_CHECKING:
    from collections.abc import Callable

    from earnest.app import App

TOKEN_NAME: Final = "demo"  # noqa: S105  # What it is called, in lists.
TOKEN_DAYS: Final = 30


class NotADemoError(Exception):
    """There is something here that no demo put there; it is left alone."""


class InUseError(Exception):
    """Somebody is serving this story; it cannot be begun anew under them."""


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody of the story, and a token to ask as them."""

    name: str
    email: str
    role: str
    token: str


async def prepare(app: App, say: Callable[[str], None], *, reset: bool = False) -> None:
    """Tell the story unless it was told to its end before."""
    found = await sandbox.story(app.database)
    if found is Story.FOREIGN or not app.house.sandbox:
        raise NotADemoError
    if found is Story.WHOLE and not reset:
        return
    if found is not Story.NONE and await sandbox.others_work_here(app.database):
        raise InUseError
    if found is Story.BEGUN:
        say("The story was interrupted; it is begun anew.")
    await sandbox.begin_story(app.database, timedelta(days=DAYS))
    telling = Telling(app, await app.database.now())
    for number, chapter in enumerate(CHAPTERS, 1):
        what = chapter.__name__.replace("_", " ")
        say(f"Telling the story, {number} of {len(CHAPTERS)}: {what}.")
        await chapter(telling)
    await worker.drain(app)
    await sandbox.end_story(app.database)


async def logins(app: App) -> list[Login]:
    """Everybody of the story, each with a new token."""
    found: list[Login] = []
    for person, _ in reversed(await people.everybody(app.database)):
        token = await tokens.create(
            app.database,
            app.node.ids.new(),
            person.id,
            tokens.scopes_of(person),
            name=TOKEN_NAME,
            days=TOKEN_DAYS,
        )
        role = ", ".join(sorted_roles(person.roles))
        found.append(Login(person.name, person.email, role, token))
    return found
