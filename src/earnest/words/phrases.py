"""What pages say of one action: the same few words for each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one action. ``{amount}`` and ``{person}`` are filled in on the button."""

    #: In a menu, and above its form: "Release".
    label: str
    #: On the button that does it, once everything is known.
    button: str = ""
    #: The way out: what stays as it is.
    keep: str = "Go back"
    #: What cannot be undone, or what it means; said before.
    warning: str = ""
    #: What somebody ticks before they do what cannot be undone.
    confirm: str = ""
    #: Said once, above the page that it leads to (see the pages' flashes).
    flash: str = "done"
    #: Whether it takes something away: last in a menu, and red.
    is_danger: bool = False
    icon: str = "check"
