"""Marking in a text what somebody searched for; compared as the index of words compares."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.store.reads.asking import GOES_ON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from earnest.wire.sought import Sought

#: Words as the index has them: letters and digits, with the signs inside a word that it drops.
_WORD: Final = re.compile(r"[^\W_]+(?:[\u0300-\u036f'\u2018\u2019\u02bc`\u00b4]+[^\W_]*)*")
_DROPPED: Final = re.compile(r"[\u0300-\u036f'\u2018\u2019\u02bc`\u00b4]")
_LETTERS: Final = str.maketrans("łøđı", "lodi")
#: Of a long text so much is shown before and after the first word that was searched for.
BEFORE: Final = 60
LENGTH: Final = 180


class Bit(NamedTuple):
    """A piece of a text, and whether it was searched for."""

    text: str
    marked: bool


def folded(text: str) -> str:
    """Small letters without their marks: what `searched` of the database makes of a word."""
    plain = _DROPPED.sub("", unicodedata.normalize("NFKD", text).lower())
    return plain.translate(_LETTERS)


def words_in(wanted: Sought) -> tuple[frozenset[str], str]:
    """Whole words, and the beginning that the last one is, if it is long enough for that."""
    every = [folded(each) for each in _WORD.findall(wanted.text)]
    last = every[-1] if every and len(every[-1]) >= GOES_ON else ""
    return frozenset(every), last


def marked(text: str, wanted: Sought) -> list[Bit]:
    """The text in pieces, none of them lost."""
    words, beginning = words_in(wanted)
    bits: list[Bit] = []
    done = 0
    for begin, end in _places(text, words, beginning):
        bits += [Bit(text[done:begin], marked=False), Bit(text[begin:end], marked=True)]
        done = end
    bits.append(Bit(text[done:], marked=False))
    return [bit for bit in bits if bit.text]


def excerpt(text: str, wanted: Sought) -> str:
    """The part of a long text around the first word that was searched for; nothing without one."""
    line = " ".join(text.split())
    words, beginning = words_in(wanted)
    first = next(_places(line, words, beginning), None)
    if first is None:
        return ""
    begin = max(0, first[0] - BEFORE)
    begin = line.find(" ", begin) + 1 if begin and " " in line[begin : first[0]] else begin
    end = begin + LENGTH
    before, after = "… " if begin else "", "…" if end < len(line) else ""
    return f"{before}{line[begin:end].strip()}{after}"


def _places(text: str, words: Iterable[str], beginning: str) -> Iterator[tuple[int, int]]:
    for found in _WORD.finditer(text):
        word = folded(found[0])
        if word in words or (beginning and word.startswith(beginning)):
            yield found.span()
