"""Every story that people can tell themselves, told to the pages: form, check page, receipt."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from tests.http.telling import HttpTeller, peopled
from tests.scenarios.agreeing import AGREEING, NEVER
from tests.scenarios.disputing import SEEN, STALE
from tests.scenarios.story import Asked, Heard, Story, stories, tell
from tests.web.browser import Browser, browsing
from tests.web.deals import with_a_worker
from tests.web.drawer import Drawer
from tests.web.plans_typed import can_be_typed, laid_out
from tests.web.reading import Form, Node, code_in, form_in, main_of, tree

from earnest.core.actions import ACTIONS
from earnest.core.money import Money
from earnest.core.references import parsed
from earnest.http.web.acting import OWN
from earnest.http.web.sheets import is_checked
from earnest.http.web.subjects import verb_of
from earnest.store.verify import verify
from earnest.wire.parse import parse_action
from earnest.words import numbers
from earnest.words.actions import phrases_of
from earnest.words.amounts import number

ADDRESSES = {name: path for path, name in OWN.items()}


@dataclass(frozen=True)
class Confirmed:
    """A check page that was confirmed: what it was sent, and the receipt that it led to."""

    asked: Asked
    path: str
    values: Mapping[str, str]
    receipt: str


@dataclass
class PageTeller(HttpTeller):
    """The pages as an interface: rows are called by the reference in their address."""

    browsers: Mapping[str, Browser]
    #: By asker and key. Nobody chooses a key on a page: a check page is one.
    confirmed: dict[tuple[str, str], Confirmed] = field(default_factory=dict)
    #: What was last to be seen of each contract that waits for its answer.
    deals: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    drawer: Drawer = field(init=False)

    def __post_init__(self) -> None:
        self.drawer = Drawer(self.people)

    def ask(self, asked: Asked) -> Heard:
        return self.loop.run(self._heard(asked))

    async def _heard(self, asked: Asked) -> Heard:
        if ACTIONS[asked.action].takes_bytes:
            return await self.drawer.laid(asked)
        if not self.drawer.can_be_ticked(asked):
            return await self._by_the_rules(await self.drawer.known(asked), None)
        before = self.confirmed.get((asked.who, asked.key or ""))
        if before is not None:
            return await self._again(asked, before)
        if not can_be_typed(asked) or await self._is_in_another_currency(asked):
            return await self._by_the_rules(asked, None)
        browser = self.browsers[asked.who]
        path = address_of(asked)
        shown = await browser.open(path)
        if shown.status_code != 200:
            return await self._by_hand(asked, shown)
        typed = typed_for(asked)
        form = form_in(shown)
        if any(each.startswith("exhibits.") for each in set(typed) - form.names):
            return await self._by_the_rules(asked, None)  # Nobody can tick what is not there.
        form = await self._with_room_for(_without_plans(typed), form, browser)
        typed, form = await laid_out(asked, typed, form, browser)
        answer = await self.drawer.sent(asked, form, typed, browser)
        if is_checked(asked.action) and answer.is_redirect:
            answer = await self._confirmed(asked, await browser.follow(answer))
        if not answer.is_redirect:
            return Heard(code_in(answer))
        landed = await browser.follow(answer)
        assert (landed.status_code, code_in(landed)) == (200, "")
        return Heard("ok", made_on(landed, asked.action))

    async def _with_room_for(self, typed: Mapping[str, str], form: Form, browser: Browser) -> Form:
        """Press the form's buttons until there is a field for everything that is to be typed."""
        names = {each.number: name for name, each in self.people.items()}
        if "freelancer" in typed:
            name = names.get(parsed(typed["freelancer"], "usr"), "nobody")
            found = await browser.post(form.action, {**form.values, "q": name, "search": "1"})
            form = form_in(found)
        while any(name.startswith("milestones.") for name in set(typed) - form.names):
            more = {**form.values, "add": "milestones"}
            form = form_in(await browser.post(form.action, more))
        missing = set(typed) - form.names
        assert missing <= {"freelancer"}, f"there is no field for {missing}"
        return form

    async def _by_hand(self, asked: Asked, shown: httpx.Response) -> Heard:
        """Where there is no form, sending one all the same hears the same."""
        browser = self.browsers[asked.who]
        answer = await browser.send(address_of(asked), typed_for(asked))
        assert (answer.status_code, code_in(answer)) == (shown.status_code, code_in(shown))
        return Heard(code_in(answer))

    async def _confirmed(self, asked: Asked, check: httpx.Response) -> httpx.Response:
        """Tick what has to be ticked on the check page, and send it."""
        browser, form = self.browsers[asked.who], form_in(check)
        assert (check.status_code, form.action) == (200, check.url.path)
        values = {**form.values, **dict.fromkeys({"ok"} & form.names, "1")}
        if asked.action == "deposit.start":
            async with with_a_worker(self.house):
                answer = await browser.post(form.action, values)
        else:
            answer = await browser.post(form.action, values)
        if asked.key is not None and answer.is_redirect:
            place = (asked.who, asked.key)
            receipt = answer.headers["location"]
            self.confirmed[place] = Confirmed(asked, form.action, values, receipt)
        return answer

    async def _again(self, asked: Asked, before: Confirmed) -> Heard:
        """The same page sent again leads to the same receipt; another thing is another page."""
        if asked != before.asked:
            return await self._by_the_rules(asked, before)
        answer = await self.browsers[asked.who].post(before.path, before.values)
        assert answer.headers["location"] == before.receipt
        landed = await self.browsers[asked.who].follow(answer)
        return Heard("ok", made_on(landed, asked.action))

    async def _by_the_rules(self, asked: Asked, before: Confirmed | None) -> Heard:
        """What no page can say: an amount in another currency than its form's, or a used key."""
        who = self.people[asked.who].number
        reference = asked.subject or ""
        subject = parsed(reference, reference.partition("_")[0]) if reference else who
        key = before.path.rpartition("/")[2] if before is not None else None
        action = parse_action(asked.action, subject, asked.fields)
        answer = await self.house.app.do(who, action, key=key, via="web")
        assert answer.problem is not None, "only what is refused cannot be typed"
        return Heard(json.loads(answer.problem)["code"])

    async def _is_in_another_currency(self, asked: Asked) -> bool:
        """A form about a contract has its one currency; nobody can type another."""
        if asked.subject is None:
            currency = asked.fields.get("currency")
            said = amounts_in(asked.fields) if currency is not None else []
            return any(each["currency"] != currency for each in said)
        prefix, kind = asked.subject.partition("_")[0], ACTIONS[asked.action].kind
        sql = f"SELECT currency FROM {kind.noun}s WHERE id = $1"
        currency = await self.house.value(sql, parsed(asked.subject, prefix))
        return any(each["currency"] != currency for each in amounts_in(asked.fields))

    def deal(self, who: str, contract: str) -> Mapping[str, Any]:
        return self.loop.run(self._deal(contract))

    async def _deal(self, contract: str) -> Mapping[str, Any]:
        """What the acceptance of it carries; once it is answered, what it carried last."""
        sql = "SELECT freelancer_id, currency FROM contracts WHERE id = $1"
        row = await self.house.app.database.pool.fetchrow(sql, parsed(contract, "ctr"))
        assert row is not None
        (who,) = [name for name, each in self.people.items() if each.number == row[0]]
        page = await self.browsers[who].open(f"/contracts/{contract}/accept")
        if page.status_code == 200:
            values = dict(form_in(page).values)
            amount = values["funded"].replace(",", "")
            self.deals[contract] = {
                "terms_hash": values["terms_hash"],
                "funded": {"amount": amount, "currency": row[1]},
                "milestones_hash": values["milestones_hash"],
            }
        return self.deals[contract]

    def bid(self, who: str, bid: str) -> str:
        return self.loop.run(self._bid(bid))

    async def _bid(self, bid: str) -> str:
        """What the award of it carries, as its employer sees it."""
        employer = await self.house.value(
            "SELECT employer_id FROM bids WHERE id = $1", parsed(bid, "bid")
        )
        (who,) = [name for name, each in self.people.items() if each.number == employer]
        page = await self.browsers[who].open(f"/bids/{bid}/award")
        if page.status_code == 200:
            self.deals[bid] = {"bid_hash": form_in(page).values["bid_hash"]}
        found: str = self.deals[bid]["bid_hash"]
        return found

    def agreement(self, who: str, noun: str, subject: str) -> Mapping[str, str]:
        return self.loop.run(self._agreement(who, noun, subject))

    async def _agreement(self, who: str, noun: str, subject: str) -> Mapping[str, str]:
        """What the forms of agreeing carry; where there is no form, nothing that ever was."""
        found = {**dict.fromkeys(AGREEING.values(), NEVER), **STALE}
        for action, name in {**AGREEING, **SEEN}.items():
            kind = ACTIONS[action].kind
            if kind.noun != noun:
                continue
            page = await self.browsers[who].open(f"/{noun}s/{subject}/{verb_of(action, kind)}")
            if page.status_code == 200:
                found[name] = form_in(page).values[name]
        return found

    def balances(self, currency: str, people: Collection[str]) -> Mapping[str, str]:
        return self.loop.run(self._balances(currency, people))

    async def _balances(self, currency: str, people: Collection[str]) -> Mapping[str, str]:
        found = await self.sums(currency)
        for name in people:
            page = tree(await self.browsers[name].open("/finances"))
            for purse in page.every("div", aria_label=f"Your money in {currency}"):
                found[name] = purse.one("data").attributes["value"]
        return found


