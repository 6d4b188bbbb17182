"""Backups: what pg_dump tells of a database, the settings and all bytes of files, in one zip file.

A zip is written as a stream and has its directory at the end, so one that was cut off is none. It
gets its name when it is whole, and every part of it is checked before a restore commits.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import subprocess
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

from earnest.store import restores
from earnest.store.embedded.places import sync
from earnest.store.embedded.programs import ENVIRONMENT

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.sql"
SETTINGS: Final = "earnest.toml"
#: Each file's bytes are below this, under their digest.
FILES: Final = "files/"

DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_CHUNK: Final = 1 << 20
#: Text of a database shrinks to a fifth in little time; what more would take is worth less.
_LEVEL: Final = 3
_SECONDS_BETWEEN_WORDS: Final = 1
#: Whoever restores owns it all. A migration that holds a table for longer is waited for in vain.
_DUMPING: Final = ("--no-owner", "--no-privileges", "--lock-wait-timeout=60000")


class BackupError(Exception):
    """A backup cannot be made or used: `code` for programs, `advice` for people."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        """Say what is the matter, and the next step."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.advice = advice


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    format: int
    mode: str
    #: Everything that was answered before this moment of the database's clock is in it.
    taken_at: datetime
    migrations: tuple[str, ...]
    #: Of the database's text.
    sha256: str
    bytes: int
    #: How many files' bytes are in it.
    files: int = 0


@dataclass(frozen=True, slots=True)
class Server:
    """A database, and PostgreSQL's programs to speak with it."""

    dsn: str
    bin: Path
    #: A private one is asked without anything that this process's environment says.
    private: bool

    def run(self, program: str, *options: str, **streams: Any) -> subprocess.Popen[bytes]:
        """Start one of the programs. The password is in no argument: others see those."""
        parts = urlsplit(self.dsn)
        environment = dict(ENVIRONMENT if self.private else {**os.environ, "LC_ALL": "C"})
        if parts.password is not None:
            environment["PGPASSWORD"] = unquote(parts.password)
        person, at, place = parts.netloc.rpartition("@")
        address = parts._replace(netloc=f"{person.partition(':')[0]}{at}{place}").geturl()
        command = [str(self.bin / program), "--no-password", f"--dbname={address}", *options]
        try:
            return subprocess.Popen(command, env=environment, **streams)  # noqa: S603  # Our own.
        except OSError as error:
            raise BackupError(
                "binaries_unreachable",
                f"{command[0]} cannot be run: {error.strerror}.",
                "Set EARNEST_POSTGRES to a directory of PostgreSQL with this program.",
            ) from error


@dataclass(frozen=True, slots=True)
class Parts:
    """What is backed up beside the database."""

    origin: restores.Origin
    settings: Path
    #: The bytes of files that there are when it is asked.
    files: Callable[[], Iterable[Path]]


class _Telling:
    """A word a second about how far it is, for whoever waits."""

    def __init__(self, say: Callable[[str], None], what: str) -> None:
        self._say, self._what = say, what
        self._next = time.monotonic() + _SECONDS_BETWEEN_WORDS
        self.bytes = 0

    def count(self, more: int) -> None:
        self.bytes += more
        if time.monotonic() >= self._next:
            self._say(f"{self._what}: {self.bytes / 1_000_000:,.0f} MB so far.")
            self._next = time.monotonic() + _SECONDS_BETWEEN_WORDS


