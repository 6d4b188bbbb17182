"""One batch: every command judged in the order it came, in one fixed order of questions.

Pure: the store hands in the rows it locked, and writes what this leaves behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from earnest.core import (
    bids,
    disputes,
    ledger,
    milestones,
    payments,
    projects,
    renewing,
    reviews,
)
from earnest.core.actions import Decision, Reason, Refused, hindered
from earnest.core.bids.row import Bid, proposals_of
from earnest.core.clocks import RANKS, WITHIN, Clock, Wind, aimed, asked_by, clock_of
from earnest.core.commands import NO_HASH, Command, Event, Outcome, ids_needed
from earnest.core.contracts import ACTIVE, Contract, Message
from earnest.core.deferring import deferring, must_wait
from earnest.core.disputes.exhibiting import Exhibit
from earnest.core.disputes.row import Dispute
from earnest.core.effects import effect_of
from earnest.core.files import files_at
from earnest.core.ledger import Moved, Overflow, Shortfall
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.money import Money
from earnest.core.people import SYSTEM_ID, User
from earnest.core.projects.row import Project
from earnest.core.records import replace
from earnest.core.references import printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from earnest.core.actions import Action
    from earnest.core.files import File
    from earnest.core.ledger import Account
    from earnest.core.rows import Row, Waking
    from earnest.core.world import World

__all__ = [
    "bids",
    "disputes",
    "judge",
    "milestones",
    "payments",
    "projects",
    "renewing",
    "reviews",
    "run",
]


def run(commands: Iterable[Command], world: World) -> World:
    """Decide every command in the order it came. A refused one leaves no trace."""
    for command in commands:
        command_id = command.id
        if command_id in world.outcomes:
            continue  # Asked before: the first answer stands.
        wind(contract_of(command, world), world)
        if not isinstance(command.action, Wind):
            world.outcomes[command_id] = _decided(command, world)
    return world


def contract_of(command: Command, world: World) -> Contract | None:
    """The contract that a command is about, if it is about one."""
    action = command.action
    subject = world.find(action.kind, action.subject_id)
    number = getattr(subject, "contract_id", None)
    return world.find(Contract, number) if number is not None else None


def wind(contract: Contract | None, world: World) -> None:
    """Decide what is due in a contract by now, each clock as at its own instant.

    So whoever is late gives nobody more time. The next clock counts from the instant of the last.
    """
    if contract is None or contract.status not in ACTIVE or world.is_paused:
        return
    if contract.wakes_at is None or contract.wakes_at > world.now:
        return  # What of it is locked says nothing of the rest.
    present, number = world.now, contract.id
    known: _Known = {}
    while (due := _first_due(number, world, known)) is not None:
        world.now = due.at
        _happen(due, world)
        world.now = present
    world.wake_later(number)


#: The clock of each row that was looked at, and the row as it was then.
_Known: TypeAlias = "dict[int, tuple[Waking, Clock | None]]"


class _Due(NamedTuple):
    """A clock that has run out, in the order in which they are decided."""

    at: datetime
    rank: int
    id: int
    row: Waking
    clock: Clock


def _first_due(contract_id: int, world: World, known: _Known) -> _Due | None:
    """The clock of a contract that ran out first, if any has by now.

    No clock runs out before its row wakes: behind the first one, later rows need no look.
    """
    first: _Due | None = None
    for row in sorted(_awake(contract_id, world), key=_wakes_at):
        if first is not None and _wakes_at(row) > first.at:
            break
        clock = _clock_of(row, world, known)
        if clock is None or clock.at > world.now:
            world.put(row.waking(clock.at if clock is not None else None))
            continue
        due = _Due(clock.at, RANKS[clock.action], row.id, row, clock)
        first = due if first is None else min(first, due)
    return first


def _clock_of(row: Waking, world: World, known: _Known) -> Clock | None:
    """Its clock, looked for once: what runs out is nobody's act, so only a row moves its own."""
    found = known.get(row.id)
    if found is None or found[0] is not row:
        found = known[row.id] = (row, clock_of(row, world))
    return found[1]


