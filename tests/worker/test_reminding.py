"""A worker tells of clocks in time, and a test clock that is set forward leaves nobody out."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.store.engine import until
from tests.worker.purse import ask, deposit, person, usd, value

from earnest import notifying, worker
from earnest.app import App
from earnest.core.contracts import OfferContract
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.row import hash_of_seen
from earnest.core.milestones.working import Submit
from earnest.core.records import replace
from earnest.core.terms import CLASSIC
from earnest.core.terms import DAY as SECONDS

pytestmark = pytest.mark.asyncio

DAY = timedelta(days=1)
#: The original rules, and two weeks to look at work.
REVIEWED = replace(
    CLASSIC, review_seconds=14 * SECONDS, review_floor_seconds=3 * SECONDS, change_rounds=3
)
TOLD = """
SELECT n.name, n.moment, n.is_last, n.clock_at - n.at AS before, d.handed_over_at - n.at AS waited
FROM notices n LEFT JOIN deliveries d ON d.id = n.delivery_id
WHERE n.user_id = $1 AND n.moment IS NOT NULL ORDER BY n.id
"""


async def handed_in(app: App) -> tuple[int, int, int]:
    """Emma, Frank, and his work that waits to be looked at for two weeks."""
    emma, frank = await person(app), await person(app, "frank")
    await deposit(app, emma, "100.00")
    await worker.drain(app)
    contract = await ask(app, emma, OfferContract(emma, frank, "USD", REVIEWED))
    answer = await app.do(emma, FundContract(contract, (Line("A site", usd("100.00")),)), via="t")
    (row,) = [json.loads(each) for each in answer.rows]
    seen = hash_of_seen([(row["id"], row["agreement_hash"])])
    terms = await value(app, "SELECT terms_hash FROM contracts WHERE id = $1", contract)
    await ask(app, frank, Accept(contract, terms, usd("100.00"), seen))
    await ask(app, frank, Submit(row["number"], "It is done"))
    return emma, frank, row["number"]


async def told(app: App, who: int) -> list[dict[str, Any]]:
    return [dict(record) for record in await app.database.pool.fetch(TOLD, who)]


async def test_a_clock_set_forward_in_one_go_tells_every_moment_and_hands_it_over_then(
    app: App,
) -> None:
    emma, frank, _ = await handed_in(app)
    await worker.advance(app, 30 * DAY)
    mine = await told(app, emma)
    assert [each["moment"] for each in mine] == ["half", "three_days", "day"]
    assert [each["is_last"] for each in mine] == [False, False, True]
    for each, days in zip(mine, (7, 3, 1), strict=True):
        assert timedelta(0) <= days * DAY - each["before"] < timedelta(minutes=1)
        assert timedelta(0) <= each["waited"] < timedelta(minutes=1)
    assert [each["moment"] for each in await told(app, frank)] == ["half"]
    given_up = "SELECT count(*) FROM deliveries WHERE status = 'given_up'"
    assert await value(app, given_up) == 0
    assert await value(app, "SELECT status FROM milestones") == "released"


async def test_it_may_be_set_forward_without_telling(app: App) -> None:
    emma, _, _ = await handed_in(app)
    await worker.advance(app, 8 * DAY, telling=False)
    assert await told(app, emma) == []
    await notifying.drain(app)
    assert [each["moment"] for each in await told(app, emma)] == ["half"]


async def test_a_worker_that_runs_tells_when_the_moment_comes(app: App) -> None:
    emma, _, _ = await handed_in(app)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(app, stop))

    async def is_marked() -> bool:
        return bool(
            await value(app, "SELECT count(*) FROM running_clocks WHERE told_until IS NULL")
        )

    async def is_told() -> bool:
        return bool(await told(app, emma))

    await until(is_marked)
    assert await told(app, emma) == []
    await app.database.advance(8 * DAY)
    await until(is_told)
    stop.set()
    await running


async def test_a_mail_of_the_last_moment_goes_out_before_the_clock_runs_out(app: App) -> None:
    emma, _, _ = await handed_in(app)
    await worker.advance(app, 13 * DAY + timedelta(hours=1))
    last = (await told(app, emma))[-1]
    assert (last["moment"], last["is_last"]) == ("day", True)
    mail = "SELECT convert_from(raw, 'utf8') FROM sandbox_mails ORDER BY delivery_id DESC LIMIT 1"
    text = await value(app, mail)
    assert "List-Unsubscribe" not in text
    assert "released" in text
    assert await value(app, "SELECT status FROM milestones") == "submitted"
