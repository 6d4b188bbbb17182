"""What the ways are called on which money comes in and goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.saying import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

_GATEWAYS: Final[Mapping[str, str]] = {"sandbox": "Sandbox"}
mark(_GATEWAYS)


def gateway_of(name: str) -> str:
    """What a gateway is called; one that nobody named is called as it is set up."""
    return _GATEWAYS.get(name, name.capitalize())
