"""`earnest prove`: what it says, and how it ends. What is true of it is in tests/prove."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from earnest.cli.program import program
from earnest.core.terms import CLASSIC, Terms, as_json

if TYPE_CHECKING:
    from pathlib import Path


def prove(*args: str) -> Result:
    return CliRunner().invoke(program, ["prove", *args])


def written(place: Path, terms: Terms, changes: dict[str, object]) -> str:
    """A file of terms, with what is wrong with them."""
    file = place / "terms.json"
    file.write_text(json.dumps({**as_json(terms), **changes}))
    return str(file)


def test_a_preset_is_proved_without_any_database() -> None:
    told = prove("--preset", "classic", "--json")
    assert told.exit_code == 0
    (found,) = json.loads(told.stdout)["items"]
    assert (found["terms"], found["ok"]) == ("classic", True)
    assert found["states"] > 1_000
    assert found["edges"] > found["states"]
    assert all(each["met"] and not each["path"] for each in found["claims"])
    assert "submitted" in found["no_end"]
    assert "classic: " in told.stderr


#: The world is smaller where nobody stakes anything, and nobody can ask for changes.
SMALLER: dict[str, object] = {"arbitration_bps": 0, "match_seconds": None, "change_rounds": 0}


def test_terms_with_a_silence_that_never_ends_fail_with_the_way_to_it(tmp_path: Path) -> None:
    told = prove(written(tmp_path, CLASSIC, SMALLER))
    assert told.exit_code == 1
    lines = [line.strip() for line in told.stdout.splitlines()]
    assert "not met  every funded state ends by time alone, or is named" in lines
    assert any(line.startswith("no end: submitted (") for line in lines)
    way = [line for line in lines if line[:2] in {"1.", "2.", "3.", "4.", "5."}]
    assert way == [
        "1. the employer: contract.offer",
        "2. the freelancer: contract.accept (funded 0)",
        "3. the employer: contract.fund",
        "4. the freelancer: milestone.submit",
    ]
    assert "Without an end, if nobody acts:" in lines


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"review_seconds": 5}, "review_seconds: is from 3 days"),
        ({"patience": 1}, "patience: is not a field of the terms"),
        ({"fee_bps": None}, "fee_bps: cannot be left without a limit"),
        ({"next_arbiters": 1}, "next_arbiters: is 0 unless there is a ruling_seconds"),
    ],
)
def test_terms_that_nobody_can_agree_to_are_refused_by_their_field(
    tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    found = prove("--terms", written(tmp_path, CLASSIC, changes))
    assert found.exit_code == 2
    assert told in found.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "\udce4"])
def test_a_file_that_holds_no_terms_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "terms.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    found = prove(str(file))
    assert found.exit_code == 2
    assert "terms.json" in found.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("nobodys",), "'nobodys' is neither a preset (classic, balanced) nor a file."),
        (("classic", "--preset", "balanced"), "Name one: a preset or a file."),
        (("--preset", "nobodys"), "Invalid value for '--preset'"),
        (("--terms", "nowhere.json"), "Invalid value for '--terms'"),
    ],
)
def test_what_is_to_be_proved_is_named_once_and_is_there(args: tuple[str, ...], told: str) -> None:
    found = prove(*args)
    assert (found.exit_code, told in found.stderr) == (2, True)
