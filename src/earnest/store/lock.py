"""Lock: every row that a batch may touch, in one global order, so that nobody waits in a circle.

What was asked before → parents (people, counters, contracts, then their projects and bids) and
payments → the clock, and people who are only read → what is due of those contracts (`waking`), and
children → guarded accounts; those that only gain are added to at the end (`turns`). Each is one
statement; ids are sorted in Python. An unlocked read only follows references that never change.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from earnest.core.bids.row import Bid, Bidder, Proposal
from earnest.core.contracts import Contract
from earnest.core.disputes.exhibiting import Exhibit
from earnest.core.disputes.row import Dispute
from earnest.core.files import Attachment, File, FileCounter
from earnest.core.ledger import Account
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM_ID, OfferCounter, User, system
from earnest.core.projects.row import Project
from earnest.core.records import replace
from earnest.core.renewing import TermsOffer
from earnest.core.world import World
from earnest.store import disputing, hearing, planning, waking
from earnest.store.arrays import WORD, parameter, sent
from earnest.store.rulebooks import rulebooks
from earnest.store.tables import BY_KIND, USER_COLUMNS, user_from
from earnest.store.wanted import LOOKED_AT, Hold, Wanted, wanted_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from earnest.core.commands import Command
    from earnest.core.house import House
    from earnest.core.rows import Key, Row
    from earnest.core.terms import Terms
    from earnest.store.db import Connection
    from earnest.store.turns import Turn

#: With the contracts of these milestones, releases, disputes and tranches.
_CONTRACTS = f"""
SELECT {BY_KIND[Contract].names} FROM contracts
WHERE id = ANY({parameter(1, "bigint")} || ARRAY(
    SELECT contract_id FROM milestones WHERE id = ANY({parameter(2, "bigint")})
    UNION ALL
    SELECT contract_id FROM releases WHERE id = ANY({parameter(3, "bigint")})
    UNION ALL
    SELECT contract_id FROM disputes WHERE id = ANY({parameter(4, "bigint")})
    UNION ALL
    SELECT contract_id FROM tranches WHERE id = ANY({parameter(5, "bigint")})
))
ORDER BY id {{}}
"""

#: With the projects of these bids.
_PROJECTS = f"""
SELECT {BY_KIND[Project].names} FROM projects
WHERE id = ANY({parameter(1, "bigint")} || ARRAY(
    SELECT project_id FROM bids WHERE id = ANY({parameter(2, "bigint")})
))
ORDER BY id {{}}
"""

_SIDES = (
    f"SELECT employer_id, freelancer_id FROM contracts WHERE id = ANY({parameter(1, 'bigint')})"
)

_PEOPLE = f"SELECT {USER_COLUMNS} FROM users WHERE id = ANY({parameter(1, 'bigint')})"
_PEOPLE_LOCKED = f"{_PEOPLE} ORDER BY id {{}}"

#: The clock stands where the system would have been made; since when no clock runs, where it would
#: have changed: on a restored site somebody may have answered after that backup; and an arbiter, if
#: there is any, where it would have a name.
_CLOCK_AND_PEOPLE = f"""
SELECT {SYSTEM_ID} AS id, (
    SELECT name FROM users WHERE roles <> '{{}}' AND 'arbiter' = ANY (roles)
        AND status = 'active' LIMIT 1
) AS name, NULL AS email, NULL AS status, NULL::text[] AS roles,
    clock_timestamp() + clock_offset AS created_at,
    (SELECT at FROM restores WHERE resumed_at IS NULL LIMIT 1) AS updated_at
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

#: Of contracts those that live, of others what is due; and what the disputes that are wanted or due
#: have frozen a part of, so that a milestone is locked before its dispute.
_ALSO = f"""
OR contract_id = ANY($2) AND {_LIVE} OR contract_id = ANY($3) AND wakes_at <= $4
OR id = ANY (ARRAY(
    SELECT milestone_id FROM disputes
    WHERE id = ANY($5::bigint[]) OR contract_id = ANY($3) AND wakes_at <= $4
))
"""


