"""Every Reason has its words, and every fact that the core gives is in them or known not to be."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import earnest.core
from earnest.core.actions import Reason, Refused
from earnest.core.contracts import ContractStatus
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.money import Money
from earnest.core.people import BOTH, EMPLOYER, FREELANCER, OPERATOR, SYSTEM, Party
from earnest.words.reasons import (
    EDGE,
    SENTENCES,
    TITLES,
    detail_of,
    facts_in,
    sentence,
    title_of,
)

USD60 = Money(6000, "USD")
CORE = Path(next(iter(earnest.core.__path__)))


def given_by_the_core() -> list[tuple[Reason, frozenset[str]]]:
    """Each ``Refused(Reason.X, {facts})`` that is written in the core."""
    found = []
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused":
                facts = node.args[1] if len(node.args) > 1 else ast.Dict([], [])
                reason = ast.unparse(node.args[0])
                if reason.startswith("Reason.") and isinstance(facts, ast.Dict):
                    keys = frozenset(ast.literal_eval(key) for key in facts.keys if key)
                    found.append((Reason[reason.removeprefix("Reason.")], keys))
    return found


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_words(reason: Reason) -> None:
    assert title_of(reason.value) == TITLES[reason]
    assert SENTENCES[reason]
    for text in SENTENCES[reason]:
        assert text.endswith(".")
        assert text[0].isupper() or text[0] == "{"


def test_there_are_no_words_for_reasons_that_are_gone() -> None:
    assert set(TITLES) == set(SENTENCES) == set(Reason)


def test_every_fact_that_the_core_gives_is_said_and_every_fact_said_is_given() -> None:
    given = given_by_the_core()
    assert len(given) > 10
    for reason, facts in given:
        said = facts - {"effect"}  # The problem carries it whole.
        assert said in {facts_in(text) for text in SENTENCES[reason]}, (reason, facts)


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (Refused(Reason.MORE_THAN_HELD, {"held": USD60}), "60.00 USD is held."),
        (Refused(Reason.NOT_ENOUGH_MONEY, {"missing": USD60}), "60.00 USD is missing."),
        (Refused(Reason.NOT_ENOUGH_MONEY), "There is not enough money for this."),
        (Refused(Reason.WRONG_CURRENCY, {"currency": "USD"}), "This is in USD."),
        (
            Refused(Reason.WRONG_STATUS, {"status": MilestoneStatus.RELEASED, "noun": "milestone"}),
            "This milestone is released.",
        ),
        (
            Refused(Reason.WRONG_STATUS, {"status": ContractStatus.ENDED, "noun": "contract"}),
            "This contract is ended.",
        ),
        (
            Refused(Reason.CHANGED, {"now": USD60}, "/funded"),
            "It has changed since you looked: now it is 60.00 USD.",
        ),
        (
            Refused(Reason.TOO_MANY_OFFERS, {"limit": 3}),
            "This person has not answered 3 offers of yours yet.",
        ),
    ],
)
def test_the_numbers_are_said_as_they_are(refused: Refused, said: str) -> None:
    assert sentence(refused) == said


@pytest.mark.parametrize(
    ("by", "who"),
    [
        (FREELANCER, "the freelancer"),
        (EMPLOYER, "the employer"),
        (BOTH, "the employer or the freelancer"),
        (OPERATOR | SYSTEM, "an operator"),
        (SYSTEM, "the system itself"),
        (frozenset({Party.ANYONE}), "the owner"),
    ],
)
def test_it_says_whose_part_it_is(by: frozenset[Party], who: str) -> None:
    assert sentence(Refused(Reason.NOT_YOUR_PART, {"by": by})) == f"Only {who} can do this."


def test_a_refusal_without_its_facts_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="without its facts"):
        sentence(Refused(Reason.MORE_THAN_HELD))


@pytest.mark.parametrize("code", sorted(EDGE))
def test_every_code_of_the_edge_has_its_words(code: str) -> None:
    assert title_of(code)
    assert detail_of(code).endswith(".")
    assert code not in set(Reason)


def test_a_code_that_nobody_knows_is_a_bug() -> None:
    with pytest.raises(ValueError, match="whatever"):
        title_of("whatever")
