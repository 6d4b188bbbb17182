"""`earnest notice`: what somebody was told, and that they have read it."""

from __future__ import annotations

from tests.cli.deals import ANA, EMMA, agreed, people
from tests.cli.earnest import Earnest


def test_somebody_lists_what_they_were_told_and_reads_it(earnest: Earnest) -> None:
    people(earnest)
    agreed(earnest)
    funded, offered = earnest.json("notice", "list", "--as", ANA)["items"]
    assert offered["title"] == "Emma Berg offers you a contract"
    assert funded["amount"] == {"amount": "100.00", "currency": "USD"}
    assert earnest.json("notice", "show", funded["id"], "--as", ANA) == funded
    assert "Emma Berg offers you a contract" in earnest("notice", "list", "--as", ANA).stdout
    assert earnest.json("notice", "read", funded["id"], "--as", ANA) == {"marked": 1}
    (left,) = earnest.json("notice", "list", "--unread", "--as", ANA)["items"]
    assert left["id"] == offered["id"]
    assert earnest("notice", "read", "--all", "--as", ANA).stdout.strip() == "1 marked as read."
    assert earnest.json("notice", "list", "--unread", "--as", ANA)["items"] == []


def test_nobody_reads_what_was_told_to_another(earnest: Earnest) -> None:
    people(earnest)
    agreed(earnest)
    theirs = earnest.json("notice", "list", "--as", ANA)["items"][0]["id"]
    assert earnest.json("notice", "show", theirs, "--as", EMMA, code=1)["code"] == "not_found"
    assert earnest.json("notice", "read", theirs, "--as", EMMA, code=1)["code"] == "not_found"
    earnest("notice", "read", "--as", EMMA, code=2)
    earnest("notice", "read", theirs, "--all", "--as", EMMA, code=2)


def test_somebody_chooses_when_mails_come(earnest: Earnest) -> None:
    people(earnest)
    usual = earnest.json("notice", "choices", "--as", ANA)["mail"]
    chosen = ("--mail", "messages=never", "--mail", "work=daily")
    found = earnest.json("notice", "choices", *chosen, "--as", ANA)["mail"]
    assert found == {**usual, "messages": "never", "work": "daily"}
    assert "messages: never" in earnest("notice", "choices", "--as", ANA).stdout
    assert earnest.json("notice", "choices", "--as", EMMA)["mail"] == usual
    for wrong in ("messages", "weather=never", "work=weekly"):
        assert (
            "TOPIC=WHEN"
            in earnest("notice", "choices", "--mail", wrong, "--as", ANA, code=2).stderr
        )
