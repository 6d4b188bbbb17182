"""What people type is read exactly or refused, and what is said can be read again."""

from __future__ import annotations

import unicodedata
from string import Formatter
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.currencies import EXPONENTS
from earnest.core.money import MINOR_MAX, AmountCode, Money
from earnest.words import amounts
from earnest.words.amounts import (
    DETAILS,
    AmountUnread,
    example,
    marks,
    number,
    read,
    said,
)

LOCALES: Final = ("en", "pt_BR", "es", "ar", "de", "fr", "de_CH", "en_IN")
CURRENCIES: Final = sorted(EXPONENTS)

locales = st.sampled_from(LOCALES)
currencies = st.sampled_from(CURRENCIES)
amounts_held = st.builds(Money, st.integers(0, MINOR_MAX - 1), currencies)
ARABIC_MARKS: Final = "\u066b\u066c\u060c"
ARABIC_DIGITS: Final = "".join(chr(0x0660 + digit) for digit in range(10))
#: What people put into amounts, and what looks like one.
near_amounts = st.text(
    f"0123456789{ARABIC_DIGITS}{ARABIC_MARKS}.,'’ \u00a0\u202f$€¥UuSsDd-\u2212+eE()\u200e\u202e",
    max_size=14,
)
alike_amounts = st.from_regex(
    rf"[0-9]{{1,4}}(?:[.,' {ARABIC_MARKS}][0-9]{{2,3}}){{0,3}}(?:[.,\u066b][0-9]{{1,4}})?",
    fullmatch=True,
)


def arabic(text: str) -> str:
    return text.translate({ord(str(digit)): 0x0660 + digit for digit in range(10)})


def persian(text: str) -> str:
    return text.translate({ord(str(digit)): 0x06F0 + digit for digit in range(10)})


typed = st.text() | near_amounts | alike_amounts | alike_amounts.map(arabic)


def digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in text if unicodedata.category(c) == "Nd")


def outcome(text: str, currency: str, locale: str) -> Money | AmountUnread:
    try:
        return read(text, currency, locale)
    except AmountUnread as refused:
        return refused


def unread(text: str, currency: str, locale: str) -> AmountUnread:
    with pytest.raises(AmountUnread) as caught:
        read(text, currency, locale)
    return caught.value


# --- saying ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("money", "locale", "text"),
    [
        (Money(421050, "USD"), "en", "USD\u00a04,210.50"),
        (Money(421050, "USD"), "pt_BR", "USD\u00a04.210,50"),
        (Money(421050, "USD"), "es", "USD\u00a04.210,50"),
        (Money(421050, "USD"), "ar", "USD\u00a04,210.50"),
        (Money(421050, "USD"), "ar_EG", "USD\u00a04,210.50"),
        (Money(421050, "USD"), "fr", "USD\u00a04\u202f210,50"),
        (Money(421050, "USD"), "de_CH", "USD\u00a04’210.50"),
        (Money(123456789, "INR"), "en_IN", "INR\u00a012,34,567.89"),
        (Money(4210, "JPY"), "en", "JPY\u00a04,210"),
        (Money(1500, "KWD"), "en", "KWD\u00a01.500"),
        (Money(0, "USD"), "en", "USD\u00a00.00"),
        (Money(99999, "USD"), "es", "USD\u00a0999,99"),
        (Money(-500, "USD"), "en", "USD\u00a0\u22125.00"),
        (Money(-500, "USD"), "ar", "USD\u00a0\u22125.00"),
    ],
)
def test_an_amount_is_said_with_its_code_in_the_locales_figures(
    money: Money, locale: str, text: str
) -> None:
    assert said(money, locale) == text
    assert number(money, locale) == text.split("\u00a0", 1)[1]


@given(amounts_held, locales)
def test_all_decimals_of_our_own_table_are_always_said(money: Money, locale: str) -> None:
    exponent = EXPONENTS[money.currency]
    _, point, decimals = number(money, locale).partition(marks(locale).decimal)
    assert (len(point), len(decimals)) == (bool(exponent), exponent)


@given(amounts_held, locales)
def test_nothing_unseen_steers_the_direction_of_an_amount(money: Money, locale: str) -> None:
    assert not [c for c in said(money, locale) if unicodedata.category(c) == "Cf"]
    assert said(money, locale).count("\u00a0") == 1


def test_the_example_has_the_decimals_of_the_currency() -> None:
    assert example("USD", "en") == "250.00"
    assert example("USD", "pt_BR") == "250,00"
    assert example("JPY", "en") == "250"
    assert example("KWD", "ar") == "250.000"


