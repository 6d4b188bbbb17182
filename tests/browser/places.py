"""Every page, and every state of one that looks different; and how somebody comes there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import FilePayload, Page
from tests.browser.walking import TICKED, fill, press
from tests.browser.world import World
from tests.http.house import usd


@dataclass(frozen=True, slots=True)
class Place:
    """A page that somebody has before them."""

    name: str
    #: The address to begin from; what is in braces is the world's.
    address: str
    #: Whose page it is: an attribute of the world; empty, a stranger's.
    whose: str = "emma"
    #: What is done there until the page is as it is meant.
    then: Callable[[Page, World], Awaitable[None]] | None = None
    #: So much of one kind that in the dark axe would find nothing but what it finds elsewhere.
    is_long: bool = False
    #: A line of it wraps or not as somebody's address is long, or what is out of sight is not laid
    #: out: no look is kept.
    varies: bool = False

    async def come(self, page: Page, world: World) -> None:
        """Come to where it begins."""
        await page.goto(self.address.format(world=world))

    async def open(self, page: Page, world: World) -> None:
        """Have it before one as it is meant."""
        await self.come(page, world)
        if self.then is not None:
            await self.then(page, world)


async def _runs_scripts(page: Page) -> bool:
    return bool(await page.evaluate("typeof htmx !== 'undefined'"))


async def _here_alone(page: Page, _: World) -> None:
    """Signed in nowhere else, however many tests were here before."""
    other = page.get_by_role("button", name="Sign out everywhere else")
    if await other.count():
        await other.click()
        await page.get_by_text("Everywhere else you are signed out.").first.wait_for()
        await page.reload()


async def _checked(page: Page, _: World) -> None:
    await press(page, "Continue")
    await page.wait_for_url("**/intents/*")


async def _wrong(page: Page, _: World) -> None:
    await fill(page, {"Amount": ""})
    await press(page, "Continue")
    await page.get_by_role("alert").wait_for()


async def _unrated(page: Page, _: World) -> None:
    await page.get_by_role("button", name="Give the review of").click()
    await page.get_by_role("alert").wait_for()


async def _unticked(page: Page, world: World) -> None:
    await _checked(page, world)
    await page.get_by_role("main").get_by_role("button").click()
    await page.get_by_role("alert").wait_for()


async def _changed(page: Page, world: World) -> None:
    """What was to be released is less by now."""
    await _checked(page, world)
    await world.hurried.done(f"/v1{world.spare.milestone}/release", {"amount": usd("0.01")})
    await page.reload()
    await page.get_by_role("button", name="Check what would happen now").wait_for()


async def _in_tranches(page: Page, _: World) -> None:
    """One line more than there is at first, and not all of the milestone yet."""
    await fill(page, {"What is to be done": "A house", "Amount": "300", "In tranches": TICKED})
    for number, (days, percent) in enumerate([("14", "40"), ("28", "40")]):
        await page.locator(f"#milestones-0-plan-{number}-after_days").fill(days)
        await page.locator(f"#milestones-0-plan-{number}-percent").fill(percent)
    await press(page, "Add a tranche")
    await page.get_by_role("group", name="Tranche 3").wait_for()


async def _wrong_tranches(page: Page, world: World) -> None:
    await _in_tranches(page, world)
    await page.locator("#milestones-0-plan-2-percent").fill("a lot")
    await press(page, "Continue")
    await page.get_by_role("alert").wait_for()


async def _checked_tranches(page: Page, world: World) -> None:
    await _in_tranches(page, world)
    await page.locator("#milestones-0-plan-3-after_days").fill("90")
    await page.locator("#milestones-0-plan-3-percent").fill("20")
    await _checked(page, world)


async def _objected(page: Page, world: World) -> None:
    await fill(page, {"Why you object": "The third floor is not even begun."})
    await _checked(page, world)


async def _unfolded(page: Page, _: World) -> None:
    await page.get_by_text("What cannot be done now, and why").click()


async def _menu(page: Page, _: World) -> None:
    await page.get_by_role("button", name="Actions for").first.click()
    await page.locator(":popover-open").wait_for()


async def _account(page: Page, _: World) -> None:
    await page.get_by_role("button", name="Account menu").click()
    await page.locator(":popover-open").wait_for()


async def _searched(page: Page, world: World) -> None:
    await fill(page, {"Who is it for?": world.ana.name})
    if not await _runs_scripts(page):
        await press(page, "Search")
    await page.get_by_role("radio", name=world.ana.name).wait_for()


async def _own_numbers(page: Page, _: World) -> None:
    await fill(page, {"Own numbers": TICKED})
    await page.get_by_label("Reviewed within, in days").wait_for()


async def _two_lines(page: Page, _: World) -> None:
    await press(page, "Add another")
    await page.get_by_role("group", name="Milestone 2").wait_for()


async def _subscribed(page: Page, world: World) -> None:
    """The address is shown once: whoever comes again makes another."""
    await page.get_by_role("button", name=re.compile("^Make (the|a new) address$")).click()
    await page.get_by_role("textbox", name="Address of your calendar").wait_for()


async def _invited(page: Page, world: World) -> None:
    await fill(page, {"Who is it for?": "Somebody new"})
    await press(page, "Make the link")
    await (
        page.get_by_role("main")
        .get_by_text("/invitations/inv_")
        .or_(page.get_by_role("textbox"))
        .first.wait_for()
    )


async def _rows(page: Page, _: World) -> None:
    await fill(page, {"Amount": "90.00"})
    await press(page, "Add a row")
    await press(page, "Split evenly")
    await page.get_by_text("That is your bid exactly.").wait_for()
    await press(page, "Place the bid")
    await page.get_by_role("alert").wait_for()


async def _unfolded_bids(page: Page, _: World) -> None:
    await page.get_by_text("10 milestones").click()


async def _formula(page: Page, _: World) -> None:
    await page.get_by_text("How it is counted").first.click()


async def _skills(page: Page, _: World) -> None:
    await page.get_by_text("None chosen").click()
    await fill(page, {"Python": TICKED})


async def _refused_file(page: Page, _: World) -> None:
    """One that was kept, and one that was not."""
    files = [
        FilePayload(name="draft.txt", mimeType="text/plain", buffer=b"Words."),
        FilePayload(name="page.html", mimeType="text/html", buffer=b"<p>"),
    ]
    await page.get_by_label("Choose files").set_input_files(files)
    await press(page, "Send")
    await page.get_by_role("alert").wait_for()


async def _short(page: Page, _: World) -> None:
    await page.get_by_label("Amount, in USD").first.fill("40000")
    await press(page, "Continue")
    await page.get_by_role("alert").wait_for()


async def _typing(page: Page, world: World) -> None:
    """With a script there are links below the box; without, the form leads to the results."""
    await page.get_by_role("searchbox", name="Search projects, people").fill(world.ana.name)
    link = page.locator("#suggested a").first
    if not await _runs_scripts(page):
        await page.keyboard.press("Enter")
        link = page.locator(".results a").first
    await link.wait_for()


async def _told(page: Page, world: World) -> None:
    """Of everything one was read, which nobody else has done before."""
    unread = "UPDATE notices SET read_at = NULL WHERE user_id = $1"
    await world.site.house.app.database.pool.execute(unread, world.emma.person.number)
    await page.reload()
    await page.get_by_role("button", name="Mark as read").nth(1).click()
    await page.get_by_text("Marked as read.").wait_for()


async def _mail(page: Page, _: World) -> None:
    await page.locator("tbody a").first.click()
    await page.get_by_role("heading", name="Headers").wait_for()


async def _claimed(page: Page, world: World) -> None:
    """A part of it, and nearly all of that."""
    claimed = {"How much of it you dispute": "40", "What the freelancer should": "35.50"}
    await fill(page, {**claimed, "What happened": "The icons are done, in both sizes."})
    await _checked(page, world)


MILESTONE = "{world.deal.milestone}"
PROJECT = "/projects/{world.project[id]}"
PLACES = (
    Place("landing", "/", ""),
    Place("signin", "/signin", ""),
    Place("signup", "/signup", ""),
    Place("reset", "/reset", ""),
    Place("settings-address", "/settings/address"),
    Place("help", "/help", ""),
    Place("help-terms", "/help/terms", ""),
    Place("help-actions", "/help/who-may-do-what", "", is_long=True),
    Place("help-clocks", "/help/clocks", ""),
    Place("help-reputation", "/help/reputation", ""),
    Place("docs-api", "/docs/api", ""),
    Place("docs-milestones", "/docs/api/milestones", "", is_long=True),
    Place("docs-shapes", "/docs/api/shapes", "", is_long=True, varies=True),
    Place("docs-problems", "/docs/problems", "", is_long=True),
    Place("styleguide", "/styleguide", ""),
    Place("styleguide-pictures", "/styleguide/pictures", ""),
    Place("not-found", "/no/such/page", ""),
    Place("finances", "/finances"),
    Place("account-menu", "/finances", then=_account),
    Place("milestones-outgoing", "/finances/milestones?dir=outgoing"),
    Place("milestones-incoming", "/finances/milestones?dir=incoming", "ana"),
    Place("milestones-menu", "/finances/milestones?dir=outgoing", then=_menu),
    Place("transactions", "/finances/transactions"),
    Place("payments", "/finances/payments"),
    Place("statement", "/finances/statements/one?currency=USD&from=2026-01-01&to=2099-12-31"),
    Place("proof", "/finances/proof", ""),
    Place("contracts", "/contracts"),
    Place("contract-new", "/contracts/new", then=_own_numbers),
    Place("contract-new-found", "/contracts/new", then=_searched),
    Place("contract", "{world.deal.page}"),
    Place("contract-say-wrong", "{world.deal.page}/say", "ana", then=_refused_file),
    Place("contract-fund", "{world.deal.page}/fund", then=_two_lines),
    Place("plan-new", "{world.deal.page}/fund", then=_in_tranches),
    Place("plan-wrong", "{world.deal.page}/fund", then=_wrong_tranches),
    Place("plan-check", "{world.deal.page}/fund", then=_checked_tranches),
    Place("plan-offered", "{world.plans.offered}", "ana"),
    Place("plan-agree", "{world.plans.offered}/agree", "ana"),
    Place("tranche-object", "{world.plans.tranche}/object"),
    Place("tranche-object-check", "{world.plans.tranche}/object", then=_objected),
    Place("plan-accept", "{world.plans.accept}", "ana"),
    Place("dispute-tranche", "{world.plans.room}", "ana"),
    Place("milestone-planned", "{world.plans.long}"),
    Place("milestone-new", "/milestones/new"),
    Place("milestone", MILESTONE, then=_unfolded),
    Place("milestone-proposed", "{world.proposed}"),
    Place("milestone-propose", "{world.proposed}/propose-edit", "ana"),
    Place("milestone-agree-check", "{world.proposed}/agree-edit", then=_checked),
    Place("contract-reviewed", "/contracts/{world.reviewed[id]}"),
    Place("contract-ended", "/contracts/{world.ended[id]}", "ana"),
    Place("review", "/contracts/{world.ended[id]}/give-review"),
    Place("review-wrong", "/contracts/{world.ended[id]}/give-review", then=_unrated),
    Place("release", f"{MILESTONE}/release"),
    Place("release-wrong", f"{MILESTONE}/release", then=_wrong),
    Place("release-check", f"{MILESTONE}/release", then=_checked),
    Place("release-unticked", f"{MILESTONE}/release", then=_unticked),
    Place("release-changed", "{world.spare.milestone}/release", "hurried", then=_changed),
    Place("release-refused", f"{MILESTONE}/cancel"),
    Place("release-on-its-way", "/releases/{world.releasing}"),
    Place("dispute-new", "{world.proposed}/dispute", "ana"),
    Place("dispute-new-check", "{world.proposed}/dispute", "ana", then=_claimed),
    Place("disputes", "/disputes"),
    Place("disputes-none", "/disputes", "frank"),
    Place("dispute-response", "{world.quarrels[response].room}", "ana"),
    Place("dispute-negotiation", "{world.quarrels[negotiation].room}", "ana", then=_unfolded),
    Place("dispute-sealed-offer", "{world.quarrels[negotiation].room}/sealed-offer", "ana"),
    Place("dispute-accept-check", "{world.quarrels[negotiation].room}/accept-offer", then=_checked),
    Place("dispute-exhibit", "{world.quarrels[negotiation].room}/exhibit"),
    Place("dispute-final-offers", "{world.quarrels[final_offers].room}", "ana"),
    Place("dispute-named", "{world.quarrels[named].room}"),
    Place("dispute-taken", "{world.quarrels[taken].room}", "ada", then=_unfolded),
    Place("dispute-rule", "{world.quarrels[opened].room}/rule", "ada"),
    Place("dispute-ruled", "{world.quarrels[ruled].room}"),
    Place("milestone-disputed", "{world.quarrels[negotiation].deal.milestone}"),
    Place("milestone-returned-by-staff", "{world.quarrels[staff].deal.milestone}", "ana"),
    Place("milestone-staff-cancel", "{world.proposed}/staff-cancel", "olga"),
    Place("contract-disputed", "{world.quarrels[negotiation].deal.page}", "ana"),
    Place("desk", "/desk", "ada"),
    Place("receipt", "/receipts/{world.released}"),
    Place("deposit-new", "/deposit"),
    Place("withdraw", "/withdraw"),
    Place("deposit", "/deposits/{world.deposit[id]}"),
    Place("withdrawal", "/withdrawals/{world.withdrawal[id]}"),
    Place("staff", "/staff", "olga"),
    Place("staff-withdrawals", "/staff/withdrawals?view=all", "olga"),
    Place("staff-returns", "/staff/returns", "olga"),
    Place("staff-rulings", "/staff/rulings", "olga"),
    Place("staff-breaks", "/staff/breaks", "olga"),
    Place("staff-people", "/staff/people?q=An", "olga"),
    Place("staff-clocks", "/staff/clocks", "olga"),
    Place("staff-books", "/staff/invariants", "olga"),
    Place("staff-looks", "/staff/audit", "olga"),
    Place("tokens", "/settings/tokens", "ana"),
    Place("welcome", "/welcome", "ana"),
    Place("settings", "/settings"),
    Place("security", "/settings/security", then=_here_alone),
    Place("security-app", "/settings/security/app"),
    Place("passkey-new", "/settings/security/passkeys/new"),
    Place("notices", "/notices", then=_told),
    Place("notices-none", "/notices", "frank"),
    Place("notices-choices", "/settings/notices", "olga", varies=True),
    Place("calendar", "/settings/calendar"),
    Place("calendar-made", "/settings/calendar", "frank", then=_subscribed),
    Place("staff-mails", "/staff/mails?status=handed_over", "olga"),
    Place("outbox", "/outbox"),
    Place("outbox-mail", "/outbox", then=_mail),
    Place("invitations", "/invitations"),
    Place("invitation-new", "/invitations/new"),
    Place("invitation-made", "/invitations/new", "hurried", then=_invited),
    Place("people", "/people?q=An"),
    Place("profile", "/people/{world.ana.id}", then=_formula),
    Place("profile-new", "/people/{world.olga.id}"),
    Place("search", "/search?q=An"),
    Place("search-none", "/search?q=nothing-is-called-so"),
    Place("search-typing", "/search", then=_typing),
    Place("projects", "/projects", "ana"),
    Place("projects-none", "/projects?q=nothing-is-called-so"),
    Place("project-new", "/projects/new", then=_skills),
    Place("project", PROJECT, "ana"),
    Place("project-employer", PROJECT, then=_unfolded_bids),
    Place("project-compared", "{world.side_by_side}"),
    Place("project-edit", f"{PROJECT}/edit"),
    Place("project-reserve-check", f"{PROJECT}/take-back", then=_checked),
    Place("bid-wrong", f"{PROJECT}/bid", "frank", then=_rows),
    Place("bid", "/bids/{world.bids[0][id]}", "ana"),
    Place("bid-award", "/bids/{world.bids[1][id]}/award"),
    Place("contract-awarded", "/contracts/{world.awarded[id]}"),
    Place("contract-accept", "/contracts/{world.awarded[id]}/accept", "olga"),
    Place("milestones-create", "/contracts/{world.awarded[id]}/create-milestones"),
    Place("milestones-check", "/contracts/{world.awarded[id]}/create-milestones", then=_checked),
    Place("milestones-short", "/contracts/{world.awarded[id]}/create-milestones", then=_short),
)
