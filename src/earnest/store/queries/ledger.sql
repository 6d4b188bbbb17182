-- ledger.counts --
-- How much there is to check. --
SELECT count(*) FROM transfers

-- ledger.the_sum_of_all_balances_is_nothing --
-- Per currency. Each check gives the first row that breaks it, and how many do; else nothing. --
WITH wrong AS (
    SELECT currency, sum(balance) AS total FROM accounts GROUP BY currency HAVING sum(balance) <> 0
)
SELECT format('all balances in %s add up to %s', currency, total), count(*) OVER ()
FROM wrong ORDER BY currency LIMIT 1

-- ledger.balances_are_their_transfers --
-- Every account holds what its transfers brought less what they took; one without an account too. --
WITH moved AS (
    SELECT kind, owner, currency, sum(delta) AS total FROM (
        SELECT debit_kind AS kind, debit_owner AS owner, currency, -amount AS delta FROM transfers
        UNION ALL
        SELECT credit_kind, credit_owner, currency, amount FROM transfers
    ) t GROUP BY kind, owner, currency
), wrong AS (
    SELECT kind, owner, currency, coalesce(a.balance, 0) AS balance, coalesce(m.total, 0) AS total
    FROM accounts a FULL JOIN moved m USING (kind, owner, currency)
    WHERE coalesce(a.balance, 0) <> coalesce(m.total, 0)
)
SELECT format('account %s %s %s holds %s, its transfers make %s',
    kind, owner, currency, balance, total), count(*) OVER ()
FROM wrong ORDER BY kind, owner, currency LIMIT 1

-- ledger.guarded_accounts_are_not_below_zero --
-- Only clearing, fees and losses may owe. --
SELECT format('account %s %s %s holds %s', kind, owner, currency, balance), count(*) OVER ()
FROM accounts
WHERE balance < 0 AND kind NOT IN ('clearing', 'fees', 'losses')
ORDER BY kind, owner, currency LIMIT 1

-- ledger.milestones_add_up --
-- What was funded is held, on its way, frozen, released or returned. --
SELECT format('milestone %s of %s holds %s, is releasing %s, has frozen %s, released %s, '
    'returned %s', m.id, m.amount, coalesce(a.balance, 0), m.releasing, m.frozen, m.released,
    m.returned), count(*) OVER ()
FROM milestones m
LEFT JOIN accounts a ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
WHERE m.status IN ('funded', 'submitted', 'released', 'cancelled')
    AND m.amount <> coalesce(a.balance, 0) + m.releasing + m.frozen + m.released + m.returned
ORDER BY m.id LIMIT 1

-- ledger.what_is_not_funded_holds_nothing --
-- Escrow is held by milestones that are funded or submitted, in their own currency. --
SELECT format('account escrow %s %s holds %s, its milestone is %s', a.owner, a.currency, a.balance,
    coalesce(m.status, 'not there')), count(*) OVER ()
FROM accounts a
LEFT JOIN milestones m ON m.id = a.owner AND m.currency = a.currency
    AND m.status IN ('funded', 'submitted')
WHERE a.kind = 'escrow' AND a.balance <> 0 AND m.id IS NULL
ORDER BY a.owner LIMIT 1

-- ledger.what_is_funded_holds_something --
-- A milestone that holds nothing, and of which nothing is on its way or frozen, has ended. --
SELECT format('milestone %s is %s and holds nothing', m.id, m.status), count(*) OVER ()
FROM milestones m
LEFT JOIN accounts a ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
WHERE m.status IN ('funded', 'submitted') AND coalesce(a.balance, 0) = 0
    AND m.releasing + m.frozen = 0
ORDER BY m.id LIMIT 1

-- ledger.ended_contracts_hold_nothing --
-- Nor does one that never came about; and nothing is asked for in it any more. --
SELECT format('contract %s is %s, its milestone %s is %s', c.id, c.status, m.id, m.status),
    count(*) OVER ()
FROM contracts c
JOIN milestones m ON m.contract_id = c.id
WHERE c.status IN ('ended', 'declined', 'lapsed', 'revoked')
    AND m.status IN ('requested', 'funded', 'submitted')
ORDER BY c.id, m.id LIMIT 1

