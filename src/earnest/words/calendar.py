"""The words of the calendar of what will happen."""

from __future__ import annotations

from typing import Final

#: What the calendar is called among others.
NAME: Final = "Earnest: what will happen"
ABOUT: Final = "What happens to your money, and when, if nobody does anything before."
CUT: Final = "There is more than fits: these are the first {count}."
#: What an entry says below its title.
DETAIL: Final = "It happens if nobody does anything before. What there is to do: {link}"
#: And after that, where a clock waits for its notice.
LATEST: Final = "If somebody cannot be told in time, it happens later: {time} at the latest."
OFFER_TO: Final = "Offer to {person}"
OFFER_FROM: Final = "Offer from {person}"
DEPOSIT: Final = "Deposit of {amount}"
WITHDRAWAL: Final = "Withdrawal of {amount}"
