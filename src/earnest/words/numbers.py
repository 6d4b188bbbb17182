"""Terms in one's own numbers: what a form asks for, each in the unit a person counts in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.core.terms import BOUNDS, CLASSIC, HOUR

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The choice beside the presets.
OWN: Final = "own"


class Number(NamedTuple):
    """One number of the terms as a form asks for it."""

    unit: int
    label: str
    hint: str


#: Those whose clocks are wound: of the others nobody can choose another value yet.
NUMBERS: Final[Mapping[str, Number]] = {
    "accept_seconds": Number(
        HOUR,
        "Answered within, in hours",
        "From {low} to {high}. Not answered in time, the offer lapses and all that is held for it "
        "returns to the employer.",
    ),
}


def classic(name: str) -> str:
    """What the preset ``classic`` has, as a form begins with it."""
    return str(getattr(CLASSIC, name) // NUMBERS[name].unit)


def bounds(name: str) -> range:
    """What can be written, in its own unit."""
    unit, limits = NUMBERS[name].unit, BOUNDS[name]
    return range(limits.low // unit, limits.high // unit + 1)


def hint(name: str) -> str:
    """Between which bounds a number is, and what it does."""
    return NUMBERS[name].hint.format(low=bounds(name)[0], high=bounds(name)[-1])


def outside(name: str) -> str:
    """What is said of a number that is not within its bounds."""
    return f"This is from {bounds(name)[0]} to {bounds(name)[-1]}."
