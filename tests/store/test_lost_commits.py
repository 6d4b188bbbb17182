"""A connection that is lost during COMMIT: whether it was done is not known, and said so."""

from __future__ import annotations

import asyncio

import pytest
from tests.store.engine import Engine, agreed, code_of, connected, until, usd

from earnest.batcher import UnavailableError
from earnest.core.milestones.releasing import ReleaseMilestone

pytestmark = pytest.mark.asyncio

#: The server ends the connection at COMMIT: nobody who waits for it can know what became of it.
LOSE = """
CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER lost AFTER INSERT ON releases DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lose();
"""


async def test_what_is_lost_in_commit_is_unknown_until_it_is_asked_again(engine: Engine) -> None:
    deal = await agreed(engine, "100.00")
    (milestone,) = deal.milestones
    await engine.database.pool.execute(LOSE)
    with pytest.raises(UnavailableError) as lost:
        await engine.ask(deal.employer, ReleaseMilestone(milestone, usd("40.00")), "once")
    assert lost.value.is_unknown
    assert "may be done" in lost.value.detail
    await engine.database.pool.execute("DROP TRIGGER lost ON releases")
    answer = await engine.ask(deal.employer, ReleaseMilestone(milestone, usd("40.00")), "once")
    assert code_of(answer) == "ok"
    assert await engine.balance("wallet", deal.freelancer) == 4000


async def test_what_was_never_near_a_commit_was_not_done(engine: Engine) -> None:
    deal = await agreed(engine, "100.00")
    (milestone,) = deal.milestones
    await engine.database.pool.execute(LOSE.replace("DEFERRABLE INITIALLY DEFERRED", ""))
    with pytest.raises(UnavailableError) as gone:
        await engine.ask(deal.employer, ReleaseMilestone(milestone, usd("40.00")))
    assert not gone.value.is_unknown


#: How many wait for a lock of this database.
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def test_lost_and_then_held_up_it_is_still_unknown(engine: Engine, dsn: str) -> None:
    """Who takes the row at the moment of the loss keeps the second try from finding out."""
    deal = await agreed(engine, "100.00")
    part = ReleaseMilestone(deal.milestone, usd("40.00"))
    await engine.database.pool.execute(LOSE.replace("PERFORM", "PERFORM pg_advisory_lock(1),"))
    async with connected(dsn) as gate, connected(dsn) as other, connected(dsn) as admin:
        await gate.execute("SELECT pg_advisory_lock(1)")
        asked = asyncio.create_task(engine.ask(deal.employer, part, "once"))
        await until(lambda: admin.fetchval(WAITING))
        await other.execute("BEGIN")
        row = "SELECT FROM milestones WHERE id = $1 FOR UPDATE"
        held = asyncio.create_task(other.execute(row, deal.milestone))
        await until(lambda: admin.fetchval(f"SELECT ({WAITING}) = 2"))
        await gate.execute("SELECT pg_advisory_unlock(1)")
        with pytest.raises(UnavailableError) as lost:
            await asked
        await held
    assert (lost.value.code, lost.value.is_unknown) == ("database_gone", True)
