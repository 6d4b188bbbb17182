-- reputation.together --
-- Figures of people, of these as freelancers ($1) and of those as employers ($2). The contracts --
-- that count are looked at once; then each figure counts in them. --
WITH moment AS MATERIALIZED (SELECT clock_timestamp() + clock_offset AS now FROM site),
counted AS MATERIALIZED ({counted})
{figures}

-- reputation.counted --
-- A line for each contract that counts: both sides accepted it, and something was funded in it. --
-- What the employer took back before that counts nowhere. --
SELECT c.*, m.*
FROM (
    SELECT 'freelancer' AS side, freelancer_id AS person, employer_id AS other,
        id, status, bid_id, currency
    FROM contracts WHERE freelancer_id = ANY($1::bigint[]) AND status IN ('active', 'ended')
    UNION ALL
    SELECT 'employer', employer_id, freelancer_id, id, status, bid_id, currency
    FROM contracts WHERE employer_id = ANY($2::bigint[]) AND status IN ('active', 'ended')
) c
CROSS JOIN LATERAL (
    SELECT count(*) AS funded,
        count(*) FILTER (WHERE t.status = 'submitted') AS waiting,
        coalesce(bool_or(t.first_at IS NOT NULL OR t.released > 0), FALSE) AS begun,
        coalesce(bool_or(t.returned > 0), FALSE) AS gave_back,
        coalesce(bool_or(t.rounds > 0), FALSE) AS redone,
        sum(t.released) AS released,
        count(*) FILTER (WHERE t.done) AS done,
        sum(div(t.released::numeric * 10000, t.amount)) FILTER (WHERE t.done) AS released_bps,
        count(*) FILTER (WHERE t.funded_at <= t.began_at OR t.began_at IS NULL) AS up_front,
        count(*) FILTER (WHERE t.dated) AS dated,
        count(*) FILTER (WHERE t.dated AND t.first_at <= t.due_at) AS in_time
    FROM (
        SELECT f.*, min(f.first_at) OVER () AS began_at,
            f.agreed_at IS NOT NULL AND (
                f.first_at IS NOT NULL
                OR f.due_at < CASE WHEN f.done THEN f.updated_at ELSE (SELECT now FROM moment) END
            ) AS dated
        FROM (
            SELECT t.*, t.status IN ('released', 'cancelled') AS done,
                CASE WHEN t.rounds = 0 THEN t.submitted_at ELSE (
                    SELECT min(s.created_at) FROM messages s
                    WHERE s.contract_id = t.contract_id AND s.milestone_id = t.id
                        AND s.about = 'submission'
                ) END AS first_at
            FROM milestones t
            WHERE t.contract_id = c.id AND t.funded_at IS NOT NULL AND NOT (
                t.status = 'cancelled' AND t.submitted_at IS NULL AND EXISTS (
                    SELECT FROM events e WHERE e.contract_id = t.contract_id
                        AND e.subject_id = t.id AND e.name = 'milestone.taken_back'
                )
            )
            OFFSET 0  -- So that what it takes to find `first_at` is done once.
        ) f
    ) t
) m
WHERE m.funded > 0

-- reputation.contracts --
-- Contracts that have ended, and those that count. --
SELECT side, person, '' AS key, count(*) FILTER (WHERE status = 'ended') AS part,
    count(*) AS whole, count(DISTINCT other) AS people
FROM counted GROUP BY side, person

-- reputation.completion_rate --
-- Ended contracts in which everything was released, out of all in which something began. --
SELECT side, person, '' AS key, count(*) FILTER (WHERE NOT gave_back) AS part,
    count(*) AS whole, count(DISTINCT other) AS people
FROM counted WHERE side = 'freelancer' AND status = 'ended' AND begun GROUP BY side, person

-- reputation.on_time --
-- Milestones first submitted by an agreed due date, out of those submitted or past it. --
SELECT side, person, '' AS key, sum(in_time) AS part, sum(dated) AS whole,
    count(DISTINCT other) AS people
FROM counted WHERE side = 'freelancer' AND dated > 0 GROUP BY side, person

-- reputation.on_budget --
-- Completed contracts in which no more was released than their bid. --
SELECT side, person, '' AS key,
    count(*) FILTER (WHERE released <= (SELECT amount FROM bids b WHERE b.id = bid_id)) AS part,
    count(*) AS whole, count(DISTINCT other) AS people
FROM counted
WHERE side = 'freelancer' AND status = 'ended' AND begun AND NOT gave_back AND bid_id IS NOT NULL
GROUP BY side, person

-- reputation.repeat_hire --
-- Employers with more than one contract, out of all employers. --
SELECT side, person, '' AS key, count(*) FILTER (WHERE contracts > 1) AS part,
    count(*) AS whole, count(*) AS people
FROM (
    SELECT side, person, other, count(*) AS contracts
    FROM counted WHERE side = 'freelancer' GROUP BY side, person, other
) c
GROUP BY side, person

