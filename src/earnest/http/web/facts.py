"""What would happen, for the page on which somebody checks it: from the decision itself.

The same facts are kept with the intent as text, so that a later page can say what has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from earnest.core.disputes.row import Dispute
from earnest.core.inputs import Text
from earnest.core.milestones.releasing import Release, ReleaseStatus
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import HOLDING, terms_of
from earnest.core.milestones.tranches import Tranche
from earnest.core.money import Money
from earnest.core.payments.withdrawing import Withdrawal
from earnest.http.web.rendering import day, said
from earnest.wire.fields import Amount, Choice, ListOf, ObjectOf, Time, input_of
from earnest.words import silence, statuses
from earnest.words.actions import account_of, choice_of, label_of, phrases_of
from earnest.words.saying import _, mark
from earnest.words.terms import duration

if TYPE_CHECKING:
    from earnest.app import Preview
    from earnest.core.actions import Action
    from earnest.core.ledger import Transfer
    from earnest.http.web.subjects import About

RECALLED: Final = ReleaseStatus.RECALLED
#: Fields that nobody has to check.
_PLAIN: Final = frozenset({"gateway"})


@dataclass(frozen=True, slots=True)
class Fact:
    """A term, what stands behind it, and whether it is the one that counts, or a status."""

    term: str
    value: Money | str
    kind: str = ""


def facts_of(preview: Preview, about: About, action: Action[Any]) -> list[Fact]:
    """Everything that somebody should look at before they confirm it."""
    return [
        *_about(about),
        *_figures(about, action),
        *(_changes(preview, about) or _fields(about, action)),
        *_moves(preview, about),
        *_afterwards(preview, about),
    ]


def _about(about: About) -> Iterable[Fact]:
    if about.project is not None:
        yield Fact(_("Project"), about.project.title)
    if about.milestone is not None:
        yield Fact(_("Milestone"), about.milestone.description)
    if isinstance(about.row, Tranche):
        on = day(about.row.at, about.visit)
        yield Fact(
            _("Tranche"),
            _("{number} of {of}, on {day}").format(
                number=about.row.position, of=about.row.of, day=on
            ),
        )
    if isinstance(about.row, Withdrawal):
        yield Fact(_("Destination"), about.row.destination_name)
    if isinstance(about.row, Dispute):
        yield Fact(_("Frozen"), about.row.amount)
    if about.contract is not None:
        if not about.is_side:
            yield Fact(_("Freelancer"), about.freelancer)
        yield Fact(_("Freelancer") if about.is_employer else _("Employer"), about.other)
        if about.is_side:
            yield Fact(_("The contract is"), about.contract.status, "status")


def _figures(about: About, action: Action[Any]) -> Iterable[Fact]:
    """What the freelancer would get of what is frozen, and the employer the rest."""
    figure = getattr(action, "to_freelancer", None)
    frozen = about.row.amount if isinstance(about.row, Dispute) else getattr(action, "amount", None)
    if figure is None and isinstance(about.row, Tranche) and frozen is not None:
        figure = Money.zero(frozen.currency)  # Who objects and says no more wants all of it.
    if figure is None:
        return
    yield Fact(_("For {name}").format(name=about.freelancer), figure, "total")
    if frozen is not None and figure <= frozen:
        yield Fact(_("For {name}").format(name=about.employer), frozen - figure, "total")


def _changes(preview: Preview, about: About) -> list[Fact]:
    """What a proposal would make of a milestone, beside what it is."""
    edit = next((row for row in preview.event.rows if isinstance(row, Edit)), None)
    if edit is None:
        return []
    facts = [
        Fact(_("Amount now"), about.row.amount),
        Fact(_("Amount proposed"), edit.amount, "total"),
    ]
    if edit.due_at is not None and edit.due_at != about.row.due_at:
        facts.append(Fact(_("Due then"), day(edit.due_at, about.visit)))
    if edit.description != about.row.description:
        facts.append(Fact(_("What is to be done then"), edit.description))
    return facts


def _fields(about: About, action: Action[Any]) -> Iterable[Fact]:
    """What somebody typed, but for the amounts: those the transfers tell."""
    for each in input_of(action.name).fields:
        if each.wire in _PLAIN:
            continue
        value = getattr(action, each.name)
        if isinstance(each.kind, Text) and value:
            yield Fact(label_of(each.wire), value)
        elif isinstance(each.kind, Choice):
            yield Fact(label_of(each.wire), choice_of(value.value)[0])
        elif isinstance(each.kind, Time) and value is not None:
            yield Fact(label_of(each.wire), day(value, about.visit))
        elif isinstance(each.kind, ObjectOf):
            said = account_of(value.type.value, value.account)
            yield Fact(label_of(each.wire), f"{said} · {value.name}")
        elif isinstance(each.kind, Amount) and value is not None and about.currency is None:
            yield Fact(label_of(each.wire), value, "total")
        elif isinstance(each.kind, ListOf) and isinstance(each.kind.item, ObjectOf):
            yield from _lines(about, value)


def _lines(about: About, lines: Sequence[Any]) -> Iterable[Fact]:
    for number, line in enumerate(lines, 1):
        term = _("{number}. {what}")
        if line.due_at:
            term = _("{number}. {what} (due {day})")
        due = day(line.due_at, about.visit) if line.due_at else ""
        yield Fact(term.format(number=number, what=line.description, day=due), line.amount)


def _moves(preview: Preview, about: About) -> Iterable[Fact]:
    """Who gets what; several of the same kind as one sum."""
    sums: dict[str, Money] = {}
    for each in preview.event.transfers:
        term = _term(each, about)
        if term:
            before = sums.get(term)
            sums[term] = each.amount if before is None else before + each.amount
    for row in preview.event.rows:
        if isinstance(row, Release) and row.fee.is_zero and row.status is not RECALLED:
            sums[_("Fee")] = row.fee
    for term, amount in sums.items():
        yield Fact(term, amount, "" if term == _("Fee") else "total")
    for row in preview.event.rows:
        if isinstance(row, Release) and row.wakes_at is not None:
            undo = row.wakes_at - row.created_at
            yield Fact(_("Can be recalled for"), duration(int(undo.total_seconds())))
    if about.is_employer:  # Nobody else's wallet is their business.
        yield from _sources(preview)


def _sources(preview: Preview) -> Iterable[Fact]:
    """Where it comes from, if a part of it was reserved before."""
    sums: dict[str, Money] = {}
    for each in preview.event.transfers:
        term = _SOURCES.get((each.debit.kind, each.credit.kind))
        if term is not None:
            before = sums.get(term)
            sums[term] = each.amount if before is None else before + each.amount
    if "Of that, from what is reserved" in sums:
        for term, amount in sums.items():
            yield Fact(term, amount)


_SOURCES: Final = {
    ("reserve", "escrow"): "Of that, from what is reserved",
    ("wallet", "escrow"): "Of that, from your wallet",
}


def _term(moved: Transfer, about: About) -> str:
    account = moved.credit
    if moved.debit.kind == "stake":
        return _staked(moved, about)
    if account.kind == "fees":
        return _("Fee")
    if account.kind in _ASIDE:
        return _ASIDE[account.kind]
    if account.kind == "releasing":
        return _("On its way to {name}").format(name=about.freelancer)
    if moved.debit.kind == "releasing" and account.kind == "escrow":
        return _("Back in escrow")
    if account.kind == "escrow":
        return _("Set aside")
    if account.kind == "reserve":
        return _("Reserved")
    if account.kind == "wallet":
        if account.owner == about.visit.me.id:
            return _("Goes into your wallet")
        return _("Goes to {name}").format(name=about.name(account.owner))
    return ""


#: What waits in an account of a dispute.
_ASIDE: Final[Mapping[str, str]] = {
    "dispute": "Frozen",
    "stake": "Put up as the arbitration fee",
}
mark(_SOURCES, _ASIDE)


def _staked(moved: Transfer, about: About) -> str:
    """What becomes of an arbitration fee."""
    account = moved.credit
    if account.kind == "fees":
        return _("Arbitration fee that is lost")
    if account.owner == about.visit.me.id:
        return _("Your arbitration fee, back")
    return _("Arbitration fee of {name}, back").format(name=about.name(account.owner))


def _afterwards(preview: Preview, about: About) -> Iterable[Fact]:
    """What is left: in the milestone, and in the reader's wallet."""
    world, me = preview.world, about.visit.me.id
    milestone = about.milestone
    if milestone is not None and milestone.status in HOLDING:
        left = world.balances.get(milestone.escrow)
        if left is not None:
            term = _("Stays in escrow") if milestone is about.row else _("In escrow afterwards")
            yield Fact(term, Money(left, milestone.amount.currency))
    if isinstance(about.row, Tranche) and milestone is not None:
        after = replace(about, world=world, row=world.find(Tranche, about.row.id))
        yield Fact(
            _("Still released on {day}").format(day=day(about.row.at, about.visit)), after.held
        )
    for account in preview.event.balances:
        if account.kind == "reserve":
            left = world.balances[account]
            yield Fact(_("Reserved afterwards"), Money(left, account.currency))
    for account in preview.event.balances:
        if account.kind == "wallet" and account.owner == me:
            left = world.balances[account]
            yield Fact(_("Your wallet afterwards"), Money(left, account.currency))


