"""Rows for people: a table of several, a list of fields of one. Programs get JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from earnest.cli.desk import Desk

Json = dict[str, Any]

#: What a table of each noun shows, as far as its rows have it.
COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "user": ("id", "name", "email", "status", "roles", "signs_in"),
    "record": ("side", "figure", "is", "counted"),
    "token": ("id", "name", "scopes", "expires_at", "revoked_at"),
    "project": (
        "id", "status", "title", "budget_min", "budget_max", "bids", "reserved", "closes_at",
    ),
    "file": ("id", "name", "type", "size", "owner", "created_at"),
    "bid": ("id", "status", "project_id", "freelancer", "amount", "period_days", "shortlisted"),
    "contract": ("id", "status", "employer", "freelancer", "currency", "funded", "created_at"),
    "milestone": (
        "id", "status", "amount", "held", "releasing", "frozen", "released", "returned", "due_at",
        "description",
    ),
    "release": ("id", "status", "milestone_id", "amount", "fee", "final_at", "created_at"),
    "dispute": (
        "id", "status", "milestone_id", "amount", "opener_figure", "other_figure", "arbiter",
        "ends_at",
    ),
    "offer": ("id", "dispute_id", "maker", "to_freelancer", "statement", "created_at"),
    "exhibit": ("position", "type", "maker", "text", "size", "opened_by"),
    "review": ("id", "contract_id", "reviewer", "reviewed", "ratings", "text", "created_at"),
    "deposit": ("id", "status", "amount", "gateway", "sandbox", "created_at"),
    "withdrawal": ("id", "status", "amount", "gateway", "destination", "created_at"),
    "fate": ("at", "at_latest", "action", "subject", "pays"),
    "notice": ("id", "title", "at", "read_at"),
    "found": ("id", "status", "amount", "person", "title"),
    "balance": (
        "currency", "wallet", "reserved", "held_outgoing", "held_incoming", "releasing_outgoing",
        "releasing_incoming", "frozen_outgoing", "frozen_incoming", "on_the_way",
    ),
}  # fmt: skip

#: Wide enough that nothing is broken where nobody looks at it.
_WIDTH_OF_A_PIPE: Final = 240


def console() -> Console:
    """Standard output, as wide as it is."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE, highlight=False)


def print_rows(desk: Desk, noun: str, rows: Sequence[Json], *, one: bool = False) -> None:
    """Print rows of a noun; one alone is not a list."""
    if desk.json:
        desk.print_json(rows[0] if one else {"items": list(rows)})
    elif one:
        _print_one(rows[0])
    else:
        _print_table(noun, rows)


def print_fate(desk: Desk, fate: Json) -> None:
    """Print what happens by time alone, one line a step, and whether all of it ends."""
    if desk.json:
        desk.print_json(fate)
        return
    waits = any(is_late(each) for each in fate["items"])
    rows = [
        {
            "at": each["at"],
            **({"at_latest": each["at_latest"] if is_late(each) else None} if waits else {}),
            "action": each["action"],
            "subject": each["subject"],
            "pays": [f"{said(pay['amount'])} to {pay['to']}" for pay in each["pays"]],
        }
        for each in fate["items"]
    ]
    _print_table("fate", rows)
    if not fate["ends"]:
        console().print("Something waits without a date: no end.", style="bold red")


def is_late(step: Json) -> bool:
    """Whether it happens later if somebody cannot be told in time."""
    return bool(step["at_latest"] != step["at"])


def _print_table(noun: str, rows: Sequence[Json]) -> None:
    if not rows:
        console().print("Nothing.", style="dim")
        return
    columns = [name for name in COLUMNS[noun] if name in rows[0]]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        is_money = isinstance(rows[0][name], dict) and "amount" in rows[0][name]
        table.add_column(name.replace("_", " "), justify="right" if is_money else "left")
    for row in rows:
        table.add_row(*(Text(said(row[name])) for name in columns))
    console().print(table)


def _print_one(row: Json) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in row.items():
        if value not in (None, "", []):
            table.add_row(name.replace("_", " "), Text(said(value)))
    console().print(table)


def said(value: object) -> str:
    """A value of JSON in a few words."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(said(each) for each in value)
    if isinstance(value, dict):
        if value.keys() == {"amount", "currency"}:
            return f"{value['amount']} {value['currency']}"
        if value.keys() == {"id", "name"}:
            return f"{value['name']} ({value['id']})"
        return ", ".join(f"{name} {said(each)}" for name, each in value.items() if each is not None)
    return str(value)
