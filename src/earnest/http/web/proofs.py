"""The proof page: how the books are, for everybody, without looking at all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.http.web.rendering import page
from earnest.store.reads.proof import proof

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

PATH: Final = "/finances/proof"


@dataclass(frozen=True, slots=True)
class Proofs:
    """What everybody may know of the books."""

    app: App

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """Whether they balance, when that was last verified, and how anybody can.

        What exactly is wrong names people's money, so only operators are told that here.
        """
        return page(visit, "finances/proof.html", proof=await visit.reading(proof))
