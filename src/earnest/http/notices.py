"""Over REST: marking notices as read, and choosing how one is told.

What is read stays read, and what is chosen stays chosen, so the same request has the same effect
however often it is sent: these need no Idempotency-Key, and keep none. They are no actions, and
nothing of the books knows.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.actions import Scope
from earnest.core.inputs import Ref
from earnest.core.notices import Mail, Topic
from earnest.core.references import NUMBER_MAX
from earnest.core.telling import Notice
from earnest.http import asking, parameters, showing
from earnest.http.answers import ProblemError, shown
from earnest.http.reading import SHELVES, found_row, reading
from earnest.http.routes import ROOT
from earnest.store import told
from earnest.store.reads.around import seen
from earnest.wire.fields import Choice, Field, ObjectOf
from earnest.wire.invalid import FieldError
from earnest.wire.readers import Members, members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.store.db import Connection

PATH: Final = f"{ROOT}/notices"
READ_ALL: Final = f"{PATH}/read-all"
CHOICES: Final = f"{PATH}/choices"
UNTIL: Final = "until"
#: The one way of being told that is chosen: on the site everybody is told of everything.
MAIL: Final = "mail"
_MAIL: Final = tuple(
    Field(each.value, each.value, Choice(Mail), nullable=False, default=None) for each in Topic
)
_CHOICES: Final = members(
    (Field(MAIL, MAIL, ObjectOf(dict, _MAIL), nullable=False, default=dataclasses.MISSING),)
)
_NOTHING: Final = members(())
_UNTIL: Final = members((Field(UNTIL, UNTIL, Ref(Notice.prefix), nullable=True, default=None),))
(_SHELF,) = (shelf for shelf in SHELVES if shelf.prefix == Notice.prefix)


@dataclass(frozen=True, slots=True)
class Notices:
    """Of who asks alone."""

    app: App

    async def read(self, request: Request) -> Response:
        """Mark one as read; the notice as it is then."""
        bearer = await asking.asker(request, self.app)
        asking.demand(bearer, Scope.WRITE)
        asking.no_manner(request)
        _said(_NOTHING, await asking.body(request))
        number, database, me = asking.reference(request, Notice.prefix), self.app.database, bearer
        if number is None or not await asking.looking(
            self.app, lambda: told.mark_read(database, me.user.id, number)
        ):
            raise asking.not_found()

        async def read(db: Connection) -> Any:
            row = await found_row(db, _SHELF, request, bearer)
            return showing.notice(row, await seen(db, [row], bearer.user.id))

        return shown(await reading(self.app, read))

    async def read_all(self, request: Request) -> Response:
        """Mark all as read up to one of them, or all that there are; how many that changed."""
        bearer = await asking.asker(request, self.app)
        asking.demand(bearer, Scope.WRITE)
        asking.no_manner(request)
        until = _said(_UNTIL, await asking.body(request)).get(UNTIL)
        database, me = self.app.database, bearer.user.id
        changed = await asking.looking(
            self.app,
            lambda: told.mark_all_read(database, me, NUMBER_MAX if until is None else until),
        )
        return shown({"marked": changed})

    async def choices(self, request: Request) -> Response:
        """When this person wants each topic by mail."""
        bearer = await asking.reader(request, self.app)
        parameters.read_parameters(request, ())
        return await self._chosen(bearer.user.id)

    async def choose(self, request: Request) -> Response:
        """Choose anew for some topics; the others stay as they are."""
        bearer = await asking.asker(request, self.app)
        asking.demand(bearer, Scope.WRITE)
        asking.no_manner(request)
        said = _said(_CHOICES, await asking.body(request))[MAIL]
        chosen = {Topic(topic): mail for topic, mail in said.items()}
        database, me = self.app.database, bearer.user.id
        await asking.looking(self.app, lambda: told.choose(database, me, chosen))
        return await self._chosen(me)

    async def _chosen(self, me: int) -> Response:
        found = await asking.looking(self.app, lambda: told.choices(self.app.database, me))
        return shown({MAIL: {topic.value: mail.value for topic, mail in found.items()}})


def _said(read: Members, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a body says; nothing may stand in it that nobody looks at."""
    errors: list[FieldError] = []
    found = read(body, "", errors)
    if errors:
        raise ProblemError("invalid", errors=errors)
    return found
