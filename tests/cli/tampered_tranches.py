"""What somebody may do to plans behind our back, and what `ledger verify` says to it."""

from __future__ import annotations

#: As in `tamperings`: {m} {c} stand for the milestone and its contract; {t} {u} {v} for its three
#: tranches, of which the first, of 40.00, was paid but for 15.00 that {x} is about.
TAMPERINGS: dict[str, tuple[str, dict[str, str]]] = {
    "a tranche is lost": (
        "DELETE FROM tranches WHERE position = 2",
        {
            "tranches_are_those_of_their_plans": "{u} is not as its milestone {m} plans it",
            "plans_pay_on_their_dates": "{m}",
            "rows_are_as_their_last_event_left_them": "{u} is not there",
        },
    ),
    "a tranche is put off": (
        "UPDATE tranches SET at = at + interval '1 day' WHERE position = 2",
        {
            "tranches_are_those_of_their_plans": "{u} is not as its milestone {m} plans it",
            "plans_pay_on_their_dates": "{m} pays",
        },
    ),
    "a plan is changed": (
        "UPDATE milestones SET plan = replace(plan::text, '4000', '4001')::json",
        {"tranches_are_those_of_their_plans": "{t} is not as its milestone {m} plans it"},
    ),
    "a tranche was paid on paper": (
        "UPDATE tranches SET status = 'paid', paid = amount, paid_at = now() WHERE position = 2",
        {
            "tranches_paid_what_was_released": "{m} released 2500, its tranches paid 5500",
            "plans_pay_on_their_dates": "{m} pays",
            "rows_are_as_their_last_event_left_them": "{u} is paid, its last event tells waiting",
        },
    ),
    "a tranche that was paid waits again": (
        "UPDATE tranches SET status = 'waiting', paid = 0, paid_at = NULL WHERE position = 1",
        {
            "plans_pay_on_their_dates": "{m} pays",
            "rows_are_as_their_last_event_left_them": "{t} is waiting, its last event tells paid",
        },
    ),
    "an objection is forgotten": (
        "UPDATE tranches SET objected = 0",
        {"tranches_paid_what_was_released": "{t} lacks 0, the disputes about it 1500"},
    ),
    "a plan forgets when it pays": (
        "UPDATE milestones SET pays_at = NULL",
        {"plans_pay_on_their_dates": "{m} pays never"},
    ),
    "a plan is not wound": (
        "UPDATE milestones SET wakes_at = pays_at + interval '1 day' WHERE plan IS NOT NULL",
        {"plans_pay_on_their_dates": "{m} pays"},
    ),
    "a tranche is of another contract": (
        "UPDATE tranches SET contract_id = 5 WHERE position = 3",
        {
            "nobody_is_an_orphan": "{v} has no contract ctr_0000000000005",
            "tranches_are_those_of_their_plans": "{v} is not as its milestone {m} plans it",
        },
    ),
}
