"""One batch: claim, lock, decide, write. Everything the product does to money passes here."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.actions import Reason, Refused
from earnest.core.batch import run
from earnest.core.bids.row import Bid
from earnest.core.clocks import Wind
from earnest.core.commands import Event
from earnest.core.contracts import Contract
from earnest.core.people import SYSTEM_ID, User
from earnest.core.watchman import broken_invariant
from earnest.core.world import nobodys
from earnest.store.arrays import parameter, sent
from earnest.store.db import GONE
from earnest.store.lock import lock
from earnest.store.wanted import LOCKED, LOOKED_AT
from earnest.store.writing import OffBalanceError, add, write
from earnest.wire import shapes
from earnest.wire.surroundings import Json, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from earnest.core.commands import Command, Outcome
    from earnest.core.house import House
    from earnest.core.rows import Row
    from earnest.core.world import World
    from earnest.store.db import Connection
    from earnest.store.turns import Turns
    from earnest.store.wanted import Hold

#: Commands that are decided or told of before others may go on.
_AT_ONCE: Final = 8

_ASKED_BEFORE = f"""
SELECT what AS halt, NULL::bigint AS actor_id, NULL AS key, NULL::bytea AS hash,
    NULL AS problem, NULL::bigint AS event_id, NULL::text AS body
FROM halts WHERE cleared_at IS NULL
UNION ALL
SELECT NULL, c.actor_id, c.key, c.hash, c.problem, e.id, e.body::text
FROM unnest({parameter(1, "bigint")}, $2::text[]) AS k (actor_id, key)
JOIN commands c USING (actor_id, key)
LEFT JOIN events e ON e.id = c.event_id
"""

_HALT = "INSERT INTO halts (what) VALUES ($1)"


class HaltedError(Exception):
    """The books do not balance; no command is taken until somebody has looked."""


class CommitLostError(Exception):
    """The connection was lost during COMMIT: whether the batch is kept is not known yet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command is answered: the rows it made or changed, as JSON, or a problem."""

    rows: tuple[bytes, ...] = ()
    problem: bytes | None = None
    replayed: bool = False
    #: The event that tells of it; None for a refusal.
    event_id: int | None = None
    #: That event's name, unless this is a replay.
    event: str | None = None
    #: Of who asked for nothing but what is due: how much of it was.
    ran_out: int = 0


class _Body(msgspec.Struct):
    """What of an event's body is for replays: the answer's rows come first."""

    answer: int
    rows: list[msgspec.Raw]


_encode = msgspec.json.Encoder().encode
_body_decoder = msgspec.json.Decoder(_Body)

CommandId = tuple[int, str]


async def execute(
    db: Connection,
    commands: Sequence[Command],
    house: House,
    problem_of: Callable[[Refused], bytes],
    turns: Turns,
    reserve: Callable[[int], int],
    hold: Hold = LOCKED,
) -> dict[CommandId, Answer]:
    """Lock, decide, write, commit; the answers are true once this has returned."""
    is_written = False
    try:
        async with turns.turn() as turn, db.transaction():
            answers = await _asked_before(db, commands, problem_of)
            fresh = [c for c in commands if c.id not in answers]
            if fresh:
                world = await lock(db, fresh, house, hold, turn)
                world.reserve = reserve
                world = await _decided(fresh, world)
                encoded = await _told(world)
                await turn.to_write()
                answers |= await _write(db, fresh, world, encoded, problem_of)
                turn.end()  # It has only to be kept, and waits for nobody any more.
                is_written = True
    except GONE as gone:
        if is_written:
            raise CommitLostError from gone
        raise
    except OffBalanceError as wrong:
        await db.execute(_HALT, str(wrong))
        raise HaltedError(str(wrong)) from wrong
    return answers


async def preview(db: Connection, command: Command, house: House) -> tuple[Outcome, World]:
    """What the command would lead to at this moment; nothing is written, and nobody waits.

    On a connection that reads from one moment.
    """
    outcomes, world = await previews(db, [command], house)
    return outcomes[0], world


async def previews(
    db: Connection, commands: Sequence[Command], house: House
) -> tuple[list[Outcome], World]:
    """The same of many, one after the other: what is refused leaves no trace for the next."""
    world = await lock(db, commands, house, LOOKED_AT)
    world.reserve = nobodys()
    run(commands, world)
    return [world.outcomes[each.id] for each in commands], world


async def _asked_before(
    db: Connection,
    commands: Sequence[Command],
    problem_of: Callable[[Refused], bytes],
) -> dict[CommandId, Answer]:
    """First answers stand for ever. While the books are halted, there are no others."""
    by_id = {c.id: c for c in commands}
    records = await db.fetch(
        _ASKED_BEFORE,
        sent([c.actor_id for c in by_id.values()], "bigint"),
        [c.key for c in by_id.values()],
    )
    answers: dict[CommandId, Answer] = {}
    for record in records:
        if record["halt"] is not None:
            raise HaltedError(record["halt"])
        asked = (record["actor_id"], record["key"])
        if by_id[asked].hash != record["hash"]:
            answers[asked] = Answer(problem=problem_of(Refused(Reason.KEY_REUSED)))
        elif record["problem"] is not None:
            answers[asked] = Answer(problem=record["problem"].encode(), replayed=True)
        else:
            rows = answer_rows(record["body"])
            answers[asked] = Answer(rows, replayed=True, event_id=record["event_id"], event="")
    return answers


def answer_rows(body: str | bytes) -> tuple[bytes, ...]:
    """The rows that answered the command, byte for byte as they first did."""
    kept = _body_decoder.decode(body)
    return tuple(bytes(row) for row in kept.rows[: kept.answer])


async def _decided(commands: Sequence[Command], world: World) -> World:
    """Decide them all; between a few and the next few others may go on, another batch's writing."""
    for start in range(0, len(commands), _AT_ONCE):
        run(commands[start : start + _AT_ONCE], world)
        await asyncio.sleep(0)
    wrong = broken_invariant(world)
    if wrong is not None:
        raise OffBalanceError(wrong)
    return world


