"""Searches are measured as they are asked, with the plan of each."""

from __future__ import annotations

import pytest
from tests.http.house import Housing, agreed, housing

from earnest.bench.figures import BenchError
from earnest.bench.searching import measure, queries
from earnest.store import documents

pytestmark = pytest.mark.asyncio


async def test_there_are_thirty(dsn: str) -> None:
    assert len(queries()) == len(set(queries())) == 30
    async with housing(dsn) as house:
        with pytest.raises(BenchError, match="nothing"):
            await measure(house.app.database, 1, lambda _: None)


async def test_each_is_asked_as_who_has_most_and_as_who_has_a_few(dsn: str) -> None:
    async with housing(dsn) as house:
        await _two_deals(house)
        said: list[str] = []
        report = await measure(house.app.database, 2, said.append)
    assert len(report.searches) == 2 * 30
    assert all(len(each.seconds) == 2 for each in report.searches)
    assert sum(each.found for each in report.searches if each.words.startswith("ms_")) == 2
    told = report.as_json()
    assert told["p95_ms"] == report.p95_ms > 0
    by_words = [each["plan"] for each in told["searches"] if each["words"] == "website"]
    assert all("documents_of_milestones" in plan for plan in by_words)
    assert said[0].startswith("every search once")


async def _two_deals(house: Housing) -> None:
    await agreed(house, "10.00", "20.00", "30.00")
    await agreed(house, "10.00")
    await documents.catch_up(house.app.database)
