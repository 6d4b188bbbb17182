"""Commands in one process: what they print, and what they end with."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click
import pytest
from argon2 import PasswordHasher
from tests.cli.deals import ANA, EMMA, EVE, OLGA, accept, agreed, deposit, people, wallet
from tests.cli.earnest import Earnest

from earnest.cli.program import program
from earnest.core.actions import ACTIONS
from earnest.core.people import SYSTEM

LINE = "description=Logo,amount=10.00"


# --- people and tokens -----------------------------------------------------------------------


def test_adding_a_person_tells_their_id(earnest: Earnest) -> None:
    added = earnest.json("user", "add", "Emma Berg", EMMA)
    assert list(added) == ["id"]
    assert added["id"].startswith("usr_")
    (listed,) = earnest.json("user", "list")["items"]
    assert listed["email"] == EMMA
    assert listed["signs_in"] is False


def test_an_address_has_one_person(earnest: Earnest) -> None:
    earnest("user", "add", "Emma Berg", EMMA)
    assert earnest.json("user", "add", "Emma B.", EMMA.upper(), code=1)["code"] == "email_taken"


@pytest.mark.parametrize("words", [("", EMMA), ("x" * 81, EMMA), ("Emma", "emma"), ("E", "a b@c")])
def test_a_wrong_name_or_address_is_wrong_usage(earnest: Earnest, words: tuple[str, str]) -> None:
    earnest("user", "add", *words, code=2)


def test_a_password_is_read_and_only_its_hash_is_kept(earnest: Earnest) -> None:
    earnest("user", "add", "Emma", EMMA, "--password-stdin", text="correct horse\n")
    (record,) = asyncio.run(earnest.sql("SELECT password_hash FROM users"))
    assert PasswordHasher().verify(record[0], "correct horse")
    earnest("user", "password", EMMA, text="another horse\nanother horse\n")
    (record,) = asyncio.run(earnest.sql("SELECT password_hash FROM users"))
    assert PasswordHasher().verify(record[0], "another horse")
    earnest("user", "password", EMMA, "--password-stdin", text="short\n", code=2)


def test_factors_are_forgotten_and_their_owner_is_told(earnest: Earnest) -> None:
    earnest("user", "add", "Emma", EMMA)
    assert earnest.json("user", "forget-factors", EMMA)["forgotten"] == 0
    app = "INSERT INTO authenticators SELECT id, 'sealed', 0, now() FROM users RETURNING 1"
    asyncio.run(earnest.sql(app))
    assert earnest.json("user", "forget-factors", EMMA)["forgotten"] == 1
    assert asyncio.run(earnest.sql("SELECT 1 FROM authenticators")) == []
    told = "SELECT c.name, d.status FROM account_changes c JOIN deliveries d USING (id)"
    assert [tuple(each) for each in asyncio.run(earnest.sql(told))] == [("forgotten", "waiting")]
    earnest("user", "forget-factors", "nobody@example.com", code=1)


def test_roles_are_given_and_taken(earnest: Earnest) -> None:
    earnest("user", "add", "Olga", OLGA, "--role", "operator", "--role", "arbiter")
    assert earnest.json("user", "list")["items"][0]["roles"] == ["arbiter", "operator"]
    assert earnest.json("user", "role", OLGA, "operator")["roles"] == ["operator"]
    assert earnest.json("user", "role", OLGA)["roles"] == []
    earnest("user", "role", OLGA, "king", code=2)


def test_the_suspended_open_nothing_new_until_they_are_restored(earnest: Earnest) -> None:
    people(earnest)
    assert earnest.json("user", "suspend", EMMA)["status"] == "suspended"
    start = ("deposit", "start", "--gateway", "sandbox", "--amount", "1.00 USD", "--as", EMMA)
    assert earnest.json(*start, code=1)["code"] == "suspended"
    assert earnest.json("user", "restore", EMMA)["status"] == "active"
    earnest(*start)


def test_a_token_is_shown_once_and_revoked_by_its_id(earnest: Earnest) -> None:
    people(earnest)
    made = earnest.json("token", "create", EMMA, "--scope", "read,write", "--days", "3")
    assert list(made) == ["token"]
    assert made["token"].startswith("ern_")
    (listed,) = earnest.json("token", "list", EMMA)["items"]
    assert listed["scopes"] == ["read", "write"]
    earnest("token", "revoke", ANA, listed["id"], code=1)
    earnest("token", "revoke", EMMA, listed["id"])
    earnest("token", "revoke", EMMA, listed["id"], code=1)
    assert earnest.json("token", "list", EMMA)["items"][0]["revoked_at"] is not None


def test_a_token_is_good_for_no_more_than_its_owner_may(earnest: Earnest) -> None:
    people(earnest)
    refused = earnest.json("token", "create", EMMA, "--scope", "staff", code=1)
    assert refused["code"] == "scope_not_allowed"
    earnest("token", "create", EMMA, "--scope", "everything", code=2)
    earnest("token", "create", "nobody@example.com", code=1)
    earnest("token", "create", OLGA)
    (listed,) = earnest.json("token", "list", OLGA)["items"]
    assert listed["scopes"] == ["money", "read", "staff", "write"]


# --- actions ---------------------------------------------------------------------------------


def test_every_action_that_somebody_can_ask_for_is_a_command() -> None:
    for name, action in ACTIONS.items():
        noun, _, verb = name.partition(".")
        commands = getattr(named(noun), "commands", {})
        assert (verb.replace("_", "-") in commands) == (action.by != SYSTEM), name


def test_help_says_what_the_action_says() -> None:
    command = named("milestone").commands["cancel"]  # type: ignore[union-attr]
    assert "Only the freelancer can" in command.help


def named(name: str) -> click.Command | None:
    return program.get_command(click.Context(program), name)


def test_amounts_are_of_the_subjects_currency_unless_said(earnest: Earnest) -> None:
    people(earnest)
    deposit(earnest, "5000", currency="JPY")
    offer = ("contract", "offer", "--freelancer", ANA, "--currency", "JPY", "--as", EMMA)
    contract = earnest.json(*offer)["id"]
    fund = ("contract", "fund", contract, "--as", EMMA)
    (made,) = earnest.json(*fund, "--milestone", "description=A,amount=1000")["items"]
    assert made["amount"] == {"amount": "1000", "currency": "JPY"}
    dollars = (*fund, "--milestone", "description=A,amount=10.00 USD")
    assert earnest.json(*dollars, code=1)["code"] == "wrong_currency"
    said = (*fund, "--milestone", "description=A,amount=10.00", "--currency", "USD")
    assert earnest.json(*said, code=1)["code"] == "wrong_currency"
    decimals = (*fund, "--milestone", "description=A,amount=10.00")
    assert earnest.json(*decimals, code=2)["code"] == "too_many_decimals"


def test_a_list_is_repeated_or_json_and_commas_are_free(earnest: Earnest) -> None:
    people(earnest)
    deposit(earnest, "100.00 USD")
    offer = ("contract", "offer", "--freelancer", ANA, "--currency", "USD", "--as", EMMA)
    contract = earnest.json(*offer)["id"]
    line = {"description": "B", "amount": {"amount": "2.00", "currency": "USD"}}
    made = earnest.json(
        "contract", "fund", contract, "--as", EMMA,
        "--milestone", "description=A, b, and c,amount=1.00,due_at=2999-01-01T00:00:00Z",
        "--milestone", json.dumps(line),
    )["items"]  # fmt: skip
    assert [each["description"] for each in made] == ["A, b, and c", "B"]
    assert made[0]["due_at"] == "2999-01-01T00:00:00.000Z"
    milestone = made[0]["id"]
    accept(earnest, contract)
    links = ("--link", "https://a.example", "--link", "https://b.example")
    earnest("milestone", "submit", milestone, "--note", "Done.", *links, "--as", ANA)
    assert earnest.json("milestone", "show", milestone)["status"] == "submitted"


def test_the_same_key_is_the_same_command(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    release = ("milestone", "release", deal.milestone, "--as", EMMA, "--key", "k1")
    first = earnest(*release, "--amount", "40.00", "--json")
    again = earnest(*release, "--amount", "40.00", "--json")
    assert first.stdout == again.stdout
    assert earnest.json(*release, "--amount", "41.00", code=1)["code"] == "key_reused"
    assert wallet(earnest, ANA) == "40.00"


def test_a_random_key_is_printed(earnest: Earnest) -> None:
    people(earnest)
    result = earnest(
        "deposit", "start", "--gateway", "sandbox", "--amount", "1.00 USD", "--as", EMMA, "--json"
    )
    assert "key: cli-" in result.stderr
    assert json.loads(result.stdout)["status"] == "pending"


def test_events_say_that_it_came_by_the_command_line(earnest: Earnest) -> None:
    people(earnest)
    agreed(earnest)
    vias = asyncio.run(earnest.sql("SELECT DISTINCT via FROM events ORDER BY 1"))
    assert [each["via"] for each in vias] == ["cli", "worker"]


def test_a_refusal_is_told_to_people_and_to_programs(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    release = ("milestone", "release", deal.milestone, "--amount", "100.01", "--as", EMMA)
    told = earnest(*release, code=1)
    assert told.stdout == ""
    assert "Refused: 100.00 USD is held. (more_than_held)" in told.stderr
    assert earnest.json(*release, code=1)["errors"][0]["path"] == "/amount"
    cancel = ("milestone", "cancel", deal.milestone)
    assert earnest.json(*cancel, "--as", EMMA, code=1)["code"] == "not_your_part"
    assert earnest.json(*cancel, "--as", EVE, code=1)["code"] == "not_found"


def test_what_is_not_there_is_refused(earnest: Earnest) -> None:
    people(earnest)
    nothing = ("milestone", "release", "ms_0000000000005", "--as", EMMA)
    assert earnest.json(*nothing, code=1)["code"] == "not_found"
    assert earnest.json(*nothing, "--amount", "1.00", code=1)["code"] == "not_found"
    nobody = ("milestone", "release", "ms_0000000000005", "--as", "nobody@example.com")
    assert earnest.json(*nobody, code=1)["code"] == "person_unknown"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("nonsense", "No such command"),
        ("milestone nonsense", "No such command"),
        ("milestone release --as emma@example.com", "Missing argument"),
        ("milestone release ms_1 --as emma@example.com", "13 characters"),
        ("milestone release ctr_0000000000005 --as emma@example.com", "begins with ms_"),
        ("milestone release ms_0000000000005", "Missing option '--as'"),
        ("milestone release ms_0000000000005 --as emma@example.com --nonsense", "No such option"),
        ("milestone cancel ms_0000000000005 --as emma@example.com --key é", "--key"),
        ("deposit start --as emma@example.com --gateway sandbox --amount 1.00", "--amount"),
        ("deposit start --as emma@example.com --gateway sandbox", "Missing option '--amount'"),
        (
            "deposit start --as emma@example.com --gateway sandbox --amount 1.001 --currency USD",
            "--amount: USD has 2 decimals and no more.",
        ),
        (
            "deposit start --as emma@example.com --gateway sandbox --amount 1 --sandbox rain",
            "'rain' is not one of",
        ),
        (("withdrawal request --as emma@example.com --gateway sandbox --amount 1.00 --currency USD"
         " --destination nonsense"), "is not one of"),
        ("contract say ctr_0000000000005 --as emma@example.com --text", "requires an argument"),
        ("milestone list --status nonsense", "--status"),
        ("milestone list --contract nonsense", "--contract"),
        ("sandbox advance 14", "14d, 36h"),
        ("sandbox advance 99999w", "hundred years"),
        ("serve --port nonsense", "--port"),
        ("serve --workers 0", "--workers"),
        ("user add Emma", "Missing argument"),
    ],
)  # fmt: skip
def test_wrong_usage_is_named(earnest: Earnest, words: str, says: str) -> None:
    earnest("user", "add", "Emma", EMMA)
    assert says in earnest(*words.split(), code=2).stderr


def test_programs_read_which_option_is_wrong(earnest: Earnest) -> None:
    earnest("user", "add", "Emma", EMMA)
    start = ("deposit", "start", "--gateway", "sandbox", "--as", EMMA, "--currency", "USD")
    told = earnest.json(*start, "--amount", "1.001", code=2)
    assert told["code"] == "too_many_decimals"
    assert told["errors"][0]["path"] == "/amount/amount"


def test_who_asks_may_be_in_the_environment(earnest: Earnest) -> None:
    people(earnest)
    earnest.env["EARNEST_AS"] = EMMA
    earnest("deposit", "start", "--gateway", "sandbox", "--amount", "7.00 USD")
    (held,) = earnest.json("balance")["items"]
    assert held["wallet"]["amount"] == "7.00"


# --- looking ---------------------------------------------------------------------------------


def test_rows_are_looked_at_as_a_person_or_as_whoever_runs_the_site(earnest: Earnest) -> None:
    people(earnest)
    deal = agreed(earnest)
    deposit(earnest, "1.00 USD", who=EVE)
    assert earnest.json("contract", "show", deal.contract)["funded"]["amount"] == "100.00"
    assert (
        earnest.json("milestone", "show", deal.milestone, "--as", ANA)["held"]["amount"] == "100.00"
    )
    assert (
        earnest.json("milestone", "show", deal.milestone, "--as", EVE, code=1)["code"]
        == "not_found"
    )
    assert len(earnest.json("deposit", "list")["items"]) == 2
    assert len(earnest.json("deposit", "list", "--as", EVE)["items"]) == 1
    assert earnest.json("milestone", "list", "--as", EVE)["items"] == []
    assert earnest.json("milestone", "list", "--status", "released")["items"] == []
    (found,) = earnest.json("milestone", "list", "--contract", deal.contract)["items"]
    assert found["id"] == deal.milestone
    table = earnest("milestone", "list").stdout
    assert "100.00 USD" in table
    assert "Logo, in colour" in table


# --- the clock -------------------------------------------------------------------------------


def test_advancing_does_everything_that_is_due_until_then(earnest: Earnest) -> None:
    people(earnest)
    late = deposit(earnest, "10.00 USD", sandbox="delay")
    assert wallet(earnest, EMMA) == "0.00"
    early = earnest.json("sandbox", "advance", "23h")
    assert early["done"] == 0
    then = earnest.json("sandbox", "advance", "14d")
    assert list(then) == ["now", "done"]
    assert then["done"] == 1
    assert then["now"] > early["now"]
    assert wallet(earnest, EMMA) == "10.00"
    settled = earnest.json("deposit", "show", late["id"])
    assert settled["status"] == "settled"
    assert settled["updated_at"] < early["now"] or settled["updated_at"] < then["now"]


@pytest.mark.parametrize("span", ["0s", "90m", "36h", "14d", "2w"])
def test_spans_have_units(earnest: Earnest, span: str) -> None:
    earnest("sandbox", "advance", span)


def test_a_live_site_has_neither_test_clock_nor_sandbox(tmp_path: Path, server_dsn: str) -> None:
    name = f"live_{tmp_path.parent.name.replace('-', '_')}"
    admin = Earnest(tmp_path, server_dsn)
    asyncio.run(admin.sql(f"CREATE DATABASE {name}"))
    scheme, _, rest = server_dsn.partition("://")
    where, slash, tail = rest.partition("/")
    query = tail.partition("?")[2]
    live = Earnest(tmp_path, f"{scheme}://{where}{slash}{name}?{query}")
    try:
        assert live.json("migrate", "--live")["mode"] == "live"
        assert live.json("migrate")["mode"] == "live"
        live("user", "add", "Emma", EMMA)
        assert live.json("sandbox", "advance", "1d", code=1)["code"] == "not_a_sandbox"
        start = ("deposit", "start", "--gateway", "sandbox", "--amount", "1.00 USD", "--as", EMMA)
        assert live.json(*start, code=1)["code"] == "gateway_not_offered"
    finally:
        asyncio.run(admin.sql(f"DROP DATABASE {name} WITH (FORCE)"))


def test_a_sandbox_stays_one(earnest: Earnest) -> None:
    assert earnest.json("migrate") == {"mode": "sandbox", "migrations": 0}
    assert earnest.json("migrate", "--live", code=1)["code"] == "is_a_sandbox"


# --- bad days --------------------------------------------------------------------------------


def test_a_database_that_is_not_there_is_told_with_advice(earnest: Earnest) -> None:
    earnest.dsn = "postgresql://nobody@127.0.0.1:1/nothing"
    told = earnest.json("user", "list", code=1)
    assert told["code"] == "database_gone"
    assert "DATABASE_URL" in told["advice"]
    assert "Error: The database does not answer" in earnest("user", "list", code=1).stderr


def test_a_directory_that_cannot_be_is_told_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = Earnest(tmp_path / "file", None).json("user", "list", code=1)
    assert told["code"] == "not_a_directory"
    assert "--data-dir" in told["advice"]


def test_a_setting_that_cannot_be_used_is_named(earnest: Earnest) -> None:
    earnest.env["EARNEST_FEE_BPS"] = "many"
    assert "fee_bps is a whole number" in earnest("user", "list", code=2).stderr
    earnest.env["EARNEST_FEE_BPS"] = "10001"
    assert earnest.json("user", "list", code=1)["code"] == "config"


# --- projects and bids -----------------------------------------------------------------------


def test_projects_and_bids_are_listed_and_shown(earnest: Earnest) -> None:
    people(earnest)
    post = ("project", "post", "--title", "A shop", "--description", "All of it", "--as", EMMA)
    budget = ("--currency", "USD", "--budget-min", "1.00", "--budget-max", "9.00")
    project = earnest.json(*post, *budget, "--skill", "python", "--skill", "sql")
    assert project["skills"] == ["python", "sql"]
    place = ("bid", "place", project["id"], "--amount", "7.00", "--period-days", "9")
    words = (*place, "--proposal", "I would.", "--as", ANA)
    steps = ("--milestone", "description=One, and two,amount=3.00,days=4")
    bid = earnest.json(*words, *steps, "--milestone", "description=Three,amount=4.00,days=9")
    assert [each["days"] for each in bid["milestones"]] == [4, 9]
    earnest("bid", "shortlist", bid["id"], "--as", EMMA)
    for who, listed in ((EMMA, [bid["id"]]), (ANA, [bid["id"]]), (EVE, [])):
        found = earnest.json("bid", "list", "--project", project["id"], "--as", who)["items"]
        assert [each["id"] for each in found] == listed
        assert [each["id"] for each in earnest.json("project", "list", "--as", who)["items"]] == [
            project["id"]
        ]
    assert earnest.json("bid", "show", bid["id"], "--as", EMMA)["shortlisted"] is True
    assert "shortlisted" not in earnest.json("bid", "show", bid["id"], "--as", ANA)
    earnest("bid", "show", bid["id"], "--as", EVE, code=1)
    assert earnest.json("project", "show", project["id"], "--as", EVE)["bids"] == 1
    assert earnest.json("project", "list", "--skill", "go")["items"] == []
    assert earnest.json("project", "list", "--direction", "outgoing", "--as", ANA)["items"] == []
    assert "A shop" in earnest("project", "list", "--skill", "sql").stdout
    earnest("project", "list", "--skill", "juggling", code=2)
    assert "From 1 to 730." in earnest("bid", "place", "--help").stdout
    wrong = (*words[:-2], "--as", EVE, *steps)
    assert earnest.json(*wrong, code=1)["code"] == "does_not_add_up"
