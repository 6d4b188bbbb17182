"""Milestones: an amount set aside, and everything that can become of it."""

from earnest.core.milestones import (
    agreeing,
    asking,
    funding,
    recalling,
    releasing,
    returning,
    revising,
    silence,
    staff,
    tranches,
    working,
)

__all__ = [
    "agreeing",
    "asking",
    "funding",
    "recalling",
    "releasing",
    "returning",
    "revising",
    "silence",
    "staff",
    "tranches",
    "working",
]
