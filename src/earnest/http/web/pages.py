"""Every page: its address, and who answers there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette_compress import CompressMiddleware

from earnest.batcher import UnavailableError
from earnest.core.people import User
from earnest.http.security import Cookies
from earnest.http.web import assets, docs
from earnest.http.web.acting import OWN, Acting
from earnest.http.web.beginning import ADDRESS as WELCOME
from earnest.http.web.beginning import HIDE, Welcome
from earnest.http.web.bundles import ADDRESS as BUNDLES
from earnest.http.web.bundles import Bundles
from earnest.http.web.checking import Checking
from earnest.http.web.choosing import Bids
from earnest.http.web.console.paths import paths as console
from earnest.http.web.contracts import Contracts
from earnest.http.web.creating import Creating
from earnest.http.web.deliveries import ADDRESS as MAILS
from earnest.http.web.deliveries import Deliveries
from earnest.http.web.desk import ADDRESS as DESK
from earnest.http.web.desk import Desk
from earnest.http.web.disputes import Disputes
from earnest.http.web.files import Files as Attached
from earnest.http.web.finances import Finances
from earnest.http.web.front import Front
from earnest.http.web.keys import ADDRESS as KEYS
from earnest.http.web.keys import HELP as HELP_KEYS
from earnest.http.web.keys import Keys
from earnest.http.web.lists import FILES, Files
from earnest.http.web.milestones import Milestones
from earnest.http.web.notices import ADDRESS as NOTICES
from earnest.http.web.notices import Notices
from earnest.http.web.outbox import ADDRESS as OUTBOX
from earnest.http.web.outbox import Outbox
from earnest.http.web.payments import Payments
from earnest.http.web.people import People
from earnest.http.web.places import Handler, Place, problem_in, problem_page, stranger
from earnest.http.web.profiles import Profiles
from earnest.http.web.projects import Projects
from earnest.http.web.proofs import PATH as PROOF
from earnest.http.web.proofs import Proofs
from earnest.http.web.proposing import VERB
from earnest.http.web.receipts import Receipts
from earnest.http.web.releases import Releases
from earnest.http.web.saving import ADDRESS as VIEWS
from earnest.http.web.saving import Saving
from earnest.http.web.searching import ADDRESS as SEARCH
from earnest.http.web.searching import Searching
from earnest.http.web.statements import ONE as ONE_STATEMENT
from earnest.http.web.statements import PATH as STATEMENTS
from earnest.http.web.statements import Statements
from earnest.http.web.stopping import Stopping
from earnest.http.web.subjects import KINDS
from earnest.http.web.visiting import begin
from earnest.mail.letters import CHOICES
from earnest.mail.stopping import PATH as STOP
from earnest.words.saying import ENGLISH, saying

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.http.answers import ProblemError

Paths = dict[str, dict[str, Handler]]

#: Pages are sent compressed. What a form carries against requests from elsewhere is masked anew in
#: each, so the length of an answer tells nothing of it.
SMALLER = (Middleware(CompressMiddleware, zstd=False),)


def pages(app: App, public: Paths, private: Paths) -> list[Route]:
    """All of them, with those of signing in; those of an action come from the registry."""
    cookies = Cookies(app.config)
    open_to_all = {**_public(app), **public}
    others = {**private, **_private(app), **_actions(app)}
    places = [
        *(Place(app, cookies, path, found, is_public=True) for path, found in open_to_all.items()),
        *(Place(app, cookies, path, found) for path, found in others.items()),
    ]
    files = Route(assets.PREFIX + "{name}", assets.serve, methods=["GET", "HEAD"])
    return [files, *(Route(each.template, each, middleware=SMALLER) for each in places)]


def _public(app: App) -> Paths:
    front, written, stopping = Front(app), docs.Docs(), Stopping(app)
    paths: Paths = {
        "/": {"GET": front.landing},
        PROOF: {"GET": Proofs(app).shown},
        HELP_KEYS: {"GET": Keys(app).shown},
        "/robots.txt": {"GET": front.robots},
        docs.ROOT: {"GET": written.index},
        f"{docs.ROOT}/{{tag}}": {"GET": written.about},
        "/docs/problems": {"GET": written.problems},
        f"{STOP}/{{token}}": {"GET": stopping.shown, "POST": stopping.sent},
    }
    if app.house.sandbox:
        paths["/styleguide"] = {"GET": front.styleguide}
        paths["/styleguide/pictures"] = {"GET": front.styleguide_pictures}
    return paths


def _private(app: App) -> Paths:
    finances, contracts, milestones = Finances(app), Contracts(app), Milestones(app)
    payments, checking, people = Payments(app), Checking(app), People(app)
    searching, statements, welcome = Searching(app), Statements(app), Welcome(app)
    return {
        WELCOME: {"GET": welcome.shown, "POST": welcome.chosen},
        HIDE: {"GET": welcome.to_page, "POST": welcome.hidden},
        "/finances": {"GET": finances.overview},
        "/finances/milestones": {"GET": finances.milestones},
        "/finances/transactions": {"GET": finances.transactions},
        "/finances/payments": {"GET": payments.listed},
        "/finances/withdrawals": {"GET": payments.to_list},
        STATEMENTS: {"GET": statements.listed},
        ONE_STATEMENT: {"GET": statements.shown},
        f"{ONE_STATEMENT}.csv": {"GET": statements.file},
        "/people": {"GET": people.found},
        "/people/{id}": {"GET": Profiles(app).shown},
        "/files/{id}": {"GET": Attached(app).saved},
        SEARCH: {"GET": searching.shown},
        f"{SEARCH}/suggested": {"GET": searching.suggested},
        "/contracts": {"GET": contracts.listed},
        "/projects": {"GET": Projects(app).listed},
        "/milestones/new": {"GET": milestones.new},
        "/disputes": {"GET": Disputes(app).listed},
        DESK: {"GET": Desk(app).home},
        **console(app),
        **_told(app),
        **_of_lists(app),
        "/intents/{id}": {"GET": checking.shown, "POST": checking.sent},
        "/receipts/{id}": {"GET": Receipts(app).shown},
    }


def _of_lists(app: App) -> Paths:
    """What is done with lists: their files, saved views, and releases of several at once."""
    files, saving, bundles, keys = Files(app), Saving(app), Bundles(app), Keys(app)
    return {
        **{path: {"GET": files.listed} for path in FILES.values()},
        "/finances/transactions.csv": {"GET": files.transactions},
        "/projects/{id}/bids.csv": {"GET": files.bids},
        VIEWS: {"GET": saving.listed, "POST": saving.save},
        f"{VIEWS}/{{id}}": {"GET": saving.to_list, "POST": saving.rename},
        f"{VIEWS}/{{id}}/remove": {"GET": saving.to_list, "POST": saving.remove},
        BUNDLES: {"GET": bundles.to_list, "POST": bundles.gather},
        f"{BUNDLES}/{{id}}": {"GET": bundles.shown, "POST": bundles.sent},
        KEYS: {"GET": keys.to_page, "POST": keys.sent},
    }


def _told(app: App) -> Paths:
    """What people are told, and how; in a sandbox also every mail."""
    notices, deliveries, outbox = Notices(app), Deliveries(app), Outbox(app)
    paths: Paths = {
        NOTICES: {"GET": notices.listed},
        f"{NOTICES}/read-all": {"GET": notices.to_list, "POST": notices.read_all},
        f"{NOTICES}/{{id}}/read": {"GET": notices.to_list, "POST": notices.read},
        CHOICES: {"GET": notices.choices, "POST": notices.choose},
        MAILS: {"GET": deliveries.listed},
        f"{MAILS}/{{id}}/again": {"GET": deliveries.to_list, "POST": deliveries.again},
    }
    if app.house.sandbox:
        paths[OUTBOX] = {"GET": outbox.listed}
        paths[f"{OUTBOX}/{{id}}"] = {"GET": outbox.shown}
        paths[f"{OUTBOX}/{{id}}/html"] = {"GET": outbox.html}
    return paths


def _actions(app: App) -> Paths:
    """What somebody may do from their own row; then a page for each row, and each verb on it."""
    paths: Paths = {}
    for path, name in OWN.items():
        acting = Acting(app, User, name)
        paths[path] = {"GET": acting.shown, "POST": acting.sent}
    contracts, milestones, payments = Contracts(app), Milestones(app), Payments(app)
    details: dict[str, Handler] = {
        "contracts": contracts.shown,
        "milestones": milestones.shown,
        "deposits": payments.shown,
        "withdrawals": payments.shown,
        "projects": Projects(app).shown,
        "bids": Bids(app).shown,
        "releases": Releases(app).shown,
        "tranches": milestones.of_tranche,
        "disputes": Disputes(app).shown,
    }
    creating = Creating(app)
    paths[f"/contracts/{{id}}/{VERB}"] = {"GET": creating.shown, "POST": creating.sent}
    for collection, kind in KINDS.items():
        acting = Acting(app, kind)
        paths[f"/{collection}/{{id}}"] = {"GET": details[collection]}
        paths[f"/{collection}/{{id}}/{{verb}}"] = {"GET": acting.shown, "POST": acting.sent}
    return paths


def no_such_page(app: App) -> Callable[[Request, ProblemError], Awaitable[Response]]:
    """The page for an address that there is not."""
    cookies = Cookies(app.config)

    async def answered(request: Request, error: ProblemError) -> Response:
        with saying(ENGLISH):
            try:
                visit = await begin(request, app, cookies)
            except UnavailableError:
                visit = stranger(request, app, cookies)
            return problem_page(visit, request, problem_in(error))

    return answered
