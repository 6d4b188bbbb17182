"""The server of one cluster: whether it runs, starting it, stopping it.

Callers hold the lock for starting, so that only one process does either at a time.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from earnest.store.embedded.errors import EmbeddedError, explained, of_program
from earnest.store.embedded.places import SOCKET, Place, give, sockets, write
from earnest.store.embedded.programs import ENVIRONMENT, Programs
from earnest.store.embedded.settings import settings
from earnest.store.embedded.upgrading import other_major_version

PATIENCE_SECONDS = 600
FIRST_WORD_SECONDS = 2
POLL_SECONDS = 0.02

#: What a start says while processes of a killed server are still there: they leave by themselves.
STILL_THERE = ("is still in use", "already exists", "already in use")
#: With the cluster's id it stands in the server's command line, which everybody may read.
TAG = "cluster_name=earnest-"
#: How the server's own children call themselves.
CHILD = "postgres: earnest-"


@dataclass(frozen=True, slots=True)
class Running:
    """A server as its postmaster.pid tells."""

    pid: int
    sockets: Path
    status: str


class Patience:
    """Ten minutes for something to happen, with a word now and then about what is awaited."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.end = time.monotonic() + PATIENCE_SECONDS
        self.next_word = time.monotonic() + FIRST_WORD_SECONDS

    def wait(self, state: str) -> None:
        """Wait a moment, before the caller looks again."""
        now = time.monotonic()
        if now > self.end:
            raise EmbeddedError(
                "took_too_long",
                f"After {PATIENCE_SECONDS // 60} minutes still: {state}",
                "Look with ps which processes of PostgreSQL are left, and run the command again.",
            )
        if now >= self.next_word:
            self.say(state)
            self.next_word = now + 2 * FIRST_WORD_SECONDS
        time.sleep(POLL_SECONDS)


def running(place: Place) -> Running | None:
    """Return the server of this cluster, if it runs."""
    lines = _pid_file(place)
    if not lines or _tag(place) not in _command_line(int(lines[0])).split():
        return None
    if len(lines) > 1 and _is_elsewhere(Path(lines[1]), place):
        return None  # This is a copy of a cluster in use; the server is the other's.
    lines += [""] * (8 - len(lines))
    return Running(int(lines[0]), Path(lines[4]), lines[7].strip() or "starting")


def start(place: Place, programs: Programs, patience: Patience) -> Running:
    """Start the server unless it runs, and wait until it answers."""
    found = _settled(place, patience)
    while not found:
        with explained(place.cluster):
            problem = _start_once(place, programs, patience)
        found = _settled(place, patience)
        if problem and not found:
            if not any(sign in problem for sign in STILL_THERE):
                raise of_program("The server", problem, place.cluster, place.log)
            patience.wait("Waiting until processes of the previous PostgreSQL server have gone.")
    return found


def stop(place: Place, patience: Patience) -> None:
    """Stop the server if it runs: open transactions are rolled back, everything is written."""
    found = running(place)
    if not found:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(found.pid, signal.SIGINT)
    while (still := running(place)) and still.pid == found.pid:
        patience.wait("Waiting until PostgreSQL has stopped.")
    if found.sockets.parent != place.cluster.resolve():
        with contextlib.suppress(OSError):  # Only tidiness: it is made again when it is needed.
            found.sockets.rmdir()


def _settled(place: Place, patience: Patience) -> Running | None:
    """Return the server once it is ready; one that is starting or stopping is waited for."""
    while found := running(place):
        if found.status != "ready":
            patience.wait(f"PostgreSQL is {found.status}.")
        elif (found.sockets / SOCKET).exists():
            return found
        else:
            patience.say("The socket of PostgreSQL was removed; starting it again.")
            stop(place, patience)
    return None


def _start_once(place: Place, programs: Programs, patience: Patience) -> str | None:
    """Try to start; return what was said if that failed."""
    major = (place.data / "PG_VERSION").read_text().strip()
    if major != str(programs.major):
        raise other_major_version(place, programs, major)
    _forget_the_dead(place)
    give(place.log, place.account)
    (place.log / "start.log").unlink(missing_ok=True)
    write(place.settings, settings(sockets(place)), place.account)
    sizes = {path: path.stat().st_size for path in place.log.glob("*.log")}
    options = f"-c config_file={place.settings.name} -c {_tag(place)}"
    arguments = ["pg_ctl", "start", "-w", "-t", str(PATIENCE_SECONDS), "-D", place.data.name]
    with programs.start(
        [*arguments, "-l", f"{place.log.name}/start.log", "-o", options],
        cwd=place.cluster,
        account=place.account,
    ) as process:
        try:
            while process.poll() is None:
                patience.wait(_last_line(place, sizes) or "Starting PostgreSQL.")
            said = process.communicate()[0]
        except BaseException:
            process.kill()  # It only waits; the server goes on, and whoever looks next finds it.
            raise
    return None if process.returncode == 0 else f"{said}\n{_logged(place, sizes)}"


def _pid_file(place: Place) -> list[str]:
    try:
        lines = (place.data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    return lines if lines and lines[0].isdigit() else []


def _forget_the_dead(place: Place) -> None:
    """Remove a pid file whose process is a zombie, or a stranger that has the number now.

    PostgreSQL only sees that the number is taken, and would refuse for ever: in a container
    nobody may clear zombies away, and numbers repeat. Processes that a killed server left behind
    still stop a start, by the shared memory block of this directory; and a server that somebody
    started by hand on this cluster keeps its file.
    """
    lines = _pid_file(place)
    line = _command_line(int(lines[0])) if lines else "postgres"
    if TAG in line or CHILD in line or "postgres" not in line:
        (place.data / "postmaster.pid").unlink()


def _tag(place: Place) -> str:
    return f"{TAG}{place.id}"


def _command_line(pid: int) -> str:
    """Return the arguments of a living process, or nothing: a zombie has none."""
    if Path("/proc/self/cmdline").exists():
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return arguments.replace(b"\0", b" ").decode(errors="replace")
    shown = subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout


def _is_elsewhere(recorded: Path, place: Place) -> bool:
    try:
        return not recorded.samefile(place.data)
    except (FileNotFoundError, NotADirectoryError):
        return False  # The directory was renamed under the running server.


def _logged(place: Place, sizes: Mapping[Path, int]) -> str:
    """Return what the logs got since they had these sizes."""
    news = []
    for path in sorted(place.log.glob("*.log")):
        with path.open(errors="replace") as file:
            file.seek(sizes.get(path, 0))
            news.append(file.read())
    return "".join(news)


def _last_line(place: Place, sizes: Mapping[Path, int]) -> str:
    lines = _logged(place, sizes).splitlines()
    return f"PostgreSQL: {lines[-1]}" if lines else ""
