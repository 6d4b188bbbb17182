"""The rule book is told whole, with its numbers, and promises nothing that does not happen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.terms import (
    BALANCED,
    BOUNDS,
    CLASSIC,
    DAY,
    HOUR,
    PRESETS,
    UNANSWERED,
    Terms,
    violations,
)
from earnest.words.actions import CHOICES
from earnest.words.languages import LANGUAGES
from earnest.words.reasons import facts_in
from earnest.words.saying import saying
from earnest.words.terms import (
    OPEN_ENDED,
    PRESET_NOTES,
    SENTENCES,
    TOPICS,
    Clause,
    duration,
    percent,
    sentences,
    summary,
)

FIELDS: Final = tuple(field.name for field in fields(Terms))

#: The terms with one field at another value, so that its neighbours stay what they may be.
PAIRED: Final = replace(
    BALANCED, arbitration_bps=500, match_seconds=4 * DAY, review_seconds=20 * DAY
)
OTHER_VALUES: Final[dict[str, object]] = {
    **{name: bounds.high for name, bounds in BOUNDS.items()},
    "rules": 2,
    "review_floor_seconds": 20 * DAY,
    "unanswered": "claim",
}


def text_of(clauses: list[Clause], about: str) -> str:
    return next(clause.text for clause in clauses if clause.about == about)


def marked(clauses: list[Clause]) -> list[str]:
    return [clause.about for clause in clauses if clause.open_ended]


@st.composite
def rule_books(draw: st.DrawFn) -> Terms:
    numbers = {
        name: draw(
            st.integers(bounds.low, bounds.high)
            | st.sampled_from([bounds.low, min(bounds.low + 1, bounds.high)])
            | (st.none() if bounds.limitless else st.nothing())
        )
        for name, bounds in BOUNDS.items()
    }
    terms = Terms(**numbers, unanswered=draw(st.sampled_from(UNANSWERED)))  # type: ignore[arg-type]
    floor = None if terms.review_seconds is None else DAY
    match = None if terms.arbitration_bps == 0 else 3 * DAY
    arbiters = 0 if terms.ruling_seconds is None else terms.next_arbiters
    return replace(terms, review_floor_seconds=floor, match_seconds=match, next_arbiters=arbiters)


def variants() -> Iterator[Terms]:
    """Rule books that between them need every sentence."""
    yield from (CLASSIC, BALANCED, PAIRED)
    for count in (0, 1, 2):
        yield replace(BALANCED, change_rounds=count, next_arbiters=count, fee_bps=250 * count)
    yield replace(BALANCED, negotiation_seconds=None)
    yield replace(BALANCED, unanswered="claim")


# --- nothing is left out ---------------------------------------------------------------------


def test_every_field_is_told_by_exactly_one_clause() -> None:
    told = [name for topic in TOPICS for name in topic.fields]
    assert sorted(told) == sorted(FIELDS)
    assert [clause.about for clause in sentences(CLASSIC)] == [topic.about for topic in TOPICS]


@pytest.mark.parametrize("name", FIELDS)
def test_another_value_of_a_field_is_said_in_its_clause_and_in_no_other(name: str) -> None:
    before = sentences(PAIRED)
    after = sentences(replace(PAIRED, **{name: OTHER_VALUES[name]}))  # type: ignore[arg-type]
    topic = next(topic for topic in TOPICS if name in topic.fields)
    changed = [a.about for a, b in zip(after, before, strict=True) if a != b]
    assert changed == [topic.about]


def test_every_sentence_is_said_of_some_terms() -> None:
    said = {
        text
        for terms in variants()
        for text in [*(c.text for c in sentences(terms)), summary(terms)]
    }
    for key, template in SENTENCES.items():
        shape = re.sub(r"\\\{\w+\\\}", ".+", re.escape(template))
        assert any(re.fullmatch(shape, text) for text in said), key


def test_every_sentence_is_whole_and_names_fields_only() -> None:
    for template in [*SENTENCES.values(), *PRESET_NOTES.values()]:
        assert template[0].isupper()
        assert template.endswith(".")
        assert facts_in(template) <= set(FIELDS)
    assert set(SENTENCES) > OPEN_ENDED


@given(rule_books())
def test_any_terms_are_told_in_words_without_a_gap(terms: Terms) -> None:
    assert violations(terms) == ()
    gap = re.compile(r"\bnone\b|null|[{}_]|\b1 (?:days|hours|minutes|seconds|times)", re.IGNORECASE)
    for text in [*(clause.text for clause in sentences(terms)), summary(terms)]:
        assert not gap.search(text)
        assert text.endswith(".")


# --- what has no end is said to have none -----------------------------------------------------


def test_what_waits_without_a_date_is_marked() -> None:
    assert marked(sentences(CLASSIC)) == [
        "Reviewing the work",
        "Negotiating a dispute",
        "The ruling",
    ]
    assert marked(sentences(BALANCED)) == []


def test_only_a_fee_takes_a_dispute_out_of_a_negotiation_without_a_limit() -> None:
    said = text_of(sentences(CLASSIC), "Negotiating a dispute")
    assert "until both agree or one side takes it to arbitration" in said
    free = replace(CLASSIC, arbitration_bps=0, match_seconds=None)
    assert "until both agree;" in text_of(sentences(free), "Negotiating a dispute")


def test_a_fee_that_nobody_puts_up_leads_to_the_default_ruling() -> None:
    said = text_of(sentences(PAIRED), "Negotiating a dispute")
    assert said.endswith("by then, the default ruling of the rules stands.")


# --- the presets -----------------------------------------------------------------------------

CLASSIC_SAID: Final = {
    "Answering an offer": "The freelancer answers an offer within 36 hours, else it lapses and all "
    "that is held for it returns to the employer.",
    "Reviewing the work": "There is no limit: submitted work waits until the employer releases it "
    "or the freelancer gives the money back; nothing happens by itself.",
    "Asking for changes": "There is no limit: the employer may ask for changes as often as they "
    "like.",
    "Overdue work": "Nothing happens by itself when a due date passes.",
    "A silent contract": "If neither side does anything under the contract for 180 days, what is "
    "held for work that is not submitted returns to the employer.",
    "Taking a release back": "A release is final at once.",
    "Answering a dispute": "A dispute is answered within 4 days by the freelancer or within 14 "
    "days by the employer, else the claim of the side that opened it stands.",
    "Negotiating a dispute": "There is no limit: a dispute is negotiated until both agree or one "
    "side takes it to arbitration; nothing happens by itself.",
    "The arbitration fee": "Arbitration costs each side 5\u00a0% of the disputed amount, at least "
    "the operator's minimum and at most a quarter of that amount; if the other side does not pay "
    "too within 4 days, the claim of the side that paid stands.",
    "The ruling": "There is no limit: a dispute in arbitration waits until the arbiter rules; "
    "nothing happens by itself.",
    "The platform fee": "The platform keeps nothing of what reaches the freelancer.",
    "The version of the rules": "Version 1 of the rules reads these terms; later versions do not "
    "change them.",
}
BALANCED_SAID: Final = {
    **CLASSIC_SAID,
    "Reviewing the work": "The employer has 14 days in all to review submitted work, and at least "
    "3 days after each submission; then what is held is released to the freelancer. Asking for "
    "changes pauses this time and never starts it anew.",
    "Asking for changes": "The employer may ask for changes 3 times.",
    "Overdue work": "If nothing is submitted within 30 days after the due date or the last request "
    "for changes, whichever is later, what is held returns to the employer. A due date counts only "
    "if the freelancer proposed or agreed to it.",
    "Taking a release back": "The employer may take a release back for 10 minutes; after that it "
    "is final.",
    "Answering a dispute": "A dispute is answered within 7 days by the freelancer or within 7 days "
    "by the employer, else it goes straight to arbitration.",
    "Negotiating a dispute": "A dispute is negotiated for at most 14 days; then it goes to "
    "arbitration.",
    "The arbitration fee": "Arbitration costs neither side anything.",
    "The ruling": "The arbiter rules within 14 days, else the next one is named, up to 2 more; if "
    "all of them stay silent, the default ruling of the rules stands.",
}


@pytest.mark.parametrize(
    ("terms", "said"), [(CLASSIC, CLASSIC_SAID), (BALANCED, BALANCED_SAID)], ids=PRESETS
)
def test_the_preset_is_told_as_it_is_agreed(terms: Terms, said: dict[str, str]) -> None:
    assert {clause.about: clause.text for clause in sentences(terms)} == said


def test_every_preset_has_its_note() -> None:
    assert set(PRESET_NOTES) == set(PRESETS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_original_rules_are_described_alike_wherever_they_are_chosen(language: str) -> None:
    with saying(language):
        assert str(CHOICES["classic"][1]) == str(PRESET_NOTES["classic"]) == summary(CLASSIC)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (
            CLASSIC,
            (
                "Submitted work waits for a person; what nobody touches for 180 days returns to "
                "the employer, an unanswered offer lapses, and disputes have deadlines of their "
                "own."
            ),
        ),
        (BALANCED, "Every funded state has a known end."),
        (replace(BALANCED, negotiation_seconds=None), SENTENCES["summary_some"]),
        (replace(BALANCED, ruling_seconds=None, next_arbiters=0), SENTENCES["summary_some"]),
        (replace(CLASSIC, overdue_seconds=30 * DAY), SENTENCES["summary_some"]),
    ],
)
def test_the_summary_says_what_becomes_of_the_money(terms: Terms, said: str) -> None:
    assert summary(terms) == said


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (DAY, "1 day"),
        (14 * DAY, "14 days"),
        (730 * DAY, "730 days"),
        (36 * HOUR, "36 hours"),
        (HOUR, "1 hour"),
        (60, "1 minute"),
        (600, "10 minutes"),
        (1, "1 second"),
        (36 * HOUR + 1, "129,601 seconds"),
    ],
)
def test_a_length_of_time_is_said_exactly(seconds: int, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("bps", "said"),
    [(500, "5"), (250, "2.5"), (1, "0.01"), (10, "0.1"), (1_005, "10.05"), (10_000, "100")],
)
def test_a_share_is_said_in_percent(bps: int, said: str) -> None:
    assert percent(bps) == f"{said}\u00a0%"


@pytest.mark.parametrize(
    ("rounds", "said"),
    [
        (0, "The employer cannot ask for changes of submitted work."),
        (1, "The employer may ask for changes once."),
        (2, "The employer may ask for changes 2 times."),
    ],
)
def test_rounds_are_counted_as_people_do(rounds: int, said: str) -> None:
    terms = replace(BALANCED, change_rounds=rounds)
    assert text_of(sentences(terms), "Asking for changes") == said
