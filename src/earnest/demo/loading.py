"""Loading the story into a new sandbox, once: what was interrupted is begun anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest import notifying, worker
from earnest.core.people import sorted_roles
from earnest.demo.people import PASSWORD, PEOPLE
from earnest.demo.story import CHAPTERS
from earnest.demo.telling import Telling
from earnest.demo.timeline import DAYS, play
from earnest.http.signin import passwords
from earnest.store import people, sandbox, summing, tokens, told
from earnest.store.sandbox import Story
from earnest.store.verify import verify

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
    """Somebody who can sign in, and what there is to see for them."""

    name: str
    email: str
    role: str
    hint: str


async def prepare(app: App, say: Callable[[str], None], *, reset: bool = False) -> None:
    """Tell the story unless it was told to its end before."""
    found = await sandbox.story(app.database)
    if found not in {Story.NONE, Story.BEGUN, Story.WHOLE} or not app.house.sandbox:
        raise NotADemoError
    app.demo_password = PASSWORD
    if found is Story.WHOLE and not reset:
        return
    if found is not Story.NONE and await sandbox.others_work_here(app.database):
        raise InUseError
    if found is Story.BEGUN:
        say("The story was interrupted; it is begun anew.")
    await sandbox.begin_story(app.database, timedelta(days=DAYS))
    await _tell(app, say)
    await worker.drain(app)
    await notifying.drain(app)
    await told.all_but_the_newest_read(app.database)
    # Nobody else writes, so all that moved can be added up, and be verified, at once.
    await summing.catch_up(app.database, settled_ms=0)
    await verify(app.database, lambda _: None)
    await sandbox.end_story(app.database)
    app.is_demo = True


async def _tell(app: App, say: Callable[[str], None]) -> None:
    """Everybody joins, and all chapters are told together."""
    now = await app.database.now()
    began = now.replace(hour=0, minute=0, second=0, microsecond=0)
    # One hash is enough for one password; each would take a while.
    story = Telling(app, began, passwords.hashed(PASSWORD))
    for each in PEOPLE:
        await story.join(each)
    await play(story, (line(story) for chapter in CHAPTERS for line in chapter), say)


async def logins(app: App) -> list[Login]:
    """Everybody, in the order in which they joined."""
    hints = {each.email: each.hint for each in PEOPLE}
    return [
        Login(
            person.name,
            person.email,
            ", ".join(sorted_roles(person.roles)),
            hints.get(person.email, ""),
        )
        for person, _ in reversed(await people.everybody(app.database))
    ]


async def token(app: App, email: str) -> str:
    """A new token to ask as somebody."""
    person = await people.by_email(app.database, email)
    assert person is not None, "they are of the story"
    return await tokens.create(
        app.database,
        app.node.ids.new(),
        person.id,
        tokens.scopes_of(person),
        name=TOKEN_NAME,
        days=TOKEN_DAYS,
    )
