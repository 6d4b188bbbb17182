"""`earnest backup`, `restore` and `payments resume`: keeping the books, and having them again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from earnest import config as settings
from earnest.app import files_of, is_made, server
from earnest.cli.desk import Failure, say, with_desk
from earnest.core.rows import wire_time
from earnest.files import DiskFullError
from earnest.store import backup as backups
from earnest.store import embedded, restores
from earnest.store import verify as verifying
from earnest.store.db import Database, migrate
from earnest.store.reads import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from earnest.app import App
    from earnest.cli.desk import Desk
    from earnest.files import Folder
    from earnest.store.backup import Manifest
    from earnest.store.verify import Findings

#: Settings that lead to where the backup was made: there they would be followed.
ELSEWHERE: Final = frozenset({"database_url", "data_dir", "postgres"})
BESIDE: Final = "earnest.toml.from-backup"


@click.command()
@click.argument("target", metavar="FILE|DIR", type=click.Path(path_type=Path))
@with_desk
def backup(desk: Desk, target: Path) -> None:
    """Write everything into one file, beside whatever runs.

    In a directory the file is named after the time. Nothing is ever overwritten.
    """
    if not is_made(desk.config):
        raise Failure(
            "nothing_here",
            f"There is no Earnest in {desk.config.data_dir}.",
            "Choose its directory with --data-dir.",
        )
    with _explained(), server(desk.config, say) as (dsn, _):
        origin = asyncio.run(restores.origin(dsn))
        file = target.absolute()
        if file.is_dir():
            file /= f"earnest-{origin.now:%Y%m%dT%H%M%SZ}.zip"
        if file.exists():
            raise backups.taken(file)
        of_settings = settings.file_of(os.environ, desk.config.data_dir)
        parts = backups.Parts(origin, of_settings, files_of(desk.config).all)
        manifest = backups.write(file, _server(desk, dsn), parts, say)
    size = file.stat().st_size
    if desk.json:
        told = {
            "file": str(file),
            "bytes": size,
            "taken_at": wire_time(manifest.taken_at),
            "files": manifest.files,
        }
        desk.print_json(told)
    else:
        click.echo(f"{file}: everything until {wire_time(manifest.taken_at)}, {size} bytes.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_desk
def restore(desk: Desk, file: Path) -> None:
    """Make a new installation from a backup, in an empty data directory (or DATABASE_URL).

    It ends with `ledger verify`. Whoever was signed in has to sign in again, and no gateway is
    asked anything before `earnest payments resume`.
    """
    with (
        _explained(),
        backups.opened(file.absolute()) as (archive, manifest),
        _new(desk) as dsn,
    ):
        say(f"Restoring what was backed up at {wire_time(manifest.taken_at)}.")
        backups.load_files(archive, manifest, files_of(desk.config).put, say)
        backups.load(archive, manifest, _server(desk, dsn), say)
        found = asyncio.run(_checked(dsn, manifest, files_of(desk.config)))
        kept = _settings_again(desk.config.data_dir, backups.settings_in(archive))
    _report(desk, manifest, found, kept)


@contextlib.contextmanager
def _new(desk: Desk) -> Iterator[str]:
    """An empty database: the private one of a new directory, or an outside one."""
    if desk.config.database_url:
        dsn = desk.config.database_url
        if not asyncio.run(restores.is_empty(dsn)):
            raise Failure(
                "database_not_empty",
                f"{settings.masked(dsn)} is not empty.",
                "Make a new database (createdb), or unset DATABASE_URL to restore into a"
                " private one.",
            )
        yield dsn
        return
    data_dir = desk.config.data_dir
    with (
        embedded.replacing(data_dir),
        embedded.hold(data_dir, binaries=desk.config.postgres, say=say) as held,
    ):
        yield held.dsn


def _server(desk: Desk, dsn: str) -> backups.Server:
    programs = embedded.find_programs(desk.config.postgres)
    return backups.Server(dsn, programs.bin, private=not desk.config.database_url)


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there after a restore."""

    findings: Findings
    #: Payments that are open.
    waiting: int
    #: Files whose bytes were not in the backup.
    lost: int


