"""Lock: every row that a batch may touch, in one global order, so that nobody waits in a circle.

What was asked before → parents (people, counters, contracts) and payments → the clock, and people
who are only read → children → guarded accounts; those that only gain are added to at the end
(`turns`). Each is one statement for the whole batch; ids are sorted in Python. Where a parent is
found by an unlocked read, it is by a reference that never changes.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from earnest.core.batch import World
from earnest.core.contracts import Contract
from earnest.core.ledger import Account
from earnest.core.milestones.row import Milestone
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM_ID, OfferCounter, User, system
from earnest.core.terms import Terms
from earnest.store.arrays import WORD, parameter, sent
from earnest.store.tables import BY_KIND, USER_COLUMNS, user_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from earnest.core.actions import House
    from earnest.core.batch import Command
    from earnest.core.rows import Key, Row
    from earnest.store.db import Connection
    from earnest.store.turns import Turn

#: With the contracts of these milestones.
_CONTRACTS = f"""
SELECT {BY_KIND[Contract].names} FROM contracts
WHERE id = ANY({parameter(1, "bigint")} || ARRAY(
    SELECT contract_id FROM milestones WHERE id = ANY({parameter(2, "bigint")})
))
ORDER BY id {{}}
"""

_SIDES = (
    f"SELECT employer_id, freelancer_id FROM contracts WHERE id = ANY({parameter(1, 'bigint')})"
)

_PEOPLE = f"SELECT {USER_COLUMNS} FROM users WHERE id = ANY({parameter(1, 'bigint')})"
_PEOPLE_LOCKED = f"{_PEOPLE} ORDER BY id {{}}"

#: The clock stands where the system would have been made.
_CLOCK_AND_PEOPLE = f"""
SELECT {SYSTEM_ID} AS id, NULL AS name, NULL AS email, NULL AS status, NULL::text[] AS roles,
    clock_timestamp() + clock_offset AS created_at, NULL::timestamptz AS updated_at
FROM site
UNION ALL
{_PEOPLE}
"""

_ACCOUNTS = f"""
SELECT a.kind, a.owner, a.currency, a.balance
FROM accounts a
JOIN unnest({parameter(1, WORD)}, {parameter(2, "bigint")}, {parameter(3, WORD)})
    AS w (kind, owner, currency) USING (kind, owner, currency)
