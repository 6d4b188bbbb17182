"""The catalogues: what each text is in another language, read once from the ``.po`` files.

They are read as people edit them, so neither a checkout nor a wheel has anything to build; the
first page in a language pays for it, and who says nothing translated never does. The reader is our
own: nobody else is answered meanwhile, and Babel's takes three times as long.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from gettext import c2py
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from importlib.resources.abc import Traversable

_PLURAL: Final = re.compile(r"plural=([^;\n]+)")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is said in one language."""

    texts: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]
    #: Which of the plurals so many take.
    form: Callable[[int], int]


#: Those that were read.
_READ: Final[dict[str, Catalogue | None]] = {"en": None}


def of(language: str) -> Catalogue | None:
    """The catalogue of a language, as HTML calls it; what has none is said in English."""
    if language not in _READ:
        file = path(language)
        _READ[language] = read(file.read_text(encoding="utf-8")) if file.is_file() else None
    return _READ[language]


def put(language: str, catalogue: Catalogue | None) -> None:
    """Say a language by another catalogue."""
    _READ[language] = catalogue


def path(language: str) -> Traversable:
    """Where the file of a language is."""
    return files(__package__) / language.replace("-", "_") / "LC_MESSAGES" / "earnest.po"


def within(context: str, text: str) -> str:
    """What a text is called that is said in a context, as gettext joins them."""
    return f"{context}\x04{text}" if context else text


def read(text: str) -> Catalogue:
    """Read a catalogue as ``make messages`` writes it: its entries stand apart."""
    texts: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    head = ""
    for entry in _entries(text):
        said = entry.get("msgid", "")
        if "msgid_plural" in entry:
            forms = [form for name, form in entry.items() if name.startswith("msgstr[")]
            plurals[said] = tuple(forms)
        elif said:
            texts[within(entry.get("msgctxt", ""), said)] = entry["msgstr"]
        else:
            head = entry["msgstr"]
    found = _PLURAL.search(head)
    form: Callable[[int], int] = c2py(found[1] if found is not None else "n != 1")
    return Catalogue(texts, plurals, form)


def _entries(text: str) -> Iterator[dict[str, str]]:
    for block in text.split("\n\n"):
        entry: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith('"'):
                name, _, line = line.partition(" ")  # noqa: PLW2901  # What is left of it.
            # What gettext escapes, and how, JSON escapes too.
            entry[name] = entry.get(name, "") + json.loads(line)
        if entry:
            yield entry