#: Of which all can be asked for, or a part.
PARTLY = frozenset({"milestone.release", "milestone.cancel", "project.take_back"})


def address_of(asked: Asked) -> str:
    """The page of an action: of one's own, or of the row that it is asked of."""
    kind = ACTIONS[asked.action].kind
    if asked.subject is None:
        return ADDRESSES[asked.action]
    return f"/{kind.noun}s/{asked.subject}/{verb_of(asked.action, kind)}"


def amounts_in(value: Any) -> list[Mapping[str, str]]:
    """Every amount that is asked for."""
    if isinstance(value, Mapping):
        if value.keys() == {"amount", "currency"} and isinstance(value["amount"], str):
            return [value]
        return [found for each in value.values() for found in amounts_in(each)]
    return [f for each in value for f in amounts_in(each)] if isinstance(value, list) else []


def typed_for(asked: Asked) -> dict[str, str]:
    """What somebody types, chooses and ticks for this."""
    typed: dict[str, str] = {}
    for name, value in asked.fields.items():
        if name == "exhibits":  # They are ticked.
            typed |= {f"{name}.{number}": "1" for number in value}
        else:
            _type(name, value, typed)
    if isinstance(asked.fields.get("terms"), Mapping):
        typed["terms"] = numbers.OWN
    for skill in asked.fields.get("skills", ()):
        typed[f"skills.{skill}"] = "1"
    typed.pop("skills", None)
    typed.pop("files", None)
    typed.pop("file", None)
    if asked.action in PARTLY:
        typed["how"] = "part" if "amount" in typed else "full"
    if "amount" in typed and asked.subject is None:
        typed["currency"] = asked.fields["amount"]["currency"]
    if phrases_of(asked.action).confirm and not is_checked(asked.action):
        typed["ok"] = "1"
    return typed


