"""What a story says of plans in a word: 10d:40%,20d:60%:retention, or 12h:40.00,36h:60.00."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from tests.scenarios.agreeing import SPAN, span

#: A tranche of a milestone by its place in the plan: t2.
PLACE: Final = re.compile(r"t[1-9]")


def parted(words: list[str]) -> tuple[list[int], list[str]]:
    """The places among these words, and the other words."""
    places = [int(word[1:]) for word in words if PLACE.fullmatch(word)]
    return places, [word for word in words if not PLACE.fullmatch(word)]


def planned(given: dict[str, Any], now: Callable[[], datetime]) -> dict[str, Any]:
    """A plan that is said once is that of each milestone."""
    if "plan" not in given:
        return given
    said = given.pop("plan")
    plan = [tranche(each, now()) for each in said.split(",")]
    return {**given, "milestones": [{**line, "plan": plan} for line in given["milestones"]]}


def tranche(said: str, now: datetime) -> Mapping[str, Any]:
    """In so many days, or at a moment if it is said in hours; a share or an amount."""
    when, much, *kept_back = said.split(":")
    found = SPAN.fullmatch(when)
    assert found, said
    told: dict[str, Any] = {}
    if found[2] == "d":
        told["after_days"] = int(found[1])
    else:
        told["at"] = (now + span(found)).isoformat().replace("+00:00", "Z")
    if much.endswith("%"):
        told["percent"] = much.removesuffix("%")
    else:
        told["amount"] = {"amount": much, "currency": "USD"}
    return {**told, "retention": True} if kept_back else told
