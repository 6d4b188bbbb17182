"""`earnest doctor`: each broken set-up is made for real, named and explained; one is well."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.deals import ANA, EMMA, people
from tests.cli.earnest import Earnest
from tests.postgres import _named, _run
from tests.store.engine import connected

from earnest.store import embedded
from earnest.store.db import migrations

NEWEST = migrations()[-1][0]
Found = dict[str, dict[str, Any]]


def examined(earnest: Earnest) -> Found:
    """Everything that is to be told, by its code; and that the exit code agrees."""
    result = earnest.unchecked("doctor", "--json")
    told = json.loads(result.stdout)
    checks = {each["code"]: each for each in told["checks"] if each["code"]}
    assert told["ok"] == (not any(each["state"] == "wrong" for each in checks.values()))
    assert result.exit_code == int(not told["ok"])
    return checks


def must_name(earnest: Earnest, code: str, *words: str, state: str = "wrong") -> None:
    """The doctor names it, says what it means and what to do; for people as for programs."""
    checks = examined(earnest)
    assert code in checks, checks
    told = checks[code]
    assert told["state"] == state
    assert told["advice"]
    assert told["means"] or code == "not_a_directory"
    for word in words:
        assert word in f"{told['what']} {told['means']} {told['advice']}"
    said = earnest.unchecked("doctor").stdout
    assert told["what"] in said
    assert told["advice"] in said


# --- well ----------------------------------------------------------------------------------------


def test_a_new_installation_is_well_and_nothing_is_left_running(own: Earnest) -> None:
    own("migrate")
    assert {code for code, each in examined(own).items() if each["state"] == "wrong"} == set()
    assert "All is well." in own("doctor").stdout
    assert embedded.status(own.data_dir).pid is None


def test_a_running_server_is_looked_at_and_goes_on(own: Earnest) -> None:
    own("migrate")
    with embedded.hold(own.data_dir):
        assert "private PostgreSQL: It runs." in own("doctor").stdout
        assert embedded.status(own.data_dir).pid is not None


def test_the_doctor_makes_nothing(tmp_path: Path) -> None:
    nowhere = Earnest(tmp_path / "nowhere", None)
    must_name(nowhere, "nothing_here", "earnest migrate")
    assert list(tmp_path.iterdir()) == []


# --- the database cannot be reached --------------------------------------------------------------


def with_dsn(earnest: Earnest, pattern: str, new: str) -> Earnest:
    assert earnest.dsn
    changed = re.sub(pattern, new, earnest.dsn, count=1)
    assert changed != earnest.dsn
    return Earnest(earnest.data_dir, changed)


def test_a_wrong_password(earnest: Earnest) -> None:
    other = with_dsn(earnest, r"//(\w+):[^@]*@", r"//\1:wrong-one@")
    must_name(other, "wrong_password", "password", "DATABASE_URL")
    assert "wrong-one" not in other.unchecked("doctor").output


@pytest.mark.parametrize(
    ("dsn", "code"),
    [
        ("postgresql://me:pw@127.0.0.1:1/earnest", "database_unreachable"),
        ("postgresql://me:pw@nowhere.invalid/earnest", "no_such_host"),
        ("earnest", "bad_address"),
    ],
)
def test_a_server_that_is_not_there(tmp_path: Path, dsn: str, code: str) -> None:
    must_name(Earnest(tmp_path, dsn), code, "DATABASE_URL")


def test_a_database_that_is_not_there(earnest: Earnest) -> None:
    must_name(with_dsn(earnest, r"/test_\w+", "/nothing"), "no_such_database", "createdb")


def test_a_database_without_connections_left(earnest: Earnest, own_role: str) -> None:
    _run(earnest.dsn or "", f"ALTER ROLE {own_role} CONNECTION LIMIT 0")
    must_name(as_role(earnest, own_role), "no_connection_left", "max_connections")


@pytest.fixture
def own_role(earnest: Earnest) -> Iterator[str]:
    """Somebody who is neither superuser nor owner of anything."""
    name = f"role_{os.getpid()}_{abs(hash(earnest.dsn)) % 10**9}"
    _run(earnest.dsn or "", f"CREATE ROLE {name} LOGIN PASSWORD 'pw'")
    yield name
    _run(earnest.dsn or "", f"DROP OWNED BY {name}; DROP ROLE {name}")


def as_role(earnest: Earnest, role: str) -> Earnest:
    return with_dsn(earnest, r"//\w+:[^@]*@", f"//{role}:pw@")


def test_a_table_that_somebody_holds(earnest: Earnest) -> None:
    async def story() -> None:
        async with connected(earnest.dsn or "") as connection:
            await connection.execute("BEGIN; LOCK TABLE migrations")
            await asyncio.to_thread(must_name, earnest, "table_held", "pg_stat_activity")

    asyncio.run(story())


# --- the database is not as it should be ---------------------------------------------------------


def test_a_database_that_cannot_keep_every_language(tmp_path: Path, server_dsn: str) -> None:
    name = f"ascii_{os.getpid()}"
    _run(
        server_dsn,
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII'"
        " LOCALE_PROVIDER libc LOCALE 'C'",
    )
    try:
        must_name(Earnest(tmp_path, _named(server_dsn, name)), "not_utf8", "SQL_ASCII", "createdb")
    finally:
        _run(server_dsn, f"DROP DATABASE {name}")


def test_a_server_that_answers_before_it_has_written(earnest: Earnest) -> None:
    """The server of the tests is one: nobody pulls its plug."""
    must_name(earnest, "not_durable", "fsync", "ALTER SYSTEM SET fsync = on")


def test_fewer_connections_than_one_process_takes(earnest: Earnest) -> None:
    earnest.env["EARNEST_CONNECTIONS"] = "500"
    must_name(earnest, "too_few_connections", "500", "EARNEST_CONNECTIONS=")


def test_tables_of_somebody_else(earnest: Earnest, own_role: str) -> None:
    must_name(as_role(earnest, own_role), "no_rights", "GRANT")


def test_a_database_behind_the_program(earnest: Earnest) -> None:
    _run(earnest.dsn or "", f"DELETE FROM migrations WHERE name = '{NEWEST}'")
    must_name(earnest, "migrations_missing", NEWEST, "earnest migrate")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO migrations (name, sha256) VALUES ('9999_later.sql', 'x')",
        f"UPDATE migrations SET sha256 = 'x' WHERE name = '{NEWEST}'",
    ],
    ids=["newer", "changed"],
)
def test_a_database_that_another_version_has_changed(earnest: Earnest, sql: str) -> None:
    _run(earnest.dsn or "", sql)
    must_name(earnest, "migrations_unknown", "newer")


def test_an_empty_database(tmp_path: Path, server_dsn: str) -> None:
    name = f"nothing_{os.getpid()}"
    _run(server_dsn, f"CREATE DATABASE {name}")
    try:
        must_name(Earnest(tmp_path, _named(server_dsn, name)), "migrations_missing", "migrate")
    finally:
        _run(server_dsn, f"DROP DATABASE {name}")


# --- the site ------------------------------------------------------------------------------------


def test_books_that_were_halted(earnest: Earnest) -> None:
    _run(earnest.dsn or "", "INSERT INTO halts (what) VALUES ('a balance is below zero')")
    must_name(earnest, "books_do_not_balance", "a balance is below zero", "earnest ledger verify")


def pending(earnest: Earnest, gateway: str = "sandbox", due: str = "1 hour") -> None:
    """A deposit that should have been asked about so long ago."""
    people(earnest)
    _run(
        earnest.dsn or "",
        "INSERT INTO deposits SELECT 1, min(id), "
        f"'{gateway}', 'USD', 100, 'pending', NULL, NULL, now() - interval '{due}',"
        f" now() - interval '{due}', now() - interval '{due}' FROM users",
    )


def test_nobody_does_what_is_due(earnest: Earnest) -> None:
    pending(earnest)
    must_name(earnest, "no_worker", "1:00:0", "earnest worker")


def test_an_offer_that_should_have_lapsed_is_something_that_nobody_does(earnest: Earnest) -> None:
    people(earnest)
    earnest("contract", "offer", "--freelancer", ANA, "--currency", "USD", "--as", EMMA)
    assert "no_worker" not in examined(earnest)
    _run(earnest.dsn or "", "UPDATE contracts SET wakes_at = now() - interval '1 hour'")
    must_name(earnest, "no_worker", "1:00:0", "no offer lapses")


def test_a_preset_that_waits_for_somebody_who_rules(earnest: Earnest) -> None:
    people(earnest)
    must_name(earnest, "no_arbiter", "classic, not balanced", "earnest user role", state="note")
    earnest("user", "role", ANA, "arbiter")
    assert "no_arbiter" not in examined(earnest)


def test_a_payment_that_was_just_asked_for_is_not_overdue(earnest: Earnest) -> None:
    pending(earnest, due="1 minute")
    assert "no_worker" not in examined(earnest)


def test_a_dead_gateway_is_named_with_what_waits_for_it(earnest: Earnest) -> None:
    """The sandbox's gateway is as dead as its memory: here that was taken away."""
    pending(earnest)
    _run(earnest.dsn or "", "ALTER TABLE sandbox_payments RENAME TO lost")
    must_name(earnest, "gateway_silent", "sandbox", "1 payments wait, since", "nothing paid twice")


