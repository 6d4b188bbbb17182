"""Forms: from what somebody typed to an action's JSON body, and back to the fields that are wrong.

Made from the same fields as REST's bodies (`wire.fields`), so a new action has its form by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from earnest.core.inputs import Between, Percent, Ref, Text
from earnest.core.money import BPS_WHOLE
from earnest.core.payments.row import SandboxDay
from earnest.core.rows import wire_time
from earnest.core.terms import CLASSIC, TermsError, as_json, from_json, with_fee
from earnest.http import asking
from earnest.http.answers import ProblemError
from earnest.http.web import multipart
from earnest.http.web.multipart import FIELDS_MAX, NOT_A_FORM
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
from earnest.wire.fingerprint import percent
from earnest.wire.parse import Invalid, parse_action
from earnest.words import amounts, moments, numbers
from earnest.words.actions import label_of
from earnest.words.formats import listed
from earnest.words.saying import _

if TYPE_CHECKING:
    from starlette.requests import Request

    from earnest.core.actions import Action
    from earnest.core.terms import Violation
    from earnest.http.web.visiting import Visit
    from earnest.wire.fields import Field, Kind

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
#: Of which currency an amount is, where its subject does not say: this field.
CURRENCY: Final = "currency"
#: All that is held, or a part of it: this field.
HOW: Final = "how"
#: Which day the sandbox's gateway has for a withdrawal: this field.
DAY: Final = "destination.day"
#: Within these a moment is a date that somebody can mean.
YEARS: Final = (1971, 2998)
#: A line of a list, before the field of it.
_LINE: Final = re.compile(r"(\w+)\.([0-9]{1,3})\.", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
#: With at most two decimals, so whatever stands before them is no mark of thousands.
_PERCENT: Final = re.compile(r"([0-9]{1,3})(?:[.,\u066b]([0-9]{1,2}))?\s*%?", re.ASCII)
#: A moment that a form carries unseen, as it is written on the wire.
_EXACT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class FormError:
    """What is wrong with one field; of no field if it is empty."""

    field: str
    text: str
    #: The same for the summary above the form, where the field has to be named.
    summary: str


class FormErrors(Exception):  # noqa: N818  # `except FormErrors` says it.
    """Everything that is wrong with a form."""

    def __init__(self, errors: Sequence[FormError]) -> None:
        """Keep all of it: it is mended in one go."""
        super().__init__("; ".join(f"{each.field}: {each.text}" for each in errors))
        self.errors: Final = tuple(errors)


def wrong(name: str, text: str) -> FormError:
    """One error of a field, said with the field's name in the summary."""
    if not name:
        return FormError(name, text, text)
    lines = [f"{label_of(each[1])} {int(each[2]) + 1}" for each in _LINE.finditer(name)]
    if not lines:
        return FormError(name, text, f"{label_of(name)}: {text}")
    first, *others = [*lines, label_of(name)]
    said = listed([first, *map(_lowered, others)])
    return FormError(name, text, f"{said}: {text}")


def _lowered(label: str) -> str:
    said = str(label)
    return said[:1].lower() + said[1:]


