"""Terms: the two presets as the table has them, every bound, and the hash both sides accept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.terms import (
    BALANCED,
    BOUNDS,
    CLASSIC,
    PRESETS,
    UNANSWERED,
    Terms,
    TermsError,
    as_json,
    from_json,
    terms_hash,
    violations,
    with_fee,
)

HOUR, DAY = 3_600, 86_400
MAY_BE_OPEN = {
    "review_seconds",
    "review_floor_seconds",
    "change_rounds",
    "overdue_seconds",
    "undo_seconds",
    "negotiation_seconds",
    "match_seconds",
    "ruling_seconds",
}

#: Terms whose numbers all lean on nothing else, so that one field can be moved alone.
OPEN = replace(BALANCED, arbitration_bps=100, match_seconds=4 * DAY)


def changed(**values: object) -> dict[str, Any]:
    return {**as_json(OPEN), **values}


def refused(mapping: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(TermsError) as error:
        from_json(mapping)
    return [(violation.field, violation.code) for violation in error.value.violations]


def test_classic_is_the_table() -> None:
    assert as_json(CLASSIC) == {
        "rules": 1,
        "accept_seconds": 129_600,
        "review_seconds": None,
        "review_floor_seconds": None,
        "change_rounds": None,
        "overdue_seconds": None,
        "dormant_seconds": 15_552_000,
        "undo_seconds": None,
        "answer_freelancer_seconds": 345_600,
        "answer_employer_seconds": 1_209_600,
        "unanswered": "claim",
        "negotiation_seconds": None,
        "arbitration_bps": 500,
        "match_seconds": 345_600,
        "ruling_seconds": None,
        "next_arbiters": 0,
        "fee_bps": 0,
    }


def test_balanced_is_the_table() -> None:
    assert as_json(BALANCED) == {
        "rules": 1,
        "accept_seconds": 129_600,
        "review_seconds": 1_209_600,
        "review_floor_seconds": 259_200,
        "change_rounds": 3,
        "overdue_seconds": 2_592_000,
        "dormant_seconds": 15_552_000,
        "undo_seconds": 600,
        "answer_freelancer_seconds": 604_800,
        "answer_employer_seconds": 604_800,
        "unanswered": "arbitration",
        "negotiation_seconds": 1_209_600,
        "arbitration_bps": 0,
        "match_seconds": None,
        "ruling_seconds": 1_209_600,
        "next_arbiters": 2,
        "fee_bps": 0,
    }


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_breaks_no_rule_and_reads_back(name: str) -> None:
    assert violations(PRESETS[name]) == ()
    assert from_json(json.loads(json.dumps(as_json(PRESETS[name])))) == PRESETS[name]


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("rules", 1, 1),
        ("accept_seconds", 12 * HOUR, 30 * DAY),
        ("review_seconds", 3 * DAY, 60 * DAY),
        ("review_floor_seconds", 1 * DAY, 14 * DAY),
        ("change_rounds", 0, 10),
        ("overdue_seconds", 14 * DAY, 180 * DAY),
        ("dormant_seconds", 90 * DAY, 730 * DAY),
        ("undo_seconds", 0, 24 * HOUR),
        ("answer_freelancer_seconds", 3 * DAY, 30 * DAY),
        ("answer_employer_seconds", 3 * DAY, 30 * DAY),
        ("negotiation_seconds", 3 * DAY, 60 * DAY),
        ("arbitration_bps", 1, 1_000),
        ("match_seconds", 3 * DAY, 30 * DAY),
        ("ruling_seconds", 3 * DAY, 60 * DAY),
        ("next_arbiters", 0, 5),
        ("fee_bps", 0, 10_000),
    ],
)
def test_the_bounds_are_the_tables_and_belong_to_them(field: str, low: int, high: int) -> None:
    for value in (low, high):
        terms = from_json(changed(**{field: value}))
        assert getattr(terms, field) == value
    assert refused(changed(**{field: high + 1})) != []
    assert refused(changed(**{field: low - 1})) != []


def test_every_number_has_bounds() -> None:
    assert set(BOUNDS) | {"unanswered"} == set(as_json(OPEN))
    assert {name for name, bounds in BOUNDS.items() if bounds.limitless} == MAY_BE_OPEN


@pytest.mark.parametrize("field", sorted(BOUNDS))
def test_outside_the_bounds_is_named(field: str) -> None:
    assert refused(changed(**{field: BOUNDS[field].high + 1})) == [(field, "out_of_bounds")]
    assert refused(changed(**{field: BOUNDS[field].low - 1})) == [(field, "out_of_bounds")]


@pytest.mark.parametrize("field", sorted(set(BOUNDS) - MAY_BE_OPEN))
def test_a_rule_that_needs_a_limit_says_so(field: str) -> None:
    assert refused(changed(**{field: None})) == [(field, "limit_required")]


@pytest.mark.parametrize("field", ["change_rounds", "overdue_seconds", "undo_seconds"])
def test_a_rule_that_may_be_open_is_taken_without_a_limit(field: str) -> None:
    assert getattr(from_json(changed(**{field: None})), field) is None


@pytest.mark.parametrize("field", sorted(BOUNDS))
@pytest.mark.parametrize("value", [True, False, "3", 3.0, [3]], ids=repr)
def test_only_a_whole_number_is_a_number(field: str, value: object) -> None:
    assert refused(changed(**{field: value})) == [(field, "wrong_type")]


@pytest.mark.parametrize("value", ["", "CLAIM", "nothing", None, 1, True, ["claim"]], ids=repr)
def test_an_unanswered_dispute_leads_to_one_of_two(value: object) -> None:
    assert refused(changed(unanswered=value)) == [("unanswered", "out_of_bounds")]


def test_details_speak_in_the_unit_a_person_counts_in() -> None:
    mapping = changed(accept_seconds=1, undo_seconds=-1, change_rounds=11, unanswered="no")
    with pytest.raises(TermsError) as error:
        from_json(mapping)
    assert str(error.value) == (
        "accept_seconds: is from 12 hours (43200) to 30 days (2592000); "
        "change_rounds: is from 0 to 10; "
        "undo_seconds: is from 0 to 24 hours (86400); "
        "unanswered: is one of claim, arbitration"
    )


def test_every_missing_and_every_unknown_field_is_named() -> None:
    mapping = changed(preset="balanced", review_days=14)
    del mapping["rules"], mapping["fee_bps"]
    assert refused(mapping) == [
        ("rules", "missing"),
        ("fee_bps", "missing"),
        ("preset", "unknown_field"),
        ("review_days", "unknown_field"),
    ]
    assert refused({}) == [(field, "missing") for field in as_json(OPEN)]


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"review_seconds": None}, "review_floor_seconds", "without_its_clock"),
        ({"review_floor_seconds": None}, "review_floor_seconds", "without_its_clock"),
        ({"review_floor_seconds": 15 * DAY}, "review_floor_seconds", "above_review"),
        ({"arbitration_bps": 0}, "match_seconds", "without_its_clock"),
        ({"match_seconds": None}, "match_seconds", "without_its_clock"),
        ({"ruling_seconds": None}, "next_arbiters", "without_its_clock"),
    ],
)
def test_what_means_nothing_without_its_clock_is_refused(
    values: dict[str, object], field: str, code: str
) -> None:
    assert refused(changed(**values)) == [(field, code)]


def test_a_rule_and_what_leans_on_it_are_left_open_together() -> None:
    terms = from_json(
        changed(
            review_seconds=None,
            review_floor_seconds=None,
            arbitration_bps=0,
            match_seconds=None,
            ruling_seconds=None,
            next_arbiters=0,
            negotiation_seconds=None,
        )
    )
    assert violations(terms) == ()


def test_terms_made_in_code_are_judged_by_the_same_rules() -> None:
    wrong = replace(BALANCED, accept_seconds=True, change_rounds=11)
    assert [(v.field, v.code) for v in violations(wrong)] == [
        ("accept_seconds", "wrong_type"),
        ("change_rounds", "out_of_bounds"),
    ]


def test_with_fee_changes_the_fee_and_nothing_else() -> None:
    assert as_json(with_fee(CLASSIC, 250)) == {**as_json(CLASSIC), "fee_bps": 250}
    assert CLASSIC.fee_bps == 0


def test_the_hash_is_of_the_canonical_terms_and_bid() -> None:
    def by_hand(terms: Terms, bid: object) -> str:
        value = {"bid": bid, "terms": as_json(terms)}
        return hashlib.sha256(
            json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
        ).hexdigest()

    bid = {"amount": {"amount": "100.00", "currency": "USD"}, "milestones": []}
    assert terms_hash(BALANCED) == by_hand(BALANCED, None)
    assert terms_hash(BALANCED) == terms_hash(replace(BALANCED))
    assert terms_hash(BALANCED, bid) == by_hand(BALANCED, bid)
    assert len({terms_hash(CLASSIC), terms_hash(BALANCED), terms_hash(BALANCED, bid)}) == 3


def test_the_hashes_of_the_presets_never_change() -> None:
    """Contracts were signed with these: whoever changes one breaks what people agreed to."""
    classic = terms_hash(CLASSIC)
    assert classic == "d9d58ec629a14dffe143104d23b43d7209f133cbec017e17b3fa38cd3bf28b7e"
    balanced = terms_hash(BALANCED)
    assert balanced == "c4614dbec432188b99397c42d3e40a09044acf57c0e93490e1358d7caed1d6aa"


@st.composite
def valid_terms(draw: st.DrawFn) -> Terms:
    values: dict[str, Any] = {"unanswered": draw(st.sampled_from(UNANSWERED))}
    for name, bounds in BOUNDS.items():
        numbers = st.integers(bounds.low, bounds.high)
        values[name] = draw(st.none() | numbers if bounds.limitless else numbers)
    if values["review_seconds"] is None:
        values["review_floor_seconds"] = None
    else:
        values["review_floor_seconds"] = draw(
            st.integers(DAY, min(values["review_seconds"], 30 * DAY))
        )
    values["match_seconds"] = 4 * DAY if values["arbitration_bps"] else None
    if values["ruling_seconds"] is None:
        values["next_arbiters"] = 0
    return Terms(**values)


@given(valid_terms())
def test_any_terms_within_the_bounds_read_back(terms: Terms) -> None:
    assert violations(terms) == ()
    assert from_json(as_json(terms)) == terms


@given(valid_terms(), valid_terms())
def test_different_terms_have_different_hashes(one: Terms, other: Terms) -> None:
    assert (terms_hash(one) == terms_hash(other)) == (one == other)
