"""Rows of disputes as they must never be: by the name of the constraint that refuses each."""

from __future__ import annotations

from typing import Final

from tests.store.disputed import negotiated
from tests.store.engine import Engine, usd

from earnest.core.disputes.exhibiting import AddExhibit
from earnest.core.disputes.extending import ProposeExtension
from earnest.core.disputes.sealing import MakeSealedOffer


def _dispute(change: str) -> str:
    return f"UPDATE disputes SET {change}"


#: There is one dispute, negotiated, with an exhibit, a sealed offer and a later end proposed.
WRONG_DISPUTES: Final[dict[str, str]] = {
    "what_staff_would_return_is_held": (
        "UPDATE milestones SET staff_cancel_by = 1 WHERE status = 'released'"
    ),
    "a_return_is_asked_for_before_it_is_confirmed": (
        "UPDATE milestones SET staff_return_at = now() WHERE status = 'funded'"
    ),
    "a_dispute_has_a_known_status": _dispute("status = 'odd', wakes_at = NULL"),
    "a_dispute_is_about_something": _dispute(
        "amount = 0, claim = 0, opener_figure = 0, other_figure = 0"
    ),
    "one_of_both_sides_opened_it": _dispute("opener_id = 1"),
    "nobody_is_offered_more_than_is_frozen": _dispute("other_figure = amount + 1"),
    "a_figure_has_its_offer": _dispute("other_offer_id = NULL"),
    "silence_is_for_one_of_both": _dispute("silence_to = 'arbiter'"),
    "who_pays_the_fee_asked_for_something": _dispute("payer_id = opener_id"),
    "a_fee_takes_nothing_or_more": _dispute("fee = -1"),
    "a_dispute_wakes_with_its_next_clock": _dispute("wakes_at = NULL"),
    "what_was_decided_waits_for_nothing": _dispute("status = 'withdrawn'"),
    "no_side_is_its_own_arbiter": _dispute("arbiter_id = employer_id, named_at = now()"),
    "who_is_named_was_named_at_some_time": _dispute("arbiter_id = 1"),
    "each_side_shows_twenty_exhibits_at_most": _dispute("other_exhibits = 21"),
    "what_was_decided_says_how": _dispute("to_freelancer = 0"),
    "one_open_dispute_a_milestone": (
        "WITH copied AS (SELECT jsonb_populate_record(d, '{\"id\": 1}') AS d FROM disputes d)"
        " INSERT INTO disputes SELECT (d).* FROM copied"
    ),
    "an_offer_gives_nothing_or_more": "UPDATE offers SET to_freelancer = -1",
    "a_sealed_offer_gives_nothing_or_more": "UPDATE sealed_offers SET to_freelancer = -1",
    "there_are_three_rounds": "UPDATE sealed_offers SET round = 4",
    "there_are_forty_places_for_exhibits": "UPDATE exhibits SET position = 41",
    "an_exhibit_is_a_file_a_link_or_a_text": "UPDATE exhibits SET type = 'song'",
    "only_a_file_has_a_file": "UPDATE exhibits SET files = 1",
    "an_exhibit_has_a_digest_of_something": "UPDATE exhibits SET sha256 = 'abc'",
    "exhibits_by_number": (
        "INSERT INTO exhibits SELECT id, dispute_id, 2, contract_id, maker_id, type, text, size,"
        " sha256, opened_by, created_at, files FROM exhibits"
    ),
    "an_extension_ends_later": "UPDATE extensions SET until = ends_at",
    "a_ruling_gives_nothing_or_more": (
        "INSERT INTO rulings VALUES (1, 1, 1, 'USD', -1, 'Because.', '{}', now())"
    ),
    "a_ruling_has_its_reasons": "INSERT INTO rulings VALUES (1, 1, 1, 'USD', 1, '', '{}', now())",
}


async def a_dispute(engine: Engine) -> None:
    """The one that these are tried on."""
    deal, number = await negotiated(engine)
    await engine.one(deal.employer, AddExhibit(number, text="See."))
    await engine.one(deal.employer, MakeSealedOffer(number, usd("40.00")))
    ends_at = await engine.value("SELECT ends_at + interval '1 day' FROM disputes")
    await engine.one(deal.freelancer, ProposeExtension(number, ends_at))
