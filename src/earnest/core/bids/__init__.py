"""Bids: what somebody would do a project for, in up to ten steps, and who is chosen."""

from earnest.core.bids import bidding, choosing

__all__ = ["bidding", "choosing"]
