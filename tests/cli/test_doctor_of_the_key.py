"""`earnest doctor` and the key of what is sealed: not there, open to others, another one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.cli.deals import people
from tests.cli.earnest import Earnest
from tests.cli.test_doctor import examined, must_name
from tests.store.engine import connected

from earnest.config import Config
from earnest.http.signin import sealing
from earnest.http.signin.proofs import about

_APP = """
INSERT INTO authenticators (user_id, sealed, last_step, created_at)
VALUES ($1, $2, 0, clock_timestamp())
"""


@pytest.fixture
def key(earnest: Earnest) -> Path:
    """The key of an installation in which somebody has an app for codes."""
    people(earnest)
    asyncio.run(_set_up(earnest))
    return earnest.data_dir / sealing.FILE


async def _set_up(earnest: Earnest) -> None:
    async with connected(earnest.dsn or "") as db:
        number = await db.fetchval("SELECT min(id) FROM users WHERE email <> ''")
        raw = sealing.sealed(Config(earnest.data_dir), "a secret", about(number))
        await db.execute(_APP, number, raw)


def test_a_key_that_opens_what_is_sealed_is_well(earnest: Earnest, key: Path) -> None:
    assert not [code for code in examined(earnest) if code.startswith("secret_key")]
    assert f"{key} opens what is sealed." in earnest.unchecked("doctor").stdout


def test_a_key_that_is_gone(earnest: Earnest, key: Path) -> None:
    key.unlink()
    must_name(earnest, "secret_key_missing", str(key), "forget-factors")
    assert not key.exists(), "the doctor makes nothing"


def test_a_key_that_others_can_read(earnest: Earnest, key: Path) -> None:
    key.chmod(0o644)
    must_name(earnest, "secret_key_open", "644", "chmod 600")


def test_a_key_that_is_no_file(earnest: Earnest, key: Path) -> None:
    key.unlink()
    key.mkdir()
    must_name(earnest, "secret_key_unreadable", str(key))


def test_another_key_than_the_one_that_sealed(earnest: Earnest, key: Path) -> None:
    other = Earnest(earnest.data_dir, earnest.dsn, {"EARNEST_SECRET_KEY": "x" * 43})
    must_name(other, "secret_key_other", "EARNEST_SECRET_KEY", "1 of the 1")


def test_where_nobody_has_an_app_there_need_be_no_key(earnest: Earnest) -> None:
    people(earnest)
    assert "is made when the first app" in earnest.unchecked("doctor").stdout
