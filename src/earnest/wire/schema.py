"""Action to JSON Schema 2020-12: exactly what its readers take, for the OpenAPI document.

Two things no schema can say are said in words: that a review's floor is no longer than the
review, and which fields of the terms need which others.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.actions import ACTIONS
from earnest.core.canonical import INTEGER_MAX
from earnest.core.currencies import EXPONENTS
from earnest.core.inputs import Between, Currency, Digest, Percent, Ref, Text
from earnest.core.rows import Row
from earnest.core.skills import Skill
from earnest.core.terms import BOUNDS, PRESETS, UNANSWERED, Terms, as_json
from earnest.wire import spelling
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
    from collections.abc import Callable, Iterable

    from earnest.wire.fields import Field, Kind

Schema: TypeAlias = dict[str, Any]


def request_schema(name: str) -> Schema:
    """What the body of this action may be."""
    return _object(input_of(name))


def body_required(name: str) -> bool:
    """Whether the action needs a body at all."""
    return any(field.required for field in input_of(name).fields)


def components() -> dict[str, Schema]:
    """What the bodies, the answers and the problems refer to: #/components/schemas/..."""
    return {
        "Currency": {"type": "string", "enum": sorted(EXPONENTS), "description": "ISO 4217."},
        "Hash": {"type": "string", "pattern": spelling.DIGEST, "description": "SHA-256 in hex."},
        "Money": {
            "description": "An amount and its currency. It may have fewer decimals, never more.",
            "anyOf": [_money(exponent) for exponent in sorted({*EXPONENTS.values()})],
        },
        "MoneyShown": _money_shown(),
        "Time": {
            "type": "string",
            "pattern": spelling.TIME,
            "description": "RFC 3339 with an offset, from 1970 to 2999.",
            "examples": ["2026-12-07T14:05:00Z", "2026-12-07T15:05:00.5+01:00"],
        },
        "TimeShown": {
            "type": "string",
            "format": "date-time",
            "pattern": spelling.TIME_SHOWN,
            "examples": ["2026-12-07T14:05:00.123Z"],
        },
        "Terms": _terms(),
        "Skill": {
            "type": "string",
            "enum": [*Skill],
            "description": "The code of a skill; GET /v1/skills has their names.",
        },
        "Effect": {
            "type": "object",
            "description": EFFECT_SAYS,
            "properties": effect_members(),
            "required": list(effect_members()),
            "additionalProperties": False,
        },
        "Problem": _problem(),
        **{reference_name(kind.prefix): _reference_of(kind) for kind in _kinds()},
    }


def reference_name(prefix: str) -> str:
    """The component that describes references with this prefix: MilestoneId for ``ms``."""
    (kind,) = (each for each in _kinds() if each.prefix == prefix)
    return f"{kind.__name__}Id"


def _kinds() -> Iterable[type[Row]]:
    """Every kind of row that an action is about or makes, once."""
    found = (kind for each in ACTIONS.values() for kind in (each.kind, each.makes))
    return dict.fromkeys(kind for kind in found if kind is not None and kind.prefix)


def _reference_of(kind: type[Row]) -> Schema:
    return {
        "type": "string",
        "pattern": spelling.reference(kind.prefix),
        "description": f"The reference of a {kind.noun}.",
        "examples": [f"{kind.prefix}_0DXH3K8ZQ2Y7A"],
    }


def _money(exponent: int) -> Schema:
    return {
        "type": "object",
        "title": f"Money with {exponent} decimals",
        "properties": {
            "amount": {"type": "string", "pattern": spelling.amount(exponent)},
            "currency": {
                "type": "string",
                "enum": sorted(code for code, has in EXPONENTS.items() if has == exponent),
            },
        },
        "required": ["amount", "currency"],
        "additionalProperties": False,
    }


