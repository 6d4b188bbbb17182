"""The words of the operators' console: its pages, its queues, and each rule of the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Its pages, in the order of their tabs.
TABS: Final = (
    ("/staff", N_("Console")),
    ("/staff/withdrawals", N_("Withdrawals")),
    ("/staff/deposits", N_("Deposits")),
    ("/staff/returns", N_("Returns")),
    ("/staff/rulings", N_("Rulings")),
    ("/staff/breaks", N_("Mismatches")),
    ("/staff/mails", N_("Mails")),
    ("/staff/people", N_("People")),
    ("/staff/clocks", N_("Clocks")),
    ("/staff/invariants", N_("Books")),
    ("/staff/audit", N_("Looks")),
)


class Queue(NamedTuple):
    """A queue: what it is called, what it means while something waits, and where all of it is."""

    title: str
    about: str
    href: str
    #: What the moment beside it is.
    moment: str


#: In the order in which they are shown: first what somebody's money waits for.
QUEUES: Final[Mapping[str, Queue]] = {
    "withdrawals": Queue(
        "Withdrawals to approve",
        "Above the limit. Whoever asked for one cannot approve it.",
        "/staff/withdrawals",
        "The oldest",
    ),
    "returns": Queue(
        "Returns to confirm",
        "One operator asked to return what a milestone holds; a second one decides.",
        "/staff/returns",
        "The oldest",
    ),
    "rulings": Queue(
        "Rulings due",
        "An arbiter has the dispute. Without a ruling in time the terms decide.",
        "/staff/rulings",
        "The first is due",
    ),
    "breaks": Queue(
        "Mismatches",
        "A gateway reported something else than the books expect. Nothing moved.",
        "/staff/breaks",
        "The newest",
    ),
    "mails": Queue(
        "Mails given up",
        "Their readers are told on the site alone.",
        "/staff/mails?status=given_up",
        "The oldest",
    ),
    "deposits": Queue(
        "Deposits nobody paid yet",
        "They close by themselves, unless the money comes.",
        "/staff/deposits",
        "The oldest",
    ),
    "objections": Queue(
        "Returns that wait for an objection",
        "Both operators have decided. The freelancer can object until then.",
        "/staff/returns?view=confirmed",
        "The first returns",
    ),
}

#: The views of each list, by the names that they have in addresses.
WITHDRAWAL_VIEWS: Final[Mapping[str, str]] = {
    "waiting": "To approve",
    "on_the_way": "On their way",
    "came_back": "Came back",
    "all": "All",
}
DEPOSIT_VIEWS: Final[Mapping[str, str]] = {
    "waiting": "Not paid yet",
    "came_to_nothing": "Came to nothing",
    "all": "All",
}
RETURN_VIEWS: Final[Mapping[str, str]] = {
    "waiting": "To confirm",
    "confirmed": "Confirmed",
}
PEOPLE_VIEWS: Final[Mapping[str, str]] = {
    "all": "Everybody",
    "roles": "With a role",
    "suspended": "Suspended",
}

ROLES: Final[Mapping[str, str]] = {"arbiter": "Arbiter", "operator": "Operator"}

#: How what a gateway said differs from what was expected.
BREAKS: Final[Mapping[str, str]] = {
    "other_amount": "Another amount",
    "paid_again": "Paid a second time",
    "not_expected": "Not expected any more",
}

#: What an operator looked at.
LOOKS: Final[Mapping[str, str]] = {
    "person": "Their page in the console",
    "payment": "A deposit or withdrawal of theirs",
    "search": "A search for people",
}

#: What clocks are of, in lists and counted.
CLOCKS: Final[Mapping[str, str]] = {
    "contract": "Contract",
    "offer": "Offer",
    "project": "Project",
    "deposit": "Deposit",
    "withdrawal": "Withdrawal",
}
COUNTED: Final[Mapping[str, str]] = {
    "contracts": "Contracts and offers",
    "projects": "Projects",
    "deposits": "Deposits",
    "withdrawals": "Withdrawals",
    "put_off": "Put off",
}

#: Each rule that `earnest ledger verify` checks, as a sentence that is true of books in order.
RULES: Final[Mapping[str, str]] = {
    "balances_are_their_transfers": (
        "Every account holds what its transfers brought, less what they took."
    ),
    "bidders_count_their_bids": "Of everybody the bids on each project are counted right.",
    "commands_have_their_event": "Every command that was done left its event.",
    "contracts_have_the_terms_of_their_hash": (
        "Every contract and milestone has the very terms that were signed."
    ),
    "contracts_say_since_when_they_paid": "Every contract says since when it has paid somebody.",
    "contracts_say_who_has_reviewed": "Every contract says which side has reviewed the other.",
    "deposits_were_paid_in_once": "Every settled deposit came in once, and no other one did.",
    "disputes_have_their_offers": "The figures of every dispute are those of its last offers.",
    "disputes_hold_what_they_froze": "Open disputes hold what was frozen, and no others do.",
    "ended_contracts_hold_nothing": "What has ended holds no money and asks for none.",
    "events_are_counted_without_a_gap": "The history of every contract has no gap.",
    "events_tell_their_transfers": "Every event tells exactly the transfers that it made.",
    "guarded_accounts_are_not_below_zero": "Nobody has spent what was not there.",
    "milestones_add_up": (
        "Of every milestone, what is held, on its way, frozen, released and returned is what was "
        "funded."
    ),
    "months_are_their_transfers": "What moved in each month is what its transfers say.",
    "no_clock_is_forgotten": "Everything that waits has the clock that its terms give it.",
    "nobody_is_an_orphan": "Every row belongs to the contract, project or milestone that it names.",
    "people_count_their_files": "Of everybody the files and their bytes are counted right.",
    "plans_pay_on_their_dates": "Every plan pays next on the date of its next tranche.",
    "projects_count_their_bids_and_contracts": "Every project counts its bids and contracts right.",
    "releases_hold_what_is_on_its_way": "Releases on their way hold their amount.",
    "reserves_are_said_by_their_projects": "Every reserve is said by its project, and by no other.",
    "reviews_are_of_contracts_that_paid_and_ended": (
        "Every review is of a contract that paid somebody and has ended."
    ),
    "rows_are_as_their_last_event_left_them": (
        "Every row is as the last event about it said: nobody changed it by hand."
    ),
    "rulings_are_those_of_their_disputes": "Every ruling is that of its dispute.",
    "stakes_are_what_was_put_up": "Every arbitration fee is there until it is decided.",
    "the_sum_of_all_balances_is_nothing": (
        "All accounts together add up to nothing, in every currency."
    ),
    "tranches_are_those_of_their_plans": "Every agreed plan has exactly its tranches.",
    "tranches_paid_what_was_released": "Every tranche paid what its milestone released for it.",
    "transfers_have_their_event": "Every transfer was made by an event.",
    "what_is_attached_is_there": "Every file that something has attached is known.",
    "what_is_funded_holds_something": "Nothing counts as funded that holds nothing.",
    "what_is_not_funded_holds_nothing": "Nothing is in escrow for what is not funded.",
    "what_was_put_off_was_told": "Whoever a clock was put off for was told of it.",
    "withdrawals_hold_what_is_on_its_way": (
        "Every withdrawal holds its amount until it is paid or comes back."
    ),
}
mark(
    QUEUES,
    WITHDRAWAL_VIEWS,
    DEPOSIT_VIEWS,
    RETURN_VIEWS,
    PEOPLE_VIEWS,
    ROLES,
    BREAKS,
    LOOKS,
    CLOCKS,
    COUNTED,
    RULES,
)
