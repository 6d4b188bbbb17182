"""Canonical JSON is RFC 8785's, checked against two other writers of it."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.canonical import INTEGER_MAX, canonical, digest

if TYPE_CHECKING:
    from collections.abc import Callable

texts = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(max_codepoint=127))
leaves = st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | texts


def containers(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(keys, inner)


values = st.recursive(leaves, containers, max_leaves=12)


class Side(StrEnum):
    EMPLOYER = "employer"


@given(values)
def test_it_is_what_the_rfc8785_library_writes(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(values)
def test_it_is_what_msgspec_writes_in_deterministic_order(value: object) -> None:
    assert canonical(value) == msgspec.json.encode(value, order="deterministic")


def test_it_is_spelled_as_the_rfc_says() -> None:
    value = {"b": [1, True, None], "a": 'é€😀/\x00\b\t\n\x0b\f\r\x1f"\\\x7f', "B": {}, "": ()}
    spelled = (
        '{"":[],"B":{},"a":"é€😀/\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\"\\\\\x7f",'
        '"b":[1,true,null]}'
    )
    assert canonical(value) == spelled.encode()


def test_a_named_value_is_spelled_as_its_text() -> None:
    assert canonical({"by": Side.EMPLOYER}) == b'{"by":"employer"}'


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), b"x", {1}, {1: "a"}, {None: "a"}, {"é": 1}, [{"a": 0.5}], object()],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_one_spelling_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", ["\ud800", ["\udfff"], {"a": "x\ud83d"}], ids=ascii)
def test_a_lone_surrogate_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        canonical(value)


@pytest.mark.parametrize("value", [INTEGER_MAX + 1, -INTEGER_MAX - 1, 2**62])
@pytest.mark.parametrize("write", [canonical, rfc8785.dumps])
def test_an_integer_past_53_bits_is_a_value_error_here_and_there(
    write: Callable[[int], bytes], value: int
) -> None:
    with pytest.raises(ValueError, match=r"53 bits|safe"):
        write(value)


def test_the_digest_is_the_sha256_of_the_bytes() -> None:
    assert digest({}) == hashlib.sha256(b"{}").hexdigest()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 2, "b": 1})
