-- proof.by_currency --
-- How many accounts there are in each currency, and what all of them add up to. --
SELECT currency, count(*), sum(balance) FROM accounts GROUP BY currency ORDER BY currency

-- proof.is_due --
-- Whether the books were not verified for so long, and nobody is at it. --
SELECT NOT EXISTS (SELECT FROM verifications WHERE at > clock_timestamp() - $1::interval)
    AND pg_try_advisory_xact_lock(20200117)

-- proof.last --
-- What the last verification found, and since when no money moves, if none does. --
SELECT v.at, v.transfers, v.currencies, v.accounts, v.totals, v.broken, v.firsts,
    h.at AS halted_at, h.what AS halted_by
FROM (SELECT 1) one
LEFT JOIN (SELECT * FROM verifications ORDER BY id DESC LIMIT 1) v ON TRUE
LEFT JOIN (SELECT * FROM halts WHERE cleared_at IS NULL ORDER BY id LIMIT 1) h ON TRUE
