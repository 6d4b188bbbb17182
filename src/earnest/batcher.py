"""Many concurrent requests become one transaction.

The next batch forms while the last one commits, so its size grows with the load by itself, and
at low load the latency is that of one commit. There is no timer.

Two batches overlap: while PostgreSQL writes one, Python decides the other. Commands of one asker
stand in one line and never overlap, since they meet in a wallet.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from earnest.store.batch import Answer, CommitLostError, HaltedError, execute
from earnest.store.db import GONE, HELD, IN_A_CIRCLE, PASSING
from earnest.store.turns import Turns
from earnest.store.wanted import ALL_LOCKED, LOCKED
from earnest.store.writing import FullError, KeyTakenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from earnest.core.actions import Refused
    from earnest.core.commands import Command
    from earnest.core.house import House
    from earnest.store.db import Database
    from earnest.store.wanted import Hold

log = structlog.get_logger()

COMMANDS_MAX: Final = 500
QUEUE_MAX: Final = 5_000
#: How many batches may overlap.
LINES: Final = 2
#: For so long after two processes have met in a circle, everything is locked beforehand.
CAREFUL_SECONDS: Final = 60
ATTEMPTS: Final = 6
#: What everybody is told; what exactly is off is for the log, the halt and `earnest ledger verify`.
OFF_BALANCE: Final = "An amount in the books does not add up. No money moves until it does."
UNKNOWN: Final = "The database went away while this was being kept, so it may be done. Ask again."


class UnavailableError(Exception):
    """Nothing was done, unless that is unknown; asked again under its key it is done once."""

    def __init__(
        self, code: str, detail: str, retry_after: int, *, is_unknown: bool = False
    ) -> None:
        """Say what is the matter (`busy`, `database_gone`, `books_do_not_balance`)."""
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        #: The connection was lost while the command was being kept: it may be done.
        self.is_unknown = is_unknown


class BrokenCommandError(Exception):
    """A bug of ours in this one command: it did nothing, and the others went on."""


@dataclass(slots=True)
class _Waiting:
    command: Command
    answer: asyncio.Future[Answer]


@dataclass(slots=True)
class _Line:
    """Commands that are never in two batches at a time."""

    queue: deque[_Waiting] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Counts:
    """What the batcher has done, for the metrics."""

    batches: int = 0
    commands: int = 0
    retries: int = 0
    broken: int = 0
    refused_system: int = 0
    breaks: int = 0


class Batcher:
    """`submit`, or `ask` for many at once, is the whole write API of the product."""

    def __init__(
        self,
        database: Database,
        house: House,
        problem_of: Callable[[Refused], bytes],
        reserve: Callable[[int], int],
        *,
        commands_max: int = COMMANDS_MAX,
    ) -> None:
        """Take commands for this database under these settings; `start` begins.

        What is due makes rows that nobody asked for: `reserve` makes their numbers.
        """
        self._database = database
        self.house = house
        self._problem_of = problem_of
        self._reserve = reserve
        self._commands_max = commands_max
        self._lines = tuple(_Line() for _ in range(LINES))
        self._turns = Turns()
        self._careful_until = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False
        self.counts = Counts()

    def start(self) -> None:
        """Begin to take batches."""
        self._tasks = [asyncio.create_task(self._take_batches(line)) for line in self._lines]
        for task in self._tasks:
            task.add_done_callback(self._stopped)

    async def close(self) -> None:
        """Answer what is waiting and what is under way, then stop; nothing new is taken."""
        self._closing = True
        for line in self._lines:
            line.arrived.set()
        await asyncio.gather(*self._tasks)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        """A bug in the taking itself must not leave anybody waiting for ever."""
        if task.cancelled() or task.exception() is None:
            return
        self._closing = True
        for line in self._lines:
            _fail(line.queue, UnavailableError("busy", "This process is broken.", 1))
            line.queue.clear()
        log.critical("batcher_broken", exc_info=task.exception())

    @property
    def waiting(self) -> int:
        """How many commands have not been taken yet."""
        return sum(len(line.queue) for line in self._lines)

    async def submit(self, command: Command) -> Answer:
        """Ask for a command; the answer is true and durable once it is returned."""
        return await self.ask(command)

    def ask(self, command: Command) -> asyncio.Future[Answer]:
        """Put a command in the queue; whoever asks for many waits for all of them at once."""
        if self._closing:
            raise UnavailableError("busy", "This process is stopping.", 1)
        if self.waiting >= QUEUE_MAX:
            raise UnavailableError("busy", "Too many commands are waiting.", 1)
        waiting = _Waiting(command, asyncio.get_running_loop().create_future())
        # Hashed, because numbers of people end alike: most are the first of their millisecond.
        line = self._lines[hash((command.actor_id,)) % LINES]
        line.queue.append(waiting)
        line.arrived.set()
        return waiting.answer

    async def _take_batches(self, line: _Line) -> None:
        while line.queue or not self._closing:
            await line.arrived.wait()
            batch = self._next_batch(line.queue)
            if not line.queue and not self._closing:
                line.arrived.clear()
            if batch:
                await self._answer(batch)

    def _next_batch(self, queue: deque[_Waiting]) -> list[_Waiting]:
        """What is waiting, each command once; the same one again waits for the first answer."""
        batch: dict[tuple[int, str], _Waiting] = {}
        again: list[_Waiting] = []
        while queue and len(batch) < self._commands_max:
            waiting = queue.popleft()
            if waiting.command.id in batch:
                again.append(waiting)
            else:
                batch[waiting.command.id] = waiting
        queue.extendleft(reversed(again))
        return list(batch.values())

    async def _answer(self, batch: Sequence[_Waiting]) -> None:
        """Run the batch and tell everybody; one that cannot be run is cut in halves."""
        try:
            answers = await self._execute([waiting.command for waiting in batch])
        except HaltedError as halted:
            log.critical("books_do_not_balance", what=str(halted))
            _fail(batch, UnavailableError("books_do_not_balance", OFF_BALANCE, 60))
        except CommitLostError:
            log.warning("commit_lost", commands=len(batch))
            _fail(batch, UnavailableError("database_gone", UNKNOWN, 2, is_unknown=True))
        except (*GONE, *PASSING, KeyTakenError, TimeoutError) as gone:
            log.warning("database_gone", error=type(gone).__name__)
            _fail(batch, UnavailableError("database_gone", "The database does not answer.", 2))
        except HELD as held:
            await self._isolate(batch, held)
        except Exception as bug:  # noqa: BLE001  # Isolated, logged and answered, never swallowed.
            await self._isolate(batch, bug)
        else:
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.answer.set_result(answers[waiting.command.id])

    async def _isolate(self, batch: Sequence[_Waiting], bug: Exception) -> None:
        """Find the command that cannot be run; all others are answered as if it were not there."""
        if len(batch) > 1:
            middle = len(batch) // 2
            await self._answer(batch[:middle])
            await self._answer(batch[middle:])
            return
        (waiting,) = batch
        if isinstance(bug, HELD):
            log.warning("rows_held", action=waiting.command.action.name)
            _fail(batch, UnavailableError("busy", "Somebody else is at what this is about.", 2))
            return
        self.counts.broken += 1
        _fail(batch, BrokenCommandError(waiting.command.action.name))
        log.error("command_broken", action=waiting.command.action.name, exc_info=bug)

    async def _execute(self, commands: Sequence[Command]) -> dict[tuple[int, str], Answer]:
        """Run them, again a bounded number of times if what stopped them passes.

        A connection that was lost during COMMIT leaves it unknown whether they were done; asking
        again under the same keys finds out.
        """
        lost: CommitLostError | None = None
        attempts = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.02, max=0.5),
            retry=retry_if_exception_type(
                (*GONE, *PASSING, FullError, KeyTakenError, CommitLostError)
            ),
            reraise=True,
        )
        try:
            async for attempt in attempts:
                with attempt:
                    number = attempt.retry_state.attempt_number
                    if number > 1:
                        self.counts.retries += 1
                        await self._revive(number)
                    try:
                        return await self._execute_once(commands, self._hold(number))
                    except CommitLostError as error:
                        lost = error
                        raise
                    except IN_A_CIRCLE:
                        self._careful_until = time.monotonic() + CAREFUL_SECONDS
                        raise
        except Exception:
            if lost is not None:
                raise lost from None  # Whatever it is, since then nobody could find out.
            raise
        raise AssertionError("tenacity returns or raises")

    async def _revive(self, attempt_number: int) -> None:
        """A private server that died is started again; an outside one is only waited for."""
        if attempt_number == ATTEMPTS // 2:
            await self._database.revive()

    def _hold(self, attempt_number: int) -> Hold:
        """What only gains is not locked, unless that has just been the trouble."""
        careful = attempt_number > 1 or time.monotonic() < self._careful_until
        return ALL_LOCKED if careful else LOCKED

    async def _execute_once(
        self, commands: Sequence[Command], hold: Hold
    ) -> dict[tuple[int, str], Answer]:
        async with self._database.pool.acquire(timeout=10) as db:
            answers = await execute(
                db, commands, self.house, self._problem_of, self._turns, self._reserve, hold
            )
        self.counts.batches += 1
        self.counts.commands += len(commands)
        return answers


def _fail(batch: Iterable[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
