"""How many statements a batch is: the same few for one command of each kind and for hundreds."""

from __future__ import annotations

from collections.abc import Collection

import asyncpg
import pytest
from tests.store.books import wrong
from tests.store.engine import HOUSE, Engine, agreed, code_of
from tests.store.mix import MIX, askable, mixed
from tests.store.mix_of_disputes import DISPUTED

from earnest.core.contracts import Say
from earnest.http.problems import problem_of
from earnest.store.batch import execute
from earnest.store.turns import Turns

pytestmark = pytest.mark.asyncio

#: Disputes cost one for themselves, four for what lies beside what is asked, and one for who knows
#: whom; where there are none, nothing.
STATEMENTS_MAX = 24
OF_DISPUTES_MAX = 6
#: Where a tranche is named: its milestone, and all tranches of that.
OF_PLANS_MAX = 2
COMMANDS = 500


async def statements_of(
    engine: Engine, each: int, but: Collection[str] = ()
) -> tuple[list[str], list[str]]:
    """Run one batch of so many of each action; its statements, and what was heard."""
    commands = [engine.command(who, asked) for who, asked in await mixed(engine, each, but)]
    texts: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        texts.append(record.query)

    async with engine.database.pool.acquire() as connection:
        with connection.query_logger(note):
            answers = await execute(
                connection, commands, HOUSE, problem_of, Turns(), engine.node.ids.reserve
            )
    return texts, [code_of(answers[command.id]) for command in commands]


async def test_the_same_mix_runs_the_same_statements(engine: Engine) -> None:
    await statements_of(engine, 1)  # From here on every rule book is known.
    few, heard = await statements_of(engine, 1)
    assert len(heard) == len(askable())
    assert heard.count("ok") >= len(MIX) - 2, heard  # Nothing has waited seven days yet.
    many, heard = await statements_of(engine, -(-COMMANDS // len(askable())))
    assert len(heard) >= COMMANDS
    assert many == few
    assert len(few) <= STATEMENTS_MAX + OF_DISPUTES_MAX + OF_PLANS_MAX, "\n".join(few)
    assert (few[0], few[-1]) == ("BEGIN;", "COMMIT;")
    assert await wrong(engine.database.pool) == {}


async def test_where_there_are_no_disputes_none_are_asked_about(engine: Engine) -> None:
    await statements_of(engine, 1, DISPUTED)
    few, heard = await statements_of(engine, 1, DISPUTED)
    assert "milestone.dispute" in DISPUTED
    assert heard.count("ok") >= len(MIX) - len(DISPUTED) - 2, heard
    assert len(few) <= STATEMENTS_MAX, "\n".join(few)
    assert not any("FROM disputes WHERE id" in text and "silence_to" in text for text in few)
    assert not any("FROM tranches" in text and "FROM contracts" not in text for text in few)


async def test_one_small_command_runs_few_statements(engine: Engine) -> None:
    """Tables that it does not touch are not asked."""
    deal = await agreed(engine)
    texts: list[str] = []
    async with engine.database.pool.acquire() as connection:
        with connection.query_logger(lambda record: texts.append(record.query)):
            command = engine.command(deal.employer, Say(deal.contract, "Hello."))
            await execute(
                connection, [command], HOUSE, problem_of, Turns(), engine.node.ids.reserve
            )
    assert len(texts) == 6, "\n".join(texts)
