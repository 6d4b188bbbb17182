"""Reputation counted anew: from events alone, in plain Python, as the formulas put it in words."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from tests.store.engine import Engine

from earnest.core.money import Money
from earnest.core.people import Party
from earnest.core.references import parsed
from earnest.core.reputation import WAITING, Measure, Record, Tally
from earnest.words.reputation import CRITERIA

Json = dict[str, Any]
Counted = dict[tuple[Measure, str], Tally]

_FUNDED: Final = {"contract.funded", "milestone.funded"}
_OVER: Final = {"released", "cancelled"}
#: What a sealed review waits for.
_SEALED: Final = timedelta(days=14)


@dataclass
class Piece:
    """A milestone, and when what happened to it."""

    row: Json
    funded_at: datetime | None = None
    submitted: list[datetime] = field(default_factory=list)
    decided: list[datetime] = field(default_factory=list)
    ended_at: datetime | None = None
    is_taken_back: bool = False

    def minor(self, name: str) -> int:
        return Money.parse(self.row[name]["amount"], self.row[name]["currency"]).minor

    @property
    def counts(self) -> bool:
        return self.funded_at is not None and not self.is_taken_back

    def is_dated(self, now: datetime) -> bool:
        """Whether it has an agreed due date that was met or missed by now."""
        if self.row["due_at"] is None or self.row["agreed_at"] is None:
            return False
        return bool(self.submitted) or self.due_at < (self.ended_at or now)

    @property
    def due_at(self) -> datetime:
        return datetime.fromisoformat(self.row["due_at"])


@dataclass
class Contract:
    """A contract, and what was funded in it."""

    sides: Mapping[Party, int]
    bid: Money | None
    accepted: bool = False
    ended_at: datetime | None = None
    all_pieces: dict[str, Piece] = field(default_factory=dict)
    disputes: int = 0
    #: By who wrote it.
    reviews: dict[int, Json] = field(default_factory=dict)

    @property
    def pieces(self) -> list[Piece]:
        return [each for each in self.all_pieces.values() if each.counts]

    @property
    def counts(self) -> bool:
        return self.accepted and bool(self.pieces)

    @property
    def began_at(self) -> datetime | None:
        return min((at for each in self.pieces for at in each.submitted), default=None)

    @property
    def has_begun(self) -> bool:
        return self.began_at is not None or self.released > 0

    @property
    def released(self) -> int:
        return sum(each.minor("released") for each in self.pieces)

    @property
    def currency(self) -> str:
        return str(self.pieces[0].row["amount"]["currency"])

    @property
    def gave_back(self) -> bool:
        return any(each.minor("returned") for each in self.pieces)

    def is_open(self, now: datetime) -> bool:
        """Whether what was said of each other is to be seen."""
        if self.ended_at is None:
            return False
        return set(self.reviews) == set(self.sides.values()) or self.ended_at + _SEALED <= now


async def contracts(engine: Engine) -> list[Contract]:
    """Every contract, as its events tell of it in their order."""
    found: dict[int, Contract] = {}
    records = await engine.database.pool.fetch(
        "SELECT name, contract_id, at, body FROM events WHERE contract_id IS NOT NULL"
        " ORDER BY contract_id, seq"
    )
    bids = await _bids(engine)
    for name, number, at, body in records:
        rows = json.loads(body)["rows"]
        if number not in found:
            found[number] = _made(next(r for r in rows if r["id"].startswith("ctr_")), bids)
        _tell(found[number], name, at, rows)
    reviews = await engine.database.pool.fetch("SELECT * FROM reviews")
    for review in reviews:
        found[review["contract_id"]].reviews[review["reviewer_id"]] = dict(review)
    return [*found.values()]


async def _bids(engine: Engine) -> dict[str, Money]:
    """For how much each bid was placed."""
    bodies = await engine.database.pool.fetch("SELECT body FROM events WHERE name = 'bid.placed'")
    rows = [row for (body,) in bodies for row in json.loads(body)["rows"]]
    return {
        row["id"]: Money.parse(row["amount"]["amount"], row["amount"]["currency"])
        for row in rows
        if row["id"].startswith("bid_")
    }


def _made(row: Json, bids: Mapping[str, Money]) -> Contract:
    sides = {side: parsed(row[side.value]["id"], "usr") for side in _SIDES}
    return Contract(sides, bids[row["bid_id"]] if row["bid_id"] else None)


_SIDES: Final = (Party.EMPLOYER, Party.FREELANCER)


def _tell(contract: Contract, name: str, at: datetime, rows: Iterable[Json]) -> None:
    if name == "contract.accepted":
        contract.accepted = True
    if name == "contract.ended":
        contract.ended_at = at
    contract.disputes += name == "milestone.disputed"
    released = any(row.get("id", "").startswith("rel_") for row in rows)
    decides = name == "milestone.changes_requested" or released
    for row in rows:
        if not row.get("id", "").startswith("ms_"):
            continue
        piece = contract.all_pieces.setdefault(row["id"], Piece(row))
        piece.row = row
        if name in _FUNDED:
            piece.funded_at = at
        if name == "milestone.taken_back":
            piece.is_taken_back = True
        if name == "milestone.submitted":
            piece.submitted.append(at)
        if decides:
            piece.decided.append(at)
        if row["status"] in _OVER and piece.ended_at is None:
            piece.ended_at = at


class Count:
    """How many there are, of how many, with whom."""

    def __init__(self) -> None:
        self.part, self.whole = 0, 0
        self.people: set[int] = set()

    def add(self, other: int, part: int, whole: int = 1) -> None:
        self.part += part
        self.whole += whole
        self.people.add(other)


def record(made: Iterable[Contract], person: int, side: Party, now: datetime) -> Record:
    """The record of a person on one side."""
    mine = [each for each in made if each.counts and each.sides[side] == person]
    counts: dict[tuple[Measure, str], Count] = defaultdict(Count)
    times: list[int] = []
    (across,) = {*_SIDES} - {side}
    for each in mine:
        other = each.sides[across]
        counts[Measure.CONTRACTS, ""].add(other, each.ended_at is not None)
        _count_reviews(counts, each, other, now)
        if side is Party.FREELANCER:
            _count_work(counts, each, other, now)
        else:
            times += _count_pay(counts, each, other)
    if side is Party.FREELANCER:
        _count_hires(counts, mine)
    if times:
        counts[Measure.HOURS_TO_DECIDE, ""].part = sorted(times)[len(times) // 2]
    return Record(side, {k: Tally(c.part, c.whole, len(c.people)) for k, c in counts.items()})


def paid_by_month(made: Iterable[Contract], person: int, side: Party) -> Counter[str]:
    """How many milestones of a person ended with a release in each month."""
    return Counter(
        piece.ended_at.strftime("%Y-%m")
        for each in made
        if each.sides[side] == person
        for piece in each.all_pieces.values()
        if piece.row["status"] == "released" and piece.ended_at is not None
    )


def _count_work(
    counts: dict[tuple[Measure, str], Count], each: Contract, other: int, now: datetime
) -> None:
    if each.ended_at is not None and each.has_begun:
        counts[Measure.COMPLETION_RATE, ""].add(other, not each.gave_back)
        if each.bid is not None and not each.gave_back:
            counts[Measure.ON_BUDGET, ""].add(other, each.released <= each.bid.minor)
    for piece in each.pieces:
        if piece.is_dated(now):
            on_time = bool(piece.submitted) and min(piece.submitted) <= piece.due_at
            counts[Measure.ON_TIME, ""].add(other, on_time)
    if each.released:
        counts[Measure.EARNINGS, ""].add(other, 0)
        counts[Measure.EARNINGS, each.currency].add(other, each.released)


def _count_hires(counts: dict[tuple[Measure, str], Count], mine: Iterable[Contract]) -> None:
    by_employer: dict[int, int] = defaultdict(int)
    for each in mine:
        by_employer[each.sides[Party.EMPLOYER]] += 1
    for employer, contracts_ in by_employer.items():
        counts[Measure.REPEAT_HIRE, ""].add(employer, contracts_ > 1)


def _count_pay(counts: dict[tuple[Measure, str], Count], each: Contract, other: int) -> list[int]:
    times: list[int] = []
    counts[Measure.DISPUTES, ""].add(other, each.disputes, 0)
    for piece in each.pieces:
        assert piece.funded_at is not None
        began = each.began_at
        counts[Measure.PAID_UP_FRONT, ""].add(other, began is None or piece.funded_at <= began)
        counts[Measure.DISPUTES, ""].add(other, 0)
        if each.has_begun and piece.ended_at is not None:
            share = piece.minor("released") * 10_000 // piece.minor("amount")
            counts[Measure.RELEASED_SHARE, ""].add(other, share)
        for at in piece.submitted:
            after = [decided for decided in piece.decided if decided >= at]
            if after:
                times.append(math.ceil((min(after) - at).total_seconds()))
                counts[Measure.HOURS_TO_DECIDE, ""].add(other, 0)
        if piece.row["status"] == "submitted":
            counts[Measure.HOURS_TO_DECIDE, WAITING].add(other, 1)
    return times


def _count_reviews(
    counts: dict[tuple[Measure, str], Count], each: Contract, other: int, now: datetime
) -> None:
    if other in each.reviews and each.is_open(now):
        stars = {name: each.reviews[other][name] for name in CRITERIA}
        for key, given in {**stars, "": sum(stars.values())}.items():
            counts[Measure.REVIEWS, key].add(other, given)
