"""How often somebody may try: counted by the database, so that no process and no restart forgets.

A try is counted before it is judged, and given back if it was right: of many at once none slips
through between the look and the count.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from limits import (
    RateLimitItem,
    RateLimitItemPerDay,
    RateLimitItemPerHour,
    RateLimitItemPerMinute,
)
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from typing_extensions import override

from earnest.http import asking
from earnest.http.answers import ProblemError
from earnest.store import attempts
from earnest.words.saying import ngettext

if TYPE_CHECKING:
    from starlette.requests import Request

    from earnest.app import App

#: One client at one e-mail address; and one client at whatever addresses.
SIGN_IN: Final = RateLimitItemPerMinute(10, 15, namespace="sign-in")
SIGN_IN_ANYWHERE: Final = RateLimitItemPerMinute(100, 15, namespace="sign-in-anywhere")
SIGN_UP: Final = RateLimitItemPerHour(20, namespace="sign-up")
CHANGE_PASSWORD: Final = RateLimitItemPerMinute(10, 15, namespace="change-password")
#: Mails about accounts: what one client asks for, what one person does, and what one address gets
#: of links to another password, each of which is good for as long as this counts.
RESET: Final = RateLimitItemPerMinute(20, 15, namespace="reset")
RESET_MAILS: Final = RateLimitItemPerHour(3, namespace="reset-mails")
VERIFY_MAILS: Final = RateLimitItemPerHour(3, namespace="verify-mails")
CHANGE_ADDRESS: Final = RateLimitItemPerDay(5, namespace="change-address")
#: One client with links that lead nowhere.
LINKS_GUESSED: Final = RateLimitItemPerMinute(30, 15, namespace="links-guessed")
#: One client at one person's second factor; and that person's codes in all, by whatever clients: an
#: app's have but six digits. Only who knows the password gets so far, and nobody is locked out: the
#: other factors still count.
SECOND: Final = RateLimitItemPerMinute(10, 15, namespace="second")
CODES: Final = RateLimitItemPerDay(50, namespace="codes")
CODES_TOLD: Final = RateLimitItemPerDay(1, namespace="codes-told")
#: One session, whose owner shows once more who they are.
AGAIN: Final = RateLimitItemPerMinute(10, 15, namespace="again")
#: One client that asks what a passkey should sign.
PASSKEYS: Final = RateLimitItemPerMinute(300, 15, namespace="passkeys")
#: One calendar, by whatever programs; and one client at addresses that are none.
CALENDAR: Final = RateLimitItemPerHour(120, namespace="calendar")
CALENDAR_GUESSED: Final = RateLimitItemPerMinute(30, 15, namespace="calendar-guessed")

_NETWORK_BITS: Final = 64
_MINUTE: Final = 60


class Throttle:
    """Counts tries, and refuses those that are too many."""

    def __init__(self, app: App) -> None:
        """Count in the database of this application."""
        self._limiter = FixedWindowRateLimiter(_Attempts(app))

    async def is_within(self, limit: RateLimitItem, *who: str) -> bool:
        """Count one more try; whether it is within the limit."""
        return await self._limiter.hit(limit, _hidden(*who))

    async def count(self, limit: RateLimitItem, *who: str) -> None:
        """Count one more try; beyond the limit it is refused until the window is over."""
        key = _hidden(*who)
        if await self._limiter.hit(limit, key):
            return
        stats = await self._limiter.get_window_stats(limit, key)
        seconds = max(1, math.ceil(stats.reset_time - time.time()))
        minutes = -(-seconds // _MINUTE)
        sentence = ngettext(
            "This was tried too often. Wait a minute, then try again.",
            "This was tried too often. Wait {count} minutes, then try again.",
            minutes,
        )
        raise ProblemError(
            "too_many_requests",
            sentence.format(count=minutes),
            headers={"Retry-After": str(seconds)},
        )

    async def allows(self, limit: RateLimitItem, *who: str) -> bool:
        """Count one more try, and say nothing to whoever tries."""
        return await self._limiter.hit(limit, _hidden(*who))

    async def forget(self, limit: RateLimitItem, *who: str) -> None:
        """Begin anew: it was right."""
        await self._limiter.clear(limit, _hidden(*who))

    async def give_back(self, limit: RateLimitItem, *who: str) -> None:
        """Take back one try that was right. The others still count."""
        await self._limiter.hit(limit, _hidden(*who), cost=-1)


def client_of(request: Request) -> str:
    """Whom tries are counted of: an address, or the network that a customer gets of IPv6."""
    host = request.client.host if request.client is not None else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:  # noqa: PLR2004
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(int(address) >> _NETWORK_BITS)


def _hidden(*who: str) -> str:
    """A key that names nobody in the table. What it is made of cannot run into each other."""
    return hashlib.sha256(repr(who).encode()).hexdigest()


class _Attempts(Storage):
    """The counts of ``limits``, kept in our database."""

    STORAGE_SCHEME = None

    def __init__(self, app: App) -> None:
        """Keep them there."""
        super().__init__()
        self._app = app

    @property
    @override
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return ()

    @override
    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        database, window = self._app.database, timedelta(seconds=expiry)
        return await asking.looking(
            self._app, lambda: attempts.count(database, key, window, amount)
        )

    @override
    async def get(self, key: str) -> int:
        return (await self._lately(key))[0]

    @override
    async def get_expiry(self, key: str) -> float:
        """When the window ends by this process's clock, which ``limits`` reckons with."""
        return time.time() + (await self._lately(key))[1].total_seconds()

    @override
    async def check(self) -> bool:
        return True

    @override
    async def reset(self) -> int | None:
        await asking.looking(self._app, lambda: attempts.forget_all(self._app.database))
        return None

    @override
    async def clear(self, key: str) -> None:
        await asking.looking(self._app, lambda: attempts.forget(self._app.database, key))

    async def _lately(self, key: str) -> tuple[int, timedelta]:
        return await asking.looking(self._app, lambda: attempts.lately(self._app.database, key))
