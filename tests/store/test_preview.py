"""A dry run on a real database: it writes nothing, waits for nobody, and says what will happen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.store.engine import HOUSE, Engine, agreed, code_of, connected, usd
from tests.store.mix import MIX, askable, mixed

from earnest.app import App, Preview
from earnest.config import Config
from earnest.core.actions import Action, Refused
from earnest.core.effects import Condition
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.store.reads.around import snapshot

pytestmark = pytest.mark.asyncio

Asked = tuple[int, Action[Any]]

#: Everything that a command may lock, held by somebody else until they are done.
HELD_BY_SOMEBODY = ("users", "contracts", "offer_counters", "milestones", "accounts", "deposits",
                    "withdrawals", "commands")  # fmt: skip
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"


def app_on(engine: Engine) -> App:
    """The same process with a dry run; there is no worker."""
    config = Config(data_dir=Path("nowhere"))
    return App(config, engine.database, engine.node, engine.batcher, HOUSE, gateways={})


async def looked_at(engine: Engine, asked: Asked) -> Preview | Refused:
    async with snapshot(engine.database) as db:
        return await app_on(engine).preview(db, *asked)


async def everything(pool: asyncpg.Pool[Any]) -> dict[str, str]:
    """A word for the rows of each table, all of them."""
    return {
        name: await pool.fetchval(
            f"SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {name} t"
        )
        for (name,) in await pool.fetch(TABLES)
    }


async def test_looking_at_every_action_changes_no_row_of_any_table(engine: Engine) -> None:
    asked = await mixed(engine, 1)
    before = await everything(engine.database.pool)
    assert len(before) > 20
    found = [await looked_at(engine, each) for each in asked]
    assert sum(isinstance(each, Preview) for each in found) >= len(MIX) - 2
    assert await everything(engine.database.pool) == before


async def test_what_compares_all_rows_notices_one(engine: Engine) -> None:
    """Else the test above could not fail."""
    deal = await agreed(engine, "100.00")
    before = await everything(engine.database.pool)
    await engine.one(deal.employer, ReleaseMilestone(deal.milestone, usd("1.00")))
    after = await everything(engine.database.pool)
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert changed == {
        *("accounts", "commands", "contracts", "events", "milestones", "releases", "transfers"),
    }


async def test_it_writes_and_locks_nothing_even_where_it_could(engine: Engine) -> None:
    """Whoever locks a row or writes one is given a transaction number."""
    asked = await mixed(engine, 1)
    app = app_on(engine)
    async with engine.database.pool.acquire() as db, db.transaction():
        for each in asked:
            await app.preview(db, *each)
        assert await db.fetchval("SELECT pg_current_xact_id_if_assigned()") is None
        modes = await db.fetch(
            "SELECT DISTINCT mode FROM pg_locks"
            " WHERE pid = pg_backend_pid() AND locktype <> 'virtualxid'"
        )
        assert [mode for (mode,) in modes] == ["AccessShareLock"]


async def test_it_waits_for_nobody_who_holds_the_rows(engine: Engine, dsn: str) -> None:
    """A command would be told that somebody else is at them."""
    asked = await mixed(engine, 1)
    free = [outcome_of(await looked_at(engine, each)) for each in asked]
    async with connected(dsn) as other, other.transaction():
        for table in HELD_BY_SOMEBODY:
            await other.execute(f"SELECT 1 FROM {table} FOR UPDATE")
        async with snapshot(engine.database) as db:
            await db.execute("SET LOCAL lock_timeout = '1ms'")
            app = app_on(engine)
            held = [outcome_of(await app.preview(db, *each)) for each in asked]
        with pytest.raises(asyncpg.LockNotAvailableError):
            await somebody_waits(engine, asked[0])
        assert held == free


async def somebody_waits(engine: Engine, asked: Asked) -> None:
    """What the rows are held against: taking one as a command does."""
    async with engine.database.pool.acquire() as db, db.transaction():
        await db.execute("SET LOCAL lock_timeout = '1ms'")
        await db.execute("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", asked[0])


def outcome_of(found: Preview | Refused) -> str:
    """The hash of what would happen, or why not."""
    return found.effect.hash if isinstance(found, Preview) else found.reason.value


@pytest.mark.parametrize("name", askable())
async def test_what_it_says_is_what_then_happens(engine: Engine, name: str) -> None:
    """The command goes through under the hash that was seen, or is refused for what was said."""
    asked = await MIX[name](engine) if name in MIX else await unnamed(engine, name)
    found = await looked_at(engine, asked)
    app = app_on(engine)
    if isinstance(found, Refused):
        answer = await app.do(*asked, via="test")
        sealed = not asked[1].previewable  # It happens without a look.
        assert code_of(answer) == ("ok" if sealed else found.reason)
        return
    condition = Condition(found.effect.fields, found.effect.hash)
    answer = await app.do(*asked, via="test", condition=condition)
    assert code_of(answer) == "ok"
    assert answer.event == found.event.name
    for account in found.event.balances:
        if account.owner not in {row.id for row in found.event.rows if row.prefix}:
            assert await engine.balance(*account) == found.world.balances[account]
    assert await told(engine, answer.event_id) == [each[4:] for each in found.effect.transfers]


async def unnamed(engine: Engine, name: str) -> Asked:
    """One that the mix has no story for."""
    return (await mixed(engine, 1))[askable().index(name)]


async def told(engine: Engine, event_id: int | None) -> list[tuple[str, str]]:
    """The amounts that the event told of."""
    body = json.loads(await engine.value("SELECT body::text FROM events WHERE id = $1", event_id))
    return [(t["amount"]["amount"], t["amount"]["currency"]) for t in body["transfers"]]


async def test_what_has_changed_since_is_not_done(engine: Engine) -> None:
    deal = await agreed(engine, "100.00")
    asked = (deal.employer, ReleaseMilestone(deal.milestone))
    whole = await looked_at(engine, asked)
    assert isinstance(whole, Preview)
    await engine.one(deal.employer, ReleaseMilestone(deal.milestone, usd("40.00")))
    rest = await looked_at(engine, asked)
    assert isinstance(rest, Preview)
    assert rest.effect.hash != whole.effect.hash
    app = app_on(engine)
    shown = Condition(whole.effect.fields, whole.effect.hash)
    for _ in range(2):  # The refusal keeps its key, so it is heard again.
        answer = await app.do(*asked, key="once", via="test", condition=shown)
        assert code_of(answer) == "effect_changed"
    assert await engine.balance("escrow", deal.milestone) == 6_000
    shown = Condition(rest.effect.fields, rest.effect.hash)
    assert code_of(await app.do(*asked, via="test", condition=shown)) == "ok"
    assert await engine.balance("wallet", deal.freelancer) == 10_000


async def test_it_claims_no_key_and_no_place_in_the_queue(engine: Engine) -> None:
    deal = await agreed(engine, "100.00")
    keys = await engine.value("SELECT count(*) FROM commands")
    seen = engine.batcher.counts.commands
    for _ in range(3):
        found = await looked_at(engine, (deal.employer, ReleaseMilestone(deal.milestone)))
        assert isinstance(found, Preview)
    assert await engine.value("SELECT count(*) FROM commands") == keys
    assert (engine.batcher.counts.commands, engine.batcher.waiting) == (seen, 0)


async def test_it_says_what_is_missing_to_whose_money_it_is(engine: Engine) -> None:
    deal = await agreed(engine, purse="10.00")
    line = Line("Too much", usd("10.01"))
    found = await looked_at(engine, (deal.employer, FundContract(deal.contract, (line,))))
    assert isinstance(found, Refused)
    assert found.facts == {"missing": usd("0.01")}