async def _checked(dsn: str, manifest: Manifest, folder: Folder) -> Restored:
    """Bring it up to this version and verify it; books that are wrong take no commands."""
    await migrate(dsn, mode=manifest.mode, say=say)
    database = await Database.connect(dsn, most=2, revive=None)
    try:
        findings = await verifying.verify(database, say)
        if not findings.ok:
            await restores.halt(database, findings)
        lost = [
            digest async for digest, size in files.digests(database) if not folder.has(digest, size)
        ]
        return Restored(findings, await restores.open_payments(database), len(lost))
    finally:
        await database.close()


def _settings_again(data_dir: Path, text: bytes | None) -> str:
    """Put the settings file back; one that leads elsewhere only beside where it would be read."""
    if text is None:
        return ""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = ["earnest.toml", BESIDE]
    for name in names[1:] if _leads_elsewhere(text) else names:
        if not (data_dir / name).exists():
            embedded.write(data_dir / name, text.decode(errors="replace"))
            return name
    return ""


def _leads_elsewhere(text: bytes) -> bool:
    try:
        return bool(ELSEWHERE & {*tomllib.loads(text.decode())})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return True  # As good as unknown.


def _report(desk: Desk, manifest: Manifest, found: Restored, kept: str) -> None:
    """Say what was restored; end with 1 if its books are wrong."""
    findings, waiting = found.findings, found.waiting
    if desk.json:
        desk.print_json(
            {
                "ok": findings.ok,
                "taken_at": wire_time(manifest.taken_at),
                "mode": manifest.mode,
                "transfers": findings.transfers,
                "accounts": findings.accounts,
                "open_payments": waiting,
                "files": manifest.files,
                "files_lost": found.lost,
                "settings": kept,
                "broken": [each.rule for each in findings.broken],
            }
        )
        raise SystemExit(int(not findings.ok))
    if not findings.ok:
        raise Failure(
            "books_do_not_balance",
            "It was restored, but its books do not balance, so it takes no commands.",
            "Look at it with `earnest ledger verify`, or restore another backup.",
        )
    click.echo(
        f"Restored: a {manifest.mode} site as it was at {wire_time(manifest.taken_at)}.\n"
        f"In order: {findings.transfers} transfers, {findings.accounts} accounts."
    )
    if found.lost:
        click.echo(f"The bytes of {found.lost} files were not in the backup.")
    if kept == BESIDE:
        click.echo(f"Its settings lead elsewhere, so they are not in force: read {kept}.")
    click.echo(
        f"No gateway is asked anything yet; {waiting} payments are open. Compare with the gateway"
        " what happened since, then: earnest payments resume --reason …"
    )


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What stops it is told; being told to stop is an end in good order, as Ctrl-C is."""

    def told(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, told)
    try:
        yield
    except backups.BackupError as error:
        raise Failure(error.code, error.message, error.advice) from error
    except DiskFullError as error:
        advice = "Make room, or choose a directory on a larger disk."
        raise Failure("disk_full", "There is no room for the files.", advice) from error
    finally:
        signal.signal(signal.SIGTERM, before)


@click.group()
def payments() -> None:
    """What goes out to gateways and comes in from them."""


@payments.command()
@click.option("--reason", required=True, help="How it was compared; kept with the restore.")
@with_desk
def resume(desk: Desk, reason: str) -> None:
    """Speak with gateways again after a restore."""
    if not reason.strip() or "\0" in reason:
        raise click.UsageError("--reason says how it was compared.")

    async def work(app: App) -> tuple[int, int]:
        return (
            await restores.resume(app.database, reason),
            await restores.open_payments(app.database),
        )

    resumed, waiting = desk.run(work)
    if desk.json:
        desk.print_json({"resumed": resumed, "open_payments": waiting})
    elif resumed:
        click.echo(f"Gateways are asked again; {waiting} payments are open.")
    else:
        click.echo("Nothing was paused.")
