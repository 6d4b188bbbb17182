"""`earnest ledger`: every kind of tampering is found, with its rule and the first row."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from tests.cli.deals import ANA, EMMA, EVE, agreed, deposit, people, wallet
from tests.cli.earnest import Earnest
from tests.cli.tampered_disputes import TAMPERINGS as OF_DISPUTES
from tests.cli.tampered_tranches import TAMPERINGS as OF_TRANCHES
from tests.cli.tamperings import TAMPERINGS
from tests.postgres import _named, _run, database

from earnest.core.references import parsed
from earnest.store import verify

Tamperings = dict[str, tuple[str, dict[str, str]]]
WHO = {
    name: f"(SELECT id FROM users WHERE email = '{name}@example.com')"
    for name in ("ana", "emma", "eve")
}


class Books(NamedTuple):
    """An installation, and its rows by the letters that tamperings call them by."""

    earnest: Earnest
    rows: dict[str, str]


@pytest.fixture(scope="module")
def books(
    server_dsn: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Books]:
    """Books in which there is something of everything; nobody changes them."""
    with database(server_dsn, template) as dsn:
        earnest = Earnest(tmp_path_factory.mktemp("books") / "data", dsn)
        yield Books(earnest, filled(earnest))


def filled(earnest: Earnest) -> dict[str, str]:
    earnest.env["EARNEST_APPROVAL_LIMITS"] = "USD=0.01"
    people(earnest)
    deal = agreed(earnest)
    earnest("milestone", "release", deal.milestone, "--amount", "30.00", "--as", EMMA)
    to = "type=iban,account=DE02120300000000202051,name=Ana"
    words = ("withdrawal", "request", "--gateway", "sandbox", "--amount", "10.00 USD")
    withdrawal = earnest.json(*words, "--destination", to, "--as", ANA)
    failed = deposit(earnest, "5.00 USD", sandbox="fail")
    earnest("contract", "say", deal.contract, "--text", "Thank you!", "--as", EMMA)
    return {
        "m": deal.milestone,
        "c": deal.contract,
        "w": withdrawal["id"],
        "d": failed["id"],
        **awarded(earnest),
    }


def awarded(earnest: Earnest) -> dict[str, str]:
    """A project with a reserve, a question, and a bid that is awarded."""
    deposit(earnest, "20.00 USD")
    post = ("project", "post", "--title", "A shop", "--description", "All of it")
    budget = ("--budget-min", "1.00", "--budget-max", "9.00", "--currency", "USD")
    project = earnest.json(*post, *budget, "--as", EMMA)["id"]
    earnest("project", "reserve", project, "--amount", "5.00", "--as", EMMA)
    question = earnest.json("project", "ask", project, "--text", "Green?", "--as", EVE)["id"]
    answer = ("--question", question, "--text", "Yes.")
    earnest("project", "answer", project, *answer, "--as", EMMA)
    words = ("--amount", "7.00", "--period-days", "9", "--proposal", 'Like "this": \u20ac\n')
    steps = ("--milestone", "description=One,amount=3.00,days=4")
    due = ("--milestone", "description=Two,amount=4.00,due_at=2999-01-01T00:00:00Z")
    draft = earnest.data_dir.parent / "draft.txt"
    draft.write_text("A draft.")
    file = ("--file", earnest.json("file", "add", draft, "--as", ANA)["id"])
    bid = earnest.json("bid", "place", project, *words, *steps, *due, *file, "--as", ANA)
    told = ("--bid-hash", bid["bid_hash"])
    contract = earnest.json("bid", "award", bid["id"], *told, "--as", EMMA)
    return {"p": project, "b": bid["id"], "a": contract["id"]}


def found(earnest: Earnest) -> dict[str, str]:
    told = earnest.json("ledger", "verify", code=1)
    assert told["ok"] is False
    return {each["rule"]: each["first"] for each in told["broken"]}


def test_books_in_order_are_in_order(books: Books) -> None:
    verified = books.earnest.json("ledger", "verify")
    assert verified == {"ok": True, "transfers": 6, "accounts": 6}
    assert "In order: 6 transfers, 6 accounts." in books.earnest("ledger", "verify").stdout


def test_every_kind_of_tampering_is_found(books: Books) -> None:
    must_be_found(books, TAMPERINGS)


def test_every_kind_of_tampering_with_disputes_is_found(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    earnest("milestone", "release", deal.milestone, "--amount", "30.00", "--as", EMMA)
    figures = ("--amount", "10.00", "--to-freelancer", "2.00", "--statement", "It is late.")
    dispute = earnest.json("milestone", "dispute", deal.milestone, *figures, "--as", EMMA)["id"]
    answer = ("--to-freelancer", "9.00", "--statement", "Not by much.")
    earnest("dispute", "respond", dispute, *answer, "--as", ANA)
    earnest("dispute", "exhibit", dispute, "--text", "See this", "--as", EMMA)
    earnest("dispute", "pay-fee", dispute, "--as", ANA)
    assert earnest.json("ledger", "verify")["ok"]
    rows = {"m": deal.milestone, "c": deal.contract, "x": dispute}
    must_be_found(Books(earnest, rows), OF_DISPUTES)


def test_every_kind_of_tampering_with_plans_is_found(earnest: Earnest) -> None:
    people(earnest)
    contract = agreed(earnest, "10.00").contract
    deposit(earnest, "100.00 USD")
    plan = "[after_days=10,percent=40; after_days=20,percent=30; after_days=30,percent=30]"
    line = f"description=In parts,amount=100.00,plan={plan}"
    (made,) = earnest.json("contract", "fund", contract, "--milestone", line, "--as", EMMA)["items"]
    told = ("--hash", made["agreement_hash"], "--as", ANA)
    earnest("milestone", "agree", made["id"], *told)
    parts = [each["tranche_id"] for each in made["plan"]]
    words = ("--amount", "15.00", "--reason", "It does not run.", "--as", EMMA)
    dispute = earnest.json("tranche", "object", parts[0], *words)
    answer = ("--to-freelancer", "15.00", "--statement", "It does.", "--as", ANA)
    earnest("dispute", "respond", dispute["id"], *answer)
    earnest("sandbox", "advance", "11d")
    assert earnest.json("ledger", "verify")["ok"]
    rows = {"m": made["id"], "c": contract, "x": dispute["id"]}
    rows |= dict(zip("tuv", parts, strict=True))
    must_be_found(Books(earnest, rows), OF_TRANCHES)


def must_be_found(books: Books, tamperings: Tamperings) -> None:
    """Each on a copy of the same books, as making them takes longer than verifying them."""
    unexpected: dict[str, object] = {}
    for name, (text, expected) in tamperings.items():
        sql = text
        for who, subquery in WHO.items():
            sql = sql.replace(f"{{{who}}}", subquery)
        with copied(books, sql) as copy:
            broken = found(copy.earnest)
        named = {rule: part.format(**books.rows) for rule, part in expected.items()}
        if broken.keys() != named.keys() or any(named[r] not in broken[r] for r in named):
            unexpected[name] = (broken, named)
    assert not unexpected, "\n".join(map(str, unexpected.items()))


def test_every_rule_can_fail() -> None:
    rules = {rule.removeprefix(verify.PREFIX) for rule in verify.rules()}
    found = [*TAMPERINGS.values(), *OF_DISPUTES.values(), *OF_TRANCHES.values()]
    assert {rule for _, expected in found for rule in expected} == rules


def test_people_read_what_is_wrong(books: Books) -> None:
    with copied(books, "UPDATE contracts SET seq = seq + 1") as copy:
        result = copy.earnest("ledger", "verify", code=1)
    assert "The books do not balance." in result.stderr
    assert f"contract {books.rows['c']} counts" in result.stderr


HALTED = "INSERT INTO halts (what) VALUES ('somebody looked'); UPDATE contracts SET seq = seq + 1"


def test_a_halt_ends_when_everything_is_in_order_again(books: Books) -> None:
    release = ("milestone", "release", books.rows["m"], "--amount", "1.00", "--as", EMMA)
    with copied(books, HALTED) as copy:
        earnest = copy.earnest
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


def test_references_are_read_as_they_are_printed(earnest: Earnest) -> None:
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


@contextmanager
def copied(books: Books, sql: str) -> Iterator[Books]:
    """The same books once more, in which somebody did something."""
    dsn = books.earnest.dsn
    assert dsn is not None
    name = urlsplit(dsn).path[1:]
    with database(_named(dsn, "postgres"), name) as copy:
        _run(copy, sql)
        yield books._replace(earnest=replace(books.earnest, dsn=copy))
