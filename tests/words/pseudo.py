"""A language that nobody speaks: every text of ours is longer, accented and in brackets.

It stands in the place of Arabic, whose own formats have no Latin letter in them: what can be read
in plain letters on a page is a word that nobody can translate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from earnest.words import catalogues
from earnest.words.catalogues import Catalogue

PLACE = "ar"
BEGIN, END = "⟦", "⟧"
_KEPT = re.compile(r"%\(\w+\)s|%%|\{\w*\}|<[^>]+>|&\w+;")
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ"
_LETTERS = str.maketrans(_PLAIN, _ACCENTED)


def spoken(text: str) -> str:
    """A text of ours in this language."""
    kept, parts = _KEPT.findall(text), _KEPT.split(text)
    said = "".join(
        part.translate(_LETTERS) + place
        for part, place in zip(parts, [*kept, ""], strict=True)
    )  # fmt: skip
    return f"{BEGIN}{said}{'·' * (len(text) * 2 // 5)}{END}"


@contextmanager
def speaking() -> Iterator[None]:
    """Say Arabic in this language for as long as it lasts."""
    arabic = catalogues.of(PLACE)
    assert arabic is not None, "there is a catalogue"
    texts = {text: spoken(text.rpartition("\x04")[2]) for text in arabic.texts}
    forms = len(next(iter(arabic.plurals.values())))
    plurals = {one: (spoken(one),) * forms for one in arabic.plurals}
    catalogues.put(PLACE, Catalogue(texts, plurals, arabic.form))
    try:
        yield
    finally:
        catalogues.put(PLACE, arabic)
