"""`earnest search` and `earnest index`: without a worker, and what is wrong with what was typed."""

from __future__ import annotations

import asyncio

import pytest
from tests.cli.deals import ANA, EMMA, EVE, agreed, people
from tests.cli.earnest import Earnest


def found(earnest: Earnest, *words: str, who: str = EMMA) -> list[str]:
    return [row["id"] for row in earnest.json("search", *words, "--as", who)["items"]]


def test_what_is_somebodys_is_found_without_a_worker(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    for words in (("logo",), ("logo", "col"), ("usd", "100"), (deal.milestone,)):
        assert found(earnest, *words) == found(earnest, *words, who=ANA) == [deal.milestone]
        assert found(earnest, *words, who=EVE) == []
    ana = found(earnest, "souza", "--type", "user")
    assert found(earnest, "ana", "--limit", "10") == [deal.contract, *ana]
    table = earnest("search", "logo", "--as", EMMA).stdout
    assert deal.milestone in table
    assert "Logo, in colour" in table
    assert earnest("search", "nothing", "--as", EMMA).stdout.strip() == "Nothing."


@pytest.mark.parametrize(
    "words",
    [
        ("search", "--as", EMMA),
        ("search", " ", "--as", EMMA),
        ("search", "x" * 201, "--as", EMMA),
        ("search", "x", "--as", EMMA, "--type", "bid"),
        ("search", "x", "--as", EMMA, "--limit", "0"),
    ],
)
def test_what_cannot_be_searched_for_is_wrong_usage(
    earnest: Earnest, words: tuple[str, ...]
) -> None:
    people(earnest)
    earnest(*words, code=2)


def test_searches_are_measured_where_there_is_something_to_find(earnest: Earnest) -> None:
    people(earnest)
    assert earnest.json("bench-search", code=1)["code"] == "too_little"
    agreed(earnest)
    earnest("index")
    told = earnest("bench-search", "--rounds", "1", "--plans").stdout
    assert "p95:" in told
    assert "documents_of_milestones" in told


def test_the_index_is_brought_up_to_date_and_built_again(earnest: Earnest) -> None:
    people(earnest)
    agreed(earnest)
    assert earnest.json("index")["written"] == 6
    assert earnest.json("index")["written"] == 0
    assert earnest.json("index", "--rebuild")["written"] == 0
    asyncio.run(earnest.sql("TRUNCATE documents"))
    assert earnest("index", "--rebuild").stdout.strip() == "Up to date: 6 written."
    assert len(found(earnest, "logo")) == 1
