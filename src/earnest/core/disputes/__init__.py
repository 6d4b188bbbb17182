"""Disputes: a part of a milestone is frozen until both sides, an arbiter or the clock decide."""

from earnest.core.disputes import (
    arbitrating,
    exhibiting,
    extending,
    objecting,
    offering,
    opening,
    sealing,
    silence,
    staking,
    withdrawing,
)

__all__ = [
    "arbitrating",
    "exhibiting",
    "extending",
    "objecting",
    "offering",
    "opening",
    "sealing",
    "silence",
    "staking",
    "withdrawing",
]
