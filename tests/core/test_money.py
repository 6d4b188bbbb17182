"""Money is exact, keeps to one currency, and names what it refuses."""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.currencies import EXPONENTS
from earnest.core.money import MINOR_MAX, AmountError, CurrencyMismatchError, Money

if TYPE_CHECKING:
    from collections.abc import Callable

minors = st.integers(0, MINOR_MAX)
currencies = st.sampled_from(sorted(EXPONENTS))


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def code_of(text: object, currency: object = "USD") -> str:
    with pytest.raises(AmountError) as refused:
        Money.parse(text, currency)
    assert refused.value.detail == str(refused.value)
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("40.00", "USD", 4000),
        ("40", "USD", 4000),
        ("40.5", "USD", 4050),
        ("0", "USD", 0),
        ("0.01", "USD", 1),
        ("0.125", "KWD", 125),
        ("1200", "JPY", 1200),
        ("1.2345", "CLF", 12345),
        ("10000000000000.00", "USD", MINOR_MAX),
    ],
)
def test_a_decimal_text_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 ", "1\n", "+1", "-1", "01", "00", ".5", "1.", "1.0.0", "1,50", "1_000"),
        *("1e3", "NaN", "Infinity", "0x10", "40 USD", "$40"),
        *("\u0664\u0660", "1.\u0665", "\uff14\uff10"),
        *(40, 40.0, None, True, b"40"),
    ],
)
def test_anything_but_plain_ascii_decimals_is_not_an_amount(text: object) -> None:
    assert code_of(text) == "not_an_amount"


@pytest.mark.parametrize(
    ("text", "currency", "says"),
    [
        ("1.000", "USD", "USD has 2 decimals and no more"),
        ("1.0", "JPY", "JPY has no decimals"),
        ("1.0000", "KWD", "KWD has 3 decimals and no more"),
    ],
)
def test_a_decimal_too_many_is_refused_and_never_rounded(
    text: str, currency: str, says: str
) -> None:
    with pytest.raises(AmountError) as refused:
        Money.parse(text, currency)
    assert refused.value.code == "too_many_decimals"
    assert refused.value.detail == says


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("10000000000000.01", "USD"),
        ("999999999999999", "USD"),
        ("1000000000000001", "JPY"),
        ("9" * 100_000, "USD"),
    ],
)
def test_more_than_the_most_is_too_large_however_long_it_is(text: str, currency: str) -> None:
    assert code_of(text, currency) == "amount_too_large"


@pytest.mark.parametrize("currency", ["usd", "XTS", "XAU", "EURO", "", None, 840, ["USD"]])
def test_an_amount_of_no_currency_is_refused(currency: object) -> None:
    assert code_of("1", currency) == "unknown_currency"


@given(st.integers(0, 10**15 - 1), currencies)
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.decimal, currency) == money
    assert Fraction(money.decimal) * 10 ** EXPONENTS[currency] == minor


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(4000, "USD"), "40.00 USD"),
        (Money(5, "USD"), "0.05 USD"),
        (Money(-5, "USD"), "-0.05 USD"),
        (Money(-12345, "KWD"), "-12.345 KWD"),
        (Money(7, "JPY"), "7 JPY"),
        (Money(-7, "JPY"), "-7 JPY"),
        (Money.zero("CLF"), "0.0000 CLF"),
    ],
)
def test_it_is_written_with_all_decimals_of_its_currency(money: Money, text: str) -> None:
    assert str(money) == text
    assert money.decimal == text.partition(" ")[0]


def test_amounts_of_one_currency_add_subtract_and_compare() -> None:
    assert usd(150) + usd(50) == usd(200)
    assert usd(50) - usd(150) == usd(-100)
    assert usd(1) < usd(2) <= usd(2)
    assert usd(2) > usd(1) >= usd(1)
    assert not usd(2) < usd(2)
    assert not usd(2) > usd(2)
    assert not usd(2) <= usd(1)
    assert not usd(1) >= usd(2)
    assert usd(1) != Money(1, "EUR")
    assert len({usd(1), usd(1), Money(1, "EUR")}) == 2


@pytest.mark.parametrize(
    "operation",
    [
        operator.add,
        operator.sub,
        operator.lt,
        operator.le,
        operator.gt,
        operator.ge,
        Money.midpoint,
    ],
)
def test_two_currencies_never_meet(operation: Callable[[Money, Money], object]) -> None:
    with pytest.raises(CurrencyMismatchError, match="USD and EUR"):
        operation(usd(1), Money(1, "EUR"))


def test_money_has_no_truth_value_and_no_product() -> None:
    with pytest.raises(TypeError, match="is_zero"):
        bool(usd(1))
    with pytest.raises(TypeError):
        usd(1) * 2  # type: ignore[operator]


def test_zero_and_positive_are_asked_by_name() -> None:
    assert Money.zero("USD").is_zero
    assert not usd(-1).is_zero
    assert usd(1).is_positive
    assert not usd(0).is_positive
    assert not usd(-1).is_positive


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (100, [0, 1], [0, 100]),
        (1, [1, 1], [1, 0]),
        (10, [1, 3], [3, 7]),  # 2.5 and 7.5: equal remainders, the earlier one gets the unit.
        (10, [1, 2, 6], [1, 2, 7]),  # 1.11, 2.22 and 6.67.
        (0, [5, 5], [0, 0]),
    ],
)
def test_the_largest_remainders_get_the_units_left_over(
    minor: int, weights: list[int], parts: list[int]
) -> None:
    assert [part.minor for part in usd(minor).share(weights)] == parts


@given(minors, st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any))
def test_shares_add_up_and_each_is_less_than_a_unit_off(minor: int, weights: list[int]) -> None:
    parts = [part.minor for part in usd(minor).share(weights)]
    assert sum(parts) == minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(minor * weight, sum(weights)) - part) < 1
        assert weight or part == 0


@pytest.mark.parametrize(("minor", "weights"), [(1, []), (1, [0, 0]), (1, [2, -1]), (-1, [1])])
def test_a_share_without_sense_is_a_bug(minor: int, weights: list[int]) -> None:
    with pytest.raises(AssertionError):
        usd(minor).share(weights)


def test_a_part_rounds_down() -> None:
    assert usd(199).part(500) == usd(9)
    assert usd(199).part(10_000) == usd(199)
    assert usd(199).part(0) == usd(0)


@given(minors, minors)
def test_the_odd_unit_of_a_midpoint_goes_up(one: int, other: int) -> None:
    middle = usd(one).midpoint(usd(other))
    assert middle == usd(other).midpoint(usd(one))
    assert 2 * middle.minor - one - other == (one + other) % 2