async def posted(
    request: Request, files_bytes_max: int = 0, take: multipart.Take | None = None
) -> dict[str, str]:
    """The fields of a form that was sent; of one sent twice the last."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == multipart.MEDIA_TYPE:
        return await multipart.fields(request, files_bytes_max, take)
    if media_type != MEDIA_TYPE:
        raise ProblemError("unsupported_media_type", NOT_A_FORM)
    raw = await asking.raw_body(request)
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict"
        )
    except ValueError:
        raise ProblemError("malformed", NOT_A_FORM) from None
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


@dataclass(slots=True)
class Reader:
    """Reads the fields of one form as its writer's language has them."""

    visit: Visit
    values: Mapping[str, str]
    #: The currency of what the action is about; else the form says it.
    currency: str | None
    errors: list[FormError] = field(default_factory=list)
    #: For each list of lines, which line of the form is which of the body: blank ones are left out.
    lines: dict[str, list[int]] = field(default_factory=dict)

    def action(self, name: str, subject_id: int) -> Action[Any]:
        """The action that the form asks for, or everything that is wrong with it."""
        body = self.members(input_of(name), "")
        try:
            found = parse_action(name, subject_id, body)
        except Invalid as invalid:
            known = {each.field for each in self.errors}
            names = [(self.field_of(error.path), error.detail) for error in invalid.errors]
            said = {n for n, _ in names if any(f"{k}.".startswith(f"{n}.") for k in known)}
            self.errors += [wrong(n, text) for n, text in names if n not in said]
        else:
            if not self.errors:
                return found
        raise FormErrors(self.errors)

    def members(self, kind: ObjectOf, prefix: str) -> dict[str, Any]:
        """The members of an object: what was left empty and may be is left out."""
        body: dict[str, Any] = {}
        for each in kind.fields:
            value = self._value(each, f"{prefix}{each.wire}")
            if value is not None:
                body[each.wire] = value
        return body

    def _value(self, each: Field, name: str) -> Any:
        kind = each.kind
        if isinstance(kind, ObjectOf):
            return self.members(kind, f"{name}.")
        if isinstance(kind, ListOf):
            return self._list(kind, name, nullable=each.nullable)
        if isinstance(kind, YesNo):
            return bool(self.values.get(name)) or None
        if isinstance(kind, Amount) and each.nullable and self.values.get(HOW) == "full":
            return None
        typed = self.values.get(name)
        if isinstance(kind, RuleBook) and typed == numbers.OWN:
            return self.rules(name)
        if name == "destination.account" and typed not in set(SandboxDay):
            typed = self._day() or typed
        if typed is None or (not typed.strip() and not _may_be_blank(kind)):
            return self._nothing(each, name)
        return self._typed(kind, typed, name)

    def _typed(self, kind: Kind, typed: str, name: str) -> Any:
        """What somebody wrote into a field."""
        match kind:
            case Amount():
                return self._amount(typed, name)
            case Time():
                return self._moment(typed, name)
            case Whole() | Between():
                return self._whole(typed, name)
            case Percent():
                return self._percent(typed, name)
        return typed if isinstance(kind, Text) else typed.strip()

    def _day(self) -> str | None:
        """A sandbox account is called by the day that its gateway has, whatever else was typed."""
        return self.values.get(DAY) if self.values.get("destination.type") == "sandbox" else None

    def _nothing(self, each: Field, name: str) -> None:
        """Say it here: a JSON body's words for what is missing are not a form's."""
        partly = isinstance(each.kind, Amount) and self.values.get(HOW) == "part"
        if each.required or partly:
            self.errors.append(wrong(name, _("This is required.")))

    def _amount(self, typed: str, name: str) -> Any:
        currency = self.currency or self.values.get(CURRENCY, "")
        try:
            found = amounts.read(typed, currency, self.visit.locale)
        except amounts.AmountUnread as unread:
            self.errors.append(wrong(name, said_of(unread, currency, self.visit.locale)))
            return None
        return {"amount": found.decimal, "currency": found.currency}

    def _moment(self, typed: str, name: str) -> Any:
        """A date means the end of that day where the reader is; a moment is meant as it is."""
        if _EXACT.fullmatch(typed):
            return typed
        try:
            chosen = date.fromisoformat(typed.strip())
        except ValueError:
            chosen = date.min
        if YEARS[0] <= chosen.year <= YEARS[1]:
            return wire_time(moments.end_of(chosen, self.visit.zone))
        self.errors.append(wrong(name, _("This is a date such as 2026-12-24.")))
        return None

    def _whole(self, typed: str, name: str) -> int | None:
        if _WHOLE.fullmatch(typed.strip()):
            return int(typed)
        self.errors.append(wrong(name, _("This is a whole number such as 14.")))
        return None

    def _percent(self, typed: str, name: str) -> str | None:
        found = read_percent(typed)
        if found is None:
            self.errors.append(wrong(name, _("This is a percentage such as 12.5.")))
            return None
        return percent(found)

    def rules(self, name: str) -> dict[str, Any]:
        """Terms in one's own numbers: those of ``classic``, but for what can be written."""
        rules: dict[str, Any] = as_json(with_fee(CLASSIC, self.visit.app.house.fee_bps))
        for each, number in numbers.NUMBERS.items():
            field = f"{name}.{each}"
            if not self.values.get(field, "").strip():
                rules[each] = None
                if not numbers.may_be_empty(each):
                    self.errors.append(wrong(field, _("This is required.")))
            elif (count := self._whole(self.values[field], field)) is None:
                continue
            elif count not in numbers.bounds(each):
                self.errors.append(wrong(field, numbers.outside(each)))
            else:
                rules[each] = count * number.unit
        if not any(error.field.startswith(f"{name}.") for error in self.errors):
            found = numbers.leaning(violations_of(rules))
            self.errors += [wrong(f"{name}.{each}", text) for each, text in found]
        return rules

    def _list(self, kind: ListOf, name: str, *, nullable: bool) -> list[Any] | None:
        if isinstance(kind.item, Choice):
            among = (each.value for each in kind.item.among)
            return self._ticked(name, among)
        if isinstance(kind.item, Ref):
            found = (each.removeprefix(f"{name}.") for each in self.values)
            return self._ticked(name, dict.fromkeys(found))
        if isinstance(kind.item, Between):
            some = (str(each) for each in range(kind.item.least, kind.item.most + 1))
            return [int(each) for each in self._ticked(name, some) or ()]
        if not isinstance(kind.item, ObjectOf):
            return [line.strip() for line in self.values.get(name, "").split("\n") if line.strip()]
        if nullable and not any(each.startswith(f"{name}.") for each in self.values):
            return None
        return self._rows(kind, kind.item, name)

    def _rows(self, kind: ListOf, item: ObjectOf, name: str) -> list[Any]:
        """The lines of which something is filled in; a tick alone fills in nothing."""
        rows: list[Any] = []
        self.lines[name] = []
        typed = [each.wire for each in item.fields if not isinstance(each.kind, YesNo)]
        for index in range(rows_in(self.values, name)):
            prefix = f"{name}.{index}."
            if any(self.values.get(prefix + each, "").strip() for each in typed):
                rows.append(self.members(item, prefix))
                self.lines[name].append(index)
        if not rows and kind.many.least:
            first = f"{name}.0.{item.fields[0].wire}"
            self.errors.append(wrong(first, _("Fill in one line at least.")))
        return rows

    def _ticked(self, name: str, among: Iterable[str]) -> list[Any] | None:
        """What is ticked; the list's own name, unseen in its form, says that it is there."""
        if name not in self.values:
            return None
        return [each for each in among if f"{name}.{each}" in self.values]

    def field_of(self, path: str) -> str:
        """The field of the form that a JSON pointer means."""
        steps = path.removeprefix("/").split("/") if path else []
        for place in range(1, len(steps)):
            known = self.lines.get(".".join(steps[:place]), ())
            if steps[place].isdecimal() and int(steps[place]) < len(known):
                steps[place] = str(known[int(steps[place])])
        name = ".".join(steps)
        while name and name not in {*self.values, *self.lines} and "." in name:
            name = name.rpartition(".")[0]
        return name


