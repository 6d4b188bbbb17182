"""Posting a project, changing it while nobody has accepted anything, and closing it."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, Scope, action, until
from earnest.core.files import attached, named, unfit
from earnest.core.inputs import CurrencyCode, Description, Files, Many, Title
from earnest.core.ledger import Account, Transfer
from earnest.core.money import Money
from earnest.core.people import EMPLOYER, SYSTEM, User, UserStatus
from earnest.core.projects.row import GOING_ON, OPEN, UNUSED, Project, ProjectStatus
from earnest.core.skills import Skill

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.rows import Row

SKILLS_MAX: Final = 10
#: Bids are taken for so long, if nothing is said, and at most.
BIDDING: Final = timedelta(days=14)
BIDDING_MAX: Final = timedelta(days=90)


@action
class Post(Action[User]):
    """Post a project: what is to be done, what it may cost, and until when people may bid."""

    name = "project.post"
    kind = User
    by = EMPLOYER
    when = frozenset(UserStatus)
    event = "project.posted"
    makes = Project
    answers = True
    opens = True

    subject_id: int
    title: Title
    description: Description
    currency: CurrencyCode
    budget_min: Money
    budget_max: Money
    #: Left out, two weeks from now.
    closes_at: datetime | None = None
    skills: Annotated[tuple[Skill, ...], Many(SKILLS_MAX)] = ()
    files: Files = ()

    @override
    def reads(self) -> Iterable[tuple[type[Row], int]]:
        return named(self.files)

    @override
    def decide(self, subject: User, world: View) -> Decision | Refused:
        for name in ("budget_min", "budget_max"):
            if getattr(self, name).currency != self.currency:
                return Refused(Reason.WRONG_CURRENCY, {"currency": self.currency}, f"/{name}")
        closes_at = self.closes_at or world.now + BIDDING
        refused = (
            _no_budget(self.budget_min, self.budget_max)
            or _no_deadline(closes_at, world)
            or unfit(self.files, world)
        )
        if refused:
            return refused
        project = Project(
            id=world.new_id(),
            employer_id=subject.id,
            title=self.title,
            description=self.description,
            skills=self.skills,
            budget_min=self.budget_min,
            budget_max=self.budget_max,
            closes_at=closes_at,
            status=ProjectStatus.OPEN,
            bids=0,
            offered=0,
            active=0,
            reserved_since=None,
            wakes_at=None,
            created_at=world.now,
            updated_at=world.now,
            files=len(self.files),
        )
        lapse = project.lapse_of(world.now)
        posted = project.changed(world.now, wakes_at=lapse)
        return Decision(rows=(posted, *attached(posted, self.files)))


def _no_budget(least: Money, most: Money) -> Refused | None:
    if most < least:
        return Refused(Reason.BUDGET_REVERSED, {"least": least}, "/budget_max")
    return None


def _no_deadline(closes_at: datetime, world: View) -> Refused | None:
    if closes_at <= world.now:
        return Refused(Reason.DUE_IN_PAST, path="/closes_at")
    if closes_at > world.now + BIDDING_MAX:
        return Refused(Reason.DEADLINE_TOO_FAR, {"days": BIDDING_MAX.days}, "/closes_at")
    return None


class ProjectAction(Action[Project]):
    """What the employer can do with a project of theirs."""

    __slots__ = ()

    kind = Project
    by = EMPLOYER

    @override
    def accounts(self, subject: Project, world: View) -> Iterable[Account]:
        return (subject.reserve,)


@action
class Edit(ProjectAction):
    """Change a project that is open. What is left out stays as it is."""

    name = "project.edit"
    when = OPEN
    event = "project.edited"

    subject_id: int
    title: Title | None = None
    description: Description | None = None
    budget_min: Money | None = None
    budget_max: Money | None = None
    closes_at: datetime | None = None
    skills: Annotated[tuple[Skill, ...], Many(SKILLS_MAX)] | None = None
    #: All that are to be attached from now on.
    files: Files | None = None

    @override
    def reads(self) -> Iterable[tuple[type[Row], int]]:
        return named(self.files)

    @override
    def decide(self, subject: Project, world: View) -> Decision | Refused:
        given = {
            each.name: value
            for each in fields(self)
            if each.name != "subject_id" and (value := getattr(self, each.name)) is not None
        }
        files = given.pop("files", ())
        if self.files is not None:
            given["files"] = len(files)
        changed = subject.changed(world.now, **given)
        refused = _no_budget(changed.budget_min, changed.budget_max)
        if self.closes_at is not None:
            refused = refused or _no_deadline(self.closes_at, world)
        refused = refused or unfit(files, world)
        if refused:
            return refused
        lapse = changed.lapse_of(world.now)
        edited = changed.changed(world.now, wakes_at=lapse)
        return Decision(rows=(edited, *attached(edited, files)))


class Ending(ProjectAction):
    """What ends a project, or sends back what nobody uses: the reserve returns to the wallet."""

    __slots__ = ()

    scope: ClassVar[Scope] = Scope.MONEY

    @classmethod
    @override
    def blocked(cls, subject: Project, asker: User, world: View) -> Reason | None:
        return cls.blocked_now(subject, world) or (
            Reason.OFFER_WAITING if subject.offered else None
        )

    @classmethod
    def blocked_now(cls, project: Project, world: View) -> Reason | None:
        """What else refuses it whatever the input says."""
        return None

    @override
    def receives(self, subject: Project, world: View) -> Iterable[Account]:
        return (subject.employer_wallet,)


@action
class Close(Ending):
    """Close a project for which nobody has an offer to answer. What is reserved returns to you."""

    name = "project.close"
    when = OPEN
    event = "project.closed"

    subject_id: int

    @override
    def decide(self, subject: Project, world: View) -> Decision:
        return returned(subject, world, status=ProjectStatus.CLOSED)


@action
class LapseProject(Ending):
    """Nobody was chosen in time, or nobody needed the reserve for long: it returns."""

    name = "project.lapse"
    by = SYSTEM
    when = GOING_ON
    event = "project.lapsed"
    scope = Scope.STAFF

    subject_id: int

    @classmethod
    @override
    def blocked_now(cls, project: Project, world: View) -> Reason | None:
        return until(project.wakes_at, world)

    @override
    def decide(self, subject: Project, world: View) -> Decision:
        if subject.status is ProjectStatus.OPEN:
            return returned(subject, world, status=ProjectStatus.CLOSED)
        return returned(subject, world)


def returned(project: Project, world: View, **changes: Any) -> Decision:
    """All that is reserved goes back to the employer's wallet."""
    held = world.balance(project.reserve)
    emptied = project.changed(world.now, reserved_since=None, wakes_at=None, **changes)
    moved = (Transfer(project.reserve, project.employer_wallet, held),) if held.is_positive else ()
    return Decision(rows=(emptied,), transfers=moved)


def unused(project: Project, now: datetime) -> datetime | None:
    """When what is reserved while work goes on returns, if nothing of it is used."""
    return now + UNUSED if project.reserved_since is not None else None
