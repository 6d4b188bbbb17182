"""What a check finds: all well, something to know, something wrong, or that it could not look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is."""

    OK = "ok"
    #: To be known, and nothing wrong.
    NOTE = "note"
    WRONG = "wrong"
    #: Not looked at, because of something else that is wrong.
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was looked at, what is there, what it means, what to do."""

    check: str
    state: State
    what: str
    #: For programs; empty where all is well.
    code: str = ""
    means: str = ""
    advice: str = ""


def ok(check: str, what: str) -> Finding:
    return Finding(check, State.OK, what)


def skipped(check: str, what: str) -> Finding:
    return Finding(check, State.SKIPPED, what)


def wrong(check: str, code: str, what: str, means: str, advice: str) -> Finding:
    return Finding(check, State.WRONG, what, code, means, advice)


def note(check: str, code: str, what: str, means: str, advice: str) -> Finding:
    return Finding(check, State.NOTE, what, code, means, advice)
