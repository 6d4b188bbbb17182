"""Files over REST: `POST /v1/files?name=` with one raw body, and the bytes again for who may see.

Bytes are never shown by a browser: they are saved, as what they are, without a page around them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import structlog
from starlette.responses import Response, StreamingResponse

from earnest.core.actions import Scope
from earnest.core.files import AddFile, File
from earnest.files.folder import CHUNK_BYTES
from earnest.http import asking, receiving
from earnest.http.answers import ProblemError, answer, id_of, problem
from earnest.http.parameters import read_parameters
from earnest.http.reading import SHELVES, found_row, reading
from earnest.http.routes import ROOT, VIA
from earnest.wire.invalid import FieldError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedReader

    from starlette.requests import Request

    from earnest.app import App
    from earnest.store.db import Connection

log = structlog.get_logger()

PATH: Final = f"{ROOT}/files"
#: Whatever it is: no script of it runs, nothing is drawn of it, and nobody guesses what it is.
HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, max-age=600",
}
(_SHELF,) = (shelf for shelf in SHELVES if shelf.prefix == File.prefix)


@dataclass(frozen=True, slots=True)
class Files:
    """Where files come in, and go out."""

    app: App

    async def added(self, request: Request) -> Response:
        """Keep the body of the request as a file of the asker's."""
        bearer = await asking.asker(request, self.app)
        asking.demand(bearer, AddFile.scope)
        key = asking.key(request)
        name = _name(request)
        receiving.must_fit(request, self.app.house.file_bytes_max)
        with receiving.sending(self.app, bearer.user.id):
            body = receiving.body_of(request)
            answered = await receiving.kept(
                self.app, bearer.user.id, name, body, key=lambda _: key, via=VIA
            )
        headers = {"Idempotency-Replayed": "true"} if answered.replayed else {}
        if answered.problem is not None:
            return problem(answered.problem, request, headers)
        (row,) = answered.rows
        headers["Location"] = f"{PATH}/{id_of(row)}"
        return answer(row, status=201, headers=headers)

    async def bytes(self, request: Request) -> Response:
        """What is in a file, for whoever may see something that it is attached to."""
        bearer = await asking.asker(request, self.app)
        asking.demand(bearer, Scope.READ)
        read_parameters(request, ())

        async def read(db: Connection) -> Any:
            return await found_row(db, _SHELF, request, bearer)

        return await download(self.app, request, await reading(self.app, read))


def _name(request: Request) -> str:
    """What the file is called; nothing else stands in the address."""
    asking.no_manner(request, but=receiving.NAME)
    given = request.query_params.getlist(receiving.NAME)
    path = f"?{receiving.NAME}"
    if not given:
        detail = "A file needs a name, such as drawing.png."
        raise ProblemError("invalid", errors=[FieldError(path, "required", detail)])
    if len(given) > 1:
        detail = "This can be said once."
        raise ProblemError("invalid", errors=[FieldError(path, "given_twice", detail)])
    return given[0]


async def download(app: App, request: Request, row: File) -> Response:
    """The bytes of a file, to be saved under its name."""
    path = app.files.path(row.sha256)
    try:
        opened = await asyncio.to_thread(path.open, "rb")
    except OSError:
        log.exception("file_without_bytes", file=row.reference)
        raise ProblemError("internal", "The bytes of this file cannot be read.") from None
    charset = "; charset=utf-8" if row.type.startswith("text/") else ""
    headers = {
        **HEADERS,
        "Content-Type": f"{row.type.value}{charset}",
        "Content-Disposition": disposition(row.name),
        "Content-Length": str(row.size),
    }
    if request.method == "HEAD":
        opened.close()
        return Response(None, 200, headers)
    return StreamingResponse(_chunks(opened), 200, headers)


async def _chunks(opened: BufferedReader) -> AsyncIterator[bytes]:
    with opened:
        while chunk := await asyncio.to_thread(opened.read, CHUNK_BYTES):
            yield chunk


def disposition(name: str) -> str:
    """Save it, and under which name: in ASCII for old programs, as it is for all others."""
    plain = "".join(c if c.isascii() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
