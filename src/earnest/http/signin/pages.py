"""The addresses of signing in, settings and invitations, and who answers there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from earnest.http.signin import again, apps, keys, second
from earnest.http.signin.calendar import PATH as CALENDAR
from earnest.http.signin.calendar import Calendars
from earnest.http.signin.guarding import Guarding
from earnest.http.signin.inviting import Inviting, Taking
from earnest.http.signin.joining import Joining
from earnest.http.signin.moving import ADDRESS as MOVE
from earnest.http.signin.moving import LINK as MOVED
from earnest.http.signin.moving import STOPPED, Moving
from earnest.http.signin.resetting import ADDRESS as RESET
from earnest.http.signin.resetting import LINK as CHOOSE
from earnest.http.signin.resetting import SENT, Resetting
from earnest.http.signin.settings import Settings
from earnest.http.signin.signing import Signing
from earnest.http.signin.speaking import ADDRESS as SPEAK
from earnest.http.signin.speaking import Speaking
from earnest.http.signin.subscribing import ADDRESS as SUBSCRIBE
from earnest.http.signin.subscribing import Subscribing
from earnest.http.signin.throttle import Throttle
from earnest.http.signin.tokens import ADDRESS as TOKENS
from earnest.http.signin.tokens import Tokens
from earnest.http.signin.verifying import ADDRESS as VERIFY
from earnest.http.signin.verifying import LINK as VERIFIED
from earnest.http.signin.verifying import Verifying
from earnest.http.web import proving
from earnest.http.web.places import Handler
from earnest.mail.letters import SECURITY

if TYPE_CHECKING:
    from earnest.app import App

Paths: TypeAlias = dict[str, dict[str, Handler]]

#: A link's token begins like this, so that no other address below is taken for one.
INVITATION = "/invitations/inv_{secret}"


def paths(app: App) -> tuple[Paths, Paths]:
    """Those that everybody may come to, and those for who is signed in."""
    throttle = Throttle(app)
    signing, joining = Signing(app, throttle), Joining(app, throttle)
    settings, inviting, taking = Settings(app), Inviting(app), Taking(app)
    subscribing, verifying = Subscribing(app), Verifying(app, throttle)
    speaking, moving = Speaking(app), Moving(app, throttle)
    tokens = Tokens(app)
    public: Paths = {
        "/signin": {"GET": signing.shown, "POST": signing.sent},
        "/signin/passkey": {"GET": signing.to_page, "POST": signing.passkey},
        "/signin/passkey/options": {"GET": signing.to_page, "POST": signing.options},
        **_second(app, throttle),
        "/signup": {"GET": joining.shown, "POST": joining.sent},
        "/signout": {"GET": signing.to_front, "POST": signing.out},
        SPEAK: {"GET": speaking.to_front, "POST": speaking.chosen},
        INVITATION: {"GET": taking.shown},
        CALENDAR: {"GET": Calendars(app, throttle).shown},
        **_by_mail(app, throttle),
    }
    private: Paths = {
        "/signout/everywhere": {"GET": settings.to_settings, "POST": signing.out_everywhere},
        "/settings": {"GET": settings.shown, "POST": settings.sent},
        **_guarding(app, throttle),
        VERIFY: {"GET": verifying.asked, "POST": verifying.again},
        MOVE: {"GET": moving.shown, "POST": moving.sent},
        f"{MOVE}/withdraw": {"GET": moving.to_page, "POST": moving.withdrawn},
        SUBSCRIBE: {"GET": subscribing.shown, "POST": subscribing.renew},
        f"{SUBSCRIBE}/end": {"GET": subscribing.to_page, "POST": subscribing.end},
        TOKENS: {"GET": tokens.shown, "POST": tokens.make},
        f"{TOKENS}/{{id}}/replace": {"GET": tokens.replacing, "POST": tokens.replace},
        f"{TOKENS}/{{id}}/revoke": {"GET": tokens.to_page, "POST": tokens.revoke},
        "/invitations": {"GET": inviting.listed},
        "/invitations/new": {"GET": inviting.new, "POST": inviting.make},
        f"{INVITATION}/take": {"GET": taking.to_invitation, "POST": taking.take},
        "/invitations/{id}/revoke": {"GET": inviting.to_list, "POST": inviting.revoke},
    }
    return public, private


def _by_mail(app: App, throttle: Throttle) -> Paths:
    """What whoever reads a mailbox may do, signed in or not."""
    verifying, resetting = Verifying(app, throttle), Resetting(app, throttle)
    moving = Moving(app, throttle)
    return {
        VERIFIED: {"GET": verifying.shown, "POST": verifying.sent},
        RESET: {"GET": resetting.shown, "POST": resetting.sent},
        SENT: {"GET": resetting.told},
        CHOOSE: {"GET": resetting.opened, "POST": resetting.chosen},
        STOPPED: {"GET": moving.told},
        MOVED: {"GET": moving.opened, "POST": moving.done},
    }


def _second(app: App, throttle: Throttle) -> Paths:
    """The step after the password."""
    step = second.Second(app, throttle)
    return {
        second.PLACE: {"GET": step.shown, "POST": step.sent},
        f"{second.PLACE}/passkey": {"GET": step.to_page, "POST": step.passkey},
        f"{second.PLACE}/options": {"GET": step.to_page, "POST": step.options},
    }


def _guarding(app: App, throttle: Throttle) -> Paths:
    """How somebody signs in, and where they show once more who they are."""
    guarding, of_keys = Guarding(app, throttle), keys.Keys(app, throttle)
    of_apps, once_more = apps.Apps(app, throttle), again.Again(app, throttle)
    limit, key = f"{SECURITY}/limits", f"{keys.PLACE}/{{id}}"
    back = guarding.to_page
    return {
        proving.PLACE: {"GET": once_more.shown, "POST": once_more.sent},
        f"{proving.PLACE}/passkey": {"GET": once_more.to_page, "POST": once_more.passkey},
        f"{proving.PLACE}/options": {"GET": once_more.to_page, "POST": once_more.options},
        SECURITY: {"GET": guarding.shown},
        "/settings/password": {"GET": back, "POST": guarding.password},
        f"{SECURITY}/sessions/end": {"GET": back, "POST": guarding.end_others},
        f"{SECURITY}/sessions/{{session}}/end": {"GET": back, "POST": guarding.end},
        f"{SECURITY}/programs/end": {"GET": back, "POST": guarding.end_programs},
        limit: {"GET": back, "POST": guarding.limit},
        f"{limit}/{{currency}}/remove": {"GET": back, "POST": guarding.no_limit},
        apps.PLACE: {"GET": of_apps.shown, "POST": of_apps.confirm},
        f"{apps.PLACE}/off": {"GET": back, "POST": of_apps.off},
        apps.CODES: {"GET": back, "POST": of_apps.codes},
        keys.PLACE: {"GET": back, "POST": of_keys.add},
        keys.NEW: {"GET": of_keys.new, "POST": of_keys.add},
        f"{keys.PLACE}/options": {"GET": back, "POST": of_keys.options},
        key: {"GET": of_keys.shown, "POST": of_keys.rename},
        f"{key}/remove": {"GET": of_keys.to_key, "POST": of_keys.remove},
    }
