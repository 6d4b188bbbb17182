"""Plans and disputes: a tranche that is objected to, and what is paid once a dispute is let go."""

from __future__ import annotations

import pytest
from tests.core.test_fate import happens, told
from tests.core.test_planning import parts
from tests.core.test_silence import wind
from tests.core.test_tranches import DAY, MICRO, PAID, THREE, Plan, S, three
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    NOW,
    ask,
    batch,
    command,
    done,
    made,
    reason,
    refused,
    the,
    usd,
)

from earnest.core.actions import Reason
from earnest.core.clocks import clock_of
from earnest.core.contracts import Contract
from earnest.core.disputes.objecting import ObjectToTranche
from earnest.core.disputes.offering import Concede, Respond
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.row import Dispute
from earnest.core.fate import fate
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.tranches import PayTranche, TrancheStatus
from earnest.core.money import Money
from earnest.core.people import Party

# --- objected to ----------------------------------------------------------------------------------


def test_an_objection_freezes_its_amount_and_the_rest_is_paid_on_time() -> None:
    plan = three()
    dispute = plan.object(1, "20.00")
    assert (dispute.amount, dispute.claim, dispute.tranche_id) == (
        usd("20.00"),
        usd("0.00"),
        plan.tranches[1].id,
    )
    assert dispute.silence_to is Party.FREELANCER
    assert plan.after(3) == [(PAID, 1), (PAID, 2), (PAID, 3)]
    assert plan.paid() == ["40.00", "10.00", "30.00"]
    assert plan.row.status is S.FUNDED
    done(plan.books, FREELANCER, Concede(dispute.id))
    assert (plan.got, plan.back, plan.row.status) == ("80.00", "20.00", S.RELEASED)


def test_an_objection_may_say_what_the_freelancer_should_get() -> None:
    dispute = three().object(0, "20.00", "5.00")
    assert (dispute.claim, dispute.opener_figure) == (usd("5.00"), usd("5.00"))


def test_a_tranche_that_is_objected_to_in_full_is_passed_over() -> None:
    plan = three()
    plan.object(0, "40.00")
    assert clock_of(plan.row, plan.books) == (NOW + 2 * DAY, PayTranche)
    assert plan.after(3) == [(PAID, 2), (PAID, 3)]
    assert plan.tranches[0].status is TrancheStatus.WAITING


def test_nobody_objects_where_nothing_is_held() -> None:
    plan = three()
    done(plan.books, EMPLOYER, ReleaseMilestone(plan.row.id))
    asked = ObjectToTranche(plan.tranches[0].id, usd("40.00"), "No.")
    assert reason(plan.books, EMPLOYER, asked) in {Reason.NOTHING_HELD, Reason.WRONG_STATUS}


def test_nobody_objects_to_more_than_a_tranche_will_pay() -> None:
    plan = three()
    asked = ObjectToTranche(plan.tranches[0].id, usd("40.01"), "No.")
    found = refused(plan.books, EMPLOYER, asked)
    assert (found.reason, found.path) == (Reason.MORE_THAN_TRANCHE, "/amount")
    done(plan.books, FREELANCER, Cancel(plan.id, usd("45.00")))
    found = refused(plan.books, EMPLOYER, ObjectToTranche(plan.tranches[1].id, usd("15.01"), "No."))
    assert found.facts == {"pays": usd("15.00")}
    used_up = ObjectToTranche(plan.tranches[2].id, usd("0.01"), "No.")
    assert refused(plan.books, EMPLOYER, used_up).facts == {"pays": usd("0.00")}


def test_nobody_claims_more_than_they_object_to() -> None:
    plan = three()
    asked = ObjectToTranche(plan.tranches[0].id, usd("10.00"), "No.", usd("10.01"))
    assert reason(plan.books, EMPLOYER, asked) is Reason.MORE_THAN_FROZEN


def test_until_its_date_it_can_be_objected_to_and_at_that_instant_not() -> None:
    for early, code in ((MICRO, None), (0 * MICRO, Reason.WRONG_STATUS)):
        plan = three()
        plan.books.now = NOW + DAY - early
        asked = ObjectToTranche(plan.tranches[0].id, usd("1.00"), "No.")
        assert getattr(ask(plan.books, EMPLOYER, asked), "reason", None) == code


