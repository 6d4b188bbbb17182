"""The keys that lead somewhere, and what each does."""

from __future__ import annotations

from typing import Final

from earnest.words.saying import N_

#: After `g`: the letter, what it leads to, and where that is.
SECTIONS: Final = (
    ("f", N_("Finances"), "/finances"),
    ("m", N_("Milestones"), "/finances/milestones"),
    ("t", N_("Transactions"), "/finances/transactions"),
    ("w", N_("Deposits and withdrawals"), "/finances/payments"),
    ("p", N_("Projects"), "/projects"),
    ("c", N_("Contracts"), "/contracts"),
    ("d", N_("Disputes"), "/disputes"),
    ("n", N_("Notices"), "/notices"),
    ("s", N_("Settings"), "/settings"),
    ("h", N_("How milestone payments work"), "/help"),
)
#: The same for those who rule on disputes, and for staff.
DESK: Final = ("a", N_("The arbiter’s desk"), "/desk")
STAFF: Final = ("o", N_("The operators’ console"), "/staff")

#: Keys without `g` before them.
OTHERS: Final = (
    ("?", N_("Show these keys")),
    ("/", N_("Go to the search")),
    ("j", N_("Go to the next line of a list")),
    ("k", N_("Go to the line before")),
)
#: Keys that always work, since no letter is among them.
ALWAYS: Final = (
    ("↓ ↑", N_("Move in an open menu, and among what the search has found")),
    ("Home End", N_("Go to the first and the last of an open menu")),
    ("Esc", N_("Close a menu, and what the search has found")),
)
