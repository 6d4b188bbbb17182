"""What people can do in a small world: every action that anybody would not be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from earnest.core.actions import ACTIONS, hindered
from earnest.core.contracts import OfferContract
from earnest.core.disputes.arbitrating import NameArbiter
from earnest.core.people import SYSTEM as BY_SYSTEM
from earnest.core.people import Party, User
from earnest.prove.inputs import SUBJECTS, inputs
from earnest.prove.world import (
    ARBITER,
    CURRENCY,
    EMPLOYER,
    FREELANCER,
    OPERATOR,
    OTHER_OPERATOR,
    SYSTEM,
    Place,
    State,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from earnest.core.actions import Action
    from earnest.core.world import World

#: Whoever may ask for something by their part; two operators, of whom the second confirms.
_WHO: Final = {
    Party.EMPLOYER: EMPLOYER,
    Party.FREELANCER: FREELANCER,
    Party.ARBITER: ARBITER,
    Party.OPERATOR: OPERATOR,
}
#: Moves no money and changes no row that a rule here reads: what is said of people afterwards.
LEFT_OUT: Final = frozenset({"review.give"})


def concerns(asked: type[Action[Any]]) -> bool:
    """Whether an action is one of a contract, a milestone, a release, a tranche or a dispute."""
    return (asked.kind in SUBJECTS or asked is OfferContract) and asked.name not in LEFT_OUT


CONCERNED: Final = tuple(each for each in ACTIONS.values() if concerns(each))
#: Nobody can ask for these but the clock, whose turn it is when its time has come.
CLOCKS: Final = tuple(
    each for each in CONCERNED if each.by == BY_SYSTEM and each is not NameArbiter
)
_BY_PEOPLE: Final = tuple(each for each in CONCERNED if each not in CLOCKS)


def moves(state: State, place: Place, world: World) -> Iterable[tuple[int, Action[Any]]]:
    """Everything that anybody can ask for now without being refused whatever the input is."""
    if state.contract is None:
        yield EMPLOYER, OfferContract(EMPLOYER, FREELANCER, CURRENCY, place.terms)
        return
    for asked in _BY_PEOPLE:
        for number in SUBJECTS.get(asked.kind, ()):
            subject = state.find(asked.kind, number)
            if subject is None or subject.status not in asked.when:  # type: ignore[attr-defined]
                continue
            for who in _askers(asked):
                asker = world.find(User, who)
                assert asker is not None, "everybody is there"
                if hindered(asked, subject, asker, world) is None:
                    for each in inputs(asked, number, state, who, place):
                        yield who, each


def _askers(asked: type[Action[Any]]) -> Sequence[int]:
    if asked is NameArbiter:
        return (SYSTEM,)
    if asked.name == "milestone.staff_confirm":
        return (OTHER_OPERATOR,)
    return [_WHO[party] for party in Party if party in asked.by]
