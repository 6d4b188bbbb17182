"""The tables refuse what the engine would get wrong: every constraint is provoked once, by name."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any, Final

import asyncpg
import pytest
import pytest_asyncio
from tests.postgres import _named
from tests.store.engine import agreed, awarded, connected, running, usd
from tests.store.mix import BANK
from tests.store.planned import planned
from tests.store.wrong_disputes import WRONG_DISPUTES, a_dispute
from tests.store.wrong_factors import WRONG_FACTORS
from tests.store.wrong_mailboxes import WRONG_MAILBOXES
from tests.store.wrong_tranches import WRONG_TRANCHES

from earnest.core.files import AddFile, FileType
from earnest.core.milestones.asking import RequestMilestone
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.revising import ProposeEdit
from earnest.core.milestones.working import Submit
from earnest.core.payments.withdrawing import RequestWithdrawal
from earnest.store.db import migrations

pytestmark = pytest.mark.asyncio(loop_scope="module")

_ONE: Final = "WHERE id = (SELECT min(id) FROM {})"


def _set(table: str, change: str, where: str = "") -> str:
    """One row of a table as it must never be."""
    return f"UPDATE {table} SET {change} {where or _ONE.format(table)}"


def _milestone(status: str, change: str) -> str:
    return _set("milestones", change, f"WHERE status = '{status}'")


def _bid(status: str, change: str) -> str:
    return _set("bids", change, f"WHERE status = '{status}'")


def _ended(change: str) -> str:
    return _set("projects", f"status = 'closed', {change}")


def _clock_notice(values: str) -> str:
    """A notice of the first person with these values, of a clock or of none."""
    columns = (
        "event_id, user_id, id, moment, clock_at, is_last, name, part, subject_kind, subject_id,"
        " facts, at"
    )
    other = "'x', 'employer', 'x', 1, '{}', now()"
    return f"INSERT INTO notices ({columns}) SELECT {values}, {other} FROM users LIMIT 1"


def _delivery(values: str) -> str:
    """A mail of somebody, as none may be."""
    columns = "id, user_id, is_digest, is_open, status, tries, due_at, created_at"
    return f"INSERT INTO deliveries ({columns}) SELECT {values}, now() FROM users LIMIT 1"


def _view(values: str) -> str:
    """A saved view of the first person."""
    return f"INSERT INTO views SELECT {values} FROM users WHERE id = (SELECT min(id) FROM users)"


_WALLET: Final = "WHERE kind = 'wallet' AND balance > 0"
_TOKEN: Final = "INSERT INTO tokens SELECT 1, min(id), 'n', {}, {}, now(), now() FROM users"

_VERIFIED: Final = (
    "INSERT INTO verifications (transfers, currencies, accounts, totals, broken, firsts)"
    " VALUES (0, {}, '{{}}', '{{}}', {}, '{{}}')"
)
_DOCUMENT: Final = "INSERT INTO documents VALUES ('{}', 1, NULL, NULL, '')"
_REVIEW: Final = (
    "INSERT INTO reviews SELECT 1, id, {}, 5, 5, 5, 5, '', now()"
    " FROM (SELECT * FROM contracts ORDER BY id LIMIT 1) AS c"
)

WRONG: Final[dict[str, str]] = {
    "there_is_one_site": "INSERT INTO site (id, mode) VALUES (2, 'live')",
    "a_site_is_live_or_sandbox": "UPDATE site SET mode = 'play'",
    "only_a_sandbox_has_a_test_clock": "UPDATE site SET mode = 'live', clock_offset = '1 day'",
    "a_node_has_ten_bits": "INSERT INTO nodes (node) VALUES (1024)",
    "a_halt_is_cleared_with_a_reason": "INSERT INTO halts (what, cleared_at) VALUES ('x', now())",
    "a_restored_site_resumes_with_a_reason": (
        "INSERT INTO restores (taken_at, resumed_at) VALUES (now(), now())"
    ),
    "a_person_has_a_number": _set("users", "id = 0", "WHERE name = 'emma'"),
    "a_person_has_a_name": _set("users", "name = ''"),
    "a_person_is_active_or_suspended": _set("users", "status = 'gone'"),
    "roles_are_known": _set("users", "roles = '{emperor}'"),
    "one_person_an_email": (
        "UPDATE users SET email = CASE name WHEN 'emma' THEN 'One@x.org' ELSE 'one@X.ORG' END"
    ),
    "people_come_to_hire_or_to_work": _set("users", "aim = 'steal'"),
    "a_look_is_at_a_person_or_for_words": (
        "INSERT INTO looked_at VALUES (1, 1, 'search', 2, 'x', now())"
    ),
    "scopes_are_known": _TOKEN.format("decode(repeat('00', 32), 'hex')", "'{all}'"),
    "only_the_hash_of_a_token_is_kept": _TOKEN.format("'secret'", "'{read}'"),
    "guarded_accounts_hold_somebodys_money": _set("accounts", "balance = -1", _WALLET),
    "kinds_of_account_are_known": _set("accounts", "kind = 'purse'", _WALLET),
    "a_transfer_moves_something": _set("transfers", "amount = 0"),
    "a_transfer_goes_somewhere": _set(
        "transfers", "credit_kind = debit_kind, credit_owner = debit_owner"
    ),
    "events_of_a_contract_are_counted": _set("events", "seq = NULL", "WHERE seq = 1"),
    "events_of_a_contract": _set("events", "seq = 1", "WHERE seq = 2"),
    "a_command_has_one_answer": "UPDATE commands SET problem = '{}'",
    "terms_are_known_by_their_sha256": "INSERT INTO terms VALUES ('x', '{}')",
    "at_most_three_offers_wait": "UPDATE offer_counters SET unanswered = 4",
    "nobody_is_both_sides": _set("contracts", "employer_id = freelancer_id"),
    "a_contract_has_a_known_status": _set("contracts", "status = 'odd'"),
    "a_milestone_has_a_known_status": _milestone("funded", "status = 'odd'"),
    "a_milestone_is_about_something": _milestone("requested", "amount = 0"),
    "no_more_goes_than_was_there": _milestone("funded", "released = amount + 1"),
    "what_was_released_or_cancelled_holds_nothing": _milestone("released", "amount = amount + 1"),
    "released_means_that_something_was": _milestone(
        "released", "released = 0, returned = released"
    ),
    "cancelled_means_that_nothing_was": _milestone("released", "status = 'cancelled'"),
    "nothing_moves_before_it_is_funded": _milestone("requested", "returned = 1"),
    "what_is_funded_has_terms": _milestone("funded", "terms_hash = NULL"),
    "what_is_submitted_says_when": _milestone("submitted", "submitted_at = NULL"),
    "a_release_pays_something": _set("releases", "amount = 0"),
    "a_fee_is_part_of_what_is_paid": _set("releases", "fee = amount + 1"),
    "a_message_is_about_something_known": _set("messages", "about = 'gossip'"),
    "a_message_has_one_place": _set("messages", "project_id = 1"),
    "only_an_answer_answers": _set("messages", "question_id = id"),
    "an_award_is_of_a_bid": _set("contracts", "bid_id = NULL", "WHERE bid_id IS NOT NULL"),
    "an_offer_waits_for_its_answer": _set("contracts", "status = 'offered', wakes_at = NULL"),
    "what_is_over_waits_for_nothing": _set("contracts", "status = 'ended', wakes_at = now()"),
    "only_what_holds_money_wakes": _set(
        "milestones", "status = 'cancelled', returned = amount, released = 0, wakes_at = now()"
    ),
    "no_time_to_look_is_given_back": _set("milestones", "review_used_us = -1"),
    "a_release_has_a_known_status": _set("releases", "status = 'odd'"),
    "only_what_is_on_its_way_wakes": _set("releases", "wakes_at = now()"),
    "a_project_has_a_known_status": _set("projects", "status = 'odd'"),
    "a_budget_is_something_and_no_less_than_that": _set("projects", "budget_max = budget_min - 1"),
    "nothing_is_counted_below_zero": _set("projects", "bids = -1"),
    "an_open_project_has_no_active_contract": _set("projects", "active = 1"),
    "what_has_ended_has_no_contract": _ended("reserved_since = NULL"),
    "what_has_ended_reserves_nothing": _ended("offered = 0"),
    "what_has_ended_does_not_wake": _ended("offered = 0, reserved_since = NULL, wakes_at = now()"),
    "nobody_waits_for_an_answer_in_vain": _set("projects", "wakes_at = now()"),
    "nobody_bids_twice_at_a_time": _set("bidders", "live = 2", "WHERE live = 1"),
    "nobody_bids_for_their_own": _bid("live", "bidder_id = employer_id"),
    "a_bid_is_for_something": _bid("live", "period_days = 0"),
    "a_bid_proposes_one_to_ten_milestones": _bid("live", "milestones = 11"),
    "a_bid_has_a_known_status": _bid("live", "status = 'ended'"),
    "what_is_over_is_on_no_shortlist": _bid("live", "shortlisted = true, status = 'declined'"),
    "one_bid_a_person_and_project": _bid(
        "live", "bidder_id = (SELECT bidder_id FROM bids WHERE status = 'awarded')"
    ),
    "documents_of_a_contract_have_two_readers": _DOCUMENT.format("contract"),
    "documents_of_a_milestone_have_two_readers": _DOCUMENT.format("milestone"),
    "there_is_one_indexing": "INSERT INTO indexing VALUES (2, 0, 0, 0)",
    "there_is_one_counting": "INSERT INTO counting VALUES (2, 0, 0)",
    "there_is_one_summing": "INSERT INTO summing VALUES (2, 0, NULL)",
    "gross_sums_only_grow": "INSERT INTO monthly_sums VALUES (1, 'USD', now(), -1"
    ", 0, 0, 0, 0, 0, 0, 0)",
    "each_currency_has_its_sum": _VERIFIED.format("'{USD}'", "'{}'"),
    "each_broken_rule_has_a_row": _VERIFIED.format("'{}'", "'{it_holds}'"),
    "there_are_ten_places": "UPDATE proposals SET position = 11",
    "a_proposed_milestone_is_about_something": "UPDATE proposals SET amount = 0",
    "it_has_its_days_or_its_date": "UPDATE proposals SET due_at = now()",
    "only_a_due_date_is_agreed": _milestone("requested", "agreed_at = now()"),
    "nobody_answers_themselves": "UPDATE edits SET answerer_id = proposer_id",
    "an_edit_leaves_what_has_gone": "UPDATE edits SET gone = amount + 1",
    "an_edit_only_adds_time": "UPDATE edits SET rounds = -1",
    "no_more_than_any_terms_give": "UPDATE milestones SET extra_review_days = 61",
    "nobody_reviews_themselves": _REVIEW.format("employer_id, employer_id, 5"),
    "a_criterion_has_one_to_five_stars": _REVIEW.format("employer_id, freelancer_id, 6"),
    "one_review_a_side": (
        f"{_REVIEW.format('employer_id, freelancer_id, 5')} UNION ALL"
        " SELECT 2, id, employer_id, freelancer_id, 5, 5, 5, 5, 5, '', now()"
        " FROM (SELECT * FROM contracts ORDER BY id LIMIT 1) AS c"
    ),
    "a_file_is_called_something": _set("files", "name = ''"),
    "a_file_has_something_in_it": _set("files", "size = 0"),
    "a_digest_is_that_of_sha256": _set("files", "sha256 = 'abc'"),
    "who_is_counted_has_put_something_here": "UPDATE file_counters SET bytes = 0",
    "ten_files_have_their_places": "UPDATE attachments SET position = 11",
    "files_are_attached_to_what_is_read": "UPDATE attachments SET parent_kind = 'user'",
    "a_project_has_at_most_ten_files": _set("projects", "files = 11"),
    "a_bid_has_at_most_ten_files": _set("bids", "files = 11"),
    "a_message_has_at_most_ten_files": _set("messages", "files = 11"),
    "a_deposit_brings_something": _set("deposits", "amount = 0"),
    "a_deposit_has_a_known_status": _set("deposits", "status = 'odd', paid_as = NULL"),
    "what_is_settled_was_paid": _set("deposits", "paid_as = NULL"),
    "only_a_pending_deposit_wakes": _set("deposits", "wakes_at = now()"),
    "a_withdrawal_takes_something": _set("withdrawals", "amount = 0"),
    "a_withdrawal_has_a_known_status": _set("withdrawals", "status = 'odd', wakes_at = NULL"),
    "what_was_paid_out_says_as_what": _set("withdrawals", "paid_as = 'p'"),
    "only_a_withdrawal_on_its_way_wakes": _set("withdrawals", "status = 'failed'"),
    "only_the_hash_of_a_session_is_kept": (
        "INSERT INTO sessions SELECT 'secret', id, now(), now(), now() FROM users LIMIT 1"
    ),
    "only_the_hash_of_an_address_is_kept": (
        "INSERT INTO calendars SELECT min(id), 'secret', now(), NULL FROM users"
    ),
    "only_the_hash_of_an_invitation_is_kept": (
        "INSERT INTO invitations SELECT 1, 'secret', id, 'Ana', 'USD', 'classic', now(), now()"
        " FROM users LIMIT 1"
    ),
    "a_notice_is_told_to_a_known_part": (
        "INSERT INTO notices SELECT 1, id, 1, 'x', 'crowd', 'x', 1, '{}', now() FROM users LIMIT 1"
    ),
    "a_delivery_has_a_known_status": _delivery("1, id, FALSE, FALSE, 'odd', 0, NULL::timestamptz"),
    "only_what_waits_is_due": _delivery("1, id, FALSE, FALSE, 'given_up', 0, now()"),
    "what_was_handed_over_says_when": _delivery(
        "1, id, FALSE, FALSE, 'handed_over', 0, NULL::timestamptz"
    ),
    "only_a_digest_gathers": _delivery("1, id, FALSE, TRUE, 'waiting', 0, now()"),
    "tries_are_counted_from_nothing": _delivery("1, id, FALSE, FALSE, 'waiting', -1, now()"),
    "one_digest_gathers_for_a_person": (
        "INSERT INTO deliveries (id, user_id, is_digest, is_open, status, due_at, created_at)"
        " SELECT n, (SELECT min(id) FROM users), TRUE, TRUE, 'waiting', now(), now()"
        " FROM generate_series(1, 2) n"
    ),
    "nobody_saves_more_than_twenty_views": _view("1, id, 21, 'milestones', 'Mine', ''"),
    "a_view_has_a_name": _view("1, id, 1, 'milestones', '', ''"),
    "every_view_has_a_place_of_its_own": (
        _view("1, id, 1, 'milestones', 'A', ''") + ";" + _view("2, id, 1, 'milestones', 'B', ''")
    ),
    "no_two_views_of_a_list_have_one_name": (
        _view("1, id, 1, 'milestones', 'A', ''") + ";" + _view("2, id, 2, 'milestones', 'A', ''")
    ),
    "mail_comes_at_once_daily_or_never": (
        "INSERT INTO notice_choices SELECT id, 'work', 'soon' FROM users LIMIT 1"
    ),
    "a_clock_is_told_at_a_known_moment": _clock_notice("1, id, 1, 'noon', now(), FALSE"),
    "a_moment_is_one_of_a_clock": _clock_notice("1, id, 1, 'day', NULL, FALSE"),
    "only_a_clock_is_told_for_the_last_time": _clock_notice("1, id, 1, NULL, NULL, TRUE"),
    "no_moment_of_a_clock_is_told_twice": (
        f"{_clock_notice('1, id, 1, $$day$$, now(), FALSE')}; "
        f"{_clock_notice('2, id, 1, $$day$$, now(), FALSE')}"
    ),
    "a_known_kind_of_row_has_a_clock": (
        "INSERT INTO running_clocks VALUES (1, 'bid', 0, now(), NULL)"
    ),
    "nobody_stops_before_they_begin": (
        "INSERT INTO heartbeats (since, until) VALUES (now(), now() - interval '1 second')"
    ),
    **WRONG_MAILBOXES,
    "there_is_one_noticing": "INSERT INTO noticing VALUES (2, 0, 0)",
    "a_break_has_a_known_kind": (
        "INSERT INTO breaks VALUES (1, 'dep_', 'sandbox', 'odd', 'USD', 1, 2, 'p', now())"
    ),
    **WRONG_DISPUTES,
    **WRONG_TRANCHES,
    **WRONG_FACTORS,
}


def named() -> set[str]:
    """Every constraint and unique index that a migration names, but for keys of tables."""
    text = "".join(sql for _, sql in migrations())
    there = {name: not gone for gone, name in re.findall(r"(DROP )?CONSTRAINT (\w+)", text)}
    unique = re.findall(r"CREATE UNIQUE INDEX (\w+)", text)
    return {*(name for name, is_there in there.items() if is_there), *unique}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def full(server_dsn: str, template: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A database with a row of most kinds, for all the tests of this module."""
    name = f"constraints_{template}"
    dsn = _named(server_dsn, name)
    async with connected(server_dsn) as admin:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        async with running(dsn) as engine:
            deal = await agreed(engine, "100.00", "50.00", "20.00")
            await engine.one(deal.employer, ReleaseMilestone(deal.milestones[0]))
            added = AddFile(deal.freelancer, "a.txt", 1, FileType.TEXT, "0" * 64)
            file = (await engine.one(deal.freelancer, added))["number"]
            await engine.one(deal.freelancer, Submit(deal.milestones[1], files=(file,)))
            asked = RequestMilestone(deal.contract, "More", usd("5.00"))
            await engine.one(deal.freelancer, asked)
            proposed = ProposeEdit(deal.milestones[2], amount=usd("25.00"))
            await engine.one(deal.freelancer, proposed)
            await awarded(engine)
            await a_dispute(engine)
            await planned(engine)
            out = RequestWithdrawal(deal.employer, "sandbox", usd("1.00"), BANK)
            await engine.one(deal.employer, out)
        async with connected(dsn) as connection:
            yield connection
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_every_named_constraint_is_provoked() -> None:
    """The unique indexes that are only ways to look something up are secrets' own hashes."""
    assert set(WRONG) == named() - {"tokens_by_hash", "invitations_by_hash", "calendars_by_hash"}


@pytest.mark.parametrize("name", sorted(WRONG))
async def test_the_tables_refuse_it(full: asyncpg.Connection[Any], name: str) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await full.execute(WRONG[name])
    assert refused.value.constraint_name == name


async def test_a_contract_between_people_who_are_not_there_is_refused(
    full: asyncpg.Connection[Any],
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await full.execute(_set("contracts", "employer_id = 1"))


async def test_clearing_may_go_below_nothing(full: asyncpg.Connection[Any]) -> None:
    """It is the other side of the world; nothing else may."""
    below = "SELECT array_agg(DISTINCT kind) FROM accounts WHERE balance < 0"
    assert await full.fetchval(below) == ["clearing"]