def test_one_whose_date_has_passed_unpaid_cannot_be_objected_to() -> None:
    plan = three()
    dispute = plan.object(0, "40.00")
    done(plan.books, FREELANCER, Concede(dispute.id))
    plan.books.now = NOW + DAY
    asked = ObjectToTranche(plan.tranches[0].id, usd("1.00"), "No.")
    assert reason(plan.books, EMPLOYER, asked) is Reason.DATE_PASSED


def test_of_two_objections_in_one_batch_the_second_meets_the_first() -> None:
    plan = three()
    asked = [
        command(EMPLOYER, ObjectToTranche(each.id, usd("5.00"), "No.")) for each in plan.tranches
    ]
    outcomes = batch(plan.books, asked)
    assert [getattr(each, "reason", None) for each in outcomes] == [
        None,
        Reason.DISPUTE_OPEN,
        Reason.DISPUTE_OPEN,
    ]


def test_a_plan_that_nobody_agreed_to_cannot_be_objected_to() -> None:
    plan = Plan(parts(*THREE), agreed=False)
    asked = ObjectToTranche(plan.tranches[0].id, usd("5.00"), "No.")
    assert reason(plan.books, EMPLOYER, asked) is Reason.PLAN_NOT_AGREED


# --- disputed and let go --------------------------------------------------------------------------


def test_a_dispute_about_the_milestone_takes_off_the_last_tranches() -> None:
    plan = three()
    plan.dispute("50.00")
    plan.after(3)
    assert plan.paid() == ["40.00", "10.00", "0.00"]


@pytest.mark.parametrize(
    ("days", "at_once", "then"),
    [
        (0.5, "0.00", ["40.00", "30.00", "30.00"]),
        (1, "40.00", ["40.00", "30.00", "30.00"]),  # 20.00 were paid on time.
        (2, "70.00", ["40.00", "30.00", "30.00"]),
        (3, "100.00", ["40.00", "30.00", "30.00"]),
    ],
)
def test_let_go_it_pays_at_once_what_the_dates_that_have_passed_would_have(
    days: float, at_once: str, then: list[str]
) -> None:
    plan = three()
    dispute = plan.dispute("80.00")
    done(plan.books, FREELANCER, Respond(dispute.id, usd("80.00"), "It is done."))
    plan.after(days)
    plan.withdraw(the(plan.books, Dispute, dispute.id))
    assert plan.got == at_once
    plan.after(100)
    assert (plan.got, plan.paid()) == ("100.00", then)
    assert plan.row.status is S.RELEASED


def test_an_objection_that_is_let_go_returns_to_its_tranche() -> None:
    plan = three()
    plan.withdraw(plan.object(0, "40.00"))
    assert plan.row.pays_at == NOW + DAY
    assert plan.tranches[0].objected == Money.zero("USD")
    assert plan.after(3) == [(PAID, 1), (PAID, 2), (PAID, 3)]


def test_an_objection_that_is_let_go_after_its_date_is_paid_at_once_and_nothing_else() -> None:
    plan = three()
    dispute = plan.object(0, "25.00")
    plan.after(1.5)
    assert plan.got == "15.00"
    event = plan.withdraw(dispute)
    assert made(event, Release).amount == usd("25.00")
    assert (plan.got, plan.held, plan.paid()[0]) == ("40.00", "60.00", "40.00")
    assert plan.after(3) == [(PAID, 2), (PAID, 3)]


def test_all_that_was_frozen_is_released_once_the_last_date_has_passed() -> None:
    plan = three()
    dispute = plan.dispute("100.00")
    plan.books.now = NOW + 3 * DAY
    assert wind(plan.books) == []
    plan.withdraw(dispute)
    assert (plan.got, plan.row.status, plan.paid()) == ("100.00", S.RELEASED, [*THREE])


def test_who_let_an_objection_go_may_object_to_another_tranche_and_dispute_no_more() -> None:
    plan = three()
    plan.withdraw(plan.object(0, "1.00"))
    again = plan.object(1, "1.00")
    plan.withdraw(again)
    asked = DisputeMilestone(plan.id, usd("1.00"), usd("0.00"), "No.")
    assert reason(plan.books, EMPLOYER, asked) is Reason.WITHDRAWN_BEFORE


def test_unanswered_and_unruled_an_objection_goes_to_the_freelancer() -> None:
    plan = three()
    plan.object(0, "40.00")
    found = fate(the(plan.books, Contract, CONTRACT), plan.books)
    assert happens(plan.books) == told(found)
    assert (plan.got, plan.back) == ("100.00", "0.00")
