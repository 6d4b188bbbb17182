"""The gateway: what it does on bad days, what waits for the site's people, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days


async def money_that_never_came(story: Telling) -> Days:
    """Two deposits are paid a cent short: one was closed after its week, one waits."""
    yield 203
    await story.deposit("noah", "120.00 USD", "pay_short")
    yield 361
    await story.deposit("emma", "250.00 USD", "pay_short")


async def bad_days(story: Telling) -> Days:
    """What fails, is paid twice, or stays without an answer for a while."""
    yield 30
    await story.deposit("hanako", "5000 JPY", "fail")
    yield 173
    await story.withdraw("jose", "640.00 USD", "lose_answer")
    yield 186
    await story.withdraw("ana", "120.00 USD", "pay_twice")
    yield 320
    await story.withdraw("siobhan", "60.00 USD", "pay_short")
    yield 361
    await story.deposit("emma", "80.00 USD", "fail")
    await story.deposit("noah", "300.00 USD", "pay_twice")
    await story.deposit("omar", "120.000 KWD", "lose_answer")


async def taken_out(story: Telling) -> Days:
    """Withdrawals that were cancelled or never approved, and some that arrived."""
    yield 96
    mistaken = await story.withdraw("ana", "1200.00 USD", "DE89370400440532013000")
    await story.ask("ana", "withdrawal.cancel", mistaken)
    yield 135
    await story.withdraw("lukasz", "900.00 USD", "PL61109010140000071219812874")
    yield 204
    await story.withdraw("siobhan", "33.500 KWD", "IE29AIBK93115212345678")
    yield 233
    await story.withdraw("viktor", "380.00 USD", "DE89370400440532013000")
    # Nobody approved it, so after a week it was back in his wallet.
    await story.withdraw("lukasz", "1010.00 USD", "PL61109010140000071219812874")


async def what_waits_for_the_operators(story: Telling) -> Days:
    """Four withdrawals above the limit: one for almost a week, one of an operator's own."""
    yield 360
    await story.withdraw("jose", "1450.00 USD", "ES9121000418450200051332")
    yield 361
    await story.withdraw("tomas", "1500.00 USD", "CZ6508000000192000145399")
    yield 363
    await story.withdraw("kenji", "210000 JPY", "kenji-mori-mizuho")
    yield 364
    await story.withdraw("ana", "510.250 KWD", "DE02120300000000202051")
    yield 365
    await story.withdraw("siobhan", "41.75 USD", "delay")
    await story.deposit("noah", "1500.00 USD", "delay")


GATEWAY: Final = (
    money_that_never_came,
    bad_days,
    taken_out,
    what_waits_for_the_operators,
)
