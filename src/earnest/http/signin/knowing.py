"""Whether somebody who is signed in knows their password: asked before what outlives a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.http.signin.proofs import Proofs
from earnest.http.signin.throttle import CHANGE_PASSWORD

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.http.signin.throttle import Throttle


async def knows_password(app: App, throttle: Throttle, number: int, given: str) -> bool:
    """Each try is counted with those of changing it."""
    await throttle.count(CHANGE_PASSWORD, str(number))
    if not await Proofs(app, throttle).password(number, given):
        return False
    await throttle.forget(CHANGE_PASSWORD, str(number))
    return True
