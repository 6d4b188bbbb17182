"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from earnest.app import missing_migrations
from earnest.batcher import OFF_BALANCE, UnavailableError
from earnest.http import asking
from earnest.http.answers import shown
from earnest.store.reads import lookups

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App


@dataclass(frozen=True, slots=True)
class Health:
    """For load balancers and service managers."""

    app: App

    async def alive(self, _request: Request) -> Response:
        """It lives: it answers."""
        return shown({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Commands would be taken: the database answers, is up to date, and balances."""
        reason, detail = await self._what_is_missing()
        if reason is None:
            return shown({"status": "ready"})
        return shown({"status": "unready", "reason": reason, "detail": detail}, status=503)

    async def _what_is_missing(self) -> tuple[str | None, str]:
        database = self.app.database
        try:
            missing = await asking.looking(self.app, lambda: missing_migrations(database))
            if missing:
                return "migrations_missing", ", ".join(missing)
            halt = await asking.looking(self.app, lambda: lookups.halt(database))
        except UnavailableError as gone:
            return gone.code, gone.detail
        return ("books_do_not_balance", OFF_BALANCE) if halt is not None else (None, "")