def test_a_payment_for_a_gateway_that_we_do_not_speak_with(earnest: Earnest) -> None:
    pending(earnest, gateway="stripe")
    must_name(earnest, "gateway_missing", "stripe")


def test_a_restored_site_is_a_note(earnest: Earnest) -> None:
    pending(earnest)
    _run(earnest.dsn or "", "INSERT INTO restores (taken_at) VALUES ('2026-01-02T03:04:05Z')")
    must_name(
        earnest, "payments_paused", "2026-01-02T03:04:05", "earnest payments resume", state="note"
    )
    assert "no_worker" not in examined(earnest)


def test_what_gateways_said_that_does_not_fit_is_a_note(earnest: Earnest) -> None:
    _run(
        earnest.dsn or "",
        "INSERT INTO breaks"
        " VALUES (1, 'dep_1', 'sandbox', 'paid_again', 'USD', 1, '1', 'p', now())",
    )
    must_name(earnest, "breaks", "1 things", state="note")


@pytest.mark.parametrize(
    "url",
    [
        "pay.example.com",
        "https://",
        "https://exa mple",
        "https://-x-",
        "https://a:b",
        "https://a/b",
    ],
)
def test_an_address_that_cannot_be(earnest: Earnest, url: str) -> None:
    earnest.env["EARNEST_URL"] = url
    must_name(earnest, "url_unusable", "EARNEST_URL=https://")


