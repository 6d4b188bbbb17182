"""A status has words of its own for what it is a status of, alone and within a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.core.test_lifecycle import STATUSES

from earnest.core.bids.row import BidStatus
from earnest.core.contracts import ContractStatus
from earnest.core.disputes.row import DisputeStatus
from earnest.core.milestones.releasing import ReleaseStatus
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.people import UserStatus
from earnest.words.saying import Text, saying
from earnest.words.statuses import called, inside

if TYPE_CHECKING:
    from enum import StrEnum


@pytest.mark.parametrize(
    "status", [each for kind in STATUSES.values() for each in kind], ids=lambda x: f"{x!r}"
)
def test_every_status_has_words_for_what_it_is_of(status: StrEnum) -> None:
    (noun,) = (row.noun for row, kind in STATUSES.items() if kind is type(status))
    words = called(status)
    assert isinstance(words, Text)
    assert words.context == noun


@pytest.mark.parametrize(
    ("status", "portuguese", "spanish"),
    [
        (MilestoneStatus.DECLINED, "Recusada", "Rechazado"),
        (ContractStatus.DECLINED, "Recusado", "Rechazado"),
        (BidStatus.DECLINED, "Recusada", "Rechazada"),
        (UserStatus.ACTIVE, "Ativa", "Activa"),
        (DisputeStatus.SETTLED, "Encerrada por acordo", "Resuelta por acuerdo"),
    ],
)
def test_its_gender_is_that_of_its_noun(status: StrEnum, portuguese: str, spanish: str) -> None:
    with saying("pt-BR"):
        assert str(called(status)) == portuguese
        assert inside(status) == portuguese[0].lower() + portuguese[1:]
    with saying("es"):
        assert str(called(status)) == spanish


def test_within_a_sentence_it_begins_small() -> None:
    assert inside(ReleaseStatus.RELEASING) == "on its way"
    assert inside(DisputeStatus.FINAL_OFFERS) == "at its final offers"
    assert (inside("bid"), inside("no_such_thing")) == ("bid", "no such thing")


def test_what_is_only_shown_like_one_has_words_too() -> None:
    with saying("es"):
        assert [str(called(each)) for each in ("disputed", "shortlisted")] == [
            "En disputa",
            "Preseleccionada",
        ]
    assert called("no_such_status") == "No such status"
