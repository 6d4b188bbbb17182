"""Exact money: whole minor units of one currency, never a float.

Amounts meet the outside as decimal text (``"40.00"``) and are whole numbers everywhere inside.
What does not fit exactly is refused by name, never rounded.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NoReturn, TypeAlias

from earnest.core.currencies import EXPONENTS
from earnest.core.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

MINOR_MAX: Final = 10**15
"""The most minor units anybody may name; sums of them stay far inside 64 bits."""

BPS_WHOLE: Final = 10_000
"""A whole in basis points: 10,000 of them are 100 %."""

AmountCode: TypeAlias = Literal[
    "not_an_amount", "too_many_decimals", "amount_too_large", "unknown_currency"
]

_WHOLE_DIGITS_MAX: Final = 15
_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?")


class CurrencyMismatchError(TypeError):
    """Two currencies met in one calculation, which is a bug and never a conversion."""


class AmountError(ValueError):
    """A text that is not an amount of the currency it names."""

    def __init__(self, code: AmountCode, detail: str) -> None:
        """Keep what a program reads (the code) apart from what a person reads (the detail)."""
        super().__init__(detail)
        self.code: Final = code
        self.detail: Final = detail


@record(frozen=True, slots=True)
class Money:
    """An exact amount: ``Money(1250, "USD")`` is twelve dollars and fifty cents.

    It has no truth value and cannot be multiplied: ``if amount`` and ``amount * rate`` are how
    money gets lost. Ask ``is_zero``, compare, or say ``share``, ``part`` or ``midpoint``.
    """

    minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, but of this currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: object, currency: object) -> Money:
        """Read ``"40.00"`` exactly, or raise an AmountError that says what is wrong with it."""
        found = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise AmountError("not_an_amount", 'an amount is a decimal text such as "40.00"')
        exponent = EXPONENTS.get(currency) if isinstance(currency, str) else None
        if exponent is None or not isinstance(currency, str):
            raise AmountError("unknown_currency", "this is not the code of an ISO 4217 currency")
        whole, decimals = found[1], found[2] or ""
        if len(decimals) > exponent:
            raise AmountError("too_many_decimals", _decimals_allowed(currency, exponent))
        too_long = len(whole) > _WHOLE_DIGITS_MAX  # Asked first: reading digits has its price.
        minor = 0 if too_long else int(whole + decimals.ljust(exponent, "0"))
        if too_long or minor > MINOR_MAX:
            raise AmountError("amount_too_large", "this is more than one amount may be")
        return cls(minor, currency)

    @property
    def is_zero(self) -> bool:
        """Whether there is nothing of it, neither held nor owed."""
        return self.minor == 0

    @property
    def is_positive(self) -> bool:
        """Whether there is something of it."""
        return self.minor > 0

    @property
    def decimal(self) -> str:
        """The amount as every interface writes it: all the decimals its currency has."""
        return _written(self.minor, EXPONENTS[self.currency])

    def share(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Divide it by weight so that the parts add up exactly.

        Each part is rounded down; the units left over go to the largest remainders, of equal
        ones to the earlier, so the same question always has the same answer.
        """
        total = sum(weights)
        assert self.minor >= 0, "a debt is not shared out"
        assert total > 0, "somebody must have a weight"
        assert min(weights) >= 0, "no weight is negative"
        divided = [divmod(self.minor * weight, total) for weight in weights]
        parts = [quotient for quotient, _ in divided]
        by_remainder = sorted(range(len(parts)), key=lambda i: -divided[i][1])
        for i in by_remainder[: self.minor - sum(parts)]:
            parts[i] += 1
        return tuple(Money(part, self.currency) for part in parts)

    def part(self, bps: int) -> Money:
        """So many basis points of it, rounded down."""
        return Money(self.minor * bps // BPS_WHOLE, self.currency)

    def midpoint(self, other: Money) -> Money:
        """Find the middle between two amounts; an odd unit goes up."""
        if self.currency != other.currency:
            _mismatch(self, other)
        return Money((self.minor + other.minor + 1) // 2, self.currency)

    # The currency is compared in place, not in a shared helper: every transfer passes here.

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            _mismatch(self, other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        if self.currency != other.currency:
            _mismatch(self, other)
        return Money(self.minor - other.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        if self.currency != other.currency:
            _mismatch(self, other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        if self.currency != other.currency:
            _mismatch(self, other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        if self.currency != other.currency:
            _mismatch(self, other)
        return self.minor > other.minor

    def __ge__(self, other: Money) -> bool:
        if self.currency != other.currency:
            _mismatch(self, other)
        return self.minor >= other.minor

    def __bool__(self) -> NoReturn:
        raise TypeError("money has no truth value: ask is_zero, or compare it")

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"


def _mismatch(one: Money, other: Money) -> NoReturn:
    raise CurrencyMismatchError(f"{one.currency} and {other.currency}")


@lru_cache(maxsize=8_192)
def _written(minor: int, exponent: int) -> str:
    """So many minor units with so many decimals."""
    digits = str(abs(minor)).rjust(exponent + 1, "0")
    sign = "-" if minor < 0 else ""
    if exponent == 0:
        return sign + digits
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"


def _decimals_allowed(currency: str, exponent: int) -> str:
    if exponent == 0:
        return f"{currency} has no decimals"
    return f"{currency} has {exponent} decimals and no more"
