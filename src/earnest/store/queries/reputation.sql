-- reputation.together --
-- Figures of people, of these as freelancers ($1) and of those as employers ($2). The contracts --
-- that count are looked at once; then each figure counts in them. --
WITH moment AS MATERIALIZED ({moment}),
counted AS MATERIALIZED ({counted})
{figures}

-- reputation.moment --
-- What time it is. --
SELECT clock_timestamp() + clock_offset AS now FROM site

-- reputation.counted --
-- A line for each contract that counts: both sides accepted it, and something was funded in it. --
-- What was counted before is taken where nothing has happened since, and no date has passed. --
SELECT c.*, m.*
FROM (
    SELECT 'freelancer' AS side, freelancer_id AS person, employer_id AS other,
        id, seq, status, bid_id, currency
    FROM contracts WHERE freelancer_id = ANY($1::bigint[]) AND status IN ('active', 'ended')
    UNION ALL
    SELECT 'employer', employer_id, freelancer_id, id, seq, status, bid_id, currency
    FROM contracts WHERE employer_id = ANY($2::bigint[]) AND status IN ('active', 'ended')
) c
LEFT JOIN contract_counts k ON k.contract_id = c.id AND k.seq = c.seq
    AND (SELECT now FROM moment) BETWEEN k.counted_at AND k.good_until
CROSS JOIN LATERAL (
    SELECT k.funded, k.waiting, k.begun, k.gave_back, k.released, k.done, k.released_bps,
        k.up_front, k.dated, k.in_time, k.decided
    WHERE k.contract_id IS NOT NULL
    UNION ALL
    SELECT m.funded, m.waiting, m.begun, m.gave_back, m.released, m.done, m.released_bps,
        m.up_front, m.dated, m.in_time, m.decided
    FROM ({milestones}) m WHERE k.contract_id IS NULL
) m
WHERE m.funded > 0

-- reputation.milestones --
-- What the milestones of contract `c` add up to at `moment`, and until when they do if nothing --
-- happens. What the employer took back before it was accepted counts nowhere. --
SELECT count(*) AS funded,
    count(*) FILTER (WHERE t.status = 'submitted') AS waiting,
    coalesce(bool_or(t.first_at IS NOT NULL OR t.released > 0), FALSE) AS begun,
    coalesce(bool_or(t.returned > 0), FALSE) AS gave_back,
    coalesce(sum(t.released), 0) AS released,
    count(*) FILTER (WHERE t.done) AS done,
    coalesce(sum(div(t.released::numeric * 10000, t.amount)) FILTER (WHERE t.done), 0)
        AS released_bps,
    count(*) FILTER (WHERE t.funded_at <= t.began_at OR t.began_at IS NULL) AS up_front,
    count(*) FILTER (WHERE t.dated) AS dated,
    count(*) FILTER (WHERE t.dated AND t.first_at <= t.due_at) AS in_time,
    coalesce(min(t.due_at) FILTER (WHERE t.may_be_late), 'infinity') AS good_until,
    ARRAY(
        SELECT ceil(extract(epoch FROM d.decided_at - d.at))::bigint
        FROM ({decisions}) d WHERE d.submits AND d.decided_at IS NOT NULL
    ) AS decided
FROM (
    SELECT f.*, min(f.first_at) OVER () AS began_at,
        f.agreed_at IS NOT NULL AND (
            f.first_at IS NOT NULL
            OR f.due_at < CASE WHEN f.done THEN f.updated_at ELSE (SELECT now FROM moment) END
        ) AS dated,
        f.agreed_at IS NOT NULL AND f.first_at IS NULL AND NOT f.done
            AND f.due_at >= (SELECT now FROM moment) AS may_be_late
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

-- reputation.decisions --
-- What was handed in in contract `c`, what decided upon it, and for each when the next decision --
-- came. Where changes were never asked for, each milestone has one submission, and its row says --
-- when. --
SELECT s.at, s.submits, min(s.at) FILTER (WHERE NOT s.submits) OVER (
    PARTITION BY s.milestone_id ORDER BY s.at
    RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
) AS decided_at
FROM (SELECT EXISTS (SELECT FROM milestones WHERE contract_id = c.id AND rounds > 0) AS any) redone
CROSS JOIN LATERAL (
    SELECT t.id AS milestone_id, t.submitted_at AS at, TRUE AS submits FROM milestones t
    WHERE NOT redone.any AND t.contract_id = c.id AND t.submitted_at IS NOT NULL
    UNION ALL
    SELECT t.milestone_id, t.created_at, t.about = 'submission' FROM messages t
    WHERE redone.any AND t.contract_id = c.id AND t.about IN ('submission', 'changes')
    UNION ALL
    SELECT t.milestone_id, t.created_at, FALSE FROM releases t WHERE t.contract_id = c.id
) s

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
-- Disputes, out of all milestones that were funded, whoever opened them. --
SELECT side, person, '' AS key,
    (SELECT count(*) FROM disputes d WHERE d.employer_id = person) AS part,
    sum(funded) AS whole, count(DISTINCT other) AS people
FROM counted WHERE side = 'employer' GROUP BY side, person

-- reputation.hours_to_decide --
-- Seconds from each submission to the next decision, the median of them; and what waits now. --
SELECT side, person, '' AS key, percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds DESC) AS part,
    count(*) AS whole, count(DISTINCT other) AS people
FROM counted CROSS JOIN LATERAL unnest(decided) AS seconds
WHERE side = 'employer' GROUP BY side, person
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
), paid AS (
    SELECT 'freelancer' AS side, date_trunc('month', updated_at) AS month, count(*) AS released
    FROM milestones
    WHERE freelancer_id = $1 AND status = 'released'
        AND updated_at >= (SELECT min(month) FROM months)
    GROUP BY 2
    UNION ALL
    SELECT 'employer', date_trunc('month', updated_at), count(*) FROM milestones
    WHERE employer_id = $1 AND status = 'released'
        AND updated_at >= (SELECT min(month) FROM months)
    GROUP BY 2
)
SELECT s.side, s.month, coalesce(p.released, 0) AS released
FROM (SELECT * FROM (VALUES ('freelancer'), ('employer')) sides (side), months) s
LEFT JOIN paid p ON p.side = s.side AND p.month = s.month
ORDER BY s.side, s.month
