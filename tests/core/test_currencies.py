"""The currency table is the one ISO 4217 publishes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from earnest.core.currencies import EXPONENTS, NAMES

TOOL = Path(__file__).parents[2] / "tools" / "currencies.py"


@pytest.fixture
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("tool_currencies", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_the_generator_writes(tool: Any) -> None:
    assert tool.TARGET.read_text(encoding="utf-8") == tool.generated()
    assert tool.main(["--check"]) == 0


def test_check_fails_on_another_file_and_writing_mends_it(
    tool: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tool.TARGET = tmp_path / "currencies.py"
    assert tool.main(["--check"]) == 1
    assert "is not what" in capsys.readouterr().err
    assert not tool.TARGET.exists()
    assert tool.main([]) == 0
    assert tool.main(["--check"]) == 0


def test_an_unknown_argument_writes_nothing(tool: Any, tmp_path: Path) -> None:
    tool.TARGET = tmp_path / "currencies.py"
    assert tool.main(["--chekc"]) == 2
    assert not tool.TARGET.exists()


@pytest.mark.parametrize(
    ("currency", "exponent"),
    [
        *(("USD", 2), ("EUR", 2), ("GBP", 2), ("INR", 2), ("BRL", 2), ("CHF", 2), ("MGA", 2)),
        *(("JPY", 0), ("KRW", 0), ("CLP", 0), ("ISK", 0), ("UGX", 0), ("VND", 0), ("XAF", 0)),
        *(("KWD", 3), ("BHD", 3), ("IQD", 3), ("JOD", 3), ("LYD", 3), ("OMR", 3), ("TND", 3)),
        *(("CLF", 4), ("UYW", 4)),
    ],
)
def test_decimals_as_looked_up_by_hand(currency: str, exponent: int) -> None:
    assert EXPONENTS[currency] == exponent


@pytest.mark.parametrize("code", ["XAU", "XAG", "XDR", "XTS", "XSU", "DEM", "HRK", "BTC"])
def test_metals_tests_and_the_dead_are_no_currencies(code: str) -> None:
    assert code not in EXPONENTS


def test_every_currency_is_three_capitals_with_a_name_and_few_decimals() -> None:
    assert list(EXPONENTS) == sorted(EXPONENTS) == list(NAMES)
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in EXPONENTS)
    assert set(EXPONENTS.values()) == {0, 2, 3, 4}
    assert all(NAMES.values())
    assert NAMES["TOP"] == "Pa'anga"