async def lock(
    db: Connection,
    commands: Sequence[Command],
    house: House,
    hold: Hold,
    turn: Turn | None = None,
) -> World:
    """Lock what the commands may touch, and read the clock under the locks."""
    wanted = wanted_by(commands, hold)
    rows: dict[tuple[type[Row], Key], Row] = {}
    await _lock_parents(db, wanted, rows)
    now = await _look_around(db, wanted, rows)
    await _lock_children(db, wanted, rows, now)
    rows[User, SYSTEM_ID] = system(now)
    if house.has_arbiter is not wanted.has_arbiter:
        house = replace(house, has_arbiter=wanted.has_arbiter)
    world = World(now, house, rows, {}, await _rulebooks(db, rows), is_paused=wanted.is_paused)
    if wanted.due:
        world.later = await waking.later(db, wanted.due, now)
        world.heard = await hearing.heard(db, world)
    world.acquaintances = await disputing.acquaintances(db, commands, world)
    needs, world.gaining = _accounts(commands, world, hold)
    async with turn.locking(needs, world.gaining) if turn else contextlib.nullcontext():
        await _lock_accounts(db, needs, world, hold)
    return world


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
        elif isinstance(row, Bid):
            people.update((row.employer_id, row.bidder_id))
        elif isinstance(row, Project):
            people.add(row.employer_id)
    now: datetime | None = None
    paused: datetime | None = None
    for record in await db.fetch(_CLOCK_AND_PEOPLE, sent(sorted(people), "bigint")):
        if record["id"] == SYSTEM_ID:
            now, paused = record["created_at"], record["updated_at"]
            wanted.has_arbiter = record["name"] is not None
        else:
            person = user_from(record)
            rows[User, person.id] = person
    assert now is not None, "there is one site"
    wanted.is_paused = paused is not None
    if not wanted.is_paused:
        wanted.due = waking.may_be_due(rows.values(), now)
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
        _put(rows, await _pairs(db, wanted.hold, OfferCounter, wanted.counters))
    named = [wanted.ids(kind) for kind in (Contract, Milestone, Release, Dispute, Tranche)]
    if any(named):
        text = _CONTRACTS.format(wanted.hold.rows)
        found = await db.fetch(text, *(sent(ids, "bigint") for ids in named))
        _put(rows, map(BY_KIND[Contract].read, found))
    await _lock_projects(db, wanted, rows)
    if wanted.uploaders:
        _put(rows, await _locked(db, wanted.hold, FileCounter, sorted(wanted.uploaders)))
    for kind in _ROOTS:
        if wanted.ids(kind):
            _put(rows, await _locked(db, wanted.hold, kind, wanted.ids(kind)))


async def _lock_projects(
    db: Connection, wanted: Wanted, rows: dict[tuple[type[Row], Key], Row]
) -> None:
    """Projects, then bids, then who bids: those that were named, and those of contracts."""
    projects, bids = set(wanted.ids(Project)), set(wanted.ids(Bid))
    if wanted.with_projects:
        contracts = [row for row in rows.values() if isinstance(row, Contract)]
        projects.update(row.project_id for row in contracts if row.project_id is not None)
        bids.update(row.bid_id for row in contracts if row.bid_id is not None)
    if not projects and not bids:
        return
    text = _PROJECTS.format(wanted.hold.rows)
    found = await db.fetch(text, sent(sorted(projects), "bigint"), sent(sorted(bids), "bigint"))
    _put(rows, map(BY_KIND[Project].read, found))
    bidders = set(wanted.bidders)
    if bids:
        held = await _locked(db, wanted.hold, Bid, sorted(bids))
        bidders.update((bid.project_id, bid.bidder_id) for bid in held if isinstance(bid, Bid))
        _put(rows, held)
    if bidders:
        _put(rows, await _pairs(db, wanted.hold, Bidder, bidders))


