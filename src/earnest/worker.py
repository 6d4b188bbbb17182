"""The worker: asks for what is due, asks the gateways and says what they answered, as SYSTEM.

Any number of workers may run: each decision has a key made of what it is about, so it is made
once. A withdrawal is written down as sent before the gateway is asked.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog

from earnest import auditing, indexing, notifying
from earnest.batcher import UnavailableError
from earnest.core.clocks import Wind
from earnest.core.contracts import Contract
from earnest.core.disputes.arbitrating import NameArbiter
from earnest.core.disputes.row import Dispute
from earnest.core.milestones.agreeing import LapseContract
from earnest.core.payments.depositing import (
    Deposit,
    ExpireDeposit,
    FailDeposit,
    SettleDeposit,
)
from earnest.core.payments.withdrawing import (
    ExpireWithdrawal,
    FailWithdrawal,
    PayWithdrawal,
    SendWithdrawal,
    Withdrawal,
    WithdrawalStatus,
)
from earnest.core.people import SYSTEM_ID, User
from earnest.core.projects.posting import LapseProject
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.gateways.notices import GatewaySilentError, NotYet, Paid
from earnest.store import reminding, worklist
from earnest.store.db import GONE
from earnest.sweeping import sweep

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Mapping
    from datetime import datetime

    from earnest.app import App
    from earnest.core.actions import Action
    from earnest.gateways.notices import AnyPayment, Failed
    from earnest.store.batch import Answer
    from earnest.store.worklist import Due, TimeOver, Unnamed

log = structlog.get_logger()
T = TypeVar("T")

#: How often the list is looked at for what other processes have put on it.
POLL_SECONDS: Final = 0.25
#: A test clock that is set forward stops no more often to tell of clocks.
TOLD_EACH: Final = timedelta(minutes=1)
#: How often bytes that no row names are looked for.
SWEEP_SECONDS: Final = 3600.0
#: While the database is away.
AWAY_SECONDS: Final = 1.0
#: How many payments are asked about at the same time.
AT_ONCE: Final = 20
#: A gateway that said nothing is asked again after as long as it has been silent, within these.
SILENT: Final = (timedelta(seconds=1), timedelta(hours=1))
#: What was refused is looked at by people; it is asked again in the same way, but not so soon.
REFUSED: Final = (timedelta(minutes=1), timedelta(days=1))
#: The same for a clock, whose instant is a rule: it is left alone in this process only.
REFUSED_SECONDS: Final = 60.0

#: By what `clocks.due` calls what is over: a contract that was offered, a project, a payment, or
#: something of a contract that goes on, which the batch itself finds.
_ASKED: Final[Mapping[str, tuple[str, type[Action[Any]]]]] = {
    "offer": (Contract.prefix, LapseContract),
    "project": (Project.prefix, LapseProject),
    "contract": (Contract.prefix, Wind),
    "deposit": (Deposit.prefix, ExpireDeposit),
    "withdrawal": (Withdrawal.prefix, ExpireWithdrawal),
}


class RefusedError(Exception):
    """SYSTEM was refused: an alarm, unless what it was about has changed meanwhile."""

    def __init__(self, action: str, problem: bytes) -> None:
        """Keep what was asked, and why it was refused."""
        super().__init__(action)
        self.action = action
        self.problem = problem


@dataclass(slots=True)
class Alarms:
    """The rows whose clock was refused, and until when each is left alone."""

    until: dict[int, float] = field(default_factory=dict)

    def ring(self, number: int) -> None:
        """This one was refused just now."""
        self.until[number] = time.monotonic() + REFUSED_SECONDS

    def ringing(self) -> list[int]:
        """Those that are left alone at this moment."""
        now = time.monotonic()
        self.until = {number: at for number, at in self.until.items() if at > now}
        return [*self.until]


async def run(app: App, stop: asyncio.Event) -> None:
    """Do what is due, tell of it, keep what is searched for, and verify, until told to stop."""
    beside = (indexing.run(app.database, stop), auditing.run(app.database, stop))
    await asyncio.gather(_run(app, stop), notifying.run(app, stop), *beside)


async def _run(app: App, stop: asyncio.Event) -> None:
    alarms, sweep_at = Alarms(), time.monotonic()
    while not stop.is_set():
        app.nudged.clear()
        try:
            if time.monotonic() >= sweep_at:
                await sweep(app, time.time())
                sweep_at = time.monotonic() + SWEEP_SECONDS
            found, _ = await _round(app, alarms)
        except (*GONE, UnavailableError, TimeoutError) as error:
            log.warning("worker_waits", error=type(error).__name__)
            await _pause(stop, AWAY_SECONDS)
            if not isinstance(error, UnavailableError) or error.code == "database_gone":
                await app.database.revive()
        except Exception:  # A bug of ours or of a gateway's must not end the work on all others.
            log.exception("worker_broken")
            await _pause(stop, AWAY_SECONDS)
        else:
            if not found:
                await _pause(stop, POLL_SECONDS, app.nudged)


async def drain(app: App) -> int:
    """Do everything that is due now; how many decisions that made."""
    return await _drained(app, Alarms())


async def _drained(app: App, alarms: Alarms) -> int:
    made = 0
    while True:
        found, done = await _round(app, alarms)
        made += done
        if not found:
            return made


async def _round(app: App, alarms: Alarms) -> tuple[int, int]:
    """Attend to what is due; how much that was, and how many decisions it made."""
    over = await worklist.clocks_due(app.database, alarms.ringing())
    found = await worklist.due(app.database)
    unnamed = await worklist.unnamed(app.database, alarms.ringing())
    room = asyncio.Semaphore(AT_ONCE)
    done = await _all(
        [
            *(_run_out(app, each, alarms, room) for each in over),
            *(_attend(app, each, room) for each in found),
        ]
    )
    # One after the other: whoever is named last is somebody else's turn next.
    done += [await _named(app, each, alarms) for each in unnamed]
    return len(over) + len(found) + len(unnamed), sum(done)


async def _all(asked: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Wait for all of them, also if one fails; then fail as the first did."""
    results = await asyncio.gather(*asked, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]


