"""The ledger: all of it or none, nobody below zero, nothing that makes no sense."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.core.worlds import jpy, usd

from earnest.core.ledger import (
    BALANCE_MAX,
    FREE,
    GUARDED,
    Account,
    Moved,
    Overflow,
    Shortfall,
    Transfer,
    clearing,
    escrow,
    fees,
    outgoing,
    post,
    wallet,
)
from earnest.core.money import Money

MINE, YOURS, ESCROW = wallet(1, "USD"), wallet(2, "USD"), escrow(20, "USD")


def books(**balances: int) -> Callable[[Account], int]:
    """So much in the wallet of person 1 and of person 2, and in the escrow account."""
    held = {MINE: balances.get("mine", 0), YOURS: balances.get("yours", 0), ESCROW: 0}
    return held.__getitem__


def test_a_transfer_moves_what_it_says() -> None:
    moved = post(books(mine=1_000), [Transfer(MINE, ESCROW, usd("4.00"))])
    assert moved == Moved({MINE: 600, ESCROW: 400}, {})


def test_transfers_count_in_their_order() -> None:
    there_and_on = [Transfer(MINE, ESCROW, usd("4.00")), Transfer(ESCROW, YOURS, usd("4.00"))]
    assert post(books(mine=400), there_and_on) == Moved({MINE: 0, ESCROW: 0, YOURS: 400}, {})
    first = post(books(mine=400), there_and_on[::-1])
    assert first == Shortfall(ESCROW, 400), "it dips below zero on the way"


def test_the_last_cent_may_go_and_none_after_it() -> None:
    assert isinstance(post(books(mine=1), [Transfer(MINE, YOURS, usd("0.01"))]), Moved)
    short = post(books(mine=1), [Transfer(MINE, YOURS, usd("0.03"))])
    assert short == Shortfall(MINE, 2)


def test_what_is_missing_is_missing_for_all_of_it() -> None:
    """Who brings no more than that has enough in the end."""
    pays = [Transfer(MINE, ESCROW, usd("4.00"))] * 3
    assert post(books(mine=500), pays) == Shortfall(MINE, 700)
    back = [*pays, Transfer(YOURS, MINE, usd("1.00")), Transfer(YOURS, ESCROW, usd("1.00"))]
    assert post(books(mine=500, yours=200), back) == Shortfall(MINE, 700)
    assert isinstance(post(books(mine=1_200, yours=200), back), Moved)


def test_an_account_that_nobody_looked_at_only_gains() -> None:
    unseen = {MINE: 400, YOURS: None}.__getitem__
    moved = post(unseen, [Transfer(MINE, YOURS, usd("4.00"))])
    assert moved == Moved({MINE: 0}, {YOURS: 400})
    with pytest.raises(AssertionError, match="was not locked"):
        post(unseen, [Transfer(YOURS, MINE, usd("0.01"))])


def test_a_guarded_account_has_a_top() -> None:
    cent = [Transfer(MINE, YOURS, usd("0.01"))]
    assert isinstance(post(books(mine=1, yours=BALANCE_MAX - 1), cent), Moved)
    assert post(books(mine=1, yours=BALANCE_MAX), cent) == Overflow(YOURS)


def test_accounts_without_a_floor_are_changed_and_never_looked_at() -> None:
    outside, taken = clearing(1, "USD"), fees("USD")
    moved = post(
        books(),
        [
            Transfer(outside, MINE, usd("5.00")),
            Transfer(outside, MINE, usd("2.00")),
            Transfer(MINE, taken, usd("1.00")),
        ],
    )
    assert moved == Moved({MINE: 600}, {outside: -700, taken: 100})


def test_every_account_is_guarded_or_free_and_not_both() -> None:
    assert not GUARDED & FREE
    named = {MINE, ESCROW, outgoing(1, "USD"), clearing(1, "USD"), fees("USD")}
    assert {account.kind for account in named} <= GUARDED | FREE
    assert {account.kind for account in named if account.kind in FREE} == {"clearing", "fees"}


@pytest.mark.parametrize(
    ("transfer", "why"),
    [
        (Transfer(MINE, YOURS, usd("0.00")), "moves something"),
        (Transfer(MINE, YOURS, Money(-1, "USD")), "moves something"),
        (Transfer(MINE, MINE, usd("1.00")), "goes somewhere"),
        (Transfer(MINE, YOURS, jpy("1")), "one currency"),
        (Transfer(MINE, wallet(2, "JPY"), usd("1.00")), "one currency"),
        (Transfer(wallet(1, "JPY"), YOURS, usd("1.00")), "one currency"),
        (Transfer(MINE, Account("purse", 2, "USD"), usd("1.00")), "known accounts"),
    ],
)
def test_a_transfer_that_makes_no_sense_is_a_bug(transfer: Transfer, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        post(books(mine=1_000), [transfer])
