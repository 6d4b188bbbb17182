"""One of everything that has a page, with texts that are typed in through its forms; every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.routing import Route
from tests.http.house import Housing, Person
from tests.web.browser import SESSION, Browser, csrf_of, said
from tests.web.deals import checked, confirmed, typed
from tests.web.mailbox import secret_of
from tests.web.reading import form_in, main_of, tree

from earnest import notifying
from earnest.core.actions import ACTIONS
from earnest.core.money import Money
from earnest.core.notices import Topic
from earnest.core.references import printed
from earnest.core.telling import Notice
from earnest.http.helping import TOPICS
from earnest.http.web.places import Place
from earnest.http.web.subjects import KINDS, verb_of
from earnest.mail.letters import PREFIX
from earnest.mail.outbox import Outbox
from earnest.mail.stopping import token_of
from earnest.store import address_changes, calendars, own_limits, passkeys, sessions, tokens, told
from earnest.store.account import Change, Changed
from earnest.store.account_mails import Kind
from earnest.store.sandbox import SandboxMails

_LINK = re.compile(r'value="http://[^/]+(/invitations/inv_[^"]+)"')
_PARAMETER = re.compile(r"\{\w+\}")


#: What is a mail and no page of ours: it has a policy of its own (tests/web/test_outbox.py).
MAILS = {"/outbox/{id}/html"}


def places(application: Starlette) -> list[Place]:
    """Every address of the web."""
    endpoints = [each.endpoint for each in application.routes if isinstance(each, Route)]
    return [each for each in endpoints if isinstance(each, Place)]


def is_page(answer: httpx.Response) -> bool:
    kind: str = answer.headers.get("content-type", "")
    return kind == "text/html; charset=utf-8"


@dataclass
class Words:
    """What people type; the plain ones, unless a test has others."""

    name: str = "Frank Freelancer"
    description: str = "A piece of work"
    text: str = "Hello."
    file: str = "notes.txt"
    note: str = "It is all there."
    links: str = "https://example.org/work"
    reason: str = "The second page is missing."
    cancel: str = "We need it no more."
    change: str = "With a second draft"
    destination: str = "Emma Example"
    account: str = "settle"
    invitation: str = "Somebody new"
    title: str = "A website"
    brief: str = "What it should look like."
    question: str = "Is there a design?"
    answer: str = "There is."
    proposal: str = "I would begin with the design."
    step: str = "The design"
    view: str = "What is asked for"
    statement: str = "It does not work."
    defence: str = "It does work."
    exhibit: str = "A list of what was agreed."
    passkey: str = "My phone"


@dataclass
class Scene:
    """People, and where everything of theirs is."""

    house: Housing
    browser: Browser
    emma: Person
    frank: Person
    olga: Person
    #: By template: the addresses of it that there are.
    known: dict[str, list[str]] = field(default_factory=dict)

    async def as_(self, who: Person) -> Browser:
        """Sit somebody down at the browser."""
        await self.browser.enter(who.number)
        return self.browser

    def addresses(self, place: Place) -> list[str]:
        """Where a page can be seen; one that nobody thought of fails."""
        if not _PARAMETER.search(place.template):
            return [place.template]
        return self.known[place.template]

    def all(self, method: str) -> Iterator[tuple[Place, str]]:
        """Every address that takes this method."""
        for place in places(self.house.application):
            if method in place.handlers:
                for address in self.addresses(place):
                    yield place, address

    async def seen_by_everybody(self) -> list[httpx.Response]:
        """Every page as each person sees it, be it the page or why there is none."""
        found: list[httpx.Response] = []
        for who in (self.emma, self.frank, self.olga, None):
            if who is not None:
                await self.as_(who)
            else:
                self.browser.forget(SESSION)
            found += [
                await self.browser.open(address)
                for place, address in self.all("GET")
                if place.template not in MAILS
            ]
        return [each for each in found if is_page(each)]


async def played(house: Housing, browser: Browser, words: Words | None = None) -> Scene:
    """Let a deal go its way, with everything in it that people can write."""
    words = words or Words()
    emma, frank = await house.person("emma"), await house.person("frank")
    scene = Scene(house, browser, emma, frank, await house.person("olga", "operator"))
    await house.rich(emma, "5000.00")
    await scene.as_(frank)
    await typed(browser, "/settings", name=words.name)
    contract = await _agreed(scene, words)
    milestone = await _worked(scene, contract, words)
    await _revised(scene, milestone, words)
    await _disputed(scene, contract, words)
    await _planned(scene, contract, words)
    await _paid(scene, words)
    await _projected(scene, words)
    token = await _invited(scene, words)
    await _guarded(scene, words)
    await _listed(scene, words)
    await _told(scene)
    await _mailed(scene)
    await scene.as_(emma)
    check = await checked(browser, f"{milestone}/release", how="full")
    await _read_about(scene)
    scene.known["/docs/api/{tag}"] = ["/docs/api/milestones", "/docs/api/shapes"]
    scene.known["/intents/{id}"] = [check.url.path]
    scene.known["/invitations/inv_{secret}"] = [token]
    scene.known["/invitations/inv_{secret}/take"] = [f"{token}/take"]
    for collection, kind in KINDS.items():
        (address,) = scene.known[f"/{collection}/{{id}}"]
        if collection == "contracts":
            scene.known["/contracts/{id}/create-milestones"] = [f"{address}/create-milestones"]
        scene.known[f"/{collection}/{{id}}/{{verb}}"] = [
            f"{address}/{verb_of(name, kind)}"
            for name, each in ACTIONS.items()
            if each.kind is kind
        ]
    return scene


async def _read_about(scene: Scene) -> None:
    """Tokens, help, and people: what is there without being done here."""
    people = [f"/people/{each.id}" for each in (scene.emma, scene.frank)]
    (own, *_) = await tokens.all_of(scene.house.app.database, scene.emma.number)
    for verb in ("replace", "revoke"):
        template = f"/settings/tokens/{{id}}/{verb}"
        scene.known[template] = [template.replace("{id}", own.reference)]
    scene.known["/help/{topic}"] = [f"/help/{topic}" for topic in TOPICS]
    scene.known["/people/{id}"] = people
    scene.known["/staff/people/{id}"] = [f"/staff{people[0]}"]


async def _agreed(scene: Scene, words: Words) -> str:
    """A contract with two milestones that both sides have agreed to."""
    browser = await scene.as_(scene.emma)
    page = await typed(browser, "/contracts/new", freelancer=scene.frank.id)
    contract: str = page.headers["location"]
    await confirmed(browser, await checked(
        browser, f"{contract}/fund", milestones__0__description=words.description,
        milestones__0__amount="100.00", milestones__1__description="Another",
        milestones__1__amount="50.00",
    ))  # fmt: skip
    await scene.as_(scene.frank)
    await typed(browser, f"{contract}/accept", ok="1")
    form = form_in(await browser.open(f"{contract}/say"))
    values = {**form.values, "text": words.text}
    await browser.upload(form.action, values, (words.file, b"Some words."))
    links = main_of(await browser.open(contract)).one("ul", class_="files").hrefs
    scene.known["/files/{id}"] = links
    scene.known["/contracts/{id}"] = [contract]
    return contract


async def _worked(scene: Scene, contract: str, words: Words) -> str:
    """The first milestone is handed in, sent back, handed in again, and paid in part."""
    browser = await scene.as_(scene.frank)
    links = main_of(await browser.open(contract)).hrefs
    first = min(href for href in links if href.startswith("/milestones/"))
    await typed(browser, f"{first}/submit", note=words.note, links=words.links)
    await scene.as_(scene.emma)
    await typed(browser, f"{first}/request-changes", reason=words.reason)
    receipt = await confirmed(
        browser, await checked(browser, f"{first}/release", how="part", amount="10.00")
    )
    await typed(browser, f"{first}/ask-cancel", reason=words.cancel)
    scene.known["/milestones/{id}"] = [first]
    scene.known["/receipts/{id}"] = [receipt.url.path]
    released = "SELECT id FROM releases ORDER BY id LIMIT 1"
    scene.known["/releases/{id}"] = [
        f"/releases/{printed('rel', await scene.house.value(released))}"
    ]
    return first


async def _revised(scene: Scene, milestone: str, words: Words) -> None:
    """The freelancer would like the milestone to be more."""
    browser = await scene.as_(scene.frank)
    check = await checked(
        browser, f"{milestone}/propose-edit", description=words.change, amount="120.00"
    )
    await confirmed(browser, check)


async def _disputed(scene: Scene, contract: str, words: Words) -> None:
    """The second milestone is disputed, and both show something."""
    browser = await scene.as_(scene.emma)
    links = main_of(await browser.open(contract)).hrefs
    second = max(href for href in links if href.startswith("/milestones/"))
    receipt = await confirmed(browser, await checked(
        browser, f"{second}/dispute", amount="30.00", to_freelancer="10.00",
        statement=words.statement,
    ))  # fmt: skip
    rooms = sorted({h for h in main_of(receipt).hrefs if h.startswith("/disputes/")})
    scene.known["/disputes/{id}"] = rooms
    await typed(browser, f"{rooms[0]}/exhibit", text=words.exhibit)
    await scene.as_(scene.frank)
    await confirmed(browser, await checked(
        browser, f"{rooms[0]}/respond", to_freelancer="20.00", statement=words.defence
    ))  # fmt: skip
    await typed(browser, f"{rooms[0]}/exhibit", link=words.links.split()[0])
    await typed(browser, f"{rooms[0]}/sealed-offer", to_freelancer="15.00")


async def _planned(scene: Scene, contract: str, words: Words) -> None:
    """A third milestone is paid by a plan that both agreed to."""
    browser = await scene.as_(scene.emma)
    await confirmed(browser, await checked(
        browser, f"{contract}/fund", milestones__0__description=words.description,
        milestones__0__amount="40.00", milestones__0__plan__how="parts",
        milestones__0__plan__0__after_days="10", milestones__0__plan__0__percent="50",
        milestones__0__plan__2__after_days="20", milestones__0__plan__2__percent="50",
    ))  # fmt: skip
    await scene.as_(scene.frank)
    links = main_of(await browser.open(contract)).hrefs
    third = max(href for href in links if href.startswith("/milestones/"))
    await typed(browser, f"{third}/agree")
    first = "SELECT id FROM tranches ORDER BY id LIMIT 1"
    scene.known["/tranches/{id}"] = [f"/tranches/{printed('trn', await scene.house.value(first))}"]


async def _paid(scene: Scene, words: Words) -> None:
    """A withdrawal that waits for an operator, and the deposit that it came from."""
    browser = await scene.as_(scene.emma)
    receipt = await confirmed(browser, await checked(
        browser, "/withdraw", amount="1,500.00", currency="USD", destination__type="sandbox",
        destination__account=words.account, destination__name=words.destination,
    ))  # fmt: skip
    hrefs = main_of(receipt).hrefs
    scene.known["/withdrawals/{id}"] = sorted({h for h in hrefs if h.startswith("/withdrawals/")})
    hrefs = main_of(await browser.open("/finances/payments")).hrefs
    scene.known["/deposits/{id}"] = sorted({h for h in hrefs if h.startswith("/deposits/")})


async def _projected(scene: Scene, words: Words) -> None:
    """A project with a reserve, a question and its answer, and a bid that is live."""
    browser = await scene.as_(scene.emma)
    page = await typed(
        browser, "/projects/new", title=words.title, description=words.brief, currency="USD",
        budget_min="100.00", budget_max="200.00", skills__python="1",
    )  # fmt: skip
    project: str = page.headers["location"]
    await confirmed(browser, await checked(browser, f"{project}/reserve", amount="50.00"))
    await scene.as_(scene.frank)
    await typed(browser, f"{project}/ask", text=words.question)
    page = await typed(
        browser, f"{project}/bid", amount="150.00", period_days="10", proposal=words.proposal,
        milestones__0__description=words.step, milestones__0__amount="150.00",
        milestones__0__days="10",
    )  # fmt: skip
    scene.known["/bids/{id}"] = [page.headers["location"]]
    await scene.as_(scene.emma)
    question = main_of(await browser.open(project)).one("div", class_="question")
    address = f"{project}/answer?question={question.attributes['id']}"
    await typed(browser, address, text=words.answer)
    scene.known["/projects/{id}"] = [project]


async def _guarded(scene: Scene, words: Words) -> None:
    """The employer has a passkey and a limit, and is signed in somewhere."""
    database, me = scene.house.app.database, scene.emma.number
    change = Change(scene.house.app.node.ids.new(), me, Changed.PASSKEY_ADDED, words.passkey)
    new = passkeys.New(b"credential", b"key", 0, words.passkey)
    await passkeys.add(database, change, new, "")
    await own_limits.put(database, me, Money.parse("100.00", "USD"))
    await scene.as_(scene.emma)
    (session, *_) = await sessions.latest_of(database, me, "", 1)
    here, key = "/settings/security", printed(passkeys.PREFIX, change.id)
    scene.known[f"{here}/passkeys/{{id}}"] = [f"{here}/passkeys/{key}"]
    scene.known[f"{here}/passkeys/{{id}}/remove"] = [f"{here}/passkeys/{key}/remove"]
    scene.known[f"{here}/limits/{{currency}}/remove"] = [f"{here}/limits/USD/remove"]
    scene.known[f"{here}/sessions/{{session}}/end"] = [f"{here}/sessions/{session.reference}/end"]


async def _told(scene: Scene) -> None:
    """Everybody is told of all that, also by mail: what is not stays in the outbox."""
    app = scene.house.app
    app.carrier = Outbox(SandboxMails(app.database))
    await notifying.drain(app)
    number = await scene.house.value(
        "SELECT max(id) FROM notices WHERE user_id = $1", scene.emma.number
    )
    mail = printed(PREFIX, number)
    secret = await told.secret(app.database)
    token = token_of(scene.emma.number, Topic.MESSAGES, secret)
    scene.known["/notices/{id}/read"] = [f"/notices/{printed(Notice.prefix, number)}/read"]
    scene.known["/stop-mails/{token}"] = [f"/stop-mails/{token}"]
    address = await calendars.renew(app.database, scene.emma.number)
    scene.known["/calendar/{token}.ics"] = [f"/calendar/{address}.ics"]
    scene.known["/outbox/{id}"] = [f"/outbox/{mail}"]
    scene.known["/outbox/{id}/html"] = [f"/outbox/{mail}/html"]
    scene.known["/staff/mails/{id}/again"] = [f"/staff/mails/{mail}/again"]


async def _mailed(scene: Scene) -> None:
    """Links in mails that do what they say, and a change of address that waits for its own."""
    house, number = scene.house, scene.emma.number
    new = house.app.node.ids.new
    await address_changes.ask(house.app.database, new, number, "new@example.org")
    waiting = await address_changes.waiting(house.app.database, number)
    assert waiting is not None
    links: dict[str, list[tuple[Kind, int | None]]] = {
        "/verify/{token}": [(Kind.VERIFY, None)],
        "/reset/{token}": [(Kind.RESET, None)],
        "/address/{token}": [(Kind.CHANGE, waiting.id), (Kind.CHANGING, waiting.id)],
    }
    for template, kinds in links.items():
        scene.known[template] = [
            template.format(token=await secret_of(house, number, *each)) for each in kinds
        ]


async def _listed(scene: Scene, words: Words) -> None:
    """A saved view of the employer's, and releases that are checked together."""
    browser = await scene.as_(scene.emma)
    page = await browser.open("/finances/milestones")
    asked = {"csrf": csrf_of(page), "list": "milestones", "query": "status=requested"}
    await browser.post("/views", {**asked, "name": words.view})
    forms = tree(await browser.open("/views")).every("form")
    actions = [each.attributes["action"] for each in forms]
    scene.known["/views/{id}"] = [a for a in actions if a.startswith("/views/")]
    scene.known["/views/{id}/remove"] = [f"{a}/remove" for a in scene.known["/views/{id}"]]
    ticks = {each.attributes["name"]: "1" for each in tree(page).every("input", type="checkbox")}
    sent = await browser.post("/bundles", {"csrf": asked["csrf"], **ticks})
    scene.known["/bundles/{id}"] = [sent.headers["location"]]
    (project,) = scene.known["/projects/{id}"]
    scene.known["/projects/{id}/bids.csv"] = [f"{project}/bids.csv"]


async def _invited(scene: Scene, words: Words) -> str:
    """An invitation that is still open; its address."""
    browser = await scene.as_(scene.emma)
    page = await typed(browser, "/invitations/new", name=words.invitation)
    found = _LINK.search(page.text)
    assert found, said(page)
    forms = tree(await browser.open("/invitations")).every("form")
    actions = [each.attributes["action"] for each in forms]
    scene.known["/invitations/{id}/revoke"] = [a for a in actions if a.endswith("/revoke")]
    return found[1]
