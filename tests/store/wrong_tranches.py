"""Rows of plans as they must never be: by the name of the constraint that refuses each."""

from __future__ import annotations

from typing import Final

#: There is one plan of three tranches, agreed to; nothing of it was paid.
WRONG_TRANCHES: Final[dict[str, str]] = {
    "only_a_plan_is_agreed_to": "UPDATE milestones SET plan_agreed_at = now() WHERE plan IS NULL",
    "only_an_agreed_plan_pays": (
        "UPDATE milestones SET pays_at = now() WHERE plan IS NULL AND status = 'funded'"
    ),
    "a_tranche_has_a_known_status": "UPDATE tranches SET status = 'odd'",
    "a_tranche_is_something": "UPDATE tranches SET amount = 0",
    "a_tranche_has_its_place": "UPDATE tranches SET position = 0 WHERE position = 1",
    "only_the_last_is_kept_back": "UPDATE tranches SET retention = TRUE",
    "a_tranche_pays_nothing_or_more": "UPDATE tranches SET objected = -1",
    "no_tranche_pays_more_than_it_is": "UPDATE tranches SET objected = amount + 1",
    "what_was_paid_says_when": "UPDATE tranches SET status = 'paid'",
    "tranches_of_a_milestone": "UPDATE tranches SET position = 2 WHERE position = 1",
}
