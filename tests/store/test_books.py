"""The questions that are asked of the books find what they ask for."""

from __future__ import annotations

from typing import Final

import pytest
from tests.store.books import QUESTIONS, wrong
from tests.store.disputed import disputed
from tests.store.engine import Engine, agreed, awarded, offered, usd
from tests.store.mix import BANK

from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.payments.withdrawing import RequestWithdrawal

pytestmark = pytest.mark.asyncio

#: By question, what an administrator with a shaky hand would do to be found by it.
TAMPERED: Final = {
    "the balances of a currency add up to nothing": (
        "UPDATE accounts SET balance = balance + 1 WHERE kind = 'clearing'"
    ),
    "a balance is the sum of its transfers": (
        "UPDATE transfers SET amount = amount + 1 WHERE credit_kind = 'escrow'"
    ),
    "what a milestone holds and what has gone is its amount": (
        "UPDATE accounts SET balance = balance - 1 WHERE kind = 'escrow' AND balance > 0"
    ),
    "what a milestone released is the sum of its releases": "UPDATE releases SET amount = 1",
    "what an open dispute holds is what it froze, and what was staked": (
        "UPDATE accounts SET balance = balance - 1 WHERE kind = 'dispute'"
    ),
    "what a withdrawal has on its way is its amount": "UPDATE withdrawals SET amount = 1",
    "events of a contract are counted without a gap": (
        "UPDATE events SET seq = seq + 1 WHERE name = 'milestone.released'"
    ),
    "a transfer has its event, which tells of it": (
        "DELETE FROM transfers WHERE debit_kind = 'escrow'"
    ),
    "an event is the answer to one command": "DELETE FROM commands WHERE event_id IS NOT NULL",
    "a row is as the last event about it left it": (
        "UPDATE milestones SET status = 'submitted', submitted_at = now() WHERE status = 'funded'"
    ),
    "the offers that are counted are those that wait": "UPDATE offer_counters SET unanswered = 3",
    "what a project counts is what there is": "UPDATE projects SET bids = bids + 1",
    "a reserve holds something while its project says so": (
        "UPDATE projects SET reserved_since = NULL"
    ),
    "the books are not halted": "INSERT INTO halts (what) VALUES ('somebody said so')",
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_what_is_wrong_is_found(engine: Engine, question: str) -> None:
    deal = await agreed(engine, "100.00")
    await offered(engine, "10.00")
    await disputed(engine)
    await awarded(engine)
    await engine.one(deal.employer, ReleaseMilestone(deal.milestone, usd("40.00")))
    await engine.one(deal.employer, RequestWithdrawal(deal.employer, "sandbox", usd("5.00"), BANK))
    assert await wrong(engine.database.pool) == {}
    await engine.database.pool.execute(TAMPERED[question])
    assert question in await wrong(engine.database.pool)
