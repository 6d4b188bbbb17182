"""`earnest config`: what is in force, from where, and nothing secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.earnest import Earnest

from earnest.config import masked


@pytest.fixture
def earnest(tmp_path: Path) -> Earnest:
    """An installation without a database: settings need none."""
    (tmp_path / "data").mkdir()
    return Earnest(tmp_path / "data", "postgresql://me:hush@db.example/earnest")


def told(earnest: Earnest, name: str) -> tuple[Any, str]:
    found = earnest.json("config")["settings"][name]
    return found["value"], found["source"]


def file_of(earnest: Earnest, text: str) -> Path:
    file = earnest.data_dir / "earnest.toml"
    file.write_text(text)
    return file


def test_each_setting_says_where_it_comes_from(earnest: Earnest) -> None:
    file = file_of(earnest, 'signup = "open"\nport = 9000\n[approval_limits]\nUSD = "10.00"\n')
    earnest.env["EARNEST_PORT"] = "9001"
    assert told(earnest, "signup") == ("open", str(file))
    assert told(earnest, "approval_limits") == ({"USD": "10.00"}, str(file))
    assert told(earnest, "port") == (9001, "EARNEST_PORT")
    assert told(earnest, "preset") == ("balanced", "default")
    assert told(earnest, "data_dir") == (str(earnest.data_dir), "EARNEST_DATA_DIR")
    other = earnest.json("config", "--data-dir", earnest.data_dir)["settings"]["data_dir"]
    assert other["source"] == "--data-dir"


def test_a_password_is_masked_for_people_and_programs(earnest: Earnest) -> None:
    shown = "postgresql://me:***@db.example/earnest"
    assert told(earnest, "database_url") == (shown, "DATABASE_URL")
    assert shown in earnest("config").stdout
    assert "hush" not in earnest("config").output + earnest("config", "--json").output


def test_the_key_of_secrets_is_shown_to_nobody(earnest: Earnest) -> None:
    earnest.env["EARNEST_SECRET_KEY"] = "scheme:hush" * 3
    assert told(earnest, "secret_key") == ("***", "EARNEST_SECRET_KEY")
    assert "hush" not in earnest("config").output + earnest("config", "--json").output


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://db.example/earnest", "postgresql://db.example/earnest"),
        ("postgresql://me@db.example/e", "postgresql://me@db.example/e"),
        ("postgresql://me:a%40b@[::1]:5432/e?x=1", "postgresql://me:***@[::1]:5432/e?x=1"),
        ("postgresql://me@db.example/e?password=hush", "***"),
        ("host=db.example password=hush", "***"),
        ("postgresql://me:hush@[/e", "***"),
    ],
)
def test_no_form_of_an_address_shows_its_password(url: str, shown: str) -> None:
    assert masked(url) == shown


def test_unknown_settings_are_named(earnest: Earnest) -> None:
    earnest.env["EARNEST_PROT"] = "9000"
    assert earnest.json("config")["unknown"] == ["EARNEST_PROT"]
    assert "EARNEST_PROT in the environment is no setting." in earnest("config").stderr
    file = file_of(earnest, "prot = 9000\n")
    problems = earnest.json("config", code=1)["problems"]
    assert problems == [f"{file} has a setting that does not exist: prot"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("port = [", "cannot be read"),
        ('port = "many"', "port is a whole number, not 'many'"),
        ("url = 5", "url is a text, not 5"),
        ("connections = 0", "connections is at least 1, not 0"),
        ("[approval_limits]\nUSD = 1000", "approval_limits looks like USD=1000.00,JPY=100000"),
        ('[approval_limits]\nXQZ = "1.00"', "approval_limits: "),
        ('preset = "wild"', "preset is one of"),
        ('signup = "sometimes"', "signup is one of"),
        ('trusted_proxies = "*"', "trusted_proxies holds addresses and networks, not '*'"),
        ('trusted_proxies = "10.0.0.1/8"', "trusted_proxies holds addresses and networks"),
        ('data_dir = "/elsewhere"', "cannot say data_dir"),
        ("fresh_minutes = 0", "fresh_minutes is from 1 to 1440, not 0"),
        ('secret_key = "short"', "secret_key has 32 characters or more"),
    ],
)
def test_what_cannot_be_used_is_named_and_ends_with_1(
    earnest: Earnest, text: str, problem: str
) -> None:
    file_of(earnest, f"{text}\n")
    (found,) = earnest.json("config", code=1)["problems"]
    assert problem in found
    assert problem in earnest("config", code=1).stderr


def test_a_command_refuses_what_config_finds(earnest: Earnest) -> None:
    file_of(earnest, "prot = 9000\n")
    assert "does not exist: prot" in earnest("ledger", "verify", code=2).stderr
