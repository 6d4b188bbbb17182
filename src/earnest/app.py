"""The composition root: the only place where parts are chosen and joined."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import structlog

from earnest.batcher import Batcher
from earnest.config import SIGNUPS, ConfigError
from earnest.core.actions import Decision, Reason, Refused
from earnest.core.clocks import winding
from earnest.core.commands import Command, ids_needed
from earnest.core.effects import Condition, effect_of, new_names
from earnest.core.house import House
from earnest.core.money import AmountError, Money
from earnest.core.payments.row import GATEWAYS, Payment
from earnest.core.terms import PRESETS
from earnest.files import Folder
from earnest.gateways.sandbox import SandboxGateway
from earnest.mail.outbox import Outbox
from earnest.mail.senders import sender_in
from earnest.mail.smtp import Smtp, server_in
from earnest.store import embedded, restores, sandbox
from earnest.store.batch import preview, previews
from earnest.store.db import GONE, Database, DatabaseError, Node, migrate, missing_migrations
from earnest.store.sandbox import SandboxMails, SandboxMemory
from earnest.store.tokens import Bearers
from earnest.wire.fingerprint import fields_of, fingerprint

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
    from email.headerregistry import Address

    from earnest.config import Config
    from earnest.core.actions import Action
    from earnest.core.commands import Event, Outcome
    from earnest.core.effects import Effect
    from earnest.core.world import World
    from earnest.gateways.notices import Gateway
    from earnest.mail.carrying import Carrier
    from earnest.mail.smtp import Server
    from earnest.store.batch import Answer
    from earnest.store.db import Connection

log = structlog.get_logger()

_RENEW_SECONDS = 600
#: Objects more than have died, before the youngest are walked; and how often the older ones are.
#: A template with a macro of its own leaves what its page showed in a cycle, which waits for a
#: walk: with ten times as many a page had to stand still for 30 to 90 ms now and then.
_COLLECT_AFTER = (5_000, 20, 100)
#: What everybody who works on a restored site is told.
PAUSED: Final = (
    "Restored from a backup: no gateway is asked anything before you have compared with it what"
    " happened since, and said: earnest payments resume"
)
#: What everybody is told who opens a demo whose loading was interrupted.
UNFINISHED: Final = (
    "The demo in here was not loaded to its end: it is not whole before earnest demo has begun it"
    " anew"
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an action would lead to if it were asked for at this moment."""

    effect: Effect
    event: Event
    #: Rows and balances as they would be afterwards.
    world: World
    #: What the rows that would be made are called in the effect, by their numbers here.
    new: Mapping[int, str]


