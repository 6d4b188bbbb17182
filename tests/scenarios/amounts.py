"""Amounts as a story says them: ``40.00``, ``40.00 EUR``, ``2.00 x50``."""

from __future__ import annotations

import re
from typing import Final

_AMOUNT: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
CURRENCY: Final = re.compile(r"[A-Z]{3}")
_TIMES: Final = re.compile(r"x([0-9]+)")


class Amount(str):
    """An amount as it was said, and its currency."""

    __slots__ = ("currency",)
    currency: str

    @property
    def wire(self) -> dict[str, str]:
        return {"amount": str(self), "currency": self.currency}


def spelled_out(words: list[str]) -> list[str]:
    """Amounts with their currencies, as often as they are meant."""
    found: list[str] = []
    for word in words:
        times = _TIMES.fullmatch(word)
        if _AMOUNT.fullmatch(word):
            amount = Amount(word)
            amount.currency = "USD"
            found.append(amount)
        elif CURRENCY.fullmatch(word) and found and isinstance(found[-1], Amount):
            found[-1].currency = word
        elif times:
            found += [found[-1]] * (int(times[1]) - 1)
        else:
            found.append(word)
    return found
