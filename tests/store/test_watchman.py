"""The watchman: what does not add up is found with the next command, and stops everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.store.engine import Deal, Engine, agreed, running, usd

from earnest.batcher import OFF_BALANCE, UnavailableError
from earnest.core.actions import Action
from earnest.core.contracts import Say
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.working import Submit
from earnest.core.payments.depositing import StartDeposit

pytestmark = pytest.mark.asyncio

#: A trigger takes a cent of whatever passes: the books are no longer what the engine writes.
_PICKPOCKET = """
CREATE FUNCTION take_a_cent() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.balance := NEW.balance - 1; RETURN NEW; END $$;
CREATE TRIGGER pickpocket BEFORE UPDATE ON accounts FOR EACH ROW
    WHEN (OLD.kind = 'escrow') EXECUTE FUNCTION take_a_cent();
"""
_CLEARED = (
    "UPDATE halts SET cleared_at = now(), cleared_because = 'corrected' WHERE cleared_at IS NULL"
)


async def tamper(engine: Engine, deal: Deal, cents: int) -> None:
    await engine.database.pool.execute(
        "UPDATE accounts SET balance = balance + $1 WHERE kind = 'escrow' AND owner = $2",
        cents,
        deal.milestone,
    )


async def halted(engine: Engine, deal: Deal) -> str:
    """What everybody is told now, whatever they ask."""
    with pytest.raises(UnavailableError) as refused:
        await engine.ask(deal.employer, Say(deal.contract, "Hello?"))
    assert refused.value.code == "books_do_not_balance"
    return refused.value.detail


@pytest.mark.parametrize("cents", [1, -1])
@pytest.mark.parametrize(
    "asked",
    [
        Submit,
        lambda milestone: Cancel(milestone, usd("1.00")),
        Cancel,  # All that it holds: what is gone would not be its amount.
    ],
    ids=["submit", "in part", "in full"],
)
async def test_an_escrow_that_somebody_changed_stops_everybody(
    engine: Engine, dsn: str, cents: int, asked: Callable[[int], Action[Any]]
) -> None:
    deal = await agreed(engine, "100.00")
    await tamper(engine, deal, cents)
    with pytest.raises(UnavailableError) as found:
        await engine.ask(deal.freelancer, asked(deal.milestone))
    assert found.value.code == "books_do_not_balance"
    assert await engine.value("SELECT status FROM milestones") == "funded"
    assert await engine.value("SELECT count(*) FROM halts WHERE cleared_at IS NULL") == 1
    assert await halted(engine, deal) == found.value.detail
    async with running(dsn) as other:
        assert await halted(other, deal) == found.value.detail
    assert (await engine.database.site()).mode == "sandbox"


async def test_a_halt_stops_replays_too_until_it_is_cleared(engine: Engine, dsn: str) -> None:
    deal = await agreed(engine, "100.00")
    part = ReleaseMilestone(deal.milestone, usd("1.00"))
    first = await engine.ask(deal.employer, part, "k1")
    await tamper(engine, deal, 5)
    with pytest.raises(UnavailableError):
        await engine.ask(deal.freelancer, Submit(deal.milestone))
    with pytest.raises(UnavailableError):
        await engine.ask(deal.employer, part, "k1")
    await tamper(engine, deal, -5)
    await halted(engine, deal)
    async with running(dsn) as other:
        await other.database.pool.execute(_CLEARED)
    assert (await engine.ask(deal.employer, part, "k1")).rows == first.rows
    assert await engine.code(deal.freelancer, Submit(deal.milestone)) == "ok"
    assert await engine.value("SELECT count(*) FROM halts") == 1


async def test_a_balance_that_differs_inside_the_write_stops_everybody(engine: Engine) -> None:
    """The last look is taken by the statement that writes: nothing of it is kept."""
    deal = await agreed(engine, "100.00")
    await engine.database.pool.execute(_PICKPOCKET)
    with pytest.raises(UnavailableError) as found:
        await engine.ask(deal.employer, ReleaseMilestone(deal.milestone, usd("1.00")), "k1")
    assert found.value.code == "books_do_not_balance"
    assert await engine.balance("escrow", deal.milestone) == 10_000
    assert await engine.balance("wallet", deal.freelancer) == 0
    assert await engine.value("SELECT count(*) FROM commands WHERE key = 'k1'") == 0
    assert await halted(engine, deal) == OFF_BALANCE
    assert "under our lock" in await engine.value("SELECT what FROM halts")


async def test_one_halt_is_enough_for_all_who_notice(engine: Engine) -> None:
    """What waits in the next batch is told the same, and writes no second row."""
    deal = await agreed(engine, "100.00")
    await tamper(engine, deal, 1)
    for who, asked in (
        (deal.freelancer, Submit(deal.milestone)),
        (deal.freelancer, Cancel(deal.milestone)),
        (deal.employer, StartDeposit(deal.employer, "sandbox", usd("1.00"))),
    ):
        with pytest.raises(UnavailableError):
            await engine.ask(who, asked)
    assert await engine.value("SELECT count(*) FROM halts") == 1
