"""Query parameters of lists: each with its reader and its schema; nothing unknown is overlooked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from earnest.core.currencies import EXPONENTS
from earnest.core.inputs import Currency, Ref, Text
from earnest.core.money import AmountError, Money
from earnest.core.skills import Skill
from earnest.http.answers import ProblemError
from earnest.store.reads.collections import DIRECTIONS
from earnest.wire import spelling
from earnest.wire.fields import Choice, Time
from earnest.wire.invalid import FieldError
from earnest.wire.readers import reader_of

if TYPE_CHECKING:
    from starlette.requests import Request

LIMIT: Final = 50
LIMIT_MAX: Final = 100
WORDS_MAX: Final = 200

#: The text, and where to write down what is wrong with it.
Reader = Callable[[str, str, list[FieldError]], Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: how it is read, and what the OpenAPI document says of it."""

    name: str
    read: Reader
    schema: dict[str, Any]
    description: str


def _one_of(name: str, values: tuple[str, ...], description: str) -> Parameter:
    def read(text: str, path: str, errors: list[FieldError]) -> Any:
        if text not in values:
            detail = f"This is one of: {', '.join(values)}."
            return errors.append(FieldError(path, "not_one_of", detail))
        return text

    return Parameter(name, read, {"type": "string", "enum": list(values)}, description)


def sorting(names: Mapping[str, object]) -> Parameter:
    """By what a list can be sorted."""
    values = tuple(f"{way}{name}" for name in names for way in ("", "-"))
    return _one_of("sort", values, "Sort by this; with - the highest or latest first.")


def status(statuses: type[StrEnum]) -> Parameter:
    """In which status rows are: one, or several with commas."""
    known = tuple(each.value for each in statuses)

    def read(text: str, path: str, errors: list[FieldError]) -> Any:
        wanted = text.split(",")
        if not set(wanted) <= set(known):
            detail = f"This is one or more, with commas, of: {', '.join(known)}."
            return errors.append(FieldError(path, "not_one_of", detail))
        return sorted(set(wanted))

    either = "|".join(known)
    schema = {"type": "string", "pattern": f"^(?:{either})(?:,(?:{either}))*$"}
    return Parameter("status", read, schema, "Only in this status; several with commas.")


def _limit(text: str, path: str, errors: list[FieldError]) -> Any:
    if text.isascii() and text.isdecimal() and len(text) <= len(str(LIMIT_MAX)):
        number = int(text)
        if 1 <= number <= LIMIT_MAX and str(number) == text:
            return number
    detail = f"This is a whole number from 1 to {LIMIT_MAX}."
    return errors.append(FieldError(path, "out_of_bounds", detail))


def _pattern(text: str, path: str, errors: list[FieldError]) -> Any:
    """Words as ILIKE takes them: what means something to it means itself."""
    found = _WORDS(text, path, errors)
    if found is None:
        return None
    for each in ("\\", "%", "_"):
        found = found.replace(each, f"\\{each}")
    return f"%{found}%"


_WORDS: Final = reader_of(Text(WORDS_MAX))


def _amount(text: str, path: str, errors: list[FieldError]) -> Any:
    """Amounts are read when the currency is known; what no currency could have is refused here."""
    try:
        Money.parse(text, _MOST_DECIMALS)
    except AmountError as error:
        return errors.append(FieldError(path, error.code, _sentence(error)))
    return text


def _sentence(error: AmountError) -> str:
    return f"{error.detail[0].upper()}{error.detail[1:]}."


_MOST_DECIMALS: Final = max(EXPONENTS, key=lambda code: (EXPONENTS[code], code))

_AMOUNT_SCHEMA: Final = {
    "type": "string",
    "pattern": spelling.amount(EXPONENTS[_MOST_DECIMALS]),
}
_TIME_SCHEMA: Final = {"$ref": "#/components/schemas/Time"}

