"""Whether an address is somebody's: they open the link in the mail that was sent there.

Opening it shows a button, and the button does it: programs that look at every link of a mail use
none up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.http import asking
from earnest.http.answers import ProblemError
from earnest.http.signin.throttle import LINKS_GUESSED, VERIFY_MAILS, Throttle, client_of
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.store import account_mails
from earnest.store.account_mails import Kind
from earnest.words.account_pages import GONE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.account_mails import Linked

ADDRESS: Final = "/verify"
LINK: Final = "/verify/{token}"


@dataclass(frozen=True, slots=True)
class Verifying:
    """The page that says what is waited for, and where the link leads."""

    app: App
    throttle: Throttle

    async def asked(self, visit: Visit, _request: Request) -> Response:
        """What is waited for, and a button that sends the mail again."""
        if not visit.is_to_verify:
            return redirect(visit, "/settings")
        return page(visit, "account/verify.html", section="settings")

    async def again(self, visit: Visit, request: Request) -> Response:
        """Send the mail again; not so often that it could be a nuisance to somebody else."""
        await checked_form(visit, request)
        if not visit.is_to_verify:
            return redirect(visit, "/settings")
        await self.throttle.count(VERIFY_MAILS, str(visit.me.id))
        await send(self.app, visit.me.id)
        return redirect(visit, ADDRESS, "mailed")

    async def shown(self, visit: Visit, request: Request) -> Response:
        """Whose address it would be, and a button."""
        found = await behind(self.app, self.throttle, request, Kind.VERIFY)
        return page(visit, "account/link.html", link=found, action=request.url.path)

    async def sent(self, visit: Visit, request: Request) -> Response:
        """It is theirs."""
        await checked_form(visit, request)
        token, database = request.path_params["token"], self.app.database
        if await asking.looking(self.app, lambda: account_mails.verify(database, token)) is None:
            raise gone()
        return redirect(visit, "/" if visit.user is None else "/finances", "verified")


async def send(app: App, user_id: int) -> None:
    """Send somebody the mail with the link."""
    database, number = app.database, app.node.ids.new()
    await asking.looking(app, lambda: account_mails.ask_whether_theirs(database, number, user_id))


async def behind(app: App, throttle: Throttle, request: Request, *kinds: Kind) -> Linked:
    """The mail behind a link that still does something."""
    token, database = request.path_params["token"], app.database
    found = await asking.looking(app, lambda: account_mails.behind(database, token, *kinds))
    if found is None:
        await throttle.count(LINKS_GUESSED, client_of(request))
        raise gone()
    return found


def gone() -> ProblemError:
    """Used, too old, or never made: all the same to whoever has only the link."""
    return ProblemError("not_found", GONE)
