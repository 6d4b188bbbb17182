"""Whether somebody knows their password: asked where a session, however new, is not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.http.signin.proofs import Proofs
from earnest.http.signin.throttle import CHANGE_PASSWORD

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.http.signin.throttle import Throttle


async def known(app: App, throttle: Throttle, number: int, given: str) -> str | None:
    """What is kept of their password, if this is it; wrong ones are counted wherever they are."""
    await throttle.count(CHANGE_PASSWORD, str(number))
    kept = await Proofs(app, throttle).password(number, given)
    if kept is not None:
        await throttle.forget(CHANGE_PASSWORD, str(number))
    return kept
