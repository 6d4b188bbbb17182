"""What had been sent outside is not sent again by a site that was restored from before that."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from tests.postgres import _named, _run
from tests.worker.purse import Answering, deposit, person, status, value, wallet, withdraw

from earnest import worker
from earnest.app import PAUSED, App, opened
from earnest.config import Config
from earnest.core.actions import Scope
from earnest.gateways.notices import AnyPayment, Notice, Paid
from earnest.http.problems import problem_of
from earnest.store import backup, embedded, restores, sessions, tokens

pytestmark = pytest.mark.asyncio


class Outside(Answering):
    """A gateway with books of its own: it pays once for each key that it is asked with."""

    def __init__(self) -> None:
        self.paid: dict[str, str] = {}
        self.asked: list[str] = []

    async def ask(self, payment: AnyPayment) -> Sequence[Notice]:
        self.asked.append(payment.reference)
        reference = self.paid.setdefault(payment.reference, f"p{len(self.paid)}")
        return (Paid(payment.amount, reference),)


@pytest.fixture
def empty(server_dsn: str) -> Iterator[str]:
    """A database in which nothing is."""
    name = f"restored_{os.getpid()}"
    _run(server_dsn, f"CREATE DATABASE {name}")
    yield _named(server_dsn, name)
    _run(server_dsn, f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def site(
    dsn: str, outside: Outside, tmp_path: Path, said: list[str] | None = None
) -> AsyncIterator[App]:
    heard = said if said is not None else []
    async with opened(Config(tmp_path, dsn, connections=4), problem_of, say=heard.append) as app:
        app.gateways = {"sandbox": outside}
        yield app


async def backed_up(dsn: str, file: Path) -> None:
    server = backup.Server(dsn, embedded.find_programs(None).bin, private=True)
    origin = await restores.origin(dsn)
    parts = backup.Parts(origin, file.with_name("none"), tuple)
    backup.write(file, server, parts, lambda _: None)


def restored(dsn: str, file: Path) -> None:
    server = backup.Server(dsn, embedded.find_programs(None).bin, private=True)
    with backup.opened(file) as (archive, manifest):
        backup.load(archive, manifest, server, lambda _: None)


async def test_no_gateway_is_asked_before_somebody_says_so_and_then_under_the_same_keys(
    dsn: str, empty: str, tmp_path: Path
) -> None:
    outside, file = Outside(), tmp_path / "backup.zip"
    async with site(dsn, outside, tmp_path) as app:
        emma = await person(app)
        await deposit(app, emma, "100.00")
        await worker.drain(app)
        known = await withdraw(app, emma, "30.00")
        late = await deposit(app, emma, "5.00")
        await backed_up(dsn, file)
        await worker.drain(app)
        await withdraw(app, emma, "20.00")  # These books will never have heard of it.
        await worker.drain(app)
    paid, asked = dict(outside.paid), len(outside.asked)
    assert len(paid) == 4

    restored(empty, file)
    said: list[str] = []
    async with site(empty, outside, tmp_path, said) as app:
        assert said == [PAUSED]
        assert await worker.drain(app) == 0
        assert await worker.advance(app, timedelta(days=30)) == 0
        assert (outside.paid, len(outside.asked)) == (paid, asked)
        assert await status(app, "withdrawals", known) == "approved"

        assert await restores.resume(app.database, "compared with the statement") == 1
        await worker.drain(app)
        assert outside.paid == paid, "something was paid a second time"
        assert await status(app, "withdrawals", known) == "paid"
        assert await status(app, "deposits", late) == "settled"
        assert await wallet(app, emma) == "75.00"
    said.clear()
    async with site(empty, outside, tmp_path, said):
        assert said == []


async def test_what_is_asked_for_meanwhile_waits_too(dsn: str, empty: str, tmp_path: Path) -> None:
    """What was withdrawn after the backup is in the wallet again, and must not go out twice."""
    outside, file = Outside(), tmp_path / "backup.zip"
    async with site(dsn, outside, tmp_path) as app:
        emma = await person(app)
        await deposit(app, emma, "100.00")
        await worker.drain(app)
        await backed_up(dsn, file)
        await withdraw(app, emma, "100.00")
        await worker.drain(app)
    paid = dict(outside.paid)
    restored(empty, file)
    async with site(empty, outside, tmp_path) as app:
        again = await withdraw(app, emma, "100.00")
        assert await worker.drain(app) == 0
        assert outside.paid == paid
        assert await status(app, "withdrawals", again) == "approved"


async def test_numbers_made_after_a_restore_are_new(dsn: str, empty: str, tmp_path: Path) -> None:
    """They carry the time of their making, so none is made twice while the clock goes on."""
    outside, file = Outside(), tmp_path / "backup.zip"
    async with site(dsn, outside, tmp_path) as app:
        await backed_up(dsn, file)
        lost = {app.node.ids.new() for _ in range(5000)}
    restored(empty, file)
    async with site(empty, outside, tmp_path) as app:
        made = {app.node.ids.new() for _ in range(5000)}
    assert not made & lost
    assert min(made) > max(lost) - (1 << 22) * 10_000  # Within ten seconds, whatever the node.


async def test_who_was_signed_in_signs_in_again_and_tokens_stay(
    dsn: str, empty: str, tmp_path: Path
) -> None:
    outside, file = Outside(), tmp_path / "backup.zip"
    async with site(dsn, outside, tmp_path) as app:
        emma = await person(app)
        await sessions.create(app.database, emma)
        token = await tokens.create(app.database, app.node.ids.new(), emma, frozenset(Scope))
        assert await value(app, "SELECT count(*) FROM sessions") == 1
        await backed_up(dsn, file)
    restored(empty, file)
    async with site(empty, outside, tmp_path) as app:
        assert await value(app, "SELECT count(*) FROM sessions") == 0
        assert await tokens.Bearers(app.database).of(token) is not None
