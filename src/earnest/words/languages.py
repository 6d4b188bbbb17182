"""The languages that there are words in, and which way their lines run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Final[Mapping[str, str]] = {"en": "English"}
RIGHT_TO_LEFT: Final = frozenset({"ar"})


def direction_of(language: str) -> str:
    """Which way the lines of a language run."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
