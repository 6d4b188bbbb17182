"""Amounts of the demo at scale: in several currencies, round as people's prices are."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from earnest.core.money import Money

if TYPE_CHECKING:
    from random import Random

#: How often each is used, and the minor units that its prices are multiples of.
_SHARES: Final = {
    "USD": (48, 500),
    "EUR": (27, 500),
    "GBP": (9, 500),
    "JPY": (7, 500),
    "INR": (5, 10_000),
    "KWD": (4, 1_000),
}
CURRENCIES: Final = tuple(_SHARES)
_WEIGHTS: Final = tuple(weight for weight, _ in _SHARES.values())
_HUNDRED: Final = tuple(code for code, (weight, _) in _SHARES.items() for _ in range(weight))
#: In steps: most prices are small, few are large.
_STEPS_MEAN: Final = 35
_STEPS_LEAST: Final = 2
_STEPS_MOST: Final = 2_000
#: What of a milestone is released first, if not all of it, in hundredths.
_PARTS: Final = (25, 40, 50, 60, 75, 80)


def currency(rng: Random) -> str:
    """What somebody pays in."""
    return rng.choices(CURRENCIES, _WEIGHTS)[0]


def usual(person: int) -> str:
    """What somebody pays in most of the time: of every hundred people so many in each."""
    return _HUNDRED[hash((person,)) % len(_HUNDRED)]


def price(rng: Random, code: str, times: int = 1) -> Money:
    """What a piece of work costs, or so many pieces."""
    steps = _STEPS_LEAST * times + int(rng.expovariate(1 / (_STEPS_MEAN * times)))
    return Money(min(steps, _STEPS_MOST * times) * _SHARES[code][1], code)


def split(rng: Random, amount: Money, count: int) -> list[Money]:
    """An amount in so many parts that add up to it."""
    step = _SHARES[amount.currency][1]
    steps = amount.minor // step
    cuts = sorted(rng.sample(range(1, steps), count - 1)) if count > 1 else []
    edges = [0, *cuts, steps]
    parts = [(b - a) * step for a, b in pairwise(edges)]
    parts[-1] += amount.minor - steps * step
    return [Money(part, amount.currency) for part in parts]


def part(rng: Random, amount: Money) -> Money:
    """Some of it, not all."""
    return Money(amount.minor * rng.choice(_PARTS) // 100, amount.currency)


def top_up(rng: Random, amount: Money) -> Money:
    """What somebody brings in who needs this much now."""
    return Money(amount.minor * rng.randint(2, 9), amount.currency)
