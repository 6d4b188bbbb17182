"""Short ways by which commands bring an installation to where a test begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.cli.earnest import Earnest

EMMA = "emma@example.com"
ANA = "ana@example.com"
EVE = "eve@example.com"
OLGA = "olga@example.com"


def people(earnest: Earnest) -> None:
    earnest("user", "add", "Emma Berg", EMMA)
    earnest("user", "add", "Ana Souza", ANA)
    earnest("user", "add", "Eve Adams", EVE)
    earnest("user", "add", "Olga Petrova", OLGA, "--role", "operator")


def deposit(earnest: Earnest, amount: str, who: str = EMMA, **given: str) -> Any:
    options = [word for name, value in given.items() for word in (f"--{name}", value)]
    return earnest.json(
        "deposit", "start", "--gateway", "sandbox", "--amount", amount, "--as", who, *options
    )


@dataclass
class Deal:
    contract: str
    milestone: str


def agreed(earnest: Earnest, amount: str = "100.00") -> Deal:
    """Emma and Ana have agreed, and so much is held."""
    deposit(earnest, f"{amount} USD")
    offer = ("contract", "offer", "--freelancer", ANA, "--currency", "USD", "--as", EMMA)
    contract = earnest.json(*offer)["id"]
    line = f"description=Logo, in colour,amount={amount}"
    (milestone,) = earnest.json("contract", "fund", contract, "--milestone", line, "--as", EMMA)[
        "items"
    ]
    accept(earnest, contract)
    return Deal(contract, milestone["id"])


def accept(earnest: Earnest, contract: str, who: str = ANA) -> Any:
    seen = earnest.json("contract", "show", contract, "--as", who)
    return earnest.json(
        "contract", "accept", contract, "--as", who, "--funded", seen["funded"]["amount"],
        "--terms-hash", seen["terms_hash"], "--milestones-hash", seen["milestones_hash"],
    )  # fmt: skip


def wallet(earnest: Earnest, who: str, currency: str = "USD") -> str:
    held = earnest.json("balance", "--as", who)["items"]
    found: list[str] = [each["wallet"]["amount"] for each in held if each["currency"] == currency]
    return found[0] if found else "0"
