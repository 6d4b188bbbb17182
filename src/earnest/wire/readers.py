"""Readers: for each kind of field the function that takes a JSON value, or says what is wrong.

A reader is made once per field; what it returns after writing an error down is never used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core import terms
from earnest.core.canonical import INTEGER_MAX
from earnest.core.currencies import EXPONENTS
from earnest.core.inputs import Between, Currency, Digest, Percent, Ref, Text
from earnest.core.money import AmountError, Money
from earnest.core.references import NotAReferenceError, parsed
from earnest.wire import spelling
from earnest.wire.fields import Amount, Choice, ListOf, ObjectOf, RuleBook, Time, Whole, YesNo
from earnest.wire.invalid import FieldError, step
from earnest.words.saying import _

if TYPE_CHECKING:
    from earnest.wire.fields import Field, Kind

Errors: TypeAlias = list[FieldError]
#: Value, its JSON pointer, and where to write down what is wrong with it.
Reader: TypeAlias = Callable[[object, str, Errors], Any]
#: The same for the members of an object, as arguments of its class.
Members: TypeAlias = Callable[[Any, str, Errors], dict[str, Any]]

_ABSENT: Final = object()
_VISIBLE: Final = re.compile(spelling.VISIBLE)
_DIGEST: Final = re.compile(spelling.DIGEST)
_TIME: Final = re.compile(spelling.TIME)
_PERCENT: Final = re.compile(spelling.PERCENT)
_CURRENCY: Final = "This is not the code of an ISO 4217 currency."
_AMOUNT: Final = 'An amount is an object such as {"amount":"40.00","currency":"USD"}.'
_PRESETS: Final = " or ".join(f'"{name}"' for name in sorted(terms.PRESETS))


def reader_of(kind: Kind) -> Reader:
    """Make the reader of a kind."""
    return READERS[type(kind)](kind)


def members(fields: tuple[Field, ...]) -> Members:
    """Make what reads the members of an object."""
    steps = tuple(
        (f.wire, f.name, step(f.wire), reader_of(f.kind), f.nullable, f.required) for f in fields
    )
    known = frozenset(f.wire for f in fields)

    def read(value: Any, path: str, errors: Errors) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for wire, name, below, reader, nullable, required in steps:
            given = value.get(wire, _ABSENT)
            if given is _ABSENT:
                if required:
                    errors.append(_required(path + below))
            elif given is None and nullable:
                found[name] = None
            else:
                found[name] = reader(given, path + below, errors)
        if not value.keys() <= known:
            _unknown(value, known, path, errors)
        return found

    return read


def _required(path: str) -> FieldError:
    return FieldError(path, "required", _("This is required."))


def _unknown(value: dict[str, Any], known: frozenset[str], path: str, errors: Errors) -> None:
    names = ", ".join(sorted(known))
    detail = f"There is no such field. There are: {names}." if names else "There are no fields."
    errors += (
        FieldError(path + step(name), "unknown_field", detail)
        for name in value
        if name not in known
    )


def _object(kind: ObjectOf) -> Reader:
    read_members = members(kind.fields)

    def read(value: object, path: str, errors: Errors) -> Any:
        if not isinstance(value, dict):
            return errors.append(FieldError(path, "not_an_object", "This is a JSON object."))
        before = len(errors)
        found = read_members(value, path, errors)
        return kind.cls(**found) if len(errors) == before else None

    return read


def _list(kind: ListOf) -> Reader:
    item, most, least = reader_of(kind.item), kind.many.most, kind.many.least

    def read(value: object, path: str, errors: Errors) -> Any:
        if not isinstance(value, list | tuple):
            return errors.append(FieldError(path, "not_a_list", "This is a JSON array."))
        if len(value) > most:
            return errors.append(
                FieldError(path, "too_many", _("There can be {count} at most.").format(count=most))
            )
        if len(value) < least:
            return errors.append(
                FieldError(
                    path, "too_few", _("There must be {count} at least.").format(count=least)
                )
            )
        return tuple(item(each, f"{path}/{i}", errors) for i, each in enumerate(value))

    return read


def _text(kind: Text) -> Reader:
    longest, blank = kind.longest, kind.blank

    def read(value: object, path: str, errors: Errors) -> Any:
        if not isinstance(value, str):
            return errors.append(FieldError(path, "not_a_text", "This is a JSON string."))
        if len(value) > longest:
            detail = _("This can have {count} characters at most.").format(count=longest)
            return errors.append(FieldError(path, "too_long", detail))
        if "\0" in value:
            detail = _("This cannot have the character NUL in it.")
            return errors.append(FieldError(path, "has_nul", detail))
        if not _is_unicode(value):
            detail = _("This has half a character (a lone surrogate) in it.")
            return errors.append(FieldError(path, "not_unicode", detail))
        if not blank and not _VISIBLE.search(value):
            return errors.append(FieldError(path, "blank", _("This cannot be blank.")))
        return value

    return read


def _is_unicode(text: str) -> bool:
    """JSON from our decoder always is; arguments of a command line need not be."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _amount(_kind: Amount) -> Reader:
    def read(value: object, path: str, errors: Errors) -> Any:
        if not isinstance(value, dict):
            return errors.append(FieldError(path, "not_an_amount", _AMOUNT))
        if len(value) == 2:  # noqa: PLR2004  # The amount and its currency: the fast way.
            try:
                return Money.parse(value["amount"], value["currency"])
            except (KeyError, AmountError):
                pass  # The slow way says all that is wrong.
        return _amount_errors(value, path, errors)

    return read