ORDER BY a.kind, a.owner, a.currency
{{}}
"""

#: Payments have no gate above them, so like contracts they are locked before the clock is read:
#: what happens to one of them later also happens at a later time.
_ROOTS: Final = (Deposit, Withdrawal)

#: The milestones of these contracts that have not ended.
_LIVE = "status IN ('requested', 'funded', 'submitted')"


@dataclass(frozen=True, slots=True)
class Hold:
    """How rows are read: held until the transaction ends, or only looked at."""

    rows: str
    #: Whether accounts that can only gain are read too; else they are added to, unseen.
    gaining: bool

    def of(self, table: str) -> str:
        """The same for the rows of one table among several."""
        return f"{self.rows} OF {table}" if self.rows else ""


LOCKED: Final = Hold("FOR NO KEY UPDATE", gaining=False)
#: After two processes have met in a circle: with everything locked in one order, nobody does.
ALL_LOCKED: Final = Hold("FOR NO KEY UPDATE", gaining=True)
#: For a dry run: nobody waits for who only looks.
LOOKED_AT: Final = Hold("", gaining=True)


@dataclass(slots=True)
class Wanted:
    """What a batch has to lock, as its commands say."""

    hold: Hold
    subjects: dict[type[Row], set[int]] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    counters: set[tuple[int, int]] = field(default_factory=set)
    #: Contracts of which all live milestones are wanted.
    families: set[int] = field(default_factory=set)

    def ids(self, kind: type[Row]) -> list[int]:
        """The subjects of one kind, sorted."""
        return sorted(self.subjects.get(kind, ()))


#: Rule books never change, so one that was read once is known for ever.
_RULEBOOKS: dict[str, Terms] = {}


async def lock(
    db: Connection,
    commands: Sequence[Command],
    house: House,
    hold: Hold,
    turn: Turn | None = None,
) -> World:
    """Lock what the commands may touch, and read the clock under the locks."""
    wanted = _wanted(commands, hold)
    rows: dict[tuple[type[Row], Key], Row] = {}
    await _lock_parents(db, wanted, rows)
    now = await _look_around(db, wanted, rows)
    await _lock_children(db, wanted, rows)
    rows[User, SYSTEM_ID] = system(now)
    await _read_rulebooks(db, rows)
    world = World(now, house, rows, {}, _RULEBOOKS)
    needs, world.gaining = _accounts(commands, world, hold)
    async with turn.locking(needs, world.gaining) if turn else contextlib.nullcontext():
        await _lock_accounts(db, needs, world, hold)
    return world


def _wanted(commands: Iterable[Command], hold: Hold) -> Wanted:
    wanted = Wanted(hold)
    for command in commands:
        action = command.action
        wanted.subjects.setdefault(action.kind, set()).add(action.subject_id)
        wanted.people.add(command.actor_id)
        wanted.people.update(action.people())
        if action.kind is User and action.makes is Contract:
            wanted.counters.update((action.subject_id, other) for other in action.people())
        if action.children:
            wanted.families.add(action.subject_id)
    return wanted


async def _find_counters(db: Connection, wanted: Wanted) -> None:
    """References between rows never change, so they are read without a lock."""
    families = sorted(wanted.families)
    sides = await db.fetch(_SIDES, sent(families, "bigint"))
    wanted.counters.update((employer, freelancer) for employer, freelancer in sides)


async def _look_around(
    db: Connection, wanted: Wanted, rows: dict[tuple[type[Row], Key], Row]
) -> datetime:
    """The clock, and everybody who is only read."""
    people = wanted.people - set(wanted.ids(User)) - {SYSTEM_ID}
    for row in rows.values():
        if isinstance(row, Contract):
            people.update((row.employer_id, row.freelancer_id))
    now: datetime | None = None
    for record in await db.fetch(_CLOCK_AND_PEOPLE, sent(sorted(people), "bigint")):
        if record["id"] == SYSTEM_ID:
            now = record["created_at"]
        else:
            person = user_from(record)
            rows[User, person.id] = person
    assert now is not None, "there is one site"
    return now


def _put(rows: dict[tuple[type[Row], Key], Row], found: Iterable[Row]) -> None:
    for row in found:
        rows[type(row), row.key] = row


async def _lock_parents(
    db: Connection, wanted: Wanted, rows: dict[tuple[type[Row], Key], Row]
) -> None:
    if wanted.ids(User):
        text = _PEOPLE_LOCKED.format(wanted.hold.rows)
        found = await db.fetch(text, sent(wanted.ids(User), "bigint"))
        _put(rows, map(user_from, found))
    if wanted.families:
        await _find_counters(db, wanted)
    if wanted.counters:
        pairs = sorted(wanted.counters)
        table = BY_KIND[OfferCounter]
        found = await db.fetch(
            f"SELECT {table.names} FROM offer_counters"
            f" JOIN unnest({parameter(1, 'bigint')}, {parameter(2, 'bigint')})"
            " AS w (employer_id, freelancer_id)"
            " USING (employer_id, freelancer_id)"
            f" ORDER BY employer_id, freelancer_id {wanted.hold.of('offer_counters')}",
            sent([pair[0] for pair in pairs], "bigint"),
            sent([pair[1] for pair in pairs], "bigint"),
        )
        _put(rows, (table.read(record) for record in found))
    contracts, milestones = wanted.ids(Contract), wanted.ids(Milestone)
    if contracts or milestones:
        text = _CONTRACTS.format(wanted.hold.rows)
        found = await db.fetch(text, sent(contracts, "bigint"), sent(milestones, "bigint"))
        _put(rows, map(BY_KIND[Contract].read, found))
    for kind in _ROOTS:
        if wanted.ids(kind):
            _put(rows, await _locked(db, wanted.hold, kind, wanted.ids(kind)))


async def _locked(
    db: Connection, hold: Hold, kind: type[Row], ids: list[int], also: str = "", *more: object
) -> list[Row]:
    table = BY_KIND[kind]
    found = await db.fetch(
        f"SELECT {table.names} FROM {table.name}"
        f" WHERE id = ANY({parameter(1, 'bigint')}) {also} ORDER BY id {hold.rows}",
        sent(ids, "bigint"),
        *more,
    )
    return [table.read(record) for record in found]


async def _lock_children(
    db: Connection, wanted: Wanted, rows: dict[tuple[type[Row], Key], Row]
) -> None:
    """What was named, and all live milestones of the contracts that want them."""
    ids = wanted.ids(Milestone)
    if wanted.families:
        also = f"OR contract_id = ANY($2) AND {_LIVE}"
        families = sorted(wanted.families)
        _put(rows, await _locked(db, wanted.hold, Milestone, ids, also, families))
    elif ids:
        _put(rows, await _locked(db, wanted.hold, Milestone, ids))


async def _read_rulebooks(db: Connection, rows: dict[tuple[type[Row], Key], Row]) -> None:
    hashes = {
        row.terms_hash
        for row in rows.values()
        if isinstance(row, Contract | Milestone) and row.terms_hash is not None
    }
    unknown = sorted(hashes - _RULEBOOKS.keys())
    if unknown:
        await read_rulebooks(db, unknown)


async def read_rulebooks(db: Connection, hashes: list[str]) -> dict[str, Terms]:
    """Make these rule books known, and return all that are.

    What was agreed stays as it was, also if the bounds for new ones have become narrower.
    """
    for known, body in await db.fetch("SELECT hash, body FROM terms WHERE hash = ANY($1)", hashes):
        _RULEBOOKS[known] = Terms(**msgspec.json.decode(body))
    return _RULEBOOKS


def _accounts(
    commands: Iterable[Command], world: World, hold: Hold
) -> tuple[set[Account], set[Account]]:
    """The guarded accounts of the commands: whose balance decides, and which can only gain."""
    needs: set[Account] = set()
    gaining: set[Account] = set()
    for command in commands:
        action = command.action
        subject = world.find(action.kind, action.subject_id)
        if subject is not None:
            needs.update(action.accounts(subject, world))
            gaining.update(action.receives(subject, world))
    if hold.gaining:
        return needs | gaining, set()
    return needs, gaining - needs


async def _lock_accounts(db: Connection, needs: set[Account], world: World, hold: Hold) -> None:
    """One that does not exist yet holds nothing."""
    accounts = sorted(needs)
    if not accounts:
        return
    kinds, owners, currencies = zip(*accounts, strict=True)
    columns = (sent(kinds, WORD), sent(owners, "bigint"), sent(currencies, WORD))
    found = await db.fetch(_ACCOUNTS.format(hold.of("a")), *columns)
    world.balances = dict.fromkeys(accounts, 0)
    world.balances |= {Account(r[0], r[1], r[2]): r[3] for r in found}
    world.locked = {Account(r[0], r[1], r[2]) for r in found}
