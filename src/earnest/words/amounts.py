"""Amounts as people write them: said in their locale, and read from what they typed.

Reading is strict: a text has one meaning or it is refused, if possible with the text that says
what was meant. Nothing is rounded, and no separator is ever dropped to see what is left.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from babel import Locale
from babel.numbers import get_currency_symbol

from earnest.core.currencies import EXPONENTS
from earnest.core.money import AmountCode, AmountError, Money
from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UnreadCode: TypeAlias = AmountCode | Literal["empty", "other_currency", "wrong_separators"]

#: What a person reads beside the field, for each code.
DETAILS: Final[Mapping[UnreadCode, str]] = {
    "empty": "Write an amount, such as {example}.",
    "not_an_amount": "Write the amount in digits, such as {example}.",
    "wrong_separators": "Write the amount the way {grouped} is written.",
    "too_many_decimals": "{currency} has {decimals} decimals and no more.",
    "amount_too_large": "This is more than one amount may be.",
    "unknown_currency": "This is not the code of an ISO 4217 currency.",
    "other_currency": "This amount is in {currency} and in no other currency.",
}
mark(DETAILS)
NO_DECIMALS: Final = N_("{currency} has no decimals.")

_NBSP: Final = "\u00a0"
_MINUS: Final = "\u2212"
#: Lakhs and crores: 12,34,567.
_INDIAN: Final = 2
#: What stands around a number unseen. Not the mark that shows digits in reverse order (U+202E).
_UNSEEN: Final = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069\u200b\ufeff"
#: Marks that look alike and mean the same, by the one that stands for them.
_ALIKE: Final = str.maketrans(
    {**dict.fromkeys("\u00a0\u2007\u2008\u2009\u202f", " "), **dict.fromkeys("\u2019\u02bc", "'")}
)
#: These two mean one thing each, wherever they are written.
_ARABIC_DECIMAL: Final = "\u066b"
_ARABIC_GROUP: Final = "\u066c"
_ARABIC_ZEROS: Final = frozenset({0x0660, 0x06F0})
_COMMAS: Final = ".,\u060c"
_SEPARATORS: Final = f"{_COMMAS}{_ARABIC_DECIMAL}{_ARABIC_GROUP}' "

_DECIMAL: Final = rf"[{_COMMAS}{_ARABIC_DECIMAL}](?P<decimals>[0-9]+)"
_BY_THREE: Final = rf"[1-9][0-9]{{0,2}}(?P<g>[{_SEPARATORS}])[0-9]{{3}}(?:(?P=g)[0-9]{{3}})*"
_BY_TWO: Final = r"[1-9][0-9]?(?P<g>,)(?:[0-9]{2},)+[0-9]{3}"
#: All that a separator could be taken for. Used to guess, never to read.
_READINGS: Final = (
    re.compile(rf"(?P<whole>[0-9]*){_DECIMAL}"),
    re.compile(rf"(?P<whole>{_BY_THREE})(?:(?!(?P=g)){_DECIMAL})?"),
    re.compile(rf"(?P<whole>{_BY_TWO})(?:(?!(?P=g)){_DECIMAL})?"),
    re.compile(r"(?P<whole>[0-9]+)(?P<decimals>)"),
)


class AmountUnread(ValueError):  # noqa: N818  # It says what the text is: `except AmountUnread`.
    """A text that has not exactly one meaning as an amount of its field's currency."""

    def __init__(self, code: UnreadCode, detail: str, suggestion: str | None = None) -> None:
        """Keep the code for programs, the detail for people, and what was probably meant."""
        super().__init__(detail)
        self.code: Final = code
        self.detail: Final = detail
        self.suggestion: Final = suggestion


@dataclass(frozen=True, slots=True)
class Marks:
    """How a locale writes a number in Western digits."""

    decimal: str
    group: str
    #: How many digits stand together before the last three: 2 in India, 3 elsewhere.
    step: int


@lru_cache(maxsize=64)
def marks(locale: str) -> Marks:
    """Look up the separators of a locale, for Western digits even where others are usual."""
    known = Locale.parse(locale)
    symbols = known.number_symbols["latn"]
    indian = known.decimal_formats[None].grouping == (3, 2)
    return Marks(str(symbols["decimal"]), str(symbols["group"]), _INDIAN if indian else 3)


def said(money: Money, locale: str) -> str:
    """Say an amount: the code of its currency, then the number; they never part."""
    return f"{money.currency}{_NBSP}{number(money, locale)}"


def number(money: Money, locale: str) -> str:
    """Write an amount without its currency, always with all the decimals that it has.

    From 1,000 on it is always grouped, also in Spanish, which by itself begins at 10,000: the
    figures of a column are compared, and must look alike.
    """
    own = marks(locale)
    sign = _MINUS if money.minor < 0 else ""
    whole, point, decimals = money.decimal.removeprefix("-").partition(".")
    parts, rest = [whole[-3:]], whole[:-3]
    while rest:
        parts.insert(0, rest[-own.step :])
        rest = rest[: -own.step]
    return sign + own.group.join(parts) + (own.decimal + decimals if point else "")


def example(currency: str, locale: str) -> str:
    """Show how an amount is written, for the hint beside its field."""
    return number(Money.parse("250", currency), locale)


