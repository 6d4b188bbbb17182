"""Proofs: whether a password, a code of an app or a recovery code is somebody's, and counts now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from earnest.http import asking
from earnest.http.signin import codes, passwords, sealing
from earnest.http.signin.throttle import CODES, CODES_TOLD, Throttle
from earnest.store import account, factors, people
from earnest.store.account import Change, Changed
from earnest.words.saying import N_

if TYPE_CHECKING:
    from earnest.app import App

log = structlog.get_logger()

#: The same whether it never was one or was one once.
NOT_A_CODE: Final = N_("This is not the code that your app shows now, or it was used already.")
NOT_RECOVERY: Final = N_("This is none of your recovery codes, or it was used already.")
NOT_A_PASSKEY: Final = N_(
    "This passkey was not recognised, or it took too long. Try again, or go on without it."
)


def about(user_id: int) -> str:
    """What the secret of somebody's app is sealed as being about."""
    return f"authenticator {user_id}"


@dataclass(frozen=True, slots=True)
class Proofs:
    """Each answers yes to what is right, once where it counts once."""

    app: App
    throttle: Throttle

    async def password(self, user_id: int, given: str) -> str | None:
        """What is kept of their password, if this is it."""
        database = self.app.database
        kept = await asking.looking(self.app, lambda: people.password_of(database, user_id))
        text = given if len(given) <= passwords.MOST else ""
        return kept if await asyncio.to_thread(passwords.matches, kept, text) else None

    async def code(self, user_id: int, given: str) -> bool:
        """Whether this is the code of their app, and none of this moment has counted yet."""
        database = self.app.database
        if not await self.throttle.is_within(CODES, str(user_id)):
            await self._told_of_tries(user_id)
            return False
        kept = await asking.looking(self.app, lambda: factors.app_of(database, user_id))
        if kept is None:
            return False
        secret = sealing.opened(self.app.config, kept.sealed, about(user_id))
        if secret is None:
            log.error("second_factor_sealed_with_another_key")
            return False
        step = codes.step_of(secret, given)
        if step is None or not await asking.looking(
            self.app, lambda: factors.count_step(database, user_id, step)
        ):
            return False
        await self.throttle.give_back(CODES, str(user_id))
        return True

    async def recovery(self, user_id: int, given: str) -> bool:
        """Whether this is a recovery code of theirs; it is used up then, and they are told."""
        database, number = self.app.database, self.app.node.ids.new()
        found = await asking.looking(self.app, lambda: factors.of(database, user_id))
        change = Change(number, user_id, Changed.CODE_USED, str(max(found.codes_left - 1, 0)))
        digest = codes.digest(given)
        return await asking.looking(self.app, lambda: factors.use_code(database, change, digest))

    async def _told_of_tries(self, user_id: int) -> None:
        """Somebody tries codes, and knows the password: its owner hears of it, once a day."""
        if await self.throttle.is_within(CODES_TOLD, str(user_id)):
            database, number = self.app.database, self.app.node.ids.new()
            change = Change(number, user_id, Changed.CODES_TRIED)
            await asking.looking(self.app, lambda: account.tell_alone(database, change))
