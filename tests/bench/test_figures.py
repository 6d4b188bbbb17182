"""Figures: medians over rounds, ratios of medians, and what is met."""

from __future__ import annotations

import pytest

from earnest.bench.figures import BenchError, Figures, Report, figures


def rate(per_second: int) -> Figures:
    return Figures(per_second, 1.0, 2.0, 20.0)


def test_a_report_compares_medians() -> None:
    rounds = {"tpcb": [rate(100), rate(900), rate(200)], "engine": [rate(500)] * 3}
    report = Report({}, rounds, {}, 0, 0, ())
    assert report.median("tpcb", "per_second") == 200
    assert report.ratio("engine", "tpcb") == 2.5
    ((demand, found, is_met, goal_met),) = report.demanded()
    assert (demand.of, found, is_met, goal_met) == ("engine", 2.5, True, False)
    assert report.as_json()["measured"]["tpcb"]["most_per_second"] == 900


def test_less_is_better_for_latencies_only() -> None:
    report = Report({}, {"latency": [rate(100)]}, {}, 0, 0, ())
    met = [(d.figure, is_met, goal_met) for d, _, is_met, goal_met in report.demanded()]
    assert met == [("p50_ms", True, None), ("p99_ms", False, None)]


def test_what_nobody_could_read_has_no_median() -> None:
    assert Report({}, {"rest": [rate(1)]}, {}, 0, 0, ()).median("rest", "python_us") is None


def test_figures_are_per_command() -> None:
    latencies = [n / 1000 for n in range(1, 101)]
    found = figures(latencies, 200, 2.0, python=0.02, postgres=None, commands_per_batch=4.0)
    assert (found.per_second, found.python_us, found.postgres_us) == (100, 100, None)
    assert (found.p50_ms, found.p99_ms) == (51, 100)


def test_nothing_done_is_no_figure() -> None:
    with pytest.raises(BenchError):
        figures([], 0, 1.0)
