"""Which actions a page offers, in which order, and why the others cannot be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from earnest.core.actions import ACTIONS, Reason, Refused
from earnest.core.disputes.row import Dispute
from earnest.core.money import Money
from earnest.core.people import ARBITER, BOTH, Party
from earnest.http.web.rendering import said
from earnest.http.web.subjects import verb_of
from earnest.words import problems as words
from earnest.words.actions import phrases_of
from earnest.words.reasons import sentence

if TYPE_CHECKING:
    from earnest.core.rows import Row
    from earnest.http.web.subjects import About

#: The natural next step comes first.
_FIRST: Final = (
    "contract.accept",
    "milestone.object",
    "milestone.staff_confirm",
    "milestone.release",
    "milestone.request_changes",
    "milestone.submit",
    "milestone.fund",
    "contract.fund",
    "withdrawal.approve",
    "dispute.take",
    "dispute.rule",
    "dispute.respond",
    "dispute.pay_fee",
    "dispute.accept_offer",
    "dispute.offer",
    "dispute.sealed_offer",
    "dispute.exhibit",
    "bid.place",
    "bid.award",
    "project.reserve",
)
#: What has its own place on a page, or happens by itself.
_ELSEWHERE: Final = frozenset({"contract.say", "contract.inspect", "project.ask", "project.answer"})
#: What has its own place once it can be done; until then it is told why it cannot.
_IN_A_CARD: Final = frozenset(
    {
        *("milestone.agree_edit", "contract.agree_terms", "review.give"),
        *("dispute.agree_extension", "dispute.open_exhibit"),
    }
)


def menu(row: Row, names: Sequence[str], address: str) -> list[dict[str, Any]]:
    """The actions that can be done now: what is natural first, what takes away last."""
    shown = sorted((n for n in names if n not in _ELSEWHERE | _IN_A_CARD), key=_place)
    items: list[dict[str, Any]] = []
    for name in shown:
        phrases = phrases_of(name)
        first = phrases.is_danger and bool(items) and not items[-1]["danger"]
        items.append(
            {
                "name": name,
                "href": f"{address}/{verb_of(name, type(row))}",
                "text": phrases.label,
                "icon": phrases.icon,
                "danger": phrases.is_danger,
                "first_of_group": first,
            }
        )
    return items


def _place(name: str) -> tuple[bool, int]:
    first = _FIRST.index(name) if name in _FIRST else len(_FIRST)
    return phrases_of(name).is_danger, first


def cannot(about: About) -> list[Mapping[str, str]]:
    """What either side could do at another time, and why it cannot be done now by the reader.

    An arbiter reads what an arbiter could.
    """
    parties = BOTH
    if isinstance(about.row, Dispute) and about.row.arbiter_id == about.visit.me.id:
        parties = ARBITER
    return [
        {"action": f"{phrases_of(name).label}:", "sentence": why(name, refused, about)}
        for name, refused in about.standing.items()
        if refused is not None and ACTIONS[name].by & parties and name not in _ELSEWHERE
    ]


def why(name: str, refused: Refused, about: About) -> str:
    """The sentence of a refusal; whose part it is, by name, and what is short or out of step."""
    if refused.reason is Reason.WRONG_STATUS:
        return out_of_step(name, refused)[1]
    missing = refused.facts.get("missing")
    if isinstance(missing, Money):
        return words.MISSING.format(missing=said(missing, about.visit))
    if refused.reason is Reason.NOT_YOUR_PART:
        by = refused.facts["by"]
        if by == {Party.EMPLOYER} and about.employer:
            return words.ONLY_EMPLOYER.format(name=about.employer)
        if by == {Party.FREELANCER} and about.freelancer:
            return words.ONLY_FREELANCER.format(name=about.freelancer)
        if by == {Party.ANYONE} and about.is_employer:
            return words.OWN_PROJECT
    return sentence(refused, lambda amount: said(amount, about.visit))


def out_of_step(name: str, refused: Refused) -> tuple[str, str]:
    """The title and the sentence of what is refused in this status."""
    noun, status = cast("tuple[str, str]", (refused.facts["noun"], refused.facts["status"]))
    return words.out_of_step(noun, status, ACTIONS[name].when)