def _money_shown() -> Schema:
    return {
        "type": "object",
        "description": "An amount with all the decimals that its currency has.",
        "properties": {
            "amount": {"type": "string", "pattern": r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"},
            "currency": _ref("Currency"),
        },
        "required": ["amount", "currency"],
        "additionalProperties": False,
        "examples": [{"amount": "40.00", "currency": "USD"}],
    }


def _terms() -> Schema:
    properties: dict[str, Schema] = {}
    for name in as_json(PRESETS["classic"]):
        if name in BOUNDS:
            bounds = BOUNDS[name]
            number = {"type": "integer", "minimum": bounds.low, "maximum": bounds.high}
            properties[name] = _or_null(number) if bounds.limitless else number
        else:
            properties[name] = {"type": "string", "enum": list(UNANSWERED)}
    return {
        "type": "object",
        "description": f"{inspect.getdoc(Terms)}\n\n{_BETWEEN}",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "examples": [as_json(PRESETS["classic"])],
    }


_BETWEEN: Final = (
    "review_floor_seconds is there exactly if review_seconds is, and no longer; match_seconds is "
    "there exactly if arbitration_bps is above 0; next_arbiters is 0 unless there is a "
    "ruling_seconds."
)


EFFECT_SAYS: Final = (
    "What would happen. effect_hash is the SHA-256 in hex of the RFC 8785 JSON of the other five."
)


def effect_members() -> dict[str, Schema]:
    """An effect, as its hash is made of it: so whoever likes can make the hash again."""
    return {
        "action": {"type": "string"},
        "subject": {"type": "string"},
        "fields": {"type": "object"},
        "statuses": {
            "type": "array",
            "description": "Rows and the status each would have; what would be made is new:0, …",
            "items": _texts(2),
        },
        "transfers": {
            "type": "array",
            "description": "Debit kind and owner, credit kind and owner, amount, currency.",
            "items": _texts(6),
        },
        "effect_hash": _ref("Hash"),
    }


def _texts(count: int) -> Schema:
    texts = {"type": "array", "items": {"type": "string"}}
    return {**texts, "minItems": count, "maxItems": count}


def _problem() -> Schema:
    text = {"type": "string"}
    error = {
        "type": "object",
        "properties": {"path": text, "code": text, "detail": text},
        "required": ["path", "code", "detail"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "description": "A refusal, as RFC 9457 has it. `code` is what programs read.",
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": text,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text,
            "code": {"type": "string", "pattern": "^[a-z_]+$"},
            "errors": {"type": "array", "items": error, "minItems": 1},
            "effect": _ref("Effect"),
        },
        "required": ["type", "title", "status", "detail", "code"],
        "additionalProperties": False,
    }


def _ref(component: str) -> Schema:
    return {"$ref": f"#/components/schemas/{component}"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _schema_of(kind: Kind) -> Schema:
    return SCHEMAS[type(kind)](kind)


def _object(kind: ObjectOf) -> Schema:
    schema: Schema = {
        "type": "object",
        "description": inspect.getdoc(kind.cls) or "",
        "properties": {field.wire: _member(field) for field in kind.fields},
        "additionalProperties": False,
    }
    required = [field.wire for field in kind.fields if field.required]
    return {**schema, "required": required} if required else schema


def _member(field: Field) -> Schema:
    schema = _schema_of(field.kind)
    if field.nullable:
        return _or_null(schema)
    if field.required:
        return schema
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    return {**schema, "default": default}


def _text(kind: Text) -> Schema:
    if kind.blank:
        return {"type": "string", "maxLength": kind.longest, "pattern": spelling.TEXT}
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": kind.longest,
        "pattern": spelling.TEXT_NOT_BLANK,
    }


def _list(kind: ListOf) -> Schema:
    schema: Schema = {
        "type": "array",
        "items": _schema_of(kind.item),
        "maxItems": kind.many.most,
    }
    return {**schema, "minItems": kind.many.least} if kind.many.least else schema


def _choice(kind: Choice) -> Schema:
    if kind.among is Skill:
        return _ref("Skill")
    return {
        "type": "string",
        "enum": [each.value for each in kind.among],
        "description": inspect.getdoc(kind.among) or "",
    }


def _rule_book(_kind: RuleBook) -> Schema:
    return {
        "description": "The name of a preset, or every field of the terms.",
        "anyOf": [{"type": "string", "enum": sorted(PRESETS)}, _ref("Terms")],
    }


def _between(kind: Between) -> Schema:
    return {"type": "integer", "minimum": kind.least, "maximum": kind.most}


SCHEMAS: Final[dict[type, Callable[[Any], Schema]]] = {
    Text: _text,
    Ref: lambda kind: _ref(reference_name(kind.prefix)),
    Currency: lambda _: _ref("Currency"),
    Digest: lambda _: _ref("Hash"),
    Amount: lambda _: _ref("Money"),
    Time: lambda _: _ref("Time"),
    RuleBook: _rule_book,
    Whole: lambda _: _between(Between(-INTEGER_MAX, INTEGER_MAX)),
    Between: _between,
    Percent: lambda _: {"type": "string", "pattern": spelling.PERCENT, "examples": ["12.5"]},
    YesNo: lambda _: {"type": "boolean"},
    Choice: _choice,
    ListOf: _list,
    ObjectOf: _object,
}
