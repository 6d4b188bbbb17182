-- ledger.events_are_counted_without_a_gap --
-- In each contract from one to what its row says. --
WITH counted AS (
    SELECT contract_id AS id, count(*) AS events, min(seq) AS first, max(seq) AS last
    FROM events WHERE contract_id IS NOT NULL GROUP BY contract_id
), wrong AS (
    SELECT coalesce(c.id, n.id) AS id, c.seq, coalesce(n.events, 0) AS events, n.first, n.last
    FROM contracts c FULL JOIN counted n USING (id)
    WHERE c.seq IS DISTINCT FROM n.last OR n.first <> 1 OR n.last <> n.events
)
SELECT format('contract %s counts %s, and has %s events from %s to %s', id,
    coalesce(seq::text, 'nothing'), events, first, last), count(*) OVER ()
FROM wrong ORDER BY id LIMIT 1

-- ledger.transfers_have_their_event --
-- Of the same contract and the same moment. --
SELECT format('transfer %s has no event %s of its contract and moment', t.id, t.event_id),
    count(*) OVER ()
FROM transfers t
LEFT JOIN events e ON e.id = t.event_id AND e.at = t.at
    AND e.contract_id IS NOT DISTINCT FROM t.contract_id
WHERE e.id IS NULL
ORDER BY t.id LIMIT 1

-- ledger.commands_have_their_event --
-- And every event a command that asked for it. --
WITH wrong AS (
    SELECT coalesce(e.id, c.event_id) AS id, e.id IS NULL AS lost
    FROM events e
    FULL JOIN (SELECT event_id, actor_id FROM commands WHERE event_id IS NOT NULL) c
        ON c.event_id = e.id AND c.actor_id = e.actor_id
    WHERE e.id IS NULL OR c.event_id IS NULL
)
SELECT CASE WHEN lost THEN format('event %s answers a command and is not there', id)
    ELSE format('event %s answers no command', id) END, count(*) OVER ()
FROM wrong ORDER BY id LIMIT 1

-- ledger.events_tell_their_transfers --
-- Each transfer is in its event's body as it is in the books, and the other way round. --
WITH said AS MATERIALIZED (
    SELECT e.id AS event_id, t ->> 'id' AS id, t -> 'amount' ->> 'amount' AS amount,
        t -> 'amount' ->> 'currency' AS currency,
        t -> 'debit' ->> 'kind' AS debit_kind, t -> 'debit' ->> 'owner' AS debit_owner,
        t -> 'credit' ->> 'kind' AS credit_kind, t -> 'credit' ->> 'owner' AS credit_owner
    FROM events e
    CROSS JOIN LATERAL jsonb_array_elements((e.body -> 'transfers')::jsonb) AS t
), told AS MATERIALIZED (
    SELECT event_id, {id} AS id, replace(amount, '.', '')::bigint AS amount, currency,
        debit_kind, {debit_owner} AS debit_owner, credit_kind, {credit_owner} AS credit_owner
    FROM said
), wrong AS (
    SELECT coalesce(k.id, b.id) AS id, k.id IS NULL AS lost, b.id IS NULL AS untold
    FROM transfers k FULL JOIN told b ON b.id = k.id
    WHERE (k.event_id, k.amount, k.currency, k.debit_kind, k.debit_owner, k.credit_kind,
        k.credit_owner)
        IS DISTINCT FROM (b.event_id, b.amount, b.currency, b.debit_kind, b.debit_owner,
        b.credit_kind, b.credit_owner)
)
SELECT format('transfer %s %s', id, CASE WHEN lost THEN 'is told by its event and is not there'
    WHEN untold THEN 'is told by no event' ELSE 'is not what its event tells' END),
    count(*) OVER ()
FROM wrong ORDER BY id LIMIT 1

-- ledger.rows_are_as_their_last_event_left_them --
-- Status and amounts of contracts, milestones and all their parts, projects, bids and payments. --
-- What was released before releases had a status is final. Only what is of one contract is counted, and the clock may have been set back between two events; but a --
-- payment and a project only ever go forward, and what became of a bid is its end. --
WITH told AS (
    SELECT DISTINCT ON (id) id, printed, status, amount, releasing, frozen, released, returned
    FROM (
        SELECT r.number AS id, r.id AS printed,
            coalesce(r.status, CASE WHEN r.id LIKE 'rel%' THEN 'final' END) AS status,
            replace(r.releasing ->> 'amount', '.', '')::bigint AS releasing,
            replace(r.frozen ->> 'amount', '.', '')::bigint AS frozen,
            replace(r.amount ->> 'amount', '.', '')::bigint AS amount,
            replace(r.released ->> 'amount', '.', '')::bigint AS released,
            replace(r.returned ->> 'amount', '.', '')::bigint AS returned,
            e.seq, e.at, e.id AS event_id
        FROM events e CROSS JOIN LATERAL json_to_recordset(e.body -> 'rows') AS r (
            number bigint, id text, status text, amount json, releasing json, frozen json,
            released json, returned json)
        WHERE (r.status IS NOT NULL OR r.id LIKE 'rel%') AND r.id NOT LIKE 'usr%'
    ) t ORDER BY id,
        CASE WHEN printed NOT LIKE 'prj%' AND printed NOT LIKE 'bid%' THEN seq END DESC NULLS LAST,
        array_position(
            '{pending,requested,approved,sent,expired,cancelled,failed,paid,settled,returned,live,'
            'accepted,retracted,declined,open,in_progress,completed,closed}',
            CASE status WHEN 'awarded' THEN 'live' ELSE status END
        ) DESC, at DESC, event_id DESC
), kept AS (
    SELECT 'milestone' AS noun, id, status, amount, releasing, frozen, released, returned
    FROM milestones
    UNION ALL SELECT 'release', id, status, amount, NULL, NULL, NULL, NULL FROM releases
    UNION ALL SELECT 'dispute', id, status, amount, NULL, NULL, NULL, NULL FROM disputes
    UNION ALL SELECT 'tranche', id, status, amount, NULL, NULL, NULL, NULL FROM tranches
    UNION ALL SELECT 'contract', id, status, NULL, NULL, NULL, NULL, NULL FROM contracts
    UNION ALL SELECT 'project', id, status, NULL, NULL, NULL, NULL, NULL FROM projects
    UNION ALL SELECT 'bid', id, status, amount, NULL, NULL, NULL, NULL FROM bids
    UNION ALL SELECT 'deposit', id, status, amount, NULL, NULL, NULL, NULL FROM deposits
    UNION ALL SELECT 'withdrawal', id, status, amount, NULL, NULL, NULL, NULL FROM withdrawals
)
SELECT format('%s is %s, its last event tells %s',
    coalesce(k.noun || ' ' || k.id, 'row ' || t.printed), coalesce(k.status, 'not there'),
    coalesce(t.status, 'nothing of it')), count(*) OVER ()
FROM kept k FULL JOIN told t USING (id)
WHERE (k.status, k.amount, k.releasing, k.frozen, k.released, k.returned)
    IS DISTINCT FROM (t.status, t.amount, t.releasing, t.frozen, t.released, t.returned)
ORDER BY id LIMIT 1
