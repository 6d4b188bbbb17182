"""Fixtures that every folder of tests shares, and what a run says of itself."""

from __future__ import annotations

import gc
import signal
from collections import Counter
from collections.abc import Generator
from pathlib import PurePosixPath
from typing import Any, Final

import pytest
from argon2 import PasswordHasher
from coverage import Coverage

from earnest.http.signin import passwords

pytest_plugins = ["tests.postgres", "tests.swept"]

#: These cover the core alone: to measure the others too would cost their time and prove less.
MEASURED: Final = ("tests/core/", "tests/scenarios/test_core.py")
#: But for these, which ask for everything everywhere: measured they take three times as long.
UNMEASURED: Final = ("tests/core/test_the_law.py", "tests/core/test_machine.py")

#: How many objects more than have died, before the youngest are walked; and how often the others.
COLLECT_AFTER: Final = (50_000, 20, 100)

#: A hash takes a fifth of a second of a processor, and a test learns nothing from it.
passwords.COST.hasher = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)

# Whoever started us in the background may have had Ctrl-C ignored, and what is ignored is
# inherited: then the processes of the tests would not hear one either.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was collected lives until the end: nobody has to walk it to find what has died."""
    _count_lines_once(session.config)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _count_lines_once(config: pytest.Config) -> None:
    """Pytest-cov starts two counters in each worker and stops one: the other would never pause."""
    controller = _counting(config)
    if controller is None:
        return
    controller.pause()
    stray = Coverage.current()
    if stray is not None:
        stray.stop()
    controller.resume()


def _counting(config: pytest.Config) -> Any:
    """What counts the lines that were run, if anything does."""
    found = config.pluginmanager.getplugin("_cov")
    return found.cov_controller if found is not None else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count no lines where it is not the core that is tested, nor while that is prepared."""
    controller = _counting(item.config)
    is_measured = item.nodeid.startswith(MEASURED) and not item.nodeid.startswith(UNMEASURED)
    if controller is None or is_measured:
        return (yield)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the time went, a line for each folder."""
    if terminalreporter.config.option.durations is None:
        return
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for each in reports:
            if isinstance(each, pytest.TestReport):
                seconds[PurePosixPath(each.nodeid).parts[1]] += round(each.duration * 1_000)
    terminalreporter.section("time of each folder, all workers together")
    for folder, spent in seconds.most_common():
        terminalreporter.line(f"{spent // 1_000:>6} s  {folder}")
