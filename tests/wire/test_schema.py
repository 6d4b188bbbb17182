"""The schema of a body and the reader of it agree, in both directions."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earnest.core.actions import ACTIONS
from earnest.core.currencies import EXPONENTS
from earnest.core.money import AmountError, Money
from earnest.core.references import printed
from earnest.core.rows import wire_time
from earnest.core.terms import BALANCED, BOUNDS, CLASSIC, as_json
from earnest.http.problems import invalid
from earnest.wire import fields, readers, spelling
from earnest.wire.parse import FieldError, Invalid, Malformed, decode_json, parse_action
from earnest.wire.schema import body_required, components, reference_name, request_schema

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = sorted(ACTIONS)
WITH_FIELDS = [name for name in NAMES if fields.input_of(name).fields]
#: What no schema can say, so the description does.
ONLY_IN_WORDS = {"without_its_clock", "above_review"}


def validator(schema: dict[str, Any]) -> Any:
    whole = {**schema, "components": {"schemas": components()}}
    return jsonschema_rs.Draft202012Validator(whole)


BODY = {name: validator(request_schema(name)) for name in NAMES}
MONEY, TERMS, TIME = (
    validator({"$ref": f"#/components/schemas/{name}"}) for name in ("Money", "Terms", "Time")
)


def codes(name: str, body: Any) -> set[str]:
    try:
        parse_action(name, 1, body)
    except Invalid as invalid:
        return {error.code for error in invalid.errors}
    return set()


def agree(name: str, body: Any) -> None:
    found = codes(name, body)
    assert BODY[name].is_valid(body) == (found <= ONLY_IN_WORDS), (name, body, found)


# --- what schemathesis makes of it -----------------------------------------------------------


def document() -> dict[str, Any]:
    def operation(name: str) -> dict[str, Any]:
        content = {"application/json": {"schema": request_schema(name)}}
        body = {"required": body_required(name), "content": content}
        return {"requestBody": body, "responses": {"200": {"description": "Done."}}}

    return {
        "openapi": "3.1.0",
        "info": {"title": "Earnest", "version": "1"},
        "components": {"schemas": components()},
        "paths": {f"/{name}": {"post": operation(name)} for name in NAMES},
    }


CASES = schemathesis.openapi.from_dict(document())


def cases(name: str, mode: schemathesis.GenerationMode, check: Callable[[Any], None]) -> None:
    @given(CASES[f"/{name}"]["POST"].as_strategy(generation_mode=mode))
    @settings(
        max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def run(case: Any) -> None:
        check(case.body)

    run()


def bytes_of(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"" if isinstance(body, schemathesis.core.NotSet) else json.dumps(body).encode()


@pytest.mark.parametrize("name", WITH_FIELDS)
def test_whatever_the_schema_allows_is_read(name: str) -> None:
    def read(body: Any) -> None:
        assert codes(name, decode_json(bytes_of(body))) <= ONLY_IN_WORDS

    cases(name, schemathesis.GenerationMode.POSITIVE, read)


@pytest.mark.parametrize("name", WITH_FIELDS)
def test_whatever_the_schema_forbids_is_refused(name: str) -> None:
    def refuse(body: Any) -> None:
        try:
            decoded = decode_json(bytes_of(body))
        except Malformed:
            return
        agree(name, json.loads(bytes_of(body) or b"{}"))
        assert codes(name, decoded) or BODY[name].is_valid(json.loads(bytes_of(body) or b"{}"))

    cases(name, schemathesis.GenerationMode.NEGATIVE, refuse)


# --- what a nearly right body makes of it ----------------------------------------------------

atoms = st.sampled_from([
    *(None, True, False, 0, -1, 40, 2**53, 2**70, "", " ", "x", "\0", "\u200b", "\x85", "\ufeff"),
    *("40.00", "0", "-0", "40.", "1e2", "10000000000000.00", "10000000000000.01", "USD", "JPY"),
    *("KWD", "usd", "XAU", "settle", "iban", "sandbox", "classic", "balanced", "4\n", "USD\n"),
    *(printed("usr", 7), printed("ms", 7), "usr_8000000000000", "0" * 64, "A" * 64),
    *("2027-01-01T00:00:00Z", "2028-02-29T00:00:00.5+01:00", "2027-02-29T00:00:00Z", "2027-01-01"),
    *("x" * 64, "x" * 65, "x" * 80, "x" * 81, "é" * 4_000, "é" * 4_001, "x" * 10_001),
])  # fmt: skip
money = st.fixed_dictionaries({"amount": atoms, "currency": atoms}) | st.fixed_dictionaries(
    {}, optional={"amount": atoms, "currency": atoms, "minor": atoms}
)
number = st.sampled_from([None, 0, 1, 3, -1, True, "1", 86_400, 259_200, 10**7, 10**9])
rulebook = st.sampled_from([CLASSIC, BALANCED]).flatmap(
    lambda terms: st.dictionaries(st.sampled_from([*BOUNDS, "unanswered", "x"]), number, max_size=2)
    .map(lambda changed: {**as_json(terms), **changed})
)  # fmt: skip
days = st.sampled_from([None, 1, 730, 731, 0, -1, 2**53, 1.5, "7", True])
member: dict[str, st.SearchStrategy[Any]] = {
    "amount": money | atoms,
    "funded": money | atoms,
    "terms": rulebook | atoms,
    "links": st.lists(atoms, max_size=22) | atoms,
    "destination": st.fixed_dictionaries({"type": atoms, "account": atoms, "name": atoms}) | atoms,
}
line = st.fixed_dictionaries(
    {"description": atoms, "amount": money}, optional={"due_at": atoms, "days": days, "fee": atoms}
)
member["period_days"] = days
member["skills"] = st.lists(st.sampled_from(["python", "juggling", "sql", 1]), max_size=12) | atoms
member["milestones"] = st.lists(line | atoms, max_size=3) | atoms


def bodies(name: str) -> st.SearchStrategy[dict[str, Any]]:
    given_fields = fields.input_of(name).fields
    strategies = {field.wire: member.get(field.wire, atoms) for field in given_fields}
    required = {field.wire: strategies[field.wire] for field in given_fields if field.required}
    others = {wire: each for wire, each in strategies.items() if wire not in required}
    mostly = st.fixed_dictionaries(required, optional={**others, "status": atoms})
    return mostly | st.fixed_dictionaries({}, optional=strategies)


@given(st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), bodies(name))))
@settings(max_examples=500, deadline=None)
def test_a_body_is_valid_exactly_if_it_is_read(case: tuple[str, dict[str, Any]]) -> None:
    agree(*case)


@given(st.from_regex(r"\A-?[0-9]{0,17}(\.[0-9]{0,5})?\Z"), st.sampled_from(sorted(EXPONENTS)))
def test_money_is_described_to_the_last_decimal(amount: str, currency: str) -> None:
    try:
        Money.parse(amount, currency)
    except AmountError:
        assert not MONEY.is_valid({"amount": amount, "currency": currency})
    else:
        assert MONEY.is_valid({"amount": amount, "currency": currency})


@given(st.from_regex(spelling.TIME[:-1] + r"\Z") | st.datetimes().map(datetime.isoformat))
def test_a_time_is_valid_exactly_if_it_is_read(text: str) -> None:
    errors: readers.Errors = []
    readers.reader_of(fields.Time())(text, "", errors)
    assert TIME.is_valid(text) == (errors == [])


@given(st.characters(exclude_categories=["Cs"]))
def test_one_character_is_blank_to_both(character: str) -> None:
    agree("contract.say", {"text": character})


# --- what it says ----------------------------------------------------------------------------


def test_the_presets_are_terms() -> None:
    assert TERMS.is_valid(as_json(CLASSIC))
    assert TERMS.is_valid(as_json(BALANCED))


@pytest.mark.parametrize("name", NAMES)
def test_a_body_takes_nothing_else_and_says_what_the_action_does(name: str) -> None:
    schema = request_schema(name)
    assert schema["additionalProperties"] is False
    assert schema["description"] == (ACTIONS[name].__doc__ or "").replace("\n    ", "\n").strip()
    assert body_required(name) == ("required" in schema)


def test_every_reference_in_a_body_is_to_a_component() -> None:
    text = json.dumps([request_schema(name) for name in NAMES] + [components()])
    used = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert used <= components().keys()
    assert reference_name("ms") == "MilestoneId"


def test_what_is_shown_is_as_described() -> None:
    shown = validator({"$ref": "#/components/schemas/MoneyShown"})
    assert shown.is_valid({"amount": Money(-5, "KWD").decimal, "currency": "KWD"})
    time_shown = validator({"$ref": "#/components/schemas/TimeShown"})
    assert time_shown.is_valid(wire_time(datetime.fromisoformat("2027-01-01T00:00:00.123456Z")))
    problem = validator({"$ref": "#/components/schemas/Problem"})
    assert problem.is_valid(json.loads(invalid([FieldError("/amount", "required", "Needed.")])))
