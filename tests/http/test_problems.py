"""Refusals are RFC 9457 problems: one status per reason, and the wrong fields named."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from earnest.core.actions import Reason, Refused
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.money import Money
from earnest.core.people import FREELANCER
from earnest.http.problems import (
    EDGE_STATUS,
    HEADERS,
    STATUS,
    invalid,
    problem_for,
    problem_of,
    status_in,
    status_of,
)
from earnest.wire.parse import FieldError, Invalid, parse_action
from earnest.words.reasons import EDGE

USD60 = Money(6000, "USD")


def read(problem: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(problem)
    assert found["status"] == status_in(problem)
    return found


def test_every_reason_has_its_status() -> None:
    assert set(STATUS) == set(Reason)


def test_every_code_of_the_edge_has_its_status_and_its_words() -> None:
    assert EDGE_STATUS.keys() == EDGE.keys()
    assert not EDGE_STATUS.keys() & set(Reason)
    assert HEADERS.keys() <= EDGE_STATUS.keys()


#: What is so whatever somebody says in a dispute, or of what staff would return.
OF_DISPUTES: Final = {
    *("dispute_open", "withdrawn_before", "staff_cancel_already_asked"),
    *("staff_cancel_not_asked", "staff_cancel_already_confirmed"),
    *("second_operator_needed", "not_the_opener", "not_answered", "no_offer_open"),
    *("no_round_open", "no_fee_asked", "fee_already_paid", "no_clock_runs"),
    *("no_arbiter_named", "arbiter_already_named", "refused_before", "not_taken"),
    *("too_late_to_refuse", "already_taken", "exhibits_closed", "exhibits_open"),
    *("too_many_exhibits", "too_late_to_ask", "exhibit_unopened", "already_opened"),
}


def test_statuses_are_as_promised() -> None:
    """The list of the interfaces, by hand."""
    by_status: dict[int, set[str]] = {}
    for code in [*Reason, *EDGE_STATUS]:
        by_status.setdefault(status_of(code).value, set()).add(code)
    assert by_status.pop(422) >= {
        *("invalid", "key_reused", "wrong_currency", "amount_not_positive", "not_an_amount"),
        *("more_than_held", "not_enough_money", "terms_not_offered", "due_in_past"),
    }
    assert by_status == {
        400: {
            *("malformed", "idempotency_key_required", "idempotency_key_invalid"),
            "cursor_invalid",
        },
        401: {"unauthorized"},
        403: {
            *("suspended", "not_your_part", "scope_missing", "address_unverified"),
            *("cross_site", "form_too_old", "signup_closed"),  # What only pages say.
        },
        404: {"not_found"},
        405: {"method_not_allowed"},
        409: {
            *("project_ended", "bidding_closed", "already_bid", "already_shortlisted"),
            *("not_shortlisted", "offer_waiting"),
            *("wrong_status", "changed", "too_many_offers", "contract_not_active", "not_yet_due"),
            *("contract_not_offered", "still_holding", "cancel_already_asked", "cancel_not_asked"),
            *("no_edit_open", "nothing_to_agree", "plan_not_agreed", "not_your_turn"),
            *("nothing_paid", "review_too_late", "already_reviewed", "nothing_reserved"),
            *OF_DISPUTES,
            *("nothing_held", "still_releasing", "no_rounds_left", "budget_spent", "date_passed"),
            "effect_changed",
        },
        413: {"too_large"},
        415: {"unsupported_media_type"},
        429: {"too_many_requests"},
        500: {"internal"},
        503: {"books_do_not_balance", "database_gone", "busy", "disk_full"},
    }


def test_a_refusal_is_these_bytes() -> None:
    assert problem_of(Refused(Reason.MORE_THAN_HELD, {"held": USD60}, "/amount")) == (
        b'{"type":"/docs/problems#more_than_held","title":"More than is held","status":422,'
        b'"detail":"60.00 USD is held.","code":"more_than_held","errors":'
        b'[{"path":"/amount","code":"more_than_held","detail":"60.00 USD is held."}]}'
    )


def test_a_refusal_of_no_field_names_none() -> None:
    problem = read(problem_of(Refused(Reason.NOT_YOUR_PART, {"by": FREELANCER})))
    assert "errors" not in problem
    assert (problem["status"], problem["detail"]) == (403, "Only the freelancer can do this.")
    facts = {"status": MilestoneStatus.RELEASED, "noun": "milestone"}
    assert read(problem_of(Refused(Reason.WRONG_STATUS, facts)))["status"] == 409


@pytest.mark.parametrize("code", sorted(EDGE_STATUS))
def test_every_code_of_the_edge_is_a_problem_by_itself(code: str) -> None:
    problem = read(problem_for(code))
    assert list(problem) == ["type", "title", "status", "detail", "code"]
    assert problem["code"] == code
    assert read(problem_for(code, "It has a reason."))["detail"] == "It has a reason."


def test_a_retry_is_told_when_and_a_stranger_how() -> None:
    waits = {code for code, status in EDGE_STATUS.items() if status in {429, 503}}
    assert {code for code, headers in HEADERS.items() if "Retry-After" in headers} == waits
    assert HEADERS["unauthorized"] == {"WWW-Authenticate": "Bearer"}


def wrong(body: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(Invalid) as caught:
        parse_action("milestone.release", 1, body)
    return read(invalid(caught.value.errors))


def test_one_thing_wrong_with_an_amount_is_the_code_of_the_problem() -> None:
    for amount, code in (("x", "not_an_amount"), ("1.234", "too_many_decimals")):
        problem = wrong({"amount": {"amount": amount, "currency": "USD"}})
        assert (problem["status"], problem["code"]) == (422, code)
        assert [e["path"] for e in problem["errors"]] == ["/amount/amount"]


def test_several_things_wrong_are_invalid_and_all_named() -> None:
    problem = wrong({"amount": {"amount": "x", "currency": "y"}})
    assert (problem["status"], problem["code"]) == (422, "invalid")
    assert [e["code"] for e in problem["errors"]] == ["not_an_amount", "unknown_currency"]
    assert all(list(e) == ["path", "code", "detail"] for e in problem["errors"])


def test_what_only_a_field_can_be_is_invalid() -> None:
    assert wrong({"status": "released"})["code"] == "invalid"


def test_a_reason_that_the_edge_finds_itself_is_the_code_of_the_problem() -> None:
    errors = [FieldError("/gateway", "gateway_not_offered", "This gateway is not offered here.")]
    assert read(invalid(errors))["code"] == "gateway_not_offered"
