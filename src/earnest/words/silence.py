"""The words of the clocks: what happens if nobody does anything, and of what can be recalled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words import disputes
from earnest.words.phrases import Phrases
from earnest.words.saying import N_, mark
from earnest.words.terms import Clause, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from earnest.core.terms import Terms

PHRASES: Final[Mapping[str, Phrases]] = {
    "release.recall": Phrases(
        "Recall the release",
        "Take {amount} back from {person}",
        keep="Let it become final",
        warning="The milestone holds the money again, and its clocks go on where they were. "
        "{person} sees that you took the release back.",
        is_danger=True,
        icon="undo-2",
    ),
    "release.finalize": Phrases("Make the release final"),
    "milestone.auto_release": Phrases("Release by the clock"),
    "milestone.return_overdue": Phrases("Return what is overdue"),
    "milestone.return_dormant": Phrases("Return what nobody touches"),
    "clock.defer": Phrases("Put off a clock"),
}

#: What a timeline tells.
HAPPENED: Final[Mapping[str, str]] = {
    "milestone.release_started": "Release on its way",
    "release.recalled": "Release recalled",
    "milestone.auto_released": "Not reviewed in time: released",
    "milestone.returned_overdue": "Nothing submitted in time: returned",
    "milestone.returned_dormant": "Nobody did anything for long: returned",
    "milestone.deferred": "Not everybody could be told in time: put off by 72 hours",
}

#: What is said before a release that can be recalled for some time.
WITH_UNDO: Final = N_(
    "For {undo} you can recall it. After that the money is the freelancer’s, and nobody can bring "
    "it back."
)

#: What a clock will do, by the event that tells of it then. Without anything paid: `nothing`; where
#: two people are: `both`.
STEPS: Final[Mapping[str, str]] = {
    "milestone.released": "{amount} is final for {person} on {time}",
    "milestone.auto_released": "{amount} is released to {person} on {time}",
    "milestone.tranche_paid": "{amount} is released to {person} on {time}",
    "milestone.returned_overdue": (
        "{amount} returns to {person} on {time}, as nothing was submitted"
    ),
    "milestone.returned_dormant": "{amount} returns to {person} on {time}, as nobody did anything",
    "contract.lapsed": "the offer lapses and {amount} returns to {person} on {time}",
    "contract.lapsed nothing": "the offer lapses on {time}",
    "project.lapsed": "{amount} returns to {person} on {time}",
    "project.lapsed nothing": "the project is closed on {time}",
    **disputes.STEPS,
    "deposit.expired nothing": "it is closed as unpaid on {time}, unless the money has come",
    "withdrawal.sent nothing": "it is sent on {time}",
    "withdrawal.expired": "{amount} returns to {person} on {time}, as it was not sent",
}

#: Below that: that it was put off, and when it happens if it will be.
PUT_OFF: Final = N_(
    "Not everybody who loses by it could be told in time, so it was put off, once, until {time}."
)
#: Of what somebody gets by a dispute: what they had put up themselves.
WITH_FEE: Final = N_("This includes {amount} of arbitration fee, which comes back.")
#: Of very many the first are told; below them, that they are not all.
FURTHER: Final = N_("More happens after that.")
#: By how many people it waits for: nobody is named where several things may wait.
LATEST: Final = (
    N_(
        "What costs somebody money waits 72 hours, once, if they cannot be told in time: "
        "until {time} at the latest."
    ),
    N_("If {person} cannot be told in time, 72 hours later: {time}."),
    N_("If not both sides can be told in time, 72 hours later: {time}."),
)

#: By whom: nobody is paid by it, one person, or both.
_HOW_MANY: Final = ("nothing", "", "both")

#: What a step says of when it is; a calendar knows that by itself.
_WHEN: Final = N_(" on {time}")

#: The same in a list, by the action of the clock: to whom a milestone's money would go.
NEXT_TO_FREELANCER: Final = "Next: {amount} released to {person} on {time}"
NEXT_TO_EMPLOYER: Final = "Next: {amount} returned to {person} on {time}"
RETURNS: Final = ("milestone.return_overdue", "milestone.return_dormant", "milestone.staff_return")
NEXT: Final[Mapping[str, str]] = {
    "tranche.pay": NEXT_TO_FREELANCER,
    "milestone.auto_release": NEXT_TO_FREELANCER,
    **dict.fromkeys(RETURNS, NEXT_TO_EMPLOYER),
    **disputes.NEXT_STEPS,
    "release.finalize": "Next: {amount} final for {person} on {time}",
}

#: What becomes of each silence, as the terms have it: whose silence it is, and then the sentences
#: of which the one that the terms give rise to is said.
_WALK: Final[Mapping[str, str]] = {
    "offer": "Nobody answers the offer",
    "offer_then": "After {accept} it lapses, and all that is held for it returns to the employer.",
    "work": "The freelancer submits nothing",
    "work_overdue": "{overdue} after a due date that both agreed to, what is held returns to the "
    "employer; without one, when neither side has done anything for {dormant}.",
    "work_dormant": "When neither side has done anything for {dormant}, what is held returns to "
    "the employer. A due date that passes changes nothing.",
    "review": "The work is submitted, and the employer says nothing",
    "review_then": "After {review} what is held is released to the freelancer.",
    "review_never": "Nothing ever happens: it waits until the employer releases it, or the "
    "freelancer gives the money back.",
    "changes": "The employer asks for changes, and the freelancer says nothing",
    "changes_overdue": "What is held returns to the employer {overdue} after the due date or that "
    "request, whichever is later. The time to review stands still.",
    "changes_dormant": "When neither side has done anything for {dormant}, what is held returns to "
    "the employer.",
    "plan": "The date of a tranche comes, of a plan that both agreed to",
    "plan_then": "It is released to the freelancer, submitted or not. A milestone with such a plan "
    "has no time to review, and no date after which its money returns.",
    "undo": "The employer releases, and says nothing more",
    "undo_then": "After {undo} it is final; until then it can be recalled.",
    "undo_at_once": "It is final at once.",
    **disputes.WALK,
}
mark(PHRASES, HAPPENED, STEPS, NEXT, _WALK)


def step(event: str, payees: int, *, is_again: bool = False) -> str:
    """What a clock will do, by which nobody, one person or both are paid."""
    return STEPS[f"{event} {'again' if is_again else _HOW_MANY[payees]}".strip()]


def paid(sums: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """What such a sentence names: how much, to whom; and the rest, to a second one."""
    names = (("amount", "person"), ("rest", "second"))
    return {
        name: text
        for places, said in zip(names, sums, strict=False)
        for name, text in zip(places, said, strict=True)
    }


def entry(event: str, payees: int) -> str:
    """The same in a calendar, where it stands at its time."""
    return str(step(event, payees)).replace(str(_WHEN), "")


def walk(terms: Terms, *, is_planned: bool = False) -> list[Clause]:
    """Go through every silence that there can be under these terms, and say how each ends.

    Of plans it speaks where there is one.
    """
    ways = [*([("plan", "plan_then")] if is_planned else []), *_ways(terms)]
    return [Clause(_WALK[about], *_said(key, terms)) for about, key in ways]


def _ways(terms: Terms) -> Iterable[tuple[str, str]]:
    late = "dormant" if terms.overdue_seconds is None else "overdue"
    yield "offer", "offer_then"
    yield "work", f"work_{late}"
    yield "review", "review_never" if terms.review_seconds is None else "review_then"
    if terms.change_rounds != 0:
        yield "changes", f"changes_{late}"
    yield "undo", "undo_then" if terms.undo_seconds else "undo_at_once"
    yield "answer", f"answer_{terms.unanswered}"
    yield "negotiation", _negotiated(terms)
    yield "ruling", "ruling_never" if terms.ruling_seconds is None else "ruling_then"


def _negotiated(terms: Terms) -> str:
    """What a negotiation without a settlement leads to, with an arbitration fee or without."""
    fee = "fee" if terms.arbitration_bps else "free"
    return f"negotiation_{'never' if terms.negotiation_seconds is None else 'then'}_{fee}"


def _said(key: str, terms: Terms) -> tuple[str, bool]:
    """The sentence with its lengths, and whether what it tells of has no end."""
    lengths = {
        "accept": terms.accept_seconds,
        "review": terms.review_seconds,
        "overdue": terms.overdue_seconds,
        "dormant": terms.dormant_seconds,
        "undo": terms.undo_seconds,
        "freelancer": terms.answer_freelancer_seconds,
        "employer": terms.answer_employer_seconds,
        "negotiation": terms.negotiation_seconds,
        "ruling": terms.ruling_seconds,
    }
    said = {name: duration(n) for name, n in lengths.items() if n is not None}
    return _WALK[key].format_map(said), "_never" in key
