"""What is said of how somebody signs in: what changed, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.words.account_mails import GO_ON
from earnest.words.saying import N_, _, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

_ELSE: Final = "If this was not you, change your password at once and tell whoever runs this site."
_OTHERS: Final = "Everywhere else you were signed out."
LINK: Final = N_("Look at how you sign in")
#: Of each change the line of a list and the title of its mail, and what the mail says.
CHANGES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "passkey_added": (
        "Your account: the passkey “{about}” was added",
        ("Whoever has it can sign in as you.", _OTHERS, _ELSE),
    ),
    "passkey_removed": (
        "Your account: the passkey “{about}” was removed",
        ("It signs in nobody any more.", _OTHERS, _ELSE),
    ),
    "passkey_stopped": (
        "Your account: the passkey “{about}” was refused",
        (
            "It counted backwards, so there may be a copy of it that somebody else has.",
            "It signs in nobody any more. Remove it, and add another one.",
            _ELSE,
        ),
    ),
    "app_added": (
        "Your account: an app for codes was set up",
        ("From now on its codes are asked for after your password.", _OTHERS, _ELSE),
    ),
    "app_removed": (
        "Your account: the app for codes was turned off",
        ("Its codes are not asked for any more.", _OTHERS, _ELSE),
    ),
    "codes_made": (
        "Your account: new recovery codes were made",
        ("Those from before do not count any more.", _ELSE),
    ),
    "code_used": (
        "Your account: a recovery code was used",
        ("So many recovery codes are left to you: {about}.", _ELSE),
    ),
    "codes_tried": (
        "Your account: somebody tried many codes",
        (
            "They know your password.",
            "Today no code of your app counts any more; a passkey or a recovery code does.",
            "Change your password now.",
        ),
    ),
    "password": (
        "Your account: your password was changed",
        (_OTHERS, GO_ON, _ELSE),
    ),
    "reset": (
        "Your account: your password was changed with a link from a mail",
        (_OTHERS, GO_ON, _ELSE),
    ),
    "address": (
        "Your account: your address was changed",
        (_ELSE,),
    ),
    "forgotten": (
        "Your account: whoever runs this site removed your second factors",
        (
            "Your passkeys, the app for codes and your recovery codes do not count any more.",
            "You were signed out everywhere. Your password is the same.",
            "If you did not ask for this, tell whoever runs this site at once.",
        ),
    ),
}
_BROWSERS: Final[Mapping[str, str]] = {
    "edge": "Edge",
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
}
_SYSTEMS: Final[Mapping[str, str]] = {
    "windows": "Windows",
    "iphone": "iPhone",
    "ipad": "iPad",
    "macos": "macOS",
    "android": "Android",
    "chromeos": "ChromeOS",
    "linux": "Linux",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A change in words."""

    title: str
    lines: tuple[str, ...]


mark(CHANGES)


def said(name: str, about: str) -> Said:
    """What changed. What it is about is its owner's own word, and never read as one of ours."""
    title, lines = CHANGES[name]
    return Said(_filled(title, about), tuple(_filled(each, about) for each in lines))


def place(browser: str, system: str) -> str:
    """The browser and the system of a session."""
    known = (_BROWSERS.get(browser), _SYSTEMS.get(system))
    if all(known):
        return _("{browser} on {system}").format(browser=known[0], system=known[1])
    return known[0] or known[1] or _("A browser that does not say what it is")


def _filled(sentence: str, about: str) -> str:
    return _(sentence).replace("{about}", about)
