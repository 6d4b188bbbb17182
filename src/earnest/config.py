"""Settings: from the command line, else the environment, else a TOML file; read once.

Each setting says itself what it means and whether it is secret: the reference in the documents
and `earnest config` are made of that.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class ConfigError(Exception):
    """A setting that cannot be used, by its name."""


def _setting(means: str, default: T, shown: str = "") -> T:
    """A setting with its meaning; `shown` says what its default comes to, where that is not it."""
    made: T = field(default=default, metadata={"means": means, "shown": shown})
    return made


@dataclass(frozen=True, slots=True)
class Config:
    """What is in force. Units stand last in a name."""

    data_dir: Path = field(
        metadata={
            "means": "where everything of this installation is kept",
            "shown": "`~/.local/share/earnest`, for root `/var/lib/earnest`",
        }
    )
    database_url: str | None = _setting(
        "an outside PostgreSQL, 16 or newer; the environment says it as `DATABASE_URL`",
        None,
        "a private one in the data directory",
    )
    postgres: Path | None = field(
        default=None,
        metadata={
            "means": "a directory of PostgreSQL programs (with `bin/`) for the private one, and for"
            " backups",
            "shown": "the bundled 18",
        },
    )
    url: str = _setting("the public address", "http://localhost:8000")
    host: str = _setting("where `earnest serve` listens", "127.0.0.1")
    port: int = _setting("the port that it listens on", 8000)
    fee_bps: int = _setting(
        "the platform's fee on what reaches a freelancer, in basis points; part of the terms of"
        " new contracts",
        0,
    )
    preset: str = _setting(
        "the terms that a new contract starts from; `classic` while nobody can rule on disputes",
        "balanced",
    )
    approval_limits: Mapping[str, str] = field(
        default_factory=dict,
        metadata={
            "means": "above these a withdrawal waits for an operator: `USD=1000.00,JPY=100000`;"
            " in the file a table",
            "shown": "none",
        },
    )
    signup: str = _setting(
        "who may make an account on the web: `open` (anybody), `invite` (who has a link),"
        " `closed` (accounts are made with `earnest user add`)",
        "invite",
    )
    connections: int = _setting("connections to the database that one process holds at most", 10)
    file_bytes_max: int = _setting("how large one file may be, in bytes", 10_000_000)
    attached_bytes_max: int = _setting(
        "how large all files may be together that are attached at once, in bytes", 25_000_000
    )
    person_bytes_max: int = _setting(
        "how much one person may put here in files, in bytes; nothing that was attached is removed",
        1_000_000_000,
    )
    exhibits_bytes_max: int = _setting(
        "how large all exhibits of one side of a dispute may be together, in bytes", 50_000_000
    )
    arbitration_minimums: Mapping[str, str] = field(
        default_factory=dict,
        metadata={
            "means": "what an arbitration fee is at least, where the terms ask for one:"
            " `USD=5.00,JPY=500`; in the file a table",
            "shown": "none",
        },
    )
    arbitration_most_bps: int = _setting(
        "what an arbitration fee is at most, in basis points of what is frozen", 2_500
    )
    smtp_url: str | None = _setting(
        "the mail server: `smtp://user:password@host:587`, encrypted before anything is said, or"
        " `smtps://` from the first byte; a sandbox sends nothing",
        None,
        "none: mails wait",
    )
    mail_from: str = _setting(
        "from whom mails come: `Earnest <mail@pay.example.com>`",
        "",
        "`Earnest <earnest@…>`, at the host of `url`",
    )
    fresh_minutes: int = _setting(
        "for how long it counts that somebody has shown who they are, before they are asked again:"
        " at every withdrawal, above their own limit, for changes of how they sign in, and where"
        " staff rules or cancels",
        15,
    )
    secret_key: str | None = _setting(
        "what secrets in the database are sealed with, 32 characters or more; the same for all"
        " processes of a site",
        None,
        "made once, in `secret.key` in the data directory",
    )
    trusted_proxies: str = _setting(
        "the addresses or networks of reverse proxies whose `X-Forwarded-For` and"
        " `X-Forwarded-Proto` are believed, with commas between; empty believes nobody",
        "127.0.0.1,::1",
    )


#: No limit in bytes is larger.
BYTES_MAX: Final = 1 << 40
SIGNUPS: Final = ("open", "invite", "closed")
#: What nobody is shown whole.
SECRETS: Final = frozenset({"database_url", "smtp_url", "secret_key"})
#: Where an empty text means that there is none: who unsets a variable in a unit file writes so.
_OR_NONE: Final = frozenset({"database_url", "smtp_url", "secret_key"})
DEFAULT: Final = "default"
#: Where the file is, which therefore cannot stand in it.
FILE_VARIABLE: Final = "EARNEST_CONFIG"
_PREFIX: Final = "EARNEST_"
_MASK: Final = "***"
_DAY_MINUTES: Final = 1_440
_SECRET_LEAST: Final = 32


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force, and where it comes from: a default, an option, a variable, a file."""

    name: str
    value: Any
    source: str

    @property
    def shown(self) -> object:
        """Its value for people and programs, without what is secret in it."""
        if self.name in SECRETS and self.value:
            return _MASK if self.name == "secret_key" else masked(str(self.value))
        return str(self.value) if isinstance(self.value, Path) else self.value


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was set, and what about it cannot be used."""

    file: Path
    settings: tuple[Setting, ...]
    problems: tuple[str, ...]
    #: Variables named like settings that are none; harmless to others, a misspelling to people.
    unknown: tuple[str, ...]

    def config(self) -> Config:
        """The settings, if all can be used."""
        for problem in self.problems:
            raise ConfigError(problem)
        return Config(**{each.name: each.value for each in self.settings})


def default_data_dir() -> Path:
    """Where data is kept unless somebody says otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/earnest")
    return Path.home() / ".local" / "share" / "earnest"


