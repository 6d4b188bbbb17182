"""Pictures of money: a column a month, drawn from the same figures as the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from earnest.core.money import Money
from earnest.core.rows import wire_time
from earnest.words.moments import month as month_said

if TYPE_CHECKING:
    from datetime import datetime

    from earnest.store.reads.months import Month, Months

#: How tall a picture is, and the least of a bar that is still seen, in pixels.
TALL: Final = 128
LOW: Final = 2
#: So many months are shown, up to the present one.
SHOWN: Final = 12

#: From the bottom of a column to its top.
STANDING: Final = ("available", "outgoing", "on_the_way", "incoming")
PAID: Final = ("earned", "spent")
#: What of a purse belongs to which of them.
OF_A_PURSE: Final[Mapping[str, Sequence[str]]] = {
    "available": ("wallet",),
    "outgoing": ("reserved", "held_outgoing", "releasing_outgoing", "frozen_outgoing"),
    "on_the_way": ("on_the_way",),
    "incoming": ("held_incoming", "releasing_incoming", "frozen_incoming"),
}

Figures: TypeAlias = Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of a column: where it stands, how wide and tall it is, and what it is of."""

    tone: str
    x: str
    width: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """One month."""

    month: str
    #: As short as there is room for, and with its year.
    said: tuple[str, str, str]
    bars: Sequence[Bar]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Picture:
    """Columns over the months, and what their parts are."""

    columns: Sequence[Column]
    #: Of each part that there is anything of: its name, and how much of it there is in all or now.
    keys: Figures
    #: What the tallest column stands for.
    most: Money
    height: int = TALL


def standing(found: Months, purse: Mapping[str, int], currency: str, locale: str) -> Picture | None:
    """How somebody's money stood at the end of each month, and stands now; None: never any."""
    now = {
        name: Money(sum(purse[place] for place in places), currency)
        for name, places in OF_A_PURSE.items()
    }
    past = [(each.begins, _standing(each)) for each in _shown(found)]
    figures = [*past[:-1], *((begins, now) for begins, _ in past[-1:])]
    return _picture(figures, STANDING, now, _stacked, locale)


def paid(found: Months, currency: str, locale: str) -> Picture | None:
    """What was paid to somebody for work, and by them, in each month; None: nothing was."""
    figures = [(each.begins, {n: getattr(each, n) for n in PAID}) for each in _shown(found)]
    whole = {n: sum((f[n] for _, f in figures), Money.zero(currency)) for n in PAID}
    return _picture(figures, PAID, whole, _side_by_side, locale)


def _shown(found: Months) -> Sequence[Month]:
    return found.months[-SHOWN:] if found.until is not None else ()


def _standing(month: Month) -> Figures:
    return {
        "available": month.closing,
        "outgoing": month.outgoing,
        "on_the_way": month.on_the_way,
        "incoming": month.incoming,
    }


def _picture(
    figures: Sequence[tuple[datetime, Figures]],
    names: Sequence[str],
    keys: Figures,
    drawn: Callable[[Figures, int], Sequence[Bar]],
    locale: str,
) -> Picture | None:
    used = [name for name in names if any(each[name].is_positive for _, each in figures)]
    if not used:
        return None
    parts = [(begins, {name: each[name] for name in used}) for begins, each in figures]
    currency = keys[used[0]].currency
    tallest = max(_tall(each, drawn) for _, each in parts)
    columns = [
        Column(wire_time(begins)[:7], month_said(begins, locale), drawn(each, tallest), each)
        for begins, each in parts
    ]
    return Picture(columns, {name: keys[name] for name in used}, Money(tallest, currency))


def _tall(figures: Figures, drawn: Callable[[Figures, int], Sequence[Bar]]) -> int:
    minor = [each.minor for each in figures.values()]
    return sum(minor) if drawn is _stacked else max(minor)


def _stacked(figures: Figures, tallest: int) -> Sequence[Bar]:
    """One on the other; where each ends is rounded, so that none is lost."""
    bars: list[Bar] = []
    sum_, top = 0, TALL
    for name, value in figures.items():
        sum_ += value.minor
        y = min(TALL - _height(sum_, tallest), top - (LOW if value.is_positive else 0))
        if value.is_positive:
            bars.append(Bar(name, "0", "100%", max(y, 0), top - max(y, 0)))
            top = max(y, 0)
    return bars


def _side_by_side(figures: Figures, tallest: int) -> Sequence[Bar]:
    width = 100 // len(figures)
    return [
        Bar(name, f"{place * width}%", f"{width}%", TALL - height, height)
        for place, (name, value) in enumerate(figures.items())
        if (height := max(_height(value.minor, tallest), LOW if value.is_positive else 0))
    ]


def _height(minor: int, tallest: int) -> int:
    return minor * TALL // tallest if tallest else 0


def along(at: datetime, begins: datetime, ends: datetime, first: int = 0, last: int = 1_000) -> str:
    """How far along a line it stands between two moments, of which the places are known.

    In tenths of a per cent; the line begins before it ends.
    """
    passed = 0
    if begins < at and begins < ends:
        passed = min(at - begins, ends - begins) * (last - first) // (ends - begins)
    whole, tenth = divmod(first + passed, 10)
    return f"{whole}.{tenth}%"