@pytest.mark.parametrize("url", ["http://pay.example.com", "https://localhost"])
def test_a_live_site_without_https(earnest: Earnest, url: str) -> None:
    _run(earnest.dsn or "", "UPDATE site SET mode = 'live'")
    earnest.env["EARNEST_URL"] = url
    must_name(earnest, "not_https", "HTTPS", "behind-tls")


@pytest.mark.parametrize("url", ["https://pay.example.com", "https://[2001:db8::1]:8443/"])
def test_a_live_site_with_https_is_well(earnest: Earnest, url: str) -> None:
    _run(earnest.dsn or "", "UPDATE site SET mode = 'live'")
    earnest.env["EARNEST_URL"] = url
    assert not {"not_https", "url_unusable"} & {*examined(earnest)}


# --- the settings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("EARNEST_PORT", "many", "port"),
        ("EARNEST_APPROVAL_LIMITS", "XQZ=1.00", "approval_limits"),
        ("EARNEST_PRESET", "wild", "preset"),
    ],
)
def test_a_setting_that_cannot_be_used(earnest: Earnest, name: str, value: str, word: str) -> None:
    earnest.env[name] = value
    must_name(earnest, "settings_invalid", word, "earnest config")


def test_a_setting_that_does_not_exist(earnest: Earnest) -> None:
    earnest.data_dir.mkdir()
    (earnest.data_dir / "earnest.toml").write_text("prot = 1\n")
    must_name(earnest, "settings_invalid", "prot")


def test_a_misspelt_variable_is_a_note(earnest: Earnest) -> None:
    earnest.env["EARNEST_PROT"] = "9000"
    must_name(earnest, "settings_unknown", "EARNEST_PROT", state="note")


# --- mail ----------------------------------------------------------------------------------------


def live(earnest: Earnest) -> None:
    _run(earnest.dsn or "", "UPDATE site SET mode = 'live'")
    earnest.env["EARNEST_URL"] = "https://pay.example.com"


def test_a_live_site_without_a_mail_server(earnest: Earnest) -> None:
    live(earnest)
    must_name(earnest, "no_mail_server", "EARNEST_SMTP_URL", "0 mails wait", state="note")


def test_a_mail_server_that_is_not_there(earnest: Earnest) -> None:
    live(earnest)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    earnest.env["EARNEST_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    must_name(earnest, "mail_server_silent", "three days", "EARNEST_SMTP_URL")


@pytest.mark.parametrize(
    ("name", "text"),
    [("SMTP_URL", "mail.example.com:25"), ("MAIL_FROM", "Earnest")],
)
def test_settings_of_mail_that_cannot_be_used(earnest: Earnest, name: str, text: str) -> None:
    earnest.env[f"EARNEST_{name}"] = text
    must_name(earnest, "settings_invalid", name.lower())


def test_a_password_of_the_mail_server_is_shown_to_nobody(earnest: Earnest) -> None:
    earnest.env["EARNEST_SMTP_URL"] = "smtps://me:hush@mail.example.com"
    assert "hush" not in earnest("config").output + earnest.unchecked("doctor").output
    assert "smtps://me:***@mail.example.com" in earnest("config").output
