"""Every log event and every metric is explained in the reference, and nothing else is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.http.house import Housing

ROOT: Final = Path(__file__).resolve().parents[2]
REFERENCE: Final = ROOT / "docs" / "reference"
LEVELS: Final = {
    "info": "info",
    "warning": "warning",
    "error": "error",
    "exception": "error",
    "critical": "critical",
}
#: Given to structlog itself.
OF_THE_LOGGER: Final = {"exc_info"}

Event = tuple[str, str, frozenset[str]]


def rows(page: str) -> list[list[str]]:
    """The rows of a page's table, each as its cells."""
    lines = (REFERENCE / page).read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:2] == "| "
    ]
    return cells[1:]


def names(cell: str) -> frozenset[str]:
    return frozenset(re.findall(r"`(\w+)`", cell))


def logged(text: str) -> Iterator[Event]:
    """What a module logs: the event, its level, and with what."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "log"
        ):
            (event,) = node.args
            assert isinstance(event, ast.Constant), "an event is a word"
            given = frozenset(each.arg or "" for each in node.keywords) - OF_THE_LOGGER
            yield str(event.value), LEVELS[node.func.attr], given


def test_every_event_of_the_log_is_explained() -> None:
    told: dict[str, Event] = {}
    for file in sorted((ROOT / "src").rglob("*.py")):
        for event in logged(file.read_text(encoding="utf-8")):
            assert told.setdefault(event[0], event) == event, f"{event[0]} is two different events"
    explained = {next(iter(names(cells[0]))): cells for cells in rows("logs.md")}
    assert sorted(told) == sorted(explained)
    for name, (_, level, given) in told.items():
        assert (name, level, given) == (name, explained[name][1], names(explained[name][2]))
        assert explained[name][3]


def test_what_is_logged_is_found() -> None:
    assert list(logged('log.exception("a", b=1, exc_info=c)')) == [("a", "error", frozenset("b"))]


@pytest.mark.asyncio
async def test_every_metric_is_explained(house: Housing) -> None:
    await house.client.get("/v1/nothing")
    answer = await house.client.get("/metrics")
    told = {
        each.name: (
            each.type,
            {label for sample in each.samples for label in sample.labels} - {"le"},
            each.documentation,
        )
        for each in text_string_to_metric_families(answer.text)
        if not each.name.endswith("_created")
    }
    explained = {
        next(iter(names(cells[0]))): (cells[1], {*names(cells[2])}, cells[3])
        for cells in rows("metrics.md")
    }
    assert told == explained
