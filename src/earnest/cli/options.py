"""Fields of an action as options, and what was given as a body: the reverse of OpenAPI.

A list of texts is a repeatable option; an object is ``name=value,…`` or JSON, and a list in it is
``name=[name=value,…; …]``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import click

from earnest.core.inputs import Between, Currency, Digest, Percent, Ref, Text
from earnest.core.people import User
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from earnest.wire.fields import Field, Kind

_METAVARS: Final[Mapping[type, str]] = {
    Text: "TEXT",
    Currency: "CODE",
    Digest: "SHA256",
    Amount: "AMOUNT",
    Time: "TIME",
    RuleBook: "PRESET|JSON",
    Whole: "NUMBER",
    Between: "NUMBER",
    Percent: "PERCENT",
}


def options_of(action: str) -> list[click.Option]:
    """The options of an action's own fields, and ``--currency`` where there is an amount."""
    fields = input_of(action).fields
    found = [_option(each) for each in fields]
    if _has_amount(fields) and all(each.wire != "currency" for each in fields):
        help_text = "The amounts' currency; else that of what it is about."
        found.append(click.Option(["--currency"], metavar="CODE", help=help_text))
    return found


def _option(field: Field) -> click.Option:
    kind = field.kind
    many = isinstance(kind, ListOf)
    item = kind.item if isinstance(kind, ListOf) else kind
    names = [f"--{option_name(field)}", _parameter(field)]
    if isinstance(item, YesNo):
        return click.Option(names, is_flag=True)
    return click.Option(
        names,
        metavar=_metavar(item),
        type=click.Choice([each.value for each in item.among]) if isinstance(item, Choice) else str,
        multiple=many,
        required=field.required,
        help=_help(item, many=many),
    )


def option_name(field: Field) -> str:
    """A repeatable option is named after one of what it lists."""
    name = field.wire.replace("_", "-")
    return name.removesuffix("s") if isinstance(field.kind, ListOf) else name


def _parameter(field: Field) -> str:
    """Away from the names of the options that every action has."""
    return f"field_{field.name}"


def _metavar(kind: Kind) -> str | None:
    if isinstance(kind, Ref):
        return "EMAIL|usr_…" if kind.prefix == User.prefix else f"{kind.prefix}_…"
    if isinstance(kind, ObjectOf):
        return ",".join(f"{field.wire}={_within(field.kind)}" for field in kind.fields)
    return _METAVARS.get(type(kind))


def _within(kind: Kind) -> str:
    """What stands for a value of an object."""
    if isinstance(kind, ListOf) and isinstance(kind.item, ObjectOf):
        return f"[{_metavar(kind.item)}; …]"
    return "…"


def _help(kind: Kind, *, many: bool) -> str:
    bounds = f"From {kind.least} to {kind.most}." if isinstance(kind, Between) else ""
    said: dict[type, str] = {
        Amount: "Such as 40.00, or 40.00 USD.",
        Time: "Such as 2026-12-07T14:05:00Z.",
        ObjectOf: "Or JSON.",
    }
    return " ".join(filter(None, ("Repeatable." if many else "", said.get(type(kind), bounds))))


def _has_amount(fields: Iterable[Field]) -> bool:
    for each in fields:
        kind = each.kind.item if isinstance(each.kind, ListOf) else each.kind
        if isinstance(kind, Amount) or (isinstance(kind, ObjectOf) and _has_amount(kind.fields)):
            return True
    return False


def needs_currency(action: str, given: Mapping[str, Any]) -> bool:
    """Whether an amount was given without saying of what."""
    return any(
        value is not None and value != () and _has_amount([each])
        for each, value in _given(action, given)
    )


def own_currency(given: Mapping[str, Any]) -> str | None:
    """The currency that an action has a field for; its amounts need not say it again."""
    said: str | None = given.get("field_currency")
    return said


def body_of(action: str, given: Mapping[str, Any], currency: str | None) -> dict[str, object]:
    """The JSON body that says the same."""
    return {
        each.wire: _value(each.kind, value, currency)
        for each, value in _given(action, given)
        if value is not None and value != () and value is not False
    }


def people_in(action: str, body: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The members of a body that name a person by an address."""
    for each in input_of(action).fields:
        value = body.get(each.wire)
        if isinstance(each.kind, Ref) and isinstance(value, str) and "@" in value:
            yield each.wire, value


def _given(action: str, given: Mapping[str, Any]) -> Iterator[tuple[Field, Any]]:
    for each in input_of(action).fields:
        yield each, given.get(_parameter(each))


def _value(kind: Kind, text: Any, currency: str | None) -> object:
    """One option's text as JSON; what cannot be read so is left for the reader to refuse."""
    if isinstance(kind, ListOf):
        each_of = _listed(text) if isinstance(text, str) else text
        return [_value(kind.item, each, currency) for each in each_of]
    if isinstance(kind, Amount):
        amount, _, own = text.strip().partition(" ")
        return {"amount": amount, "currency": own.strip() or currency}
    if isinstance(kind, ObjectOf):
        return _object(kind, text, currency)
    if isinstance(kind, RuleBook) and text.lstrip().startswith("{"):
        return _json(text)
    if isinstance(kind, Whole | Between) and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if isinstance(kind, YesNo):
        return _YES_NO.get(text, text)
    return text


_YES_NO: Final = {"true": True, "false": False}


def _listed(text: str) -> list[str]:
    """What stands between brackets, each of it behind a semicolon."""
    return [each.strip() for each in text.strip().removeprefix("[").removesuffix("]").split(";")]


def _object(kind: ObjectOf, text: str, currency: str | None) -> object:
    """``name=value`` pairs; a comma inside a value or inside brackets is no end of it."""
    if text.lstrip().startswith("{"):
        return _json(text)
    by_name = {field.wire: field for field in kind.fields}
    names = "|".join(map(re.escape, by_name))
    found: dict[str, object] = {}
    for pair in re.split(rf",(?=(?:{names})=)(?![^\[]*\])", text):
        name, equals, value = pair.partition("=")
        if not equals or name not in by_name:
            raise click.UsageError(f"{pair!r} is not one of: {_metavar(kind)}")
        found[name] = _value(by_name[name].kind, value, currency)
    return found


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"This is not JSON: {error}.") from error
