"""One thing asked has one fingerprint, however its JSON was written."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.actions import ACTIONS
from earnest.core.canonical import canonical
from earnest.core.currencies import EXPONENTS
from earnest.core.money import MINOR_MAX, Money
from earnest.core.references import printed
from earnest.core.terms import BALANCED, CLASSIC, as_json
from earnest.wire import fingerprint as module
from earnest.wire.fields import fields_in, input_of
from earnest.wire.fingerprint import fields_of, fingerprint
from earnest.wire.parse import parse_action
from earnest.wire.readers import READERS
from earnest.wire.schema import SCHEMAS

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
visible = texts.map(lambda text: f"{text}.")
amounts = st.builds(Money, st.integers(0, MINOR_MAX - 1), st.sampled_from(sorted(EXPONENTS))).map(
    lambda money: {"amount": money.decimal, "currency": money.currency}
)
times = st.datetimes(timezones=st.timezones()).filter(lambda t: 1971 < t.year < 2999)
times_in_json = times.map(lambda t: t.isoformat(timespec="microseconds")).filter(
    lambda text: len(text) == len("2027-01-01T00:00:00.000000+00:00")
)
numbers = st.integers(0, 2**63 - 1)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
lines = st.fixed_dictionaries(
    {"description": visible, "amount": amounts}, optional={"due_at": times_in_json}
)
steps = st.fixed_dictionaries(
    {"description": visible, "amount": amounts},
    optional={"due_at": times_in_json, "days": st.integers(1, 730)},
)
terms = st.sampled_from(["classic", "balanced", as_json(CLASSIC), as_json(BALANCED)])
bodies: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "contract.offer": st.fixed_dictionaries(
        {
            "freelancer": numbers.map(lambda n: printed("usr", n)),
            "currency": st.sampled_from(sorted(EXPONENTS)),
        },
        optional={"terms": terms},
    ),
    "contract.accept": st.fixed_dictionaries(
        {"terms_hash": hashes, "funded": amounts, "milestones_hash": hashes}
    ),
    "contract.fund": st.fixed_dictionaries({"milestones": st.lists(lines, min_size=1, max_size=3)}),
    "contract.say": st.fixed_dictionaries({"text": visible}),
    "project.post": st.fixed_dictionaries(
        {
            "title": visible.filter(lambda text: len(text) <= 120),
            "description": visible,
            "currency": st.just("USD"),
            "budget_min": amounts,
            "budget_max": amounts,
        },
        optional={
            "closes_at": times_in_json,
            "skills": st.lists(st.sampled_from(["python", "sql"]), max_size=3),
        },
    ),
    "bid.place": st.fixed_dictionaries(
        {
            "amount": amounts,
            "period_days": st.integers(1, 730),
            "proposal": visible,
            "milestones": st.lists(steps, min_size=1, max_size=3),
        }
    ),
    "milestone.submit": st.fixed_dictionaries(
        {}, optional={"note": texts, "links": st.lists(visible, max_size=3)}
    ),
    "milestone.release": st.fixed_dictionaries({}, optional={"amount": amounts}),
    "deposit.start": st.fixed_dictionaries(
        {"gateway": st.just("sandbox"), "amount": amounts},
        optional={"sandbox": st.sampled_from(["settle", "fail"])},
    ),
    "withdrawal.request": st.fixed_dictionaries(
        {
            "gateway": st.just("sandbox"),
            "amount": amounts,
            "destination": st.fixed_dictionaries(
                {"type": st.just("iban"), "account": st.just("DE02"), "name": st.just("Ünal")}
            ),
        }
    ),
}
asked = st.one_of(
    *(st.tuples(st.just(name), numbers, body) for name, body in sorted(bodies.items()))
)


@given(asked)
def test_it_is_the_sha256_of_the_canonical_json(case: tuple[str, int, dict[str, Any]]) -> None:
    action = parse_action(*case)
    subject = printed(action.kind.prefix, case[1])
    spelled = {"action": case[0], "subject": subject, "fields": fields_of(action)}
    assert fingerprint(action) == hashlib.sha256(canonical(spelled)).digest()


@given(asked)
def test_the_fields_written_are_read_as_the_same_action(
    case: tuple[str, int, dict[str, Any]],
) -> None:
    name, subject_id, _ = case
    action = parse_action(*case)
    again = parse_action(name, subject_id, json.loads(json.dumps(fields_of(action))))
    assert again == action
    assert fingerprint(again) == fingerprint(action)


def same(name: str, one: dict[str, Any], other: dict[str, Any]) -> bool:
    return fingerprint(parse_action(name, 5, one)) == fingerprint(parse_action(name, 5, other))


def usd(text: str) -> dict[str, Any]:
    return {"amount": {"amount": text, "currency": "USD"}}


def test_other_json_for_the_same_thing_is_the_same_thing() -> None:
    request = {"description": "Logo", **usd("40.00")}
    assert same("milestone.release", usd("40"), usd("40.00"))
    assert same("milestone.release", {}, {"amount": None})
    assert same("milestone.submit", {}, {"note": "", "links": []})
    assert same(
        "milestone.request",
        request | {"due_at": "2027-01-01T00:00:00Z"},
        request | {"due_at": "2027-01-01T01:00:00.000000+01:00"},
    )


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("milestone.release", usd("40"), usd("40.01")),
        ("milestone.release", {}, usd("40")),
        ("milestone.release", usd("40"), {"amount": {"amount": "40", "currency": "EUR"}}),
        ("milestone.submit", {"note": "a"}, {"note": "b"}),
        ("contract.say", {"text": "\u00e9"}, {"text": "e\u0301"}),
        (
            "milestone.request",
            {"description": "x", **usd("1"), "due_at": "2027-01-01T00:00:00.000001Z"},
            {"description": "x", **usd("1"), "due_at": "2027-01-01T00:00:00.000002Z"},
        ),
    ],
)
def test_anything_else_is_something_else(
    name: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert not same(name, one, other)


def test_the_same_fields_of_another_subject_or_action_are_something_else() -> None:
    release, cancel = (parse_action(f"milestone.{verb}", 5, {}) for verb in ("release", "cancel"))
    assert fingerprint(release) != fingerprint(cancel)
    assert fingerprint(release) != fingerprint(parse_action("milestone.release", 6, {}))


def test_what_is_at_its_default_is_left_out_at_every_depth() -> None:
    body = {"milestones": [{"description": "Logo", **usd("40"), "due_at": None}]}
    assert fields_of(parse_action("contract.fund", 1, body)) == {
        "milestones": [{"description": "Logo", "amount": {"amount": "40.00", "currency": "USD"}}]
    }


def test_every_kind_of_field_is_read_written_and_described() -> None:
    assert READERS.keys() == module.WRITERS.keys() == SCHEMAS.keys()


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_field_of_every_action_is_of_a_kind(name: str) -> None:
    given_fields = input_of(name).fields
    assert len(given_fields) == len(tuple(fields_in(ACTIONS[name]))) - 1
    assert all(type(field.kind) in READERS for field in given_fields)
