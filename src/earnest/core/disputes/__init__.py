"""Disputes: a part of a milestone is frozen until both sides, an arbiter or the clock decide."""

from earnest.core.disputes import (
    arbitrating,
    exhibiting,
    extending,
    offering,
    opening,
    sealing,
    silence,
    staking,
    withdrawing,
)

# isort: split
# In the order of the modules actions are listed: this one is asked of another kind of row.
from earnest.core.disputes import objecting

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
