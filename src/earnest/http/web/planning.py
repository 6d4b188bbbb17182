"""Plans in a form: what is typed of the tranches of each milestone, and what its buttons do to it.

A plan is written in days or in dates, in percent or in amounts: that is chosen once, and what was
typed under another choice is kept in the form and not sent. The last line is what is kept back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.core.milestones.plans import TRANCHES_MAX
from earnest.core.money import BPS_WHOLE, Money
from earnest.http.web import forms
from earnest.wire.fingerprint import percent
from earnest.words import amounts
from earnest.words.saying import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.http.web.forms import FormError
    from earnest.http.web.subjects import About

#: The list of tranches of a milestone, and the fields of each.
PLAN: Final = "plan"
FIELDS: Final = ("after_days", "at", "percent", "amount")
#: What is chosen of a plan: whether there is one, and how its dates and its shares are said.
HOW: Final = "how"
WHEN: Final = "when"
SHARE: Final = "share"
IN_PARTS: Final = "parts"
#: For each way of saying it the field that it is said in; the first is what a form begins with.
WHENS: Final = {"days": "after_days", "dates": "at"}
SHARES: Final = {"percent": "percent", "amounts": "amount"}
#: Every choice, and its ways.
CHOICES: Final[Mapping[str, Sequence[str]]] = {
    HOW: ("whole", IN_PARTS),
    WHEN: tuple(WHENS),
    SHARE: tuple(SHARES),
}
#: The buttons: each says of which plan it is, and one of which line.
ADD: Final = "add-tranche"
REMOVE: Final = "remove-tranche"
SPLIT: Final = "split-plan"
SUM: Final = "sum-plan"
#: Of more milestones than this, a form has fields for the plans that are wanted alone.
FEW: Final = 10
#: A form begins with two tranches, and one that is kept back if it is filled in.
BEGUN: Final = 3

_PLAN: Final = re.compile(rf"(\w+\.[0-9]{{1,3}}\.{PLAN})\.\w+(?:\.\w+)?", re.ASCII)
_LINE: Final = re.compile(rf"(\w+\.[0-9]{{1,3}}\.{PLAN})\.([0-9]{{1,2}})", re.ASCII)


def is_plan(name: str) -> bool:
    """Whether a list of a form is the plan of one of its milestones."""
    return name.rpartition(".")[2] == PLAN


def is_shown(values: Mapping[str, str], plan: str) -> bool:
    """Whether a form has the fields of a plan: of very many milestones only once it is wanted."""
    milestones = forms.rows_in(values, plan.partition(".")[0])
    return milestones <= FEW or values.get(f"{plan}.{HOW}") == IN_PARTS


def lines_in(values: Mapping[str, str], plan: str) -> int:
    """How many lines a plan has in its form, the one that is kept back among them."""
    return min(max(BEGUN, forms.rows_in(values, plan)), TRANCHES_MAX + 1)


def meant(values: Mapping[str, str]) -> dict[str, str]:
    """The form as it is meant: without plans that are not wanted, and what was not chosen."""
    return {name: text for name, text in values.items() if _is_meant(name, values)}


def _is_meant(name: str, values: Mapping[str, str]) -> bool:
    found = _PLAN.fullmatch(name)
    if found is None:
        return True
    plan, field = found[1], name.rpartition(".")[2]
    if values.get(f"{plan}.{HOW}") != IN_PARTS:
        return False
    return field not in FIELDS or field in {
        _chosen(values, plan, WHEN, WHENS),
        _chosen(values, plan, SHARE, SHARES),
    }


def _chosen(values: Mapping[str, str], plan: str, choice: str, ways: Mapping[str, str]) -> str:
    """The field that dates or shares are said in."""
    return ways.get(values.get(f"{plan}.{choice}", ""), next(iter(ways.values())))


def unsaid(values: Mapping[str, str]) -> list[FormError]:
    """What is missing in lines of plans that are begun; a blank one is none."""
    known = meant(values)
    errors: list[FormError] = []
    for plan in _plans(known):
        wanted = [
            _chosen(known, plan, WHEN, WHENS),
            _chosen(known, plan, SHARE, SHARES),
        ]
        for line in range(lines_in(known, plan)):
            said = [bool(known.get(f"{plan}.{line}.{each}", "").strip()) for each in wanted]
            if any(said):
                blank = [each for each, is_said in zip(wanted, said, strict=True) if not is_said]
                errors += [forms.wrong(f"{plan}.{line}.{e}", _("This is required.")) for e in blank]
    return errors


def _plans(values: Mapping[str, str]) -> Iterable[str]:
    """The plans that are wanted."""
    found = (_PLAN.fullmatch(each) for each in values)
    return dict.fromkeys(each[1] for each in found if each is not None)


def pressed(values: Mapping[str, str], about: About) -> dict[str, str] | None:
    """The form after one of the buttons of its plans; None if none of them was pressed."""
    if SUM in values:
        return dict(values)
    plan = values.get(ADD, "")
    if _PLAN.fullmatch(f"{plan}.{HOW}"):
        count = lines_in(values, plan)
        return _with_lines(values, plan, [*range(count - 1), *_room(count), count - 1])
    found = _LINE.fullmatch(values.get(REMOVE, ""))
    if found is not None:
        count = lines_in(values, found[1])
        return _with_lines(values, found[1], [n for n in range(count) if n != int(found[2])])
    plan = values.get(SPLIT, "")
    if _PLAN.fullmatch(f"{plan}.{HOW}"):
        return {**values, **_split(values, plan, about)}
    return None


def _room(count: int) -> Sequence[int]:
    """Another line, as long as there may be one: a number that nothing was typed under."""
    return [TRANCHES_MAX + 1] if count < TRANCHES_MAX else []


def _with_lines(values: Mapping[str, str], plan: str, kept: Sequence[int]) -> dict[str, str]:
    """These lines in this order; the last is the one that is kept back."""
    prefix = tuple(f"{plan}.{line}." for line in range(lines_in(values, plan)))
    found = {name: text for name, text in values.items() if not name.startswith(prefix)}
    while len(kept) < BEGUN:
        kept = [*kept[:-1], TRANCHES_MAX + 1, *kept[-1:]]
    for place, old in enumerate(kept):
        for each in FIELDS:
            found[f"{plan}.{place}.{each}"] = values.get(f"{plan}.{old}.{each}", "")
    found[f"{plan}.{len(kept) - 1}.retention"] = "1"
    return found


def _split(values: Mapping[str, str], plan: str, about: About) -> dict[str, str]:
    """What is not kept back in equal parts; what is left over goes to the first lines."""
    found = added_up(values, plan, about)
    field = _chosen(values, plan, SHARE, SHARES)
    last = lines_in(values, plan) - 1
    if found.whole is None:
        return {}
    kept = _read(values.get(f"{plan}.{last}.{field}", ""), field, about) or 0
    if found.whole - kept < last:
        return {}
    least, over = divmod(found.whole - kept, last)
    parts = (least + (place < over) for place in range(last))
    return {f"{plan}.{n}.{field}": found.written(part) for n, part in enumerate(parts)}


def _read(typed: str, field: str, about: About) -> int | None:
    """So many smallest units, or hundredths of a per cent; None if it cannot be read."""
    if field == "percent":
        return forms.read_percent(typed)
    try:
        return amounts.read(typed, about.currency or "", about.visit.locale).minor
    except amounts.AmountUnread:
        return None


@dataclass(frozen=True, slots=True)
class Sum:
    """What the lines of a plan add up to, beside what they are shares of, if that can be read."""

    locale: str
    #: Of amounts; of percents nothing.
    currency: str
    total: int
    whole: int | None

    @property
    def missing(self) -> int | None:
        """What the lines lack; less than nothing if they have too much."""
        return None if self.whole is None else self.whole - self.total

    def said(self, count: int) -> str:
        """So much as people read it."""
        if not self.currency:
            return f"{self.written(count)} %"
        return amounts.said(Money(count, self.currency), self.locale)

    def written(self, count: int) -> str:
        """So much as a field has it."""
        if self.currency:
            return amounts.number(Money(count, self.currency), self.locale)
        return percent(count).replace(".", amounts.marks(self.locale).decimal)


def added_up(values: Mapping[str, str], plan: str, about: About) -> Sum:
    """The sum of all lines whose shares can be read."""
    field = _chosen(values, plan, SHARE, SHARES)
    lines = range(lines_in(values, plan))
    read = (_read(values.get(f"{plan}.{line}.{field}", ""), field, about) for line in lines)
    currency = "" if field == "percent" else about.currency or ""
    amount = values.get(f"{plan.removesuffix(f'.{PLAN}')}.amount", "")
    whole = _read(amount, "amount", about) if currency else BPS_WHOLE
    total = sum(each for each in read if each is not None)
    return Sum(about.visit.locale, currency, total, whole)
