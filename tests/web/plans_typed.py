"""How the plan of a story is typed into its form: under one choice each, the retention last."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tests.scenarios.story import Asked
from tests.web.browser import Browser
from tests.web.reading import Form, form_in

from earnest.http.web.planning import ADD, SHARES, WHENS

_LINE: Final = re.compile(r"(milestones\.[0-9]+\.plan)\.([0-9]+)\.(\w+)")


def can_be_typed(asked: Asked) -> bool:
    """Whether all tranches are said in one way, and none but the last is kept back."""
    plans = [each["plan"] for each in _milestones(asked) if each.get("plan")]
    return all(_is_of_one_kind(plan) for plan in plans)


def _milestones(asked: Asked) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = asked.fields.get("milestones", [])
    return found


def _is_of_one_kind(plan: list[Mapping[str, Any]]) -> bool:
    kinds = {frozenset(each) - {"retention"} for each in plan}
    return len(kinds) == 1 and not any(each.get("retention") for each in plan[:-1])


async def laid_out(
    asked: Asked, typed: Mapping[str, str], form: Form, browser: Browser
) -> tuple[dict[str, str], Form]:
    """What is typed where, once every plan has a line for each of its tranches."""
    found = {name: text for name, text in typed.items() if not _LINE.fullmatch(name)}
    for place, milestone in enumerate(_milestones(asked)):
        plan, name = milestone.get("plan"), f"milestones.{place}.plan"
        if not plan:
            continue
        found[f"{name}.how"] = "parts"
        found[f"{name}.when"] = next(w for w, each in WHENS.items() if each in plan[0])
        found[f"{name}.share"] = next(s for s, each in SHARES.items() if each in plan[0])
        usual = len(plan) - bool(plan[-1].get("retention"))
        while _last(form, name) < usual:
            page = await browser.post(form.action, {**form.values, ADD: name})
            form = form_in(page)
        for old in range(len(plan)):
            new = old if old < usual else _last(form, name)
            for each in (*WHENS.values(), *SHARES.values()):
                text = typed.get(f"{name}.{old}.{each}")
                if text is not None:
                    found[f"{name}.{new}.{each}"] = text
    return found, form


def _last(form: Form, plan: str) -> int:
    """The line of what is kept back, below all others."""
    lines = (_LINE.fullmatch(each) for each in form.names)
    return max(int(each[2]) for each in lines if each and each[1] == plan)