async def _told(world: World) -> dict[int, tuple[str, tuple[bytes, ...]]]:
    """The body of each event, and the rows of it that are the answer."""
    names = {k: row.name for (kind, k), row in world.rows.items() if isinstance(row, User)}
    around = Surroundings(names, world.balances, world.rulebooks)  # type: ignore[arg-type]
    told: dict[int, tuple[str, tuple[bytes, ...]]] = {}
    for count, event in enumerate(_events_of(world), 1):
        told[event.id] = encoded(event, around)
        if count % _AT_ONCE == 0:
            await asyncio.sleep(0)
    return told


def _events_of(world: World) -> list[Event]:
    return [o for o in world.outcomes.values() if isinstance(o, Event)]


async def _write(
    db: Connection,
    commands: Sequence[Command],
    world: World,
    encoded: dict[int, tuple[str, tuple[bytes, ...]]],
    problem_of: Callable[[Refused], bytes],
) -> dict[CommandId, Answer]:
    """One statement writes all that nobody else can be waiting for; the hottest accounts last."""
    events = _events_of(world)
    answers = {
        command_id: Answer(encoded[outcome.id][1], event_id=outcome.id, event=outcome.name)
        if isinstance(outcome, Event)
        else Answer(problem=problem_of(outcome))
        for command_id, outcome in world.outcomes.items()
    }
    answers |= _wound(commands, world, problem_of)
    kept = _kept(commands, world, answers)
    if kept or world.written:
        await write(db, world, events, (body for body, _ in encoded.values()), kept)
    if world.deltas:
        await add(db, world.deltas)
    return answers


def _wound(
    commands: Sequence[Command], world: World, problem_of: Callable[[Refused], bytes]
) -> dict[CommandId, Answer]:
    """Who asked for what is due in a contract is told how much that was, or what was refused."""
    counts = Counter(event.contract_id for _, event in world.ran_out)
    wound: dict[CommandId, Answer] = {}
    for command in commands:
        if isinstance(command.action, Wind):
            number = command.action.subject_id
            refused = [row.id for row in world.within(number) if row.id in world.alarms]
            problem = problem_of(world.alarms[refused[0]][1]) if refused else None
            wound[command.id] = Answer(problem=problem, ran_out=counts[number])
    return wound


def encoded(event: Event, around: Surroundings) -> tuple[str, tuple[bytes, ...]]:
    """The event's body, and the rows of it that are the answer."""
    # They move on within a batch; each event says its own.
    around.balances, around.files = event.balances, event.files
    answer = tuple(_encode(_shape(row, event, around)) for row in event.answer)
    answered = {id(row) for row in event.answer}  # They are the very ones of its rows.
    others = [
        _shape(row, event, around)
        for row in event.rows
        if type(row) in shapes.SHAPES and id(row) not in answered
    ]
    body = {
        "answer": len(answer),
        "rows": [*map(msgspec.Raw, answer), *others],
        "transfers": [
            shapes.transfer(number, moved)
            for number, moved in enumerate(event.transfers, event.first_transfer_id)
        ],
    }
    return _encode(body).decode(), answer


def _shape(row: Row, event: Event, around: Surroundings) -> Json:
    if isinstance(row, Contract) and event.children is not None:
        return shapes.contract(row, around, event.children)  # type: ignore[arg-type]
    if isinstance(row, Bid) and row is event.answer[0]:
        return shapes.bid(row, around, event.children)  # type: ignore[arg-type]
    return shapes.SHAPES[type(row)](row, around)


def _kept(
    commands: Sequence[Command], world: World, answers: dict[CommandId, Answer]
) -> list[tuple[Any, ...]]:
    """The keys to claim with their answers. What does not exist for the asker claims nothing."""
    kept: list[tuple[Any, ...]] = []
    hashes = {c.id: c.hash for c in (*commands, *(asked for asked, _ in world.ran_out))}
    for command_id in sorted(world.outcomes):
        outcome = world.outcomes[command_id]
        if isinstance(outcome, Event):
            kept.append((*command_id, hashes[command_id], outcome.id, None))
        elif outcome.reason is not Reason.NOT_FOUND and command_id[0] != SYSTEM_ID:
            problem = answers[command_id].problem
            assert problem is not None
            kept.append((*command_id, hashes[command_id], None, problem.decode()))
    return kept
