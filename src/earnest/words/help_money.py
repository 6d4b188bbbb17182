"""Help on money: milestones, who moves it, fees, plans, reserves, deposits and withdrawals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.help import Section, Topic
from earnest.words.saying import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPICS: Final[Mapping[str, Topic]] = {
    "milestones": Topic(
        "Milestones, step by step",
        "From the money that is set aside to the money that arrives.",
        (
            Section(
                "steps",
                "How does a milestone work?",
                (),
                (
                    "The employer deposits money and offers a contract.",
                    (
                        "The employer funds milestones. The freelancer sees what is set aside, and "
                        "accepts exactly that."
                    ),
                    "The freelancer does the work and submits it, with links and a note.",
                    "The employer releases all of it or a part, or says what is still missing.",
                    "The freelancer withdraws what has arrived.",
                ),
            ),
            Section(
                "limits",
                "How many can there be?",
                (
                    (
                        "While a contract is only offered it has up to {milestones_max} "
                        "milestones; there is no limit afterwards. One employer can have "
                        "{offers_max} offers waiting for the answer of the same person."
                    ),
                ),
            ),
            Section(
                "changes",
                "Can it be changed later?",
                (
                    (
                        "Either side proposes another amount, description or due date, and "
                        "nothing changes unless the other agrees within {edit_open}. Money that "
                        "moves meanwhile ends the proposal."
                    ),
                ),
            ),
            Section(
                "wallets",
                "Where is the money meanwhile?",
                (
                    (
                        "It has left the employer’s wallet and is in none: it is held by the "
                        "milestone. Nobody, and not this site either, can spend it. Whatever is "
                        "released is in the freelancer’s wallet once it is final."
                    ),
                ),
            ),
        ),
    ),
    "who-may-do-what": Topic(
        "Who may do what, and when",
        "Every action there is, whose it is, and in which state it can be done.",
        (
            Section(
                "basic",
                "The basic rule",
                (
                    (
                        "Only the employer releases, and only the freelancer gives back. Whoever "
                        "is neither is not even told that it exists."
                    ),
                ),
            ),
            Section(
                "table",
                "All actions",
                (
                    (
                        "This table is made from the rules that run here. A page shows what you "
                        "may do now, and says of the rest why you cannot."
                    ),
                ),
                table="actions",
            ),
        ),
    ),
    "fees": Topic(
        "What it costs",
        "What this site keeps, with an example, and what arbitration costs.",
        (
            Section(
                "platform",
                "What does this site keep?",
                (
                    (
                        "This site keeps {fee_share} of what reaches a freelancer, rounded down. "
                        "Of {fee_whole} released, {fee_rest} arrive and {fee_kept} are kept."
                    ),
                    (
                        "What returns to an employer costs nothing, and neither do deposits and "
                        "withdrawals."
                    ),
                    "A contract keeps the fee that it was signed with.",
                ),
            ),
            Section(
                "arbitration",
                "What does arbitration cost?",
                (
                    (
                        "As the terms of the contract have it. Where they ask for a fee, it is "
                        "never more than {arbitration_most} of what is disputed."
                    ),
                    (
                        "Who pays it has it back however the dispute ends, unless the ruling is "
                        "nearer to what the other side offered last."
                    ),
                ),
                table="clauses",
                clauses=("arbitration",),
            ),
        ),
    ),
    "plans": Topic(
        "Tranches by dates",
        "A milestone that is paid in parts, on dates that both sides agreed to.",
        (
            Section(
                "what",
                "What is a plan?",
                (
                    (
                        "A milestone can be paid in {tranches_min} to {tranches_max} tranches: on "
                        "dates, or so many days after the funding, in percent or in amounts, the "
                        "last of them perhaps kept back. The last date is at most "
                        "{tranche_latest} away."
                    ),
                    (
                        "It binds nobody until the freelancer has agreed to it, or accepted the "
                        "contract with it."
                    ),
                ),
            ),
            Section(
                "then",
                "And then?",
                (
                    (
                        "Each tranche is released on its date by itself, whatever anybody says or "
                        "leaves unsaid. There is no time to review, and no date after which the "
                        "money returns. The dates of a plan do not wait for notices."
                    ),
                    (
                        "Before the date of a tranche the employer can object to an amount of it. "
                        "Only that amount is frozen, and becomes a dispute; the rest is released "
                        "on time."
                    ),
                    "Whatever is released or given back before uses up the last tranches first.",
                ),
            ),
        ),
    ),
    "reserves": Topic(
        "Projects and reserves",
        "Posting, bidding, and money set aside before anybody is chosen.",
        (
            Section(
                "posting",
                "How long is a project open?",
                (
                    (
                        "Bids are taken for {bidding} unless its employer says otherwise, for at "
                        "most {bidding_max}. If nobody is chosen within {choosing} after that, "
                        "the project closes by itself and what is reserved returns."
                    ),
                ),
            ),
            Section(
                "bids",
                "Who sees a bid?",
                (
                    (
                        "Only its bidder and the employer. A bid proposes up to {proposals_max} "
                        "milestones that add up to its price exactly."
                    ),
                ),
            ),
            Section(
                "reserve",
                "What is a reserve?",
                (
                    (
                        "Money that an employer sets aside for a project before choosing anybody. "
                        "Everybody sees that it is there. It is promised to nobody yet, so its "
                        "employer can take it back while no offer waits for its answer."
                    ),
                    (
                        "Milestones of the contract that comes of it use it first. A reserve that "
                        "nobody uses for {unused} returns by itself."
                    ),
                ),
            ),
        ),
    ),
    "deposits-and-withdrawals": Topic(
        "Deposits and withdrawals",
        "How money comes in and goes out, how long it takes, and who approves it.",
        (
            Section(
                "deposits",
                "When is a deposit there?",
                (
                    (
                        "Once the gateway says that it was paid. What nobody pays within "
                        "{expires} is closed, and nothing was taken."
                    ),
                ),
            ),
            Section(
                "withdrawals",
                "When is a withdrawal paid?",
                (
                    (
                        "It leaves your wallet at once and is yours on its way: it is either "
                        "paid, or back in your wallet. What was not sent within {expires} returns "
                        "by itself."
                    ),
                    (
                        "Above {approval_limits} an operator approves it first, who is never the "
                        "one who asked for it."
                    ),
                    "You can cancel it until it is sent.",
                ),
            ),
            Section(
                "wrong",
                "What if the gateway is wrong?",
                (
                    (
                        "If it reports another amount, or the same payment twice, nothing moves: "
                        "an operator looks at it."
                    ),
                ),
            ),
        ),
    ),
}
mark(TOPICS)
