"""What a form shows for each field of an action: made from the same fields as it is read by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from earnest.core.contracts import preset_of
from earnest.core.currencies import NAMES
from earnest.core.files import File
from earnest.core.inputs import Between, Currency, Digest, Percent, Ref, Text
from earnest.core.milestones.row import Milestone
from earnest.core.money import Money
from earnest.core.payments.row import SandboxDay
from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.terms import OFFERED, PRESETS
from earnest.files.kinds import ENDINGS
from earnest.http.web import agreeing, disputing, planning, sharing, uploading
from earnest.http.web.forms import CURRENCY, DAY, rows_in
from earnest.wire.fields import (
    Amount,
    Choice,
    ListOf,
    ObjectOf,
    RuleBook,
    Time,
    Whole,
    YesNo,
    input_of,
)
from earnest.words import amounts, numbers
from earnest.words.actions import HINTS, LABELS, choice_of, label_of
from earnest.words.files import size_said
from earnest.words.formats import currency_of, listed
from earnest.words.saying import _

if TYPE_CHECKING:
    from earnest.http.web.forms import FormError
    from earnest.http.web.subjects import About
    from earnest.wire.fields import Field, Kind

#: A text longer than this is written in several lines.
ONE_LINE_MAX: Final = 300
#: A whole number out of at most so many is chosen, not typed.
SCALE_MAX: Final = 10
#: The currencies offered first: those that the reader has money in come before them.
USUAL: Final = ("USD", "EUR", "GBP", "JPY", "BRL", "INR", "KWD")


@dataclass(slots=True)
class Widget:
    """One field as a page shows it."""

    kind: str
    name: str
    label: str
    value: str = ""
    hint: str | None = None
    error: str | None = None
    optional: bool = False
    longest: int | None = None
    currency: str = ""
    options: Sequence[Mapping[str, str]] = ()
    #: The fields of each line, or of the object.
    rows: list[list[Widget]] = field(default_factory=list)
    #: Of an amount: all that it is a part of, if it is one.
    whole: Money | None = None
    #: The buttons for parts of it: how many quarters, and what each is called.
    quarters: Sequence[tuple[int, str]] = ()
    #: What stays, if what is typed so far can be read; less than nothing if it is too much.
    rest: Money | None = None
    #: Of a group: shown only where the account is of this kind (a class of its styles).
    only: str = ""
    most: int = 0
    #: Of a plan: what is chosen of it, each choice by its name, and what its lines add up to.
    chosen: Sequence[Widget] = ()
    sum: planning.Sum | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the fields of one form are drawn from."""

    about: About
    values: Mapping[str, str]
    errors: Sequence[FormError] = ()
    #: Currencies that the reader has used, which are offered first.
    used: Sequence[str] = ()
    action: str = ""
    #: Files of the reader that are ticked in it.
    files: Sequence[File] = ()
    #: All that its amount can be a part of.
    whole: Money | None = None

    def widgets(self) -> list[Widget]:
        """Every field of the action."""
        fields = input_of(self.action).fields
        has_currency = self.about.currency is not None or any(f.wire == CURRENCY for f in fields)
        found = [each for f in fields for each in self._of(f, "", has_currency=has_currency)]
        for each in found:
            each.label = LABELS.get(f"{self.action}:{each.name}", each.label)
            each.hint = self._hint(f"{self.action}:{each.name}") or each.hint
        return found

    def _hint(self, name: str) -> str | None:
        """What is said to this side, where the other is told something else."""
        ours = HINTS.get(f"{name} employer") if self.about.is_employer else None
        return ours or HINTS.get(name)

    def _of(self, each: Field, prefix: str, *, has_currency: bool = True) -> list[Widget]:
        name = f"{prefix}{each.wire}"
        made = self._widget(each, name)
        found = next((e for e in self.errors if e.field == name), None)
        made.error = found.text if found is not None else None
        if isinstance(each.kind, Amount) and not has_currency:
            return [made, self._currency(CURRENCY)]
        return [made]

    def _widget(self, each: Field, name: str) -> Widget:
        kind = each.kind
        value = self.values.get(name, "")
        made = Widget(
            "hidden" if self._is_unseen(kind, name) else _KINDS[type(kind)],
            name,
            label_of(name),
            value,
            HINTS.get(name) or HINTS.get(name.rpartition(".")[2]),
            optional=not each.required,
        )
        if isinstance(kind, Text):
            self._text(made, kind, value)
        elif isinstance(kind, Amount):
            self._amount(made, each)
        elif isinstance(kind, Choice | Between | Ref):
            self._options(made, each)
        elif isinstance(kind, RuleBook):
            made.options = [option_of(preset) for preset in presets()] + [own_numbers(name)]
            made.value = value or preset_of(self.about.visit.house)
            made.rows = [[self._number(name, each) for each in numbers.NUMBERS]]
        elif isinstance(kind, Currency):
            made = self._currency(name)
        elif isinstance(kind, ListOf):
            self._list(made, kind, name)
        elif isinstance(kind, ObjectOf):
            made.rows = [[w for f in kind.fields for w in self._of(f, f"{name}.")]]
            if name == "destination" and self.about.visit.app.house.sandbox:
                made.rows[0].append(self._day())
                for one in made.rows[0]:
                    one.only = _ONLY.get(one.name, "")
        return made

    def _is_unseen(self, kind: Kind, name: str) -> bool:
        """Whether it is chosen by where somebody comes from, and not in the form."""
        is_of_a_row = isinstance(kind, Ref) and kind.prefix not in {User.prefix, File.prefix}
        is_beside = name in agreeing.unseen(self.action, self.about)
        return is_of_a_row or is_beside or name in disputing.unseen(self.action)

    def _file(self, made: Widget) -> None:
        made.kind, made.options = "file", uploading.shown(self.files)
        limit = size_said(self.about.visit.app.house.file_bytes_max)
        made.hint = _("Up to {size}: {endings}.").format(size=limit, endings=listed(ENDINGS))

    def _options(self, made: Widget, each: Field) -> None:
        kind = each.kind
        if isinstance(kind, Choice):
            made.options = [option_of(choice.value) for choice in kind.among]
            first = made.options[0]["value"]
            made.value = made.value or str(first if each.required else each.default)
        elif isinstance(kind, Between) and each.required and kind.most - kind.least < SCALE_MAX:
            made.kind = "scale"
            points = range(kind.least, kind.most + 1)
            made.options = [{"value": str(point), "text": str(point)} for point in points]
        elif isinstance(kind, Ref) and kind.prefix == File.prefix:
            self._file(made)

    def _text(self, made: Widget, kind: Text, value: str) -> None:
        made.longest = kind.longest
        if kind.longest > ONE_LINE_MAX:
            made.kind = "area"
        gateways = sorted(self.about.visit.app.house.gateways)
        if made.name == "gateway":
            made.options = [option_of(each) for each in gateways]
            made.kind = "choice" if len(gateways) > 1 else "hidden"
            made.value = value or (gateways[0] if gateways else "")

    def _amount(self, made: Widget, each: Field) -> None:
        # What is chosen beside it does not stand before it: that could say something else.
        made.currency = self.about.currency or ""
        made.longest = 40
        if self.action == "milestone.dispute" and each.wire == "amount":
            held = amounts.said(self.about.held, self.about.visit.locale)
            hint = _("Up to {amount}, which is all that is held. Only this is frozen.")
            made.hint = hint.format(amount=held)
        if self.action == "tranche.object" and each.wire == "amount":
            pays = amounts.said(self.about.held, self.about.visit.locale)
            hint = _("Up to {amount}, which is what it will pay. Only this is frozen.")
            made.hint = hint.format(amount=pays)
        can_be_all = isinstance(self.about.row, Milestone | Project) and each.nullable
        is_new = self.action == "milestone.propose_edit"  # What it would be, not a part of it.
        if each.wire == "amount" and can_be_all and not is_new:
            made.kind = "part"
            self._part(made, self.about.held)
            made.value = self.values.get(made.name, amounts.number(self.about.held, self._locale))
            made.rest = self._rest(made, self.about.held)
        elif each.wire == "amount" and self.whole is not None and not self.about.currency:
            self._part(made, self.whole)
            made.rest = self._rest(made, self.whole)

    def _part(self, made: Widget, whole: Money) -> None:
        """An amount that is all of something, or a part of it."""
        made.whole, made.quarters = whole, sharing.buttons()
        least, most = (amounts.said(m, self._locale) for m in (Money(1, whole.currency), whole))
        made.hint = _("Between {least} and {most}.").format(least=least, most=most)

    @property
    def _locale(self) -> str:
        return self.about.visit.locale

    def _rest(self, made: Widget, whole: Money) -> Money | None:
        try:
            return whole - amounts.read(made.value, whole.currency, self._locale)
        except amounts.AmountUnread:
            return None

    def _number(self, name: str, each: str) -> Widget:
        """One number of a rule book, which begins as ``classic`` has it."""
        field = f"{name}.{each}"
        value = self.values.get(field, numbers.classic(each))
        found = next((e.text for e in self.errors if e.field == field), None)
        may_be_empty = numbers.may_be_empty(each)
        return Widget(
            "whole", field, label_of(field), value, numbers.hint(each), found, may_be_empty
        )

    def _day(self) -> Widget:
        """Where a sandbox account is paid: the day that its gateway has."""
        options = [option_of(day.value) for day in SandboxDay]
        value = self.values.get(DAY) or SandboxDay.SETTLE.value
        return Widget("choice", DAY, label_of("sandbox"), value, options=options)

    def _list(self, made: Widget, kind: ListOf, name: str) -> None:
        made.most = kind.many.most
        if isinstance(kind.item, Choice):
            options = [option_of(each.value) for each in kind.item.among]
            made.kind, made.options = "ticks", self._ticks(name, options)
            return
        if isinstance(kind.item, Between):
            found = disputing.exhibits(self.about)
            options = [{"value": str(each), "text": f"{each}. {text}"} for each, text in found]
            made.kind, made.options = "ticks", self._ticks(name, options)
            made.most = min(made.most, len(made.options))
            return
        if isinstance(kind.item, Ref):
            made.kind, made.options = "files", uploading.shown(self.files)
            limit = size_said(self.about.visit.app.house.file_bytes_max)
            made.hint = _("Up to {size} each: {endings}.").format(
                size=limit, endings=listed(ENDINGS)
            )
            return
        if not isinstance(kind.item, ObjectOf):
            made.kind = "area"
            return
        count = min(max(1, rows_in(self.values, name)), kind.many.most + 1)
        if planning.is_plan(name):
            count = self._plan(made, name)
        made.rows = [
            [w for f in kind.item.fields for w in self._of(f, f"{name}.{index}.")]
            for index in range(count)
        ]

    def _ticks(self, name: str, options: Sequence[dict[str, str]]) -> list[dict[str, str]]:
        """Options of which several can be chosen, with those ticked that are."""
        return [
            {**each, "ticked": "1" if f"{name}.{each['value']}" in self.values else ""}
            for each in options
        ]

    def _plan(self, made: Widget, name: str) -> int:
        """What is chosen of a plan, what it adds up to, and how many lines it has."""
        made.kind, made.sum = "plan", planning.added_up(self.values, name, self.about)
        made.chosen = [self._choice(name, *each) for each in planning.CHOICES.items()]
        is_shown = planning.is_shown(self.values, name)
        return planning.lines_in(self.values, name) if is_shown else 0

    def _choice(self, plan: str, choice: str, ways: Sequence[str]) -> Widget:
        """One choice of a plan; the first of its ways is what a form begins with."""
        name = f"{plan}.{choice}"
        value = self.values.get(name, "")
        options = [option_of(each) for each in ways]
        for each in options:
            if each["value"] == planning.IN_PARTS:
                each["reveals"] = f"{plan}-{planning.IN_PARTS}".replace(".", "-")
        value = value if value in ways else ways[0]
        return Widget("choice", name, label_of(f"{planning.PLAN}.{choice}"), value, options=options)

    def _currency(self, name: str) -> Widget:
        options = currencies(self.used)
        value = self.values.get(name) or options[0]["value"]
        found = next((e.text for e in self.errors if e.field == name), None)
        return Widget("select", name, label_of(name), value, error=found, options=options)


