"""`earnest ledger`: every kind of tampering is found, with its rule and the first row."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.cli.deals import ANA, EMMA, agreed, deposit, people, wallet
from tests.cli.earnest import Earnest

from earnest.core.references import parsed
from earnest.store import verify

WHO = {
    name: f"(SELECT id FROM users WHERE email = '{name}@example.com')"
    for name in ("ana", "emma", "eve")
}

#: What somebody does to the books, the rules that it breaks, and the row that is named.
#: {m} {c} {d} {w} stand for the milestone, contract, deposit and withdrawal.
TAMPERINGS: dict[str, tuple[str, dict[str, str]]] = {
    "a balance is raised": (
        "UPDATE accounts SET balance = balance + 1 WHERE kind = 'escrow'",
        {
            "the_sum_of_all_balances_is_nothing": "USD",
            "balances_are_their_transfers": "{m}",
            "milestones_add_up": "{m}",
        },
    ),
    "money is moved without a transfer": (
        (
            "UPDATE accounts SET balance = balance + CASE kind WHEN 'escrow' THEN -10 ELSE 10 END"
            " WHERE kind = 'escrow' OR kind = 'wallet' AND owner ="
            " {emma}"
        ),
        {"balances_are_their_transfers": "{m}", "milestones_add_up": "{m}"},
    ),
    "an account is lost": (
        "DELETE FROM accounts WHERE kind = 'escrow'",
        {
            "the_sum_of_all_balances_is_nothing": "USD",
            "balances_are_their_transfers": "{m}",
            "milestones_add_up": "{m}",
            "what_is_funded_holds_something": "{m}",
        },
    ),
    "a guarded account owes": (
        (
            "ALTER TABLE accounts DROP CONSTRAINT guarded_accounts_hold_somebodys_money;"
            "INSERT INTO accounts VALUES ('stake', 5, 'EUR', -7), ('fees', 0, 'EUR', 7)"
        ),
        {
            "balances_are_their_transfers": "fees 0 EUR",
            "guarded_accounts_are_not_below_zero": "stake 5 EUR",
        },
    ),
    "a transfer is changed, and its balances with it": (
        (
            "UPDATE transfers SET amount = amount - 100 WHERE credit_kind = 'escrow';"
            "UPDATE accounts SET balance = balance - 100 WHERE kind = 'escrow';"
            "UPDATE accounts SET balance = balance + 100 WHERE kind = 'wallet' AND owner ="
            " {emma};"
            "UPDATE milestones SET amount = amount - 100"
        ),
        {
            "events_tell_their_transfers": "is not what its event tells",
            "rows_are_as_their_last_event_left_them": "{m}",
        },
    ),
    "a transfer has another receiver, and so have the balances": (
        (
            "UPDATE transfers SET credit_owner = {eve}"
            " WHERE debit_kind = 'escrow';"
            "UPDATE transfers SET debit_owner = {eve}"
            " WHERE credit_kind = 'outgoing';"
            "UPDATE accounts SET owner = {eve}"
            " WHERE kind = 'wallet' AND owner = {ana}"
        ),
        {
            "events_tell_their_transfers": "is not what its event tells",
        },
    ),
    "a transfer is made up": (
        (
            "INSERT INTO transfers SELECT 5, event_id, contract_id, debit_kind, debit_owner,"
            " credit_kind, credit_owner, currency, amount, at FROM transfers LIMIT 1"
        ),
        {
            "balances_are_their_transfers": "clearing",
            "deposits_were_paid_in_once": "20000 was paid in, not 10000",
            "events_tell_their_transfers": "tfr_0000000000005 is told by no event",
        },
    ),
    "a transfer is lost": (
        "DELETE FROM transfers WHERE debit_kind = 'escrow'",
        {
            "balances_are_their_transfers": "{m}",
            "events_tell_their_transfers": "is told by its event and is not there",
        },
    ),
    "an event is lost": (
        "DELETE FROM events WHERE name = 'milestone.released'",
        {
            "events_are_counted_without_a_gap": "{c}",
            "transfers_have_their_event": "tfr_",
            "commands_have_their_event": "is not there",
            "events_tell_their_transfers": "is told by no event",
            "rows_are_as_their_last_event_left_them": "{m}",
        },
    ),
    "the last event is lost, and the count with it": (
        "DELETE FROM events WHERE name = 'contract.said';UPDATE contracts SET seq = seq - 1",
        {"commands_have_their_event": "is not there"},
    ),
    "an event is made up": (
        (
            "INSERT INTO events SELECT 5, name, subject_kind, subject_id, contract_id, seq + 1,"
            ' actor_id, via, at, \'{"answer": 0, "rows": [], "transfers": []}\''
            " FROM events WHERE name = 'contract.said'"
        ),
        {
            "events_are_counted_without_a_gap": "{c}",
            "commands_have_their_event": "evt_0000000000005 answers no command",
        },
    ),
    "the count of a contract is changed": (
        "UPDATE contracts SET seq = seq + 1",
        {"events_are_counted_without_a_gap": "{c}"},
    ),
    "a milestone is set back": (
        "UPDATE milestones SET status = 'submitted', submitted_at = now()",
        {"rows_are_as_their_last_event_left_them": "{m} is submitted, its last event tells funded"},
    ),
    "a milestone ends and goes on holding": (
        (
            "ALTER TABLE milestones DROP CONSTRAINT what_was_released_or_cancelled_holds_nothing;"
            "UPDATE milestones SET status = 'released'"
        ),
        {
            "what_is_not_funded_holds_nothing": "{m}",
            "rows_are_as_their_last_event_left_them": "{m}",
        },
    ),
    "a milestone says that more was released": (
        "UPDATE milestones SET released = released + 1",
        {"milestones_add_up": "{m}", "rows_are_as_their_last_event_left_them": "{m}"},
    ),
    "a contract is ended over its milestones": (
        "UPDATE contracts SET status = 'ended'",
        {
            "ended_contracts_hold_nothing": "{c}",
            "rows_are_as_their_last_event_left_them": "{c} is ended, its last event tells active",
        },
    ),
    "a contract is lost": (
        "DELETE FROM contracts",
        {
            "nobody_is_an_orphan": "has no contract {c}",
            "events_are_counted_without_a_gap": "{c} counts nothing",
            "rows_are_as_their_last_event_left_them": "is not there",
        },
    ),
    "a release is of another milestone": (
        "UPDATE releases SET milestone_id = contract_id",
        {"nobody_is_an_orphan": "rel_"},
    ),
    "what was said is moved to a contract that is not there": (
        "UPDATE messages SET contract_id = 5",
        {"nobody_is_an_orphan": "has no contract ctr_0000000000005"},
    ),
    "a withdrawal is paid on paper": (
        "UPDATE withdrawals SET status = 'paid', paid_as = 'x'",
        {
            "withdrawals_hold_what_is_on_its_way": "{w}",
            "rows_are_as_their_last_event_left_them": "{w}",
        },
    ),
    "a withdrawal is lost": (
        "DELETE FROM withdrawals",
        {
            "withdrawals_hold_what_is_on_its_way": "{w} is not there",
            "rows_are_as_their_last_event_left_them": "{w} is not there",
        },
    ),
    "a deposit is settled on paper": (
        (
            "UPDATE deposits SET status = 'settled', paid_as = 'x', wakes_at = NULL"
            " WHERE status = 'failed'"
        ),
        {
            "deposits_were_paid_in_once": "{d}",
            "rows_are_as_their_last_event_left_them": "{d}",
        },
    ),
}


@pytest.fixture
def books(earnest: Earnest) -> dict[str, str]:
    """Books in which there is something of everything."""
    earnest.env["EARNEST_APPROVAL_LIMITS"] = "USD=0.01"
    people(earnest)
    deal = agreed(earnest)
    earnest("milestone", "release", deal.milestone, "--amount", "30.00", "--as", EMMA)
    to = "type=iban,account=DE02120300000000202051,name=Ana"
    words = ("withdrawal", "request", "--gateway", "sandbox", "--amount", "10.00 USD")
    withdrawal = earnest.json(*words, "--destination", to, "--as", ANA)
    failed = deposit(earnest, "5.00 USD", sandbox="fail")
    earnest("contract", "say", deal.contract, "--text", "Thank you!", "--as", EMMA)
    return {"m": deal.milestone, "c": deal.contract, "w": withdrawal["id"], "d": failed["id"]}


def found(earnest: Earnest) -> dict[str, str]:
    told = earnest.json("ledger", "verify", code=1)
    assert told["ok"] is False
    return {each["rule"]: each["first"] for each in told["broken"]}


def test_books_in_order_are_in_order(earnest: Earnest, books: dict[str, str]) -> None:
    assert earnest.json("ledger", "verify") == {"ok": True, "transfers": 4, "accounts": 5}
    assert "In order: 4 transfers, 5 accounts." in earnest("ledger", "verify").stdout


def test_every_kind_of_tampering_is_found(earnest: Earnest, books: dict[str, str]) -> None:
    """Each on a copy of the same books, as making them takes longer than verifying them."""
    unexpected: dict[str, object] = {}
    for name, (text, expected) in TAMPERINGS.items():
        sql = text
        for who, subquery in WHO.items():
            sql = sql.replace(f"{{{who}}}", subquery)
        with tampered(earnest, sql) as copy:
            broken = found(copy)
        named = {rule: part.format(**books) for rule, part in expected.items()}
        if broken.keys() != named.keys() or any(named[r] not in broken[r] for r in named):
            unexpected[name] = (broken, named)
    assert not unexpected, "\n".join(map(str, unexpected.items()))


def test_every_rule_can_fail() -> None:
    rules = {rule.removeprefix(verify.PREFIX) for rule in verify.rules()}
    assert {rule for _, expected in TAMPERINGS.values() for rule in expected} == rules


def test_people_read_what_is_wrong(earnest: Earnest, books: dict[str, str]) -> None:
    asyncio.run(earnest.sql("UPDATE contracts SET seq = seq + 1"))
    result = earnest("ledger", "verify", code=1)
    assert "The books do not balance." in result.stderr
    assert f"contract {books['c']} counts" in result.stderr


def test_a_halt_ends_when_everything_is_in_order_again(
    earnest: Earnest, books: dict[str, str]
) -> None:
    asyncio.run(earnest.sql("INSERT INTO halts (what) VALUES ('somebody looked')"))
    asyncio.run(earnest.sql("UPDATE contracts SET seq = seq + 1"))
    release = ("milestone", "release", books["m"], "--amount", "1.00", "--as", EMMA)
    assert earnest.json(*release, code=1)["code"] == "books_do_not_balance"
    refused = earnest.json("ledger", "resume", "--reason", "It must be.", code=1)
    assert refused["ok"] is False
    assert earnest.json(*release, code=1)["code"] == "books_do_not_balance"
    asyncio.run(earnest.sql("UPDATE contracts SET seq = seq - 1"))
    resumed = earnest.json("ledger", "resume", "--reason", "The count is mended.")
    assert (resumed["ok"], resumed["cleared"]) == (True, 1)
    earnest(*release)
    assert wallet(earnest, ANA) == "21.00"
    (halt,) = asyncio.run(earnest.sql("SELECT cleared_because FROM halts"))
    assert halt["cleared_because"] == "The count is mended."


def test_resuming_needs_a_reason(earnest: Earnest) -> None:
    assert "--reason" in earnest("ledger", "resume", code=2).stderr
    assert "--reason" in earnest("ledger", "resume", "--reason", "  ", code=2).stderr


def test_references_are_read_as_they_are_printed(earnest: Earnest, books: dict[str, str]) -> None:
    """The SQL that reads a reference back agrees with the one place that prints them."""
    numbers = [0, 5, 2**62 + 12345, 2**63 - 1]
    sql = f"SELECT {verify._number('$1::text')} AS number"
    for number in numbers:
        reference = f"tfr_{_digits(number)}"
        (record,) = asyncio.run(earnest.sql(sql, reference))
        assert record["number"] == number == parsed(reference, "tfr")


def _digits(number: int) -> str:
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(digits[number >> 5 * place & 31] for place in range(12, -1, -1))


def tampered(earnest: Earnest, sql: str) -> Any:
    return _Copy(earnest, sql)


class _Copy:
    """A copy of the database in which somebody did something, as long as it is needed."""

    def __init__(self, earnest: Earnest, sql: str) -> None:
        self.earnest = earnest
        self.sql = sql

    def __enter__(self) -> Earnest:
        assert self.earnest.dsn is not None
        name = asyncio.run(self.earnest.sql("SELECT current_database() AS name"))[0]["name"]
        copy = Earnest(self.earnest.data_dir, self.earnest.dsn.replace(f"/{name}", f"/{name}_c"))
        self.admin = Earnest(
            self.earnest.data_dir, self.earnest.dsn.replace(f"/{name}", "/postgres")
        )
        asyncio.run(self.admin.sql(f"CREATE DATABASE {name}_c TEMPLATE {name}"))
        self.name = f"{name}_c"
        for statement in self.sql.split(";"):
            asyncio.run(copy.sql(statement))
        return copy

    def __exit__(self, *_: object) -> None:
        asyncio.run(self.admin.sql(f"DROP DATABASE {self.name} WITH (FORCE)"))
