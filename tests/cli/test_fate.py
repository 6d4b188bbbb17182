"""What happens if nobody does anything, and recalling a release, on the command line."""

from __future__ import annotations

import json

from tests.cli.deals import ANA, EMMA, EVE, accept, agreed, deposit, people, wallet
from tests.cli.earnest import Earnest
from tests.http.house import CLOCKED


def test_a_fate_is_told_to_people_and_to_programs(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    found = earnest.json("milestone", "fate", deal.milestone, "--as", ANA)
    (step,) = found["items"]
    assert (step["action"], found["ends"]) == ("milestone.return_dormant", True)
    told = earnest("milestone", "fate", deal.milestone).stdout
    assert step["at"] in told
    assert step["at_latest"] > step["at"]
    assert step["at_latest"] in told
    assert f"100.00 USD to {step['pays'][0]['to']}" in told
    assert "no end" not in told
    assert earnest.json("contract", "fate", deal.contract) == found
    hidden = earnest.json("contract", "fate", deal.contract, "--as", EVE, code=1)
    assert hidden["code"] == "not_found"
    earnest("milestone", "submit", deal.milestone, "--as", ANA)
    assert "no end" in earnest("milestone", "fate", deal.milestone).stdout
    assert earnest.json("milestone", "fate", deal.milestone) == {"items": [], "ends": False}


def test_a_payment_says_when_it_is_over(earnest: Earnest) -> None:
    people(earnest)
    amount = ("--amount", "5.00 USD", "--gateway", "sandbox", "--sandbox", "pay_short")
    number = earnest.json("deposit", "start", *amount, "--as", EMMA)["id"]
    (step,) = earnest.json("deposit", "fate", number, "--as", EMMA)["items"]
    assert (step["action"], step["pays"]) == ("deposit.expire", [])
    told = earnest("deposit", "fate", number).stdout
    assert step["at"] in told
    assert "at latest" not in told
    assert earnest.json("deposit", "fate", number, "--as", EVE, code=1)["code"] == "not_found"


def test_a_release_is_recalled_and_the_next_one_becomes_final(earnest: Earnest) -> None:
    people(earnest)
    deposit(earnest, "100.00 USD")
    offer = ("contract", "offer", "--freelancer", ANA, "--currency", "USD", "--as", EMMA)
    contract = earnest.json(*offer, "--terms", json.dumps(CLOCKED))["id"]
    line = ("--milestone", "description=Logo,amount=100.00", "--as", EMMA)
    (milestone,) = earnest.json("contract", "fund", contract, *line)["items"]
    accept(earnest, contract)
    release = ("milestone", "release", milestone["id"], "--as", EMMA)
    assert earnest.json(*release)["releasing"]["amount"] == "100.00"
    (begun,) = earnest.json("release", "list", "--status", "releasing", "--as", ANA)["items"]
    (step,) = earnest.json("release", "fate", begun["id"])["items"]
    assert (step["action"], step["at"]) == ("release.finalize", begun["final_at"])
    told = earnest("release", "recall", begun["id"], "--as", EMMA).stdout
    assert "recalled" in told
    earnest(*release)
    earnest("sandbox", "advance", "10m")
    assert wallet(earnest, ANA) == "100.00"
    refused = earnest.json("release", "recall", begun["id"], "--as", EMMA, code=1)
    assert refused["code"] == "wrong_status"
