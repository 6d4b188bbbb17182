"""The connection to PostgreSQL is cut at hundreds of COMMITs: what happened is found by the key."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from tests.soak.asking import Answers
from tests.soak.checking import checked, ended
from tests.soak.crowd import Crowd, Deal, deals, until
from tests.soak.proxy import AT_COMMIT, Cut, Proxy
from tests.soak.report import reported, setting
from tests.soak.site import Site, private, serving

pytestmark = pytest.mark.soak

SEED: Final = 20_260_102
#: At COMMIT; and a third as many elsewhere.
CUTS: Final = setting("CUTS", 300)


def test_a_connection_cut_at_commit_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """First at COMMIT, where it is unknown what happened; then elsewhere, where it is known."""
    with private(tmp_path / "data") as held, reported("connections cut") as report:

        async def story() -> None:
            people = await deals(held.dsn)
            async with Proxy(held.dsn, random.Random(SEED)) as proxy:
                site = Site(tmp_path / "site", dsn=proxy.address)
                async with (
                    serving(site),
                    asyncpg.create_pool(held.dsn, min_size=1, max_size=4) as truth,
                    Answers(site.url, "cut", truth=truth) as answers,
                ):
                    await cut(proxy, AT_COMMIT, answers, people)
                    report.say(f"{dict(proxy.cuts)}, door closed {proxy.closed} times")
                    await checked(answers, held.dsn, set())
                    unknown = answers.counts["503, unknown"]
                    assert unknown, "somebody should have heard that nobody knows"
                    assert answers.counts["found to be done"], "and some of it was done"
                    await cut(proxy, (Cut.EARLY,), answers, people)
                    assert answers.counts["503, unknown"] == unknown
                    assert answers.counts["503, not done"], "nobody could get in for a while"
                    places = ", ".join(f"{n} {where.value}" for where, n in proxy.cuts.items())
                    report.did = f"{places}; {proxy.closed} times nobody was let in for 1.5 s"
                    await ended(report, site, answers, held.dsn)

        asyncio.run(story())


async def cut(proxy: Proxy, where: tuple[Cut, ...], answers: Answers, people: list[Deal]) -> None:
    """Under load, until it was cut often enough in these places."""
    count = CUTS if where == AT_COMMIT else CUTS // 3
    async with Crowd(answers, people) as crowd:
        proxy.where, proxy.every = where, (2 if where == AT_COMMIT else 20)
        await until(lambda: sum(proxy.cuts[each] for each in where) >= count, crowd)
        proxy.every = 0
        await crowd.answered_again()
