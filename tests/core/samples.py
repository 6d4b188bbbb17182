"""An input for every action: by name where it needs thought, else filled in from its fields.

A new action whose fields are of known kinds needs no line here.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Union, get_args, get_origin

from tests.core.clocked import RELEASE
from tests.core.disputed import DISPUTE, LASTS, OFFER
from tests.core.planned import TRANCHE
from tests.core.proposed import OTHER_HASH, OTHER_TERMS
from tests.core.worlds import (
    ARBITER,
    BID,
    CONTRACT,
    DEPOSIT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    PROJECT,
    QUESTION,
    WHOLE,
    WITHDRAWAL,
    the,
)

from earnest.core.actions import ACTIONS, Action
from earnest.core.bids.bidding import EditBid, PlaceBid, Step
from earnest.core.bids.choosing import Award
from earnest.core.bids.row import Bid
from earnest.core.contracts import Contract
from earnest.core.disputes.arbitrating import NameArbiter
from earnest.core.disputes.exhibiting import AddExhibit, OpenExhibit
from earnest.core.disputes.extending import AgreeExtension, ProposeExtension
from earnest.core.disputes.offering import AcceptOffer
from earnest.core.inputs import Digest, Ref
from earnest.core.milestones.agreeing import Accept, funded
from earnest.core.milestones.revising import Agree, AgreeEdit, Edit, ProposeEdit
from earnest.core.milestones.row import SUBMITTED, Milestone, milestones_hash
from earnest.core.money import Money
from earnest.core.projects.asking import Answer
from earnest.core.renewing import AgreeTerms
from earnest.core.world import World

SUBJECTS: Final = {
    "user": EMPLOYER,
    "contract": CONTRACT,
    "milestone": MILESTONE,
    "release": RELEASE,
    "tranche": TRANCHE,
    "deposit": DEPOSIT,
    "withdrawal": WITHDRAWAL,
    "project": PROJECT,
    "bid": BID,
    "dispute": DISPUTE,
}
#: What is more than words.
_NAMED: Final[Mapping[str, object]] = {
    "terms": OTHER_TERMS,
    "gateway": "sandbox",
    "currency": "USD",
    "account": "DE89370400440532013000",
}
_PLAIN: Final[Mapping[object, object]] = {
    str: "Some words",
    int: 5,
    bool: True,
    Money: WHOLE,
    datetime: NOW + timedelta(days=30),
}


_MARKED: Final[Mapping[type, object]] = {Ref: FREELANCER, Digest: "0" * 64}


def accepted(books: World, number: int = CONTRACT) -> Accept:
    """Accept exactly what there is to see."""
    contract = the(books, Contract, number)
    milestones = books.children(Milestone, number)
    escrows = {m.escrow: books.balances.get(m.escrow, 0) for m in milestones}
    view = World(books.now, books.house, books.rows, escrows, books.rulebooks)
    held = funded(milestones, view, contract.currency)
    return Accept(number, contract.terms_hash, held, milestones_hash(milestones))


def changed(milestone: Milestone) -> ProposeEdit:
    """Propose twice the amount; once it is handed in there are only more rounds to propose."""
    if milestone.status in SUBMITTED:
        return ProposeEdit(MILESTONE, rounds=1)
    return ProposeEdit(MILESTONE, amount=WHOLE + WHOLE)


def edited(books: World) -> AgreeEdit:
    """Agree to what is proposed, if anything is."""
    edit = books.find(Edit, MILESTONE)
    return AgreeEdit(MILESTONE, edit.hash if edit else "0" * 64)


#: When a dispute would be over that both let last a day longer.
LONGER: Final = NOW + LASTS + timedelta(days=1)
STEPS: Final = (Step("All of it", WHOLE, days=7),)
#: The few whose input has to fit what is there.
SAMPLES: Final[Mapping[str, Callable[[World], Action[Any]]]] = {
    "contract.accept": accepted,
    "contract.agree_terms": lambda _: AgreeTerms(CONTRACT, OTHER_HASH),
    "bid.place": lambda _: PlaceBid(PROJECT, WHOLE, 7, "What I would do", STEPS),
    "bid.edit": lambda _: EditBid(BID, WHOLE, 7, "What I would do", STEPS),
    "bid.award": lambda books: Award(BID, the(books, Bid, BID).hash),
    "dispute.accept_offer": lambda _: AcceptOffer(DISPUTE, OFFER),
    "dispute.agree_extension": lambda _: AgreeExtension(DISPUTE, LONGER),
    "dispute.exhibit": lambda _: AddExhibit(DISPUTE, text="See for yourself."),
    "dispute.name_arbiter": lambda _: NameArbiter(DISPUTE, ARBITER),
    "dispute.open_exhibit": lambda _: OpenExhibit(DISPUTE, 1),
    "dispute.propose_extension": lambda _: ProposeExtension(DISPUTE, LONGER),
    "milestone.agree_edit": edited,
    "milestone.agree": lambda books: Agree(
        MILESTONE, the(books, Milestone, MILESTONE).agreement_hash
    ),
    "milestone.propose_edit": lambda books: changed(the(books, Milestone, MILESTONE)),
    "project.answer": lambda _: Answer(PROJECT, QUESTION, "As many as it takes."),
}


def sample(name: str, books: World) -> Action[Any]:
    """Ask for this in a way that only who, when or blocked could refuse."""
    if name in SAMPLES:
        return SAMPLES[name](books)
    kind = ACTIONS[name]
    asked = filled(kind, subject_id=SUBJECTS[kind.kind.noun])
    assert isinstance(asked, Action)
    return asked


def filled(kind: type[Any], **given: object) -> object:
    """Make one, with every field that cannot be left out filled in from its annotation."""
    missing = [each for each in fields(kind) if _required(each) and each.name not in given]
    return kind(**given, **{each.name: _value(each, kind) for each in missing})


def annotation(each: Field[Any], kind: type[Any]) -> Any:
    """What the field was declared as, its marks included."""
    home = vars(sys.modules[kind.__module__])
    return eval(each.type, home) if isinstance(each.type, str) else each.type


def _required(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _value(each: Field[Any], kind: type[Any]) -> object:
    return _NAMED.get(each.name) or _of(annotation(each, kind))


def _of(hint: Any) -> object:
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _MARKED.get(type(inside[1])) or _of(inside[0])
    if origin in {types.UnionType, Union}:
        return _of(inside[0])
    if origin is tuple:
        return (_of(inside[0]),)
    if is_dataclass(hint) and hint is not Money:
        return filled(hint)  # type: ignore[arg-type]  # A class, not an instance.
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint))
    return _PLAIN[hint]
