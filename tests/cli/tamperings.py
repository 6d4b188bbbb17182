"""What somebody may do to the books behind our back, and what `ledger verify` says to it."""

from __future__ import annotations

#: What somebody does to the books, the rules that it breaks, and the row that is named.
#: {m} {c} {d} {w} stand for the milestone, contract, deposit and withdrawal; {p} {b} {a} for the
#: project, its bid that was awarded, and the contract that came of it.
TAMPERINGS: dict[str, tuple[str, dict[str, str]]] = {
    "a balance is raised": (
        "UPDATE accounts SET balance = balance + 1 WHERE kind = 'escrow'",
        {
            "the_sum_of_all_balances_is_nothing": "USD",
            "balances_are_their_transfers": "{m}",
            "milestones_add_up": "{m}",
        },
    ),
    "money is moved without a transfer": (
        (
            "UPDATE accounts SET balance = balance + CASE kind WHEN 'escrow' THEN -10 ELSE 10 END"
            " WHERE kind = 'escrow' OR kind = 'wallet' AND owner ="
            " {emma}"
        ),
        {"balances_are_their_transfers": "{m}", "milestones_add_up": "{m}"},
    ),
    "an account is lost": (
        "DELETE FROM accounts WHERE kind = 'escrow'",
        {
            "the_sum_of_all_balances_is_nothing": "USD",
            "balances_are_their_transfers": "{m}",
            "milestones_add_up": "{m}",
            "what_is_funded_holds_something": "{m}",
        },
    ),
    "a guarded account owes": (
        (
            "ALTER TABLE accounts DROP CONSTRAINT guarded_accounts_hold_somebodys_money;"
            "INSERT INTO accounts VALUES ('stake', 5, 'EUR', -7), ('fees', 0, 'EUR', 7)"
        ),
        {
            "balances_are_their_transfers": "fees 0 EUR",
            "guarded_accounts_are_not_below_zero": "stake dsp_0000000000005 EUR",
            "stakes_are_what_was_put_up": "stake of dispute dsp_0000000000005",
        },
    ),
    "a transfer is changed, and its balances with it": (
        (
            "UPDATE transfers SET amount = amount - 100 WHERE credit_kind = 'escrow';"
            "UPDATE accounts SET balance = balance - 100 WHERE kind = 'escrow';"
            "UPDATE accounts SET balance = balance + 100 WHERE kind = 'wallet' AND owner ="
            " {emma};"
            "UPDATE milestones SET amount = amount - 100"
        ),
        {
            "events_tell_their_transfers": "is not what its event tells",
            "rows_are_as_their_last_event_left_them": "{m}",
        },
    ),
    "a transfer has another receiver, and so have the balances": (
        (
            "UPDATE transfers SET credit_owner = {eve}"
            " WHERE debit_kind = 'escrow';"
            "UPDATE transfers SET debit_owner = {eve}"
            " WHERE credit_kind = 'outgoing';"
            "UPDATE accounts SET owner = {eve}"
            " WHERE kind = 'wallet' AND owner = {ana}"
        ),
        {
            "contracts_say_since_when_they_paid": "{c}",
            "events_tell_their_transfers": "is not what its event tells",
        },
    ),
    "a transfer is made up": (
        (
            "INSERT INTO transfers SELECT 5, event_id, contract_id, debit_kind, debit_owner,"
            " credit_kind, credit_owner, currency, amount, at FROM transfers LIMIT 1"
        ),
        {
            "balances_are_their_transfers": "clearing",
            "deposits_were_paid_in_once": "20000 was paid in, not 10000",
            "events_tell_their_transfers": "tfr_0000000000005 is told by no event",
        },
    ),
    "a transfer is lost": (
        "DELETE FROM transfers WHERE debit_kind = 'escrow'",
        {
            "balances_are_their_transfers": "{m}",
            "contracts_say_since_when_they_paid": "{c}",
            "events_tell_their_transfers": "is told by its event and is not there",
        },
    ),
    "an event is lost": (
        "DELETE FROM events WHERE name = 'milestone.released'",
        {
            "events_are_counted_without_a_gap": "{c}",
            "transfers_have_their_event": "tfr_",
            "commands_have_their_event": "is not there",
            "events_tell_their_transfers": "is told by no event",
            "rows_are_as_their_last_event_left_them": "{m}",
        },
    ),
    "the last event is lost, and the count with it": (
        (
            "DELETE FROM events WHERE name = 'contract.said';"
            "UPDATE contracts SET seq = seq - 1 WHERE seq > 1"
        ),
        {"commands_have_their_event": "is not there"},
    ),
    "an event is made up": (
        (
            "INSERT INTO events SELECT 5, name, subject_kind, subject_id, contract_id, seq + 1,"
            ' actor_id, via, at, \'{"answer": 0, "rows": [], "transfers": []}\''
            " FROM events WHERE name = 'contract.said'"
        ),
        {
            "events_are_counted_without_a_gap": "{c}",
            "commands_have_their_event": "evt_0000000000005 answers no command",
        },
    ),
    "the count of a contract is changed": (
        "UPDATE contracts SET seq = seq + 1 WHERE seq > 1",
        {"events_are_counted_without_a_gap": "{c}"},
    ),
    "a milestone is set back": (
        "UPDATE milestones SET status = 'submitted', submitted_at = now()",
        {"rows_are_as_their_last_event_left_them": "{m} is submitted, its last event tells funded"},
    ),
    "a milestone ends and goes on holding": (
        (
            "ALTER TABLE milestones DROP CONSTRAINT what_was_released_or_cancelled_holds_nothing;"
            "UPDATE milestones SET status = 'released', wakes_at = NULL"
        ),
        {
            "what_is_not_funded_holds_nothing": "{m}",
            "rows_are_as_their_last_event_left_them": "{m}",
        },
    ),
    "a milestone says that more was released": (
        "UPDATE milestones SET released = released + 1",
        {"milestones_add_up": "{m}", "rows_are_as_their_last_event_left_them": "{m}"},
    ),
    "a clock is stopped": (
        "UPDATE milestones SET wakes_at = NULL",
        {"no_clock_is_forgotten": "{m} is funded and never wakes"},
    ),
    "a clock is put off on paper": (
        "UPDATE milestones SET deferred_until = wakes_at WHERE wakes_at IS NOT NULL",
        {"what_was_put_off_was_told": "{m} is put off until"},
    ),
    "a contract is put to sleep": (
        "UPDATE contracts SET wakes_at = NULL WHERE status = 'active'",
        {"no_clock_is_forgotten": "{c} wakes never"},
    ),
    "a release is called back": (
        "UPDATE releases SET status = 'releasing', wakes_at = now()",
        {
            "releases_hold_what_is_on_its_way": "{m} is releasing 0, its releases 3000",
            "rows_are_as_their_last_event_left_them": "rel_",
            "no_clock_is_forgotten": "{c}",
        },
    ),
    "a contract is ended over its milestones": (
        "UPDATE contracts SET status = 'ended', wakes_at = NULL WHERE status = 'active'",
        {
            "ended_contracts_hold_nothing": "{c}",
            "rows_are_as_their_last_event_left_them": "{c} is ended, its last event tells active",
        },
    ),
    "a contract is lost": (
        "DELETE FROM contracts WHERE status = 'active'",
        {
            "nobody_is_an_orphan": "has no contract {c}",
            "events_are_counted_without_a_gap": "{c} counts nothing",
            "rows_are_as_their_last_event_left_them": "is not there",
        },
    ),
    "a release is of another milestone": (
        "UPDATE releases SET milestone_id = contract_id",
        {"nobody_is_an_orphan": "rel_"},
    ),
    "what was said is moved to a contract that is not there": (
        "UPDATE messages SET contract_id = 5 WHERE contract_id IS NOT NULL",
        {"nobody_is_an_orphan": "has no contract ctr_0000000000005"},
    ),
    "a project counts one bid more": (
        "UPDATE projects SET bids = bids + 1",
        {"projects_count_their_bids_and_contracts": "{p} counts 2 bids, 1 offers and 0 contracts"},
    ),
    "a project forgets an offer": (
        "UPDATE projects SET offered = 0",
        {"projects_count_their_bids_and_contracts": "{p}"},
    ),
    "a bid is retracted on paper": (
        "UPDATE bids SET status = 'retracted'",
        {
            "projects_count_their_bids_and_contracts": "{p}",
            "bidders_count_their_bids": "of project {p} counts 1 bids, and has 0",
            "rows_are_as_their_last_event_left_them": "{b} is retracted, its last event tells",
        },
    ),
    "a bid is for more": (
        "UPDATE bids SET amount = amount + 1",
        {"rows_are_as_their_last_event_left_them": "{b}"},
    ),
    "somebody may bid again": (
        "UPDATE bidders SET live = 0",
        {"bidders_count_their_bids": "counts 0 bids, and has 1"},
    ),
    "a bidder is forgotten": (
        "DELETE FROM bidders",
        {"bidders_count_their_bids": "counts 0 bids, and has 1"},
    ),
    "a reserve is not shown": (
        "UPDATE projects SET reserved_since = NULL",
        {"reserves_are_said_by_their_projects": "{p} is open, its reserve holds 500"},
    ),
    "a reserve is shown that is not there": (
        (
            "UPDATE accounts SET balance = balance - 500 WHERE kind = 'reserve';"
            "UPDATE accounts SET balance = balance + 500 WHERE kind = 'wallet' AND owner = {emma}"
        ),
        {
            "balances_are_their_transfers": "{p}",
            "reserves_are_said_by_their_projects": "{p} is open, its reserve holds 0",
        },
    ),
    "a project ends and goes on reserving": (
        (
            "ALTER TABLE projects DROP CONSTRAINT what_has_ended_reserves_nothing;"
            "ALTER TABLE projects DROP CONSTRAINT what_has_ended_has_no_contract;"
            "UPDATE projects SET status = 'closed'"
        ),
        {
            "reserves_are_said_by_their_projects": "{p} is closed, its reserve holds 500",
            "rows_are_as_their_last_event_left_them": "{p} is closed, its last event tells open",
        },
    ),
    "the terms of a contract are changed": (
        ("UPDATE terms SET body = replace(body::text, '129600', '129601')::json WHERE bid IS NULL"),
        {"contracts_have_the_terms_of_their_hash": "{c}"},
    ),
    "the bid that was agreed to is changed": (
        "UPDATE terms SET bid = replace(bid::text, '3.00', '3.01')::json",
        {"contracts_have_the_terms_of_their_hash": "{a}"},
    ),
    "a contract has the terms of a direct one": (
        "UPDATE contracts SET terms_hash = (SELECT hash FROM terms WHERE bid IS NULL)",
        {"contracts_have_the_terms_of_their_hash": "{a}"},
    ),
    "terms are lost": (
        (
            "ALTER TABLE contracts DROP CONSTRAINT contracts_terms_hash_fkey;"
            "DELETE FROM terms WHERE bid IS NOT NULL"
        ),
        {"contracts_have_the_terms_of_their_hash": "which are not there"},
    ),
    "a bid is for another project": (
        "UPDATE bids SET project_id = 5",
        {
            "nobody_is_an_orphan": "has no project prj_0000000000005",
            "projects_count_their_bids_and_contracts": "{p}",
            "bidders_count_their_bids": "of project prj_0000000000005 counts 0 bids, and has 1",
        },
    ),
    "a project is lost": (
        "DELETE FROM projects",
        {
            "nobody_is_an_orphan": "{p}",
            "reserves_are_said_by_their_projects": "{p} is not there",
            "rows_are_as_their_last_event_left_them": "{p} is not there",
        },
    ),
    "what was proposed is moved to a bid that is not there": (
        "UPDATE proposals SET bid_id = 5",
        {"nobody_is_an_orphan": "has no bid bid_0000000000005"},
    ),
    "a contract is of another bid": (
        "UPDATE contracts SET bid_id = 5 WHERE bid_id IS NOT NULL",
        {"nobody_is_an_orphan": "{a} has no bid bid_0000000000005"},
    ),
    "a milestone is of a project": (
        "UPDATE milestones SET project_id = 5",
        {"nobody_is_an_orphan": "{m}"},
    ),
    "an answer is to a question that nobody asked": (
        "UPDATE messages SET question_id = 5 WHERE question_id IS NOT NULL",
        {"nobody_is_an_orphan": "has no project {p}"},
    ),
    "a change is proposed for what is not there": (
        (
            "INSERT INTO edits SELECT 5, id, employer_id, freelancer_id, '', currency, 1, NULL, 0,"
            " '', true, now(), 0, 0, 0 FROM contracts WHERE status = 'active'"
        ),
        {"nobody_is_an_orphan": "ms_0000000000005 has no contract {c}"},
    ),
    "a contract forgets that it paid": (
        "UPDATE contracts SET paid_at = NULL",
        {"contracts_say_since_when_they_paid": "{c}"},
    ),
    "a contract that goes on is reviewed": (
        (
            "INSERT INTO reviews SELECT 5, id, employer_id, freelancer_id, 5, 5, 5, 5, 5, '', now()"
            " FROM contracts WHERE status = 'active'"
        ),
        {
            "reviews_are_of_contracts_that_paid_and_ended": "rev_0000000000005",
            "contracts_say_who_has_reviewed": "{c}",
        },
    ),
    "somebody is said to have reviewed": (
        "INSERT INTO reviewed SELECT id, now(), NULL, now() FROM contracts WHERE status = 'active'",
        {"contracts_say_who_has_reviewed": "{c}"},
    ),
    "a file is counted twice": (
        "UPDATE file_counters SET files = files + 1",
        {"people_count_their_files": "counts 2 files of 8 bytes, and has 1 of 8"},
    ),
    "a file is lost": (
        "DELETE FROM files",
        {
            "people_count_their_files": "counts 1 files of 8 bytes, and has 0 of 0",
            "what_is_attached_is_there": "{b} has 1 files, and 0 are there",
        },
    ),
    "what is attached is taken off": (
        "DELETE FROM attachments",
        {"what_is_attached_is_there": "{b} has 1 files, and 0 are there"},
    ),
    "a month is added up wrongly": (
        (
            "INSERT INTO summing VALUES (1, 0, NULL);"
            "INSERT INTO monthly_sums SELECT id, 'USD', now(), 1, 0, 1, 0, 0, 0, 0, 0 FROM users"
            " WHERE id = {emma}"
        ),
        {"months_are_their_transfers": "gained 1, its transfers make 0"},
    ),
    "a withdrawal is paid on paper": (
        "UPDATE withdrawals SET status = 'paid', paid_as = 'x'",
        {
            "withdrawals_hold_what_is_on_its_way": "{w}",
            "rows_are_as_their_last_event_left_them": "{w}",
        },
    ),
    "a withdrawal is lost": (
        "DELETE FROM withdrawals",
        {
            "withdrawals_hold_what_is_on_its_way": "{w} is not there",
            "rows_are_as_their_last_event_left_them": "{w} is not there",
        },
    ),
    "a deposit is settled on paper": (
        (
            "UPDATE deposits SET status = 'settled', paid_as = 'x', wakes_at = NULL"
            " WHERE status = 'failed'"
        ),
        {
            "deposits_were_paid_in_once": "{d}",
            "rows_are_as_their_last_event_left_them": "{d}",
        },
    ),
}