# --- reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "currency", "locale", "minor"),
    [
        ("1.234", "USD", "pt_BR", 123400),
        ("1.234,56", "USD", "pt_BR", 123456),
        ("1,234.56", "USD", "en", 123456),
        (arabic("421"), "USD", "ar", 42100),
        (arabic("1\u066c234\u066b50"), "USD", "ar", 123450),
        (persian("1\u066c234\u066b50"), "USD", "fa", 123450),
        ("१,२३,४५६.५०", "INR", "hi", 12345650),
        ("1234", "USD", "fr", 123400),
        ("1234,5", "USD", "fr", 123450),
        ("1 234,50", "USD", "fr", 123450),
        ("1\u00a0234,50", "USD", "fr", 123450),
        ("1'234.50", "CHF", "de_CH", 123450),
        ("1’234.50", "CHF", "de_CH", 123450),
        ("12,34,567", "INR", "en_IN", 123456700),
        ("1,234,567", "INR", "en_IN", 123456700),
        ("0", "USD", "en", 0),
        ("  \u00a0250.00\u202f\n", "USD", "en", 25000),
        ("\u202d1,234\u202c", "USD", "en", 123400),
        ("USD 5", "USD", "en", 500),
        ("5usd", "USD", "en", 500),
        ("$5", "USD", "en", 500),
        ("5,00 €", "EUR", "de", 500),
        ("R$ 5", "BRL", "pt_BR", 500),
        ("5 د.إ.\u200f", "AED", "ar", 500),
    ],
)
def test_what_has_one_meaning_is_read(text: str, currency: str, locale: str, minor: int) -> None:
    assert read(text, currency, locale) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "locale", "suggestion"),
    [
        ("1234.56", "USD", "pt_BR", "1.234,56"),
        ("USD 1234.56", "USD", "pt_BR", "1.234,56"),
        ("1,5", "USD", "en", "1.50"),
        ("1,234.56", "USD", "pt_BR", "1.234,56"),
        ("1 234", "JPY", "en", "1,234"),
        ("1'234", "USD", "en", "1,234.00"),
        ("1.234.567", "USD", "en", "1,234,567.00"),
        ("1,23,456", "INR", "en", "123,456.00"),
        (".5", "USD", "en", "0.50"),
        (arabic("421.50"), "USD", "ar", "421.50"),
        (arabic("421\u060c50"), "USD", "ar", "421.50"),
        # Could be two amounts, or has lost or gained a digit: no guess.
        ("1.234", "KWD", "fr", None),
        (arabic("1,234"), "KWD", "ar", None),
        ("1,23,4", "USD", "en", None),
        ("1,234,56", "INR", "en_IN", None),
        ("1234,567", "USD", "en", None),
        ("1,2345", "USD", "en", None),
        ("12,34", "JPY", "en", None),
        ("1,234 567", "USD", "en", None),
        ("1,234\u066c567", "USD", "en", None),
        ("1.2.3", "USD", "en", None),
        ("5.", "USD", "en", None),
        (",", "USD", "en", None),
    ],
)
def test_separators_that_are_not_the_locales_are_refused_with_the_only_meaning_they_have(
    text: str, currency: str, locale: str, suggestion: str | None
) -> None:
    refused = unread(text, currency, locale)
    assert (refused.code, refused.suggestion) == ("wrong_separators", suggestion)


@pytest.mark.parametrize(
    ("text", "currency", "locale", "code"),
    [
        ("1.234", "USD", "en", "too_many_decimals"),
        ("1,234", "USD", "pt_BR", "too_many_decimals"),
        ("1.5", "JPY", "en", "too_many_decimals"),
        ("1.00000", "KWD", "en", "too_many_decimals"),
        ("", "USD", "en", "empty"),
        (" \u200f", "USD", "en", "empty"),
        ("USD", "USD", "en", "empty"),
        ("EUR 5", "USD", "en", "other_currency"),
        ("5 eur", "USD", "en", "other_currency"),
        ("€5", "USD", "en", "other_currency"),
        ("CA$5", "USD", "en", "other_currency"),
        ("$5 CAD", "USD", "en", "other_currency"),
        ("R$ 5", "USD", "pt_BR", "other_currency"),
        ("USD 5 USD", "USD", "en", "not_an_amount"),
        ("5 USD 5", "USD", "en", "not_an_amount"),
        ("-5", "USD", "en", "not_an_amount"),
        ("\u22125", "USD", "en", "not_an_amount"),
        ("+5", "USD", "en", "not_an_amount"),
        ("(5)", "USD", "en", "not_an_amount"),
        ("1e5", "USD", "en", "not_an_amount"),
        ("five", "USD", "en", "not_an_amount"),
        ("NaN", "USD", "en", "not_an_amount"),
        ("5²", "USD", "en", "not_an_amount"),
        ("½", "USD", "en", "not_an_amount"),
        ("5\u0665", "USD", "ar", "not_an_amount"),
        ("\u06655", "USD", "ar", "not_an_amount"),
        ("\u202e321\u202c", "USD", "en", "not_an_amount"),
        ("1\u200e2", "USD", "en", "not_an_amount"),
        ("1\n2", "USD", "en", "not_an_amount"),
        ("9999999999999999", "USD", "en", "amount_too_large"),
        ("10,000,000,000,000.01", "USD", "en", "amount_too_large"),
        ("5", "XYZ", "en", "unknown_currency"),
    ],
)
def test_what_is_no_amount_is_refused_by_name(
    text: str, currency: str, locale: str, code: str
) -> None:
    refused = unread(text, currency, locale)
    assert (refused.code, refused.suggestion) == (code, None)


