"""What an action would lead to, as one hash; and commands that go through only if it still does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
import rfc8785
from tests.core.copies import again
from tests.core.happenings import happening
from tests.core.samples import accepted
from tests.core.worlds import (
    CONTRACT,
    DEPOSIT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    SYSTEM,
    WHOLE,
    batch,
    command,
    done,
    held,
    later,
    spendable,
    the,
    usd,
    world,
)

from earnest.core.actions import ACTIONS, Action, Decision, Reason, Refused
from earnest.core.commands import Command, Event, Outcome
from earnest.core.contracts import Contract, ContractStatus, OfferContract
from earnest.core.effects import Condition, Effect, effect_of, owner_of
from earnest.core.house import House
from earnest.core.ledger import BALANCE_MAX, Account, fees
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.payments.depositing import SettleDeposit, StartDeposit
from earnest.core.payments.withdrawing import (
    Destination,
    DestinationType,
    RequestWithdrawal,
)
from earnest.core.references import printed
from earnest.core.terms import with_fee
from earnest.core.world import World

Fields = Mapping[str, object]

THE_MILESTONE: Final = printed("ms", MILESTONE)
THE_CONTRACT: Final = printed("ctr", CONTRACT)
THE_EMPLOYER: Final = printed("usr", EMPLOYER)
THE_FREELANCER: Final = printed("usr", FREELANCER)
PART: Final = {"amount": {"amount": "40.00", "currency": "USD"}}


def looked_at(books: World, told: Command, fields: Fields) -> Effect:
    """What the command would lead to, found out on a copy."""
    (outcome,) = batch(again(books), [told])
    assert isinstance(outcome, Event), outcome
    return effect_of(told.action, fields, Decision(outcome.rows, outcome.transfers), told.made)


def effect(books: World, who: int, action: Action[Any], fields: Fields | None = None) -> Effect:
    return looked_at(books, command(who, action), fields or {})


def under(books: World, who: int, action: Action[Any], shown: Condition) -> Outcome:
    """Ask for it on the condition that exactly this would happen."""
    (outcome,) = batch(books, [replace(command(who, action), condition=shown)])
    return outcome


def shown(found: Effect) -> Condition:
    return Condition(found.fields, found.hash)


def instead(found: Effect) -> Refused:
    """What is answered when this would happen, and not what was shown."""
    return Refused(Reason.EFFECT_CHANGED, {"effect": found})


def by_the_book(found: Effect) -> str:
    """The hash as it is defined, by another writer of canonical JSON."""
    told: dict[str, Any] = {
        "action": found.action,
        "subject": found.subject,
        "fields": dict(found.fields),
        "statuses": [list(each) for each in found.statuses],
        "transfers": [list(each) for each in found.transfers],
    }
    return hashlib.sha256(rfc8785.dumps(told)).hexdigest()


def spelled(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_release_is_hashed_as_it_is_defined() -> None:
    found = effect(world(), EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")), PART)
    assert found.hash == spelled(
        '{"action":"milestone.release",'
        '"fields":{"amount":{"amount":"40.00","currency":"USD"}},'
        f'"statuses":[["{THE_MILESTONE}","funded"],["new:0","final"]],'
        f'"subject":"{THE_MILESTONE}",'
        f'"transfers":[["escrow","{THE_MILESTONE}","wallet","{THE_FREELANCER}","40.00","USD"]]}}'
    )
    assert found.hash == by_the_book(found)


def test_what_would_be_made_is_called_new_in_its_order() -> None:
    lines = (Line("One", usd("10.00")), Line("Two", usd("20.00")))
    found = effect(world(), EMPLOYER, FundContract(CONTRACT, lines))
    assert found.subject == THE_CONTRACT
    assert found.statuses == (
        ("new:0", "funded"),
        ("new:1", "funded"),
        (THE_CONTRACT, "active"),
    )
    assert found.transfers == (
        ("wallet", THE_EMPLOYER, "escrow", "new:0", "10.00", "USD"),
        ("wallet", THE_EMPLOYER, "escrow", "new:1", "20.00", "USD"),
    )


def test_rows_that_nobody_is_shown_are_not_in_it() -> None:
    """A rule book and a counter are written too; neither has a reference."""
    found = effect(world(), EMPLOYER, OfferContract(EMPLOYER, FREELANCER, "USD", "classic"))
    assert (found.statuses, found.transfers) == ((("new:0", "offered"),), ())


def test_a_withdrawal_goes_to_an_account_that_is_new() -> None:
    where = Destination(DestinationType.SANDBOX, "settle", "Emma")
    found = effect(world(), EMPLOYER, RequestWithdrawal(EMPLOYER, "sandbox", WHOLE, where))
    assert found.statuses == (("new:0", "approved"),)
    assert found.transfers == (("wallet", THE_EMPLOYER, "outgoing", "new:0", "100.00", "USD"),)


def test_what_nobody_owns_is_a_bare_number() -> None:
    found = effect(world(), SYSTEM, SettleDeposit(DEPOSIT, WHOLE, "bank-1"))
    ((kind, owner, *rest),) = found.transfers
    assert (kind, owner.isdecimal()) == ("clearing", True)
    assert rest == ["wallet", THE_EMPLOYER, "100.00", "USD"]
    assert owner_of(fees("USD")) == "0"


def test_a_fee_is_a_transfer_of_its_own() -> None:
    books = world()
    milestone = the(books, Milestone, MILESTONE)
    assert milestone.terms_hash is not None
    rules = books.rulebooks[milestone.terms_hash]
    free = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    books.rulebooks = {milestone.terms_hash: with_fee(rules, 1_000)}
    found = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    assert [each[2:] for each in found.transfers] == [
        ("wallet", THE_FREELANCER, "90.00", "USD"),
        ("fees", "0", "10.00", "USD"),
    ]
    assert found.hash != free.hash


#: What can be looked at before it is asked for.
PREVIEWABLE: Final = [name for name, each in ACTIONS.items() if each.previewable]


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_has_the_hash_of_its_definition(name: str) -> None:
    books, who, action = happening(name)
    found = effect(books, who, action, {"text": "Café, 40.00 €"})
    assert found.action == name
    assert found.hash == by_the_book(found)
    assert re.fullmatch("[0-9a-f]{64}", found.hash)


@pytest.mark.parametrize("name", ACTIONS)
def test_the_numbers_that_were_reserved_are_not_in_it(name: str) -> None:
    books, who, action = happening(name)
    told = command(who, action)
    other = replace(told, first_id=told.first_id + 7_000)
    assert looked_at(books, told, {}) == looked_at(books, other, {})


@pytest.mark.parametrize("name", PREVIEWABLE)
def test_what_was_looked_at_happens_under_its_condition(name: str) -> None:
    books, who, action = happening(name)
    found = effect(books, who, action)
    assert isinstance(under(books, who, action, shown(found)), Event)


@pytest.mark.parametrize("name", sorted(set(ACTIONS) - set(PREVIEWABLE)))
def test_what_nobody_is_shown_before_is_asked_for_under_no_condition(name: str) -> None:
    books, who, action = happening(name)
    assert under(books, who, action, NEVER_SHOWN) == Refused(Reason.NOT_PREVIEWABLE)


def test_time_and_balances_are_not_in_it() -> None:
    books = world()
    found = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")), PART)
    later(books, days=30)
    books.balances[Account("wallet", FREELANCER, "USD")] = 12_345
    again = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")), PART)
    assert again.hash == found.hash


def test_the_rest_is_another_effect_than_the_whole() -> None:
    books = world()
    whole = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")))
    rest = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    ended = ((THE_MILESTONE, "released"), ("new:0", "final"))
    assert whole.statuses == rest.statuses == ended
    assert (whole.transfers[0][4], rest.transfers[0][4]) == ("100.00", "60.00")
    assert whole.hash != rest.hash


def test_the_last_part_is_another_effect_than_a_part() -> None:
    """The transfer is the same; what differs is that it closes the milestone."""
    books = world()
    part = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")), PART)
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("60.00")))
    last = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")), PART)
    assert part.transfers == last.transfers
    assert part.hash != last.hash


@pytest.mark.parametrize("change", ["action", "subject", "fields", "statuses", "transfers"])
def test_whatever_of_it_is_another_makes_another_hash(change: str) -> None:
    found = effect(world(), EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")), PART)
    others: dict[str, Any] = {
        "action": "milestone.cancel",
        "subject": printed("ms", MILESTONE + 1),
        "fields": {"amount": {"amount": "40.0", "currency": "USD"}},
        "statuses": ((THE_MILESTONE, "released"),),
        "transfers": ((*found.transfers[0][:5], "EUR"),),
    }
    assert replace(found, **{change: others[change]}).hash != found.hash


def before_and_after(books: World) -> tuple[Any, ...]:
    return (dict(books.balances), dict(books.rows), dict(books.deltas), dict(books.written))


def test_under_another_condition_nothing_moves() -> None:
    books = world()
    whole = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")))
    before = before_and_after(books)
    outcome = under(books, EMPLOYER, ReleaseMilestone(MILESTONE), shown(whole))
    assert outcome == instead(effect(books, EMPLOYER, ReleaseMilestone(MILESTONE)))
    assert before_and_after(books) == before
    assert (held(books), spendable(books, FREELANCER)) == (usd("60.00"), usd("40.00"))
    now = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    assert isinstance(under(books, EMPLOYER, ReleaseMilestone(MILESTONE), shown(now)), Event)
    assert (held(books), spendable(books, FREELANCER)) == (usd("0.00"), usd("100.00"))


def test_the_fields_that_were_shown_belong_to_the_condition() -> None:
    """The hash of the same effect with other fields is another condition."""
    books = world()
    asked = ReleaseMilestone(MILESTONE, WHOLE)
    found = effect(books, EMPLOYER, asked, {})
    other = Condition(PART, found.hash)
    now = effect(books, EMPLOYER, asked, PART)
    assert under(books, EMPLOYER, asked, other) == instead(now)
    assert held(books) == WHOLE


def test_of_two_in_one_batch_only_the_first_is_as_it_was_shown() -> None:
    books = world()
    condition = shown(effect(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("50.00")), PART))
    twice = [
        replace(command(EMPLOYER, ReleaseMilestone(MILESTONE, usd("50.00"))), condition=condition)
        for _ in range(2)
    ]
    first, second = batch(books, twice)
    assert isinstance(first, Event)
    closing = effect(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("50.00")), PART)
    assert second == instead(closing)
    assert closing.statuses == ((THE_MILESTONE, "released"), ("new:0", "final"))
    assert held(books) == usd("50.00")


NEVER_SHOWN: Final = Condition({}, "0" * 64)


def poor() -> World:
    books = world()
    books.balances[Account("wallet", EMPLOYER, "USD")] = 0
    return books


def full() -> World:
    books = world()
    books.balances[Account("wallet", FREELANCER, "USD")] = BALANCE_MAX
    return books


@pytest.mark.parametrize(
    ("books", "who", "action", "reason"),
    [
        (world(), FREELANCER, ReleaseMilestone(MILESTONE), Reason.NOT_YOUR_PART),
        (
            world(milestone=MilestoneStatus.RELEASED),
            EMPLOYER,
            ReleaseMilestone(MILESTONE),
            Reason.WRONG_STATUS,
        ),
        (world(), EMPLOYER, ReleaseMilestone(MILESTONE, usd("100.01")), Reason.MORE_THAN_HELD),
        (world(), FREELANCER, Cancel(MILESTONE, usd("100.01")), Reason.MORE_THAN_HELD),
        (
            poor(),
            EMPLOYER,
            FundContract(CONTRACT, (Line("One", usd("0.01")),)),
            Reason.NOT_ENOUGH_MONEY,
        ),
        (full(), EMPLOYER, ReleaseMilestone(MILESTONE), Reason.BALANCE_TOO_LARGE),
    ],
    ids=lambda value: value.value if isinstance(value, Reason) else "",
)
def test_what_the_rules_refuse_is_said_before_what_has_changed(
    books: World, who: int, action: Action[Any], reason: Reason
) -> None:
    outcome = under(again(books), who, action, NEVER_SHOWN)
    assert isinstance(outcome, Refused)
    assert outcome.reason is reason


def test_without_a_condition_nothing_is_compared() -> None:
    books = world()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")))
    done(books, EMPLOYER, StartDeposit(EMPLOYER, "sandbox", WHOLE))
    assert held(books) == usd("60.00")


def test_an_offer_is_accepted_under_what_was_shown() -> None:
    books = world(ContractStatus.OFFERED, house=House())
    asked = accepted(books)
    found = effect(books, FREELANCER, asked)
    assert found.statuses == ((THE_CONTRACT, "active"), (THE_MILESTONE, "funded"))
    assert isinstance(under(books, FREELANCER, asked, shown(found)), Event)
    assert the(books, Contract, CONTRACT).status is ContractStatus.ACTIVE
