"""One process that asks at random for so many seconds, as `python -m tests.soak.wander`.

The random commands of `tests.store.hammer`, over people and contracts that it shares with others.
Each answer is a line of a file, as `tests.store.load` writes them; what it heard it prints.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import IO, Any

from tests.store.engine import Engine, code_of, running
from tests.store.hammer import AT_ONCE, Stage, command, learn
from tests.store.load import digest

from earnest.core.people import SYSTEM_ID


async def wander(
    dsn: str, seed: int, seconds: float, stage: Stage, answers: IO[str]
) -> dict[str, Any]:
    """Ask many at a time; every tenth twice, under its key."""
    dice = random.Random(seed)
    heard: Counter[str] = Counter()
    errors: list[str] = []
    end = time.monotonic() + seconds

    async def ask(engine: Engine) -> None:
        while time.monotonic() < end and not errors:
            who, action = command(dice, stage)
            asked = engine.command(who, action)
            try:
                answer = await engine.batcher.submit(asked)
                again = await engine.batcher.submit(asked) if dice.random() < 0.1 else answer
            except Exception as error:  # noqa: BLE001  # Whatever a client would see as a 5xx.
                errors.append(repr(error))
                return
            heard[code_of(answer)] += 1
            learn(stage, answer)
            # What does not exist for the asker claims no key, and what SYSTEM is refused neither.
            if answer.problem is None or (who != SYSTEM_ID and code_of(answer) != "not_found"):
                told = digest(answer.rows, answer.problem)
                answers.write(f"{who} {asked.key} {told}\n")
                if told != digest(again.rows, again.problem):
                    errors.append(f"another answer to {asked}")

    async with running(dsn, most=3) as engine:
        await asyncio.gather(*(ask(engine) for _ in range(AT_ONCE)))
    return {"heard": dict(heard), "errors": errors}


def main() -> None:
    task = json.loads(sys.stdin.read())
    stage = Stage(**task["stage"], deposits=[], withdrawals=[])
    with Path(task["answers"]).open("w") as answers:
        told = asyncio.run(wander(task["dsn"], task["seed"], task["seconds"], stage, answers))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
