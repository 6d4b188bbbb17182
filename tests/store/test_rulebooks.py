"""Rule books are kept in memory, but no more of them than there is room for."""

from __future__ import annotations

import pytest
from tests.store.engine import Engine, agreed, awarded, posted

from earnest.core.bids.choosing import Award
from earnest.core.contracts import Say
from earnest.core.terms import CLASSIC, terms_hash
from earnest.store import rulebooks

pytestmark = pytest.mark.asyncio


async def test_no_more_are_kept_than_there_is_room_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every award has a hash of its own, as its bid is part of it."""
    monkeypatch.setattr(rulebooks, "KEPT_MAX", 5)
    rulebooks._kept.clear()
    made = await posted(engine, *(f"{amount}.00" for amount in range(10, 22)))
    contracts = [
        await engine.one(made.employer, Award(bid["number"], bid["bid_hash"])) for bid in made.bids
    ]
    assert len({contract["terms_hash"] for contract in contracts}) == len(contracts)
    for contract in contracts:
        await engine.one(made.employer, Say(contract["number"], "Hello."))
        assert len(rulebooks._kept) <= 5
    assert contracts[-1]["terms_hash"] in rulebooks._kept
    assert contracts[0]["terms_hash"] not in rulebooks._kept
    hashes = {contract["terms_hash"] for contract in contracts}
    async with engine.database.pool.acquire() as connection:
        found = await rulebooks.rulebooks(connection, hashes)
    assert found.keys() == hashes, "all that are asked for are there, however many are kept"
    assert len(rulebooks._kept) == 5


async def test_equal_ones_are_kept_once(engine: Engine) -> None:
    rulebooks._kept.clear()
    _, deal = await awarded(engine)
    direct = await agreed(engine)
    await engine.one(deal.employer, Say(deal.contract, "Hello."))
    await engine.one(direct.employer, Say(direct.contract, "Hello."))
    assert len(rulebooks._kept) == 2
    one, other = rulebooks._kept.values()
    assert one is other
    assert one == CLASSIC
    assert terms_hash(CLASSIC) in rulebooks._kept


async def test_one_that_nobody_agreed_to_is_left_out(engine: Engine) -> None:
    async with engine.database.pool.acquire() as connection:
        assert await rulebooks.rulebooks(connection, ["0" * 64]) == {}
