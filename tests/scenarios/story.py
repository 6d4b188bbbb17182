"""Stories: what people ask for, line by line, and what they hear. Told to every interface.

    # A comment.
    employer    contract.offer freelancer                         ok
    employer    contract.fund 100.00                              ok
    freelancer  contract.accept                                   ok
    employer    release 100.01          (a cent too much)         more_than_held
    employer    release m1 40.00 key=k1                           ok
    = employer 0.00   freelancer 40.00   escrow 60.00

A line is: who, what, arguments, a remark in brackets if you like, and what they hear: `ok` or a
Reason. Blanks are only for the eye. What has no noun is asked of a milestone. The arguments:

    40.00  40.00 EUR  the amount, in USD if nothing is said; contract.fund makes a milestone of
                      each; of a bid the first is its amount, the others are what it proposes; of
                      a dispute the first is what is frozen, any other what the freelancer would get
    x50               the amount before it, fifty times
    m1 c1 d1 w1       the milestone, contract, deposit or withdrawal made first (second: m2) in this
    p1 b1 q1 v1       story, or the project, bid, message or dispute; unsaid, the one made last; a
                      release is called by its milestone: the newest, first one that is on its way
    files=f1,f2       the files put here first and second, to be attached; file.add has a `name`
                      and its `content`
    freelancer        a person, where an action is about one; `nobody` is a person who never was
    key=k1            the idempotency key: the same line again is a replay
    stale             accept what there was to see when the contract was made, not what is there
                      now; award the bid as it was when it was placed; agree to what never was
    note="All done"   any other field by its name; what must be there and is not said is made up
                      (destination=fail: a sandbox account of that name, DE00: an IBAN; links=a,b;
                      ratings=5,4,5,3,5; terms=24h: in how many hours an offer is answered;
                      terms=review:14d,floor:3d,rounds:3,overdue:30d,undo:10m: the original rules
                      with these clocks; due_at of contract.fund is that of each milestone;
                      due_at=5d: the end of the day that is five days later; until=5d: just then;
                      plan=10d:40%,20d:60%:retention: by which each milestone is paid in parts, or
                      12h:40.00 for at that moment and so much; t2: the second tranche of it)

And the lines that nobody is asked for:

    = employer 60.00 escrow 0.00    what is in the wallets, in all escrows, `releasing`, `reserve`,
                                    `dispute`, `stake`, `fees`, `outgoing`, `clearing`
    worker                          the worker asks the gateway until there is nothing more to ask
    advance 7d                      the test clock goes on (10m, 36h, 7d), and the worker does what
                                    is due
    late 7d                         the test clock goes on, and no worker has come yet to decide
    away 7d                         the test clock goes on, and no process is there all that time
    suspend employer                a person is suspended
    gateway  deposit.settle 99.00   SYSTEM says this itself, as a worker would; not every interface
                                    can be told such a story (`Story.by_gateway`)
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from tests.scenarios import disputing, planning
from tests.scenarios.agreeing import AGREEING, NEVER, SHORTER, SPAN, dated, later, span
from tests.scenarios.amounts import CURRENCY, Amount, spelled_out
from tests.scenarios.filling import completed, place

from earnest.core.actions import ACTIONS

OK: Final = "ok"
#: What balances are told of beside wallets.
_KINDS: Final = frozenset(
    {"escrow", "releasing", "reserve", "dispute", "stake", "fees", "outgoing", "clearing"}
)
#: Everybody there is, and the roles of some; `gateway` is SYSTEM; no one is ever `nobody`, whose
#: reference is one that no row has.
PEOPLE: Final = ("employer", "freelancer", "stranger", "operator", "colleague", "arbiter")
ROLES: Final = {"operator": "operator", "colleague": "operator", "arbiter": "arbiter"}
#: The site on which all stories happen: a sandbox without a fee, whose operator approves
#: withdrawals of more than 1,000.00 USD.
APPROVAL_LIMITS: Final = {"USD": 100_000}

_PREFIXES: Final = {
    "m": "milestone",
    "c": "contract",
    "d": "deposit",
    "w": "withdrawal",
    "p": "project",
    "b": "bid",
    "q": "message",
    "f": "file",
    "v": "dispute",
}
#: What is called by another row that it belongs to.
_PARENT: Final = {"release": "milestone", "tranche": "milestone"}
_ALIAS: Final = re.compile(r"[mcdwpbqfv][1-9][0-9]*")
_REMARK: Final = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Asked:
    """One thing asked by somebody, in words that every interface can turn into its own."""

    who: str
    #: The wire name: milestone.release.
    action: str
    #: The subject as the teller called it when it was made; None: the asker's own user row.
    subject: str | None
    #: As in a JSON body: {"amount": {"amount": "40.00", "currency": "USD"}}.
    fields: Mapping[str, Any]
    #: The idempotency key; None: one that was never used before.
    key: str | None


@dataclass(frozen=True)
class Heard:
    """The answer: `ok` or a Reason's code, and what was made (noun, the teller's name for it)."""

    outcome: str
    made: tuple[tuple[str, str], ...] = ()


class Teller(Protocol):
    """One interface, as a story needs it. Names of rows are its own; the story hands them back."""

    def ask(self, asked: Asked) -> Heard:
        """Ask, and tell what was heard. `who` is one of PEOPLE, or `gateway` for SYSTEM."""

    def person(self, name: str) -> str:
        """The reference of a person, as a field has it; `nobody`: one that no person has."""

    def deal(self, who: str, contract: str) -> Mapping[str, Any]:
        """What somebody sees that contract.accept asks back: its three fields."""

    def bid(self, who: str, bid: str) -> str:
        """What somebody sees of a bid that bid.award asks back: its hash."""

    def agreement(self, who: str, noun: str, subject: str) -> Mapping[str, str]:
        """What somebody sees that agreeing asks back: `hash`, `edit_hash` or `terms_hash`.

        Of a dispute the other's last `offer`, and `until` when somebody would extend it.
        """

    def release(self, who: str, milestone: str) -> str:
        """What the newest release of a milestone is called, first of those on their way."""

    def tranche(self, who: str, milestone: str, place: int) -> str:
        """What the tranche of a milestone at this place in its plan is called."""

    def now(self) -> datetime:
        """Where the test clock stands."""

    def balances(self, currency: str, people: Collection[str]) -> Mapping[str, str]:
        """The wallet of each of these people, and the sums of all other accounts of each kind.

        What is not in it is taken for nothing.
        """

    def worker(self) -> None:
        """Let the worker do all that there is to do."""

    def advance(self, span: timedelta) -> None:
        """Set the test clock forward, and let the worker do what is due by then."""

    def late(self, span: timedelta) -> None:
        """Set the test clock forward, before any worker decides."""

    def away(self, span: timedelta) -> None:
        """Let so much time pass while every process is stopped."""

    def suspend(self, who: str) -> None:
        """Suspend somebody."""


@dataclass(frozen=True)
class Line:
    """One line of a story, with the words that it was told in."""

    number: int
    text: str
    words: tuple[str, ...]

    @property
    def who(self) -> str:
        return self.words[0]

    @property
    def action(self) -> str:
        """The wire name; empty for the lines that nobody is asked for."""
        if self.who not in (*PEOPLE, "gateway"):
            return ""
        return self.words[1] if "." in self.words[1] else f"milestone.{self.words[1]}"

    @property
    def expected(self) -> str:
        return self.words[-1]


@dataclass(frozen=True)
class Story:
    """A file of lines."""

    name: str
    lines: tuple[Line, ...]

    @property
    def by_gateway(self) -> bool:
        """Whether SYSTEM speaks for itself in it, which not every interface lets happen."""
        return any(line.who == "gateway" for line in self.lines)


def stories() -> list[Story]:
    """All of them, by name."""
    return [read(path) for path in sorted(Path(__file__).parent.glob("*.txt"))]


def read(path: Path) -> Story:
    return Story(path.stem, tuple(parsed(path.read_text(encoding="utf-8"))))


def parsed(text: str) -> Iterator[Line]:
    """Read lines; whatever makes no sense is a ValueError that names the line."""
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        found = Line(number, line, tuple(shlex.split(_REMARK.sub(" ", said))))
        if found.who not in (*_ORDERS, *PEOPLE, "gateway"):
            raise ValueError(f"line {number}: who is {found.who}?")
        if found.action and found.action not in ACTIONS:
            raise ValueError(f"line {number}: there is no {found.action}")
        yield found


def tell(story: Story, teller: Teller) -> None:
    """Tell it, and stop at the first line that does not hear what it should."""
    telling = Telling(teller)
    for line in story.lines:
        place = f"{story.name}.txt:{line.number}: {line.text.strip()}"
        if line.who in _ORDERS:
            _ORDERS[line.who](telling, line.words[1:], place)
        else:
            heard = telling.ask(line)
            assert heard == line.expected, f"{place}\n  and was told {heard}"


@dataclass
class Telling:
    """What a story knows while it is told: what was made, and what was seen of contracts."""

    teller: Teller
    made: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def ask(self, line: Line) -> str:
        asked = self._understood(line.who, line.action, list(line.words[2:-1]))
        heard = self.teller.ask(asked)
        for noun, name in heard.made:
            known = self.made.setdefault(noun, [])
            if name not in known:  # A replay answers with what was made long ago.
                known.append(name)
                if noun == "contract":
                    self.seen[name] = self.teller.deal(line.who, name)
                elif noun == "bid":
                    self.seen[name] = {"bid_hash": self.teller.bid(line.who, name)}
        return heard.outcome

    def _understood(self, who: str, action: str, words: list[str]) -> Asked:
        noun = ACTIONS[action].kind.noun
        subject = None if noun == "user" else self._last(_PARENT.get(noun, noun))
        given: dict[str, Any] = {}
        key = None
        parts, words = planning.parted(words)
        for word in spelled_out(words):
            name, equals, value = word.partition("=")
            if isinstance(word, Amount):
                place(word, action, given)
            elif name == "key":
                key = value
            elif name in {"file", "files"}:
                found = [self._named(each) for each in value.split(",")]
                given[name] = found if name == "files" else found[0]
            elif equals:
                given[name] = SHORTER[name](value) if name in SHORTER else value
            elif word[0] == "q" and _ALIAS.fullmatch(word):
                given["question"] = self._named(word)
            elif _ALIAS.fullmatch(word):
                subject = self._named(word)
            elif word == "stale":
                given |= self._stale(action, subject or "")
            else:
                whom = "arbiter" if action == disputing.NAMING else "freelancer"
                given[whom] = self.teller.person(word)
        subject = self._part(who, noun, subject, parts)
        given = planning.planned({**given, **self._later(given)}, self.teller.now)
        given = dated({**self._unsaid(who, action, subject or "", given), **given}, action)
        return Asked(who, action, subject, completed(action, given), key)

    def _part(self, who: str, noun: str, subject: str | None, parts: list[int]) -> str | None:
        """A part of a milestone: its newest release, or the tranche at that place."""
        if noun == "release":
            return self.teller.release(who, subject or "")
        if noun == "tranche":
            return self.teller.tranche(who, subject or "", *(parts or [1]))
        return subject

    def _later(self, given: Mapping[str, Any]) -> Mapping[str, str]:
        """A due date that was said as a length of time, by the test clock."""
        due_at, until = given.get("due_at", ""), given.get("until", "")
        if SPAN.fullmatch(until):
            return {"until": disputing.until(self.teller.now(), until)}
        return {"due_at": later(self.teller.now(), due_at)} if SPAN.fullmatch(due_at) else {}

    def _stale(self, action: str, subject: str) -> Mapping[str, Any]:
        """What is no longer so, or never was."""
        if action in disputing.SEEN:
            name = disputing.SEEN[action]
            return {name: disputing.STALE[name]}
        return {AGREEING[action]: NEVER} if action in AGREEING else self.seen[subject]

    def _unsaid(
        self, who: str, action: str, subject: str, said: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """What they look up before they ask, unless it was said."""
        if action == "contract.accept" and "terms_hash" not in said:
            return self.teller.deal(who, subject)
        if action == "bid.award" and "bid_hash" not in said:
            return {"bid_hash": self.teller.bid(who, subject)}
        asked = {**AGREEING, **disputing.SEEN}.get(action)
        if asked is not None and asked not in said:
            noun = ACTIONS[action].kind.noun
            return {asked: self.teller.agreement(who, noun, subject)[asked]}
        if action == "project.answer" and "question" not in said:
            return {"question": self._last("message")}
        return {}

    def _named(self, alias: str) -> str:
        return self.made[_PREFIXES[alias[0]]][int(alias[1:]) - 1]

    def _last(self, noun: str) -> str:
        """Name the one made last; before there is any, there is nothing to ask of."""
        return self.made[noun][-1]

    def must_have(self, words: tuple[str, ...], place: str) -> None:
        """Compare the balances: name, amount, and a currency if it is not USD."""
        told, people = [*words, ""], set(PEOPLE) & set(words)
        seen: dict[str, Mapping[str, str]] = {}
        while len(told) > 1:
            name, amount, *rest = told
            named = bool(CURRENCY.fullmatch(rest[0]))
            currency = rest[0] if named else "USD"
            if currency not in seen:
                seen[currency] = self.teller.balances(currency, people)
            assert name in PEOPLE or name in _KINDS, place
            has = seen[currency].get(name, "0")
            empty = not has.strip("0.") and not amount.strip("0.")
            assert has == amount or empty, f"{place}\n  but {name} has {has}"
            told = rest[1:] if named else rest


def _worker(telling: Telling, words: tuple[str, ...], place: str) -> None:
    assert not words, place
    telling.teller.worker()


def _advance(telling: Telling, words: tuple[str, ...], place: str) -> None:
    telling.teller.advance(_span(words, place))


def _late(telling: Telling, words: tuple[str, ...], place: str) -> None:
    telling.teller.late(_span(words, place))


def _away(telling: Telling, words: tuple[str, ...], place: str) -> None:
    telling.teller.away(_span(words, place))


def _span(words: tuple[str, ...], place: str) -> timedelta:
    found = SPAN.fullmatch("".join(words))
    assert found, place
    return span(found)


def _suspend(telling: Telling, words: tuple[str, ...], place: str) -> None:
    (who,) = words
    assert who in PEOPLE, place
    telling.teller.suspend(who)


_ORDERS: Final[Mapping[str, Callable[[Telling, tuple[str, ...], str], None]]] = {
    "=": Telling.must_have,
    "worker": _worker,
    "advance": _advance,
    "late": _late,
    "away": _away,
    "suspend": _suspend,
}
