"""What the mails about somebody's account say; each leads to one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Words:
    """One kind of mail: its title, what it says, and what its link is called and leads to."""

    title: str
    lines: tuple[str, ...]
    link: str
    #: The page, with a place for the secret if it needs one.
    path: str


_NOTHING: Final = "If it was not you, do nothing: without the link nothing happens."

#: What another password does not end.
GO_ON: Final = (
    "Tokens of your programs and the address of your calendar go on: once you have signed in,"
    " look at them under Security."
)

#: None says the name of whoever asked: a name can be anything, and a mailbox somebody else's.
WORDS: Final[Mapping[str, Words]] = {
    "verify": Words(
        "Is this your address?",
        (
            "Somebody signed up with this address.",
            "If that was you, show that the address is yours by {until}.",
            _NOTHING,
        ),
        "This is my address",
        "/verify/{token}",
    ),
    "reset": Words(
        "Choose another password",
        (
            "Another password was asked for, for the account with this address.",
            "The link works once, until {until}.",
            _NOTHING,
        ),
        "Choose another password",
        "/reset/{token}",
    ),
    "password": Words(
        "Your password was changed",
        (
            "It was changed with a link from a mail to this address.",
            "Everybody who was signed in to your account is signed out.",
            GO_ON,
            "If it was not you, somebody reads your mails.",
            "Make your mailbox safe, then choose another password.",
        ),
        "Choose another password",
        "/reset",
    ),
    "change": Words(
        "Shall this be your address?",
        (
            "Somebody whose address is {old} would like to have {new} in its place.",
            "If that was you, open the link by {until}.",
            _NOTHING,
        ),
        "Make it my address",
        "/address/{token}",
    ),
    "taken": Words(
        "You have an account already",
        (
            "Somebody who has another account would like to have this address for it.",
            "It stays with your account, and nothing changes. Whoever asked is not told of it.",
        ),
        "Sign in",
        "/signin",
    ),
    "changing": Words(
        "Another address was asked for",
        (
            "Somebody who knows your password asked that {new} take the place of {old}.",
            "If that was you, you need not do anything here: a mail went to {new}.",
            "If it was not you, stop it by {until}.",
            "That ends every session, and you choose another password.",
        ),
        "This was not me",
        "/address/{token}",
    ),
    "changed": Words(
        "Your address was changed",
        (
            "The address of your account is {new} now, and not {old} any more.",
            "If it was not you, take it back by {until}.",
            "That ends every session, and you choose another password.",
        ),
        "This was not me",
        "/address/{token}",
    ),
}
#: Why somebody has such a mail at all.
WHY: Final = N_("This is about an account at Earnest that has, or is to have, this address.")
mark(WORDS)
