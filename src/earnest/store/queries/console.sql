-- console.queues --
-- Everything that waits for operators: how much of it, up to a hundred, and since when or until --
-- when the most pressing does. Of what does not fit: when the newest came. --
SELECT 'withdrawals' AS queue, count(*), min(created_at) AS at FROM (
    SELECT created_at FROM withdrawals WHERE status = 'requested' ORDER BY id LIMIT $1
) t
UNION ALL
SELECT 'deposits', count(*), min(created_at) FROM (
    SELECT created_at FROM deposits WHERE status = 'pending' ORDER BY created_at, id LIMIT $1
) t
UNION ALL
SELECT 'returns', count(*), min(updated_at) FROM (
    SELECT updated_at FROM milestones
    WHERE staff_cancel_by IS NOT NULL AND staff_return_at IS NULL ORDER BY id LIMIT $1
) t
UNION ALL
SELECT 'objections', count(*), min(staff_return_at) FROM (
    SELECT staff_return_at FROM milestones
    WHERE staff_cancel_by IS NOT NULL AND staff_return_at IS NOT NULL ORDER BY id LIMIT $1
) t
UNION ALL
SELECT 'rulings', count(*), min(ends_at) FROM (
    SELECT ends_at FROM disputes WHERE status = 'arbitration' ORDER BY id LIMIT $1
) t
UNION ALL
SELECT 'breaks', count(*), max(created_at) FROM (
    SELECT created_at FROM breaks ORDER BY id DESC LIMIT $1
) t
UNION ALL
SELECT 'mails', count(*), min(created_at) FROM (
    SELECT created_at FROM deliveries WHERE status = 'given_up' ORDER BY id LIMIT $1
) t

-- console.halts --
-- The last halts: what failed, and why work went on. --
SELECT what, at, cleared_at, cleared_because FROM halts ORDER BY id DESC LIMIT $1

-- console.deposits_waiting --
-- Nobody has paid it yet. --
t.status = 'pending'

-- console.deposits_that_came_to_nothing --
-- It failed, or nobody paid it in time. --
t.status IN ('failed', 'expired')

-- console.withdrawals_to_approve --
-- It waits for an operator. --
t.status = 'requested'

-- console.withdrawals_on_their_way --
-- It is approved or sent, and not paid yet. --
t.status IN ('approved', 'sent')

-- console.withdrawals_that_came_to_nothing --
-- The money is back in the wallet that it came from. --
t.status IN ('failed', 'returned', 'cancelled', 'expired')

-- console.of_rulings --
-- An arbiter is to rule. --
t.status = 'arbitration'

-- console.people --
-- Everybody, with what operators are shown in a list. --
(SELECT id, name, status, roles, created_at FROM users)

-- console.suspended --
-- They open nothing new. --
t.status = 'suspended'

-- console.with_a_role --
-- The site made them something. --
t.roles <> '{}'::text[]

-- console.breaks --
-- What gateways said that does not fit, with the payment that it was about. --
(SELECT id, payment, gateway, kind, currency, expected, said, paid_as, created_at FROM breaks)

-- console.looks --
-- Whom operators looked at, with both names. --
(SELECT l.id, l.operator_id, l.what, l.person_id, l.words, l.at, o.name AS operator, p.name AS person
FROM looked_at l
JOIN users o ON o.id = l.operator_id
LEFT JOIN users p ON p.id = l.person_id)

-- console.looks_at --
-- At this person. --
t.person_id = $1

-- console.returns --
-- What operators would return: how much is held, who asked, why, and when it returns if it will. --
(SELECT m.id, m.contract_id, m.employer_id, m.freelancer_id, m.currency, a.balance, m.staff_cancel_by,
    m.staff_return_at, e.name AS employer, f.name AS freelancer, o.name AS operator,
    said.text AS reason, said.created_at AS asked_at
FROM milestones m
JOIN users e ON e.id = m.employer_id
JOIN users f ON f.id = m.freelancer_id
JOIN users o ON o.id = m.staff_cancel_by
JOIN accounts a ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
LEFT JOIN LATERAL (
    SELECT s.text, s.created_at FROM messages s
    WHERE s.contract_id = m.contract_id AND s.milestone_id = m.id AND s.about = 'staff_cancel'
    ORDER BY s.id DESC LIMIT 1
) said ON TRUE
WHERE m.staff_cancel_by IS NOT NULL)

-- console.to_confirm --
-- A second operator has not confirmed it. --
t.staff_return_at IS NULL

-- console.to_object --
-- Both operators have, and the freelancer can object. --
t.staff_return_at IS NOT NULL

