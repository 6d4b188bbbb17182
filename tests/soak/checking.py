"""What every scenario ends with: each answer once more, and the books from inside and outside."""

from __future__ import annotations

import asyncio

import asyncpg
from tests.soak.asking import Answers
from tests.soak.report import Report
from tests.soak.site import Site
from tests.store.books import wrong


async def checked(answers: Answers, dsn: str, before: set[str] | None = None) -> None:
    """All is answered in the end, and asked again it is what it was."""
    await answers.settle()
    await answers.again(None if before is None else answers.heard.keys() - before)
    connection = await asyncpg.connect(dsn)
    try:
        await answers.compare(connection)
        assert before is not None or await wrong(connection) == {}
    finally:
        await connection.close()


async def ended(report: Report, site: Site, answers: Answers, dsn: str) -> None:
    """Everything of the whole scenario once more, and the books from outside."""
    report.say(f"asking again for all of {len(answers.heard)} answers")
    await checked(answers, dsn)
    report.count(answers)
    report.verified = await asyncio.to_thread(site.verify)
