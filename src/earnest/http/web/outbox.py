"""The outbox of a sandbox: every mail that would have gone out, as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import HTMLResponse

from earnest.core.references import NUMBER_MAX, printed
from earnest.http import asking
from earnest.http.web import listing
from earnest.http.web.rendering import page
from earnest.mail.letters import PREFIX
from earnest.store.reads.notices import Kept, kept_mail, kept_mails
from earnest.store.reads.paging import Order

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/outbox"
SHOWN: Final = 50
#: A mail's own styles are in its tags; nothing else of it does anything, and it is no page of ours.
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Outbox:
    """Only a sandbox has one. Operators see all mails, in a demo everybody; else each their own."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """The newest first."""
        whose, order = self._whose(visit), Order()
        after = listing.place(request.query_params.get("older"), ADDRESS, str(whose), order)
        below = after.id if after is not None else NUMBER_MAX

        async def read(db: Connection) -> list[Kept]:
            return await kept_mails(db, whose, below, SHOWN + 1)

        rows = await visit.reading(read)
        older = None
        if len(rows) > SHOWN:
            rows = rows[:SHOWN]
            cursor = listing.following(rows, ADDRESS, str(whose), order)
            older = f"{ADDRESS}?older={cursor}"
        return page(
            visit,
            "outbox/list.html",
            rows=[_line(each) for each in rows],
            newest=ADDRESS if after is not None else None,
            older=older,
        )

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One mail: its headers, and its text."""
        kept = await self._found(visit, request)
        message = _message(kept.raw)
        headers = [(name, " ".join(str(text).split())) for name, text in message.items()]
        body = message.get_body(("plain",))
        assert body is not None, "a letter has a text"
        line = _line(kept)
        return page(
            visit, "outbox/mail.html", mail=line, headers=headers, text_of_mail=body.get_content()
        )

    async def html(self, visit: Visit, request: Request) -> Response:
        """The same as a mail program shows it: alone, and able to do nothing."""
        message = _message((await self._found(visit, request)).raw)
        body = message.get_body(("html",))
        assert body is not None, "a letter has HTML"
        return HTMLResponse(body.get_content(), headers=HEADERS)

    async def _found(self, visit: Visit, request: Request) -> Kept:
        whose, number = self._whose(visit), asking.reference(request, PREFIX)

        async def read(db: Connection) -> Kept | None:
            return None if number is None else await kept_mail(db, whose, number)

        found = await visit.reading(read)
        if found is None:
            raise asking.not_found()
        return found

    def _whose(self, visit: Visit) -> int | None:
        """Whose mails are shown; none: everybody's."""
        return None if self.app.is_demo or visit.is_staff else visit.me.id


def _message(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def _line(kept: Kept) -> dict[str, Any]:
    message = _message(kept.raw)
    address = f"{ADDRESS}/{printed(PREFIX, kept.id)}"
    return {
        "href": address,
        "html": f"{address}/html",
        "subject": " ".join(str(message["Subject"]).split()),
        "to": str(message["To"]),
        "at": kept.at,
    }
