"""The link in a mail that stops its like: for people a page, for mail programs one request.

Whoever has the link is asked for nothing else: it can stop one topic for one person, and what it
stopped is started again where all choices stand together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from earnest.core.notices import Mail, Topic
from earnest.http import asking
from earnest.http.web.rendering import page
from earnest.mail.letters import CHOICES
from earnest.mail.stopping import meant_by
from earnest.store import told
from earnest.words.notices import TOPICS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit


@dataclass(frozen=True, slots=True)
class Stopping:
    """Where such a link leads."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """What would be stopped, and a button: opening a link alone changes nothing."""
        _, topic = await self._meant(request)
        return _page(visit, request, topic, is_done=False)

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Stop it. Mail programs ask without a session or a token of ours (RFC 8058)."""
        user_id, topic = await self._meant(request)
        database, chosen = self.app.database, {topic: Mail.NEVER}
        await asking.looking(self.app, lambda: told.choose(database, user_id, chosen))
        return _page(visit, request, topic, is_done=True)

    async def _meant(self, request: Request) -> tuple[int, Topic]:
        database = self.app.database
        secret = await asking.looking(self.app, lambda: told.secret(database))
        found = meant_by(request.path_params["token"], secret)
        if found is None:
            raise asking.not_found()
        return found


def _page(visit: Visit, request: Request, topic: Topic, *, is_done: bool) -> Response:
    title, about = TOPICS[topic]
    return page(
        visit,
        "notices/stop.html",
        is_done=is_done,
        action=request.url.path,
        title=title,
        about=about,
        choices=CHOICES,
    )
