"""`earnest bench` runs, tells what it should, and leaves books that verify and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from earnest.bench.figures import DEMANDS, MEASURED
from earnest.store.embedded import forgotten

PATIENCE_SECONDS = 120


def bench(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run it as people do, whatever is set for an installation of theirs."""
    env = {**os.environ, "EARNEST_DATA_DIR": "/nowhere", "DATABASE_URL": "postgresql://nobody/"}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "earnest", "bench", *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def origin(cluster: Path) -> str:
    """Whose a cluster of root's was; others come and go while we look."""
    try:
        return (cluster / "origin").read_text().strip()
    except FileNotFoundError:
        return ""


def test_it_measures_and_the_books_verify(tmp_path: Path) -> None:
    where = tmp_path / "new"
    small = ("--small", "--rounds", "1", "--seconds", "0.3")
    told: dict[str, Any] = json.loads(bench("--json", "--data-dir", str(where), *small).stdout)
    assert list(told["measured"]) == list(MEASURED)
    for name, each in told["measured"].items():
        (only,) = each["rounds"]
        assert only["commands"] > 0, name
        assert 0 < each["p50_ms"] <= each["p99_ms"], name
        assert each["least_per_second"] == each["per_second"] == only["per_second"], name
    engine = told["measured"]["engine"]
    assert engine["statements_per_batch"] <= 20
    assert engine["commands_per_batch"] > told["measured"]["one_by_one"]["commands_per_batch"] == 1
    assert told["measured"]["tpcb"]["over_tpcb"] == 1
    demanded = [each["what"] for each in told["demanded"]]
    assert demanded == [each.what for each in DEMANDS]
    assert told["measured"]["batch"]["rounds"][0]["commands"] % 500 == 0
    assert told["measured"]["batch"]["commands_per_batch"] > 1
    assert told["settings"]["fsync"] == told["settings"]["synchronous_commit"] == "on"
    assert told["books"]["ok"]
    assert told["books"]["transfers"] > sum(
        each["rounds"][0]["commands"] for n, each in told["measured"].items() if n != "tpcb"
    )
    assert not where.exists()
    assert str(where) not in {origin(cluster) for cluster in forgotten()}


def test_nobodys_directory_is_measured_in(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("books")
    done = bench("--json", "--data-dir", str(tmp_path), code=1)
    assert json.loads(done.stdout)["code"] == "not_empty"
    assert (tmp_path / "precious").read_text() == "books"


def test_what_is_not_known_is_not_measured() -> None:
    assert "none of tpcb, engine" in bench("--only", "engine,typos", code=2).stderr


def test_a_profile_tells_statements_plans_and_functions(tmp_path: Path) -> None:
    where = str(tmp_path / "new")
    told = bench("--profile", "--small", "--seconds", "0.1", "--data-dir", where).stdout
    for part in ("UPDATE contracts", "Insert on events", "Update on accounts", "tottime"):
        assert part in told
