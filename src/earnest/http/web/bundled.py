"""The two pages of a bundle: what would be released, and what became of each release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from earnest.core.actions import Reason, Refused
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.http.web import telling
from earnest.http.web.acting import CONFIRM, receipt_of
from earnest.http.web.finances import PICK
from earnest.http.web.menus import out_of_step
from earnest.http.web.rendering import page, said
from earnest.http.web.subjects import address_of
from earnest.words import bundles as words
from earnest.words.actions import phrases_of
from earnest.words.reasons import sentence
from earnest.words.terms import duration

if TYPE_CHECKING:
    from starlette.responses import Response

    from earnest.app import Preview
    from earnest.core.effects import Effect
    from earnest.core.milestones.row import Milestone
    from earnest.core.money import Money
    from earnest.http.web.visiting import Visit
    from earnest.store.intents import Intent
    from earnest.store.reads.collections import Happened


@dataclass(frozen=True, slots=True)
class Line:
    """One milestone of a bundle, and how its release stands."""

    intent: Intent
    row: Milestone
    person: str
    #: What it would lead to now; of what was done, nothing.
    outcome: Preview | Refused | None
    event: Happened | None
    problem: bytes | None

    @property
    def is_answered(self) -> bool:
        """Whether it was done or refused for ever."""
        return self.event is not None or self.problem is not None

    @property
    def release(self) -> Release | None:
        """What would be released, if exactly what was shown would still happen."""
        if self.is_answered or self.intent.is_over or isinstance(self.outcome, Refused | None):
            return None
        if self.outcome.effect.hash != self.intent.effect_hash:
            return None
        return next(row for row in self.outcome.event.rows if isinstance(row, Release))

    @property
    def effects(self) -> list[Effect]:
        """What it would move."""
        if self.release is None or isinstance(self.outcome, Refused | None):
            return []
        return [self.outcome.effect]

    def why(self, visit: Visit) -> str:
        """Why nothing is released of it."""
        if self.problem is not None:
            return self._why_refused(self.problem, visit)
        if isinstance(self.outcome, Refused):
            return _sentence(self.outcome, visit)
        return words.UNKNOWN if self.release is not None else words.CHANGED

    def _why_refused(self, problem: bytes, visit: Visit) -> str:
        """What it was answered; said anew if that is still why, else as the API says it."""
        told = msgspec.json.decode(problem)
        if isinstance(self.outcome, Refused) and self.outcome.reason.value == told["code"]:
            return _sentence(self.outcome, visit)
        detail: str = told["detail"]
        return words.CHANGED if told["code"] == "effect_changed" else detail

    @property
    def shown(self) -> dict[str, Any]:
        """What both pages say of it."""
        return {"row": self.row, "href": address_of(self.row), "person": self.person}


def review(visit: Visit, path: str, lines: Sequence[Line], *, is_unticked: bool) -> Response:
    """Each amount and person, the sums, and what cannot be released and why."""
    good = [(each, each.release) for each in lines]
    found = [(each, release) for each, release in good if release is not None]
    left = [each for each in lines if each.release is None]
    sums = _sums([release.amount for _, release in found])
    return page(
        visit,
        "bundles/review.html",
        status=422 if is_unticked else 200,
        section="finances",
        path=path,
        errors=[{"field": "ok", "text": CONFIRM}] if is_unticked else [],
        phrases=phrases_of(ReleaseMilestone.name),
        rows=[
            {**each.shown, "amount": row.amount, "fee": row.fee, "undo": _undo(row)}
            for each, row in found
        ],
        is_final=any(row.wakes_at is None for _, row in found),
        sums=sums,
        together=_together(sums, visit),
        left=[{**each.shown, "why": each.why(visit)} for each in left],
        # What only is not as it was shown can be shown anew.
        again=[
            f"{PICK}{each.row.reference}"
            for each in lines
            if not isinstance(each.outcome, Refused | None)
        ]
        if any(not isinstance(each.outcome, Refused) for each in left)
        else [],
        expires_at=min(each.intent.expires_at for each in lines),
    )


def results(visit: Visit, path: str, lines: Sequence[Line]) -> Response:
    """What became of each: its receipt, or why nothing was released of it."""
    done = [(each, each.event) for each in lines]
    rows = [{**each.shown, **_told(event)} for each, event in done if event is not None]
    left = [each for each in lines if each.event is None]
    sums = _sums([row["amount"] for row in rows])
    return page(
        visit,
        "bundles/results.html",
        section="finances",
        path=path,
        rows=rows,
        count=len(lines),
        sums=sums,
        together=_together(sums, visit),
        left=[{**each.shown, "why": each.why(visit)} for each in left],
        can_retry=any(each.release is not None for each in left),
    )


def _told(event: Happened) -> dict[str, Any]:
    """What an event of a release says: how much, its receipt, and when it is final."""
    body = telling.body_of(event)
    (made,) = body.of(Release)
    amount = telling.total(body.transfers)
    assert amount is not None, "a release moves something"
    final_at = made["final_at"]
    return {
        "amount": amount,
        "receipt": receipt_of(event.id),
        "final_at": datetime.fromisoformat(final_at) if final_at else None,
    }


def _sums(amounts: Sequence[Money]) -> list[Money]:
    """What these add up to in each currency, the most used first."""
    sums: dict[str, Money] = {}
    for each in amounts:
        before = sums.get(each.currency)
        sums[each.currency] = each if before is None else before + each
    return [*sums.values()]


def _together(sums: Sequence[Money], visit: Visit) -> str:
    return words.together([said(each, visit) for each in sums], visit.locale)


def _undo(row: Release) -> str:
    """For how long it can be recalled; empty if it is final at once."""
    if row.wakes_at is None:
        return ""
    return duration(int((row.wakes_at - row.created_at).total_seconds()))


def _sentence(refused: Refused, visit: Visit) -> str:
    if refused.reason is Reason.WRONG_STATUS:
        return out_of_step(ReleaseMilestone.name, refused)[1]
    return sentence(refused, lambda amount: said(amount, visit))
