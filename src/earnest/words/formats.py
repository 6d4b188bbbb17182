"""Figures, lengths and lists as the language has them in which things are being said."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, get_currency_name
from babel.units import format_unit

from earnest.core.currencies import NAMES
from earnest.words.saying import ENGLISH, _, language, locale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HUNDRED = Decimal(100)


def counted(number: int) -> str:
    """A whole number with its groups: ``1,000``."""
    return format_decimal(number, locale=locale())


def currency_of(code: str) -> str:
    """The name of a currency; its English one is ISO's."""
    return NAMES[code] if language() == ENGLISH else get_currency_name(code, locale=locale())


def measured(
    amount: int | Decimal, unit: str, length: Literal["short", "long", "narrow"] = "long"
) -> str:
    """So much of a unit of CLDR: ``3 days``, ``1.2 MB``."""
    return format_unit(amount, unit, length, locale=locale())


def percent_of(figure: str) -> str:
    """A percentage that is known as it is to be read: ``2.5 %``; the sign stays with its figure."""
    if language() == ENGLISH:
        return f"{figure}\u00a0%"
    return format_percent(Decimal(figure) / _HUNDRED, locale=locale(), decimal_quantization=False)


def tenths_of(figure: str) -> str:
    """A number with one decimal as the language has it: ``4.4``."""
    if language() == ENGLISH:
        return figure
    return format_decimal(Decimal(figure), "#,##0.0", locale=locale())


def listed(texts: Iterable[str]) -> str:
    """One after the other, with what the language puts between them."""
    return _(", ").join(map(str, texts))


def either(texts: Sequence[str]) -> str:
    """One of them: ``the employer or the freelancer``."""
    return format_list([str(each) for each in texts], "or", locale=locale())