def test_leading_zeros_are_refused_and_left_out_of_the_suggestion() -> None:
    assert unread("007", "USD", "en").suggestion == "7.00"
    assert unread("0,123", "KWD", "en").suggestion == "0.123"
    assert unread("0,123", "USD", "en").suggestion is None


@pytest.mark.parametrize(
    ("text", "currency", "detail"),
    [
        ("", "USD", "Write an amount, such as 250,00."),
        ("x", "USD", "Write the amount in digits, such as 250,00."),
        ("1234.5", "USD", "Write the amount the way 1.250,00 is written."),
        ("1,234", "USD", "USD has 2 decimals and no more."),
        ("1,2", "JPY", "JPY has no decimals."),
        ("€1", "USD", "This amount is in USD and in no other currency."),
    ],
)
def test_the_refusal_shows_how_an_amount_is_written(text: str, currency: str, detail: str) -> None:
    refused = unread(text, currency, "pt_BR")
    assert refused.detail == str(refused) == detail


def test_every_code_has_its_sentence() -> None:
    codes = {code for part in get_args(amounts.UnreadCode) for code in (get_args(part) or (part,))}
    assert set(get_args(AmountCode)) < codes == set(DETAILS)
    facts = {name for text in DETAILS.values() for _, name, _, _ in Formatter().parse(text) if name}
    assert facts == {"example", "grouped", "currency", "decimals"}


# --- whatever is typed -----------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_every_currency_is_read_as_it_is_said(locale: str) -> None:
    for currency in CURRENCIES:
        for minor in (0, 1, 99, 100, 12_345, 999_999, 1_000_000, 123_456_789_012, MINOR_MAX - 1):
            money = Money(minor, currency)
            assert read(number(money, locale), currency, locale) == money
            assert read(said(money, locale), currency, locale) == money


@given(amounts_held, locales)
def test_what_is_said_is_read_as_the_same_amount(money: Money, locale: str) -> None:
    again = read(said(money, locale), money.currency, locale)
    assert again == money == read(number(money, locale), money.currency, locale)
    assert type(again.minor) is int


@given(st.integers(0, 10**11), currencies, locales)
def test_bare_digits_are_always_whole_units(units: int, currency: str, locale: str) -> None:
    minor = units * 10 ** EXPONENTS[currency]
    assert outcome(str(units), currency, locale) == Money(minor, currency)
    assert outcome(arabic(str(units)), currency, locale) == Money(minor, currency)


@given(typed, currencies, locales)
def test_any_text_is_read_or_refused_and_nothing_else(
    text: str, currency: str, locale: str
) -> None:
    found = outcome(text, currency, locale)
    if isinstance(found, AmountUnread):
        assert found.code in DETAILS
        assert "{" not in found.detail
    else:
        assert found.currency == currency
        assert 0 <= found.minor <= MINOR_MAX


@given(typed, currencies, locales)
def test_no_digit_changes_its_place(text: str, currency: str, locale: str) -> None:
    """What stands before the decimal separator is the whole part, digit by digit."""
    found = outcome(text, currency, locale)
    if isinstance(found, AmountUnread):
        return
    point = marks(locale).decimal
    whole, _, decimals = text.replace("\u066b", point).partition(point)
    written, _, kept = found.decimal.partition(".")
    assert digits(whole) == written
    assert digits(decimals).ljust(len(kept), "0") == kept


@given(typed, currencies, locales)
def test_a_suggestion_is_an_amount_with_the_digits_that_were_typed(
    text: str, currency: str, locale: str
) -> None:
    found = outcome(text, currency, locale)
    if isinstance(found, AmountUnread) and found.suggestion is not None:
        assert number(read(found.suggestion, currency, locale), locale) == found.suggestion
        assert digits(found.suggestion).strip("0") == digits(text).strip("0")
