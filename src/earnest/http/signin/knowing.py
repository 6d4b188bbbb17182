"""Whether somebody who is signed in knows their password: asked before what outlives a session."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from earnest.http import asking
from earnest.http.signin import passwords
from earnest.http.signin.throttle import CHANGE_PASSWORD
from earnest.store import people

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.http.signin.throttle import Throttle


async def knows_password(app: App, throttle: Throttle, number: int, given: str) -> bool:
    """Each try is counted with those of changing it."""
    await throttle.count(CHANGE_PASSWORD, str(number))
    kept = await asking.looking(app, lambda: people.password_of(app.database, number))
    tried = given if len(given) <= passwords.MOST else ""
    if not await asyncio.to_thread(passwords.matches, kept, tried):
        return False
    await throttle.forget(CHANGE_PASSWORD, str(number))
    return True
