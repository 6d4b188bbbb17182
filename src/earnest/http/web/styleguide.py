"""What the style guide shows: one story told with every part that a page can be made of.

Rosa rebuilds her shop; Ana builds it. Nothing here is read from a database or written to one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from earnest.core.bids.row import BidStatus
from earnest.core.contracts import ContractStatus
from earnest.core.disputes.row import DisputeStatus
from earnest.core.milestones.releasing import ReleaseStatus
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.money import Money
from earnest.core.payments.depositing import DepositStatus
from earnest.core.payments.withdrawing import WithdrawalStatus
from earnest.core.projects.row import ProjectStatus
from earnest.http.web import beginning, styleguide_pictures, styleguide_plans
from earnest.store.beginnings import Aim, Beginning, Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOON: Final = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)

STATUSES: Final[Mapping[str, Sequence[str]]] = {
    "Milestone": (*MilestoneStatus, "disputed"),
    "Contract": (*ContractStatus,),
    "Project": (*ProjectStatus,),
    "Bid": (*BidStatus, "shortlisted"),
    "Deposit": (*DepositStatus,),
    "Release": (*ReleaseStatus,),
    "Withdrawal": (*WithdrawalStatus,),
    "Dispute": (*DisputeStatus,),
    "Anything else": ("no_such_status",),
}


@dataclass(frozen=True, slots=True)
class Sorting:
    """A list that is sorted by when its rows are due."""

    sort: str = "due_at"

    def address(self, sort: str) -> str:
        """The same list in another order."""
        return f"?sort={sort}"


def samples() -> dict[str, Any]:
    """Everything that `styleguide.html` asks for, except what every page is given."""
    return {
        "statuses": STATUSES,
        "amounts": _amounts(),
        "noon": NOON,
        "later": NOON + timedelta(hours=72),
        "balances": _balances(),
        "tabs": _links("/finances", "Overview", "Milestones", "Transactions", "Withdrawals"),
        "views": _links("?direction", "Incoming", "Outgoing"),
        "rows": _rows(),
        "menu": _menu(),
        "sorting": Sorting(),
        "events": _events(),
        "steps": _steps(),
        "checklist": beginning.steps(Beginning(Aim.HIRE, frozenset({Step.DEPOSITED}))),
        "legs": _legs(),
        "skills": [
            {"value": each, "text": each.capitalize(), "ticked": "1" if each == "python" else ""}
            for each in ("css", "design", "python", "sql")
        ],
        "attached": _attached(),
        "fates": [
            "USD 400.00 is final for Ana Souza on 23 Nov 2026, 14:12 UTC",
            "USD 700.00 returns to Rosa Lind on 30 Dec 2026, 23:59 UTC",
            "USD 100.00 is released to Ana Souza on 4 Jan 2027, 9:00 UTC",
        ],
        "cannot": _cannot(),
        "messages": _messages(),
        "months": _months(),
        "problems": [
            {"field": "budget", "text": "The budget is above what you have."},
            {"field": "milestones[0].amount", "text": "Between USD 0.01 and USD 800.00."},
            {"field": "", "text": "Nothing was released."},
        ],
    }


def pictured() -> dict[str, Any]:
    """Everything that `styleguide_pictures.html` asks for: each page stays light."""
    return {**styleguide_plans.samples(NOON), **styleguide_pictures.samples(NOON)}


def _attached() -> list[dict[str, str]]:
    return [
        {"id": "fil_1", "href": "#messages", "name": "plan.pdf", "meta": "PDF, 1.2 MB"},
        {"id": "fil_2", "href": "#messages", "name": "رسم.png", "meta": "PNG picture"},
    ]


def usd(minor: int) -> Money:
    """So many cents."""
    return Money(minor, "USD")


def _amounts() -> dict[str, Money]:
    return {
        "held": usd(80_000),
        "whole": usd(120_000),
        "released": usd(40_000),
        "returned": usd(10_000),
        "rest": usd(70_000),
        "none": usd(0),
        "out": usd(-40_000),
        "yen": Money(421_000, "JPY"),
        "dinar": Money(1_500, "KWD"),
    }


def _balances() -> list[dict[str, Any]]:
    return [
        {
            "icon": "wallet",
            "term": "Available",
            "value": usd(421_050),
            "note": "Spend or withdraw it now",
            "href": "/finances/transactions",
        },
        {
            "icon": "lock",
            "term": "In escrow, outgoing",
            "value": usd(340_000),
            "note": "Held for your freelancers",
            "href": "/finances/milestones?direction=outgoing",
        },
        {
            "icon": "shield-check",
            "term": "In escrow, incoming",
            "value": usd(150_000),
            "note": "Secured for you, not yet yours",
            "href": "/finances/milestones?direction=incoming",
        },
        {
            "icon": "arrow-up-right",
            "term": "Withdrawals on the way",
            "value": usd(60_000),
            "note": "Arrives by 25 Nov 2026",
            "href": None,
        },
    ]


def _links(base: str, *texts: str) -> list[dict[str, Any]]:
    mark = "=" if "?" in base else "/"
    return [
        {"href": f"{base}{mark}{text.lower()}", "text": text, "here": index == 1}
        for index, text in enumerate(texts)
    ]


def _rows() -> list[dict[str, Any]]:
    told = (
        ("MS-104", "Checkout API", "Ana Souza", "submitted", -2, 80_000, 0),
        ("MS-103", "Design system and tokens", "Ana Souza", "funded", 11, 120_000, 40_000),
        ("MS-099", "Arabic localisation", "يوسف حداد", "requested", 20, 65_000, 0),
        ("MS-091", "Discovery workshop", "Marta Ruiz", "released", -24, 45_000, 45_000),
        ("MS-088", "Logo refresh", "Kenji Ito", "cancelled", -42, 30_000, 0),
    )
    return [
        {
            "reference": reference,
            "title": title,
            "who": who,
            "status": MilestoneStatus(status),
            "due": NOON + timedelta(days=days),
            "amount": usd(amount),
            "released": usd(released),
        }
        for reference, title, who, status, days, amount, released in told
    ]


def _menu() -> list[dict[str, Any]]:
    return [
        {"href": "/milestones/MS-104/release", "text": "Release", "icon": "arrow-up-right"},
        {"href": "/contracts/CT-17#say", "text": "Message", "icon": "message-square"},
        {
            "href": "/milestones/MS-104/cancel",
            "text": "Cancel and give back",
            "icon": "undo-2",
            "danger": True,
            "first_of_group": True,
        },
    ]


def _events() -> list[dict[str, Any]]:
    told = (
        ("Released in part", "Rosa Lind", "web", 0, usd(40_000), "/receipts/TR-8821", None),
        ("Submitted", "Ana Souza", "API", -2, None, None, "All three pages, and their tests."),
        ("Funded", "Rosa Lind", "web", -9, usd(120_000), "/receipts/TR-8702", None),
        ("Award lapses unless accepted", None, "clock", -10, None, None, None),
    )
    return [
        {
            "title": title,
            "actor": actor,
            "via": via,
            "at": NOON + timedelta(days=days),
            "amount": amount,
            "href": href,
            "detail": detail,
        }
        for title, actor, via, days, amount, href, detail in told
    ]


def _steps() -> list[dict[str, str]]:
    states = ("done", "done", "now", "next", "next")
    texts = ("Offered", "Funded", "Submitted", "Released", "Ended")
    return [{"text": t, "state": s} for t, s in zip(texts, states, strict=True)]


def _legs() -> list[dict[str, Any]]:
    return [
        {"from_text": "Escrow of MS-103", "to_text": "Wallet of Ana Souza", "amount": usd(38_000)},
        {"from_text": "Escrow of MS-103", "to_text": "Fees", "amount": usd(2_000)},
    ]


def _cannot() -> list[dict[str, str]]:
    return [
        {"action": "Cancel", "sentence": "Only Ana Souza can give this money back. Ask her to."},
        {"action": "Decline", "sentence": "It is funded, so there is nothing left to decline."},
    ]


def _messages() -> list[dict[str, Any]]:
    return [
        {
            "sender": "Ana Souza",
            "mine": False,
            "at": NOON - timedelta(hours=5),
            "text": "The checkout is done.\nPlease look at it and release what you agree with.",
            "about": "MS-104",
            "links": ["https://example.com/a/very/long/address/that/has/no/place/to/break/at/all"],
        },
        {
            "sender": "Rosa Lind",
            "mine": True,
            "at": NOON,
            "text": "Thank you, I released half of it.",
            "about": None,
            "links": [],
        },
    ]


def _months() -> list[dict[str, Any]]:
    totals = (("Jun", 900), ("Jul", 1600), ("Aug", 1400), ("Sep", 2300), ("Oct", 3100))
    return [{"text": text, "total": total, "height": total // 34} for text, total in totals]
