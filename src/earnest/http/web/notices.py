"""What somebody was told: the list, what is read, and how they want to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from earnest.core.notices import OF_STAFF, Mail, Topic
from earnest.core.references import NotAReferenceError, parsed
from earnest.core.telling import Notice
from earnest.http import asking
from earnest.http.web import listing
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.mail.letters import CHOICES
from earnest.store import account, told
from earnest.store.reads.notices import NOTICES, NoticeStatus, Told
from earnest.store.reads.paging import Part, item
from earnest.words import security
from earnest.words.notices import MAILS, TOPICS, said
from earnest.words.saying import _

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.listing import Asked
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/notices"
#: What a form says that wants to go on to where the one thing to do is.
ONWARD: Final = "onward"
UNTIL: Final = "until"
#: So long a change of how somebody signs in stands above their notices; and how many do.
ACCOUNT_STANDS: Final = timedelta(days=7)
ACCOUNT_MOST: Final = 5


def asked_for(query: Mapping[str, str]) -> Asked:
    """All of them, or those that are not read."""
    known = {"status": listing.statuses([NoticeStatus.UNREAD.value])}
    return listing.asked_of(query, NOTICES, known, ADDRESS)


@dataclass(frozen=True, slots=True)
class Notices:
    """Of the reader alone: every read and every write names them."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """The newest first, all or only what is not read."""
        asked = asked_for(request.query_params)

        async def read(db: Connection) -> tuple[list[Any], str | None]:
            return await asked.rows(db, visit.me.id)

        rows, following = await visit.reading(read)
        only_unread = "status" in asked.filters
        views = [
            {"text": _("All"), "href": ADDRESS, "here": not only_unread},
            {"text": _("Unread"), "href": f"{ADDRESS}?status=unread", "here": only_unread},
        ]
        return page(
            visit,
            "notices/list.html",
            section="notices",
            views=views,
            only_unread=only_unread,
            account=await self._account(visit),
            rows=[_shown(each, visit) for each in rows],
            csv=asked.csv,
            until=rows[0].notice.reference if rows else "",
            pager=asked.pager(rows, following),
        )

    async def _account(self, visit: Visit) -> list[tuple[str, datetime]]:
        """What changed of how they sign in: whatever they chose for notices, it stands here."""
        database, me = self.app.database, visit.me.id
        found = await asking.looking(
            self.app, lambda: account.lately(database, me, ACCOUNT_MOST, ACCOUNT_STANDS)
        )
        return [(security.said(each.name, each.about).title, each.at) for each in found]

    async def read(self, visit: Visit, request: Request) -> Response:
        """Mark one as read, and go on to what it is about, or back to the list."""
        values = await checked_form(visit, request)
        number = asking.reference(request, Notice.prefix)
        database, me = self.app.database, visit.me.id
        if number is None or not await asking.looking(
            self.app, lambda: told.mark_read(database, me, number)
        ):
            raise asking.not_found()
        if ONWARD not in values:
            return redirect(visit, ADDRESS, "read")

        async def find(db: Connection) -> Told | None:
            this = Part("lists.this", (number,))
            return await item(db, NOTICES.source, this, *NOTICES.seen_by(me))

        found = await visit.reading(find)
        assert found is not None, "no notice is ever taken away"
        return redirect(visit, said(found.notice, visit.locale, visit.zone).path)

    async def read_all(self, visit: Visit, request: Request) -> Response:
        """Mark all that this page showed, and what is older, as read."""
        values = await checked_form(visit, request)
        try:
            until = parsed(values.get(UNTIL, ""), Notice.prefix)
        except NotAReferenceError:
            raise asking.not_found() from None
        database, me = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: told.mark_all_read(database, me, until))
        return redirect(visit, ADDRESS, "read")

    async def to_list(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, ADDRESS)

    async def choices(self, visit: Visit, _request: Request) -> Response:
        """How this person wants to be told of each topic."""
        database, me = self.app.database, visit.me.id
        chosen = await asking.looking(self.app, lambda: told.choices(database, me))
        topics = [
            {
                "name": topic.value,
                "title": TOPICS[topic][0],
                "about": TOPICS[topic][1],
                "value": chosen[topic].value,
            }
            for topic in _topics(visit)
        ]
        mails = [(mail.value, text) for mail, text in MAILS.items()]
        return page(
            visit,
            "notices/choices.html",
            section="settings",
            email=visit.me.email,
            topics=topics,
            mails=mails,
        )

    async def choose(self, visit: Visit, request: Request) -> Response:
        """Keep what was chosen."""
        values = await checked_form(visit, request)
        known = {mail.value for mail in Mail}
        chosen = {
            topic: Mail(values[topic.value])
            for topic in _topics(visit)
            if values.get(topic.value) in known
        }
        database, me = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: told.choose(database, me, chosen))
        return redirect(visit, CHOICES, "saved")


def _topics(visit: Visit) -> list[Topic]:
    """Those that this person can be told of."""
    return [each for each in Topic if visit.is_staff or each not in OF_STAFF]


def _shown(each: Told, visit: Visit) -> dict[str, Any]:
    """One notice of the list."""
    words = said(each.notice, visit.locale, visit.zone)
    return {
        "reference": each.notice.reference,
        "title": words.title,
        "text": words.text,
        "link": words.link,
        "href": words.path,
        "topic": TOPICS[each.notice.topic][0],
        "at": each.notice.at,
        "is_read": each.notice.read_at is not None,
    }
