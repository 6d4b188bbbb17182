"""The languages that there are words in, and which way their lines run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Each is called as those call it who read it.
LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "pt-BR": "Português (Brasil)",
    "es": "Español",
    "ar": "العربية",
}
RIGHT_TO_LEFT: Final = frozenset({"ar"})
#: More than so many wishes are no browser's.
_WISHES_MAX: Final = 20


def direction_of(language: str) -> str:
    """Which way the lines of a language run."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def best_of(accepted: str) -> str:
    """The language that a browser would rather have than the others, by its Accept-Language."""
    wishes: list[tuple[float, str]] = []
    for each in accepted.split(",")[:_WISHES_MAX]:
        name, _, weight = each.partition(";q=")
        try:
            wishes.append((float(weight or 1), name.strip()))
        except ValueError:
            continue
    wanted = [name for weight, name in sorted(wishes, key=lambda one: -one[0]) if weight > 0]
    return next(filter(None, map(_nearest, wanted)), "en")


def _nearest(wanted: str) -> str | None:
    """The language of ours that somebody reads who asked for this one: by its name, or nearly."""
    name = wanted.lower()
    near = [each for each in LANGUAGES if each.lower() == name]
    near += [each for each in LANGUAGES if each.partition("-")[0] == name.partition("-")[0]]
    return near[0] if near else None
