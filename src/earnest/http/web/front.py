"""What everybody may see: the front page, and in a sandbox the style guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse

from earnest.core.fees import fee_of
from earnest.core.money import Money
from earnest.http.web import styleguide
from earnest.http.web.rendering import page, redirect
from earnest.words import terms

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

#: Of this much released the front page says what arrives.
_EXAMPLE: Final = Money(10_000, "USD")


@dataclass(frozen=True, slots=True)
class Front:
    """Pages that need nobody signed in."""

    app: App

    async def landing(self, visit: Visit, _request: Request) -> Response:
        """What Earnest is; who is signed in goes on to their money."""
        if visit.user is not None:
            return redirect(visit, "/finances")
        share = self.app.house.fee_bps
        return page(
            visit,
            "landing.html",
            signup=self.app.config.signup,
            whole=_EXAMPLE,
            fee=fee_of(_EXAMPLE, share),
            share=terms.percent(share),
        )

    async def styleguide(self, visit: Visit, _request: Request) -> Response:
        """Every part of a page, in every state."""
        return page(visit, "styleguide.html", **styleguide.samples())

    async def styleguide_pictures(self, visit: Visit, _request: Request) -> Response:
        """The parts that draw something."""
        return page(visit, "styleguide_pictures.html", **styleguide.pictured())

    async def robots(self, _visit: Visit, _request: Request) -> Response:
        """Nothing here minds being found; what is private asks for a sign-in."""
        return PlainTextResponse("User-agent: *\nAllow: /\n")
