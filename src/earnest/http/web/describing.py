"""The OpenAPI document in words: what a schema takes, and an example of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

#: What stands in an example where a schema says no more than its component's name.
_SAMPLES: Final[dict[str, object]] = {
    "Money": {"amount": "40.00", "currency": "USD"},
    "Currency": "USD",
    "Time": "2027-01-31T12:00:00Z",
    "Hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
#: Enumerations longer than this are named, not written out.
_CHOICES_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object."""

    name: str
    kind: str
    is_required: bool
    description: str
    #: The fields of the object it is, or of each item of the list it is.
    fields: tuple[Field, ...] = ()


def component_in(schema: Json) -> str | None:
    """The component that a schema refers to."""
    reference = schema.get("$ref")
    return str(reference).rpartition("/")[2] if reference else None


def kind_of(schema: Json) -> str:
    """What a schema takes, in a few words."""
    named = component_in(schema)
    if named is not None:
        return named
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(each) for each in schema["anyOf"]))
    if "enum" in schema and len(schema["enum"]) <= _CHOICES_MAX:
        return " | ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    if "maxLength" in schema:
        return f"text of up to {schema['maxLength']:,} characters"
    words = {"string": "text", "boolean": "true | false", "integer": "whole number"}
    kind = schema.get("type", "anything")
    return words.get(kind, str(kind))


def fields_of(schema: Json) -> tuple[Field, ...]:
    """The fields of an object, and of the objects in it."""
    required = schema.get("required", ())
    return tuple(
        Field(
            name,
            kind_of(each),
            name in required,
            each.get("description", ""),
            fields_of(_inside(each)),
        )
        for name, each in schema.get("properties", {}).items()
    )


def _inside(schema: Json) -> Json:
    """The object that a field is, or a list is of; empty if it is neither."""
    if schema.get("type") == "array":
        return _inside(schema.get("items", {}))
    return schema if "properties" in schema else {}


def variants_of(schema: Json) -> list[Json]:
    """The bodies that a request may have: one, or one of several."""
    found: list[Json] = schema.get("anyOf", [schema])
    return found


def example_of(schema: Json, components: Json) -> object:
    """Something that this schema takes: of an object the fields it must have."""
    named = component_in(schema)
    if named is not None:
        return _SAMPLES[named] if named in _SAMPLES else example_of(components[named], components)
    for key in ("examples", "enum"):
        if key in schema:
            return schema[key][0]
    if "default" in schema:
        return schema["default"]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], components)
    return _example_of_type(schema, components)


def _example_of_type(schema: Json, components: Json) -> object:
    kind = schema.get("type")
    if kind == "object":
        properties: Json = schema.get("properties", {})
        required = schema.get("required", ())
        return {name: example_of(properties[name], components) for name in required}
    if kind == "array":
        return [example_of(schema["items"], components)] if schema.get("minItems") else []
    if kind == "integer":
        return schema.get("minimum", 1)
    return {"boolean": True, "null": None}.get(str(kind), "…")
