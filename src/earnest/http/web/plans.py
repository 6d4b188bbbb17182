"""Plans as pages show them: a table of tranches, and the same as a picture on a line of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche, TrancheStatus, foreseen
from earnest.core.money import Money
from earnest.http.web.pictures import along
from earnest.http.web.rendering import said
from earnest.http.web.subjects import address_of
from earnest.words.plans import BECOMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from earnest.app import Preview
    from earnest.core.world import World
    from earnest.http.web.subjects import About
    from earnest.http.web.visiting import Visit

#: The tallest bar of a picture, and the lowest that is still seen, in pixels.
TALL: Final = 40
LOW: Final = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One tranche: what its line of the table says, and how it is drawn."""

    position: int
    at: datetime
    retention: bool
    planned: Money
    #: What it pays or has paid.
    pays: Money
    tone: str
    becomes: str
    #: How far along the line it stands, and how tall it is; above that, what was objected to.
    place: str
    height: int
    objected: int
    #: Where its reader objects to it, if they can.
    object_href: str | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan, with what became of it so far and what will."""

    amount: Money
    bars: Sequence[Bar]
    #: Where the line begins, and where on it the present is.
    begins: datetime
    now: str
    is_agreed: bool
    #: Nobody agreed before its first date, so it never binds.
    is_void: bool
    #: What is to be done for it.
    what: str = ""

    @property
    def paid(self) -> Money:
        """What it has paid."""
        paid = [bar.pays for bar in self.bars if bar.tone == "paid"]
        return sum(paid, Money.zero(self.amount.currency))


def drawn(
    row: Milestone,
    world: World,
    visit: Visit,
    *,
    freelancer: str,
    objects: Mapping[int, str] | None = None,
) -> Drawn | None:
    """The plan of a milestone as it is now; None if it has none."""
    if row.plan is None:
        return None
    now, begins = visit.as_of, row.funded_at or visit.as_of
    span = (begins, row.plan.dates[-1])
    rows = [world.find(Tranche, each.id) for each in row.plan.tranches]
    known = {each.id: each for each in rows if each is not None}
    pays = foreseen(known.values(), row.left, now) if known and row.status in HOLDING else {}
    is_void = row.plan_agreed_at is None and row.plan.begins_at <= now
    teller = _Teller(row, known, pays, visit, freelancer, is_void=is_void)
    tallest = max(each.amount for each in row.plan.tranches)
    bars = [
        Bar(
            position,
            each.at,
            each.retention,
            each.amount,
            *teller.told(each.id, each.amount, each.at),
            along(each.at, *span),
            max(LOW, each.amount.minor * TALL // tallest.minor),
            _share(known.get(each.id), each.amount, tallest),
            (objects or {}).get(each.id),
        )
        for position, each in enumerate(row.plan.tranches, 1)
    ]
    is_agreed = row.plan_agreed_at is not None
    place = along(now, *span)
    return Drawn(row.amount, bars, begins, place, is_agreed, is_void, row.description)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says of each tranche how much it pays, how it is drawn, and what becomes of it."""

    row: Milestone
    known: Mapping[int, Tranche]
    pays: Mapping[int, Money]
    visit: Visit
    freelancer: str
    is_void: bool

    def told(self, number: int, planned: Money, at: datetime) -> tuple[Money, str, str]:
        if self.row.plan_agreed_at is None:
            key = "never" if self.is_void else "unagreed"
            tone = "gone" if self.is_void else "later"
            return planned, tone, BECOMES[key].format(person=self.freelancer)
        each = self.known[number]
        off = said(each.objected, self.visit)
        if each.status is TrancheStatus.PAID:
            key = "paid in part" if each.objected.is_positive else "paid"
            paid = said(each.paid, self.visit)
            return each.paid, "paid", BECOMES[key].format(paid=paid, off=off)
        pays = self.pays.get(number, Money.zero(planned.currency))
        key = self._ahead(each, pays)
        tone = "next" if at == self.row.pays_at and pays.is_positive else "later"
        return pays, tone if pays.is_positive else "gone", BECOMES[key].format(off=off)

    def _ahead(self, each: Tranche, pays: Money) -> str:
        """What becomes of one that has paid nothing."""
        if not pays.is_positive:
            return "all off" if each.amount <= each.objected else "gone"
        if each.objected.is_positive:
            return "off"
        return "next" if each.at == self.row.pays_at else "later"


def _share(row: Tranche | None, amount: Money, tallest: Money) -> int:
    """How much of a bar was objected to; of a little something is seen."""
    if row is None or not row.objected.is_positive:
        return 0
    return max(LOW // 2, min(row.objected, amount).minor * TALL // tallest.minor)


def of(about: About) -> Drawn | None:
    """The plan of a milestone whose page this is, with where its employer objects to each."""
    row = about.row
    if not isinstance(row, Milestone) or row.plan is None:
        return None
    standing = about.each_standing(Tranche)
    objects = {
        each.id: f"{address_of(each)}/object"
        for each, may in standing
        if may["tranche.object"] is None
    }
    return drawn(row, about.world, about.visit, freelancer=about.freelancer, objects=objects)


def of_preview(preview: Preview, about: About) -> list[Drawn]:
    """The plans that would be made: exactly what each tranche of them would pay, and when."""
    if preview.event.name != "contract.funded":
        return []
    made = [row for row in preview.event.rows if isinstance(row, Milestone)]
    return _all(made, preview.world, about)


def _all(rows: Iterable[Milestone], world: World, about: About) -> list[Drawn]:
    name = about.freelancer
    found = (drawn(each, world, about.visit, freelancer=name) for each in rows)
    return [each for each in found if each is not None]


def beside(name: str, about: About) -> list[Drawn]:
    """The plans that a form agrees to, or objects to a part of."""
    if name == "contract.accept":
        return _all(about.milestones, about.world, about)
    shown = [about.milestone] if name in _SHOWN and about.milestone is not None else []
    return _all(shown, about.world, about)


#: The forms of one milestone that show its plan.
_SHOWN: Final = frozenset({"milestone.agree", "tranche.object"})
