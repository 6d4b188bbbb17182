"""Invitations: a link that offers a contract to whoever opens it, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.actions import Reason, Refused
from earnest.core.contracts import OfferContract, lacks_arbiter, preset_of
from earnest.core.currencies import NAMES
from earnest.core.people import UserStatus
from earnest.core.terms import PRESETS
from earnest.http import asking, problems, security
from earnest.http.answers import ProblemError, id_of
from earnest.http.signin.typed import Wrong, line, name_wrong, wrong
from earnest.http.web.places import checked_form, typed_before
from earnest.http.web.rendering import page, pairs, redirect
from earnest.http.web.widgets import USUAL, currencies, presets
from earnest.store import intents, invitations
from earnest.words.actions import choice_of
from earnest.words.reasons import sentence
from earnest.words.saying import N_, _
from earnest.words.terms import summary

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.batch import Answer
    from earnest.store.db import Connection
    from earnest.store.invitations import Invitation

#: How offers that come of a link are told of in the contract's events.
VIA: Final = "web"
GONE: Final = 410
NOT_A_LINK: Final = N_("This is not the link of an invitation. Look whether all of it was copied.")


@dataclass(frozen=True, slots=True)
class Inviting:
    """The employer's pages: making links, and seeing what became of them."""

    app: App

    async def new(self, visit: Visit, _request: Request) -> Response:
        """The form, with what was typed in it before the session ended."""
        _must_not_be_suspended(visit)
        return self._form(visit, await typed_before(visit) or {})

    async def make(self, visit: Visit, request: Request) -> Response:
        """Make a link, and show it this once."""
        values = await checked_form(visit, request)
        _must_not_be_suspended(visit)
        draft = invitations.Draft(
            line(values, "name"), values.get("currency", ""), values.get("terms", "")
        )
        errors = name_wrong(draft.name)
        if draft.currency not in NAMES:
            errors.append(wrong("currency", _("Choose a currency.")))
        if draft.terms not in presets():
            errors.append(wrong("terms", _("Choose the terms.")))
        elif lacks_arbiter(PRESETS[draft.terms], visit.house):
            errors.append(wrong("terms", sentence(Refused(Reason.NO_ARBITER))))
        if errors:
            return self._form(visit, values, errors)
        number, database = self.app.node.ids.new(), self.app.database
        token = await asking.looking(
            self.app, lambda: invitations.create(database, number, visit.me.id, draft)
        )
        link = f"{security.public_origin(request, self.app.config)}/invitations/{token}"
        days = invitations.LIVES.days
        return page(visit, "invitations/made.html", draft=draft, link=link, days=days, **_PLACE)

    async def listed(self, visit: Visit, _request: Request) -> Response:
        """Everything that this person made."""
        database, number = self.app.database, visit.me.id
        rows = await asking.looking(self.app, lambda: invitations.of_employer(database, number))
        return page(visit, "invitations/list.html", rows=rows, **_PLACE)

    async def revoke(self, visit: Visit, request: Request) -> Response:
        """Let a link lead nowhere any more."""
        await checked_form(visit, request)
        number, database = asking.reference(request, invitations.PREFIX), self.app.database
        done = number is not None and await asking.looking(
            self.app, lambda: invitations.revoke(database, number, visit.me.id)
        )
        return redirect(visit, "/invitations", "revoked" if done else None)

    async def to_list(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, "/invitations")

    def _form(
        self, visit: Visit, values: Mapping[str, str], errors: Sequence[Wrong] = ()
    ) -> Response:
        return page(
            visit,
            "invitations/new.html",
            status=422 if errors else 200,
            values={"name": "", "currency": USUAL[0], "terms": preset_of(visit.house), **values},
            currencies=pairs(currencies(())),
            terms=[{"value": each, **_said(each)} for each in presets()],
            errors=errors,
            **_PLACE,
        )


@dataclass(frozen=True, slots=True)
class Taking:
    """What whoever has the link sees, and does."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """Who invites whom into what; or why the link leads nowhere any more."""
        token = token_of(request)
        database = self.app.database
        found = await asking.looking(self.app, lambda: invitations.by_token(database, token))
        if found is None:
            raise ProblemError("not_found", NOT_A_LINK)
        problem = None
        if visit.user is not None and found.used_by == visit.user.id:
            problem = await self._problem(visit, found)
        return self._page(visit, token, found, problem)

    async def take(self, visit: Visit, request: Request) -> Response:
        """Let the link's one offer be this person's, and lead to the contract."""
        await checked_form(visit, request)
        token, database = token_of(request), self.app.database
        number = visit.me.id
        taken = await asking.looking(self.app, lambda: invitations.take(database, token, number))
        if taken is None:
            return redirect(visit, f"/invitations/{token}")  # It says why.
        answer = await offered(self.app, taken, number)
        if answer.problem is not None:
            return self._page(visit, token, taken, answer.problem)
        return redirect(visit, contract_of(answer))

    async def to_invitation(self, visit: Visit, request: Request) -> Response:
        """Whoever opens the address of the button by hand is led back."""
        return redirect(visit, f"/invitations/{token_of(request)}")

    async def _problem(self, visit: Visit, found: Invitation) -> bytes | None:
        """What the rules said to the offer, if they refused it."""

        async def read(db: Connection) -> bytes | None:
            return (await intents.answered(db, found.employer_id, key_of(found)))[1]

        return await visit.reading(read)

    def _page(self, visit: Visit, token: str, found: Invitation, problem: bytes | None) -> Response:
        me = visit.user.id if visit.user is not None else None
        is_mine = me is not None and me in {found.employer_id, found.used_by}
        status = 200 if found.state == "open" or is_mine else GONE
        if problem is not None:
            status = problems.status_in(problem)
        return page(
            visit,
            "invitations/open.html",
            status=status,
            token=token,
            invitation=found,
            terms=_said(found.terms),
            # Why is between the employer and the site: it may be that they are suspended.
            is_refused=problem is not None,
            is_employer=me == found.employer_id,
            is_taker=me is not None and me == found.used_by,
            may_sign_up=self.app.config.signup in {"open", "invite"},
        )


async def offered(app: App, invitation: Invitation, user_id: int) -> Answer:
    """Offer what the employer asked for when they made the link; asked again it is the same."""
    action = OfferContract(invitation.employer_id, user_id, invitation.currency, invitation.terms)
    return await app.do(invitation.employer_id, action, key=key_of(invitation), via=VIA)


def contract_of(answer: Answer) -> str:
    """Where the contract is that was offered."""
    return f"/contracts/{id_of(answer.rows[0])}"


def key_of(invitation: Invitation) -> str:
    """One link makes one contract: this is its command's key."""
    return f"invitation-{invitation.reference}"


def token_of(request: Request) -> str:
    """The token in the address, of which the address itself has the beginning."""
    return f"{invitations.PREFIX}_{request.path_params['secret']}"


def _must_not_be_suspended(visit: Visit) -> None:
    """An invitation opens something new."""
    if visit.me.status is UserStatus.SUSPENDED:
        raise ProblemError("suspended", sentence(Refused(Reason.SUSPENDED)))


def _said(preset: str) -> dict[str, Any]:
    """What the terms are called, and in one sentence what they do."""
    name, _ = choice_of(preset)
    return {"text": name, "meta": summary(PRESETS[preset]) if preset in PRESETS else ""}


_PLACE: Final[Mapping[str, Any]] = {"section": "contracts"}
