"""Help on rules: clocks, disputes, sealed offers, arbitration, records, notices, safety, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.help import Section, Topic
from earnest.words.saying import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPICS: Final[Mapping[str, Topic]] = {
    "clocks": Topic(
        "Clocks, and what silence does",
        "Every date after which something happens by itself, with its numbers.",
        (
            Section(
                "table",
                "Which clocks are there?",
                (
                    (
                        "Both sides agree to them before the work begins. These are the presets; a "
                        "contract can also have numbers of its own, and shows them."
                    ),
                ),
                table="clauses",
                clauses=("accept", "review", "changes", "overdue", "dormant", "undo"),
            ),
            Section(
                "told",
                "Am I told before?",
                (
                    (
                        "Yes: while a clock runs you are told on the site and by mail, and the "
                        "last notice comes by mail whatever you chose."
                    ),
                    (
                        "A clock of {deferred_from} or longer that costs somebody money waits "
                        "{deferred_by} more, once, if they could not be told {told_before} before "
                        "it, or if nothing of this site was running at that moment. The dates of "
                        "a plan do not wait."
                    ),
                ),
            ),
            Section(
                "always",
                "What has a date everywhere?",
                (),
                (
                    "A proposal to change a milestone waits for {edit_open}.",
                    (
                        "A deposit that nobody pays, and a withdrawal that is not sent, end after "
                        "{expires}."
                    ),
                    "A contract that has ended can be reviewed for {review_within}.",
                    (
                        "What two operators would return waits {objected_within} for an objection "
                        "of the freelancer."
                    ),
                ),
            ),
        ),
    ),
    "disputes": Topic(
        "Disputes",
        "What happens when you cannot agree, to how much, and until when.",
        (
            Section(
                "what",
                "What is frozen?",
                (
                    (
                        "Only the amount that is disputed. Neither side moves it alone until it is "
                        "decided; everything else goes on."
                    ),
                    (
                        "Every figure in a dispute is what the freelancer would get of it. The "
                        "rest is the employer’s."
                    ),
                ),
            ),
            Section(
                "way",
                "How does it go?",
                (),
                (
                    (
                        "Who opens it says how much the freelancer should get, and why. The other "
                        "side answers with a figure of its own."
                    ),
                    (
                        "Both make offers, as often as they like. Either can accept the other’s "
                        "last one until the end, and concede."
                    ),
                    (
                        "If you do not settle, an arbiter rules, or the rules that you both "
                        "agreed to decide."
                    ),
                ),
                table="clauses",
                clauses=("answer", "negotiation", "ruling"),
            ),
            Section(
                "exhibits",
                "What can I show?",
                (
                    (
                        "Files, links and texts: up to {exhibits_max} of each side, of "
                        "{exhibits_size} together. They cannot be removed, and both sides and the "
                        "arbiter see them."
                    ),
                ),
            ),
            Section(
                "time",
                "Can we have more time?",
                (
                    (
                        "Only both of you together: one proposes a later end, at most "
                        "{extended_max} later, and the other agrees to exactly that."
                    ),
                ),
            ),
        ),
    ),
    "sealed-offers": Topic(
        "Sealed offers",
        "Say what you would really take, without the other side ever reading it.",
        (
            Section(
                "how",
                "How do they work?",
                (
                    (
                        "In the first days of a negotiation there are {rounds} rounds of "
                        "{round_lasts}. In each, both can name a figure and change it until the "
                        "round closes. Then the two are compared by the clock."
                    ),
                    (
                        "If the freelancer’s figure is not above the employer’s, you settle at the "
                        "midpoint, and both are paid at once. Otherwise both are told the same: no "
                        "settlement."
                    ),
                ),
            ),
            Section(
                "secret",
                "Who reads my figure?",
                (
                    (
                        "Nobody: not the other side, not an arbiter, not staff. Nobody is even "
                        "told whether there was one."
                    ),
                ),
            ),
        ),
    ),
    "arbitration": Topic(
        "Arbitration",
        "Who rules, how somebody is chosen, and what becomes of it if they stay silent.",
        (
            Section(
                "who",
                "Who rules?",
                (
                    (
                        "Somebody who knows neither of you: no side of it, and nobody who ever "
                        "had a contract with either. Each side can refuse one arbiter within "
                        "{refused_within}, without a reason."
                    ),
                ),
            ),
            Section(
                "how",
                "How do they rule?",
                (
                    (
                        "They open every exhibit, may ask both sides for more, who then have "
                        "{asked_for}, and say how much, why, and by which exhibits. Both are paid "
                        "at once, and it is final."
                    ),
                ),
            ),
            Section(
                "silence",
                "And if they do not?",
                (
                    (
                        "When the time of the first one is over, the next one has {next_within}, "
                        "as often as the terms say. At last the rules decide: of the two last "
                        "offers the one nearer to half of the amount."
                    ),
                ),
                table="clauses",
                clauses=("arbitration", "ruling"),
            ),
            Section(
                "operators",
                "Can operators step in?",
                (
                    (
                        "Only two together, only to return what is held to the employer, and only "
                        "if the freelancer does not object within {objected_within}. They can "
                        "move nothing to a freelancer, and nothing quickly."
                    ),
                ),
            ),
        ),
    ),
    "reputation": Topic(
        "Records and reviews",
        "How every figure on somebody’s page is counted.",
        (
            Section(
                "figures",
                "How is each figure counted?",
                ("{counted}",),
                table="figures",
            ),
            Section(
                "reviews",
                "Who reviews whom, and when?",
                (
                    (
                        "Once a contract that paid somebody has ended, each side reviews the other "
                        "once, within {review_within}. Nobody sees a review before both are in, or "
                        "{hidden_for} after the end."
                    ),
                ),
            ),
        ),
    ),
    "notices": Topic(
        "Notices and mails",
        "What you are told, by which way, and what you can switch off.",
        (
            Section(
                "topics",
                "What am I told?",
                (
                    (
                        "Everything that others do and that concerns you, on the site at once. By "
                        "mail as you choose for each topic: at once, once a day, or never."
                    ),
                ),
                table="notices",
            ),
        ),
    ),
    "security": Topic(
        "Keeping your account safe",
        "Passwords, sessions, tokens, and what this site never does.",
        (
            Section(
                "password",
                "Passwords",
                (
                    (
                        "From {password_least} characters on. Only a hash is kept. After {tries} "
                        "wrong ones within {tries_window} from one place, that place waits; "
                        "nobody can lock you out from elsewhere."
                    ),
                ),
            ),
            Section(
                "sessions",
                "Sessions",
                (
                    (
                        "A browser stays signed in for {session} after you last used it. Changing "
                        "your password signs you out everywhere else."
                    ),
                ),
            ),
            Section(
                "tokens",
                "Tokens",
                (
                    (
                        "A program signs in with a token that you make in the settings, good for "
                        "what you tick and no more. It is shown once. One that is replaced works "
                        "for {token_grace} longer."
                    ),
                ),
            ),
            Section(
                "staff",
                "What staff sees",
                (
                    (
                        "Operators can read contracts, and each such look is written into the "
                        "contract’s history, where both sides see it. Their looks at people are "
                        "written down too. Nobody can act in your name."
                    ),
                ),
            ),
        ),
    ),
}
mark(TOPICS)
