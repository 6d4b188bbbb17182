"""Bytes become a JSON object or are malformed, and junk is never worse than invalid."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.actions import ACTIONS
from earnest.core.references import printed
from earnest.wire.decode import BODY_BYTES_MAX
from earnest.wire.parse import Invalid, Malformed, decode_json, parse_action

USD40 = {"amount": "40.00", "currency": "USD"}


@pytest.mark.parametrize(
    "raw",
    [
        *(b"null", b"[]", b'"x"', b"1", b" ", b"{", b"{}{}", b"{'a':1}", b'{"a":1,}'),
        *(b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b'{"a":NaN}', b'{"a":Infinity}'),
        *(b'{"a":-Infinity}', b'{"a":+1}', b'{"a":0x10}', b'{"a":01}', b'{"a":"\x01"}'),
        *(b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\\ud800"}', b'{"\xff":1}'),
        *(b'{"a":' + b"9" * 5_000 + b"}", b'{"a":1e99999999999999999999}'),
        *(b'{"a":' * 100_000, b'{"a":' + b"[" * 1_000_000),
        b'{"a":' + b"[" * 99_999 + b"]" * 99_999 + b"}",
    ],
    ids=lambda raw: repr(raw[:24]),
)  # fmt: skip
def test_what_is_no_json_object_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode_json(raw)
    assert caught.value.code == "malformed"
    assert len(caught.value.detail) < 200


def test_no_body_is_an_empty_object() -> None:
    assert decode_json(b"") == {}


def test_numbers_are_read_exactly_and_never_as_floats() -> None:
    read = decode_json(b'{"a":9007199254740993,"b":0.1,"c":1e400,"d":9007199254740993.0}')
    assert read["a"] == read["d"] == 2**53 + 1
    assert (read["b"], read["c"]) == (Decimal("0.1"), Decimal("1e400"))
    assert not any(isinstance(value, float) for value in read.values())


def test_a_whole_number_may_be_written_with_a_point() -> None:
    read = decode_json(b'{"a":3.0,"b":1e2,"c":-0.0,"d":2.00000000000000000000000000000000001}')
    assert read == {"a": 3, "b": 100, "c": 0, "d": Decimal("2.00000000000000000000000000000000001")}
    assert [type(value) for value in read.values()] == [int, int, int, Decimal]


def test_a_body_larger_than_anything_that_fits_is_too_large() -> None:
    with pytest.raises(Malformed) as caught:
        decode_json(b" " * (BODY_BYTES_MAX + 1))
    assert caught.value.code == "too_large"


def test_the_largest_funding_fits_however_it_is_escaped() -> None:
    lines = [{"description": "\U0001f600" * 10_000, "amount": USD40}] * 50
    raw = json.dumps({"milestones": lines}, ensure_ascii=True).encode()
    fund: Any = parse_action("contract.fund", 1, decode_json(raw))
    assert len(fund.milestones) == 50


def test_what_is_nested_and_unknown_is_named_and_not_looked_into() -> None:
    raw = '{"status":' + "[" * 500 + "]" * 500 + "}"
    with pytest.raises(Invalid) as caught:
        parse_action("milestone.release", 1, decode_json(raw.encode()))
    assert [(e.path, e.code) for e in caught.value.errors] == [("/status", "unknown_field")]


leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals()
    | st.sampled_from(
        ["40.00", "USD", printed("usr", 7), "0" * 64, "a\0b", "a\ud800", "2027-01-01T00:00:00Z"]
    )
)
names = st.text(max_size=3) | st.sampled_from(
    ["amount", "currency", "milestones", "description", "terms", "freelancer", "due_at", "links"]
)
junk = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=20
)


@given(st.sampled_from(sorted(ACTIONS)), st.dictionaries(names, junk))
def test_junk_is_invalid_and_nothing_worse(name: str, body: dict[str, object]) -> None:
    try:
        parse_action(name, 1, body)
    except Invalid as invalid:
        found = invalid.errors
    else:
        found = ()
    assert all(e.path.startswith("/") and e.code and e.detail for e in found)


@given(
    st.binary()
    | st.text().map(str.encode)
    | junk.map(lambda v: json.dumps(v, default=str).encode())
)
def test_bytes_are_an_object_or_malformed(raw: bytes) -> None:
    try:
        read = decode_json(raw)
    except Malformed:
        return
    assert isinstance(read, dict)
