"""What `make soak` did, as a table of Markdown: var/soak/report.md."""

from __future__ import annotations

import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from tests.soak.asking import Answers
from tests.store.processes import ROOT

REPORT: Final = ROOT / "var" / "soak" / "report.md"

COLUMNS: Final = (
    "scenario", "what was done to it", "asked", "answered", "of these refused by the rules",
    "times without an answer", "found to be done", "asked again, same bytes", "back after",
    "ledger verify", "took",
)  # fmt: skip
#: Why there was no answer.
UNHEARD: Final = ("no server", "connection lost", "503, unknown", "503, not done")


@dataclass(slots=True)
class Report:
    """One scenario's row."""

    scenario: str
    did: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    recoveries: list[float] = field(default_factory=list)
    verified: str = ""
    began: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        """Progress, for whoever watches."""
        print(f"[{time.monotonic() - self.began:6.1f} s] {self.scenario}: {text}", flush=True)  # noqa: T201

    def count(self, answers: Answers) -> None:
        self.counts += answers.counts

    def row(self) -> list[str]:
        unheard = {why: self.counts[why] for why in UNHEARD if self.counts[why]}
        return [
            self.scenario, self.did, *(str(self.counts[c]) for c in (
                "asked", "answered", "refused by the rules")),
            f"{sum(unheard.values())}" + (
                f" ({', '.join(f'{n} {why}' for why, n in unheard.items())})" if unheard else ""),
            str(self.counts["found to be done"]), str(self.counts["replayed"]),
            spread(self.recoveries), self.verified, f"{time.monotonic() - self.began:.0f} s",
        ]  # fmt: skip


def spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "–"
    return f"median {statistics.median(seconds):.1f} s, at most {max(seconds):.1f} s"


@contextmanager
def reported(scenario: str) -> Iterator[Report]:
    """Write the row once the scenario has passed."""
    report = Report(scenario)
    report.say("begins")
    yield report
    assert report.verified, "every scenario ends with `ledger verify`"
    report.say("passed")
    append(report.row())


def append(row: Sequence[str]) -> None:
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    with REPORT.open("a") as file:
        if file.tell() == 0:
            file.write(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}\n")
        file.write(f"| {' | '.join(row)} |\n")


def setting(name: str, default: int) -> int:
    """A number that `make soak` can be given."""
    return int(os.environ.get(f"SOAK_{name}") or default)
