"""Bodies become actions, or every field that is wrong is named and nothing happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from earnest.core.actions import ACTIONS
from earnest.core.money import MINOR_MAX, Money
from earnest.core.payments.row import SandboxDay
from earnest.core.references import printed
from earnest.core.terms import CLASSIC, as_json
from earnest.wire import fields, readers
from earnest.wire.invalid import ERRORS_MAX
from earnest.wire.parse import Invalid, decode_json, parse_action, parse_reference

USD40 = {"amount": "40.00", "currency": "USD"}
ALICE = printed("usr", 7)
DIGEST = "0123456789abcdef" * 4
NUL, HALF = "a\0b", "a\ud800"


def errors_of(name: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        parse_action(name, 1, body)
    return [(error.path, error.code) for error in caught.value.errors]


def errors_in(name: str, raw: str) -> list[tuple[str, str]]:
    return errors_of(name, dict(decode_json(raw.encode())))


def amount_error(text: object, currency: object = "USD") -> list[tuple[str, str]]:
    body = {"amount": {"amount": text, "currency": currency}}
    return errors_of("milestone.release", body)


def due(text: object) -> Any:
    body = {"description": "Logo", "amount": USD40, "due_at": text}
    return parse_action("milestone.request", 1, body)


def line(**changed: object) -> dict[str, object]:
    return {"description": "Logo", "amount": USD40, **changed}


# --- what is taken ---------------------------------------------------------------------------


def test_an_amount_may_be_left_out_or_null_and_means_all() -> None:
    release = ACTIONS["milestone.release"]
    assert parse_action("milestone.release", 5, {}) == release(subject_id=5)  # type: ignore[call-arg]
    assert parse_action("milestone.release", 5, {"amount": None}) == release(subject_id=5)  # type: ignore[call-arg]


def test_fewer_decimals_are_filled_up() -> None:
    for text in ("40", "40.0", "40.00"):
        action: Any = parse_action("milestone.release", 5, {"amount": USD40 | {"amount": text}})
        assert action.amount == Money(4000, "USD")


@pytest.mark.parametrize("text", ["0", "0.0", "0.00"])
def test_zero_is_an_amount_and_the_rules_refuse_it(text: str) -> None:
    action: Any = parse_action("milestone.release", 5, {"amount": USD40 | {"amount": text}})
    assert action.amount.is_zero


def test_lines_and_nested_objects_are_read() -> None:
    body = {"milestones": [line(due_at="2027-01-02T03:04:05+02:00"), line(description="Site")]}
    fund: Any = parse_action("contract.fund", 1, body)
    assert [each.description for each in fund.milestones] == ["Logo", "Site"]
    assert fund.milestones[0].due_at == datetime(2027, 1, 2, 1, 4, 5, tzinfo=UTC)
    destination = {"type": "iban", "account": "DE02", "name": "Ada"}
    withdraw: Any = parse_action(
        "withdrawal.request",
        1,
        {"gateway": "sandbox", "amount": USD40, "destination": destination},
    )
    assert withdraw.destination.type.value == "iban"


def test_choices_references_and_presets_are_read() -> None:
    start: Any = parse_action(
        "deposit.start", 7, {"gateway": "sandbox", "amount": USD40, "sandbox": "delay"}
    )
    assert start.sandbox is SandboxDay.DELAY
    offer: Any = parse_action(
        "contract.offer", 1, {"freelancer": ALICE, "currency": "USD", "terms": "classic"}
    )
    assert (offer.freelancer, offer.terms) == (7, "classic")
    full: Any = parse_action(
        "contract.offer", 1, {"freelancer": ALICE, "currency": "USD", "terms": as_json(CLASSIC)}
    )
    assert full.terms == CLASSIC


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE users; --", "{{7*7}}", "=cmd|' /C calc'!A0", "%s\r\n[info] x", "<b>", " x "],
)
def test_a_text_is_kept_as_it_is_whatever_another_program_would_make_of_it(text: str) -> None:
    said: Any = parse_action("contract.say", 1, {"text": text})
    assert said.text == text


def test_the_longest_texts_and_lists_are_taken() -> None:
    said: Any = parse_action("contract.say", 1, {"text": "é" * 4_000})
    assert len(said.text) == 4_000
    parse_action("contract.fund", 1, {"milestones": [line(description="x" * 10_000)] * 50})
    parse_action("milestone.submit", 1, {"note": "", "links": ["https://example.org"] * 20})


# --- amounts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("-0", "-1", "+1", "NaN", "Infinity", "-Infinity", "1e400", "1E2", "1,000", "1 000"),
        *("0x10", "", " 1", "1 ", "1\n", "01", ".5", "1.", "٣", "１", "1_000", "1\0", "½", "--1"),  # noqa: RUF001
        *(True, False, 40, 40.0, Decimal("40.00"), 2**63, None, [], {}, ["40"]),
    ],
)
def test_what_is_not_decimal_text_is_no_amount(text: object) -> None:
    assert amount_error(text) == [("/amount/amount", "not_an_amount")]


@pytest.mark.parametrize(
    ("text", "currency"),
    [("0.5", "JPY"), ("1.0", "JPY"), ("1.234", "USD"), ("1.000", "USD"), ("1.2345", "KWD")],
)
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    assert amount_error(text, currency) == [("/amount/amount", "too_many_decimals")]


@pytest.mark.parametrize("text", [str(2**63 - 1), "10000000000000.01", "9" * 5_000])
def test_more_than_an_amount_may_be_is_refused(text: str) -> None:
    assert amount_error(text) == [("/amount/amount", "amount_too_large")]
    most: Any = parse_action(
        "milestone.release", 1, {"amount": {"amount": "10000000000000.00", "currency": "USD"}}
    )
    assert most.amount.minor == MINOR_MAX


@pytest.mark.parametrize(
    "currency", ["usd", "XXX", "XAU", "DEM", "", "US", "USD ", 840, None, ["USD"], {"a": 1}, "U\0D"]
)
def test_an_unknown_or_withdrawn_currency_is_refused(currency: object) -> None:
    assert amount_error("40.00", currency) == [("/amount/currency", "unknown_currency")]
    body = {"freelancer": ALICE, "currency": currency}
    assert errors_of("contract.offer", body) == [("/currency", "unknown_currency")]


@pytest.mark.parametrize(
    "raw",
    ["40", "40.0", "9007199254740993", "1e400", "-0", "-0.0", "1E-7", "123456789012345678901"],
)
def test_a_json_number_is_never_an_amount(raw: str) -> None:
    inside = f'{{"amount":{{"amount":{raw},"currency":"USD"}}}}'
    assert errors_in("milestone.release", inside) == [("/amount/amount", "not_an_amount")]
    assert errors_in("milestone.release", f'{{"amount":{raw}}}') == [("/amount", "not_an_amount")]


def test_everything_wrong_with_an_amount_is_named() -> None:
    body: dict[str, Any] = {"amount": {"amount": "x", "currency": "y", "minor": 4000}}
    assert errors_of("milestone.release", body) == [
        ("/amount/amount", "not_an_amount"),
        ("/amount/currency", "unknown_currency"),
        ("/amount/minor", "unknown_field"),
    ]
    assert errors_of("milestone.release", {"amount": {"amount": 1}}) == [
        ("/amount/currency", "required"),
        ("/amount/amount", "not_an_amount"),
    ]
    assert errors_of("milestone.release", {"amount": {"a": "1", "b": "2"}}) == [
        ("/amount/amount", "required"),
        ("/amount/currency", "required"),
        ("/amount/a", "unknown_field"),
        ("/amount/b", "unknown_field"),
    ]


# --- everything else that can be wrong -------------------------------------------------------


@pytest.mark.parametrize(
    "field", ["status", "fee", "balance", "owner", "currency", "tenant_id", "subject_id", "id"]
)
def test_nobody_sets_what_is_not_asked_for(field: str) -> None:
    assert errors_of("milestone.release", {field: "x"}) == [(f"/{field}", "unknown_field")]
    assert errors_of("contract.revoke", {field: "x"}) == [(f"/{field}", "unknown_field")]


def test_all_that_is_wrong_is_said_at_once() -> None:
    body = {"milestones": [line(description=""), {"amount": 4}, 5, line(fee="1", due_at="now")]}
    assert errors_of("contract.fund", body | {"status": "funded"}) == [
        ("/milestones/0/description", "blank"),
        ("/milestones/1/description", "required"),
        ("/milestones/1/amount", "not_an_amount"),
        ("/milestones/2", "not_an_object"),
        ("/milestones/3/due_at", "not_a_time"),
        ("/milestones/3/fee", "unknown_field"),
        ("/status", "unknown_field"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((blank, "blank") for blank in ("", " ", "\t\r\n", "\u3000\u200b", "\ufeff\x1f\x85")),
        *((NUL, "has_nul"), (HALF, "not_unicode"), ("\udfff", "not_unicode")),
        *(("x" * 4_001, "too_long"), ("\0" * 4_001, "too_long")),
        *((None, "not_a_text"), (1, "not_a_text"), (True, "not_a_text"), ([], "not_a_text")),
        *(({}, "not_a_text"), (Decimal(1), "not_a_text")),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(text: object, code: str) -> None:
    assert errors_of("contract.say", {"text": text}) == [("/text", code)]


def test_a_note_may_be_blank_but_not_null() -> None:
    submit: Any = parse_action("milestone.submit", 1, {"note": "  "})
    assert submit.note == "  "
    assert errors_of("milestone.submit", {"note": None}) == [("/note", "not_a_text")]


@pytest.mark.parametrize(
    ("links", "errors"),
    [
        ("x", [("/links", "not_a_list")]),
        ({"0": "x"}, [("/links", "not_a_list")]),
        (["x"] * 21, [("/links", "too_many")]),
        (["x", 1, ""], [("/links/1", "not_a_text"), ("/links/2", "blank")]),
    ],
)
def test_a_list_is_a_list_of_so_many(links: object, errors: list[tuple[str, str]]) -> None:
    assert errors_of("milestone.submit", {"links": links}) == errors


def test_a_list_can_be_too_short() -> None:
    assert errors_of("contract.fund", {"milestones": []}) == [("/milestones", "too_few")]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "7",
            ALICE[4:],
            "usr_000000000000a",
            ALICE + "0",
            ALICE[:-1],
            printed("ctr", 7),
            None,
            7,
        ),
        *("usr_8000000000000", "usr_000000000000I", "usr_\0000000000000", f"{ALICE}\n", "1 OR 1=1"),
    ],
)
def test_only_a_printed_reference_of_that_kind_is_one(text: object) -> None:
    body = {"freelancer": text, "currency": "USD"}
    assert errors_of("contract.offer", body) == [("/freelancer", "not_a_reference")]
    with pytest.raises(Invalid) as caught:
        parse_reference(text, "usr", "/freelancer")
    assert caught.value.errors[0].code == "not_a_reference"


def test_a_reference_outside_the_fields_is_read_too() -> None:
    assert parse_reference(printed("ctr", 9), "ctr", "/contract_id") == 9


@pytest.mark.parametrize(
    "text", ["", DIGEST[1:], DIGEST + "0", DIGEST.upper(), DIGEST + "\n", 0, None]
)
def test_only_a_sha256_in_lower_case_is_one(text: object) -> None:
    body = {"terms_hash": text, "funded": USD40, "milestones_hash": DIGEST}
    assert errors_of("contract.accept", body) == [("/terms_hash", "not_a_digest")]


@pytest.mark.parametrize("value", ["Settle", "", "settle ", 1, True, ["settle"]])
def test_a_choice_is_one_of_those_there_are(value: object) -> None:
    body = {"gateway": "sandbox", "amount": USD40, "sandbox": value}
    assert errors_of("deposit.start", body) == [("/sandbox", "not_one_of")]


def test_terms_are_a_preset_or_every_field() -> None:
    def wrong(terms: object) -> list[tuple[str, str]]:
        return errors_of("contract.offer", {"freelancer": ALICE, "currency": "USD", "terms": terms})

    full = as_json(CLASSIC)
    assert wrong("Classic") == [("/terms", "unknown_preset")]
    assert wrong(7) == [("/terms", "not_terms")]
    assert wrong(full | {"accept_seconds": 1, "a/b~": 1}) == [
        ("/terms/accept_seconds", "out_of_bounds"),
        ("/terms/a~1b~0", "unknown_field"),
    ]
    assert wrong({k: v for k, v in full.items() if k != "fee_bps"}) == [
        ("/terms/fee_bps", "required")
    ]
    assert wrong(full | {"fee_bps": Decimal("0.5"), "rules": True, "unanswered": []}) == [
        ("/terms/rules", "wrong_type"),
        ("/terms/unanswered", "out_of_bounds"),
        ("/terms/fee_bps", "wrong_type"),
    ]


# --- times -----------------------------------------------------------------------------------


def test_a_time_is_kept_to_the_microsecond_in_utc() -> None:
    expected = datetime(2027, 1, 1, 0, 30, 0, 123456, tzinfo=UTC)
    assert due("2026-12-31T19:00:00.123456-05:30").due_at == expected
    assert due("2027-01-01T00:30:00.123456789Z").due_at == expected
    assert due("2027-01-01T00:30:00.123456Z").due_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        *("now", "", "2027-01-01", "2027-01-01T00:00:00", "2027-01-01T00:00Z"),
        *("2027-01-01 00:00:00Z", "20270101T000000Z", "2027-W01-1T00:00:00Z"),
        *("2027-01-01t00:00:00z", "2027-01-01T00:00:00Z\n", "2027-01-01T00:00:00\0Z"),
        *("2027-01-01T24:00:00Z", "2027-01-01T00:60:00Z", "2027-01-01T00:00:60Z"),
        *("2027-13-01T00:00:00Z", "2027-00-01T00:00:00Z", "2027-01-32T00:00:00Z"),
        *("2027-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2027-04-31T00:00:00Z"),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "1969-12-31T23:59:59Z"),
        *("12027-01-01T00:00:00Z", "2027-01-01T00:00:00+24:00", "2027-01-01T00:00:00+0100"),
        *("2027-01-01T00:00:00+1", "2027-01-01T00:00:00 Z", "2027-01-01T00:00:00.Z"),
        *("2027-01-01T00:00:00,5Z", "２０２７-01-01T00:00:00Z"),  # noqa: RUF001
        *(1_800_000_000, True, [], {}),
    ],
)
def test_a_time_without_an_offset_or_that_never_was_is_refused(text: object) -> None:
    with pytest.raises(Invalid) as caught:
        due(text)
    assert [(e.path, e.code) for e in caught.value.errors] == [("/due_at", "not_a_time")]


def test_every_day_there_is_can_be_named_and_no_other() -> None:
    day, last = date(1970, 1, 1), date(2999, 12, 31)
    real = {(day + timedelta(days=n)).isoformat() for n in range((last - day).days + 1)}
    years = [*range(1970, 2120), 2200, 2300, 2400, 2800, 2899, 2900, 2996, 2999]
    named = (f"{y}-{m:02}-{d:02}" for y in years for m in range(14) for d in range(33))
    for each in named:
        assert bool(readers._TIME.fullmatch(f"{each}T00:00:00Z")) == (each in real), each


def test_an_answer_names_so_many_errors_and_no_longer_names_than_need_be() -> None:
    found = errors_of("milestone.release", {f"{n}": n for n in range(10_000)})
    assert len(found) == ERRORS_MAX
    ((path, _),) = errors_of("milestone.release", {"x" * 100_000: 1})
    assert len(path) < 200
    ((path, _),) = errors_of("milestone.release", {HALF: 1})
    assert path == "/a?"


# --- kinds that no action has yet ------------------------------------------------------------


@dataclass(frozen=True)
class Later:
    days: int
    loud: bool = False


@dataclass(frozen=True)
class Never:
    what: bytes


def test_whole_numbers_and_yes_or_no_are_read() -> None:
    read = readers.reader_of(fields.ObjectOf(Later, tuple(fields.fields_in(Later))))
    errors: readers.Errors = []
    assert read({"days": 3, "loud": True}, "", errors) == Later(3, loud=True)
    assert errors == []
    read({"days": True, "loud": 1}, "", errors)
    read({"days": 2**53}, "", errors)
    assert [(e.path, e.code) for e in errors] == [
        ("/days", "not_a_whole_number"),
        ("/loud", "not_true_or_false"),
        ("/days", "not_a_whole_number"),
    ]


def test_a_type_that_nobody_reads_is_found_when_the_class_is() -> None:
    with pytest.raises(TypeError, match="nobody said"):
        tuple(fields.fields_in(Never))