LIMITED: Final = Parameter(
    "limit",
    _limit,
    {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT},
    "How many at most.",
)
CURSOR: Final = Parameter(
    "cursor",
    lambda text, _path, _errors: text,
    {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 1_000},
    "`next` of the page before, with everything else as it was there.",
)
DIRECTION: Final = _one_of(
    "direction", DIRECTIONS, "Only what you are paid (incoming), or what you pay (outgoing)."
)
OWN: Final = _one_of("direction", DIRECTIONS[:1], "Only your own, for which you pay.")
WAITING_FOR: Final = _one_of("waiting_for", ("me",), "Only what waits for you.")
ALL: Final = _one_of(
    "all", ("true", "false"), "Everybody's; for operators with a token good for staff."
)
CONTRACT: Final = Parameter(
    "contract",
    reader_of(Ref("ctr")),
    {"$ref": "#/components/schemas/ContractId"},
    "Only of this contract.",
)
MILESTONE: Final = Parameter(
    "milestone",
    reader_of(Ref("ms")),
    {"$ref": "#/components/schemas/MilestoneId"},
    "Only about this milestone.",
)
PROJECT: Final = Parameter(
    "project",
    reader_of(Ref("prj")),
    {"$ref": "#/components/schemas/ProjectId"},
    "Only of this project.",
)
PERSON: Final = Parameter(
    "user",
    reader_of(Ref("usr")),
    {"$ref": "#/components/schemas/UserId"},
    "Only of this person.",
)
SKILL: Final = Parameter(
    "skill",
    reader_of(Choice(Skill)),
    {"$ref": "#/components/schemas/Skill"},
    "Only what asks for this skill.",
)
RESERVED: Final = _one_of("reserved", ("true",), "Only those for which something is set aside.")
CURRENCY: Final = Parameter(
    "currency",
    reader_of(Currency()),
    {"$ref": "#/components/schemas/Currency"},
    "Only in this currency.",
)
FROM: Final = Parameter("from", reader_of(Time()), _TIME_SCHEMA, "From this moment on.")
TO: Final = Parameter("to", reader_of(Time()), _TIME_SCHEMA, "Before this moment.")
MIN: Final = Parameter("min", _amount, _AMOUNT_SCHEMA, "Amounts from this on; needs a currency.")
MAX: Final = Parameter("max", _amount, _AMOUNT_SCHEMA, "Amounts up to this; needs a currency.")
WORDS: Final = Parameter(
    "q",
    _pattern,
    {"type": "string", "minLength": 1, "maxLength": WORDS_MAX, "pattern": spelling.TEXT_NOT_BLANK},
    "Only with these words in it, in capitals or not.",
)

SAYING: Final = Parameter(
    "q",
    _WORDS,
    WORDS.schema,
    "Only with these words, however they are written; the last may be a beginning.",
)

MADE: Final = (FROM, TO)
MONEY: Final = (CURRENCY, MIN, MAX)


def read_parameters(request: Request, known: tuple[Parameter, ...]) -> dict[str, Any]:
    """What is asked of a list, or everything that is wrong with it."""
    by_name = {each.name: each for each in known}
    errors: list[FieldError] = []
    chosen: dict[str, Any] = {}
    for name, text in request.query_params.multi_items():
        path = f"?{name[:WORDS_MAX]}"
        if name not in by_name:
            detail = f"There is no such parameter. There are: {', '.join(sorted(by_name))}."
            errors.append(FieldError(path, "unknown_parameter", detail))
        elif name in chosen:
            errors.append(FieldError(path, "given_twice", "This can be said once."))
        else:
            chosen[name] = by_name[name].read(text, path, errors)
    _read_amounts(chosen, errors)
    if errors:
        raise ProblemError("invalid", errors=errors)
    return chosen


def _read_amounts(chosen: dict[str, Any], errors: list[FieldError]) -> None:
    for name in ("min", "max"):
        if chosen.get(name) is None:
            continue
        if "currency" not in chosen:
            detail = "An amount needs its currency: say currency as well."
            errors.append(FieldError(f"?{name}", "without_currency", detail))
        elif chosen["currency"] is not None:
            try:
                chosen[name] = Money.parse(chosen[name], chosen["currency"]).minor
            except AmountError as error:
                errors.append(FieldError(f"?{name}", error.code, _sentence(error)))


def filters_in(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What a cursor is bound to: everything but the place and the length of the page."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in sorted(chosen.items())
        if name not in {"cursor", "limit"}
    }
