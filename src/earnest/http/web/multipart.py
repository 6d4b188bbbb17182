"""Forms with files: their fields, and each file as it comes, so that none is ever held in memory.

What is told of a file is told by whoever sends it; here it is only its name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from earnest.http import receiving
from earnest.http.answers import ProblemError
from earnest.wire.decode import BODY_BYTES_MAX
from earnest.words.saying import N_

if TYPE_CHECKING:
    from starlette.requests import Request

MEDIA_TYPE: Final = "multipart/form-data"
NOT_A_FORM: Final = N_("This is not what a form of this site sends.")
FIELDS_MAX: Final = 1_000

#: Takes a file: the fields before it, its name, and its bytes.
Take: TypeAlias = Callable[[dict[str, str], str, AsyncIterator[bytes]], Awaitable[None]]


@dataclass(slots=True)
class _Begins:
    """A part begins: its name, and a file's own; without that it is a field."""

    name: str
    filename: str | None


class _Ends:
    """A part ends."""


_Event: TypeAlias = _Begins | _Ends | bytes


@dataclass(slots=True)
class _Heard:
    """What the parser has found so far."""

    events: list[_Event] = field(default_factory=list)
    _name: bytes = b""
    _value: bytes = b""
    _disposition: bytes = b""

    def parser(self, boundary: bytes) -> MultipartParser:
        """A parser that tells of it here."""
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_end,
                "on_part_data": lambda raw, start, end: self.events.append(raw[start:end]),
                "on_part_end": lambda: self.events.append(_Ends()),
            },
        )

    def taken(self) -> Iterator[_Event]:
        """What was found, once."""
        found, self.events = self.events, []
        yield from found

    def _begin(self) -> None:
        self._disposition = b""

    def _header_name(self, raw: bytes, start: int, end: int) -> None:
        self._name += raw[start:end]

    def _header_value(self, raw: bytes, start: int, end: int) -> None:
        self._value += raw[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        name, filename = options.get(b"name", b""), options.get(b"filename")
        called = None if filename is None else filename.decode("utf-8", "replace")
        self.events.append(_Begins(name.decode("utf-8", "replace"), called))


async def _events(request: Request, most: int) -> AsyncIterator[_Event]:
    """What is in the body, of which no more is read than so many bytes."""
    _, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    heard = _Heard()
    try:
        if not boundary:
            raise ProblemError("malformed", NOT_A_FORM)
        parser = heard.parser(boundary)
        async for chunk in receiving.body_of(request):
            most -= len(chunk)
            if most < 0:
                raise ProblemError("too_large", headers=receiving.CLOSING)
            parser.write(chunk)
            for event in heard.taken():
                yield event
    except FormParserError:
        raise ProblemError("malformed", NOT_A_FORM) from None


async def fields(request: Request, most: int, take: Take | None = None) -> dict[str, str]:
    """The fields of a form, of one sent twice the last; what nobody takes of it is dropped."""
    most += BODY_BYTES_MAX
    receiving.must_fit(request, most)
    events, values, left = _events(request, most), dict[str, str](), BODY_BYTES_MAX
    async for event in events:
        if not isinstance(event, _Begins):
            raise ProblemError("malformed", NOT_A_FORM)
        part = _Part(events)
        if event.filename is None:
            raw = await part.whole(left)
            left -= len(raw)
            values[event.name] = _text(raw)
        elif event.filename and take is not None:
            await take(values, event.filename, part.chunks())
        await part.rest()
        if len(values) > FIELDS_MAX:
            raise ProblemError("malformed", NOT_A_FORM)
    return values


def _text(raw: bytes) -> str:
    try:
        return raw.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ProblemError("malformed", NOT_A_FORM) from None


@dataclass(slots=True)
class _Part:
    """What is in one part."""

    events: AsyncIterator[_Event]
    is_over: bool = False

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its bytes as they come; it may be left before its end."""
        while not self.is_over:
            event = await anext(self.events, None)
            if isinstance(event, bytes):
                yield event
            elif isinstance(event, _Ends):
                self.is_over = True
            else:
                raise ProblemError("malformed", NOT_A_FORM)

    async def whole(self, most: int) -> bytes:
        """All of them, if they are not too many."""
        raw = bytearray()
        async for chunk in self.chunks():
            raw += chunk
            if len(raw) > most:
                raise ProblemError("too_large", headers=receiving.CLOSING)
        return bytes(raw)

    async def rest(self) -> None:
        """Leave what nobody wanted."""
        async for _ in self.chunks():
            pass
