"""The bytes of each shape, spelled out: what was answered once is answered so for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec
import pytest

from earnest.core.contracts import About, Contract, ContractStatus, Message
from earnest.core.ledger import Transfer, escrow, fees
from earnest.core.milestones.releasing import Release, ReleaseStatus
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.money import Money
from earnest.core.people import SYSTEM_ID
from earnest.core.records import replace
from earnest.core.terms import CLASSIC
from earnest.wire import shapes
from earnest.wire.surroundings import Surroundings

#: The milliseconds are cut, not rounded.
MADE: Final = datetime(2026, 3, 4, 5, 6, 7, 89_999, tzinfo=UTC)
LATER: Final = datetime(2027, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
DUE: Final = datetime(2028, 1, 1, tzinfo=UTC)
RELEASING: Final = ReleaseStatus.RELEASING
EMPLOYER, FREELANCER, CONTRACT, MILESTONE = 2**62 + 1, 32, 1023, 2**63 - 1
AMOUNT: Final = Money(10_000, "USD")

ASKED: Final = Milestone(
    MILESTONE, CONTRACT, None, EMPLOYER, FREELANCER, 'A "logo" – 1€\n', AMOUNT, Money(7, "USD"),
    Money(3, "USD"), Money(0, "USD"), Money(5, "USD"), MilestoneStatus.SUBMITTED, DUE, "a1", "b2",
    MADE, LATER, 2, MADE, 1_000, None, None, LATER, MADE, LATER,
)  # fmt: skip
AGREED: Final = Contract(
    CONTRACT,
    None,
    None,
    EMPLOYER,
    FREELANCER,
    "USD",
    "b2",
    ContractStatus.ACTIVE,
    7,
    1,
    LATER,
    MADE,
    None,
    MADE,
    LATER,
)
AROUND: Final = Surroundings(
    {EMPLOYER: "Zoë <z>", FREELANCER: "Max"},
    {escrow(MILESTONE, "USD"): 9_995},
    {"b2": CLASSIC},
)


def usd(amount: str) -> str:
    """Dollars as every interface writes them."""
    return f'{{"amount":"{amount}","currency":"USD"}}'


PEOPLE: Final = (
    '"employer":{"id":"usr_4000000000001","name":"Zoë <z>"},'
    '"freelancer":{"id":"usr_0000000000010","name":"Max"},'
)

TERMS: Final = (
    '"terms":{"rules":1,"accept_seconds":129600,"review_seconds":null,'
    '"review_floor_seconds":null,"change_rounds":null,"overdue_seconds":null,'
    '"dormant_seconds":15552000,"undo_seconds":null,"answer_freelancer_seconds":345600,'
    '"answer_employer_seconds":1209600,"unanswered":"claim","negotiation_seconds":null,'
    '"arbitration_bps":500,"match_seconds":345600,"ruling_seconds":null,"next_arbiters":0,'
    '"fee_bps":0},"terms_hash":"b2"'
)
TIMES: Final = '"created_at":"2026-03-04T05:06:07.089Z","updated_at":"2027-12-31T23:59:59.999Z"'
LIVE: Final = "f966b5c1ec19925ccf8b9660a9c6d9701309a77b40eb1209877a8cce64d9f008"

BYTES: Final = {
    "milestone": (
        shapes.milestone(ASKED, AROUND),
        (
            '{"id":"ms_7ZZZZZZZZZZZZ","number":9223372036854775807,'
            f'"contract_id":"ctr_00000000000ZZ","project_id":null,{PEOPLE}'
            r'"description":"A \"logo\" – 1€\n","status":"submitted",'
            f'"amount":{usd("100.00")},"held":{usd("99.95")},"releasing":{usd("0.07")},'
            f'"frozen":{usd("0.03")},"released":{usd("0.00")},"returned":{usd("0.05")},'
            '"due_at":"2028-01-01T00:00:00.000Z","submitted_at":"2027-12-31T23:59:59.999Z",'
            '"rounds":2,"extra_rounds":0,"extra_review_days":0,"cancel_asked_at":null,'
            '"staff_return":null,"deferred_until":null,"agreed_at":null,"plan":null,'
            '"plan_agreed_at":null,'
            '"agreement_hash":"a1",'
            f'"terms_hash":"b2",{TIMES}}}'
        ),
    ),
    "contract": (
        shapes.contract(AGREED, AROUND),
        (
            f'{{"id":"ctr_00000000000ZZ","number":1023,"project_id":null,"bid_id":null,{PEOPLE}"currency":"USD",'
            f'"status":"active",{TERMS},"accept_by":null,{TIMES}}}'
        ),
    ),
    "contract with its milestones": (
        shapes.contract(AGREED, AROUND, [ASKED]),
        (
            f'{{"id":"ctr_00000000000ZZ","number":1023,"project_id":null,"bid_id":null,{PEOPLE}"currency":"USD",'
            f'"status":"active",{TERMS},"funded":{usd("99.95")},"milestones_hash":"{LIVE}",'
            f'"accept_by":null,{TIMES}}}'
        ),
    ),
    "release": (
        shapes.release(
            Release(
                9, CONTRACT, MILESTONE, Money(12, "JPY"), Money(1, "KWD"), RELEASING, LATER, MADE
            ),
            AROUND,
        ),
        (
            '{"id":"rel_0000000000009","number":9,"contract_id":"ctr_00000000000ZZ",'
            '"milestone_id":"ms_7ZZZZZZZZZZZZ","amount":{"amount":"12","currency":"JPY"},'
            '"fee":{"amount":"0.001","currency":"KWD"},"status":"releasing",'
            '"final_at":"2027-12-31T23:59:59.999Z","created_at":"2026-03-04T05:06:07.089Z"}'
        ),
    ),
    "message": (
        shapes.message(
            Message(9, CONTRACT, None, None, None, SYSTEM_ID, About.CANCEL, "x", ("a",), MADE),
            AROUND,
        ),
        (
            '{"id":"msg_0000000000009","number":9,"contract_id":"ctr_00000000000ZZ",'
            '"project_id":null,"milestone_id":null,"question_id":null,"sender":{"id":null,"name":"Earnest"},"about":"cancel","text":"x",'
            '"links":["a"],"files":[],"created_at":"2026-03-04T05:06:07.089Z"}'
        ),
    ),
    "transfer": (
        shapes.transfer(5, Transfer(escrow(MILESTONE, "USD"), fees("USD"), AMOUNT)),
        (
            '{"id":"tfr_0000000000005","debit":{"kind":"escrow","owner":"ms_7ZZZZZZZZZZZZ"},'
            f'"credit":{{"kind":"fees","owner":"0"}},"amount":{usd("100.00")}}}'
        ),
    ),
}


@pytest.mark.parametrize("noun", BYTES)
def test_a_shape_has_these_bytes(noun: str) -> None:
    shape, expected = BYTES[noun]
    assert msgspec.json.encode(shape).decode() == expected


def test_a_milestone_that_holds_nothing_says_so() -> None:
    ended = replace(ASKED, status=MilestoneStatus.RELEASED)
    assert usd("0.00") == bytes(shapes.milestone(ended, AROUND)["held"]).decode()


def test_a_person_with_another_name_is_shown_with_that() -> None:
    before = Surroundings({EMPLOYER: "Ada"}, {}, {}).person(EMPLOYER)
    after = Surroundings({EMPLOYER: "Ada L."}, {}, {}).person(EMPLOYER)
    assert bytes(before) == b'{"id":"usr_4000000000001","name":"Ada"}'
    assert bytes(after) == b'{"id":"usr_4000000000001","name":"Ada L."}'
