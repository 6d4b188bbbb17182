"""Listening: one process that serves, or several behind one socket, until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog
import uvicorn
import uvloop

from earnest import heart, worker
from earnest.app import opened
from earnest.cli.desk import Failure, say
from earnest.http.api import create
from earnest.http.logs import configure
from earnest.http.problems import problem_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from earnest.app import App
    from earnest.config import Config

log = structlog.get_logger()

BACKLOG: Final = 2048
#: How long requests under way are waited for when stopping.
GRACE_SECONDS: Final = 10
#: A process that ends sooner than this after its start will not do better the next time.
LIVES_LEAST_SECONDS: Final = 3
STOPS: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to serve."""

    config: Config
    #: Whether this process also does what is due.
    works: bool = True
    #: Told once requests are answered, with the address.
    ready: Callable[[App, str], Awaitable[None]] | None = None
    #: Done before requests are taken.
    first: Callable[[App], Coroutine[None, None, None]] | None = None


def bound(host: str, port: int, command: str = "serve") -> socket.socket:
    """A listening socket, or a Failure that says why there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            advice = (
                f"Choose another one: earnest {command} --port {port + 1}\n"
                f"See who has it:     ss -ltnp 'sport = :{port}'"
            )
            raise Failure("port_taken", f"Port {port} of {host} is taken.", advice) from error
        what = f"Cannot listen on port {port} of {host}: {error.strerror or error}."
        raise Failure("cannot_listen", what, "Choose others with --host and --port.") from error
    except OverflowError as error:
        raise Failure(
            "cannot_listen", f"There is no port {port}.", "Choose from 0 to 65535."
        ) from error


def address(listening: socket.socket) -> str:
    """Where it is reached from this machine."""
    host, port = listening.getsockname()[:2]
    if host in {"0.0.0.0", "::", "127.0.0.1"}:  # noqa: S104  # Compared, not listened on.
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(work: Coroutine[None, None, None]) -> None:
    """Run it on the loop that servers run on, and log as servers do."""
    configure()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def serve(plan: Plan, listening: socket.socket, *, parent: bool = False) -> None:
    """Answer requests until a signal; with a parent, until that is gone."""
    with _until_stopped() as stop:
        if parent:
            _stop_with_parent(stop)
        async with opened(plan.config, problem_of, say=say) as app:
            if plan.first is not None and not await _done_before(stop, plan.first(app)):
                return
            beating = asyncio.create_task(heart.beat(app, stop))
            working = asyncio.create_task(_working(app, stop)) if plan.works else None
            await _answering(plan, app, listening, stop)
            if working is not None:
                await working
            await beating


async def _done_before(stop: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Do it, unless told to stop meanwhile."""
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait([doing, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if stop.is_set():
        doing.cancel()
        await asyncio.wait([doing])
        return False
    await doing
    return True


async def work_only(config: Config) -> None:
    """Do what is due until a signal."""
    with _until_stopped() as stop:
        async with opened(config, problem_of, say=say) as app:
            say("Working. Ctrl-C stops it.")
            await asyncio.gather(heart.beat(app, stop), _working(app, stop))


async def _working(app: App, stop: asyncio.Event) -> None:
    await worker.run(app, stop)


async def _answering(plan: Plan, app: App, listening: socket.socket, stop: asyncio.Event) -> None:
    """Take requests, and when told to stop, finish those under way."""
    server = _Server(_settings(app))
    where = address(listening)
    serving = asyncio.create_task(server.serve([listening]))
    stopping = asyncio.create_task(stop.wait())
    while not server.started and not serving.done():
        await asyncio.wait([serving], timeout=0.01)
    if plan.ready is not None:  # Also for who stops it in the same moment: it was answering.
        await plan.ready(app, where)
    await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    server.should_exit = True
    await serving
    await stopping


class _Server(uvicorn.Server):
    """Signals are ours: the database is left in order before the process ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _settings(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        create(app),
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # Whose word counts is ours to say, also where the environment tells uvicorn otherwise.
        proxy_headers=bool(app.config.trusted_proxies),
        forwarded_allow_ips=app.config.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


@contextlib.contextmanager
def _until_stopped() -> Iterator[asyncio.Event]:
    """An event that the first signal sets; the second one ends whatever is being waited for."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None, "a coroutine runs in a task"
    stop = asyncio.Event()

    def told() -> None:
        if stop.is_set():
            task.cancel()
        stop.set()

    for each in STOPS:
        loop.add_signal_handler(each, told)
    try:
        yield stop
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
        say("Stopped at once.")
    finally:
        for each in STOPS:
            loop.remove_signal_handler(each)


def _stop_with_parent(stop: asyncio.Event) -> None:
    """The parent holds the other end of our standard input for as long as it lives."""
    loop = asyncio.get_running_loop()

    def gone() -> None:
        loop.remove_reader(sys.stdin.fileno())
        stop.set()

    loop.add_reader(sys.stdin.fileno(), gone)


async def several(count: int, command: list[str], listening: socket.socket) -> None:
    """Keep so many processes serving on one socket, and stop them together."""
    with _until_stopped() as stop:
        keeping = [asyncio.create_task(_keep(command, listening, stop)) for _ in range(count)]
        asking = asyncio.create_task(_say_when_ready(listening))
        try:
            await asyncio.gather(*keeping)
        finally:
            stop.set()
            asking.cancel()
            await asyncio.gather(*keeping, asking, return_exceptions=True)


async def _keep(command: list[str], listening: socket.socket, stop: asyncio.Event) -> None:
    """Have one process serve; start it again if it dies."""
    while not stop.is_set():
        began = time.monotonic()
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            pass_fds=(listening.fileno(),),
            start_new_session=True,  # A Ctrl-C is for us; we tell them.
        )
        ended, told = asyncio.create_task(child.wait()), asyncio.create_task(stop.wait())
        await asyncio.wait([ended, told], return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            child.terminate()
        told.cancel()
        code = await ended
        if stop.is_set():
            return
        log.error("serving_process_ended", code=code)
        if time.monotonic() - began < LIVES_LEAST_SECONDS:
            raise Failure("process_ended", f"A serving process ended with {code}; see above.")


async def _say_when_ready(listening: socket.socket) -> None:
    """The socket listens already, so one question waits for whoever is ready first."""
    host, port = listening.getsockname()[:2]
    reading, writing = await asyncio.open_connection(host, port)
    writing.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    with contextlib.suppress(OSError):
        if await reading.readline():
            say(f"Serving on {address(listening)} – Ctrl-C stops it.")
    writing.close()