def _amount_errors(value: dict[str, Any], path: str, errors: Errors) -> None:
    """Write down everything that is wrong with an amount: its text, its currency, its members."""
    known = frozenset({"amount", "currency"})
    currency = value.get("currency")
    errors += (_required(f"{path}/{name}") for name in sorted(known - value.keys()))
    if "amount" in value:
        try:
            Money.parse(value["amount"], currency)
        except AmountError as error:
            if error.code != "unknown_currency":
                errors.append(FieldError(f"{path}/amount", error.code, _sentence(error.detail)))
    if "currency" in value and not _is_currency(currency):
        errors.append(FieldError(f"{path}/currency", "unknown_currency", _CURRENCY))
    _unknown(value, known, path, errors)


def _sentence(detail: str) -> str:
    return f"{detail[0].upper()}{detail[1:]}."


def _is_currency(value: object) -> bool:
    return isinstance(value, str) and value in EXPONENTS


def _currency(_kind: Currency) -> Reader:
    def read(value: object, path: str, errors: Errors) -> Any:
        if not _is_currency(value):
            return errors.append(FieldError(path, "unknown_currency", _CURRENCY))
        return value

    return read


def _reference(kind: Ref) -> Reader:
    prefix = kind.prefix

    def read(value: object, path: str, errors: Errors) -> Any:
        try:
            return parsed(value if isinstance(value, str) else "", prefix)
        except NotAReferenceError as error:
            return errors.append(FieldError(path, "not_a_reference", _sentence(str(error))))

    return read


def _digest(_kind: Digest) -> Reader:
    def read(value: object, path: str, errors: Errors) -> Any:
        if not isinstance(value, str) or not _DIGEST.fullmatch(value):
            detail = "This is a SHA-256: 64 lower-case hexadecimal digits."
            return errors.append(FieldError(path, "not_a_digest", detail))
        return value

    return read


def _time(_kind: Time) -> Reader:
    def read(value: object, path: str, errors: Errors) -> Any:
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            detail = "A time is RFC 3339 with an offset, such as 2026-12-07T14:05:00Z."
            return errors.append(FieldError(path, "not_a_time", detail))
        return datetime.fromisoformat(value).astimezone(UTC)

    return read


def _choice(kind: Choice) -> Reader:
    by_value = {each.value: each for each in kind.among}
    names = ", ".join(by_value)

    def read(value: object, path: str, errors: Errors) -> Any:
        if not isinstance(value, str) or value not in by_value:
            detail = _("This is one of: {names}.").format(names=names)
            return errors.append(FieldError(path, "not_one_of", detail))
        return by_value[value]

    return read


def _rule_book(_kind: RuleBook) -> Reader:
    def read(value: object, path: str, errors: Errors) -> Any:
        if isinstance(value, str):
            if value not in terms.PRESETS:
                detail = f"The presets are {_PRESETS}."
                errors.append(FieldError(path, "unknown_preset", detail))
            return value
        if not isinstance(value, dict):
            detail = f"Terms are {_PRESETS}, or an object with every field of them."
            return errors.append(FieldError(path, "not_terms", detail))
        try:
            return terms.from_json(value)
        except terms.TermsError as error:
            errors += (_violation(each, path) for each in error.violations)

    return read


def _violation(found: terms.Violation, path: str) -> FieldError:
    code = "required" if found.code == "missing" else found.code
    return FieldError(path + step(found.field), code, f"This {found.detail}.")


def _whole(_kind: Whole) -> Reader:
    def read(value: object, path: str, errors: Errors) -> Any:
        if type(value) is not int or not -INTEGER_MAX <= value <= INTEGER_MAX:
            detail = "This is a whole number of at most 53 bits."
            return errors.append(FieldError(path, "not_a_whole_number", detail))
        return value

    return read


def _between(kind: Between) -> Reader:
    whole = _whole(Whole())

    def read(value: object, path: str, errors: Errors) -> Any:
        before = len(errors)
        found = whole(value, path, errors)
        if len(errors) == before and not kind.least <= found <= kind.most:
            sentence = _("This is a whole number from {low} to {high}.")
            detail = sentence.format(low=kind.least, high=kind.most)
            return errors.append(FieldError(path, "out_of_bounds", detail))
        return found

    return read


def _percent(_kind: Percent) -> Reader:
    def read(value: object, path: str, errors: Errors) -> Any:
        found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            detail = 'A percent is a decimal text from "0" to "100", such as "12.5".'
            return errors.append(FieldError(path, "not_a_percent", detail))
        return int((found[1] or found[3]) + (found[2] or "").ljust(2, "0"))

    return read


def _yes_no(_kind: YesNo) -> Reader:
    def read(value: object, path: str, errors: Errors) -> Any:
        if not isinstance(value, bool):
            return errors.append(FieldError(path, "not_true_or_false", "This is true or false."))
        return value

    return read


READERS: Final[dict[type, Callable[[Any], Reader]]] = {
    Text: _text,
    Ref: _reference,
    Currency: _currency,
    Digest: _digest,
    Amount: _amount,
    Time: _time,
    RuleBook: _rule_book,
    Whole: _whole,
    Between: _between,
    Percent: _percent,
    YesNo: _yes_no,
    Choice: _choice,
    ListOf: _list,
    ObjectOf: _object,
}
