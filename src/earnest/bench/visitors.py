"""Visitors: people who are signed in to a sandbox, and the addresses that they look at."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from earnest.bench import addresses
from earnest.bench.bundling import bundle
from earnest.bench.figures import BenchError
from earnest.core.bids.row import Bid
from earnest.core.contracts import Contract
from earnest.core.milestones.row import Milestone
from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.http.web.bundles import PREFIX
from earnest.store import people, sessions, tokens
from earnest.store.landmarks import landmarks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from earnest.app import App
    from earnest.bench.addresses import Address
    from earnest.bench.wire import Connection
    from earnest.store.landmarks import Landmarks

#: Where the next page of a list is, as pages and as REST say it.
_OLDER: Final = re.compile(r'href="([^"]*(?:\?|&amp;)cursor=[^"]*)"')
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody, with what signs them in to pages and to REST."""

    session: str
    token: str

    def request(self, path: str) -> bytes:
        """A whole request, as a browser or a program sends it."""
        if path.startswith("/v1/"):
            who = f"Authorization: Bearer {self.token}"
        else:
            who = f"Cookie: earnest={self.session}\r\n" if self.session else ""
            who += "Accept-Encoding: gzip, br"
        return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{who}\r\n\r\n".encode()


@dataclass(frozen=True, slots=True)
class Visit:
    """One address as somebody asks for it."""

    address: Address
    visitor: Visitor
    #: With every name filled in, and as far on as it is to be.
    path: str

    @property
    def request(self) -> bytes:
        """What is sent."""
        return self.visitor.request(self.path)


async def visits(app: App, connection: Connection) -> list[Visit]:
    """Everything that is to be looked at, found and signed in to."""
    found = await landmarks(app.database)
    if found is None:
        raise BenchError("too_little", "There is too little in here.", "Make: earnest demo --scale")
    visitors = await _visitors(app, found)
    names = _names(found, await app.database.now(), await bundle(app, found.large_employer))
    made = []
    for each in addresses.ADDRESSES:
        visitor = visitors.get(each.who)
        if visitor is None or (each.path == addresses.BUNDLE and not names["bundle"]):
            continue
        path = each.path.format_map(names)
        made.append(Visit(each, visitor, await _on(connection, visitor, path, each.pages_on)))
    return made


async def _visitors(app: App, found: Landmarks) -> Mapping[str, Visitor]:
    numbers = {
        addresses.EMPLOYER: found.employer,
        addresses.LARGE: found.large_employer,
        addresses.FREELANCER: found.freelancer,
        addresses.BUSY: found.busy_freelancer,
        addresses.HIRING: found.project_employer,
        addresses.PAYING: found.contract_employer,
        addresses.WORKING: found.contract_freelancer,
        addresses.OPERATOR: found.operator,
        addresses.ARBITER: found.arbiter,
    }
    known = {name: number for name, number in numbers.items() if number is not None}
    visitors = {name: await _signed_in(app, number) for name, number in known.items()}
    return {**visitors, addresses.GUEST: Visitor("", "")}


async def _signed_in(app: App, number: int) -> Visitor:
    person = await people.by_id(app.database, number)
    assert person is not None, "they have a contract"
    session = await sessions.create(app.database, number)
    scopes, days = tokens.scopes_of(person), timedelta(days=1).days
    made = app.node.ids.new()
    token = await tokens.create(app.database, made, number, scopes, name="bench", days=days)
    return Visitor(session, token)


def _names(found: Landmarks, now: datetime, bundle: int | None) -> Mapping[str, str]:
    bids = [printed(Bid.prefix, each) for each in found.bids]
    return {
        "month": f"{now:%Y-%m}",
        "project": printed(Project.prefix, found.project),
        "skill": found.skill,
        "bid": next(iter(bids), ""),
        "compared": "&".join(f"compare.{each}=1" for each in bids),
        "contract": printed(Contract.prefix, found.contract),
        "milestone": printed(Milestone.prefix, found.milestone),
        "large": printed(User.prefix, found.large_employer),
        "busy": printed(User.prefix, found.busy_freelancer),
        "usual": printed(User.prefix, found.freelancer),
        "bundle": "" if bundle is None else printed(PREFIX, bundle),
    }


async def _on(connection: Connection, visitor: Visitor, path: str, pages: int) -> str:
    """Where so many pages further on is, or the last one."""
    for _ in range(pages):
        request = visitor.request(path).replace(b"\r\nAccept-Encoding: gzip, br", b"")
        status, body = await connection.ask(request)
        if status != _OK:
            break
        following = _following(path, body)
        if following is None:
            break
        path = following
    return path


def _following(path: str, body: bytes) -> str | None:
    if path.startswith("/v1/"):
        cursor = json.loads(body)["next"]
        place, _, query = path.partition("?")
        asked = {**dict(parse_qsl(query)), "cursor": cursor}
        return f"{place}?{urlencode(asked)}" if cursor else None
    links = [html.unescape(each) for each in _OLDER.findall(body.decode())]
    return links[-1] if links else None
