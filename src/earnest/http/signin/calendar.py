"""A person's calendar: what will happen to their money if nobody does anything, for programs.

Whoever has its address reads it, without a session or a token; nothing can be done there. The
address is written to no log: those have the route, which is the same for all.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from icalendar import Calendar, Event
from starlette.responses import Response

from earnest.core.contracts import Contract
from earnest.core.fate import fate
from earnest.http import asking, security
from earnest.http.reading import reading
from earnest.http.signin.throttle import CALENDAR, CALENDAR_GUESSED, Throttle, client_of
from earnest.http.web.coming import title_of
from earnest.http.web.rendering import short
from earnest.store import calendars
from earnest.store.reads.foreseen import MOST, foreseen
from earnest.words import amounts, calendar, moments, silence
from earnest.words.saying import _, saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from starlette.requests import Request

    from earnest.app import App
    from earnest.core.fate import Step
    from earnest.core.world import World
    from earnest.http.web.visiting import Visit
    from earnest.store.calendars import Owner
    from earnest.store.db import Connection
    from earnest.store.reads.foreseen import Clocked, Foreseen

PATH: Final = "/calendar/{token}.ics"
MEDIA_TYPE: Final = "text/calendar"
#: How often programs are asked to look again.
EVERY: Final = timedelta(hours=1)
TITLE_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Calendars:
    """Where such an address leads."""

    app: App
    throttle: Throttle

    async def shown(self, _visit: Visit, request: Request) -> Response:
        """All that will happen, the first first."""
        database, token = self.app.database, request.path_params["token"]
        owner = await asking.looking(self.app, lambda: calendars.owner_of(database, token))
        if owner is None:
            await self.throttle.count(CALENDAR_GUESSED, client_of(request))
            raise asking.not_found()
        await self.throttle.count(CALENDAR, str(owner.id))
        site = security.public_origin(request, self.app.config)
        host = urlsplit(self.app.config.url).hostname or "localhost"

        async def read(db: Connection) -> Foreseen:
            return await foreseen(db, owner.id, self.app.house)

        found = await reading(self.app, read)
        # Hundreds of entries take a while to write; others are answered meanwhile.
        with saying(owner.language):
            writer = _Writer(owner, {**found.names, owner.id: _("you")}, site, host)
            body = await asyncio.to_thread(writer.all_of, found)
        return Response(body, 200, {"Cache-Control": "private"}, MEDIA_TYPE)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing that will happen, as it is known now."""

    step: Step
    #: What it is called.
    title: str
    #: When something last changed what will happen, and how many such changes there were.
    revised: datetime
    sequence: int


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes for one reader."""

    owner: Owner
    names: Mapping[int, str]
    #: Where the pages are, and what makes the names of entries different from other sites'.
    site: str
    host: str

    def all_of(self, found: Foreseen) -> bytes:
        """The whole calendar."""
        entries = sorted(
            (each for of, world in found.worlds for each in self._entries(of, world)),
            key=lambda each: (each.step.at, each.step.subject.key),
        )
        made = Calendar()
        made.add("prodid", "-//Earnest//What will happen//EN")
        made.add("version", "2.0")
        about = str(calendar.ABOUT)
        if found.is_cut or len(entries) > MOST:
            about = f"{about} {calendar.CUT.format(count=MOST)}"
        # The same in the names that RFC 7986 gave them, and in those that programs knew before.
        for name in ("name", "x-wr-calname"):
            made.add(name, str(calendar.NAME))
        for name in ("description", "x-wr-caldesc"):
            made.add(name, about)
        made.add("refresh-interval", EVERY, {"value": "DURATION"})
        made.add("x-published-ttl", "PT1H")
        for each in entries[:MOST]:
            made.add_component(self._event(each))
        raw: bytes = made.to_ical()
        return raw

    def _entries(self, of: Clocked, world: World) -> Iterator[_Entry]:
        for step in fate(of, world).steps:
            title = title_of(step.subject, world, self.owner.id, self.names, self.owner.locale)
            yield _Entry(step, title, *_version(of, step, world))

    def _event(self, entry: _Entry) -> Event:
        step = entry.step
        locale = self.owner.locale
        paid = [(amounts.said(each.amount, locale), self.names[each.user_id]) for each in step.paid]
        # A language in which it cannot be left out says again when it is.
        time = moments.moment(step.at, locale, "UTC")
        sentence = silence.entry(step.event, len(paid)).format(**silence.paid(paid), time=time)
        link = f"{self.site}/{step.subject.noun}s/{step.subject.reference}"
        made = Event()
        # The same for as long as it can happen, whenever that is: so a calendar moves its entry.
        made.add("uid", f"{step.subject.reference}-{step.action}@{self.host}")
        made.add("dtstamp", entry.revised)
        made.add("last-modified", entry.revised)
        made.add("sequence", entry.sequence)
        made.add("dtstart", step.at)
        made.add("summary", _line(f"{short(entry.title, TITLE_MAX)}: {sentence}"))
        made.add("description", self._detail(step, link))
        made.add("url", link)
        made.add("class", "PRIVATE")
        made.add("transp", "TRANSPARENT")
        return made

    def _detail(self, step: Step, link: str) -> str:
        """What there is to do, and when it happens if somebody cannot be told in time."""
        detail = calendar.DETAIL.format(link=link)
        if step.at_latest == step.at:
            return detail
        latest = moments.moment(step.at_latest, self.owner.locale, "UTC")
        return f"{detail}\n{calendar.LATEST.format(time=latest)}"


def _version(of: Clocked, step: Step, world: World) -> tuple[datetime, int]:
    """When what will happen was last changed, and a count that only grows.

    What becomes of a contract's rows changes only with one of its events, which are counted.
    """
    before: Any = world.rows[type(step.subject), step.subject.key]
    changed = getattr(before, "updated_at", before.created_at)
    if isinstance(of, Contract):
        return max(changed, of.updated_at, of.last_act_at), of.seq
    return changed, int((changed - before.created_at).total_seconds())


def _line(text: str) -> str:
    """A text in one line: what has no place in a calendar's lines becomes a space."""
    return "".join(each if each.isprintable() or each == "\u00a0" else " " for each in text)