def _without_plans(typed: Mapping[str, str]) -> dict[str, str]:
    """What there is a field for without another line of a plan."""
    return {name: text for name, text in typed.items() if ".plan." not in name}


def _type(name: str, value: Any, typed: dict[str, str]) -> None:
    if value in amounts_in(value):
        typed[name] = number(Money.parse(value["amount"], value["currency"]), "en")
    elif name == "terms" and isinstance(value, Mapping):
        typed |= {f"{name}.{each}": numbers.written(each, value[each]) for each in numbers.NUMBERS}
    elif isinstance(value, Mapping):
        for inner, each in value.items():
            _type(f"{name}.{inner}", each, typed)
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        typed[name] = "\n".join(value)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _type(f"{name}.{index}", each, typed)
    else:
        is_day = name.rpartition(".")[2] in {"due_at", "closes_at"}
        typed[name] = value.partition("T")[0] if is_day else str(value)


def made_on(page: httpx.Response, action: str) -> tuple[tuple[str, str], ...]:
    """What was made, from where it led to: the contract itself, or a receipt's links."""
    kind = ACTIONS[action].makes
    if kind is None or action in {"milestone.release", "milestone.cancel"}:
        return ()  # A payment out of a milestone has no page of its own.
    place: Node = main_of(page)
    if action in {"contract.offer", "project.post", "bid.place", "bid.award"}:
        return ((kind.noun, page.url.path.rpartition("/")[2]),)
    if action == "project.ask":  # The newest is the first.
        return ((kind.noun, place.one("div", class_="question").attributes["id"]),)
    if action == "milestone.request":  # The newest is the first.
        place = place.one("section", id="milestones").one("tbody").one("tr")
    prefix = f"/{kind.noun}s/"
    found = [href.removeprefix(prefix) for href in place.hrefs if href.startswith(prefix)]
    return tuple((kind.noun, each) for each in dict.fromkeys(found))


@pytest.mark.parametrize(
    "story",
    [each for each in stories() if not each.by_gateway],
    ids=lambda story: story.name,
)
def test_the_pages_tell(story: Story, dsn: str) -> None:
    with asyncio.Runner() as loop:
        stack = contextlib.AsyncExitStack()
        try:
            teller = loop.run(teller_of(stack, dsn, loop))
            tell(story, teller)
            assert loop.run(verify(teller.house.app.database, print)).ok
        finally:
            loop.run(stack.aclose())


async def teller_of(stack: contextlib.AsyncExitStack, dsn: str, loop: asyncio.Runner) -> PageTeller:
    """A site with everybody there is, each at their own browser."""
    house, people = await stack.enter_async_context(peopled(dsn))
    browsers = {}
    for who, person in people.items():
        browsers[who] = await stack.enter_async_context(browsing(house))
        await browsers[who].enter(person.number)
    return PageTeller(house, people, loop, browsers)
