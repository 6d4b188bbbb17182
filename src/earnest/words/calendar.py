"""The words of the calendar of what will happen."""

from __future__ import annotations

from typing import Final

from earnest.words.saying import N_

#: What the calendar is called among others.
NAME: Final = N_("Earnest: what will happen")
ABOUT: Final = N_("What happens to your money, and when, if nobody does anything before.")
CUT: Final = N_("There is more than fits: these are the first {count}.")
#: What an entry says below its title.
DETAIL: Final = N_("It happens if nobody does anything before. What there is to do: {link}")
#: And after that, where a clock waits for its notice.
LATEST: Final = N_("If somebody cannot be told in time, it happens later: {time} at the latest.")
OFFER_TO: Final = N_("Offer to {person}")
OFFER_FROM: Final = N_("Offer from {person}")
DEPOSIT: Final = N_("Deposit of {amount}")
WITHDRAWAL: Final = N_("Withdrawal of {amount}")
