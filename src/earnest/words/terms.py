"""The rule book of a contract in sentences: what happens, when, and to whose advantage.

A sentence promises only what this version does, and this one winds every clock there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.core.terms import DAY, HOUR, as_json
from earnest.words.formats import counted, percent_of
from earnest.words.saying import N_, counts, mark, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.core.terms import Terms

_MINUTE: Final = 60
_UNITS: Final = (
    (DAY, counts("1 day", "{count} days")),
    (HOUR, counts("1 hour", "{count} hours")),
    (_MINUTE, counts("1 minute", "{count} minutes")),
    (1, counts("1 second", "{count} seconds")),
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of the rule book, said to people."""

    about: str
    text: str
    #: Something waits, and no date ends the waiting.
    open_ended: bool


class Topic(NamedTuple):
    """What one clause is about: the name of its sentences, its title, the fields it tells."""

    key: str
    about: str
    fields: tuple[str, ...]


#: What each preset is meant to do.
PRESET_NOTES: Final[Mapping[str, str]] = {
    "classic": (
        "Submitted work waits for a person; what nobody touches for 180 days returns to the "
        "employer, an unanswered offer lapses, and disputes have deadlines of their own."
    ),
    "balanced": "Every funded state has a known end: silence has a date and a consequence.",
}

#: The clocks of which each alone ends some waiting; that of what nobody touches is in all terms.
_ENDING: Final = ("review_seconds", "overdue_seconds", "negotiation_seconds", "ruling_seconds")

#: The clauses in their order, each with the fields that it tells.
TOPICS: Final = (
    Topic("accept", N_("Answering an offer"), ("accept_seconds",)),
    Topic("review", N_("Reviewing the work"), ("review_seconds", "review_floor_seconds")),
    Topic("changes", N_("Asking for changes"), ("change_rounds",)),
    Topic("overdue", N_("Overdue work"), ("overdue_seconds",)),
    Topic("dormant", N_("A silent contract"), ("dormant_seconds",)),
    Topic("undo", N_("Taking a release back"), ("undo_seconds",)),
    Topic(
        "answer",
        N_("Answering a dispute"),
        ("answer_freelancer_seconds", "answer_employer_seconds", "unanswered"),
    ),
    Topic("negotiation", N_("Negotiating a dispute"), ("negotiation_seconds",)),
    Topic("arbitration", N_("The arbitration fee"), ("arbitration_bps", "match_seconds")),
    Topic("ruling", N_("The ruling"), ("ruling_seconds", "next_arbiters")),
    Topic("fee", N_("The platform fee"), ("fee_bps",)),
    Topic("rules", N_("The version of the rules"), ("rules",)),
)

#: Every sentence, whole, so that it can be translated whole; what varies is called as its field.
SENTENCES: Final[Mapping[str, str]] = {
    "accept": (
        "The freelancer answers an offer within {accept_seconds}, else it lapses and all that is "
        "held for it returns to the employer."
    ),
    "review": (
        "The employer has {review_seconds} in all to review submitted work, and at least "
        "{review_floor_seconds} after each submission; then what is held is released to the "
        "freelancer. Asking for changes pauses this time and never starts it anew."
    ),
    "review_none": (
        "There is no limit: submitted work waits until the employer releases it or the freelancer "
        "gives the money back; nothing happens by itself."
    ),
    "changes_0": "The employer cannot ask for changes of submitted work.",
    "changes_1": "The employer may ask for changes once.",
    "changes": "The employer may ask for changes {change_rounds} times.",
    "changes_none": "There is no limit: the employer may ask for changes as often as they like.",
    "overdue": (
        "If nothing is submitted within {overdue_seconds} after the due date or the last request "
        "for changes, whichever is later, what is held returns to the employer. A due date counts "
        "only if the freelancer proposed or agreed to it."
    ),
    "overdue_none": "Nothing happens by itself when a due date passes.",
    "dormant": (
        "If neither side does anything under the contract for {dormant_seconds}, what is held for "
        "work that is not submitted returns to the employer."
    ),
    "undo": "The employer may take a release back for {undo_seconds}; after that it is final.",
    "undo_none": "A release is final at once.",
    "answer_claim": (
        "A dispute is answered within {answer_freelancer_seconds} by the freelancer or within "
        "{answer_employer_seconds} by the employer, else the claim of the side that opened it "
        "stands."
    ),
    "answer_arbitration": (
        "A dispute is answered within {answer_freelancer_seconds} by the freelancer or within "
        "{answer_employer_seconds} by the employer, else it goes straight to arbitration."
    ),
    "negotiation": (
        "A dispute is negotiated for at most {negotiation_seconds}; then it goes to arbitration."
    ),
    "negotiation_fee": (
        "A dispute is negotiated for at most {negotiation_seconds}; if neither side has put up the "
        "arbitration fee by then, the default ruling of the rules stands."
    ),
    "negotiation_none": (
        "There is no limit: a dispute is negotiated until both agree; nothing happens by itself."
    ),
    "negotiation_none_fee": (
        "There is no limit: a dispute is negotiated until both agree or one side takes it to "
        "arbitration; nothing happens by itself."
    ),
    "arbitration": (
        "Arbitration costs each side {arbitration_bps} of the disputed amount, at least the "
        "operator's minimum and at most a quarter of that amount; if the other side does not pay "
        "too within {match_seconds}, the claim of the side that paid stands."
    ),
    "arbitration_none": "Arbitration costs neither side anything.",
    "ruling_0": (
        "The arbiter rules within {ruling_seconds}, else the default ruling of the rules stands."
    ),
    "ruling_1": (
        "The arbiter rules within {ruling_seconds}, else another one is named; if that one stays "
        "silent too, the default ruling of the rules stands."
    ),
    "ruling": (
        "The arbiter rules within {ruling_seconds}, else the next one is named, up to "
        "{next_arbiters} more; if all of them stay silent, the default ruling of the rules stands."
    ),
    "ruling_none": (
        "There is no limit: a dispute in arbitration waits until the arbiter rules; nothing "
        "happens by itself."
    ),
    "fee": "The platform keeps {fee_bps} of what reaches the freelancer, rounded down.",
    "fee_none": "The platform keeps nothing of what reaches the freelancer.",
    "rules": "Version {rules} of the rules reads these terms; later versions do not change them.",
    "summary_dormant": (
        "Submitted work waits for a person; what nobody touches for {dormant_seconds} returns to "
        "the employer, an unanswered offer lapses, and disputes have deadlines of their own."
    ),
    "summary_all": "Every funded state has a known end.",
    "summary_some": "Some of what is funded has a known end; the rest waits for a person.",
}
mark(PRESET_NOTES, SENTENCES)
#: The sentences of what waits without a date: pages mark them.
OPEN_ENDED: Final = frozenset(
    {"review_none", "negotiation_none", "negotiation_none_fee", "ruling_none"}
)


