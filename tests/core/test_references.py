"""A row has one printed reference, and only that one reads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.references import NUMBER_MAX, NotAReferenceError, parsed, printed

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
numbers = st.integers(0, NUMBER_MAX)
prefixes = st.sampled_from(["usr", "prj", "ms", "tfr"])


@given(prefixes, numbers)
def test_what_is_printed_is_read_back(prefix: str, number: int) -> None:
    assert parsed(printed(prefix, number), prefix) == number


@given(numbers)
def test_it_is_the_number_in_crockfords_base32(number: int) -> None:
    digits, rest = "", number
    for _ in range(13):
        rest, digit = divmod(rest, 32)
        digits = CROCKFORD[digit] + digits
    assert printed("ms", number) == f"ms_{digits}"


@given(numbers, numbers)
def test_references_sort_as_their_numbers(one: int, other: int) -> None:
    assert (printed("ms", one) < printed("ms", other)) == (one < other)


def test_references_as_worked_out_by_hand() -> None:
    assert printed("ms", 0) == "ms_0000000000000"
    assert printed("ms", 31) == "ms_000000000000Z"
    assert printed("ms", 32) == "ms_0000000000010"
    assert printed("ms", NUMBER_MAX) == "ms_7ZZZZZZZZZZZZ"
    assert printed("ms", parsed("ms_0DXH3K8ZQ2Y7A", "ms")) == "ms_0DXH3K8ZQ2Y7A"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ms",
        "ms_",
        "ms_0DXH3K8ZQ2Y7",
        "ms_0DXH3K8ZQ2Y7AA",
        "ms_0dxh3k8zq2y7a",
        "MS_0DXH3K8ZQ2Y7A",
        "ms-0DXH3K8ZQ2Y7A",
        "prj_0DXH3K8ZQ2Y7A",
        "0DXH3K8ZQ2Y7A",
        "ms_ODXH3K8ZQ2Y7A",
        "ms_0DXH3K8ZQ2Y7I",
        "ms_0DXH3K8ZQ2Y7L",
        "ms_0DXH3K8ZQ2Y7U",
        "ms_0DXH3K8ZQ2Y7\n",
        "ms_0DXH3K8ZQ2Y7A\n",
        " ms_0DXH3K8ZQ2Y7A",
        "ms_0DXH3K8ZQ2Y7\u0664",
        "ms_8000000000000",
        "ms_ZZZZZZZZZZZZZ",
    ],
)
def test_what_we_never_printed_is_no_reference(text: str) -> None:
    with pytest.raises(NotAReferenceError):
        parsed(text, "ms")


@given(st.text(st.sampled_from(CROCKFORD + "msILOUabc_-\n\u0664"), max_size=20))
def test_any_text_is_what_we_print_or_refused(text: str) -> None:
    try:
        number = parsed(f"ms_{text}", "ms")
    except NotAReferenceError:
        return
    assert printed("ms", number) == f"ms_{text}"


@pytest.mark.parametrize("number", [-1, NUMBER_MAX + 1])
def test_a_number_no_row_can_have_is_a_bug(number: int) -> None:
    with pytest.raises(AssertionError):
        printed("ms", number)
