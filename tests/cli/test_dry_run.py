"""Looking first, on the command line."""

from __future__ import annotations

from tests.cli.deals import ANA, EMMA, agreed, people, wallet
from tests.cli.earnest import Earnest


def test_a_dry_run_says_what_would_happen_and_does_nothing(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    release = ("milestone", "release", deal.milestone, "--amount", "40.00", "--as", EMMA)
    found = earnest.json(*release, "--dry-run", "--key", "mine")
    assert found["statuses"] == [[deal.milestone, "funded"], ["new:0", "final"]]
    assert found["transfers"][0][4:] == ["40.00", "USD"]
    assert found["events"] == [{"name": "milestone.released", "subject": deal.milestone}]
    told = earnest(*release, "--dry-run").stdout
    assert "Nothing was done. This would happen:" in told
    assert f"{deal.milestone} is funded" in told
    assert f"40.00 USD from escrow {deal.milestone} to wallet usr_" in told
    assert f"earnest milestone release {deal.milestone} … --if-effect" in told
    assert found["effect_hash"] in told
    assert "If nobody does anything then:" in told
    (step,) = found["fate"]["items"]
    pays = f"60.00 USD to {step['pays'][0]['to']}"
    assert f") milestone.return_dormant of {deal.milestone}, {pays}" in told
    assert "Z (at the latest 20" in told
    assert wallet(earnest, ANA) == "0.00"
    assert earnest.json(*release, "--key", "mine")["released"]["amount"] == "40.00"


def test_it_happens_only_if_it_is_still_what_was_seen(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    release = ("milestone", "release", deal.milestone, "--as", EMMA)
    seen = earnest.json(*release, "--dry-run")["effect_hash"]
    earnest(*release, "--amount", "1.00")
    told = earnest(*release, "--if-effect", seen, code=1).stderr
    assert "(effect_changed)" in told
    assert f"99.00 USD from escrow {deal.milestone}" in told
    refused = earnest.json(*release, "--if-effect", seen, code=1)
    assert wallet(earnest, ANA) == "1.00"
    now = refused["effect"]["effect_hash"]
    assert earnest.json(*release, "--if-effect", now)["status"] == "released"


def test_what_would_be_refused_is_refused(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    release = ("milestone", "release", deal.milestone, "--amount", "100.01", "--as", EMMA)
    assert earnest.json(*release, "--dry-run", code=1)["code"] == "more_than_held"
    assert "--if-effect" in earnest(*release, "--if-effect", "x", code=2).stderr
    say = ("contract", "say", deal.contract, "--text", "Hello", "--as", EMMA)
    assert "No money moves." in earnest(*say, "--dry-run").stdout
