"""Loading the demo at scale into a new sandbox, all of it, by as many processes as there are cores.

What was interrupted is begun anew: whether it is whole is marked in the database itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from earnest import worker
from earnest.core.people import sorted_roles
from earnest.demo.loading import InUseError, Login, NotADemoError
from earnest.demo.people import PASSWORD
from earnest.demo.scale.crowd import KNOWN, crowd
from earnest.demo.scale.part import Task
from earnest.demo.scale.planning import FULL, Size, milestones_of
from earnest.demo.scale.taking_out import take_out
from earnest.demo.telling import StoryError
from earnest.http.signin import passwords
from earnest.store import loading, notices, sandbox
from earnest.store.sandbox import Story

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from earnest.app import App

#: How much of an answer may be one line.
_ERROR_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is told how far it has come."""

    #: A step begins.
    say: Callable[[str], None]
    #: So many milestones of so many are there.
    done: Callable[[int, int], None]


async def prepare(app: App, progress: Progress, *, reset: bool = False, size: Size = FULL) -> None:
    """Load everything unless it was loaded to its end before."""
    found = await sandbox.story(app.database)
    ours = {Story.NONE, Story.SCALE_BEGUN, Story.SCALE_WHOLE}
    if not app.house.sandbox or (found not in ours and not (reset and found is not Story.FOREIGN)):
        raise NotADemoError
    app.demo_password = PASSWORD
    if found is Story.SCALE_WHOLE and not reset:
        return
    if found is not Story.NONE and await sandbox.others_work_here(app.database):
        raise InUseError
    if found is Story.SCALE_BEGUN:
        progress.say("Loading was interrupted; it is begun anew.")
    await sandbox.begin_story(app.database, timedelta(0), Story.SCALE_BEGUN)
    await _load(app, size, progress)
    await sandbox.end_story(app.database, Story.SCALE_WHOLE)
    app.is_demo = True


def logins() -> list[Login]:
    """Those to sign in as: like most, and with very much."""
    return [
        Login(each.name, each.email, ", ".join(sorted_roles(each.roles)), each.hint)
        for each in KNOWN
    ]


async def _load(app: App, size: Size, progress: Progress) -> None:
    present = await app.database.now()
    progress.say(f"{size.people:,} people …")
    everybody = await asyncio.to_thread(crowd, size.people, present)
    async with app.database.pool.acquire() as db:
        await loading.people(db, everybody.people, passwords.hashed(PASSWORD))
    has = app.config
    task = Task(
        str(has.data_dir), has.database_url, str(has.postgres) if has.postgres else None,
        size, present, has.preset, has.fee_bps, dict(has.approval_limits),
    )  # fmt: skip
    progress.say(f"{size.milestones:,} milestones and {size.bids:,} bids …")
    await _places(task, progress)
    progress.say("Withdrawals of those who earned most …")
    await take_out(app, everybody)
    await worker.drain(app)
    await notices.skip(app.database)  # Of so much nobody wants to be told.
    progress.say("Telling the planner what is there …")
    async with app.database.pool.acquire() as db:
        await loading.analyze(db)
    progress.say("The search is filled while it is served; `earnest index` waits for that.")


async def _places(task: Task, progress: Progress) -> None:
    """Every place, the largest first, each by the next process that is free."""
    waiting = list(range(task.size.places))
    counts = milestones_of(task.size)
    done = 0

    async def keep_loading() -> None:
        nonlocal done
        async with _process(task) as process:
            while waiting:
                number = waiting.pop(0)
                await _ask(process, number)
                done += counts[number]
                progress.done(done, task.size.milestones)

    progress.done(0, task.size.milestones)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(os.cpu_count() or 1, task.size.places)):
                group.create_task(keep_loading())
    except* StoryError as errors:
        raise errors.exceptions[0] from None


async def _ask(process: asyncio.subprocess.Process, number: int) -> None:
    """Have one place loaded."""
    assert process.stdin is not None, "asked for"
    assert process.stdout is not None, "asked for"
    process.stdin.write(f"{number}\n".encode())
    if await process.stdout.readline():
        return
    assert process.stderr is not None, "asked for"
    told = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
    raise StoryError("\n".join(told[-_ERROR_LINES:]))


@contextlib.asynccontextmanager
async def _process(task: Task) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that loads places, until this ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "earnest.demo.scale.part"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # A Ctrl-C is for us; we tell them.
    )
    assert process.stdin is not None, "asked for"
    try:
        process.stdin.write(msgspec.json.encode(task) + b"\n")
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