-- reputation.earnings --
-- What was released, by currency, and in how many contracts. --
SELECT side, person, coalesce(currency, '') AS key,
    CASE WHEN currency IS NULL THEN 0 ELSE sum(released) END AS part,
    count(*) AS whole, count(DISTINCT other) AS people
FROM counted WHERE side = 'freelancer' AND released > 0
GROUP BY GROUPING SETS ((side, person), (side, person, currency))

-- reputation.paid_up_front --
-- Milestones funded before anything was submitted in their contract, out of all. --
SELECT side, person, '' AS key, sum(up_front) AS part, sum(funded) AS whole,
    count(DISTINCT other) AS people
FROM counted WHERE side = 'employer' GROUP BY side, person

-- reputation.released_share --
-- The part of each milestone that has ended, in basis points, of which something was released. --
SELECT side, person, '' AS key, sum(released_bps) AS part, sum(done) AS whole,
    count(DISTINCT other) AS people
FROM counted WHERE side = 'employer' AND begun AND done > 0 GROUP BY side, person

-- reputation.disputes_per_100 --
-- Disputes, out of all milestones that were funded; nobody can open one yet. --
SELECT side, person, '' AS key, 0 AS part, sum(funded) AS whole, count(DISTINCT other) AS people
FROM counted WHERE side = 'employer' GROUP BY side, person

-- reputation.hours_to_decide --
-- Seconds from each submission to the next decision, the median of them; and what waits now. --
-- Where changes were never asked for, each milestone has one submission, and its row says when. --
SELECT side, person, '' AS key,
    percentile_disc(0.5) WITHIN GROUP (
        ORDER BY ceil(extract(epoch FROM decided_at - at)) DESC
    ) AS part,
    count(*) AS whole, count(DISTINCT other) AS people
FROM counted c
CROSS JOIN LATERAL (
    SELECT s.at, s.submits, min(s.at) FILTER (WHERE NOT s.submits) OVER (
        PARTITION BY s.milestone_id ORDER BY s.at
        RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS decided_at
    FROM (
        SELECT t.id AS milestone_id, t.submitted_at AS at, TRUE AS submits FROM milestones t
        WHERE NOT c.redone AND t.contract_id = c.id AND t.submitted_at IS NOT NULL
        UNION ALL
        SELECT t.milestone_id, t.created_at, t.about = 'submission' FROM messages t
        WHERE c.redone AND t.contract_id = c.id AND t.about IN ('submission', 'changes')
        UNION ALL
        SELECT t.milestone_id, t.created_at, FALSE FROM releases t WHERE t.contract_id = c.id
    ) s
) d
WHERE side = 'employer' AND begun AND submits AND decided_at IS NOT NULL
GROUP BY side, person
UNION ALL
SELECT side, person, 'waiting', sum(waiting), sum(waiting), count(DISTINCT other)
FROM counted WHERE side = 'employer' AND waiting > 0 GROUP BY side, person

-- reputation.reviews --
-- Reviews that everybody may see: their stars on each criterion, and on all together. --
SELECT c.side, c.person, given.key, sum(given.stars) AS part, count(*) AS whole,
    count(DISTINCT c.other) AS people
FROM counted c
JOIN reviews r ON r.contract_id = c.id AND r.reviewer_id = c.other
JOIN reviewed b ON b.contract_id = c.id
CROSS JOIN LATERAL (VALUES
    ('quality', r.quality), ('communication', r.communication), ('fairness', r.fairness),
    ('punctuality', r.punctuality), ('again', r.again),
    ('', r.quality + r.communication + r.fairness + r.punctuality + r.again)
) given (key, stars)
WHERE b.shown_at <= (SELECT now FROM moment)
GROUP BY c.side, c.person, given.key

-- reputation.employers_of --
-- Who paid in each of these contracts. --
SELECT id, employer_id FROM contracts WHERE id = ANY($1::bigint[])

-- reputation.months --
-- How many milestones of a person ended with a release, on each side and in each of twelve --
-- months up to the present one. --
WITH months AS (
    SELECT month::timestamptz FROM date_trunc('month',
        (SELECT clock_timestamp() + clock_offset FROM site)) AS present,
        generate_series(present - interval '11 months', present, '1 month') AS month
)
SELECT s.side, s.month, count(m.updated_at) AS released
FROM (SELECT * FROM (VALUES ('freelancer'), ('employer')) sides (side), months) s
LEFT JOIN (
    SELECT 'freelancer' AS side, updated_at FROM milestones
    WHERE freelancer_id = $1 AND status = 'released'
    UNION ALL
    SELECT 'employer', updated_at FROM milestones WHERE employer_id = $1 AND status = 'released'
) m ON m.side = s.side AND date_trunc('month', m.updated_at) = s.month
GROUP BY s.side, s.month ORDER BY s.side, s.month
