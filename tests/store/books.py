"""What must be true of the books after anything: questions in SQL that nothing may answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import asyncpg

#: Each finds what is wrong; an empty answer is a good one.
QUESTIONS: Final[Mapping[str, str]] = {
    "the balances of a currency add up to nothing": """
        SELECT currency, sum(balance) FROM accounts GROUP BY currency HAVING sum(balance) <> 0
    """,
    "a balance is the sum of its transfers": """
        WITH sides AS (
            SELECT credit_kind AS kind, credit_owner AS owner, currency, amount FROM transfers
            UNION ALL
            SELECT debit_kind, debit_owner, currency, -amount FROM transfers
        ), sums AS (SELECT kind, owner, currency, sum(amount) AS total FROM sides GROUP BY 1, 2, 3)
        SELECT * FROM sums FULL JOIN accounts USING (kind, owner, currency)
        WHERE coalesce(total, 0) IS DISTINCT FROM balance
    """,
    "what a milestone holds and what has gone is its amount": """
        SELECT m.id, m.status, m.amount, a.balance, m.releasing, m.frozen, m.released, m.returned
        FROM milestones m LEFT JOIN accounts a
            ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
        WHERE coalesce(a.balance, 0) + m.releasing + m.frozen + m.released + m.returned
                <> CASE WHEN m.funded_at IS NULL THEN 0 ELSE m.amount END
            OR (coalesce(a.balance, 0) + m.releasing + m.frozen > 0)
                <> (m.status IN ('funded', 'submitted'))
    """,
    "what a milestone released is the sum of its releases": """
        SELECT m.id, m.released, m.releasing, sum(r.amount) FROM milestones m
        LEFT JOIN releases r ON r.milestone_id = m.id
        GROUP BY m.id
        HAVING m.released <> coalesce(sum(r.amount) FILTER (WHERE r.status = 'final'), 0)
            OR m.releasing <> coalesce(sum(r.amount) FILTER (WHERE r.status = 'releasing'), 0)
    """,
    "what an open dispute holds is what it froze, and what was staked": """
        SELECT d.id, d.status, d.amount, a.balance, s.balance, m.frozen FROM disputes d
        JOIN milestones m ON m.id = d.milestone_id
        LEFT JOIN accounts a
            ON a.kind = 'dispute' AND a.owner = d.id AND a.currency = d.currency
        LEFT JOIN accounts s
            ON s.kind = 'stake' AND s.owner = d.id AND s.currency = d.currency
        CROSS JOIN LATERAL (SELECT d.status IN
            ('response', 'negotiation', 'final_offers', 'arbitration') AS is_open) o
        WHERE coalesce(a.balance, 0) <> CASE WHEN is_open THEN d.amount ELSE 0 END
            OR coalesce(s.balance, 0) <> CASE WHEN is_open AND d.payer_id IS NOT NULL
                THEN d.fee * (1 + d.matched::int) ELSE 0 END
            OR is_open AND m.frozen <> d.amount
    """,
    "what a withdrawal has on its way is its amount": """
        SELECT w.id, w.status, w.amount, a.balance FROM withdrawals w LEFT JOIN accounts a
            ON a.kind = 'outgoing' AND a.owner = w.id AND a.currency = w.currency
        WHERE coalesce(a.balance, 0) <>
            CASE WHEN w.status IN ('requested', 'approved', 'sent') THEN w.amount ELSE 0 END
    """,
    "events of a contract are counted without a gap": """
        SELECT c.id, c.seq, count(e), max(e.seq) FROM contracts c
        LEFT JOIN events e ON e.contract_id = c.id
        GROUP BY c.id HAVING c.seq <> count(e) OR c.seq <> coalesce(max(e.seq), 0)
    """,
    "a transfer has its event, which tells of it": """
        SELECT e.id, t.event_id, t.told, json_array_length(e.body->'transfers') FROM events e
        FULL JOIN (SELECT event_id, count(*) AS told FROM transfers GROUP BY 1) t
            ON t.event_id = e.id
        WHERE coalesce(t.told, 0) IS DISTINCT FROM json_array_length(e.body->'transfers')
    """,
    "an event is the answer to one command": """
        SELECT c.actor_id, c.key, c.event_id, e.id FROM events e
        FULL JOIN (SELECT * FROM commands WHERE event_id IS NOT NULL) c ON c.event_id = e.id
        WHERE e.id IS NULL OR c.event_id IS NULL OR c.actor_id <> e.actor_id
        UNION ALL
        SELECT NULL, min(key), event_id, NULL FROM commands WHERE event_id IS NOT NULL
        GROUP BY event_id HAVING count(*) > 1
    """,
    "a row is as the last event about it left it": """
        WITH told AS (
            SELECT DISTINCT ON (row->>'number') (row->>'number')::bigint AS id, row
            FROM events, json_array_elements(body->'rows') AS row
            WHERE contract_id IS NOT NULL ORDER BY row->>'number', seq DESC
        )
        SELECT m.id, m.status, told.row->>'status' FROM milestones m LEFT JOIN told USING (id)
        WHERE told.row->>'status' IS DISTINCT FROM m.status
            OR (told.row->'released'->>'amount')::numeric * 100 <> m.released
    """,
    "the offers that are counted are those that wait": """
        SELECT employer_id, freelancer_id, unanswered, count(c) FROM offer_counters o
        LEFT JOIN contracts c USING (employer_id, freelancer_id)
        GROUP BY 1, 2, 3
        HAVING unanswered <> count(c) FILTER (WHERE c.status = 'offered' AND c.bid_id IS NULL)
    """,
    "what a project counts is what there is": """
        SELECT p.id, p.bids, p.offered, p.active, b.bids, c.offered, c.active FROM projects p
        CROSS JOIN LATERAL (
            SELECT count(*) AS bids FROM bids WHERE project_id = p.id
                AND status IN ('live', 'awarded', 'accepted')
        ) b
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE status = 'offered') AS offered,
                count(*) FILTER (WHERE status = 'active') AS active
            FROM contracts WHERE project_id = p.id
        ) c
        WHERE (p.bids, p.offered, p.active) <> (b.bids, c.offered, c.active)
    """,
    "a reserve holds something while its project says so": """
        SELECT p.id, p.status, p.reserved_since, a.balance FROM projects p LEFT JOIN accounts a
            ON a.kind = 'reserve' AND a.owner = p.id AND a.currency = p.currency
        WHERE (coalesce(a.balance, 0) > 0) <> (p.reserved_since IS NOT NULL)
    """,
    "the books are not halted": "SELECT what FROM halts WHERE cleared_at IS NULL",
}


async def wrong(connection: asyncpg.Connection[Any] | asyncpg.Pool[Any]) -> dict[str, list[Any]]:
    """Ask every question; what does not hold is named, with the rows that show it."""
    found = {name: await connection.fetch(sql) for name, sql in QUESTIONS.items()}
    return {name: rows for name, rows in found.items() if rows}