-- console.person --
-- What operators are shown of one person. --
SELECT u.id, u.name, u.email, u.status, u.roles, u.created_at, u.language, u.time_zone,
    u.password_hash IS NOT NULL AS signs_in,
    (SELECT count(*) FROM (
        SELECT FROM contracts c WHERE c.employer_id = u.id LIMIT $2
    ) t) AS as_employer,
    (SELECT count(*) FROM (
        SELECT FROM contracts c WHERE c.freelancer_id = u.id LIMIT $2
    ) t) AS as_freelancer,
    (SELECT count(*) FROM (
        SELECT FROM disputes d WHERE d.employer_id = u.id LIMIT $2
    ) t) + (SELECT count(*) FROM (
        SELECT FROM disputes d WHERE d.freelancer_id = u.id LIMIT $2
    ) t) AS disputes,
    s.sessions, s.seen_at
FROM users u
CROSS JOIN LATERAL (
    SELECT count(*) AS sessions, max(seen_at) AS seen_at FROM sessions
    WHERE user_id = u.id AND expires_at > clock_timestamp()
) s
WHERE u.id = $1

-- console.clocks --
-- How many clocks run of each kind and how many of them within a day, up to a limit; and how many --
-- are put off. --
WITH clock AS (SELECT clock_timestamp() + clock_offset AS now FROM site)
SELECT 'contracts' AS kind, (SELECT count(*) FROM (
        SELECT FROM contracts WHERE wakes_at IS NOT NULL LIMIT $1
    ) t) AS running, (SELECT count(*) FROM (
        SELECT FROM contracts WHERE wakes_at <= clock.now + $2::interval AND wakes_at IS NOT NULL
        LIMIT $1
    ) t) AS soon FROM clock
UNION ALL
SELECT 'projects', (SELECT count(*) FROM (
        SELECT FROM projects WHERE wakes_at IS NOT NULL LIMIT $1
    ) t), (SELECT count(*) FROM (
        SELECT FROM projects WHERE wakes_at <= clock.now + $2::interval AND wakes_at IS NOT NULL
        LIMIT $1
    ) t) FROM clock
UNION ALL
SELECT 'deposits', (SELECT count(*) FROM (
        SELECT FROM deposits WHERE status = 'pending' LIMIT $1
    ) t), (SELECT count(*) FROM (
        SELECT FROM deposits
        WHERE status = 'pending' AND created_at <= clock.now + $2::interval - $3::interval LIMIT $1
    ) t) FROM clock
UNION ALL
SELECT 'withdrawals', (SELECT count(*) FROM (
        SELECT FROM withdrawals WHERE status IN ('requested', 'approved') LIMIT $1
    ) t), (SELECT count(*) FROM (
        SELECT FROM withdrawals WHERE status IN ('requested', 'approved')
            AND created_at <= clock.now + $2::interval - $3::interval LIMIT $1
    ) t) FROM clock
UNION ALL
SELECT 'put_off', (SELECT count(*) FROM (
        (SELECT FROM milestones WHERE deferred_until > clock.now LIMIT $1)
        UNION ALL
        (SELECT FROM disputes WHERE deferred_until > clock.now LIMIT $1)
    ) t), (SELECT count(*) FROM (
        (SELECT FROM milestones
        WHERE deferred_until > clock.now AND deferred_until <= clock.now + $2::interval LIMIT $1)
        UNION ALL
        (SELECT FROM disputes
        WHERE deferred_until > clock.now AND deferred_until <= clock.now + $2::interval LIMIT $1)
    ) t) FROM clock

-- console.next_clocks --
-- The clocks that run out next after a place in their line, whatever they are of. --
SELECT noun, id, wakes_at FROM (
    (SELECT CASE status WHEN 'offered' THEN 'offer' ELSE 'contract' END AS noun, id, wakes_at
    FROM contracts WHERE wakes_at IS NOT NULL AND (wakes_at, id) > ($1, $2)
        AND wakes_at >= $1
    ORDER BY wakes_at, id LIMIT $3)
    UNION ALL
    (SELECT 'project', id, wakes_at FROM projects
    WHERE wakes_at IS NOT NULL AND (wakes_at, id) > ($1, $2) AND wakes_at >= $1
    ORDER BY wakes_at, id LIMIT $3)
    UNION ALL
    (SELECT 'deposit', id, created_at + $4::interval FROM deposits
    WHERE status = 'pending' AND (created_at, id) > ($1 - $4::interval, $2)
    ORDER BY created_at, id LIMIT $3)
    UNION ALL
    (SELECT 'withdrawal', id, created_at + $4::interval FROM withdrawals
    WHERE status IN ('requested', 'approved') AND (created_at, id) > ($1 - $4::interval, $2)
    ORDER BY created_at, id LIMIT $3)
) t
ORDER BY wakes_at, id LIMIT $3

-- console.hearts --
-- When processes were there, the last first; and what time it is. --
SELECT since, until FROM heartbeats ORDER BY until DESC, id DESC LIMIT $1

-- console.verified --
-- When the books were verified last, and of each rule that did not hold the first row. --
SELECT at, broken, firsts FROM verifications ORDER BY id DESC LIMIT 1