def load(environ: Mapping[str, str], **given: object) -> Config:
    """The settings as they are in force."""
    return gather(environ, **given).config()


def gather(environ: Mapping[str, str], **given: object) -> Gathered:
    """Put the settings together: what was given on the command line, the environment, the file."""
    options = {
        name: Setting(name, value, f"--{name.replace('_', '-')}")
        for name, value in given.items()
        if value is not None
    }
    variables = _from_environment(environ)
    usual = Setting("data_dir", default_data_dir(), DEFAULT)
    found = {"data_dir": options.get("data_dir", variables.get("data_dir", usual))}
    data_dir = Path(str(found["data_dir"].value)).expanduser().absolute()
    file = file_of(environ, data_dir)
    problems: list[str] = []
    try:
        of_file = _from_file(file)
    except ConfigError as error:
        problems, of_file = [str(error)], {}
    for name in [name for name in of_file if name not in NAMES or name == "data_dir"]:
        problems.append(
            f"{file} has a setting that does not exist: {name}"
            if name not in NAMES
            else f"{file} cannot say data_dir, in which it is looked for: use EARNEST_DATA_DIR"
        )
        del of_file[name]
    found = {**_defaults(), **of_file, **variables, **options, **found}
    settings = tuple(_typed(found[name], problems) for name in NAMES)
    return Gathered(file, settings, tuple(problems), _unknown(environ))


def file_of(environ: Mapping[str, str], data_dir: Path) -> Path:
    """Where the settings file of a data directory is, or would be."""
    return Path(environ.get(FILE_VARIABLE) or data_dir / "earnest.toml").absolute()


def variable(name: str) -> str:
    """What the environment calls a setting."""
    return "DATABASE_URL" if name == "database_url" else f"{_PREFIX}{name.upper()}"


def masked(url: str) -> str:
    """The address of a database without its password."""
    try:
        parts = urlsplit(url)
        password = parts.password
    except ValueError:
        return _MASK
    if not parts.scheme or "password" in parts.query:
        return _MASK  # In a form that hides it from us it is not shown at all.
    if password is None:
        return url
    person, _, place = parts.netloc.rpartition("@")
    netloc = f"{person.partition(':')[0]}:{_MASK}@{place}"
    return parts._replace(netloc=netloc).geturl()


NAMES: Final = tuple(each.name for each in fields(Config))


def _defaults() -> dict[str, Setting]:
    return {
        each.name: Setting(each.name, _default(each), DEFAULT)
        for each in fields(Config)
        if each.name != "data_dir"
    }


def _default(each: Field[Any]) -> Any:
    return {} if each.default is MISSING else each.default  # The one factory makes a table.


