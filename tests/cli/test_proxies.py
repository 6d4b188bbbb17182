"""Whose word counts for who the visitor is: a trusted proxy's, nobody else's."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Final

import click
import httpx
import pytest
from tests.cli.earnest import ROOT, Earnest

from earnest.cli.program import program
from earnest.config import NAMES, variable

CSRF: Final = re.compile(r'name="csrf" value="([^"]*)"')
UNIT: Final = ROOT / "docs" / "how-to" / "earnest.service"


def try_from_two(url: str) -> None:
    """Try two wrong passwords, each as another visitor of a proxy."""
    for visitor in ("198.51.100.1", "198.51.100.2"):
        with httpx.Client(base_url=url, headers={"X-Forwarded-For": visitor}) as client:
            found = CSRF.search(client.get("/signin").text)
            assert found
            form = {"email": "emma@example.com", "password": "wrong one", "csrf": found[1]}
            assert client.post("/signin", data=form).status_code == 422


@pytest.mark.parametrize(
    ("trusted", "counted"),
    [(None, 1), ("127.0.0.0/8", 1), ("192.0.2.1", 2), ("", 2)],
    ids=["by default", "named", "another", "nobody"],
)
def test_only_a_trusted_proxy_says_whose_tries_are_counted(
    earnest: Earnest, port: int, trusted: str | None, counted: int
) -> None:
    """Two visitors of one proxy are two; two that a stranger claims to be are that stranger."""
    earnest.env["FORWARDED_ALLOW_IPS"] = "*"  # Of uvicorn; ours decides.
    if trusted is not None:
        earnest.env["EARNEST_TRUSTED_PROXIES"] = trusted
    with earnest.serving(port=port) as url:
        try_from_two(url)
    ((most,),) = asyncio.run(earnest.sql("SELECT max(count) FROM attempts"))
    assert most == counted


def lines_of(name: str) -> list[str]:
    found = re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found


def test_the_unit_file_starts_a_command_that_there_is() -> None:
    (line,) = lines_of("ExecStart")
    path, command, *options = shlex.split(line)
    assert Path(path).name == "earnest"
    parent = click.Context(program)
    serve = program.get_command(parent, command)
    assert serve is not None
    with serve.make_context(command, options, parent=parent) as parsed:
        assert (parsed.params["host"], parsed.params["port"]) == ("127.0.0.1", 8000)


def test_the_unit_file_sets_settings_that_there_are() -> None:
    known = {variable(name) for name in NAMES}
    assert {line.partition("=")[0] for line in lines_of("Environment")} <= known


def test_systemd_understands_the_unit_file(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed here")
    unit = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace("/opt/earnest/bin/earnest", "/bin/true")
    unit.write_text(text)
    done = subprocess.run(
        [analyze, "verify", "--man=no", unit], check=False, capture_output=True, text=True
    )
    assert UNIT.name not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr
