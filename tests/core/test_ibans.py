"""IBANs: the examples of the registry are some, and whatever is mistyped is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.payments.ibans import LENGTHS, compact, is_iban

#: What the registry of SWIFT shows as an example, of some countries with a rule of their own.
EXAMPLES = [
    "AD1200012030200359100100",
    "BE68539007547034",
    "BR1800360305000010009795493C1",
    "CH9300762011623852957",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "KW81CBKU0000000000001234560101",
    "MT84MALT011000012345MTLCAST001S",
    "NO9386011117947",
    "PL61109010140000071219812874",
    "SC18SSCB11010000000000001497USD",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_registry_are_ibans(example: str) -> None:
    assert is_iban(example)


@pytest.mark.parametrize(
    "text",
    [
        *("", "DE", "DE00", "DE0012", "DE89370400440532013001", "DE8937040044053201300"),
        *("DE893704004405320130000", "XX89370400440532013000", "GB29NWBK60161331926818"),
        *("DE89 3704 0044 0532 0130 00", "de89370400440532013000", "DE89370400440532\uff1013000"),
        *("8937040044053201300000", "DE8937040044053201300-", "E" * 64),
    ],
)
def test_whatever_else_is_none(text: str) -> None:
    assert not is_iban(text)


def test_it_may_be_typed_as_people_read_it() -> None:
    assert compact(" de89 3704 0044\u00a00532 0130 00 ") == "DE89370400440532013000"


@given(st.sampled_from(EXAMPLES), st.data())
def test_one_wrong_digit_is_always_found(example: str, data: st.DataObject) -> None:
    digits = [at for at, each in enumerate(example) if each.isdecimal()]
    at = data.draw(st.sampled_from(digits))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != example[at]]))
    assert not is_iban(example[:at] + other + example[at + 1 :])


def test_every_country_has_one_length() -> None:
    assert len(LENGTHS) == 89
    assert all(15 <= length <= 34 for length in LENGTHS.values())
