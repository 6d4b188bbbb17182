"""GET of what is nobody's collection: oneself, one's money, other people, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.money import Money
from earnest.core.people import User
from earnest.core.skills import Skill, name_of
from earnest.http import asking, parameters, showing
from earnest.http.answers import shown
from earnest.http.reading import EVENT_PARAMETERS, Pages, reading
from earnest.store.reads import collections, events, lookups
from earnest.store.reads.around import seen
from earnest.store.reads.paging import Part, item
from earnest.store.reads.purse import purse
from earnest.store.reads.reputation import both_sides, months
from earnest.wire import reputation
from earnest.wire.surroundings import money

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.store.db import Connection

ALL_EVENT_PARAMETERS: Final = (parameters.CONTRACT, *EVENT_PARAMETERS)


@dataclass(frozen=True, slots=True)
class Own:
    """What every handler here needs."""

    app: App

    async def me(self, request: Request) -> Response:
        """Who you are here, and what this token is good for."""
        bearer = await asking.reader(request, self.app)
        parameters.read_parameters(request, ())
        return shown(showing.me(bearer))

    async def balances(self, request: Request) -> Response:
        """Your money: one item a currency."""
        bearer = await asking.reader(request, self.app)
        parameters.read_parameters(request, ())

        async def read(db: Connection) -> Any:
            return await purse(db, bearer.user.id)

        found = await reading(self.app, read)
        items = [
            {
                "currency": currency,
                **{place: money(Money(minor, currency)) for place, minor in places.items()},
            }
            for currency, places in found.items()
        ]
        return shown({"items": items, "next": None})

    async def skills(self, request: Request) -> Response:
        """Every skill that there is."""
        await asking.reader(request, self.app)
        parameters.read_parameters(request, ())
        items = [{"code": skill, "name": name_of(skill)} for skill in Skill]
        return shown({"items": items, "next": None})

    async def person(self, request: Request) -> Response:
        """What everybody signed in may know of a person."""
        await asking.reader(request, self.app)
        parameters.read_parameters(request, ())
        number = asking.reference(request, User.prefix)

        async def read(db: Connection) -> Any:
            return None if number is None else await lookups.name_of(db, number)

        name = await reading(self.app, read)
        if number is None or name is None:
            raise asking.not_found()
        return shown(showing.person(number, name))

    async def reputation(self, request: Request) -> Response:
        """What the books say of a person, which everybody signed in may know."""
        await asking.reader(request, self.app)
        parameters.read_parameters(request, ())
        number = asking.reference(request, User.prefix)

        async def read(db: Connection) -> Any:
            name = None if number is None else await lookups.name_of(db, number)
            if number is None or name is None:
                raise asking.not_found()
            records = await both_sides(db, number)
            return reputation.of_person(number, name, records, await months(db, number))

        return shown(await reading(self.app, read))

    async def person_events(self, request: Request) -> Response:
        """What you began from your own row: offers, deposits, withdrawals."""
        bearer = await asking.reader(request, self.app)
        chosen = parameters.read_parameters(request, EVENT_PARAMETERS)
        if asking.reference(request, User.prefix) != bearer.user.id:
            raise asking.not_found()

        async def read(db: Connection) -> Any:
            pages = Pages("me/events", collections.EVENTS, showing.event)
            me = bearer.user.id
            return await pages.read(db, events.about(bearer.user, chosen, me), chosen, me)

        return shown(await reading(self.app, read))

    async def events(self, request: Request) -> Response:
        """What happened in your contracts and to what is yours."""
        bearer = await asking.reader(request, self.app)
        chosen = parameters.read_parameters(request, ALL_EVENT_PARAMETERS)

        async def read(db: Connection) -> Any:
            pages = Pages("events", collections.EVENTS, showing.event)
            me = bearer.user.id
            return await pages.read(db, events.of_person(me, chosen), chosen, me)

        return shown(await reading(self.app, read))

    async def event(self, request: Request) -> Response:
        """One thing that happened."""
        bearer = await asking.reader(request, self.app)
        parameters.read_parameters(request, ())
        number = asking.reference(request, showing.EVENT_PREFIX)

        async def read(db: Connection) -> Any:
            if number is None:
                raise asking.not_found()
            where = (Part("lists.this", (number,)), Part(events.VISIBLE, (bearer.user.id,)))
            row = await item(db, collections.EVENTS, *where)
            if row is None:
                raise asking.not_found()
            return showing.event(row, await seen(db, [row]))

        return shown(await reading(self.app, read))
