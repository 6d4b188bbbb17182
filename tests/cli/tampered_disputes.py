"""What somebody may do to disputes behind our back, and what `ledger verify` says to it."""

from __future__ import annotations

#: As in `tamperings`: {m} {c} {x} stand for the milestone, its contract, and its dispute, of which
#: 10.00 are frozen; Ana, who answered that she should get 9.00, has put up the fee.
TAMPERINGS: dict[str, tuple[str, dict[str, str]]] = {
    "a milestone forgets what is frozen": (
        "UPDATE milestones SET frozen = 0",
        {
            "milestones_add_up": "{m}",
            "disputes_hold_what_they_froze": "{m} has 0 frozen, its open disputes 1 of 1000",
            "rows_are_as_their_last_event_left_them": "{m}",
        },
    ),
    "a dispute ends on paper": (
        (
            "UPDATE disputes SET status = 'settled', to_freelancer = 0, ends_at = NULL,"
            " closes_at = NULL, wakes_at = NULL"
        ),
        {
            "disputes_hold_what_they_froze": "{m} has 1000 frozen, its open disputes 0 of 0",
            "stakes_are_what_was_put_up": "{x}, which is settled, is 50, not 0",
            "rows_are_as_their_last_event_left_them": "{x} is settled, its last event tells",
        },
    ),
    "a dispute is lost": (
        "DELETE FROM disputes",
        {
            "disputes_hold_what_they_froze": "{m} has 1000 frozen, its open disputes 0 of 0",
            "stakes_are_what_was_put_up": "is 50, not 0",
            "rows_are_as_their_last_event_left_them": "{x} is not there",
        },
    ),
    "a dispute is of a milestone that is not there": (
        "UPDATE disputes SET milestone_id = 5",
        {
            "nobody_is_an_orphan": "{x} has no contract {c} with a milestone ms_0000000000005",
            "disputes_hold_what_they_froze": "{m} has 1000 frozen, its open disputes 0 of 0",
        },
    ),
    "a second dispute is opened on paper": (
        (
            "DROP INDEX one_open_dispute_a_milestone;"
            "CREATE TABLE other AS SELECT * FROM disputes; UPDATE other SET id = 5;"
            "INSERT INTO disputes SELECT * FROM other"
        ),
        {
            "disputes_hold_what_they_froze": "dsp_0000000000005 is final_offers and holds 0",
            "stakes_are_what_was_put_up": "dsp_0000000000005",
            "disputes_have_their_offers": "dsp_0000000000005",
            "rows_are_as_their_last_event_left_them": "dsp_0000000000005",
        },
    ),
    "a fee is said to be matched": (
        "UPDATE disputes SET matched = true",
        {"stakes_are_what_was_put_up": "{x}, which is final_offers, is 50, not 100"},
    ),
    "a stage loses its end": (
        "UPDATE disputes SET ends_at = NULL, closes_at = NULL, wakes_at = NULL",
        {"no_clock_is_forgotten": "{x} is in final_offers and wakes never"},
    ),
    "a stage is put off on paper": (
        "UPDATE disputes SET deferred_until = ends_at",
        {"what_was_put_off_was_told": "{x} is put off until"},
    ),
    "an offer is changed": (
        "UPDATE offers SET to_freelancer = to_freelancer + 1 WHERE to_freelancer = 900",
        {"disputes_have_their_offers": "{x} stands on offer off_"},
    ),
    "an exhibit is lost": (
        "DELETE FROM exhibits",
        {"disputes_have_their_offers": "{x} counts 1 exhibits of 8 bytes, and has 0 of 0"},
    ),
    "a ruling is made up": (
        (
            "INSERT INTO rulings SELECT id, contract_id, 5, currency, 1, 'Because.', '{}', now()"
            " FROM disputes"
        ),
        {"rulings_are_those_of_their_disputes": "its ruling says 1"},
    ),
}
