-- sums.progress --
-- How far the adding up is, the clock of the database in milliseconds, and that of the site. Nothing --
-- while somebody else is at it: whose it is has this lock until the end of a transaction. --
SELECT coalesce(settled, 0), until, (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
    clock_timestamp() + (SELECT clock_offset FROM site)
FROM (SELECT 1) one LEFT JOIN summing ON TRUE
WHERE pg_try_advisory_xact_lock(20200116)

-- sums.reach --
-- The number of the last of so many transfers above the first number and up to the second. --
SELECT max(id), count(*) FROM (
    SELECT id FROM transfers WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3
) t

-- sums.first_after --
-- When the first transfer after this number moved. --
SELECT at FROM transfers WHERE id > $1 ORDER BY id LIMIT 1

-- sums.made --
-- What the transfers above the first number and up to the second add up to, by person, currency and --
-- month. What a contract holds is its employer’s to one side and its freelancer’s to the other. --
WITH moved AS MATERIALIZED (
    SELECT t.*, date_trunc('month', t.at) AS month,
        (t.credit_kind IN ('escrow', 'releasing', 'dispute'))::int
            - (t.debit_kind IN ('escrow', 'releasing', 'dispute'))::int AS held,
        c.employer_id, c.freelancer_id
    FROM transfers t LEFT JOIN contracts c ON c.id = t.contract_id
    WHERE t.id > $1 AND t.id <= $2
), lines AS (
    SELECT credit_owner AS user_id, currency, month, 'came' AS what, amount FROM moved
    WHERE credit_kind = 'wallet'
    UNION ALL
    SELECT debit_owner, currency, month, 'went', amount FROM moved WHERE debit_kind = 'wallet'
    UNION ALL
    SELECT employer_id, currency, month, 'outgoing', held * amount FROM moved WHERE held <> 0
    UNION ALL
    SELECT freelancer_id, currency, month, 'incoming', held * amount FROM moved WHERE held <> 0
    UNION ALL
    SELECT p.employer_id, m.currency, m.month, 'outgoing',
        CASE m.credit_kind WHEN 'reserve' THEN m.amount ELSE -m.amount END
    FROM moved m JOIN projects p
        ON p.id = CASE m.credit_kind WHEN 'reserve' THEN m.credit_owner ELSE m.debit_owner END
    WHERE 'reserve' IN (m.credit_kind, m.debit_kind)
    UNION ALL
    SELECT w.user_id, m.currency, m.month, 'on_the_way',
        CASE m.credit_kind WHEN 'outgoing' THEN m.amount ELSE -m.amount END
    FROM moved m JOIN withdrawals w
        ON w.id = CASE m.credit_kind WHEN 'outgoing' THEN m.credit_owner ELSE m.debit_owner END
    WHERE 'outgoing' IN (m.credit_kind, m.debit_kind)
    UNION ALL
    SELECT freelancer_id, currency, month, 'earned', amount FROM moved
    WHERE held = -1 AND credit_kind = 'wallet' AND credit_owner = freelancer_id
    UNION ALL
    SELECT employer_id, currency, month, 'spent', amount FROM moved
    WHERE held = -1
        AND (credit_kind = 'fees' OR credit_kind = 'wallet' AND credit_owner = freelancer_id)
)
SELECT user_id, currency, month,
    coalesce(sum(amount) FILTER (WHERE what = 'came'), 0) AS came,
    coalesce(sum(amount) FILTER (WHERE what = 'went'), 0) AS went,
    count(*) FILTER (WHERE what IN ('came', 'went')) AS moves,
    coalesce(sum(amount) FILTER (WHERE what = 'outgoing'), 0) AS outgoing,
    coalesce(sum(amount) FILTER (WHERE what = 'incoming'), 0) AS incoming,
    coalesce(sum(amount) FILTER (WHERE what = 'on_the_way'), 0) AS on_the_way,
    coalesce(sum(amount) FILTER (WHERE what = 'earned'), 0) AS earned,
    coalesce(sum(amount) FILTER (WHERE what = 'spent'), 0) AS spent
FROM lines GROUP BY user_id, currency, month

-- sums.until --
-- Before which moment all that moved is in the sums; nothing as long as it is not known. --
SELECT until FROM summing

-- sums.of_person --
-- What is kept of a person's money in one currency, by month, the oldest first. --
SELECT month, came, went, moves, outgoing, incoming, on_the_way, earned, spent
FROM monthly_sums WHERE user_id = $1 AND currency = $2 ORDER BY month

-- sums.of_wallet --
-- What came into a person's wallet from one moment on and before another, and what left it, by month. --
SELECT date_trunc('month', at) AS month, coalesce(sum(amount) FILTER (WHERE came), 0)::bigint AS came,
    coalesce(sum(amount) FILTER (WHERE NOT came), 0)::bigint AS went, count(*) AS moves
FROM (
    SELECT at, amount, true AS came FROM transfers
    WHERE credit_kind = 'wallet' AND credit_owner = $1 AND currency = $2 AND at >= $3 AND at < $4
    UNION ALL
    SELECT at, amount, false FROM transfers
    WHERE debit_kind = 'wallet' AND debit_owner = $1 AND currency = $2 AND at >= $3 AND at < $4
) t
GROUP BY 1 ORDER BY 1