@dataclass(slots=True)
class App:
    """Everything that an interface needs to ask for actions and to read."""

    config: Config
    database: Database
    node: Node
    batcher: Batcher
    house: House
    gateways: Mapping[str, Gateway]
    #: Whether what is served is the demo's story.
    is_demo: bool = False
    #: The password that everybody of the demo has; said on its sign-in page.
    demo_password: str = ""
    #: Who carries mails; without one they wait.
    carrier: Carrier | None = None
    #: From whom they come.
    sender: Address = field(init=False)
    #: Where the bytes of files are.
    files: Folder = field(init=False)
    #: Whom the tokens of requests sign in.
    bearers: Bearers = field(init=False)
    #: How often everybody is sending files to this process at the moment.
    sending: Counter[int] = field(default_factory=Counter)
    #: Set when there may be work for a worker of this process.
    nudged: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Look for bearers where everything else is; files are beside it."""
        self.files = files_of(self.config)
        self.sender = sender_of(self.config)
        self.bearers = Bearers(self.database)

    def nudge(self) -> None:
        """Tell a worker of this process not to wait for its next look."""
        self.nudged.set()

    async def do(
        self,
        actor_id: int,
        action: Action[Any],
        *,
        key: str | None = None,
        via: str,
        condition: Condition | None = None,
    ) -> Answer:
        """Ask for an action; the same key asks for the same command again.

        With a condition only if exactly what was shown would still happen.
        """
        answer = await self.ask(actor_id, action, key=key, via=via, condition=condition)
        self.nudge_for(type(action))
        return answer

    async def wind(self, contract_id: int) -> Answer:
        """Do what is due in a contract; it answers how much that was, or what was refused."""
        return await self.batcher.ask(winding(contract_id))

    def ask(
        self,
        actor_id: int,
        action: Action[Any],
        *,
        key: str | None = None,
        via: str,
        condition: Condition | None = None,
    ) -> asyncio.Future[Answer]:
        """The same for whoever asks for many at once: they wait, and nudge, for themselves."""
        return self.batcher.ask(self._command(actor_id, action, key, via, condition))

    def nudge_for(self, action: type[Action[Any]]) -> None:
        """Tell the worker of what it may have to see to now that this was asked for."""
        if issubclass(action.makes or action.kind, Payment):
            self.nudge()

    async def preview(
        self,
        db: Connection,
        actor_id: int,
        action: Action[Any],
        condition: Condition | None = None,
    ) -> Preview | Refused:
        """What would happen; on a connection that reads from one moment. Nothing is done."""
        if not action.previewable:  # Looking would leave traces of what is sealed.
            return Refused(Reason.NOT_PREVIEWABLE)
        command = self._command(actor_id, action, None, "preview", condition)
        outcome, world = await preview(db, command, self.house)
        return _foreseen(command, outcome, world)

    async def previews(
        self, db: Connection, actor_id: int, actions: Sequence[Action[Any]]
    ) -> list[Preview | Refused]:
        """The same of many that are each done or refused alone, in one look."""
        commands = [self._command(actor_id, each, None, "preview", None) for each in actions]
        outcomes, world = await previews(db, commands, self.house)
        return [_foreseen(*each, world) for each in zip(commands, outcomes, strict=True)]

    def _command(
        self,
        actor_id: int,
        action: Action[Any],
        key: str | None,
        via: str,
        condition: Condition | None,
    ) -> Command:
        return Command(
            actor_id=actor_id,
            key=key if key is not None else secrets.token_urlsafe(18),
            action=action,
            first_id=self.node.ids.reserve(ids_needed(action)),
            hash=fingerprint(action),
            via=via,
            condition=condition,
        )


def _foreseen(command: Command, outcome: Outcome, world: World) -> Preview | Refused:
    """What was looked at, with the hash by which it can be asked for."""
    if isinstance(outcome, Refused):
        return outcome
    action, decision = command.action, Decision(outcome.rows, outcome.transfers)
    effect = effect_of(action, fields_of(action), decision, command.made)
    return Preview(effect, outcome, world, new_names(outcome.rows, command.made))


def house_of(config: Config, mode: str) -> House:
    """The settings that the rules read, checked here once."""
    if config.preset not in PRESETS:
        raise ConfigError(f"preset is one of {', '.join(PRESETS)}, not {config.preset!r}")
    if config.signup not in SIGNUPS:
        raise ConfigError(f"signup is one of {', '.join(SIGNUPS)}, not {config.signup!r}")
    if not 0 <= config.fee_bps <= 10_000:  # noqa: PLR2004
        raise ConfigError(f"fee_bps is from 0 to 10000, not {config.fee_bps}")
    if not 0 <= config.arbitration_most_bps <= 10_000:  # noqa: PLR2004
        most = config.arbitration_most_bps
        raise ConfigError(f"arbitration_most_bps is from 0 to 10000, not {most}")
    limits = _amounts("approval_limits", config.approval_limits)
    minimums = _amounts("arbitration_minimums", config.arbitration_minimums)
    sandbox = mode == "sandbox"
    gateways = frozenset(name for name in GATEWAYS if (name == "sandbox") == sandbox)
    return House(
        sandbox,
        config.preset,
        config.fee_bps,
        limits,
        gateways,
        file_bytes_max=config.file_bytes_max,
        attached_bytes_max=config.attached_bytes_max,
        person_bytes_max=config.person_bytes_max,
        exhibits_bytes_max=config.exhibits_bytes_max,
        arbitration_minimums=minimums,
        arbitration_most_bps=config.arbitration_most_bps,
        mails=sandbox or bool(config.smtp_url),
    )


def _amounts(name: str, said: Mapping[str, str]) -> dict[str, int]:
    """A setting that is an amount for each of some currencies, in minor units."""
    try:
        return {code: Money.parse(amount, code).minor for code, amount in said.items()}
    except AmountError as error:
        raise ConfigError(f"{name}: {error.detail}") from error


def must_be_usable(config: Config) -> None:
    """Every setting that only its own part understands."""
    house_of(config, "sandbox")
    mail_server_of(config)
    sender_of(config)


def files_of(config: Config) -> Folder:
    """The bytes of files of this installation."""
    return Folder(config.data_dir / "files")


def gateways_of(mode: str, database: Database) -> Mapping[str, Gateway]:
    """The outside money that this site speaks with."""
    return {"sandbox": SandboxGateway(SandboxMemory(database))} if mode == "sandbox" else {}


def mail_server_of(config: Config) -> Server | None:
    """The mail server, if there is one."""
    try:
        return server_in(config.smtp_url) if config.smtp_url else None
    except ValueError as error:
        raise ConfigError(f"smtp_url cannot be used: {error}") from error


def carrier_of(config: Config, mode: str, database: Database) -> Carrier | None:
    """Who carries the mails of this site: in a sandbox its outbox, else the mail server, if any."""
    server = mail_server_of(config)
    if mode == "sandbox":
        return Outbox(SandboxMails(database))
    return Smtp(server) if server is not None else None


def sender_of(config: Config) -> Address:
    """From whom mails come."""
    try:
        return sender_in(config.mail_from, config.url)
    except ValueError as error:
        raise ConfigError(f"mail_from cannot be used: {error}") from error


def is_made(config: Config) -> bool:
    """Whether there is a database to work on already, or one that others look after.

    What is there and is no directory is for whoever opens it to explain.
    """
    if config.database_url or (config.data_dir.exists() and not config.data_dir.is_dir()):
        return True
    return embedded.status(config.data_dir).cluster is not None


@contextlib.contextmanager
def server(
    config: Config, say: Callable[[str], None]
) -> Iterator[tuple[str, Callable[[], None] | None]]:
    """The address of the database: an outside one, or a private one held for as long as this."""
    if config.database_url:
        yield config.database_url, None
        return
    embedded.must_be_whole(config.data_dir)
    with embedded.hold(config.data_dir, binaries=config.postgres, say=say) as held:
        yield held.dsn, lambda: embedded.ensure_running(held)


@contextlib.asynccontextmanager
async def opened(
    config: Config,
    problem_of: Callable[[Refused], bytes],
    *,
    live: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[App]:
    """Start what is not running, bring it up to date, and take commands.

    How a refusal is written down is the interface's business, so it is handed in.
    """
    stack = contextlib.AsyncExitStack()
    async with stack:
        holding = server(config, say)
        dsn, revive = await asyncio.to_thread(holding.__enter__)
        stack.callback(holding.__exit__, None, None, None)
        await migrate(dsn, mode="live" if live else "sandbox", say=say)
        database = await Database.connect(dsn, most=config.connections, revive=revive)
        stack.push_async_callback(database.close)
        site = await database.site()
        house = house_of(config, site.mode)
        if await restores.waiting(database):
            say(PAUSED)
        node = await Node.lease(database)
        stack.push_async_callback(node.release, database)
        batcher = Batcher(database, house, problem_of, node.ids.reserve)
        batcher.start()
        stack.push_async_callback(batcher.close)
        renewing = asyncio.create_task(_renew(node, database))
        stack.callback(renewing.cancel)
        app = App(config, database, node, batcher, house, gateways_of(site.mode, database))
        app.carrier = carrier_of(config, site.mode, database)
        story = await sandbox.story(database)
        app.is_demo = story in {sandbox.Story.WHOLE, sandbox.Story.SCALE_WHOLE}
        if story in {sandbox.Story.BEGUN, sandbox.Story.SCALE_BEGUN}:
            say(UNFINISHED)
        _collect_seldom()
        yield app


def _collect_seldom() -> None:
    """What a batch makes dies by its references; walking all that lives finds next to nothing."""
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


async def _renew(node: Node, database: Database) -> None:
    """Keep this process's node; without it no number may be made."""
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        try:
            await node.renew(database)
        except (*GONE, DatabaseError) as error:
            log.warning("node_not_renewed", node=node.number, error=type(error).__name__)


__all__ = [
    "App",
    "carrier_of",
    "files_of",
    "gateways_of",
    "house_of",
    "is_made",
    "missing_migrations",
    "must_be_usable",
    "opened",
    "server",
]
