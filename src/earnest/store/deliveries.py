"""Mails that are to go out: whose turn it is, what became of each try, and when there is another.

A mail is leased before it is tried, so of any number of workers one tries it; and each try is
counted before it begins, so whoever dies in the middle has tried. What is written down afterwards
is written by the try that it was, and by no older one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from earnest.store import account, account_mails
from earnest.store.queries import sql
from earnest.store.reads.notices import TOLD
from earnest.store.reads.paging import Part as Condition
from earnest.store.reads.paging import items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from earnest.core.telling import Notice
    from earnest.store.account import Told
    from earnest.store.account_mails import AccountMail
    from earnest.store.db import Connection, Database

#: How many are taken at once: no more than can be tried within the lease, however slow it goes.
TAKEN_MAX: Final = 20
LEASED: Final = timedelta(minutes=15)
#: After each try that failed for now; after the last of them there is none.
PAUSES: Final = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
#: What waited longer than all tries together would have taken is not sent any more.
STALE: Final = timedelta(days=4)
TOO_OLD: Final = "It waited for four days, and nobody could send it."

_NOW: Final = "clock_timestamp() + (SELECT clock_offset FROM site)"
_LEASE: Final = f"""
UPDATE deliveries d
SET tries = tries + 1, is_open = FALSE, tried_at = {_NOW}, leased_until = clock_timestamp() + $2
FROM (
    SELECT id FROM deliveries
    WHERE status = 'waiting' AND due_at <= {_NOW}
        AND (leased_until IS NULL OR leased_until < clock_timestamp())
        AND NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)
    ORDER BY due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
) t
WHERE d.id = t.id
RETURNING d.id, d.user_id, d.tries, d.is_digest
"""
_HANDED_OVER: Final = f"""
UPDATE deliveries d
SET status = 'handed_over', said = '', due_at = NULL, leased_until = NULL, handed_over_at = {_NOW}
FROM unnest($1::bigint[], $2::smallint[]) AS w (id, tries)
WHERE d.id = w.id AND d.tries = w.tries AND d.status = 'waiting'
"""
_OVER: Final = """
UPDATE deliveries
SET status = $3, said = $4, due_at = NULL, leased_until = NULL
WHERE id = $1 AND tries = $2 AND status = 'waiting'
"""
#: Not all at the same moment: what failed together would come back together.
_LATER: Final = f"""
UPDATE deliveries
SET said = $4, leased_until = NULL, due_at = {_NOW} + $3::interval * (0.9 + 0.2 * random())
WHERE id = $1 AND tries = $2 AND status = 'waiting'
"""
_NONE_NEEDED: Final = """
UPDATE deliveries SET status = 'not_needed', due_at = NULL, is_open = FALSE
WHERE status = 'waiting'
"""
_STALE: Final = f"""
UPDATE deliveries SET status = 'given_up', said = $2, due_at = NULL, is_open = FALSE
WHERE id IN (
    SELECT id FROM deliveries
    WHERE status = 'waiting' AND tries = 0 AND due_at < {_NOW} - $1::interval
        AND NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)
    ORDER BY due_at, id LIMIT 1000 FOR UPDATE SKIP LOCKED
)
"""
_AGAIN: Final = f"""
UPDATE deliveries
SET status = 'waiting', tries = 0, due_at = {_NOW}, leased_until = NULL, handed_over_at = NULL
WHERE id = $1 AND status IN ('given_up', 'waiting')
    AND (leased_until IS NULL OR leased_until < clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail whose turn it is, and which try this is."""

    id: int
    user_id: int
    tries: int
    is_digest: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a mail goes, and how they want to be told."""

    id: int
    name: str
    email: str
    language: str
    time_zone: str
    #: They have not shown that the address is theirs.
    is_unverified: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """Everything that a mail is made of: of notices, or of what it says about an account."""

    delivery: Delivery
    recipient: Recipient
    notices: Sequence[Notice]
    #: What its link does, or did, with the account of its recipient.
    account: AccountMail | None = None
    #: What changed about how its recipient signs in: such a mail tells of nothing else.
    change: Told | None = None

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to say to whoever reads that address.

        Where nobody has shown that it is theirs, a clock alone is told there: it waits for that.
        """
        if self.account is not None:
            return not self.account.is_over
        if self.change is not None:
            return True
        if self.recipient.is_unverified:
            return any(each.is_last for each in self.notices)
        return bool(self.notices)


@dataclass(frozen=True, slots=True)
class Counts:
    """What operators have to know of the mails."""

    waiting: int
    since: datetime | None
    failing: int
    given_up: int
    now: datetime


async def lease(database: Database, most: int = TAKEN_MAX) -> list[Delivery]:
    """Those whose turn it is, for a while this worker's alone."""
    return [Delivery(*record) for record in await database.pool.fetch(_LEASE, most, LEASED)]


async def errands(database: Database, found: Sequence[Delivery]) -> tuple[list[Errand], bytes]:
    """What these mails are made of, and the secret of the links that stop them."""
    async with database.pool.acquire() as db:
        records = await db.fetch(
            sql("deliveries.recipients"), sorted({each.user_id for each in found})
        )
        people = {record[0]: Recipient(*record) for record in records}
        carried = Condition("notices.of_delivery", (sorted(each.id for each in found),))
        told = await items(db, TOLD, carried)
        about = await account_mails.to_write(db, [each.id for each in found])
        changes = await account.carried(db, [each.id for each in found])
        secret: bytes = await db.fetchval(sql("deliveries.secret"))
    of: dict[int, list[Notice]] = {each.id: [] for each in found}
    for each in sorted(told, key=lambda each: each.notice.id):
        assert each.delivery_id is not None, "it was found by it"
        # A digest is about what its reader has not seen yet.
        if each.delivery_id == each.notice.id or each.notice.read_at is None:
            of[each.delivery_id].append(each.notice)
    made = [
        Errand(each, people[each.user_id], of[each.id], about.get(each.id), changes.get(each.id))
        for each in found
    ]
    return made, secret


async def handed_over(database: Database, some: Sequence[Delivery]) -> None:
    """The mail server has taken these."""
    numbers, tries = [each.id for each in some], [each.tries for each in some]
    await database.pool.execute(_HANDED_OVER, numbers, tries)


async def not_needed(database: Database, delivery: Delivery) -> None:
    """There is nothing in it that its reader has not read."""
    await _over(database, delivery, "not_needed", "")


async def refused(database: Database, delivery: Delivery, said: str) -> None:
    """The mail server will never take it."""
    await _over(database, delivery, "given_up", said)


async def failed(database: Database, delivery: Delivery, said: str) -> bool:
    """It could not be sent this time, but later; True if this was the last try."""
    if delivery.tries > len(PAUSES):
        await _over(database, delivery, "given_up", said)
        return True
    pause = PAUSES[delivery.tries - 1]
    await database.pool.execute(_LATER, delivery.id, delivery.tries, pause, said)
    return False


async def _over(database: Database, delivery: Delivery, status: str, said: str) -> None:
    await database.pool.execute(_OVER, delivery.id, delivery.tries, status, said)


async def give_up_stale(database: Database) -> int:
    """What nobody could even try for days is not news any more; how many that was."""
    done = await database.pool.execute(_STALE, STALE, TOO_OLD)
    return int(done.rpartition(" ")[2])


async def again(database: Database, number: int) -> bool:
    """An operator wants it sent once more; False if it was, or is being sent at this moment."""
    return await database.pool.execute(_AGAIN, number) == "UPDATE 1"


async def none_needed(database: Database) -> None:
    """For a story: of what people were told long ago no mail has to go out any more."""
    await database.pool.execute(_NONE_NEEDED)


async def next_due(database: Database) -> datetime | None:
    """When there is next a mail to send."""
    found: datetime | None = await database.pool.fetchval(sql("deliveries.next"))
    return found


async def counts(database: Database) -> Counts:
    """How many wait, and how many were given up."""
    record = await database.pool.fetchrow(sql("deliveries.counts"))
    assert record is not None, "an aggregate is always one row"
    return Counts(*record)


async def carried(db: Connection, numbers: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Of which events these mails tell."""
    return {r[0]: r[1] for r in await db.fetch(sql("deliveries.carried"), list(numbers))}
