"""The addresses of signing in, settings and invitations, and who answers there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from earnest.http.signin.calendar import PATH as CALENDAR
from earnest.http.signin.calendar import Calendars
from earnest.http.signin.inviting import Inviting, Taking
from earnest.http.signin.joining import Joining
from earnest.http.signin.settings import Settings
from earnest.http.signin.signing import Signing
from earnest.http.signin.speaking import ADDRESS as SPEAK
from earnest.http.signin.speaking import Speaking
from earnest.http.signin.subscribing import ADDRESS as SUBSCRIBE
from earnest.http.signin.subscribing import Subscribing
from earnest.http.signin.throttle import Throttle
from earnest.http.web.places import Handler

if TYPE_CHECKING:
    from earnest.app import App

Paths: TypeAlias = dict[str, dict[str, Handler]]

#: A link's token begins like this, so that no other address below is taken for one.
INVITATION = "/invitations/inv_{secret}"


def paths(app: App) -> tuple[Paths, Paths]:
    """Those that everybody may come to, and those for who is signed in."""
    throttle = Throttle(app)
    signing, joining = Signing(app, throttle), Joining(app, throttle)
    settings, inviting, taking = Settings(app, throttle), Inviting(app), Taking(app)
    subscribing, speaking = Subscribing(app), Speaking(app)
    public: Paths = {
        "/signin": {"GET": signing.shown, "POST": signing.sent},
        "/signup": {"GET": joining.shown, "POST": joining.sent},
        "/signout": {"GET": signing.to_front, "POST": signing.out},
        SPEAK: {"GET": speaking.to_front, "POST": speaking.chosen},
        INVITATION: {"GET": taking.shown},
        CALENDAR: {"GET": Calendars(app, throttle).shown},
    }
    private: Paths = {
        "/signout/everywhere": {"GET": settings.to_settings, "POST": signing.out_everywhere},
        "/settings": {"GET": settings.shown, "POST": settings.sent},
        "/settings/password": {"GET": settings.to_settings, "POST": settings.password},
        SUBSCRIBE: {"GET": subscribing.shown, "POST": subscribing.renew},
        f"{SUBSCRIBE}/end": {"GET": subscribing.to_page, "POST": subscribing.end},
        "/invitations": {"GET": inviting.listed},
        "/invitations/new": {"GET": inviting.new, "POST": inviting.make},
        f"{INVITATION}/take": {"GET": taking.to_invitation, "POST": taking.take},
        "/invitations/{id}/revoke": {"GET": inviting.to_list, "POST": inviting.revoke},
    }
    return public, private