def sentences(terms: Terms) -> list[Clause]:
    """Say every rule of a rule book."""
    return [_clause(topic, terms) for topic in TOPICS]


def summary(terms: Terms) -> str:
    """Say in one sentence what becomes of the money if nobody does anything."""
    by_clock = {name for name in _ENDING if getattr(terms, name) is not None}
    if {"review_seconds", "negotiation_seconds", "ruling_seconds"} <= by_clock:
        return SENTENCES["summary_all"]
    if {"review_seconds", "overdue_seconds"} & by_clock:
        return SENTENCES["summary_some"]
    return SENTENCES["summary_dormant"].format_map(_facts(terms))


def duration(seconds: int) -> str:
    """Say a length of time exactly, in the largest unit of which it is a whole number."""
    unit, words = next(found for found in _UNITS if seconds % found[0] == 0)
    count = seconds // unit
    return ngettext(*words, count).format(count=counted(count))


def percent(bps: int) -> str:
    """Say basis points as people do: ``5 %``, ``2.5 %``; the sign stays with its figure."""
    whole, rest = divmod(bps, 100)
    decimals = f".{rest:02}".rstrip("0") if rest else ""
    return percent_of(f"{whole}{decimals}")


def _clause(topic: Topic, terms: Terms) -> Clause:
    key = _key(topic, terms)
    return Clause(topic.about, SENTENCES[key].format_map(_facts(terms)), key in OPEN_ENDED)


def _key(topic: Topic, terms: Terms) -> str:
    """Choose the sentence by what was agreed."""
    match topic.key:
        case "answer":
            return f"answer_{terms.unanswered}"
        case "changes" if terms.change_rounds is not None:
            return _counted("changes", terms.change_rounds)
        case "negotiation" if terms.arbitration_bps:
            return "negotiation_fee" if terms.negotiation_seconds else "negotiation_none_fee"
        case "ruling" if terms.ruling_seconds is not None:
            return _counted("ruling", terms.next_arbiters)
        case key:
            # None is no limit; a fee or an undo window of 0 is none either.
            return key if getattr(terms, topic.fields[0]) else f"{key}_none"


def _counted(key: str, count: int) -> str:
    return f"{key}_{count}" if f"{key}_{count}" in SENTENCES else key


def _facts(terms: Terms) -> dict[str, str]:
    """Say every field that has a value; a sentence that needs one without is a bug."""
    found: dict[str, str] = {}
    for name, value in as_json(terms).items():
        if isinstance(value, int):
            if name.endswith("_seconds"):
                found[name] = duration(value)
            elif name.endswith("_bps"):
                found[name] = percent(value)
            else:
                found[name] = str(value)
    return found
