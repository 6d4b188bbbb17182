"""The keys that lead somewhere, and what each does."""

from __future__ import annotations

from typing import Final

#: After `g`: the letter, what it leads to, and where that is.
SECTIONS: Final = (
    ("f", "Finances", "/finances"),
    ("m", "Milestones", "/finances/milestones"),
    ("t", "Transactions", "/finances/transactions"),
    ("w", "Deposits and withdrawals", "/finances/payments"),
    ("p", "Projects", "/projects"),
    ("c", "Contracts", "/contracts"),
    ("d", "Disputes", "/disputes"),
    ("n", "Notices", "/notices"),
    ("s", "Settings", "/settings"),
    ("h", "How milestone payments work", "/help"),
)
#: The same for those who rule on disputes, and for staff.
DESK: Final = ("a", "The arbiter’s desk", "/desk")
STAFF: Final = ("o", "The operators’ console", "/staff")

#: Keys without `g` before them.
OTHERS: Final = (
    ("?", "Show these keys"),
    ("/", "Go to the search"),
    ("j", "Go to the next line of a list"),
    ("k", "Go to the line before"),
)
#: Keys that always work, since no letter is among them.
ALWAYS: Final = (
    ("↓ ↑", "Move in an open menu, and among what the search has found"),
    ("Home End", "Go to the first and the last of an open menu"),
    ("Esc", "Close a menu, and what the search has found"),
)