def write(file: Path, server: Server, parts: Parts, say: Callable[[str], None]) -> Manifest:
    """Write a backup under this name, wholly or not at all; what is there is never replaced."""
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
                manifest = _fill(archive, server, parts, say)
            out.flush()
            os.fsync(out.fileno())
        _name(unfinished, file)
        sync(file.parent)
    except FileExistsError as error:
        raise taken(file) from error
    except OSError as error:
        raise BackupError(
            "cannot_write",
            f"{file} cannot be written: {error.strerror or error}.",
            f"Choose another place, or make room: df -h '{file.parent}'",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return manifest


def _name(unfinished: Path, file: Path) -> None:
    """Give it its name; unlike a rename, a link replaces nothing."""
    try:
        os.link(unfinished, file)
    except FileExistsError:
        raise
    except OSError:  # Not every disk knows links.
        if file.exists():
            raise FileExistsError from None
        unfinished.rename(file)


def taken(file: Path) -> BackupError:
    """There is something under this name already."""
    return BackupError(
        "file_exists", f"{file} is there already.", "Choose another name: none is overwritten."
    )


def _fill(
    archive: zipfile.ZipFile, server: Server, parts: Parts, say: Callable[[str], None]
) -> Manifest:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        archive.writestr(SETTINGS, parts.settings.read_bytes())
    told, seen = _Telling(say, "Backing up"), hashlib.sha256()
    say("Backing up.")
    with (
        _started(server, "pg_dump", *_DUMPING, stdout=subprocess.PIPE) as run,
        archive.open(DATABASE, "w", force_zip64=True) as member,
    ):
        assert run.stdout is not None, "it was asked for"
        while chunk := run.stdout.read(_CHUNK):
            member.write(chunk)
            seen.update(chunk)
            told.count(len(chunk))
    size, origin = told.bytes, parts.origin
    count = _add_files(archive, parts.files(), told)
    manifest = Manifest(
        FORMAT, origin.mode, origin.now, origin.migrations, seen.hexdigest(), size, count
    )
    archive.writestr(MANIFEST, msgspec.json.encode(manifest))
    return manifest


def _add_files(archive: zipfile.ZipFile, paths: Iterable[Path], told: _Telling) -> int:
    """After the database, so that whatever a row of it names is there; most are small already."""
    count = 0
    for path in paths:
        try:
            with path.open("rb") as source:
                member = zipfile.ZipInfo(f"{FILES}{path.name}")
                with archive.open(member, "w", force_zip64=True) as out:
                    while chunk := source.read(_CHUNK):
                        out.write(chunk)
                        told.count(len(chunk))
        except FileNotFoundError:
            continue  # No row named it, so it was swept.
        count += 1
    return count


@contextlib.contextmanager
def _started(
    server: Server, program: str, *options: str, **streams: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """One of the programs, which does not outlive this; that it failed is an exception."""
    with tempfile.TemporaryFile() as said:
        process = server.run(program, *options, stderr=said, **streams)
        try:
            with contextlib.suppress(BrokenPipeError):  # It ended by itself, and says why.
                yield process
                if process.stdin is not None:
                    process.stdin.close()
            code = process.wait()
        finally:
            process.kill()
            process.wait()
            for stream in (process.stdout, process.stdin):
                if stream is not None:
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()
        if code != 0:
            said.seek(0)
            text = " | ".join(said.read().decode(errors="replace").strip().splitlines()[-3:])
            raise BackupError(
                f"{program}_failed",
                f"{program} failed: {text or f'it ended with {code}'}",
                "Nothing was left behind. If it is the version or TLS, set EARNEST_POSTGRES to a"
                " directory of PostgreSQL that is as new as the server.",
            )


@contextlib.contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup, and what it says of itself."""
    try:
        with zipfile.ZipFile(file) as archive:
            missing = {MANIFEST, DATABASE} - {*archive.namelist()}
            if missing:
                raise _broken(file, f"{', '.join(sorted(missing))} is missing")
            manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
            yield archive, _usable(file, manifest)
    except (zipfile.BadZipFile, zlib.error, EOFError, msgspec.MsgspecError) as error:
        raise _broken(file, str(error)) from error


def _usable(file: Path, manifest: Manifest) -> Manifest:
    newer = restores.unknown(manifest.migrations)
    if manifest.format != FORMAT or newer:
        raise BackupError(
            "backup_is_newer",
            f"{file} was made by a newer Earnest ({', '.join(newer) or manifest.format}).",
            "Restore it with that version, or a newer one.",
        )
    return manifest


def _broken(file: Path, what: str) -> BackupError:
    return BackupError(
        "not_a_backup",
        f"{file} is no whole backup: {what}.",
        "It was cut off or changed on its way. Nothing was restored; use another one.",
    )


def settings_in(archive: zipfile.ZipFile) -> bytes | None:
    """The settings file as it was, if there was one."""
    return archive.read(SETTINGS) if SETTINGS in archive.namelist() else None


def load_files(
    archive: zipfile.ZipFile,
    manifest: Manifest,
    put: Callable[[str, Iterator[bytes]], bool],
    say: Callable[[str], None],
) -> None:
    """Put the bytes of files back, before anything of the database is."""
    members = [name for name in archive.namelist() if name.startswith(FILES)]
    file = Path(archive.filename or "")
    if len(members) != manifest.files:
        raise _broken(file, f"{manifest.files} files should be in it, and {len(members)} are")
    told = _Telling(say, "Restoring files")
    for name in members:
        digest = name.removeprefix(FILES)
        if not DIGEST.fullmatch(digest):
            raise _broken(file, f"{name} has no name that a file has")
        with archive.open(name) as member:
            if not put(digest, _chunks(member, told)):
                raise _broken(file, f"{name} was changed")


def _chunks(member: IO[bytes], told: _Telling) -> Iterator[bytes]:
    while chunk := member.read(_CHUNK):
        told.count(len(chunk))
        yield chunk


def load(
    archive: zipfile.ZipFile, manifest: Manifest, server: Server, say: Callable[[str], None]
) -> None:
    """Restore into an empty database and mark it, in one transaction."""
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    script = ("--file=-", f"--command={restores.mark(manifest.taken_at)}")
    streams: Mapping[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    told, seen = _Telling(say, "Restoring"), hashlib.sha256()
    with (
        archive.open(DATABASE) as member,
        _started(server, "psql", *options, *script, **streams) as run,
    ):
        assert run.stdin is not None, "it was asked for"
        _copy(member, run.stdin, told, seen)
        if seen.hexdigest() != manifest.sha256:
            # Before it has read the end it has committed nothing.
            raise _broken(Path(archive.filename or ""), "the database's text was changed")


def _copy(member: IO[bytes], out: IO[bytes], told: _Telling, seen: Any) -> None:
    while chunk := member.read(_CHUNK):
        out.write(chunk)
        seen.update(chunk)
        told.count(len(chunk))