def _from_file(file: Path) -> dict[str, Setting]:
    try:
        if not file.is_file():
            return {}
    except OSError:
        return {}  # Where nobody may look, whoever needs the directory says so better.
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    return {name: Setting(name, value, str(file)) for name, value in values.items()}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for name in NAMES:
        for key in (f"{_PREFIX}{name.upper()}", variable(name)):
            if key in environ and (environ[key] or name not in _OR_NONE):
                found[name] = Setting(name, environ[key], key)
    if "data_dir" in found and not found["data_dir"].value:
        del found["data_dir"]
    return found


def _unknown(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Variables of ours by their name that mean nothing; ``EARNEST_AS`` is an option's."""
    known = {FILE_VARIABLE, *OTHER_VARIABLES, *(f"{_PREFIX}{name.upper()}" for name in NAMES)}
    return tuple(sorted(key for key in environ if key.startswith(_PREFIX) and key not in known))


#: Read elsewhere: by the option ``--as`` of every action, and by our tests.
OTHER_VARIABLES: Final = ("EARNEST_AS", "EARNEST_TEST_DSN")


def _typed(setting: Setting, problems: list[str]) -> Setting:
    """The setting with the value that the program works with, or a problem more."""
    if setting.source == DEFAULT:
        return Setting(setting.name, setting.value, DEFAULT)
    try:
        read: Callable[[str, Any], Any] = _READERS.get(setting.name, _text)
        value = read(setting.name, setting.value)
    except ConfigError as error:
        problems.append(str(error))
        value = setting.value
    return Setting(setting.name, value, setting.source)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{name} is a text, not {value!r}")
    return value


def _path(_name: str, value: Any) -> Path:
    return Path(str(value)).expanduser().absolute()


def _integer(name: str, value: Any) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise ConfigError(f"{name} is a whole number, not {value!r}") from error


def _connections(name: str, value: Any) -> int:
    number = _integer(name, value)
    if number < 1:
        raise ConfigError(f"{name} is at least 1, not {number}")
    return number


def _bytes(name: str, value: Any) -> int:
    number = _integer(name, value)
    if not 1 <= number <= BYTES_MAX:
        raise ConfigError(f"{name} is from 1 to {BYTES_MAX}, not {number}")
    return number


def _minutes(name: str, value: Any) -> int:
    number = _integer(name, value)
    if not 1 <= number <= _DAY_MINUTES:
        raise ConfigError(f"{name} is from 1 to {_DAY_MINUTES}, not {number}")
    return number


def _secret(name: str, value: Any) -> str:
    text = _text(name, value)
    if len(text) < _SECRET_LEAST:
        raise ConfigError(f"{name} has {_SECRET_LEAST} characters or more")
    return text


def _limits(name: str, value: Any) -> dict[str, str]:
    """Read ``USD=1000.00,JPY=100000``, or a table of such."""
    if isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values()):
        return {str(currency): amount for currency, amount in value.items()}
    limits: dict[str, str] = {}
    for part in filter(None, value.split(",") if isinstance(value, str) else [repr(value)]):
        currency, equals, amount = part.partition("=")
        if not equals:
            raise ConfigError(f"{name} looks like USD=1000.00,JPY=100000")
        limits[currency.strip()] = amount.strip()
    return limits


def _proxies(name: str, value: Any) -> str:
    """Addresses and networks alone: whoever trusts everybody's word can be told anything."""
    parts = [part.strip() for part in _text(name, value).split(",")]
    for part in filter(None, parts):
        try:
            ipaddress.ip_network(part)
        except ValueError as error:
            raise ConfigError(f"{name} holds addresses and networks, not {part!r}") from error
    return ",".join(filter(None, parts))


_READERS: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "data_dir": _path,
    "postgres": _path,
    "port": _integer,
    "fee_bps": _integer,
    "connections": _connections,
    "file_bytes_max": _bytes,
    "attached_bytes_max": _bytes,
    "person_bytes_max": _bytes,
    "approval_limits": _limits,
    "exhibits_bytes_max": _bytes,
    "arbitration_minimums": _limits,
    "arbitration_most_bps": _integer,
    "trusted_proxies": _proxies,
    "fresh_minutes": _minutes,
    "secret_key": _secret,
}
