"""Taking out: those who earned most withdraw a part of it, now and through the engine itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from earnest.core.money import Money
from earnest.core.payments.withdrawing import Destination, DestinationType, RequestWithdrawal
from earnest.demo.scale.crowd import EMPLOYER_EACH, HEAVY_FREELANCER, KNOWN, TYPICAL_FREELANCER
from earnest.demo.telling import VIA, StoryError
from earnest.store.reads import pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from earnest.app import App
    from earnest.core.people import User
    from earnest.demo.scale.crowd import Crowd
    from earnest.store.batch import Answer

#: Of so many people one takes something out; the busiest of all does so again and again.
_SHARE: Final = 400
_AGAIN: Final = 60
#: In minor units: below what an operator has to approve, but for every so many-th.
_MOST: Final = 90_000
_LARGE_EACH: Final = 25


async def take_out(app: App, crowd: Crowd) -> None:
    """Each of them asks; what waits for an operator waits."""
    busiest = crowd.people[HEAVY_FREELANCER]
    others = [each for nth, each in enumerate(crowd.people) if nth % EMPLOYER_EACH]
    some = others[len(KNOWN) : len(KNOWN) + len(crowd.people) // _SHARE]
    known = crowd.people[TYPICAL_FREELANCER]
    asked = [
        _ask(app, person, amount)
        for nth, person in enumerate([busiest, known, *some])
        for amount in _amounts(await _wallets(app, person), nth)
    ]
    for answer in await asyncio.gather(*asked):
        if answer.problem is not None:
            raise StoryError(answer.problem.decode())


async def _wallets(app: App, person: User) -> Sequence[Money]:
    async with app.database.pool.acquire() as db:
        return await pages.wallets(db, person.id)


def _amounts(wallets: Sequence[Money], nth: int) -> Iterator[Money]:
    """A part of each wallet; of the first person's largest one, many parts."""
    for held in wallets:
        if nth == 0 and held == max(wallets, key=lambda each: each.minor):
            each = Money(held.minor // (2 * _AGAIN), held.currency)
            yield from (each for _ in range(_AGAIN) if each.is_positive)
            continue
        most = held.minor if nth % _LARGE_EACH == _LARGE_EACH - 1 else _MOST
        amount = Money(min(held.minor // 2, most), held.currency)
        if amount.is_positive:
            yield amount


def _ask(app: App, person: User, amount: Money) -> asyncio.Future[Answer]:
    where = Destination(DestinationType.SANDBOX, "an-account-of-mine", person.name)
    return app.ask(person.id, RequestWithdrawal(person.id, "sandbox", amount, where), via=VIA)
