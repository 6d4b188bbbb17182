"""The catalogues: what each text is in another language, read once from the ``.po`` files.

They are read as people edit them, so neither a checkout nor a wheel has anything to build; the
first page in a language pays for it, and who says nothing translated never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from gettext import c2py
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.resources.abc import Traversable

    from babel.messages import Catalog

DOMAIN: Final = "earnest"
#: Those that were read; a language without one is said in English.
_READ: Final[dict[str, Catalogue | None]] = {"en": None}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is said in one language."""

    texts: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]
    #: Which of the plurals so many take.
    form: Callable[[int], int]


def of(language: str) -> Catalogue | None:
    """The catalogue of a language; English needs none."""
    if language not in _READ:
        _READ[language] = _made(parsed(language.replace("-", "_")))
    return _READ[language]


def put(language: str, catalogue: Catalogue | None) -> Catalogue | None:
    """Say a language by another catalogue, and give the one before."""
    before, _READ[language] = of(language), catalogue
    return before


def parsed(locale: str) -> Catalog:
    """A catalogue as its file has it."""
    # Half of what it costs is this import.
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with path(locale).open("rb") as file:
        return read_po(file, locale=locale, domain=DOMAIN)


def path(locale: str) -> Traversable:
    """Where its file is."""
    return files(__package__) / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def _made(found: Catalog) -> Catalogue:
    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for each in found:
        if isinstance(each.id, str):
            if each.id and isinstance(each.string, str):
                texts[each.id] = each.string
        elif isinstance(each.string, tuple) and all(each.string):
            plurals[each.id[0]] = each.string
    form: Callable[[int], int] = c2py(found.plural_expr)
    return Catalogue(texts, plurals, form)
