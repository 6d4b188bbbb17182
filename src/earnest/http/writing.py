"""POST: an action is read, asked for, and answered with exactly the bytes that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.actions import Scope
from earnest.core.milestones.asking import RequestMilestone
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.payments.depositing import StartDeposit
from earnest.http import asking
from earnest.http.answers import answer, id_of, problem
from earnest.http.bodies import WithParent, read
from earnest.http.routes import ROOT, VIA, Write
from earnest.http.waiting import DEPOSIT_SECONDS, dealt_with
from earnest.store.reads import lookups

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.actions import Action
    from earnest.store.batch import Answer
    from earnest.store.tokens import Bearer

#: Several at once: the lines of contract.fund, called items.
FUNDING: Final = WithParent("contract.fund", "contract_id", theirs="items", ours="milestones")


@dataclass(frozen=True, slots=True)
class Acting:
    """One action's POST."""

    app: App
    write: Write
    deposit_seconds: float = DEPOSIT_SECONDS

    async def __call__(self, request: Request) -> Response:
        """Authenticate, scope, key, body; only then the action itself."""
        bearer = await asking.asker(request, self.app)
        asking.demand(bearer, self.write.scope)
        key = asking.key(request)
        asking.no_parameters(request)
        action = await self._read(request, bearer)
        answered = await self.app.do(bearer.user.id, action, key=key, via=VIA)
        if isinstance(action, StartDeposit) and answered.rows and not answered.replayed:
            await dealt_with(self.app, answered, self.deposit_seconds)
        return responded(request, self.write, answered)

    async def _read(self, request: Request, bearer: Bearer) -> Action[Any]:
        """The action that the body asks for, of the subject that body, address or asker names."""
        body = await asking.body(request)
        if self.write.parent is not None:
            return WithParent(self.write.name, self.write.parent).read(body)
        if self.write.creates:
            return read(self.write.name, bearer.user.id, body)
        subject_id = asking.reference(request, self.write.action.kind.prefix)
        action = read(self.write.name, subject_id or 0, body)
        if subject_id is None:
            raise asking.not_found()
        return action


@dataclass(frozen=True, slots=True)
class ActingOnMilestones:
    """POST /v1/milestones: the employer makes funded ones, the freelancer asks for one.

    It needs `write`; `money` is asked for once it is clear that money is meant.
    """

    app: App
    write: Write

    async def __call__(self, request: Request) -> Response:
        """Read what is asked for, then find out which of the two it is."""
        bearer = await asking.asker(request, self.app)
        asking.demand(bearer, Scope.WRITE)
        key = asking.key(request)
        asking.no_parameters(request)
        body = await asking.body(request)
        if "items" in body:
            asking.demand(bearer, Scope.MONEY)
            several = FUNDING.read(body)
            answered = await self.app.do(bearer.user.id, several, key=key, via=VIA)
            return responded(request, self.write, answered, said=b"/items", several=True)
        asked = WithParent(self.write.name, "contract_id").read(body)
        assert isinstance(asked, RequestMilestone)
        action = await self._meant(asked, bearer)
        answered = await self.app.do(bearer.user.id, action, key=key, via=VIA)
        return responded(request, self.write, answered, said=b"")

    async def _meant(self, asked: RequestMilestone, bearer: Bearer) -> Action[Any]:
        """For the employer of the contract it is funding; for anybody else it is a request."""
        contract_id, me = asked.subject_id, bearer.user.id
        employer = await asking.looking(
            self.app, lambda: lookups.employer_of(self.app.database, contract_id, me)
        )
        if employer != me:
            return asked
        asking.demand(bearer, Scope.MONEY)
        return FundContract(contract_id, (Line(asked.description, asked.amount, asked.due_at),))


def responded(
    request: Request,
    write: Write,
    answered: Answer,
    *,
    said: bytes | None = None,
    several: bool = False,
) -> Response:
    """The answer as it is kept. `said` is how this body calls what contract.fund's calls lines."""
    headers = {"Idempotency-Replayed": "true"} if answered.replayed else {}
    if answered.problem is not None:
        body = answered.problem
        if said is not None:
            lines = b'"path":"/milestones' if said else b'"path":"/milestones/0'
            body = body.replace(lines, b'"path":"' + said)
        return problem(body, request, headers)
    if several or (write.answers_items and not write.creates):
        body = b'{"items":[' + b",".join(answered.rows) + b"]}"
        return answer(body, status=201 if write.creates else 200, headers=headers)
    (row,) = answered.rows
    if write.creates:
        headers["Location"] = f"{ROOT}/{write.collection}/{id_of(row)}"
    return answer(row, status=201 if write.creates else 200, headers=headers)
