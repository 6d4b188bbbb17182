"""Files that come in, whichever way: their bytes are kept, then their row is asked for.

What refuses a file names it; nothing of it is left.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Final

from earnest.batcher import UnavailableError
from earnest.core.files import AddFile
from earnest.files import (
    DiskFullError,
    TooLargeError,
    WrongKindError,
    WrongNameError,
    clean_name,
)
from earnest.http.answers import ProblemError
from earnest.wire.invalid import FieldError
from earnest.words.files import LARGER, TOO_LARGE, size_said

if TYPE_CHECKING:
    from starlette.requests import Request

    from earnest.app import App
    from earnest.store.batch import Answer

#: Whoever sends nothing for so long, or takes longer for all of it, holds a connection for nothing.
SILENCE_SECONDS: Final = 30
WHOLE_SECONDS: Final = 600
#: So many people, and so many times the same one, can send files to one process at a time.
SENDING_MOST: Final = 32
SENDING_EACH: Final = 4
#: Where a file's name stands in the address.
NAME: Final = "name"


async def kept(
    app: App,
    owner_id: int,
    name: str,
    chunks: AsyncIterable[bytes],
    *,
    key: Callable[[str], str],
    via: str,
) -> Answer:
    """Keep what comes in under its digest, and ask for its row; or say what is wrong with it.

    Its key may depend on the digest, which nobody knows before the last byte.
    """
    limit, called = app.house.file_bytes_max, ""
    try:
        called = clean_name(name)
        async with app.files.keeping(called, chunks, limit) as found:
            action = AddFile(owner_id, called, found.size, found.type, found.sha256)
            return await app.do(owner_id, action, key=key(found.sha256), via=via)
    except WrongNameError as wrong:
        errors = (FieldError(f"?{NAME}", wrong.code, wrong.detail),)
        raise ProblemError("invalid", errors=errors) from None
    except WrongKindError as wrong:
        raise ProblemError("unsupported_media_type", wrong.detail) from None
    except TooLargeError as wrong:
        detail = LARGER.format(name=called, size=size_said(wrong.limit))
        raise ProblemError("too_large", detail, headers=CLOSING) from None
    except DiskFullError:
        raise ProblemError("disk_full") from None


#: What was not read to its end is not followed by another request.
CLOSING: Final = {"Connection": "close"}


@contextlib.contextmanager
def sending(app: App, person_id: int) -> Iterator[None]:
    """One more who sends files; too many at a time could fill the disk with what is half there."""
    if app.sending.total() >= SENDING_MOST or app.sending[person_id] >= SENDING_EACH:
        raise UnavailableError("busy", "Too many files are being sent at the moment.", 5)
    app.sending[person_id] += 1
    try:
        yield
    finally:
        app.sending[person_id] -= 1
        if not app.sending[person_id]:
            del app.sending[person_id]


def must_fit(request: Request, most: int) -> None:
    """What says itself that it is too large is refused before a byte of it is read."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > len(str(most)) or int(length) > most):
        detail = TOO_LARGE.format(size=size_said(most))
        raise ProblemError("too_large", detail, headers=CLOSING)


async def body_of(request: Request) -> AsyncIterator[bytes]:
    """The bytes of the body as they come, as long as they do."""
    stream, until = aiter(request.stream()), time.monotonic() + WHOLE_SECONDS
    while True:
        try:
            async with asyncio.timeout(min(SILENCE_SECONDS, until - time.monotonic())):
                chunk = await anext(stream, None)
        except TimeoutError:
            detail = f"Nothing came for {SILENCE_SECONDS} seconds, or it took too long."
            raise ProblemError("malformed", detail, headers=CLOSING) from None
        if chunk is None:
            return
        if chunk:
            yield chunk
