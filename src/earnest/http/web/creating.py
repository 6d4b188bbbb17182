"""Creating the milestones that a bid proposed: all or some, changed if wanted, paid at once.

It is one funding of the contract: from what is reserved for the project first, then the wallet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from earnest.core.contracts import Contract
from earnest.core.money import Money
from earnest.http.reading import noted
from earnest.http.web import filling, forms, planning
from earnest.http.web.acting import VIA, to_check
from earnest.http.web.contracts import milestones_of
from earnest.http.web.places import checked_form, typed_before
from earnest.http.web.proposing import TAKE, begun, made_of
from earnest.http.web.refusing import no_form
from earnest.http.web.rendering import redirect
from earnest.http.web.sheets import Sheet
from earnest.http.web.subjects import load
from earnest.store.reads import pages
from earnest.words import amounts
from earnest.words.saying import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.milestones.row import Milestone
    from earnest.http.web.subjects import About
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

#: It is asked for as this.
NAME: Final = "contract.fund"
TEMPLATE: Final = "contracts/create.html"
NOTHING_TICKED: Final = N_("Tick one milestone at least.")


@dataclass(frozen=True, slots=True)
class Creating:
    """The proposed milestones of a contract's bid, to be made real."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """What the bid proposed: ticked, but for what was made already."""
        about, wallet, made = await self._about(visit, request)
        refused = about.standing[NAME]
        if refused is not None:
            return no_form(NAME, about, refused)
        if not about.proposals:
            return redirect(visit, f"{about.address}/fund")
        values = await typed_before(visit) or begun(about, made)
        return _sheet(about, values, wallet, made).page()

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Those that are ticked, on to the check page; or what is wrong with them."""
        values = await checked_form(visit, request)
        about, wallet, made = await self._about(visit, request)
        sheet = _sheet(about, values, wallet, made)
        filled = planning.pressed(values, about)
        if filled is not None:
            return _sheet(about, filled, wallet, made).page()
        if filling.SUM in values:
            return sheet.page()
        wanted = _ticked(values)
        if not wanted:
            error = forms.FormError(f"{TAKE}.0", NOTHING_TICKED, NOTHING_TICKED)
            return replace(sheet, errors=(error,)).page(422)
        meant = _only(values, wanted)
        errors = planning.unsaid(meant)
        reader = forms.Reader(visit, planning.meant(meant), about.currency, errors)
        try:
            action = reader.action(NAME, about.row.id)
        except forms.FormErrors as wrong:
            return replace(sheet, errors=wrong.errors).page(422)
        return await to_check(sheet, reader, action)

    async def _about(
        self, visit: Visit, request: Request
    ) -> tuple[About, Money, Sequence[Milestone]]:
        async def read(db: Connection) -> tuple[About, Money, Sequence[Milestone]]:
            about = await load(db, visit, Contract, request.path_params["id"])
            wallet = await pages.wallet(db, visit.me.id, about.row.currency)
            made, _ = await milestones_of(db, about.row)
            return about, wallet, made

        found = await visit.reading(read)
        await noted(self.app, visit.me, found[0].row, VIA)
        return found


def _sheet(
    about: About, values: Mapping[str, str], wallet: Money, made: Sequence[Milestone]
) -> Sheet:
    more = {
        "ticked": _ticked(values),
        "made": [place for place, is_made in enumerate(made_of(about, made)) if is_made],
        "paying": paying(about, values, wallet),
    }
    return Sheet(NAME, about, values, wallets=[wallet], template=TEMPLATE, more=more)


def _ticked(values: Mapping[str, str]) -> list[int]:
    lines = range(forms.rows_in(values, filling.LINES))
    return [place for place in lines if f"{TAKE}.{place}" in values]


def _only(values: Mapping[str, str], wanted: Sequence[int]) -> dict[str, str]:
    """The form without the lines that are not wanted."""
    kept = tuple(f"{filling.LINES}.{place}." for place in wanted)
    return {
        name: text
        for name, text in values.items()
        if not name.startswith(f"{filling.LINES}.") or name.startswith(kept)
    }


def paying(about: About, values: Mapping[str, str], wallet: Money) -> dict[str, Any]:
    """What is ticked adds up to, and where that would come from."""
    total = Money.zero(wallet.currency)
    for place in _ticked(values):
        typed = values.get(f"{filling.LINES}.{place}.amount", "")
        try:
            total = total + amounts.read(typed, wallet.currency, about.visit.locale)
        except amounts.AmountUnread:
            continue
    reserve = min(total, about.reserved)
    rest = total - reserve
    short = rest - wallet if wallet < rest else None
    return {"total": total, "reserve": reserve, "wallet": rest, "has": wallet, "short": short}
