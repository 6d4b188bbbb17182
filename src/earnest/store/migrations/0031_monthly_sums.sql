-- What a person's money did in each month, kept beside the transfers by the worker: so a year, and
-- every statement, costs by the month and not by the transfer. And what each verification found.
-- Locks: creates only, safe while the product runs. The worker fills it, the oldest first.
-- Whoever changes what is added up (sums.made) empties the first two tables in the same migration.

CREATE TABLE monthly_sums (
    user_id bigint NOT NULL,
    currency text NOT NULL,
    month timestamptz NOT NULL, -- its first instant, in UTC
    -- What came into the wallet and left it, and how often: gross.
    came bigint NOT NULL,
    went bigint NOT NULL,
    moves bigint NOT NULL,
    -- How much more than before is set aside, on either side, and is on its way out: net.
    outgoing bigint NOT NULL,
    incoming bigint NOT NULL,
    on_the_way bigint NOT NULL,
    -- What was paid for work: to the freelancer after the fee, by the employer with it.
    earned bigint NOT NULL,
    spent bigint NOT NULL,
    PRIMARY KEY (user_id, currency, month),
    CONSTRAINT gross_sums_only_grow
        CHECK (came >= 0 AND went >= 0 AND moves >= 0 AND earned >= 0 AND spent >= 0)
) WITH (fillfactor = 80);

-- How far the worker is: all transfers up to one are in. Once none that nobody will add to any more
-- is left out, also until when: all that moved before is in then.
CREATE TABLE summing (
    id smallint PRIMARY KEY DEFAULT 1,
    settled bigint NOT NULL,
    until timestamptz,
    CONSTRAINT there_is_one_summing CHECK (id = 1)
);

CREATE TABLE verifications (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    transfers bigint NOT NULL,
    -- By currency: how many accounts there are, and what all of them add up to.
    currencies text[] NOT NULL,
    accounts bigint[] NOT NULL,
    totals numeric[] NOT NULL,
    -- The rules that did not hold, each with the first row that broke it.
    broken text[] NOT NULL,
    firsts text[] NOT NULL,
    CONSTRAINT each_currency_has_its_sum CHECK (
        cardinality(currencies) = cardinality(accounts)
        AND cardinality(currencies) = cardinality(totals)
    ),
    CONSTRAINT each_broken_rule_has_a_row CHECK (cardinality(broken) = cardinality(firsts))
);
