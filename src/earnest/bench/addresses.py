"""Which pages and lists are measured, and as whom: one line each.

A name in braces is one of what `landmarks` finds. What is deep is asked for so many pages further
on, where its first page leads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Who looks: somebody like most, and who has most.
EMPLOYER: Final = "employer"
LARGE: Final = "large employer"
FREELANCER: Final = "freelancer"
BUSY: Final = "busy freelancer"
#: Of the project with the most bids, and of the contract with the most milestones.
HIRING: Final = "its employer"
PAYING: Final = "its payer"
WORKING: Final = "its worker"
#: Who works for the site; where nobody does, their pages are left out. And somebody unknown.
OPERATOR: Final = "operator"
ARBITER: Final = "arbiter"
GUEST: Final = "guest"

#: Left out where there is nothing to release.
BUNDLE: Final = "/bundles/{bundle}"


@dataclass(frozen=True, slots=True)
class Address:
    """A page or a list, who looks at it, and how far on."""

    path: str
    who: str
    pages_on: int = 0

    @property
    def is_rest(self) -> bool:
        """Whether programs ask for it, with a token."""
        return self.path.startswith("/v1/")


def _as_each(path: str, *who: str, pages_on: int = 0) -> tuple[Address, ...]:
    return tuple(Address(path, each, pages_on) for each in who)


ADDRESSES: Final[tuple[Address, ...]] = (
    *_as_each("/finances", EMPLOYER, LARGE, FREELANCER, BUSY),
    *_as_each("/finances/milestones", EMPLOYER, LARGE),
    *_as_each("/finances/milestones?dir=incoming", FREELANCER, BUSY),
    *_as_each("/finances/milestones?status=held", LARGE),
    *_as_each("/finances/milestones?status=submitted", LARGE),
    *_as_each("/finances/milestones?status=requested", LARGE),
    *_as_each("/finances/milestones?currency=KWD", LARGE),
    *_as_each("/finances/milestones?contract={contract}", PAYING),
    *_as_each("/finances/milestones?q=design", LARGE),
    *_as_each("/finances/milestones?q=choir", LARGE),
    *_as_each("/finances/milestones", LARGE, pages_on=20),
    *_as_each("/finances/transactions", LARGE, BUSY),
    *_as_each("/finances/transactions", LARGE, pages_on=20),
    *_as_each("/finances/payments", LARGE, BUSY),
    *_as_each("/finances/statements", EMPLOYER, LARGE, BUSY),
    *_as_each("/finances/statements/one?month={month}", EMPLOYER, LARGE, BUSY),
    *_as_each("/finances/proof", EMPLOYER),
    *_as_each("/contracts", EMPLOYER, LARGE, FREELANCER, BUSY),
    *_as_each("/contracts?status=offered", LARGE, BUSY),
    *_as_each("/contracts/{contract}", PAYING, WORKING),
    *_as_each("/contracts/{contract}/fund", PAYING),
    *_as_each("/milestones/{milestone}", PAYING, WORKING),
    *_as_each("/milestones/{milestone}/release", PAYING),
    *_as_each("/projects", EMPLOYER, LARGE, FREELANCER, BUSY),
    *_as_each("/projects", FREELANCER, pages_on=20),
    *_as_each("/projects?skill={skill}", FREELANCER),
    *_as_each("/projects?reserved=1", FREELANCER),
    *_as_each("/projects?skill={skill}&reserved=1", FREELANCER),
    *_as_each("/projects?q=website", FREELANCER),
    *_as_each("/projects?q=choir", FREELANCER),
    *_as_each("/projects?view=posted", LARGE),
    *_as_each("/projects?view=bid", FREELANCER, BUSY),
    *_as_each("/projects/{project}", HIRING, FREELANCER, BUSY),
    *_as_each("/projects/{project}?sort=amount", HIRING),
    *_as_each("/projects/{project}?sort=-amount", HIRING),
    *_as_each("/projects/{project}?sort=days", HIRING),
    *_as_each("/projects/{project}?sort=-days", HIRING),
    *_as_each("/projects/{project}?shortlisted=1", HIRING),
    *_as_each("/projects/{project}?{compared}", HIRING),
    *_as_each("/bids/{bid}", HIRING),
    *_as_each("/people/{large}", FREELANCER, LARGE),
    *_as_each("/people/{busy}", EMPLOYER, BUSY),
    *_as_each("/people/{usual}", EMPLOYER),
    *_as_each(BUNDLE, LARGE),
    *_as_each("/notices", EMPLOYER, LARGE, BUSY),
    *_as_each("/disputes", LARGE, BUSY),
    *_as_each("/settings", EMPLOYER),
    *_as_each("/settings/security", EMPLOYER),
    *_as_each("/settings/notices", EMPLOYER),
    *_as_each("/help/keys", EMPLOYER),
    *_as_each("/docs/api", GUEST),
    *_as_each("/", GUEST),
    *_as_each("/signin", GUEST),
    *_as_each("/finances/proof", GUEST),
    *_as_each("/desk", ARBITER),
    *_as_each("/staff", OPERATOR),
    *_as_each("/staff/people", OPERATOR),
    *_as_each("/staff/people?q=mar", OPERATOR),
    *_as_each("/staff/people/{large}", OPERATOR),
    *_as_each("/staff/withdrawals", OPERATOR),
    *_as_each("/staff/deposits", OPERATOR),
    *_as_each("/staff/returns", OPERATOR),
    *_as_each("/staff/rulings", OPERATOR),
    *_as_each("/staff/clocks", OPERATOR),
    *_as_each("/staff/mails", OPERATOR),
    *_as_each("/staff/invariants", OPERATOR),
    *_as_each("/staff/audit", OPERATOR),
    *_as_each("/search?q=website", EMPLOYER, LARGE, BUSY),
    *_as_each("/search?q=vineyard", LARGE, BUSY),
    *_as_each("/search?q=design+of+the+details", LARGE, BUSY),
    *_as_each("/search?q=final+correc", LARGE, BUSY),
    *_as_each("/search?q={milestone}", PAYING),
    *_as_each("/search/suggested?q=web", LARGE),
    *_as_each("/people?q=mar", LARGE),
    *_as_each("/people?q=jose+al", LARGE),
    *_as_each("/v1/users/{large}/reputation", FREELANCER),
    *_as_each("/v1/users/{busy}/reputation", EMPLOYER),
    *_as_each("/v1/search?q=website", LARGE, BUSY),
    *_as_each("/v1/search?q=USD+40", LARGE, BUSY),
    *_as_each("/v1/balances", LARGE, BUSY),
    *_as_each("/v1/milestones", EMPLOYER, LARGE, BUSY),
    *_as_each("/v1/milestones?waiting_for=me", LARGE, BUSY),
    *_as_each("/v1/milestones?sort=due_at", EMPLOYER),
    *_as_each("/v1/milestones?contract={contract}", PAYING),
    *_as_each("/v1/milestones/{milestone}", PAYING),
    *_as_each("/v1/contracts", LARGE, BUSY),
    *_as_each("/v1/contracts/{contract}", PAYING),
    *_as_each("/v1/contracts/{contract}/events", PAYING),
    *_as_each("/v1/projects", FREELANCER),
    *_as_each("/v1/projects?status=open", FREELANCER),
    *_as_each("/v1/projects?skill={skill}&status=open", FREELANCER),
    *_as_each("/v1/projects?reserved=true", FREELANCER),
    *_as_each("/v1/projects/{project}", FREELANCER),
    *_as_each("/v1/projects/{project}/events", FREELANCER),
    *_as_each("/v1/bids?project={project}", HIRING),
    *_as_each("/v1/bids", LARGE, BUSY),
    *_as_each("/v1/events", EMPLOYER, LARGE, BUSY),
    *_as_each("/v1/messages", LARGE, BUSY),
    *_as_each("/v1/releases", LARGE, BUSY),
    *_as_each("/v1/deposits", LARGE),
)