def read_percent(typed: str) -> int | None:
    """Hundredths of a per cent; None if this is no percentage."""
    found = _PERCENT.fullmatch(typed.strip())
    if found is None:
        return None
    bps = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return bps if bps <= BPS_WHOLE else None


def violations_of(rules: Mapping[str, Any]) -> Sequence[Violation]:
    """Everything in these terms that nobody may agree to."""
    try:
        from_json(rules)
    except TermsError as error:
        return error.violations
    return ()


def _may_be_blank(kind: Kind) -> bool:
    return isinstance(kind, Text) and kind.blank


def said_of(unread: amounts.AmountUnread, currency: str, locale: str) -> str:
    """What is wrong with an amount, and how it is written."""
    if unread.suggestion is not None:
        sentence = _("This can be read in two ways. Did you mean {amount}?")
        return sentence.format(amount=unread.suggestion)
    if unread.code == "unknown_currency":
        return _("Choose a currency.")
    if unread.code == "too_many_decimals":
        sentence = _("This has more decimals than {currency} has; write it like {example}.")
        return sentence.format(currency=currency, example=amounts.example(currency, locale))
    if unread.code == "amount_too_large":
        return _("This is more than one amount may be.")
    sentence = _("Write an amount like {example}.")
    return sentence.format(example=amounts.example(currency, locale))


def rows_in(values: Mapping[str, str], name: str) -> int:
    """How many lines of a list a form has."""
    numbers = [
        int(rest.partition(".")[0])
        for each in values
        if each.startswith(f"{name}.")
        and (rest := each[len(name) + 1 :])[:1].isdecimal()
        and rest.partition(".")[0].isascii()
        and len(rest.partition(".")[0]) < 4  # noqa: PLR2004
    ]
    return max(numbers, default=-1) + 1