def _awake(contract_id: int, world: World) -> Iterable[Waking]:
    for row in world.within(contract_id):
        if row.wakes_at is not None and row.wakes_at <= world.now and row.id not in world.alarms:
            yield row


def _wakes_at(row: Waking) -> datetime:
    assert row.wakes_at is not None, "it is awake"
    return row.wakes_at


def _happen(due: _Due, world: World) -> None:
    """A clock has run out: what it leads to happens, or it waits for its notice."""
    row, clock = due.row, due.clock
    if isinstance(row, Milestone | Dispute) and must_wait(row, clock, world):
        _ask(deferring(row), row.reference, row, clock, world)
    else:
        run_out(row, clock, world)


def run_out(row: Row, clock: Clock, world: World) -> None:
    """SYSTEM asks for what a clock leads to."""
    asked = asked_by(clock, row)
    _ask(asked, printed(asked.kind.prefix, asked.subject_id), row, clock, world)


def _ask(asked: Action[Any], about: str, row: Row, clock: Clock, world: World) -> None:
    """SYSTEM asks under a key made of what it is about, and of the clock's instant."""
    key = f"{about} {asked.name} {clock.at.isoformat()}"
    first_id = world.reserve(ids_needed(asked))
    command = Command(SYSTEM_ID, key, asked, first_id, NO_HASH, "clock")
    outcome = _decided(command, world)
    if isinstance(outcome, Refused):
        world.alarms[row.id] = (asked.name, outcome)  # Asked again later, never kept as an answer.
    else:
        world.outcomes[command.id] = outcome
        world.ran_out.append((command, outcome))


def _decided(command: Command, world: World) -> Outcome:
    """Judge, then move the money; only then does anything of it stay."""
    world.begin(command)
    if command.condition is not None and not command.action.previewable:
        return Refused(Reason.NOT_PREVIEWABLE)
    decision = judge(command, world)
    if isinstance(decision, Refused):
        return decision
    moved = ledger.post(world.known, decision.transfers)
    if isinstance(moved, Shortfall):
        return _short(moved, command)
    if isinstance(moved, Overflow):
        return Refused(Reason.BALANCE_TOO_LARGE, {"kind": moved.account.kind})
    if command.condition is not None:
        effect = effect_of(command.action, command.condition.fields, decision, command.made)
        if effect.hash != command.condition.effect_hash:
            return Refused(Reason.EFFECT_CHANGED, {"effect": effect})
    return _keep(command, decision, moved, world)


def judge(command: Command, world: World) -> Decision | Refused:
    """Ask what refuses whatever the input says; then the amounts; then the action itself."""
    action = command.action
    asker = world.find(User, command.actor_id)
    assert asker is not None, "the asker's row is read with the batch"
    subject = world.find(action.kind, action.subject_id)
    refused = hindered(type(action), subject, asker, world)
    if refused is not None:
        return refused
    assert subject is not None, "what is not there is refused"
    return _wrong_amount(action, subject) or action.decide(subject, world)


def _wrong_amount(action: Action[Any], subject: Row) -> Refused | None:
    """Amounts are positive and in the subject's currency, unless the field says otherwise.

    Where nothing may be said, less than nothing still may not.
    """
    currency = getattr(subject, "currency", None)
    if currency is None:
        own = getattr(subject, "amount", None)
        currency = own.currency if own is not None else None
    for path, amount, may_be_zero in action.amounts():
        if currency is not None and amount.currency != currency:
            return Refused(Reason.WRONG_CURRENCY, {"currency": currency}, path)
        if amount.minor < 0 or not (amount.is_positive or may_be_zero):
            return Refused(Reason.AMOUNT_NOT_POSITIVE, path=path)
    return None


def _short(shortfall: Shortfall, command: Command) -> Refused:
    """Say by how much, but only to who may see the account."""
    account = shortfall.account
    mine = account.kind == "wallet" and account.owner == command.actor_id
    facts = {"missing": Money(shortfall.missing, account.currency)} if mine else {}
    return Refused(Reason.NOT_ENOUGH_MONEY, facts)


