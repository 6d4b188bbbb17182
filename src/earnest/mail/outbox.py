"""The outbox of a sandbox: letters are kept to be looked at, and sent to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from earnest.mail.carrying import HandedOver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from earnest.mail.letters import Letter


class Shelf(Protocol):
    """Where the letters are kept."""

    async def keep(self, mails: Sequence[tuple[int, int, bytes]]) -> None:
        """Keep letters under their numbers, for their readers; the same again changes nothing."""


class Outbox:
    """It takes everything."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep letters there."""
        self._shelf = shelf

    async def carry(self, letters: Sequence[Letter]) -> AsyncIterator[tuple[Letter, HandedOver]]:
        """Keep all of them."""
        await self._shelf.keep([(each.delivery_id, each.reader_id, each.raw) for each in letters])
        for each in letters:
            yield each, HandedOver()

    async def reach(self) -> None:
        """It is always there."""
