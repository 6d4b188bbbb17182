"""What the command line says of a person."""

from __future__ import annotations

from tests.cli.deals import ANA, EMMA, EVE, agreed, people
from tests.cli.earnest import Earnest


def test_a_record_is_printed_for_people_and_for_programs(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    earnest("milestone", "release", deal.milestone, "--as", EMMA)
    earnest("contract", "end", deal.contract, "--as", EMMA)
    found = earnest.json("user", "reputation", ANA)
    assert found["as_freelancer"]["completion_rate"] == {
        "percent": 100, "count": 1, "of": 1, "counterparties": 1,
    }  # fmt: skip
    assert found["as_employer"]["contracts"]["of"] == 0
    text = " ".join(earnest("user", "reputation", EMMA).stdout.split())
    assert "employer Released to freelancers 100 % of 1 milestone; with 1 freelancer" in text
    assert "freelancer Completion rate – No contract has ended yet" in text


def test_a_newcomer_has_a_record_and_nobody_has_none(earnest: Earnest) -> None:
    people(earnest)
    assert "%" not in earnest("user", "reputation", EVE).stdout
    assert earnest.json("user", "reputation", "nobody@example.com", code=1)["code"] == (
        "person_unknown"
    )
