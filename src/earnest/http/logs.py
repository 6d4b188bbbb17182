"""Logs: one JSON object a line, on standard error.

No token, body, key or account number is ever given to a log; a bug is told by its type, its first
line and the places it passed, without the values that were there.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec
import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

#: A message that goes on for longer has somebody's data in it.
_MESSAGE_MAX: Final = 200
_FRAMES_MAX: Final = 30
_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)


def configure(out: BinaryIO | None = None, level: int = logging.INFO) -> None:
    """Write what this process logs, and what its libraries log, as lines of JSON."""
    file = out if out is not None else sys.stderr.buffer
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_values,
    ]
    structlog.configure(
        processors=[*before, _line],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(file),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Foreign(before, file)]
    root.setLevel(max(level, logging.WARNING))


class _Foreign(logging.Handler):
    """What libraries say through the standard library, in the same form."""

    def __init__(self, before: list[Processor], file: BinaryIO) -> None:
        super().__init__()
        self._before = before
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        event: Any = {"event": record.getMessage()[:_MESSAGE_MAX], "logger": record.name}
        if record.exc_info:
            event["exc_info"] = record.exc_info
        for processor in self._before:
            event = processor(None, record.levelname.lower(), event)
        self._file.write(_line(None, "", event) + b"\n")
        self._file.flush()


def _line(_logger: object, _method: str, event: EventDict) -> bytes:
    return _ENCODER.encode(event)


def _without_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A bug as its type, the first line of what it says, and where it came through."""
    told = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["exception"] = _exception(error)
    return event


def _exception(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES_MAX:]
    said = str(error).partition("\n")[0][:_MESSAGE_MAX]
    told: dict[str, Any] = {
        "type": type(error).__name__,
        "message": said,
        "frames": [f"{each.filename}:{each.lineno} {each.name}" for each in frames],
    }
    if error.__cause__ is not None:
        told["cause"] = _exception(error.__cause__)
    return told