def currencies(used: Sequence[str]) -> list[dict[str, str]]:
    """Every currency: those that somebody has used first, then the usual ones, then the others."""
    codes = dict.fromkeys([*used, *USUAL, *sorted(NAMES)])
    return [{"value": code, "text": f"{code} – {currency_of(code)}"} for code in codes]


def presets() -> list[str]:
    """The presets that can be chosen."""
    return [name for name in PRESETS if name in OFFERED]


def own_numbers(name: str) -> dict[str, str]:
    """The choice beside the presets, which shows the numbers that can be written."""
    return {**option_of(numbers.OWN), "reveals": f"{name}-{numbers.OWN}"}


def option_of(value: str) -> dict[str, str]:
    """A choice as a form shows it."""
    text, meta = choice_of(value)
    return {"value": value, "text": text, "meta": meta}


#: The sandbox's account is named by its day; any other has a number.
_ONLY: Final = {"destination.account": "if-account", DAY: "if-sandbox"}


_KINDS: Final[Mapping[type[Kind], str]] = {
    Text: "text",
    Amount: "amount",
    Time: "date",
    Choice: "choice",
    Whole: "whole",
    Between: "whole",
    RuleBook: "rules",
    Currency: "select",
    Digest: "hidden",
    Ref: "person",
    ListOf: "lines",
    ObjectOf: "group",
    Percent: "percent",
    YesNo: "yes",
}