async def advance(app: App, by: timedelta, *, telling: bool = True) -> int:
    """Move the test clock on, stopping wherever something is due; how much SYSTEM decided.

    It stops wherever a clock is told, too, and hands over what tells of it: whoever lives by that
    clock is told in time.
    """
    began = await app.database.now()
    target = began + by
    alarms = Alarms()
    await _attended(app, alarms, telling=telling)
    while (at := await _next_stop(app, alarms, telling=telling)) and at <= target:
        await _set_clock(app, at)
        await _attended(app, alarms, telling=telling)
    await _set_clock(app, target)
    await _attended(app, alarms, telling=telling)
    return await worklist.decided_by_system(app.database, began)


async def _attended(app: App, alarms: Alarms, *, telling: bool) -> None:
    """Tell what is to be told before anything happens, and then of what did."""
    if telling:
        await notifying.drain(app)
    if await _drained(app, alarms) and telling:
        await notifying.drain(app)


async def _next_stop(app: App, alarms: Alarms, *, telling: bool) -> datetime | None:
    """When there is next something to do, or to tell of a clock."""
    stops = [
        await worklist.next_clock(app.database, alarms.ringing()),
        await worklist.next_wake(app.database),
    ]
    look = await reminding.next_look(app.database) if telling else None
    if look is not None:  # What is to be told in one minute is told together.
        stops.append(look.replace(second=0, microsecond=0) + TOLD_EACH)
    return min((at for at in stops if at is not None), default=None)


async def _set_clock(app: App, to: datetime) -> None:
    """Only forward: between two stops real time goes on too."""
    now = await app.database.now()
    if to > now:
        await app.database.advance(to - now)


async def _pause(stop: asyncio.Event, seconds: float, nudged: asyncio.Event | None = None) -> None:
    """Until told to stop, or nudged, or so long."""
    events = [stop] if nudged is None else [stop, nudged]
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _run_out(app: App, over: TimeOver, alarms: Alarms, room: asyncio.Semaphore) -> int:
    """Ask for what a clock leads to, under a key that every worker would use."""
    prefix, action = _ASKED[over.noun]
    subject = printed(prefix, over.id)
    try:
        async with room:
            answer = await _run_out_now(app, over, action, subject)
    except (*GONE, UnavailableError, TimeoutError):
        raise
    except Exception:  # One clock that cannot be decided must not hold up the others.
        log.exception("clock_broken", subject=subject)
        alarms.ring(over.id)
        return 0
    if answer.problem is None:
        return answer.ran_out if action is Wind else _new([answer])
    if await worklist.is_over(app.database, over):  # Else somebody decided in time.
        app.batcher.counts.refused_system += 1
        log.error(
            "clock_refused", subject=subject, action=action.name, problem=answer.problem.decode()
        )
        alarms.ring(over.id)
    return 0


