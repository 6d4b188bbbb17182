"""Settings: from the environment (`EARNEST_*`), else from a TOML file, read once."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class ConfigError(Exception):
    """A setting that cannot be used, by its name."""


@dataclass(frozen=True, slots=True)
class Config:
    """What is in force. Units stand last in a name."""

    #: Where everything of this installation is kept.
    data_dir: Path
    #: An outside PostgreSQL; without it a private one is started in the data directory.
    database_url: str | None = None
    #: A directory of PostgreSQL programs to use in place of the bundled ones.
    postgres: Path | None = None
    #: The public address.
    url: str = "http://localhost:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    #: The platform's fee on what reaches a freelancer, in basis points.
    fee_bps: int = 0
    #: The terms a new contract starts from.
    preset: str = "classic"
    #: Withdrawals above this wait for an operator: decimal amounts by currency.
    approval_limits: Mapping[str, str] = field(default_factory=dict)
    #: Who may make an account on the web: anybody, who was invited, or nobody.
    signup: str = "invite"
    #: How many connections a process holds at most.
    connections: int = 10


SIGNUPS: Final = ("open", "invite", "closed")
SECRETS: Final = frozenset({"database_url"})
_INTEGERS: Final = frozenset({"port", "fee_bps", "connections"})
_PATHS: Final = frozenset({"data_dir", "postgres"})


def default_data_dir() -> Path:
    """Where data is kept unless somebody says otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/earnest")
    return Path.home() / ".local" / "share" / "earnest"


def load(environ: Mapping[str, str], **given: object) -> Config:
    """Put the settings together: what was given on the command line, the environment, the file."""
    named = {key: value for key, value in given.items() if value is not None}
    data_dir = Path(
        str(named.get("data_dir") or environ.get("EARNEST_DATA_DIR") or default_data_dir())
    )
    file = Path(environ.get("EARNEST_CONFIG") or data_dir / "earnest.toml")
    values: dict[str, Any] = {**_from_file(file), **_from_environment(environ), **named}
    values["data_dir"] = data_dir.expanduser().absolute()
    return _made(values)


def _made(values: Mapping[str, Any]) -> Config:
    known = {name: _typed(name, value) for name, value in values.items()}
    return Config(**known)


def _from_file(file: Path) -> dict[str, Any]:
    try:
        if not file.is_file():
            return {}
    except OSError:
        return {}  # Where nobody may look, whoever needs the directory says so better.
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    known = {each.name for each in fields(Config)}
    for name in values:
        if name not in known:
            raise ConfigError(f"{file} has a setting that does not exist: {name}")
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in fields(Config):
        text = environ.get(f"EARNEST_{each.name.upper()}")
        if text is not None:
            found[each.name] = _limits(text) if each.name == "approval_limits" else text
    if environ.get("DATABASE_URL"):
        found["database_url"] = environ["DATABASE_URL"]
    return found


def _limits(text: str) -> dict[str, str]:
    """Read ``USD=1000.00,JPY=100000``."""
    limits: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        currency, equals, amount = part.partition("=")
        if not equals:
            raise ConfigError("approval_limits looks like USD=1000.00,JPY=100000")
        limits[currency.strip()] = amount.strip()
    return limits


def _typed(name: str, value: Any) -> Any:
    if name in _PATHS and value is not None:
        return Path(str(value)).expanduser().absolute()
    if name in _INTEGERS and value is not None:
        try:
            return int(str(value))
        except ValueError as error:
            raise ConfigError(f"{name} is a whole number, not {value!r}") from error
    return value
