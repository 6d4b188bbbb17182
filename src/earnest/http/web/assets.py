"""The files that pages need: style, script, icons, font. Read once, served from memory, for ever.

The address of a file holds a hash of its bytes, so browsers keep it for a year and still have the
new one the moment it changes. No path of a request ever reaches the disk: it is looked up in a
dictionary of all there is.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import brotli  # type: ignore[import-untyped]  # it ships no types
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from starlette.requests import Request

PREFIX: Final = "/static/"

#: In this order: `tokens` names the cascade layers, and `print` has the last word.
STYLES: Final = (
    *("tokens", "base", "layout", "parts", "signs", "money", "lists", "tables", "forms"),
    *("pages", "projects", "records", "files", "search", "notices", "disputes", "plans", "factors"),
    *("pictures", "around", "print"),
)
SCRIPTS: Final = ("earnest.js", "passkeys.js", "vendor/htmx.min.js", "vendor/hx-csp.min.js")
PICTURES: Final = ("icon.svg", "vendor/icons.svg")
FONTS: Final = ("vendor/inter-sub.woff2",)

TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}

_IN_STYLE: Final = re.compile(r"url\(([\w.-]+)\)")
_COMMENT: Final = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_CODING: Final = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([\d.]+)\s*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file under its address, in every coding that makes it smaller."""

    url: str
    type: str
    #: By Content-Encoding, the best first; `identity` is last and always there.
    bodies: Mapping[str, bytes]


def url(name: str) -> str:
    """Tell the address of a file by its bare name, as templates do: ``asset('app.css')``."""
    return _all()[name].url


async def serve(request: Request) -> Response:
    """Answer GET and HEAD of an address that `url` gave out; every other is not found."""
    asset = _by_url().get(request.url.path)
    if asset is None:
        return Response("Not found\n", status_code=404, media_type="text/plain")
    accepted = _accepted(request.headers.get("accept-encoding", ""))
    coding = next(c for c in asset.bodies if c in accepted or c == "identity")
    headers = HEADERS | {"Content-Type": asset.type}
    if coding != "identity":
        headers["Content-Encoding"] = coding
    # uvicorn leaves the body of an answer to HEAD away, and Content-Length as it is.
    return Response(asset.bodies[coding], headers=headers)


@cache
def _all() -> dict[str, Asset]:
    """Read every file; the style comes last because it names the others by their addresses."""
    folder = files("earnest.http") / "static"
    paths = (*SCRIPTS, *PICTURES, *FONTS)
    found = [_asset(path.rpartition("/")[2], folder.joinpath(path).read_bytes()) for path in paths]
    named = dict(found)
    name, style = _asset("app.css", _style(folder, named))
    return {**named, name: style}


@cache
def _by_url() -> dict[str, Asset]:
    return {asset.url: asset for asset in _all().values()}


def _style(folder: Traversable, named: Mapping[str, Asset]) -> bytes:
    """Join the style sheets into one, without what is written in them for us."""
    texts = [folder.joinpath("css", f"{name}.css").read_text("utf-8") for name in STYLES]
    joined = _COMMENT.sub("", "".join(texts))
    return _IN_STYLE.sub(lambda m: f"url({named[m[1]].url})", joined).encode()


def _asset(name: str, body: bytes) -> tuple[str, Asset]:
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:12]
    bodies = {"identity": body}
    if suffix != "woff2":  # It is brotli already.
        smaller = {"br": brotli.compress(body), "gzip": gzip.compress(body, mtime=0)}
        bodies = {**smaller, **bodies}
    return name, Asset(f"{PREFIX}{stem}.{digest}.{suffix}", TYPES[suffix], bodies)


def _accepted(header: str) -> set[str]:
    """Read the codings that a browser takes; what it gives the weight 0 it does not take."""
    found = (_CODING.fullmatch(part) for part in header.split(","))
    return {m[1].lower() for m in found if m and (m[2] or "1").strip("0.")}
