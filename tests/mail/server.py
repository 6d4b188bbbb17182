"""A mail server on this machine, as good or as bad as a test wants it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP


@dataclass
class Behaviour:
    """How it answers."""

    #: To whom a mail is refused, and with which answer.
    refuses: dict[str, str] = field(default_factory=dict)
    #: What it says to the sender, and to the mail as a whole.
    sender: str = "250 ok"
    data: str = "250 ok"
    #: It goes away: at once, before it takes a mail, or after, without saying so.
    hangs_up: str = ""
    #: It takes the connection and then says nothing.
    is_silent: bool = False


@dataclass
class Server:
    """What it was asked for, and what it has."""

    port: int = 0
    behaviour: Behaviour = field(default_factory=Behaviour)
    connections: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self.writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        how = self.behaviour
        if how.hangs_up == "at once":
            return
        if how.is_silent:
            await reader.read()
            return
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode():
            verb, _, rest = line.strip().partition(" ")
            if verb == "DATA":
                said = await self._data(reader, writer)
            elif verb == "QUIT":
                said = ""
            else:
                said = self._answered(verb.upper(), rest)
            if not said:
                return
            writer.write(f"{said}\r\n".encode())

    def _answered(self, verb: str, rest: str) -> str:
        if verb == "MAIL":
            return self.behaviour.sender
        if verb != "RCPT":
            return "250 ok" if verb in {"EHLO", "HELO", "RSET"} else "502 what?"
        address = rest.partition("<")[2].partition(">")[0]
        said = self.behaviour.refuses.get(address, "250 ok")
        if said.startswith("250"):
            self.to.append(address)
        return said

    async def _data(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        how = self.behaviour
        if how.hangs_up == "before":
            return ""
        writer.write(b"354 go on\r\n")
        raw = await reader.readuntil(b"\r\n.\r\n")
        if how.data.startswith("250"):
            self._keep(raw)
        return "" if how.hangs_up == "after" else how.data

    def _keep(self, raw: bytes) -> None:
        plain = raw.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        self.mails.append(BytesParser(policy=SMTP).parsebytes(plain))


@contextlib.asynccontextmanager
async def serving(behaviour: Behaviour | None = None) -> AsyncIterator[Server]:
    """Have a server for as long as this."""
    found = Server(behaviour=behaviour or Behaviour())
    made = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = made.sockets[0].getsockname()[1]
    async with made:
        yield found
        for each in found.writers:
            each.close()
            with contextlib.suppress(ConnectionError):
                await each.wait_closed()
