"""Where both sides of a dispute stand, and the difference between them, as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from earnest.core.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.core.disputes.row import Dispute
    from earnest.http.web.subjects import About


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure on the line between nothing and all that is frozen."""

    #: Whose figure it is: employer, freelancer, or what was decided.
    tone: str
    name: str
    figure: Money
    #: Where it stands, in per cent of the line.
    place: str


@dataclass(frozen=True, slots=True)
class Position:
    """What each side would have the freelancer get, and how far they are apart."""

    frozen: Money
    marks: Sequence[Mark]
    #: Between the two; None while one side has said nothing.
    difference: Money | None
    #: From where to where that reaches: its beginning and its length, in per cent.
    start: str = "0%"
    length: str = "0%"
    #: Whether the freelancer asks for no more than the employer would give.
    do_meet: bool = False


def position(row: Dispute, about: About) -> Position:
    """Both last open figures, and what was decided, once it was."""
    sides = ((row.employer_id, "employer"), (row.freelancer_id, "freelancer"))
    figures = {tone: (number, row.figure_of(number)) for number, tone in sides}
    marks = [
        Mark(tone, about.name(number), figure, _place(figure, row.amount))
        for tone, (number, figure) in figures.items()
        if figure is not None
    ]
    if row.to_freelancer is not None:
        marks.append(Mark("decided", "", row.to_freelancer, _place(row.to_freelancer, row.amount)))
    offered, asked = figures["employer"][1], figures["freelancer"][1]
    if offered is None or asked is None:
        return Position(row.amount, marks, None)
    low, high = sorted((offered, asked), key=lambda each: each.minor)
    gap = high - low
    start, length = _place(low, row.amount), _place(gap, row.amount)
    return Position(row.amount, marks, gap, start, length, asked <= offered)


def _place(figure: Money, frozen: Money) -> str:
    """How far along the line, in tenths of a per cent; what is frozen is more than nothing."""
    whole, tenth = divmod(figure.minor * 1_000 // frozen.minor, 10)
    return f"{whole}.{tenth}%"