-- ledger.nobody_is_an_orphan --
-- Milestones and their parts, changes and messages have their contract, and their milestone --
-- in it; contracts, bids and what belongs to them have their project. --
WITH wrong AS (
    SELECT 'milestone' AS what, m.id, m.contract_id, NULL::bigint AS milestone_id FROM milestones m
    LEFT JOIN contracts c ON c.id = m.contract_id
        AND c.project_id IS NOT DISTINCT FROM m.project_id
    WHERE c.id IS NULL
    UNION ALL
    SELECT b.what, b.id, b.contract_id, b.milestone_id FROM (
        SELECT 'release' AS what, id, contract_id, milestone_id FROM releases
        UNION ALL
        SELECT 'dispute', id, contract_id, milestone_id FROM disputes
        UNION ALL
        SELECT 'tranche', id, contract_id, milestone_id FROM tranches
        UNION ALL
        SELECT 'change of milestone', milestone_id, contract_id, milestone_id FROM edits
        UNION ALL
        SELECT 'message', id, contract_id, milestone_id FROM messages
        WHERE contract_id IS NOT NULL
    ) b
    LEFT JOIN contracts c ON c.id = b.contract_id
    LEFT JOIN milestones m ON m.id = b.milestone_id AND m.contract_id = b.contract_id
    WHERE c.id IS NULL OR b.milestone_id IS NOT NULL AND m.id IS NULL
), astray AS (
    SELECT 'bid' AS what, b.id, 'project' AS whose, b.project_id AS of FROM bids b
    LEFT JOIN projects p ON p.id = b.project_id AND p.employer_id = b.employer_id
        AND p.currency = b.currency
    WHERE p.id IS NULL
    UNION ALL
    SELECT 'bidder', bidder_id, 'project', project_id FROM bidders
    WHERE NOT EXISTS (SELECT FROM projects p WHERE p.id = project_id)
    UNION ALL
    SELECT 'proposal', t.id, 'bid', t.bid_id FROM proposals t
    LEFT JOIN bids b ON b.id = t.bid_id AND b.currency = t.currency
    WHERE b.id IS NULL
    UNION ALL
    SELECT 'contract', c.id, 'bid', c.bid_id FROM contracts c
    LEFT JOIN bids b ON b.id = c.bid_id AND b.project_id = c.project_id
        AND (b.employer_id, b.bidder_id) = (c.employer_id, c.freelancer_id)
    WHERE c.bid_id IS NOT NULL AND b.id IS NULL
    UNION ALL
    SELECT 'message', m.id, 'project', m.project_id FROM messages m
    LEFT JOIN projects p ON p.id = m.project_id
    LEFT JOIN messages q ON q.id = m.question_id AND q.project_id = m.project_id
    WHERE m.project_id IS NOT NULL AND (p.id IS NULL OR m.question_id IS NOT NULL AND q.id IS NULL)
), said AS (
    SELECT id, format('%s %s has no contract %s', what, id, contract_id)
        || coalesce(format(' with a milestone %s', milestone_id), '') AS words FROM wrong
    UNION ALL
    SELECT id, format('%s %s has no %s %s', what, id, whose, of) FROM astray
)
SELECT words, count(*) OVER () FROM said ORDER BY id, words LIMIT 1

-- ledger.withdrawals_hold_what_is_on_its_way --
-- All of it until it is paid or comes back, then nothing. --
WITH wrong AS (
    SELECT coalesce(w.id, a.owner) AS id, w.status, coalesce(a.balance, 0) AS balance,
        CASE WHEN w.status IN ('requested', 'approved', 'sent') THEN w.amount ELSE 0 END AS due
    FROM withdrawals w
    FULL JOIN (SELECT * FROM accounts WHERE kind = 'outgoing') a
        ON a.owner = w.id AND a.currency = w.currency
)
SELECT format('withdrawal %s is %s and holds %s, not %s', id, coalesce(status, 'not there'), balance,
    due), count(*) OVER ()
FROM wrong WHERE balance <> due ORDER BY id LIMIT 1

-- ledger.deposits_were_paid_in_once --
-- A settled one by one transfer of its amount, any other by none. --
WITH paid AS (
    SELECT e.subject_id AS id, t.currency, sum(t.amount) AS total
    FROM transfers t JOIN events e ON e.id = t.event_id
    WHERE e.subject_kind = 'deposit' GROUP BY e.subject_id, t.currency
), wrong AS (
    SELECT coalesce(d.id, p.id) AS id, d.status, coalesce(p.total, 0) AS total,
        CASE WHEN d.status = 'settled' THEN d.amount ELSE 0 END AS due
    FROM deposits d FULL JOIN paid p ON p.id = d.id AND p.currency = d.currency
)
SELECT format('deposit %s is %s, and %s was paid in, not %s', id, coalesce(status, 'not there'),
    total, due), count(*) OVER ()
FROM wrong WHERE total <> due ORDER BY id LIMIT 1

-- ledger.months_are_their_transfers --
-- What is kept by month of a wallet is what its transfers make, as far as they are added up. --
WITH kept AS (
    SELECT user_id AS owner, currency, sum(came - went) AS total, sum(moves) AS moves
    FROM monthly_sums GROUP BY user_id, currency
), moved AS (
    SELECT owner, currency, sum(delta) AS total, count(*) AS moves FROM (
        SELECT debit_owner AS owner, currency, -amount AS delta FROM transfers
        WHERE debit_kind = 'wallet' AND id <= (SELECT settled FROM summing)
        UNION ALL
        SELECT credit_owner, currency, amount FROM transfers
        WHERE credit_kind = 'wallet' AND id <= (SELECT settled FROM summing)
    ) t GROUP BY owner, currency
), wrong AS (
    SELECT owner, currency, coalesce(k.total, 0) AS kept, coalesce(m.total, 0) AS total
    FROM kept k FULL JOIN moved m USING (owner, currency)
    WHERE coalesce(k.total, 0) <> coalesce(m.total, 0) OR coalesce(k.moves, 0) <> coalesce(m.moves, 0)
)
SELECT format('by month, wallet %s %s gained %s, its transfers make %s', owner, currency, kept, total),
    count(*) OVER ()
FROM wrong ORDER BY owner, currency LIMIT 1
