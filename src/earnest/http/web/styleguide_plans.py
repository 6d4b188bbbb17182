"""The plans of the style guide: one that is half paid, and one that is being written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from earnest.core.money import Money
from earnest.http.web.planning import CHOICES, Sum
from earnest.http.web.plans import Bar, Drawn
from earnest.http.web.widgets import Widget, option_of
from earnest.words.actions import label_of

_PLAN: Final = "milestones.0.plan"
_OFF: Final = "objected to; the rest is released on its date"


def samples(noon: datetime) -> dict[str, Any]:
    """What `styleguide_pictures.html` shows of plans."""
    written, whole = _fields(_PLAN), _fields("milestones.1.plan")
    whole.chosen[0].value = "whole"
    wrong = written.rows[1][1]
    problems = [{"field": wrong.name, "text": f"Percent of tranche 2: {wrong.error}"}]
    return {
        "drawn": _drawn(noon),
        "plan_fields": written,
        "plan_whole": whole,
        "problems": problems,
    }


def _drawn(noon: datetime) -> Drawn:
    """One tranche was paid, of the next a part was objected to, the last is kept back."""
    lines = (
        (-20, 40_000, "paid", "Released", 40, 0, "20%"),
        (10, 25_000, "next", f"USD 150.00 {_OFF}", 40, 15, "50%"),
        (40, 30_000, "later", "Released on its date", 30, 0, "80%"),
        (60, 10_000, "gone", "Nothing is left for it", 10, 0, "100%"),
    )  # fmt: skip
    bars = [
        Bar(
            position,
            noon + timedelta(days=days),
            retention=position == len(lines),
            planned=Money(40_000 if position == 2 else minor, "USD"),  # noqa: PLR2004
            pays=Money(minor, "USD"),
            tone=tone,
            becomes=becomes,
            place=place,
            height=height,
            objected=objected,
            object_href="/tranches/TR-3/object" if tone == "later" else None,
        )
        for position, (days, minor, tone, becomes, height, objected, place) in enumerate(lines, 1)
    ]
    amount = Money(120_000, "USD")
    return Drawn(amount, bars, noon - timedelta(days=40), "40%", is_agreed=True, is_void=False)


def _fields(plan: str) -> Widget:
    """Two tranches, of which the second says no percent yet, and nothing that is kept back."""
    chosen = [
        Widget(
            "choice",
            f"{plan}.{choice}",
            label_of(f"plan.{choice}"),
            ways[-1] if choice == "how" else ways[0],
            options=[{**option_of(each), **_reveals(plan, each)} for each in ways],
        )
        for choice, ways in CHOICES.items()
    ]
    rows = [_row(plan, 0, "14", "60"), _row(plan, 1, "28", ""), _row(plan, 2, "", "")]
    rows[1][1].error = "This is required."
    total = Sum("en", "", 6_000, 10_000)
    return Widget("plan", plan, "Tranche", rows=rows, most=24, chosen=chosen, sum=total)


def _reveals(plan: str, way: str) -> dict[str, str]:
    return {"reveals": f"{plan}-parts".replace(".", "-")} if way == "parts" else {}


def _row(plan: str, line: int, days: str, percent: str) -> list[Widget]:
    named = {"after_days": days, "percent": percent, "retention": ""}
    return [
        Widget("text", f"{plan}.{line}.{name}", label_of(name), value)
        for name, value in named.items()
    ]