def _keep(command: Command, decision: Decision, moved: Moved, world: World) -> Event:
    """Write the decision into the world, and its event."""
    action = command.action
    for account, balance in moved.balances.items():
        world.moved[account] = world.moved.get(account, 0) + balance - world.minor(account)
    world.balances |= moved.balances
    for account, delta in moved.deltas.items():
        world.deltas[account] = world.deltas.get(account, 0) + delta
    for account in decision.opened:
        (world.deltas if account in world.gaining else world.moved).setdefault(account, 0)
    rows = tuple([aimed(row, world.find(type(row), row.key), world) for row in decision.rows])
    for row in rows:
        world.put(row)
    contract, rows = _counted(command, decision, rows, world)
    subject = world.rows[action.kind, action.subject_id]
    made = action.makes
    answer = tuple([r for r in rows if type(r) is made]) if action.answers else (subject,)
    children = _children(action, answer, world)
    # Not by the names of the fields: in their order it costs half as much, for every command.
    return Event(
        world.new_id(),
        decision.event or action.event,
        subject,
        contract.id if contract else None,
        contract.seq if contract else None,
        command.actor_id,
        command.via,
        world.now,
        rows,
        decision.transfers,
        world.new_ids(len(decision.transfers)),
        _seen(moved, (*rows, *answer, *(children or ())), world),
        answer,
        children,
        _attached((*rows, *answer), world),
    )


def _counted(
    command: Command, decision: Decision, rows: tuple[Row, ...], world: World
) -> tuple[Contract | None, tuple[Row, ...]]:
    """The contract that the event is counted in, one event further, and the rows as they now are.

    It is that of what was made, else that of the subject.
    """
    action = command.action
    if action.sealed:
        return None, rows
    made = [row for row in rows if type(row) is action.makes]
    about = made[0] if made else world.rows[action.kind, action.subject_id]
    contract_id = getattr(about, "contract_id", None)
    contract = world.find(Contract, contract_id) if contract_id is not None else None
    if contract is None:
        return None, rows
    acted = command.actor_id in (contract.employer_id, contract.freelancer_id)
    counted = replace(
        contract,
        seq=contract.seq + 1,
        last_act_at=world.now if acted else contract.last_act_at,
        paid_at=contract.paid_at or _paid_at(contract, decision, world),
        wakes_at=_sooner(contract, rows),
    )
    world.put(counted)
    return counted, tuple([counted if row is contract else row for row in rows])


def _sooner(contract: Contract, rows: tuple[Row, ...]) -> datetime | None:
    """An active contract wakes no later than what belongs to it."""
    found = contract.wakes_at
    if contract.status in ACTIVE:
        for row in rows:
            wakes_at = row.wakes_at if isinstance(row, WITHIN) else None
            if wakes_at is not None and (found is None or wakes_at < found):
                found = wakes_at
    return found


def _paid_at(contract: Contract, decision: Decision, world: World) -> datetime | None:
    paid = any(each.credit == contract.freelancer_wallet for each in decision.transfers)
    return world.now if paid else None


def _children(action: Action[Any], answer: tuple[Row, ...], world: World) -> tuple[Row, ...] | None:
    if action.makes is Contract:
        return ()  # A new contract has none yet.
    if answer and isinstance(answer[0], Bid):
        return proposals_of(answer[0], world)
    if not action.children:
        return None
    parent_id = action.subject_id
    return tuple(row for kind in action.children for row in world.children(kind, parent_id))


def _attached(told: Iterable[Row], world: World) -> Mapping[int, tuple[File, ...]]:
    return {
        row.id: files_at(row.id, row.files, world)
        for row in told
        if isinstance(row, Message | Project | Bid | Exhibit) and row.files
    }


def _seen(moved: Moved, told: Iterable[Row], world: World) -> Mapping[Account, int]:
    seen = moved.balances.copy()
    for row in told:
        if isinstance(row, Project) and row.reserve in world.balances:
            seen[row.reserve] = world.balances[row.reserve]
        if isinstance(row, Milestone) and row.status in HOLDING:
            escrow = row.escrow
            seen[escrow] = world.balances[escrow]
    return seen
