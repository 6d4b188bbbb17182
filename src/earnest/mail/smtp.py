"""A mail server, spoken to over SMTP: encrypted, unless it is on this very machine.

What the server says of one letter is about that letter; what goes wrong before (no answer, no
encryption, a password that is not taken, a sender it does not know) is about us, and passes.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from earnest.mail.carrying import HandedOver, Later, NeverTaken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from earnest.mail.letters import Letter

Outcome = HandedOver | Later | NeverTaken

#: For the server to let us in, and for each thing that it is told after that.
CONNECT_SECONDS: Final = 10
ANSWER_SECONDS: Final = 30
SAID_MAX: Final = 300
#: Answers from here on are for ever.
_FOR_EVER: Final = 500
_PORTS: Final = {"smtp": 587, "smtps": 465}
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Server:
    """Where a mail server is, and as whom it is asked."""

    host: str
    port: int
    #: Whether the connection is encrypted from its first byte; else before anything is said.
    is_tls: bool
    user: str | None
    password: str | None

    @property
    def is_here(self) -> bool:
        """Whether nobody else's wire lies between."""
        return self.host in _HERE


def server_in(url: str) -> Server:
    """Read ``smtp://user:password@host:587`` or ``smtps://…``; anything else is a ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        raise ValueError("it begins with smtp:// or smtps://")
    if not parts.hostname:
        raise ValueError("it names no host")
    if parts.query or parts.fragment or parts.path not in {"", "/"}:
        raise ValueError("it has more than a user, a host and a port")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("a user has a password, and a password a user")
    return Server(
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        parts.scheme == "smtps",
        None if parts.username is None else unquote(parts.username),
        None if parts.password is None else unquote(parts.password),
    )


class Smtp:
    """One mail server."""

    def __init__(self, server: Server, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        """Speak with this one."""
        self._server = server
        self._answer_seconds = answer_seconds

    async def carry(self, letters: Sequence[Letter]) -> AsyncIterator[tuple[Letter, Outcome]]:
        """One connection for all; a new one after it broke, and none while nobody answers."""
        client: aiosmtplib.SMTP | None = None
        away: Later | None = None
        try:
            for each in letters:
                if client is None and away is None:
                    try:
                        client = await self._connected()
                    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                        away = Later(_said(error))
                if client is None:
                    assert away is not None, "nobody answers, and it is known why"
                    yield each, away
                    continue
                outcome, is_broken = await self._sent(client, each)
                if is_broken:
                    client.close()
                    client = None
                yield each, outcome
        finally:
            if client is not None:
                await _quit(client)

    async def reach(self) -> None:
        """Go in and out again."""
        await _quit(await self._connected())

    async def _connected(self) -> aiosmtplib.SMTP:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.is_tls,
            # Here it may have no certificate; elsewhere nothing is said before it has shown one.
            start_tls=None if server.is_tls or server.is_here else True,
            validate_certs=not server.is_here,
            timeout=CONNECT_SECONDS,
        )
        try:
            await client.connect()
            if server.user is not None and server.password is not None:
                await client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client

    async def _sent(self, client: aiosmtplib.SMTP, letter: Letter) -> tuple[Outcome, bool]:
        """What became of it, and whether the connection is of no more use."""
        try:
            await client.sendmail(
                letter.sender, [letter.to], letter.raw, timeout=self._answer_seconds
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _judged(error.recipients[0]), False
        except aiosmtplib.SMTPDataError as error:
            return _judged(error), False
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPNotSupported) as error:
            return Later(_said(error)), False
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Later(_said(error)), True
        return HandedOver(), False


def _judged(error: aiosmtplib.SMTPResponseException) -> Later | NeverTaken:
    """An answer about the letter: for now, or for ever."""
    return NeverTaken(_said(error)) if error.code >= _FOR_EVER else Later(_said(error))


def _said(error: BaseException) -> str:
    """What went wrong, in one line."""
    words = str(getattr(error, "message", "")) or str(error) or type(error).__name__
    code = getattr(error, "code", None)
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return (f"{code} {line}" if code else line)[:SAID_MAX]


async def _quit(client: aiosmtplib.SMTP) -> None:
    """Take leave; a server that does not listen to that any more has all that it needs."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        await client.quit()
    client.close()
