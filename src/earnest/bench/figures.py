"""Figures: what one measurement gave, their medians, and what is needed of them."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What is measured, in this order, and how a table calls it.
MEASURED: Final[Mapping[str, str]] = {
    "tpcb": "pgbench's TPC-B",
    "engine": "the engine alone",
    "rest": "REST, 64 connections",
    "batch": "/v1/batch, 4 × 500 lines",
    "latency": "REST, 1 connection",
    "one_by_one": "the engine, batches of 1",
}


class BenchError(Exception):
    """The measuring could not be done, and what to do about it."""

    def __init__(self, code: str, message: str, advice: str = "") -> None:
        """Say what is the matter, for programs and for people."""
        super().__init__(message)
        self.code = code
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Figures:
    """One measurement in one round."""

    commands: int
    seconds: float
    p50_ms: float
    p99_ms: float
    #: Processor time per command: of the process with the engine, and of all of PostgreSQL.
    python_us: float | None = None
    postgres_us: float | None = None
    #: How many commands went into one transaction.
    commands_per_batch: float | None = None

    @property
    def per_second(self) -> float:
        """Commands a second."""
        return self.commands / self.seconds


def figures(
    latencies: Sequence[float],
    commands: int,
    seconds: float,
    *,
    python: float | None = None,
    postgres: float | None = None,
    commands_per_batch: float | None = None,
) -> Figures:
    """Figures from latencies and processor times, all in seconds."""
    if not latencies or not commands:
        raise BenchError("nothing_done", "Nothing was done in time.", "Give it more --seconds.")
    ordered = sorted(latencies)

    def each(used: float | None) -> float | None:
        return None if used is None else used * 1e6 / commands

    return Figures(
        commands,
        seconds,
        _quantile(ordered, 0.5) * 1e3,
        _quantile(ordered, 0.99) * 1e3,
        each(python),
        each(postgres),
        commands_per_batch,
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest latency that this share of all does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a figure has to be, and what it should become."""

    what: str
    #: Which figure: a rate over that of another measurement, or a latency.
    of: str
    figure: str
    over: str
    needed: float
    goal: float | None = None

    @property
    def is_rate(self) -> bool:
        """Whether more is better."""
        return bool(self.over)


DEMANDS: Final = (
    Demand("the engine, over TPC-B", "engine", "per_second", "tpcb", 2.5, 6),
    Demand("the engine, over itself with batches of 1", "engine", "per_second", "one_by_one", 6),
    Demand("/v1/batch, over TPC-B", "batch", "per_second", "tpcb", 1.5, 4),
    Demand("REST, over TPC-B", "rest", "per_second", "tpcb", 0.4, 1),
    Demand("one connection, p50 in ms", "latency", "p50_ms", "", 6),
    Demand("one connection, p99 in ms", "latency", "p99_ms", "", 15),
)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was measured: for each name its rounds."""

    settings: Mapping[str, str]
    rounds: Mapping[str, Sequence[Figures]]
    #: How many statements a batch was: of 500 commands, and of one.
    statements: Mapping[str, float]
    transfers: int
    accounts: int
    #: Rules of the books that do not hold.
    broken: Sequence[str]

    def median(self, name: str, figure: str) -> float | None:
        """The median over the rounds."""
        found = [getattr(each, figure) for each in self.rounds.get(name, ())]
        return statistics.median(found) if found and None not in found else None

    def ratio(self, name: str, over: str) -> float | None:
        """A median rate over another's."""
        one, other = self.median(name, "per_second"), self.median(over, "per_second")
        return None if one is None or other is None else one / other

    def demanded(self) -> list[tuple[Demand, float, bool, bool | None]]:
        """What was asked for of what was measured: the figure, and whether it is reached."""
        told = []
        for each in DEMANDS:
            found = (
                self.ratio(each.of, each.over) if each.over else self.median(each.of, each.figure)
            )
            if found is None:
                continue
            is_met = found >= each.needed if each.is_rate else found <= each.needed
            told.append((each, found, is_met, None if each.goal is None else found >= each.goal))
        return told

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        measured = {
            name: {
                **{f: self.median(name, f) for f in ("per_second", *_MEDIANS)},
                "least_per_second": min(each.per_second for each in rounds),
                "most_per_second": max(each.per_second for each in rounds),
                "over_tpcb": self.ratio(name, "tpcb"),
                "statements_per_batch": self.statements.get(name),
                "rounds": [{**asdict(each), "per_second": each.per_second} for each in rounds],
            }
            for name, rounds in self.rounds.items()
        }
        demanded = [
            {"what": d.what, "is": found, "needed": d.needed, "met": met, "goal": d.goal,
             "goal_met": goal_met}
            for d, found, met, goal_met in self.demanded()
        ]  # fmt: skip
        books = {
            "ok": not self.broken, "transfers": self.transfers, "accounts": self.accounts,
            "broken": list(self.broken),
        }  # fmt: skip
        return {
            "settings": dict(self.settings),
            "measured": measured,
            "demanded": demanded,
            "books": books,
        }


_MEDIANS: Final = ("p50_ms", "p99_ms", "python_us", "postgres_us", "commands_per_batch")