def read(text: str, currency: str, locale: str) -> Money:
    """Read what a person typed into a field of one currency, or raise an AmountUnread."""
    if currency not in EXPONENTS:
        raise AmountUnread("unknown_currency", DETAILS["unknown_currency"])
    bare = _without_currency(text, currency, locale)
    if not bare:
        raise _unread("empty", currency, locale)
    western, zero = _western(bare)
    spelled = western.translate(_ALIKE)
    foreign = _foreign(spelled, locale)
    if foreign:
        raise _unread(_code_of(foreign, currency, locale), currency, locale)
    found = _pattern(locale, arabic=zero in _ARABIC_ZEROS).fullmatch(spelled)
    if found is None:
        raise _unread("wrong_separators", currency, locale, _guess(spelled, currency, locale))
    try:
        return _money(found, currency)
    except AmountError as error:
        guess = _guess(spelled, currency, locale) if error.code == "not_an_amount" else None
        raise _unread(error.code, currency, locale, guess) from None


def _without_currency(text: str, currency: str, locale: str) -> str:
    """Drop what is around the number: spaces, and one name of the field's own currency."""
    bare = _trimmed(text)
    for name in _names(currency, locale):
        if bare[: len(name)].casefold() == name.casefold():
            return _trimmed(bare[len(name) :])
        if bare[-len(name) :].casefold() == name.casefold():
            return _trimmed(bare[: -len(name)])
    return bare


@lru_cache(maxsize=1024)
def _names(currency: str, locale: str) -> tuple[str, ...]:
    """What the currency is called in a locale, without what could be part of a number."""
    names = {currency, _trimmed(get_currency_symbol(currency, locale))}
    return tuple(sorted((name for name in names if _is_a_name(name)), key=len, reverse=True))


def _is_a_name(text: str) -> bool:
    return any(c.isalpha() or unicodedata.category(c) == "Sc" for c in text) and not any(
        c.isdigit() for c in text
    )


def _trimmed(text: str) -> str:
    """Strip spaces of every kind and the marks that only steer the direction of writing."""
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or text[start] in _UNSEEN):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _UNSEEN):
        end -= 1
    return text[start:end]


def _western(text: str) -> tuple[str, int | None]:
    """Write the decimal digits of one script as 0 to 9, and name the script by its zero."""
    zeros = {ord(c) - unicodedata.decimal(c) for c in text if unicodedata.category(c) == "Nd"}
    if len(zeros) != 1:
        return (text if not zeros else "?"), None  # Digits of two scripts: nobody writes so.
    zero = zeros.pop()
    return text.translate({zero + digit: str(digit) for digit in range(10)}), zero


def _foreign(text: str, locale: str) -> list[str]:
    """Find what belongs into no number of this locale, piece by piece."""
    own = marks(locale)
    known = re.escape(f"0123456789{_SEPARATORS}{own.decimal}{own.group}")
    return re.findall(f"[^{known}]+", text)


def _code_of(foreign: list[str], currency: str, locale: str) -> UnreadCode:
    """Tell another currency from anything else that does not belong into a number."""
    for piece in map(_trimmed, foreign):
        has_symbol = any(unicodedata.category(c) == "Sc" for c in piece)
        if piece not in _names(currency, locale) and (has_symbol or piece.upper() in EXPONENTS):
            return "other_currency"
    return "not_an_amount"


@lru_cache(maxsize=128)
def _pattern(locale: str, *, arabic: bool) -> re.Pattern[str]:
    """Say what a number of this locale is.

    Arabic digits come with Arabic separators. Their decimal sign looks like a comma, so a comma
    between them may mean either, and in a currency with three decimals nobody could tell.
    """
    own = marks(locale)
    group, decimal = _ARABIC_GROUP, _ARABIC_DECIMAL
    if not arabic:
        group += own.group.translate(_ALIKE)
        decimal += own.decimal
    shapes = [rf"[0-9]+|[0-9]{{1,3}}(?P<g>[{group}])[0-9]{{3}}(?:(?P=g)[0-9]{{3}})*"]
    if own.step == _INDIAN:
        shapes.append(rf"[0-9]{{1,2}}(?P<h>[{group}])(?:[0-9]{{2}}(?P=h))*[0-9]{{3}}")
    return re.compile(rf"(?P<whole>{'|'.join(shapes)})(?:[{decimal}](?P<decimals>[0-9]+))?")


def _guess(spelled: str, currency: str, locale: str) -> str | None:
    """Write what was meant as this locale does, if it can only have been one amount."""
    meanings = {money.minor: money for money in _meanings(spelled, currency)}
    return number(meanings.popitem()[1], locale) if len(meanings) == 1 else None


def _meanings(spelled: str, currency: str) -> Iterator[Money]:
    """Find the amounts that a text would be in any way of writing numbers."""
    for reading in _READINGS:
        found = reading.fullmatch(spelled)
        if found is None:
            continue
        try:
            yield _money(found, currency, zeros_lead=True)
        except AmountError:
            continue


def _money(found: re.Match[str], currency: str, *, zeros_lead: bool = False) -> Money:
    """Let the core judge the digits: there is one rule for what an amount is."""
    whole = "".join(c for c in found["whole"] if c in "0123456789")
    if zeros_lead:
        whole = whole.lstrip("0") or "0"
    return Money.parse(f"{whole}.{found['decimals']}" if found["decimals"] else whole, currency)


def _unread(
    code: UnreadCode, currency: str, locale: str, suggestion: str | None = None
) -> AmountUnread:
    decimals = EXPONENTS[currency]
    template = NO_DECIMALS if code == "too_many_decimals" and not decimals else DETAILS[code]
    detail = template.format(
        example=example(currency, locale),
        grouped=number(Money.parse("1250", currency), locale),
        currency=currency,
        decimals=decimals,
    )
    return AmountUnread(code, detail, suggestion)
