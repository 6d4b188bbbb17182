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
from earnest.http.bodies import WithParent, in_one_line, read
from earnest.http.dry_run import looked_at
from earnest.http.routes import ROOT, VIA, Write
from earnest.http.waiting import DEPOSIT_SECONDS, dealt_with
from earnest.store.reads import lookups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.actions import Action
    from earnest.http.asking import Manner
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
        asking.demand_verified(self.app, self.write.name, is_unverified=bearer.is_unverified)
        key = asking.key(request)
        manner = asking.manner(request)
        action = await self._read(request, bearer)
        if manner.is_dry_run:
            return await _only_looked_at(request, self.app, bearer, action, manner)
        answered = await self.app.do(
            bearer.user.id, action, key=key, via=VIA, condition=manner.condition(action)
        )
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
        manner = asking.manner(request)
        body = await asking.body(request)
        several = "items" in body
        said = b"/items" if several else b""
        action = await self._meant(body, bearer)
        if manner.is_dry_run:
            return await _only_looked_at(request, self.app, bearer, action, manner, said=said)
        answered = await self.app.do(
            bearer.user.id, action, key=key, via=VIA, condition=manner.condition(action)
        )
        return responded(request, self.write, answered, said=said, several=several)

    async def _meant(self, body: Mapping[str, Any], bearer: Bearer) -> Action[Any]:
        """For the employer of the contract it is funding; for anybody else it is a request."""
        if "items" in body:
            asking.demand(bearer, Scope.MONEY)
            return FUNDING.read(body)
        asked = _one_of(body)
        contract_id, me = asked.subject_id, bearer.user.id
        employer = await asking.looking(
            self.app, lambda: lookups.employer_of(self.app.database, contract_id, me)
        )
        if employer != me:
            return asked
        asking.demand(bearer, Scope.MONEY)
        if isinstance(asked, RequestMilestone):
            line = Line(asked.description, asked.amount, asked.due_at)
            return FundContract(contract_id, (line,))
        return asked


def _one_of(body: Mapping[str, Any]) -> Action[Any]:
    """One milestone: what either side may say of it is a request, and a plan is the employer's."""
    said = {name: value for name, value in body.items() if (name, value) != ("plan", None)}
    if "plan" in said:
        return in_one_line("contract.fund", "contract_id", "milestones", said)
    return WithParent("milestone.request", "contract_id").read(said)


async def _only_looked_at(
    request: Request,
    app: App,
    bearer: Bearer,
    action: Action[Any],
    manner: Manner,
    *,
    said: bytes | None = None,
) -> Response:
    """What would happen; the key is free as before."""
    body, is_problem = await looked_at(app, bearer.user.id, action, manner.condition(action))
    return problem(_respelled(body, said), request) if is_problem else answer(body)


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
        return problem(_respelled(answered.problem, said), request, headers)
    if write.creates and not several:
        headers["Location"] = f"{ROOT}/{write.collection}/{id_of(answered.rows[0])}"
    body = body_of(write, answered.rows, several=several)
    return answer(body, status=status_of(write), headers=headers)


def status_of(write: Write) -> int:
    """What is heard when it is done."""
    return 201 if write.creates else 200


def body_of(write: Write, rows: Sequence[bytes], *, several: bool = False) -> bytes:
    """The rows that answer: several as items, else the one."""
    if several or write.answers_items:
        return b'{"items":[' + b",".join(rows) + b"]}"
    (row,) = rows
    return row


def _respelled(body: bytes, said: bytes | None) -> bytes:
    """A problem whose fields are called as the body called them."""
    if said is None:
        return body
    lines = b'"path":"/milestones' if said else b'"path":"/milestones/0'
    return body.replace(lines, b'"path":"' + said)