async def _run_out_now(app: App, over: TimeOver, action: type[Action[Any]], subject: str) -> Answer:
    if action is Wind:
        return await app.wind(over.id)
    key = f"{subject} {action.name} {over.wakes_at.isoformat()}"
    return await app.do(SYSTEM_ID, action(over.id), key=key, via="worker")  # type: ignore[call-arg]


async def _named(app: App, unnamed: Unnamed, alarms: Alarms) -> int:
    """Name an arbiter; the rules look once more whether that one may rule on it."""
    action = NameArbiter(unnamed.dispute_id, unnamed.arbiter_id)
    subject = printed(Dispute.prefix, unnamed.dispute_id)
    key = f"{subject} {action.name} {printed(User.prefix, unnamed.arbiter_id)}"
    answer = await app.do(SYSTEM_ID, action, key=key, via="worker")
    if answer.problem is None:
        return _new([answer])
    if await worklist.is_unnamed(app.database, unnamed.dispute_id):  # Else another worker did.
        app.batcher.counts.refused_system += 1
        log.error("arbiter_not_named", subject=subject, problem=answer.problem.decode())
        alarms.ring(unnamed.dispute_id)
    return 0


async def _attend(app: App, due: Due, room: asyncio.Semaphore) -> int:
    """Ask about one payment; one that cannot be dealt with now is put off."""
    async with room:
        try:
            return await _asked(app, due)
        except GatewaySilentError:
            log.warning("gateway_silent", payment=due.payment.reference)
            await worklist.put_off(app.database, due.payment, _later(due, *SILENT))
        except RefusedError as refused:
            if await worklist.put_off(app.database, due.payment, _later(due, *REFUSED)):
                app.batcher.counts.refused_system += 1
                log.error(  # noqa: TRY400  # An alarm about the books; the stack says nothing.
                    "system_refused",
                    payment=due.payment.reference,
                    action=refused.action,
                    problem=refused.problem.decode(),
                )
        except (*GONE, UnavailableError, TimeoutError):
            raise
        except Exception:  # One payment that nobody can deal with must not hold up the others.
            log.exception("payment_broken", payment=due.payment.reference)
            await worklist.put_off(app.database, due.payment, _later(due, *SILENT))
        return 0


def _later(due: Due, least: timedelta, most: timedelta) -> datetime:
    """After as long again as it has been waiting, within bounds."""
    return due.now + min(max(due.now - due.payment.updated_at, least), most)


async def _asked(app: App, due: Due) -> int:
    """Claim it, ask the gateway, and make what it says into decisions."""
    payment = due.payment
    if isinstance(payment, Withdrawal) and payment.status is WithdrawalStatus.APPROVED:
        answers = [await _say(app, payment, SendWithdrawal(payment.id), "")]
        return _new(answers)  # It is due again at once, as it is then.
    notices = await app.gateways[payment.gateway].ask(payment)
    if not notices:
        raise GatewaySilentError(payment.reference)
    answers = await _all(
        _tell(app, payment, each) for each in notices if not isinstance(each, NotYet)
    )
    waits = [each.ask_again_at for each in notices if isinstance(each, NotYet)]
    if waits:
        await worklist.put_off(app.database, payment, min(waits))
    elif not _new(answers):
        # Said before, by another worker; were it still as it was, it would be asked for ever.
        await worklist.put_off(app.database, payment, _later(due, *REFUSED))
    return _new(answers)


def _new(answers: Iterable[Answer]) -> int:
    return sum(not answer.replayed for answer in answers)


async def _tell(app: App, payment: AnyPayment, notice: Paid | Failed) -> Answer:
    """What the gateway said, as an action."""
    deposit = isinstance(payment, Deposit)
    if isinstance(notice, Paid):
        kind = SettleDeposit if deposit else PayWithdrawal
        return await _say(
            app, payment, kind(payment.id, notice.amount, notice.reference), notice.reference
        )
    action = FailDeposit(payment.id) if deposit else FailWithdrawal(payment.id)
    return await _say(app, payment, action, "")


async def _say(app: App, payment: AnyPayment, action: Action[Any], reference: str) -> Answer:
    """Ask for it under a key that every worker would use."""
    key = f"{payment.reference} {action.name} {reference}".rstrip()
    answer = await app.do(SYSTEM_ID, action, key=key, via="worker")
    if answer.problem is not None:
        raise RefusedError(action.name, answer.problem)
    if answer.event is not None and answer.event.endswith("break_opened"):
        app.batcher.counts.breaks += 1
        log.error("break_opened", payment=payment.reference, said=reference)
    return answer


__all__ = ["RefusedError", "advance", "drain", "run"]
