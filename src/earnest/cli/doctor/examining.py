"""The examination: every check in its order, as far as what it needs is there."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from earnest.app import carrier_of, files_of, gateways_of, is_made, server
from earnest.cli.doctor import database, kept, machine, sealed, site
from earnest.cli.doctor.findings import Finding, State, ok, skipped, wrong
from earnest.store import checkup, deliveries
from earnest.store.db import GONE, Database, DatabaseError
from earnest.store.embedded import EmbeddedError, status

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator
    from datetime import datetime

    from earnest.config import Config, Gathered
    from earnest.gateways.notices import Gateway


_DATABASE = ("server", "durability", "connections", "rights", "clock", "migrations")
#: What needs a connection of its own.
_CONNECTED = ("gateways", "mail", "key", "files")
_SITE = ("address", "books", "worker", *_CONNECTED)
_NEEDS_DATABASE = "Could not be looked at without the database."


async def examine(
    gathered: Gathered, now: Callable[[], datetime], say: Callable[[str], None]
) -> AsyncGenerator[Finding, None]:
    """Look at everything; each finding as soon as it is known."""
    usable = machine.settings(gathered)
    yield usable
    if usable.state is State.WRONG:
        yield skipped("everything else", "Could not be looked at before the settings are mended.")
        return
    config = gathered.config()
    for found in (
        machine.data_dir(config),
        machine.settings_file(gathered),
        machine.disk(config),
        machine.forgotten(),
    ):
        if found is not None:
            yield found
    with contextlib.ExitStack() as stack:
        dsn, found = _reached(config, stack, say)
        if found is not None:
            yield found
        async for each in _looked(dsn, config, now):
            yield each


def _reached(
    config: Config, stack: contextlib.ExitStack, say: Callable[[str], None]
) -> tuple[str, Finding | None]:
    """The address of the database, started if it is a private one; or why there is none."""
    check = "private PostgreSQL"
    try:
        if not is_made(config):
            what = f"There is no Earnest in {config.data_dir}."
            means = "This is a new directory, or not the one that was meant."
            advice = "Choose it with --data-dir, or make a new installation: earnest migrate"
            return "", wrong(check, "nothing_here", what, means, advice)
        ran = config.database_url or status(config.data_dir).pid is not None
        dsn, _ = stack.enter_context(server(config, say))
    except EmbeddedError as error:
        means = "Without its database nothing works. What was committed is not lost."
        return "", wrong(check, error.code, error.message, means, error.advice)
    if config.database_url:
        return dsn, None
    return dsn, ok(check, "It runs." if ran else "It did not run; it was started to be looked at.")


async def _looked(
    dsn: str, config: Config, now: Callable[[], datetime]
) -> AsyncGenerator[Finding, None]:
    """What can be seen of the database and in it."""
    if not dsn:
        for name in (*_DATABASE, *_SITE):
            yield skipped(name, _NEEDS_DATABASE)
        return
    try:
        facts = await checkup.look(dsn)
    except checkup.UnreachableError as error:
        means = "Without its database nothing works. Nothing was lost by that."
        yield wrong("database", error.code, str(error), means, error.advice)
        for name in (*_DATABASE, *_SITE):
            yield skipped(name, _NEEDS_DATABASE)
        return
    yield ok("database", "It answers.")
    for found in _of_database(facts, config, now()):
        yield found
    if facts.site is None:
        for name in _SITE:
            yield skipped(name, "Could not be looked at before the database is as it should be.")
        return
    for found in _of_site(facts.site, config):
        yield found
    for found in await _of_gateways(dsn, facts.site, config):
        yield found


def _of_database(facts: checkup.Facts, config: Config, now: datetime) -> Iterator[Finding]:
    yield database.server(facts)
    yield database.durability(facts)
    yield database.connections(facts, config)
    yield database.rights(facts)
    yield database.clock(facts, now)
    yield database.migrations(facts)


def _of_site(of: checkup.Site, config: Config) -> Iterator[Finding]:
    found = (
        site.address(of, config),
        site.sign_in(of),
        site.arbiters(of, config),
        site.books(of),
        site.breaks(of),
        site.restored(of),
        site.worker(of),
    )
    yield from (each for each in found if each is not None)


async def _of_gateways(dsn: str, of: checkup.Site, config: Config) -> list[Finding]:
    """What needs a connection of its own: gateways, mails, what is sealed, files that rows name."""
    known: dict[str, Gateway] = {}
    try:
        pool = await Database.connect(dsn, most=1, revive=None)
    except (DatabaseError, *GONE):
        return [skipped(name, _NEEDS_DATABASE) for name in _CONNECTED]
    try:
        known.update(gateways_of(of.mode, pool))
        found = await site.gateways(of, known)
        carrier = carrier_of(config, of.mode, pool)
        found.append(await site.mail(of, carrier, await deliveries.counts(pool)))
        found.append(await sealed.key(config, pool))
        return [*found, await kept.files(pool, files_of(config))]
    finally:
        pool.pool.terminate()
