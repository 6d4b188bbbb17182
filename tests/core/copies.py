"""The same small world once more: rows never change, so two worlds can share them."""

from __future__ import annotations

from copy import copy, deepcopy
from dataclasses import fields

from earnest.core.world import World


def again(books: World) -> World:
    """As it was before anything was asked; what happens in one does not in the other."""
    return World(
        books.now,
        books.house,
        books.rows.copy(),
        books.balances.copy(),
        books.rulebooks.copy(),
        heard=books.heard,
    )


def apart(books: World) -> World:
    """As it is now, with all that was asked of it; from here on each goes its own way."""
    other = copy(books)
    for each in fields(World):
        setattr(other, each.name, copy(getattr(books, each.name)))
    other._families = deepcopy(books._families)
    return other
