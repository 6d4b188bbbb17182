"""What somebody typed to search for: words, a reference, a number, an amount, a currency.

A piece of it may be several of these; then any of them is meant: "40" is a word, and an amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.core.contracts import Contract
from earnest.core.currencies import EXPONENTS
from earnest.core.milestones.row import Milestone
from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.references import NUMBER_MAX, NotAReferenceError, parsed

if TYPE_CHECKING:
    from earnest.core.rows import Row

#: What is longer, or has more pieces, is searched for by its beginning.
LENGTH_MAX: Final = 200
PIECES_MAX: Final = 8
#: What can be found, in the order in which a number is looked for.
KINDS: Final[tuple[type[Row], ...]] = (Milestone, Contract, Project, User)

_WITH_CODE: Final = re.compile(r"([A-Za-z]{3})([0-9].*)|(.*[0-9])([A-Za-z]{3})")
_DECIMAL: Final = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,4}))?")
#: Thousands apart by one sign, decimals by the other, whichever way round.
_GROUPED: Final = re.compile(
    r"([0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]{1,4}))?"
)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what was typed, between spaces: its words, and what else it may mean."""

    words: str
    #: Lexemes of documents: an amount, a currency.
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """What is searched for."""

    #: As it was typed, without what nobody can see.
    text: str
    pieces: tuple[Piece, ...]
    #: The one row that this can be, by kind and number; several kinds for a bare number.
    rows: tuple[tuple[type[Row], int], ...] = ()
    #: An e-mail address, if it looks like one: whole, or not at all.
    address: str = ""


def sought(typed: str) -> Sought:
    """Read what somebody typed."""
    text = " ".join(typed.replace("\0", " ").split())[:LENGTH_MAX]
    pieces = [piece for word in text.split()[:PIECES_MAX] for piece in _pieces(word)]
    is_one = " " not in text
    return Sought(
        text,
        tuple(pieces[:PIECES_MAX]),
        _rows(text) if is_one else (),
        text if is_one and "@" in text else "",
    )


def _pieces(word: str) -> list[Piece]:
    """One, or a currency and an amount that stand together."""
    found = _WITH_CODE.fullmatch(word)
    if found:
        code, number = (found[1] or found[4]).upper(), found[2] or found[3]
        amounts = _amounts(number)
        if code in EXPONENTS and amounts:
            return [Piece(code, (f"C{code}",)), Piece(number, amounts)]
    if word.upper() in EXPONENTS:
        return [Piece(word, (f"C{word.upper()}",))]
    return [Piece(word, _amounts(word))]


def _amounts(word: str) -> tuple[str, ...]:
    """Every amount that this can mean: 1.234 is one and a bit to some, and many to others."""
    found = []
    plain = _DECIMAL.fullmatch(word)
    if plain:
        found.append(_amount(plain[1], plain[2]))
    grouped = _GROUPED.fullmatch(word)
    if grouped:
        found.append(_amount(re.sub(r"[.,]", "", grouped[1]), grouped[3]))
    return tuple(dict.fromkeys(found))


def _amount(whole: str, decimals: str | None) -> str:
    """As documents have it: without any zero that could be left out."""
    rest = (decimals or "").rstrip("0")
    return f"A{int(whole)}.{rest}" if rest else f"A{int(whole)}"


def _rows(text: str) -> tuple[tuple[type[Row], int], ...]:
    """Which row this names; however its letters are written."""
    prefix, bar, body = text.partition("_")
    if bar:
        for kind in KINDS:
            if kind.prefix == prefix.lower():
                try:
                    return ((kind, parsed(f"{kind.prefix}_{body.upper()}", kind.prefix)),)
                except NotAReferenceError:
                    return ()
    if _NUMBER.fullmatch(text) and int(text) <= NUMBER_MAX:
        return tuple((kind, int(text)) for kind in KINDS)
    return ()
