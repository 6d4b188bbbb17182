"""Checks of the database: the server, its clock, its limits, and how far it is migrated."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest.cli.doctor.findings import Finding, note, ok, wrong
from earnest.ids import moment
from earnest.store.db import OLDEST_SERVER

if TYPE_CHECKING:
    from datetime import datetime

    from earnest.config import Config
    from earnest.store.checkup import Facts

#: Clocks that are kept by NTP differ by milliseconds.
CLOCKS_DIFFER_MOST: Final = timedelta(seconds=5)
_PER_MAJOR: Final = 10_000


def server(facts: Facts) -> Finding:
    """Whether the server speaks our SQL, and keeps text as it is."""
    major = facts.server.version // _PER_MAJOR
    if major < OLDEST_SERVER:
        what = f"PostgreSQL {major} is too old."
        means = "It does not know all that we ask it."
        return wrong("server", "server_too_old", what, means, f"Use {OLDEST_SERVER} or newer.")
    if facts.server.encoding != "UTF8":
        what = f"The database keeps text as {facts.server.encoding}, not as UTF8."
        means = "Names and words in most languages cannot be kept, or come back as others."
        advice = "Make it anew: createdb --encoding=UTF8 --template=template0 earnest"
        return wrong("server", "not_utf8", what, means, advice)
    return ok("server", f"PostgreSQL {major}, UTF8.")


def durability(facts: Facts) -> Finding:
    """Whether what was answered outlives a pulled plug."""
    if not facts.server.unsafe:
        return ok("durability", "What is answered is on the disk.")
    names = facts.server.unsafe
    what = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} off on the server."
    means = "After a power cut answered commands can be missing, or the books be unreadable."
    advice = f"As its administrator: ALTER SYSTEM SET {names[0]} = on; SELECT pg_reload_conf();"
    return wrong("durability", "not_durable", what, means, advice)


def connections(facts: Facts, config: Config) -> Finding:
    """Whether one process can have as many as it may ask for."""
    allowed, wanted = facts.server.connections, config.connections
    if allowed < wanted:
        what = f"The server allows us {allowed} connections; one process may take {wanted}."
        means = "Under load requests fail with 503."
        advice = f"EARNEST_CONNECTIONS={max(1, allowed // 2)}, or raise the server's limit."
        return wrong("connections", "too_few_connections", what, means, advice)
    return ok("connections", f"{wanted} a process, {allowed} allowed.")


def rights(facts: Facts) -> Finding:
    """Whether we may read and write our own tables."""
    closed = facts.server.closed
    if not closed:
        return ok("rights", "All tables can be read and written.")
    what = f"The user of DATABASE_URL may not use {len(closed)} tables, such as {closed[0]}."
    means = "They belong to somebody else: commands fail with an error of the database."
    advice = "As the owner of the tables: GRANT ALL ON ALL TABLES IN SCHEMA public TO <user>"
    return wrong("rights", "no_rights", what, means, advice)


def clock(facts: Facts, now: datetime) -> Finding:
    """Whether this machine's clock, the server's, and that of the newest number agree."""
    apart = now - facts.server.now
    if abs(apart) > CLOCKS_DIFFER_MOST:
        than = "ahead of" if apart > timedelta(0) else "behind"
        what = f"This machine's clock is {_long(abs(apart))} {than} the database's."
        means = "Dates are the database's, but the order of numbers and of logs is ours: they mix."
        return wrong("clock", "clocks_differ", what, means, _NTP)
    newest = facts.site.newest if facts.site is not None else None
    made = timedelta(milliseconds=moment(newest)) if newest is not None else timedelta(0)
    ahead = made - timedelta(seconds=now.timestamp())
    if ahead > CLOCKS_DIFFER_MOST:
        what = f"The newest number was made {_long(ahead)} after now."
        means = "A clock was wrong then, or is now: numbers could be made a second time."
        return wrong("clock", "clock_went_back", what, means, _NTP)
    return ok("clock", f"Ours and the database's are {abs(apart).total_seconds():.2f} s apart.")


_NTP: Final = "Keep both by NTP: timedatectl set-ntp true; then compare: date -u"


def _long(apart: timedelta) -> str:
    return str(timedelta(seconds=round(apart.total_seconds())))


def migrations(facts: Facts) -> Finding:
    """Whether the database is as this version wants it."""
    if facts.unknown:
        what = f"The database has the migration {facts.unknown[0]}, which we do not know so."
        means = "A newer Earnest has changed it, or somebody its files; this one must not write."
        advice = "Start the version that made it, or a newer one."
        return wrong("migrations", "migrations_unknown", what, means, advice)
    if facts.missing:
        what = f"{len(facts.missing)} migrations are missing, from {facts.missing[0]} on."
        means = "The database is older than this program, or new. Running servers are unready."
        return wrong("migrations", "migrations_missing", what, means, "earnest migrate")
    if facts.site is None:
        what, means = "The database is not finished.", "A first start was interrupted."
        return note("migrations", "no_site", what, means, "earnest migrate")
    return ok("migrations", f"Up to date: a {facts.site.mode} site.")