async def _pairs(
    db: Connection, hold: Hold, kind: type[Row], pairs: Iterable[tuple[int, int]]
) -> list[Row]:
    """The rows with these two numbers as their key."""
    table, wanted = BY_KIND[kind], sorted(pairs)
    key = ", ".join(table.key)
    found = await db.fetch(
        f"SELECT {table.names} FROM {table.name}"
        f" JOIN unnest({parameter(1, 'bigint')}, {parameter(2, 'bigint')}) AS w ({key})"
        f" USING ({key}) ORDER BY {key} {hold.of(table.name)}",
        sent([pair[0] for pair in wanted], "bigint"),
        sent([pair[1] for pair in wanted], "bigint"),
    )
    return [table.read(record) for record in found]


async def _locked(
    db: Connection, hold: Hold, kind: type[Row], ids: list[int], also: str = "", *more: object
) -> list[Row]:
    table = BY_KIND[kind]
    (key,) = table.key
    found = await db.fetch(
        f"SELECT {table.names} FROM {table.name}"
        f" WHERE {key} = ANY({parameter(1, 'bigint')}) {also} ORDER BY {key} {hold.rows}",
        sent(ids, "bigint"),
        *more,
    )
    return [table.read(record) for record in found]


async def _lock_children(
    db: Connection,
    wanted: Wanted,
    rows: dict[tuple[type[Row], Key], Row],
    now: datetime,
) -> None:
    """What was named, what is due, and all live milestones of the contracts that want them."""
    _put(rows, await waking.locked_releases(db, wanted, now))
    await planning.name_milestones(db, wanted)
    ids, disputes = wanted.ids(Milestone), wanted.ids(Dispute)
    if wanted.families or wanted.due or disputes:
        more = (sorted(wanted.families), wanted.due, now, disputes)
        _put(rows, await _locked(db, wanted.hold, Milestone, ids, _ALSO, *more))
    elif ids:
        _put(rows, await _locked(db, wanted.hold, Milestone, ids))
    _put(rows, await disputing.locked(db, wanted, rows.values(), now))
    _put(rows, await planning.tranches(db, wanted, rows.values()))
    if wanted.proposing:
        _put(rows, await _beside(db, Proposal, wanted.proposing))
    for kind, numbers in wanted.beside.items():
        _put(rows, await _beside(db, kind, numbers))
    await _look_at_files(db, wanted, rows)
    for kind, numbers in wanted.fixed.items():
        _put(rows, await _locked(db, LOOKED_AT, kind, sorted(numbers)))


async def _beside(db: Connection, kind: type[Row], numbers: Iterable[int]) -> list[Row]:
    """The rows whose key begins with these numbers: whoever holds what has them holds these."""
    table = BY_KIND[kind]
    where = f"{table.key[0]} = ANY({parameter(1, 'bigint')})"
    found = await db.fetch(
        f"SELECT {table.names} FROM {table.name} WHERE {where}", sent(sorted(numbers), "bigint")
    )
    return [table.read(record) for record in found]


async def _look_at_files(
    db: Connection, wanted: Wanted, rows: dict[tuple[type[Row], Key], Row]
) -> None:
    """What is attached to projects, bids and exhibits, which are locked; files never change."""
    parents = [
        row.id
        for row in rows.values()
        if isinstance(row, Project | Bid | Exhibit) and (row.files or row.id in wanted.attaching)
    ]
    if not parents:
        return
    found = await _beside(db, Attachment, parents)
    _put(rows, found)
    numbers = {row.file_id for row in found if isinstance(row, Attachment)}
    wanted.fixed.setdefault(File, set()).update(numbers)


async def _rulebooks(db: Connection, rows: dict[tuple[type[Row], Key], Row]) -> dict[str, Terms]:
    """Those that are in force for anything here."""
    hashes = {
        row.terms_hash
        for row in rows.values()
        if isinstance(row, Contract | Milestone | TermsOffer) and row.terms_hash is not None
    }
    return await rulebooks(db, hashes)


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
    for row, asked in waking.asked(world):
        needs.update(asked.accounts(row, world))
        gaining.update(asked.receives(row, world))
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
