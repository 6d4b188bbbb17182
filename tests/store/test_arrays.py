"""An array sent as text is the array that was meant, whatever is in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earnest.core.actions import ACTIONS
from earnest.core.currencies import EXPONENTS
from earnest.store.arrays import WORD, parameter, sent

pytestmark = pytest.mark.asyncio

WORDS: Final = sorted({*EXPONENTS, *ACTIONS, *(each.event for each in ACTIONS.values()), "wallet"})
TIMES: Final = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001  # Hypothesis puts the zone on.
    datetime(9999, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
KINDS: Final = {
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "timestamptz": TIMES,
    "boolean": st.booleans(),
    "text": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    "bytea": st.binary(),
    WORD: st.sampled_from(WORDS),
}


@pytest_asyncio.fixture
async def db(dsn: str) -> Any:
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def returned(db: Any, kind: str, values: Sequence[object]) -> list[object]:
    """What the database has read."""
    found: list[object] = await db.fetchval(f"SELECT {parameter(1, kind)}", sent(values, kind))
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_an_array_comes_back_as_it_was_sent(db: Any, kind: str) -> None:
    samples: list[list[object]] = []

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.none() | KINDS[kind], max_size=8))
    def collect(values: list[object]) -> None:
        samples.append(values)

    collect()
    assert [] in samples
    for values in samples:
        assert await returned(db, kind, values) == values


MEANING: Final = ["", "a,b", "{", "}", "a b", "null", "NULL", "a'b", " a", "é", "{a,NULL}"]


async def test_what_has_a_meaning_in_an_array_has_none_in_a_word(db: Any) -> None:
    assert await returned(db, WORD, MEANING) == MEANING


@pytest.mark.parametrize("value", ['"', "\\", "\n", "\x01", 'a"b'])
async def test_what_would_have_to_be_escaped_is_never_sent_as_a_word(value: str) -> None:
    with pytest.raises(AssertionError):
        sent([value], WORD)
