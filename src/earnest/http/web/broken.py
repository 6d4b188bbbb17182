"""The last page there is: made of a text alone, for when even an error page cannot be drawn.

It asks nothing of the database, of templates or of who visits, and is in English for everybody.
"""

from __future__ import annotations

from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Final

import structlog
from starlette.responses import HTMLResponse

from earnest.http import security
from earnest.http.web import assets
from earnest.words.problems import NOTHING_TRIED, UNKNOWN

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_FILE: Final = "broken.html"
_LEAST_OF_OURS: Final = 500


@cache
def _text() -> str:
    return (resources.files("earnest.http") / "templates" / _FILE).read_text(encoding="utf-8")


def broken(request: Request, status: int = 500, code: str = "internal") -> Response:
    """What happened, whether money moved, and under which reference it is found."""
    said = {
        "code": code,
        "style": assets.url("app.css"),
        "moved": NOTHING_TRIED if request.method in {"GET", "HEAD"} else UNKNOWN,
        "reference": structlog.contextvars.get_contextvars().get("trace_id", ""),
    }
    body = _text()
    for name, value in said.items():
        body = body.replace(f"[{name}]", escape(str(value)))
    request.scope["earnest.code"] = code
    headers = security.page_headers(security.new_nonce())
    return HTMLResponse(body, max(status, _LEAST_OF_OURS), headers)


def is_for_people(request: Request) -> bool:
    """Whether a browser asked for a page."""
    path = request.url.path
    return "text/html" in request.headers.get("accept", "") and not path.startswith("/v1/")
