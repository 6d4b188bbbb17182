-- ledger.projects_count_their_bids_and_contracts --
-- Bids that are not over, contracts that wait for an answer, and contracts that are active. --
WITH bid AS (
    SELECT project_id AS id, count(*) AS bids FROM bids
    WHERE status IN ('live', 'awarded', 'accepted') GROUP BY project_id
), contract AS (
    SELECT project_id AS id, count(*) FILTER (WHERE status = 'offered') AS offered,
        count(*) FILTER (WHERE status = 'active') AS active
    FROM contracts WHERE project_id IS NOT NULL GROUP BY project_id
), wrong AS (
    SELECT p.id, p.bids, p.offered, p.active, coalesce(b.bids, 0) AS own_bids,
        coalesce(c.offered, 0) AS own_offered, coalesce(c.active, 0) AS own_active
    FROM projects p LEFT JOIN bid b USING (id) LEFT JOIN contract c USING (id)
)
SELECT format('project %s counts %s bids, %s offers and %s contracts, and has %s, %s and %s',
    id, bids, offered, active, own_bids, own_offered, own_active), count(*) OVER ()
FROM wrong WHERE (bids, offered, active) <> (own_bids, own_offered, own_active)
ORDER BY id LIMIT 1

-- ledger.bidders_count_their_bids --
-- Of each person and project those that are not over. --
WITH own AS (
    SELECT project_id, bidder_id, count(*) FILTER (
        WHERE status IN ('live', 'awarded', 'accepted')) AS live
    FROM bids GROUP BY project_id, bidder_id
), wrong AS (
    SELECT project_id, bidder_id, coalesce(b.live, 0) AS counted, coalesce(own.live, 0) AS live
    FROM bidders b FULL JOIN own USING (project_id, bidder_id)
    WHERE b.live IS DISTINCT FROM own.live
)
SELECT format('bidder %s of project %s counts %s bids, and has %s', bidder_id, project_id, counted,
    live), count(*) OVER ()
FROM wrong ORDER BY project_id, bidder_id LIMIT 1

-- ledger.reserves_are_said_by_their_projects --
-- One holds something exactly while its project says since when, and only while that goes on. --
WITH wrong AS (
    SELECT coalesce(p.id, a.owner) AS id, p.status, p.reserved_since,
        coalesce(a.balance, 0) AS balance
    FROM projects p
    FULL JOIN (SELECT * FROM accounts WHERE kind = 'reserve') a
        ON a.owner = p.id AND a.currency = p.currency
    WHERE coalesce(a.balance, 0) <> 0 AND coalesce(p.status, '') NOT IN ('open', 'in_progress')
        OR (coalesce(a.balance, 0) <> 0) <> (p.reserved_since IS NOT NULL)
)
SELECT format('project %s is %s, its reserve holds %s and is said to since %s', id,
    coalesce(status, 'not there'), balance, coalesce(reserved_since::text, 'never')),
    count(*) OVER ()
FROM wrong ORDER BY id LIMIT 1

-- ledger.contracts_have_the_terms_of_their_hash --
-- It is the SHA-256 of the RFC 8785 JSON of the terms and of the bid that they were offered on, if --
-- there is one; json keeps each value as it was written, so only the members have to be sorted. --
WITH spelled AS MATERIALIZED (
    SELECT t.hash, t.bid IS NOT NULL AS is_of_a_bid, encode(sha256(convert_to(format(
        '{"bid":%s,"terms":{%s}}',
        CASE WHEN t.bid IS NULL THEN 'null' ELSE format(
            '{"amount":%s,"milestones":[%s]}', t.bid -> 'amount', (
                SELECT string_agg(format(
                    '{"amount":%s,"days":%s,"description":%s,"due_at":%s}',
                    m -> 'amount', m -> 'days', m -> 'description', m -> 'due_at'), ',' ORDER BY n)
                FROM json_array_elements(t.bid -> 'milestones') WITH ORDINALITY AS e (m, n)
            )) END,
        (SELECT string_agg(format('"%s":%s', key, value), ',' ORDER BY key COLLATE "C")
            FROM json_each(t.body))
    ), 'UTF8')), 'hex') AS spelled
    FROM terms t
), wrong AS (
    SELECT c.id, c.terms_hash, s.hash IS NULL AS lost FROM contracts c
    LEFT JOIN spelled s ON s.hash = c.terms_hash
    WHERE s.hash IS NULL OR s.spelled <> s.hash OR s.is_of_a_bid <> (c.bid_id IS NOT NULL)
)
SELECT format('contract %s has terms %s, %s', id, left(terms_hash, 8),
    CASE WHEN lost THEN 'which are not there' ELSE 'which are others' END), count(*) OVER ()
FROM wrong ORDER BY id LIMIT 1