def as_text(facts: Sequence[Fact], about: About) -> list[tuple[str, str]]:
    """The facts as they are kept with an intent."""
    return [(str(each.term), _text(each, about)) for each in facts]


def _text(fact: Fact, about: About) -> str:
    if isinstance(fact.value, Money):
        return said(fact.value, about.visit)
    return str(statuses.called(fact.value) if fact.kind == "status" else fact.value)


def button_of(about: About, preview: Preview, action: Action[Any]) -> str:
    """The words on the button: verb, amount and person."""
    amount = _amount(preview, action)
    known: Mapping[str, str] = {
        "amount": said(amount, about.visit) if amount is not None else _("everything"),
        "person": about.other or about.visit.me.name,
    }
    phrases = phrases_of(action.name)
    return (phrases.button or phrases.label).format_map(known)


def warning_of(name: str, about: About) -> str:
    """What cannot be undone, or what it means, with the person's name in it."""
    if name == "milestone.release":
        undo = terms_of(about.row, about.world).undo_seconds
        if undo:
            return silence.WITH_UNDO.format(undo=duration(undo))
    return phrases_of(name).warning.format(person=about.other)


def _amount(preview: Preview, action: Action[Any]) -> Money | None:
    proposed = [row.amount for row in preview.event.rows if isinstance(row, Edit)]
    if proposed:
        return proposed[0]
    moved = [each.amount for each in preview.event.transfers]
    if moved:
        return sum(moved[1:], moved[0])
    chosen = [amount for _, amount, _ in action.amounts()]
    return sum(chosen[1:], chosen[0]) if chosen else None
