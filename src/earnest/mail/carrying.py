"""Who carries letters, and what they can say of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from earnest.mail.letters import Letter


@dataclass(frozen=True, slots=True)
class HandedOver:
    """It was taken, and is the carrier's to deliver from here on."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not this time; whether it was taken all the same is not always known."""

    said: str


@dataclass(frozen=True, slots=True)
class NeverTaken:
    """It was refused, and would be again."""

    said: str


class Carrier(Protocol):
    """One way out."""

    def carry(
        self, letters: Sequence[Letter]
    ) -> AsyncIterator[tuple[Letter, HandedOver | Later | NeverTaken]]:
        """Hand each of them over, in their order, and say at once what became of it."""

    async def reach(self) -> None:
        """Return if it answers at all, and lets us in; nothing is handed over."""
