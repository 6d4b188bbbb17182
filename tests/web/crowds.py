"""Many rows at once, put straight into the tables: each a copy of a real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tests.http.house import Housing, Json, Person, agreed

#: Far above the numbers of this process's own rows; of each kind its own.
FAR = 10**18
_COPY = """
INSERT INTO {table} SELECT r.* FROM {table} t, generate_series($2::int, $3::int) AS i,
LATERAL jsonb_populate_record(t, jsonb_build_object({changes})) AS r WHERE t.id = $1
"""
#: What differs from row to row; times go backwards in steps that give ties.
_KINDS = {
    "contracts": "'id', {far} + 1000000 + i, 'seq', 0",
    "milestones": "'id', {far} + 2000000 + i, 'description', 'Piece ' || i,"
    " 'contract_id', CASE WHEN i % 2 = 0 THEN t.contract_id ELSE {far} + 1000000 + i END,"
    " 'amount', 10000 + i % 7 * 100, 'released', i % 7 * 100,"
    " 'due_at', CASE WHEN i % 3 = 0 THEN now() + i % 5 * interval '1 day' END,"
    " 'updated_at', now() - i % 4 * interval '1 hour'",
    "messages": "'id', {far} + 3000000 + i, 'text', 'Message ' || i",
    "deposits": "'id', {far} + 4000000 + i",
    "withdrawals": "'id', {far} + 5000000 + i",
    "transfers": "'id', {far} + 6000000 + i, 'event_id', {far} + 7000000 + i, 'amount', i,"
    " 'at', now() - i % 4 * interval '1 hour'",
    "events": "'id', {far} + 7000000 + i",
}
#: Each milestone holds what of its amount has not been released.
_ESCROWS = """
INSERT INTO accounts SELECT 'escrow', id, currency, amount - released FROM milestones
WHERE id > $1 ON CONFLICT DO NOTHING
"""
#: A wallet holds what has come into it and not gone out.
_WALLETS = """
UPDATE accounts a SET balance = (
    SELECT coalesce(sum(CASE WHEN t.credit_kind = 'wallet' AND t.credit_owner = a.owner
        THEN t.amount ELSE -t.amount END), 0)
    FROM transfers t WHERE t.currency = a.currency AND (
        t.credit_kind = 'wallet' AND t.credit_owner = a.owner
        OR t.debit_kind = 'wallet' AND t.debit_owner = a.owner)
) WHERE a.kind = 'wallet'
"""
#: A contract counts its events from one on; these come after all that it has.
_SAID = """
INSERT INTO events SELECT r.* FROM events t, generate_series($2::int, $3::int) AS i,
LATERAL jsonb_populate_record(
    t, jsonb_build_object('id', $4::bigint + 8000000 + i, 'seq', 1000 + i)
) AS r
WHERE t.contract_id = $1 AND t.name = 'contract.said' AND t.seq < 1000
"""

#: What the driver asks by itself, once on each connection.
_OF_THE_DRIVER = ("typeinfo_tree", "set_config(")


class Crowd:
    """A contract whose every list is as long as one likes."""

    def __init__(self, house: Housing, emma: Person, frank: Person) -> None:
        """Begin with one of everything."""
        self.house, self.emma, self.frank = house, emma, frank
        self.contract: Json = {}
        self.milestone: Json = {}
        self.count = 0
        self.first: dict[str, int] = {}

    async def grow(self, to: int) -> None:
        """Have so many more of everything than there was at first."""
        pool = self.house.app.database.pool
        for table, changes in _KINDS.items():
            sql = _COPY.format(table=table, changes=changes.format(far=FAR))
            await pool.execute(sql, self.first[table], self.count + 1, to)
        await pool.execute(_SAID, self.contract["number"], self.count + 1, to, FAR)
        await pool.execute(_ESCROWS, FAR)
        await pool.execute(_WALLETS)
        self.count = to


async def crowd(house: Housing) -> Crowd:
    """Emma pays Frank for many pieces; each list has its first row."""
    emma, frank, contract, (milestone,) = await agreed(house, "100.00")
    found = Crowd(house, emma, frank)
    await emma.done(f"/v1/contracts/{contract['id']}/say", {"text": "Hello."})
    where = {"type": "sandbox", "account": "settle", "name": "E"}
    one = {"amount": "1.00", "currency": "USD"}
    await emma.done("/v1/withdrawals", {"gateway": "sandbox", "amount": one, "destination": where})
    found.contract, found.milestone = contract, milestone
    for table in _KINDS:
        own = " WHERE credit_kind = 'wallet'" if table == "transfers" else ""
        found.first[table] = await house.value(f"SELECT min(id) FROM {table}{own}")
    found.first["events"] = await house.value(
        "SELECT event_id FROM transfers WHERE id = $1", found.first["transfers"]
    )
    return found


@asynccontextmanager
async def noted(house: Housing) -> AsyncIterator[list[str]]:
    """Every statement that the application runs meanwhile."""
    pool = house.app.database.pool
    texts: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        if not any(word in record.query for word in _OF_THE_DRIVER):
            texts.append(record.query)

    connections = [await pool.acquire() for _ in range(pool.get_max_size())]
    for each in connections:
        each.add_query_logger(note)
        await pool.release(each)
    yield texts
    for each in [await pool.acquire() for _ in range(pool.get_max_size())]:
        each.remove_query_logger(note)
        await pool.release(each)
